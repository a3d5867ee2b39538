/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command says: one line for an error, JSON for programs. */
#ifndef MSG_H
#define MSG_H

#include <stdbool.h>
#include <json-c/json.h>

#define MSG_SCHEMA 1 /* of all JSON output; grows when a key changes meaning */

/* Exit status of every command. */
enum exit_code {
	EXIT_OK,
	EXIT_FAILED,
	EXIT_USAGE,
	EXIT_REFUSED,	    /* allowed to nobody, or not while something else holds */
	EXIT_NO_RESOURCES,  /* no free VF, page, core, address, rule */
	EXIT_NOT_SUPPORTED, /* this hardware or driver cannot */
	EXIT_PARTIAL,
	EXIT_TIMEOUT,
};

/**
 * msg_setup() - how to speak from now on
 * @command: words of the command, begins each error line; NULL before it is known
 * @json: print JSON on stdout, errors included
 */
void msg_setup(const char *command, bool json);

/* Whether results go out as JSON. */
bool msg_wants_json(void);

/**
 * msg_fail() - one line to stderr, "hpcapctl: COMMAND: ..."; with --json the same as an object
 * @code: what the program shall end with
 * Return: @code.
 */
__attribute__((format(printf, 2, 3))) int msg_fail(enum exit_code code, const char *fmt, ...);

/* Something worth a line on stderr that does not end the command. */
__attribute__((format(printf, 1, 2))) void msg_note(const char *fmt, ...);

/* How far long work is: one line that is written over, and on a terminal only. */
__attribute__((format(printf, 1, 2))) void msg_progress(const char *fmt, ...);

/**
 * msg_print() - a result to stdout as JSON, schema_version first
 * @name: key of @value
 * @value: taken over
 */
void msg_print(const char *name, struct json_object *value);

/**
 * msg_end() - the command is over
 * @command: its words
 * With --json, one that printed no result prints what it said, as "done".
 * Return: @status.
 */
int msg_end(const char *command, int status);

/* Commands within a command: results go into *@into from now on; NULL: to stdout again. */
void msg_divert(struct json_object **into);

/* Exit status that tells a negative errno. */
enum exit_code msg_code(int err);

#endif /* MSG_H */
