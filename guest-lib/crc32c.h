/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* CRC-32C (Castagnoli), as in iSCSI and ext4; by the CPU's instruction where it has one. */
#ifndef HPCAP_CRC32C_H
#define HPCAP_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* @crc is 0 to begin with, or what the bytes before gave. Any thread. */
uint32_t hpcap_crc32c(uint32_t crc, const void *data, size_t size);

#endif /* HPCAP_CRC32C_H */
