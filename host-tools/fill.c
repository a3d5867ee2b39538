// SPDX-License-Identifier: GPL-2.0-or-later
/* Templates: text with @WORD@s. */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "fill.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";

static void grow(struct text *t, size_t more)
{
	if (t->len + more + 1 <= t->room)
		return;
	t->room = (t->len + more + 1) * 2;
	t->at = realloc(t->at, t->room);
	if (!t->at)
		err(1, "no memory");
}

static void add_part(struct text *t, const char *s, size_t len)
{
	grow(t, len);
	memcpy(t->at + t->len, s, len);
	t->len += len;
	t->at[t->len] = '\0';
}

void text_add(struct text *t, const char *fmt, ...)
{
	char *s = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	if (n < 0)
		err(1, "no memory");
	add_part(t, s, (size_t)n);
	free(s);
}

void text_add_escaped(struct text *t, const char *s)
{
	for (; *s; s++) {
		if (strchr("<>&'\"", *s))
			text_add(t, "&#%d;", *s);
		else
			add_part(t, s, 1);
	}
}

void fill_add(struct fill *f, const char *word, const char *text, bool escape)
{
	struct text t = {};

	if (f->nr == FILL_MAX_WORDS)
		errx(1, "too many words");
	grow(&t, 0);
	*t.at = '\0';
	if (escape)
		text_add_escaped(&t, text);
	else
		add_part(&t, text, strlen(text));
	f->word[f->nr] = word;
	f->text[f->nr++] = t.at;
}

/* Length of the word that stands behind this @ sign, 0 when none does. */
static size_t word_at(const char *p)
{
	const size_t len = strspn(p + 1, letters);

	return len && p[1 + len] == '@' ? len : 0;
}

bool fill_asks(const char *template, const char *word)
{
	for (const char *p = strchr(template, '@'); p; p = strchr(p + 1, '@'))
		if (word_at(p) == strlen(word) && !strncmp(p + 1, word, strlen(word)))
			return true;
	return false;
}

static const char *find(const struct fill *f, const char *word, size_t len)
{
	for (unsigned int i = 0; i < f->nr; i++)
		if (strlen(f->word[i]) == len && !strncmp(f->word[i], word, len))
			return f->text[i];
	return NULL;
}

char *fill_text(struct fill *f, const char *template)
{
	struct text out = {};
	const char *at;

	*f->missing = '\0';
	while ((at = strchr(template, '@'))) {
		const size_t len = word_at(at);
		const char *text = len ? find(f, at + 1, len) : "@";

		add_part(&out, template, (size_t)(at - template));
		if (!text) {
			snprintf(f->missing, sizeof(f->missing), "%.*s", (int)len, at + 1);
			free(out.at);
			return NULL;
		}
		add_part(&out, text, strlen(text));
		template = at + (len ? len + 2 : 1);
	}
	add_part(&out, template, strlen(template));
	return out.at;
}

void fill_deinit(struct fill *f)
{
	for (unsigned int i = 0; i < f->nr; i++)
		free(f->text[i]);
	memset(f, 0, sizeof(*f));
}
