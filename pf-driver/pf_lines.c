// SPDX-License-Identifier: GPL-2.0-only
/* Parsers of sysfs lines. */
#include "pf_bits.h"
#include "pf_lines.h"

/* What is left of a line; never read at or behind @end. */
struct cursor {
	const char *at;
	const char *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

/* Blanks at both ends go, and one line end. */
static struct cursor trim(const char *line, size_t len)
{
	struct cursor c = { line, line + len };

	if (c.end > c.at && c.end[-1] == '\n')
		c.end--;
	while (c.end > c.at && is_blank(c.end[-1]))
		c.end--;
	while (c.at < c.end && is_blank(*c.at))
		c.at++;
	return c;
}

/* The rest is exactly this word. */
static bool is_word(const struct cursor *c, const char *word)
{
	size_t n = strlen(word), i;

	if ((size_t)(c->end - c->at) != n)
		return false;
	for (i = 0; i < n; i++)
		if (lower(c->at[i]) != word[i])
			return false;
	return true;
}

/* Digits, at least one. */
static int take_number(struct cursor *c, u32 most, u32 *value)
{
	u64 v = 0;

	if (c->at == c->end || *c->at < '0' || *c->at > '9')
		return -EINVAL;
	for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++)
		v = min_t(u64, v * 10 + (*c->at - '0'), U32_MAX);
	if (v > most)
		return -ERANGE;
	*value = v;
	return 0;
}

static int hex(char c)
{
	c = lower(c);
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int take_mac(struct cursor *c, u8 mac[6])
{
	int i, high, low;

	for (i = 0; i < 6; i++) {
		if (c->end - c->at < (i < 5 ? 3 : 2))
			return -EINVAL;
		high = hex(c->at[0]);
		low = hex(c->at[1]);
		if (high < 0 || low < 0 || (i < 5 && c->at[2] != ':'))
			return -EINVAL;
		mac[i] = high << 4 | low;
		c->at += i < 5 ? 3 : 2;
	}
	return 0;
}

/* "add" or "rem", blanks, and something behind. */
static int take_verb(struct cursor *c, bool *add)
{
	struct cursor verb = { c->at, c->at + 3 };

	if (c->end - c->at < 5 || !is_blank(c->at[3]))
		return -EINVAL;
	*add = is_word(&verb, "add");
	if (!*add && !is_word(&verb, "rem"))
		return -EINVAL;
	c->at += 3;
	while (is_blank(*c->at))	/* ends: the line was trimmed */
		c->at++;
	return 0;
}

static int at_end(const struct cursor *c)
{
	return c->at == c->end ? 0 : -EINVAL;
}

/**
 * pf_line_bool() - "on" or "off"
 * @line: as written
 * @len: bytes
 * @value: filled in
 *
 * Return: 0, -EINVAL.
 */
int pf_line_bool(const char *line, size_t len, bool *value)
{
	struct cursor c = trim(line, len);

	*value = is_word(&c, "on");
	return *value || is_word(&c, "off") ? 0 : -EINVAL;
}

/**
 * pf_line_number() - A decimal number
 * @line: as written
 * @len: bytes
 * @most: greatest value
 * @value: filled in
 *
 * Return: 0, -EINVAL, -ERANGE.
 */
int pf_line_number(const char *line, size_t len, u32 most, u32 *value)
{
	struct cursor c = trim(line, len);
	int err = take_number(&c, most, value);

	return err ? err : at_end(&c);
}

/**
 * pf_line_mac() - aa:bb:cc:dd:ee:ff
 * @line: as written
 * @len: bytes
 * @mac: filled in
 *
 * Return: 0, -EINVAL.
 */
int pf_line_mac(const char *line, size_t len, u8 mac[6])
{
	struct cursor c = trim(line, len);
	int err = take_mac(&c, mac);

	return err ? err : at_end(&c);
}

static int find_word(const struct cursor *c, const char *const *words, u32 nr, u32 *which)
{
	u32 i;

	for (i = 0; i < nr; i++) {
		if (is_word(c, words[i])) {
			*which = i;
			return 0;
		}
	}
	return -EINVAL;
}

/**
 * pf_line_word() - One of these words
 * @line: as written
 * @len: bytes
 * @words: in lower case
 * @nr: how many
 * @which: filled in: index
 *
 * Return: 0, -EINVAL.
 */
int pf_line_word(const char *line, size_t len, const char *const *words, u32 nr, u32 *which)
{
	struct cursor c = trim(line, len);

	return find_word(&c, words, nr, which);
}

/**
 * pf_line_add_number() - "add N" or "rem N"
 * @line: as written
 * @len: bytes
 * @most: greatest N
 * @add: filled in
 * @value: filled in
 *
 * Return: 0, -EINVAL, -ERANGE.
 */
int pf_line_add_number(const char *line, size_t len, u32 most, bool *add, u32 *value)
{
	struct cursor c = trim(line, len);
	int err = take_verb(&c, add);

	if (!err)
		err = take_number(&c, most, value);
	return err ? err : at_end(&c);
}

/**
 * pf_line_add_word() - "add WORD" or "rem WORD"
 * @line: as written
 * @len: bytes
 * @words: in lower case
 * @nr: how many
 * @add: filled in
 * @which: filled in: index
 *
 * Return: 0, -EINVAL.
 */
int pf_line_add_word(const char *line, size_t len, const char *const *words, u32 nr,
		     bool *add, u32 *which)
{
	struct cursor c = trim(line, len);
	int err = take_verb(&c, add);

	return err ? err : find_word(&c, words, nr, which);
}

/* N or N-M; 0..4095. */
static int take_range(struct cursor *c, u32 *map)
{
	u32 first, last;
	int err = take_number(c, PF_VIDS - 1, &first);

	if (err)
		return err;
	last = first;
	if (c->at < c->end && *c->at == '-') {
		c->at++;
		err = take_number(c, PF_VIDS - 1, &last);
		if (err)
			return err;
	}
	if (last < first)
		return -EINVAL;
	for (; first <= last; first++)
		pf_bits_set(map, first);
	return 0;
}

static int take_vids(struct cursor *c, u32 *vids)
{
	int err;

	memset(vids, 0, HW_HASH_WORDS * sizeof(*vids));
	for (;;) {
		err = take_range(c, vids);
		if (err || c->at == c->end)
			return err;
		if (*c->at++ != ',')
			return -EINVAL;
	}
}

/**
 * pf_line_vids() - A list of VLANs as in 2,4,18-22
 * @line: as written
 * @len: bytes
 * @vids: filled in
 *
 * Return: 0, -EINVAL, -ERANGE.
 */
int pf_line_vids(const char *line, size_t len, u32 vids[HW_HASH_WORDS])
{
	struct cursor c = trim(line, len);

	return take_vids(&c, vids);
}

/**
 * pf_line_add_vids() - "add LIST" or "rem LIST", LIST as for pf_line_vids()
 * @line: as written
 * @len: bytes
 * @add: filled in
 * @vids: filled in
 *
 * Return: 0, -EINVAL, -ERANGE.
 */
int pf_line_add_vids(const char *line, size_t len, bool *add, u32 vids[HW_HASH_WORDS])
{
	struct cursor c = trim(line, len);
	int err = take_verb(&c, add);

	return err ? err : take_vids(&c, vids);
}

/**
 * pf_line_add_macs() - "add M1,M2" or "rem M1,M2"
 * @line: as written
 * @len: bytes
 * @add: filled in
 * @macs: filled in
 * @nr: filled in: how many
 *
 * Return: 0, -EINVAL, -ENOSPC for more than PF_LINE_MACS.
 */
int pf_line_add_macs(const char *line, size_t len, bool *add, u8 macs[PF_LINE_MACS][6], u32 *nr)
{
	struct cursor c = trim(line, len);
	int err = take_verb(&c, add);

	*nr = 0;
	while (!err) {
		if (*nr == PF_LINE_MACS)
			return -ENOSPC;
		err = take_mac(&c, macs[*nr]);
		if (err)
			break;
		++*nr;
		if (c.at == c.end)
			break;
		if (*c.at++ != ',')
			err = -EINVAL;
	}
	return err;
}

static size_t put_number(char *buf, size_t size, size_t at, char before, u32 v)
{
	char digits[10];
	u32 n = 0;

	do {
		digits[n++] = '0' + v % 10;
		v /= 10;
	} while (v);
	if (before && at < size)
		buf[at++] = before;
	while (n && at < size)
		buf[at++] = digits[--n];
	return at;
}

/**
 * pf_line_show_vids() - A set of VLANs as a list, 2,4,18-22
 * @vids: bitmap
 * @buf: filled in, not closed by a zero
 * @size: of @buf
 *
 * Return: bytes written, 0 for none.
 */
size_t pf_line_show_vids(const u32 vids[HW_HASH_WORDS], char *buf, size_t size)
{
	size_t at = 0;
	u32 i, last;

	for (i = 0; i < PF_VIDS; i = last + 1) {
		last = i;
		if (!pf_bits_test(vids, i))
			continue;
		while (last + 1 < PF_VIDS && pf_bits_test(vids, last + 1))
			last++;
		at = put_number(buf, size, at, at ? ',' : 0, i);
		if (last > i)
			at = put_number(buf, size, at, '-', last);
	}
	return at;
}
