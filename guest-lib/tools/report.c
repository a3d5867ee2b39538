// SPDX-License-Identifier: GPL-2.0-or-later
/* What was met in a RAW file, for people. */
#include <inttypes.h>
#include <stdio.h>
#include "report.h"

bool report_has_notes(const struct hpcap_raw_report *rep)
{
	int i;

	for (i = 0; i < HPCAP_RAW_NR_NOTES; i++)
		if (i != HPCAP_RAW_PAD_LAST && rep->count[i])
			return true;
	return false;
}

static void print_note(FILE *f, const struct hpcap_raw_report *rep, enum hpcap_raw_note note)
{
	fputs(hpcap_raw_note_text(note), f);
	switch (note) {
	case HPCAP_RAW_EMPTY:
	case HPCAP_RAW_ONLY_TAIL:
		break;
	case HPCAP_RAW_NOT_RAW:
		if (rep->looks_like)
			fprintf(f, ", it looks like %s", rep->looks_like);
		break;
	case HPCAP_RAW_RESYNC:
		fprintf(f, ": %" PRIu64 " bytes in %" PRIu64 " places, first at byte %" PRIu64,
			rep->skipped_bytes, rep->count[note], rep->first[note]);
		break;
	default:
		fprintf(f, ": %" PRIu64 ", first at byte %" PRIu64, rep->count[note],
			rep->first[note]);
	}
}

void report_print(FILE *f, const char *prefix, const struct hpcap_raw_report *rep)
{
	int i;

	for (i = 0; i < HPCAP_RAW_NR_NOTES; i++) {
		if (i == HPCAP_RAW_PAD_LAST || !rep->count[i])
			continue;
		fputs(prefix, f);
		print_note(f, rep, (enum hpcap_raw_note)i);
		fputc('\n', f);
	}
}
