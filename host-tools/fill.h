/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates: text with @WORD@s. Pure. */
#ifndef FILL_H
#define FILL_H

#include <stdbool.h>
#include <stddef.h>

enum {
	FILL_MAX_WORDS = 96,
};

/**
 * struct fill - words and what takes their place
 * @word: without the @ signs
 * @text: put there as it is; owned
 * @nr: how many
 * @missing: the word that fill_text() did not know, "" for none
 */
struct fill {
	const char *word[FILL_MAX_WORDS];
	char *text[FILL_MAX_WORDS];
	unsigned int nr;
	char missing[64];
};

/* The first of two of the same name counts. @text is copied; @escape: as XML wants it. */
void fill_add(struct fill *f, const char *word, const char *text, bool escape);

/* Whether the template asks for this word. */
bool fill_asks(const char *template, const char *word);

/* The filled template, the caller's; NULL when a word is @f->missing. */
char *fill_text(struct fill *f, const char *template);

void fill_deinit(struct fill *f);

/**
 * struct text - text that grows
 * @at: zero-terminated, NULL when empty
 * @len: of it
 * @room: allocated
 */
struct text {
	char *at;
	size_t len;
	size_t room;
};

__attribute__((format(printf, 2, 3))) void text_add(struct text *t, const char *fmt, ...);
void text_add_escaped(struct text *t, const char *s);

#endif /* FILL_H */
