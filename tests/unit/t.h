/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every cmocka program needs, in the order cmocka wants it. */
#ifndef UNIT_T_H
#define UNIT_T_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif /* UNIT_T_H */
