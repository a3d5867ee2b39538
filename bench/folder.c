// SPDX-License-Identifier: GPL-2.0-or-later
/* A folder of results: what bench/run left there, and what it says as JSON. */
#include "tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	FILE_MAX = 64 << 20,
};

/**
 * tally_file() - All of a text file
 * @path: file
 *
 * Return: text to be freed, or NULL after an error message.
 */
char *tally_file(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = NULL;
	size_t n = 0;
	long size;

	if (!f) {
		tally_error("%s: %s", path, strerror(errno));
		return NULL;
	}
	if (!fseek(f, 0, SEEK_END)) {
		size = ftell(f);
		rewind(f);
		text = size >= 0 && size < FILE_MAX ? calloc(1, (size_t)size + 1) : NULL;
		n = text ? fread(text, 1, (size_t)size, f) : 0;
	}
	if (!text)
		tally_error("%s: cannot be read whole", path);
	else
		text[n] = '\0';
	fclose(f);
	return text;
}

/**
 * tally_open() - Read a folder of results
 * @r: filled in; to be given back by tally_close()
 * @dir: folder, as bench/run --out names it
 *
 * Return: false after an error message.
 */
bool tally_open(struct tally_run *r, const char *dir)
{
	char path[TALLY_PATH];

	*r = (struct tally_run){.dir = dir};
	snprintf(path, sizeof(path), "%s/results.tsv", dir);
	if (!rows_read(&r->rows, path)) {
		tally_error("%s", r->rows.error);
		return false;
	}
	snprintf(path, sizeof(path), "%s/cases.cfg", dir);
	if (!cases_read(&r->cases, path)) {
		tally_error("%s", r->cases.error);
		tally_close(r);
		return false;
	}
	snprintf(path, sizeof(path), "%s/machine.txt", dir);
	r->machine = tally_file(path);
	if (!r->machine)
		tally_close(r);
	return r->machine != NULL;
}

/**
 * tally_close() - Give back what tally_open() made
 * @r: of tally_open()
 */
void tally_close(struct tally_run *r)
{
	rows_free(&r->rows);
	cases_free(&r->cases);
	free(r->machine);
	r->machine = NULL;
}

/**
 * tally_machine() - One line of the machine's description
 * @r: open folder
 * @key: first word of the line
 * @value: filled in with the rest; "" when there is none
 * @size: of @value
 *
 * Return: true when the line is there.
 */
bool tally_machine(const struct tally_run *r, const char *key, char *value, size_t size)
{
	size_t len = strlen(key);

	*value = '\0';
	for (const char *line = r->machine; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) || line[len] != ' ')
			continue;
		snprintf(value, size, "%.*s", (int)strcspn(line + len + 1, "\n"),
			 line + len + 1);
		return true;
	}
	return false;
}

/**
 * tally_more_is_better() - Which way is up for this metric?
 * @metric: name of it
 *
 * Return: true for rates and shares that arrive.
 */
bool tally_more_is_better(const char *metric)
{
	static const char *const up[] = {"captured",	 "stored", "rate", "frames_per_s",
					 "ratio_to_fio", "speed",  "tpr",  "MB/s"};

	for (size_t i = 0; i < sizeof(up) / sizeof(*up); i++)
		if (strstr(metric, up[i]))
			return true;
	return false;
}

/**
 * tally_says_nothing() - Is a change of this metric neither good nor bad?
 * @metric: name of it
 *
 * Return: true for what was offered, and for rows that hold a reason.
 */
bool tally_says_nothing(const char *metric)
{
	return !strcmp(metric, "offered") || !strcmp(metric, "cell") ||
	       !strcmp(metric, "nic") || !strcmp(metric, "captured") ||
	       !strcmp(metric, "stored") || !strcmp(metric, "loss_at_rate");
}

/**
 * tally_json_text() - Text as a JSON string with its quotes
 * @f: where to
 * @text: any
 */
void tally_json_text(FILE *f, const char *text)
{
	fputc('"', f);
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			fprintf(f, "\\%c", c);
		else if (c < 0x20)
			fprintf(f, "\\u%04x", c);
		else
			fputc(c, f);
	}
	fputc('"', f);
}

static void json_machine(const char *line)
{
	const char *sep = "";

	printf("\"machine\":{");
	while (line && *line) {
		char key[64], value[512];
		size_t all = strcspn(line, "\n"), len = strcspn(line, " \n");

		if (len < all) {
			snprintf(key, sizeof(key), "%.*s", (int)len, line);
			snprintf(value, sizeof(value), "%.*s", (int)(all - len - 1),
				 line + len + 1);
			printf("%s", sep);
			tally_json_text(stdout, key);
			printf(":");
			tally_json_text(stdout, value);
			sep = ",";
		}
		line += all + (line[all] == '\n');
	}
	printf("}");
}

static void json_figure(const struct figure *f)
{
	const struct row *r = f->first;

	printf("{\"case\":");
	tally_json_text(stdout, r->name);
	printf(",\"metric\":");
	tally_json_text(stdout, r->metric);
	printf(",\"unit\":");
	tally_json_text(stdout, r->unit);
	printf(",\"n\":%zu", f->sum.n);
	if (f->sum.n)
		printf(",\"min\":%.9g,\"median\":%.9g,\"max\":%.9g,\"mean\":%.9g", f->sum.min,
		       f->sum.median, f->sum.max, f->sum.mean);
	if (f->sum.half >= 0)
		printf(",\"ci95\":[%.9g,%.9g]", f->sum.mean - f->sum.half,
		       f->sum.mean + f->sum.half);
	if (*f->note) {
		printf(",\"note\":");
		tally_json_text(stdout, f->note);
	}
	printf(",\"rows\":[");
	for (const char *p = f->lines; *p; p++)
		putchar(*p == ' ' ? ',' : *p);
	printf("]}");
}

/**
 * tally_json() - A folder of results as JSON on stdout
 * @argc: of the verb
 * @argv: DIR
 *
 * Return: exit status.
 */
int tally_json(int argc, char **argv)
{
	struct tally_run r;
	const char *sep = "";

	if (argc != 2)
		return tally_misuse("json: wanted a folder of results");
	if (!tally_open(&r, argv[1]))
		return TALLY_FAILED;
	printf("{\"schema_version\":%d,", TALLY_SCHEMA);
	json_machine(r.machine);
	printf(",\"figures\":[");
	for (size_t i = 0; i < r.rows.nr; i++) {
		struct figure f;

		if (!row_is_first(&r.rows, i))
			continue;
		rows_figure(&r.rows, r.rows.all[i].name, r.rows.all[i].metric, TALLY_CONFIDENCE,
			    &f);
		printf("%s\n", sep);
		json_figure(&f);
		sep = ",";
	}
	printf("]}\n");
	tally_close(&r);
	return TALLY_OK;
}
