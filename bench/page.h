/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the report, and the words for what the cases name. */
#ifndef BENCH_PAGE_H
#define BENCH_PAGE_H

#include "tally.h"

extern const char *const page_networks[];
extern const char *const page_engines[];

const char *page_title(const char *word);
void page_text(const char *text);
void page_number(double v);
void page_figure(const struct row_list *l, const char *name, const char *metric);
void page_value(const struct row_list *l, const char *name, const char *metric);
bool page_svg(const char *path, int nr);

bool page_published(const struct tally_run *r, const char *path);
void page_goals(const struct tally_run *r);
void page_matrix(const struct tally_run *r, const char *metric, const char *title);

#endif /* BENCH_PAGE_H */
