/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Kernel facilities that hw/ and the pure driver files may use. Its twin
 * tests/shim/hw_env.h carries the same include guard and is read first by
 * unit tests, which thereby see every register access and every sleep.
 */
#ifndef HW_ENV_H
#define HW_ENV_H

#include <linux/atomic.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/barrier.h>
#include <asm/byteorder.h>

#endif /* HW_ENV_H */
