/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was met in a RAW file, for people. */
#ifndef REPORT_H
#define REPORT_H

#include <hpcap_file.h>
#include <stdio.h>

/* Any note but the padding that every whole file ends with? */
bool report_has_notes(const struct hpcap_raw_report *rep);

/* One line for each kind of note, prefix first. */
void report_print(FILE *f, const char *prefix, const struct hpcap_raw_report *rep);

#endif /* REPORT_H */
