// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A block of cases.cfg is a name in brackets and lines "key = words". A key that may
 * have several values and lists several makes a case of each; "except = key=value
 * ... : reason" puts a reason into the cases that have all these values.
 */
#include "cases.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	EXCEPTS = 24,
	LINE = 512,
	CASES_MAX = 2000,
};

/**
 * struct known_key - a key that a block may have
 * @name: it
 * @axis: several values make several cases
 * @values: the words it may have, between blanks; NULL: any
 */
struct known_key {
	const char *name;
	bool axis;
	const char *values;
};

static const struct known_key known[] = {
	{"where", false, " native lab hosts "},
	{"modes", false, " quick full "},
	{"network", true, " host pf vf virtio e1000e "},
	{"engine", true, " tcpdump tpacket xdp dpdk hpcap "},
	{"generator", true, " igb hpcap_pf "},
	{"storage", true, " none disk raid virtio "},
	{"vfs", true, " 1 2 3 4 5 6 7 "},
	{"tenants", true, " 0 1 2 3 "},
	{"node", true, " 0 1 "},
	{"frames", true, NULL},
	{"gaps", true, " even own "},
	{"program", true, " core timestamps duplicates groups storage extract "},
	{"quickly", false, NULL},
	{"fully", false, NULL},
	{"from", false, NULL},
	{"to", false, NULL},
	{"pps", false, NULL},
	{"loss", false, NULL},
	{"reason", false, NULL},
	{"about", false, NULL},
};

/**
 * struct block - what stands between two names in brackets
 * @name: in brackets
 * @nr: keys
 * @keys: they
 * @nr_except: exceptions
 * @except: they, as written
 */
struct block {
	char name[CASE_KEY * 2];
	size_t nr;
	struct case_key keys[CASE_KEYS];
	size_t nr_except;
	char except[EXCEPTS][CASE_VALUE * 2];
};

/**
 * struct reader - the file being read
 * @list: what comes out
 * @path: for errors
 * @line: number, from 1
 * @block: the block being read, without a name before the first
 */
struct reader {
	struct case_list *list;
	const char *path;
	int line;
	struct block block;
};

static bool wrong(struct reader *r, const char *what, const char *word)
{
	snprintf(r->list->error, sizeof(r->list->error), "%s:%d: %s \"%.60s\"", r->path,
		 r->line, what, word);
	return false;
}

static const struct known_key *known_key(const char *name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (!strcmp(known[i].name, name))
			return &known[i];
	return NULL;
}

/* The nth word of text, from 0, into word; false when there are not so many. */
static bool nth_word(const char *text, size_t n, char *word, size_t size)
{
	for (;; n--) {
		size_t len;

		text += strspn(text, " \t");
		len = strcspn(text, " \t");
		if (!len)
			return false;
		if (!n) {
			snprintf(word, size, "%.*s", (int)len, text);
			return true;
		}
		text += len;
	}
}

static size_t nr_words(const char *text)
{
	char word[CASE_VALUE];
	size_t n = 0;

	while (nth_word(text, n, word, sizeof(word)))
		n++;
	return n;
}

static bool in_words(const char *words, const char *word)
{
	char padded[CASE_VALUE + 2], all[2 * CASE_VALUE];

	snprintf(padded, sizeof(padded), " %s ", word);
	snprintf(all, sizeof(all), " %s ", words);
	return strstr(all, padded) != NULL;
}

/**
 * case_value() - One setting
 * @c: case
 * @key: its name
 *
 * Return: the value; "" when the case has none.
 */
const char *case_value(const struct bench_case *c, const char *key)
{
	for (size_t i = 0; i < c->nr; i++)
		if (!strcmp(c->keys[i].key, key))
			return c->keys[i].value;
	return "";
}

/**
 * case_has_word() - Is this among the words of a setting?
 * @c: case
 * @key: name of the setting
 * @word: wanted
 *
 * Return: true when it is.
 */
bool case_has_word(const struct bench_case *c, const char *key, const char *word)
{
	return in_words(case_value(c, key), word);
}

/* "key=value key=value : reason": the reason, when the case has all of them. */
static const char *excepted(const struct bench_case *c, const char *except)
{
	const char *colon = strstr(except, " : ");
	char part[CASE_VALUE];

	for (size_t n = 0; nth_word(except, n, part, sizeof(part)) && strcmp(part, ":"); n++) {
		char *value = strchr(part, '=');

		*value++ = '\0';
		if (strcmp(case_value(c, part), value) != 0)
			return NULL;
	}
	return colon + 3;
}

static bool add_case(struct reader *r, const struct bench_case *c)
{
	struct case_list *l = r->list;
	struct bench_case *all;

	if (l->nr >= CASES_MAX)
		return wrong(r, "too many cases in block", r->block.name);
	all = realloc(l->all, (l->nr + 1) * sizeof(*all));
	if (!all)
		return wrong(r, "out of memory at", r->block.name);
	l->all = all;
	l->all[l->nr++] = *c;
	return true;
}

/* Case n of the block: the axes are the digits of n, the last one turns fastest. */
static bool make_case(struct reader *r, size_t n)
{
	const struct block *b = &r->block;
	struct bench_case c = {.nr = b->nr};
	size_t digit[CASE_KEYS] = {0};

	for (size_t i = b->nr; i-- > 0;) {
		if (!known_key(b->keys[i].key)->axis)
			continue;
		digit[i] = n % nr_words(b->keys[i].value);
		n /= nr_words(b->keys[i].value);
	}
	snprintf(c.name, sizeof(c.name), "%s", b->name);
	for (size_t i = 0; i < b->nr; i++) {
		c.keys[i] = b->keys[i];
		if (!known_key(b->keys[i].key)->axis || nr_words(b->keys[i].value) < 2)
			continue;
		nth_word(b->keys[i].value, digit[i], c.keys[i].value, CASE_VALUE);
		snprintf(c.name + strlen(c.name), sizeof(c.name) - strlen(c.name), ".%s",
			 c.keys[i].value);
	}
	snprintf(c.reason, sizeof(c.reason), "%s", case_value(&c, "reason"));
	for (size_t i = 0; i < b->nr_except && !*c.reason; i++) {
		const char *reason = excepted(&c, b->except[i]);

		if (reason)
			snprintf(c.reason, sizeof(c.reason), "%s", reason);
	}
	return add_case(r, &c);
}

static bool end_block(struct reader *r)
{
	size_t n = 1;

	if (!*r->block.name)
		return true;
	for (size_t i = 0; i < r->block.nr; i++)
		if (known_key(r->block.keys[i].key)->axis)
			n *= nr_words(r->block.keys[i].value);
	for (size_t i = 0; i < n; i++)
		if (!make_case(r, i))
			return false;
	return true;
}

static bool start_block(struct reader *r, char *line)
{
	char *end = strchr(line, ']');

	if (!end || end[1] || end == line + 1)
		return wrong(r, "wanted [NAME], not", line);
	*end = '\0';
	if (!end_block(r))
		return false;
	r->block = (struct block){0};
	snprintf(r->block.name, sizeof(r->block.name), "%s", line + 1);
	for (size_t i = 0; i < r->list->nr; i++) {
		size_t len = strlen(r->block.name);

		if (!strncmp(r->list->all[i].name, r->block.name, len) &&
		    (!r->list->all[i].name[len] || r->list->all[i].name[len] == '.'))
			return wrong(r, "a second block", r->block.name);
	}
	return true;
}

static bool take_except(struct reader *r, const char *value)
{
	char part[CASE_VALUE];
	size_t n = 0;

	if (r->block.nr_except == EXCEPTS)
		return wrong(r, "too many exceptions in", r->block.name);
	if (!strstr(value, " : "))
		return wrong(r, "wanted except = key=value... : reason, not", value);
	while (nth_word(value, n, part, sizeof(part)) && strcmp(part, ":") != 0) {
		if (!strchr(part, '='))
			return wrong(r, "wanted key=value, not", part);
		n++;
	}
	snprintf(r->block.except[r->block.nr_except++], sizeof(r->block.except[0]), "%s",
		 value);
	return true;
}

static bool take_key(struct reader *r, const char *key, const char *value)
{
	const struct known_key *k = known_key(key);
	struct block *b = &r->block;
	char word[CASE_VALUE];

	if (!*b->name)
		return wrong(r, "before the first [NAME]:", key);
	if (!*value)
		return wrong(r, "no value for", key);
	if (!strcmp(key, "except"))
		return take_except(r, value);
	if (!k)
		return wrong(r, "unknown key", key);
	for (size_t n = 0; k->values && nth_word(value, n, word, sizeof(word)); n++)
		if (!in_words(k->values, word))
			return wrong(r, "unknown value", word);
	for (size_t i = 0; i < b->nr; i++)
		if (!strcmp(b->keys[i].key, key))
			return wrong(r, "a second time", key);
	if (b->nr == CASE_KEYS || strlen(value) >= CASE_VALUE)
		return wrong(r, "too much in", key);
	snprintf(b->keys[b->nr].key, CASE_KEY, "%s", key);
	snprintf(b->keys[b->nr++].value, CASE_VALUE, "%s", value);
	return true;
}

static bool take_line(struct reader *r, char *line)
{
	char *value, *end;

	line[strcspn(line, "#\n")] = '\0';
	line += strspn(line, " \t");
	for (end = line + strlen(line); end > line && isspace((unsigned char)end[-1]);)
		*--end = '\0';
	if (!*line)
		return true;
	if (*line == '[')
		return start_block(r, line);
	value = strchr(line, '=');
	if (!value)
		return wrong(r, "wanted key = value, not", line);
	for (end = value; end > line && isspace((unsigned char)end[-1]);)
		end--;
	*value++ = '\0';
	*end = '\0';
	return take_key(r, line, value + strspn(value, " \t"));
}

/**
 * cases_read() - Read a file of cases
 * @list: filled in; to be given back by cases_free()
 * @path: file
 *
 * Return: false with @list->error, which names file and line.
 */
bool cases_read(struct case_list *list, const char *path)
{
	struct reader r = {.list = list, .path = path};
	char line[LINE];
	bool good = true;
	FILE *f = fopen(path, "r");

	*list = (struct case_list){0};
	if (!f) {
		snprintf(list->error, sizeof(list->error), "%s: %s", path, strerror(errno));
		return false;
	}
	while (good && fgets(line, sizeof(line), f)) {
		r.line++;
		good = strchr(line, '\n') || feof(f) ? take_line(&r, line)
						     : wrong(&r, "a line too long:", line);
	}
	fclose(f);
	good = good && end_block(&r);
	if (good && !list->nr)
		good = wrong(&r, "no cases in", path);
	if (!good)
		cases_free(list);
	return good;
}

/**
 * cases_free() - Give back what cases_read() made; the error stays
 * @list: of cases_read()
 */
void cases_free(struct case_list *list)
{
	free(list->all);
	list->all = NULL;
	list->nr = 0;
}
