// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command says. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
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
static bool has_result;
static bool on_a_line; /* the last word of msg_progress() stands on the terminal */
static struct json_object *notes;
static struct json_object **diverted;

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

	has_result = true;
	if (diverted) {
		json_object_object_add(top, name, value);
		json_object_put(*diverted);
		*diverted = top;
		return;
	}
	json_object_object_add(top, "schema_version", json_object_new_int(MSG_SCHEMA));
	json_object_object_add(top, name, value);
	puts(json_object_to_json_string_ext(top, JSON_C_TO_STRING_PRETTY |
							 JSON_C_TO_STRING_SPACED |
							 JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(top);
}

void msg_divert(struct json_object **into)
{
	diverted = into;
}

int msg_end(const char *command, int status)
{
	struct json_object *o;

	if (as_json && !has_result) {
		o = json_object_new_object();
		json_object_object_add(o, "command", json_object_new_string(command));
		json_object_object_add(o, "exit_status", json_object_new_int(status));
		json_object_object_add(o, "notes", notes ? notes : json_object_new_array());
		notes = NULL;
		msg_print("done", o);
	}
	json_object_put(notes);
	notes = NULL;
	has_result = false;
	return status;
}

/* Whoever writes to stderr begins a line of its own. */
static void end_progress(void)
{
	if (on_a_line)
		fputs("\r\033[K", stderr);
	on_a_line = false;
}

void msg_progress(const char *fmt, ...)
{
	const char *term = getenv("TERM");
	va_list ap;

	if (!isatty(STDERR_FILENO) || !term || !strcmp(term, "dumb"))
		return;
	fputs("\r\033[Khpcapctl: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fflush(stderr);
	on_a_line = true;
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
	end_progress();
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
	char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	va_end(ap);
	end_progress();
	fprintf(stderr, "hpcapctl: %s\n", text ? text : "out of memory");
	if (as_json && text) {
		if (!notes)
			notes = json_object_new_array();
		json_object_array_add(notes, json_object_new_string(text));
	}
	free(text);
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
