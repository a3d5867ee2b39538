/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Access control services: whether a PCIe port keeps what is below it apart. Pure. */
#ifndef ACS_H
#define ACS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ACS_CONFIG = 4096, /* bytes of a function's configuration space */
	ACS_NAMES = 96,
};

/* Bits of capability and control register. Ref: PCI Express, ACS extended capability */
enum acs_bit {
	ACS_SOURCE_VALIDATION = 0x01,
	ACS_REQUEST_REDIRECT = 0x04,
	ACS_COMPLETION_REDIRECT = 0x08,
	ACS_UPSTREAM_FORWARDING = 0x10,
};

enum acs_kind {
	ACS_ENDPOINT,
	ACS_ROOT_PORT,
	ACS_UPSTREAM_PORT,
	ACS_DOWNSTREAM_PORT,
	ACS_CONVENTIONAL, /* a bridge with a bus of PCI or PCI-X, or no PCIe at all */
};

/**
 * struct acs - what configuration space says of a function
 * @known: there was enough to read; nothing else is valid without
 * @kind: what it is
 * @first_bus: bridges: number of the bus below
 * @last_bus: bridges: highest number below, 0 for none
 * @many: one of several functions
 * @has: it has the capability
 * @can: enum acs_bit of its capability register
 * @on: enum acs_bit of its control register
 */
struct acs {
	bool known;
	enum acs_kind kind;
	unsigned int first_bus;
	unsigned int last_bus;
	bool many;
	bool has;
	unsigned int can;
	unsigned int on;
};

/**
 * acs_read() - read a function's configuration space
 * @config: its bytes
 * @size: how many could be read; users other than root get 64, which do not tell
 * @out: filled
 */
void acs_read(const uint8_t *config, size_t size, struct acs *out);

/**
 * acs_missing() - what the kernel wants of such a function before it calls those below
 *	or beside it separated
 * Return: enum acs_bit: all wanted ones when it has no ACS; those that it can and does
 * not do; 0 when nothing is missing or nothing is wanted.
 */
unsigned int acs_missing(const struct acs *a);

/* "source validation, request redirect" */
void acs_names(unsigned int bits, char out[ACS_NAMES]);

/* "root port" */
const char *acs_kind_name(enum acs_kind kind);

#endif /* ACS_H */
