/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options of a queue as rows of tables. A new option is a row in the file
 * of its subject (ctl_<subject>.c); a new subject is a line in ctl.c.
 */
#ifndef CTL_H
#define CTL_H

#include <hpcap.h>

/* What a row's set() returns when the text is no value at all. */
#define CTL_BAD_TEXT 1
/* ... or when it has told already what is wrong. */
#define CTL_TOLD 2

enum {
	CTL_TEXT_MAX = 512
};

enum ctl_kind {
	CTL_NUMBER, /* without unit; in JSON a number */
	CTL_SIGNED,
	CTL_BYTES, /* in text with K, M or G when it is whole */
	CTL_TEXT,
};

/**
 * struct ctl_value - what an option is now
 * @kind: which of the others counts
 * @number: CTL_NUMBER, CTL_BYTES
 * @sign: CTL_SIGNED
 * @text: CTL_TEXT, zero-terminated
 */
struct ctl_value {
	enum ctl_kind kind;
	uint64_t number;
	int64_t sign;
	char text[CTL_TEXT_MAX];
};

/**
 * struct ctl_option - one row
 * @name: as on the command line and in JSON, words joined by '-'
 * @values: what it takes, in one line, ranges included
 * @help: what it does, in one line
 * @get: the value now; 0 or a negative errno (-ENOTTY: the driver has it not)
 * @set: change it; NULL when it can only be shown. 0, a negative errno,
 *       CTL_BAD_TEXT or CTL_TOLD. The handle is open for control
 */
struct ctl_option {
	const char *name;
	const char *values;
	const char *help;
	int (*get)(const struct hpcap_handle *h, struct ctl_value *v);
	int (*set)(struct hpcap_handle *h, const char *text);
};

/* A table ends with a row without a name. */
extern const struct ctl_option ctl_queue[];
extern const struct ctl_option ctl_buffer[];
extern const struct ctl_option ctl_keep[];
extern const struct ctl_option ctl_time[];
extern const struct ctl_option ctl_dup[];

#endif /* CTL_H */
