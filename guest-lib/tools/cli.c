// SPDX-License-Identifier: GPL-2.0-or-later
/* What the programs share. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "cli.h"

static volatile sig_atomic_t stopped;

void cli_error(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
}

int cli_misuse(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, fmt, ap);
	fprintf(stderr, " (see --help)\n");
	va_end(ap);
	return CLI_USAGE;
}

int cli_bad_value(const struct option *options, int opt, const char *value)
{
	while (options->name && options->val != opt)
		options++;
	return cli_misuse("--%s: bad value: %s", options->name ? options->name : "", value);
}

int cli_version(const char *program)
{
	printf("%s (hpcap) %s\n", program, HPCAP_VERSION);
	return CLI_OK;
}

bool cli_number(const char *text, uint64_t max, uint64_t *out)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	return !errno && !*end && *out <= max;
}

bool cli_size(const char *text, uint64_t *out)
{
	static const char units[] = "KMGT";
	const char *unit;
	char *end;
	int shift = 0;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*out = strtoull(text, &end, 10);
	if (errno)
		return false;
	unit = *end ? strchr(units, *end) : NULL;
	if (unit) {
		shift = 10 * (int)(unit - units + 1);
		end++;
	}
	if (*end || *out > UINT64_MAX >> shift)
		return false;
	*out <<= shift;
	return true;
}

static void on_signal(int sig)
{
	(void)sig;
	stopped = 1;
}

void cli_catch_signals(void)
{
	const struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND};

	stopped = 0;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

bool cli_stopped(void)
{
	return stopped;
}

int64_t cli_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * CLI_NSEC + t.tv_nsec;
}

/* Bytes of the UTF-8 character at s, 0 when there is none. */
static int utf8_len(const unsigned char *s)
{
	int n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	int i;

	if (s[0] > 0xf4)
		return 0;
	for (i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

void cli_json_text(FILE *f, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	fputc('"', f);
	while (*s) {
		int n = utf8_len(s);

		if (n == 0)
			fputc('?', f);
		else if (*s == '"' || *s == '\\')
			fprintf(f, "\\%c", *s);
		else if (*s < 0x20)
			fprintf(f, "\\u%04x", *s);
		else
			fwrite(s, 1, (size_t)n, f);
		s += n ? n : 1;
	}
	fputc('"', f);
}

struct cli_time cli_utc(uint32_t sec, uint32_t nsec)
{
	const time_t t = sec;
	struct cli_time out;
	struct tm tm;
	size_t n;

	gmtime_r(&t, &tm);
	n = strftime(out.text, sizeof(out.text), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out.text + n, sizeof(out.text) - n, ".%09uZ", nsec);
	return out;
}
