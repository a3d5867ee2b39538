// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command says. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "msg.h"

static const char *const code_names[] = {
	[EXIT_OK] = "ok",
	[EXIT_FAILED] = "failed",
	[EXIT_USAGE] = "usage",
	[EXIT_REFUSED] = "refused",
	[EXIT_NO_RESOURCES] = "no-resources",
	[EXIT_NOT_SUPPORTED] = "not-supported",
	[EXIT_PARTIAL] = "partial",
	[EXIT_TIMEOUT] = "timeout",
};

static const char *command_words;
static bool as_json;

void msg_setup(const char *command, bool json)
{
	command_words = command;
	as_json = json;
}

bool msg_wants_json(void)
{
	return as_json;
}

void msg_print(const char *name, struct json_object *value)
{
	struct json_object *top = json_object_new_object();

	json_object_object_add(top, "schema_version", json_object_new_int(MSG_SCHEMA));
	json_object_object_add(top, name, value);
	puts(json_object_to_json_string_ext(top, JSON_C_TO_STRING_PRETTY |
							 JSON_C_TO_STRING_SPACED |
							 JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(top);
}

int msg_fail(enum exit_code code, const char *fmt, ...)
{
	struct json_object *error;
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	fflush(stdout);
	fprintf(stderr, "hpcapctl: %s%s%s\n", command_words ? command_words : "",
		command_words ? ": " : "", text ? text : "out of memory");
	if (as_json) {
		error = json_object_new_object();
		json_object_object_add(error, "code", json_object_new_string(code_names[code]));
		json_object_object_add(error, "exit_status", json_object_new_int(code));
		json_object_object_add(error, "message",
				       json_object_new_string(text ? text : "out of memory"));
		msg_print("error", error);
	}
	free(text);
	return code;
}

void msg_note(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("hpcapctl: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

enum exit_code msg_code(int err)
{
	switch (-err) {
	case 0:
		return EXIT_OK;
	case EPERM:
	case EACCES:
	case EBUSY:
	case EEXIST:
		return EXIT_REFUSED;
	case ENOSPC:
	case ENOMEM:
	case EUSERS:
		return EXIT_NO_RESOURCES;
	case EOPNOTSUPP:
	case ENOSYS:
		return EXIT_NOT_SUPPORTED;
	case ETIMEDOUT:
	case ETIME:
		return EXIT_TIMEOUT;
	default:
		return EXIT_FAILED;
	}
}
