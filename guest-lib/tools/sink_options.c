// SPDX-License-Identifier: GPL-2.0-or-later
/* How to write: as asked, or as the ending of a file's name says. */
#include <string.h>
#include "sink.h"

static bool ends_with(const char *text, size_t len, const char *suffix)
{
	size_t n = strlen(suffix);

	return n && len > n && !memcmp(text + len - n, suffix, n);
}

bool sink_parse_format(const char *text, enum hpcap_format *out)
{
	for (*out = HPCAP_FORMAT_RAW; *out <= HPCAP_FORMAT_PCAPNG; (*out)++)
		if (!strcasecmp(text, hpcap_format_name(*out)))
			return true;
	return false;
}

bool sink_parse_packing(const char *text, struct sink_options *opt)
{
	size_t len = strcspn(text, ":");
	uint64_t level = 0;
	int i;

	for (i = HPCAP_PLAIN; i <= HPCAP_LZ4; i++) {
		const char *name = hpcap_packing_name((enum hpcap_packing)i);

		if (strlen(name) == len && !strncmp(text, name, len))
			break;
	}
	if (i > HPCAP_LZ4)
		return false;
	if (text[len] && i == HPCAP_PLAIN)
		return false;
	if (text[len] && !cli_number(text + len + 1, i == HPCAP_ZSTD ? 22 : 12, &level))
		return false;
	opt->packing = (enum hpcap_packing)i;
	opt->packed_given = true;
	opt->level = (int)level;
	return true;
}

void sink_choose(struct sink_options *o)
{
	size_t len = strlen(o->path);
	int i;

	for (i = HPCAP_ZSTD; i <= HPCAP_LZ4; i++) {
		const char *suffix = hpcap_packing_suffix((enum hpcap_packing)i);

		if (!ends_with(o->path, len, suffix))
			continue;
		if (!o->packed_given)
			o->packing = (enum hpcap_packing)i;
		len -= strlen(suffix);
		break;
	}
	for (i = HPCAP_FORMAT_RAW; i <= HPCAP_FORMAT_PCAPNG && !o->format; i++)
		if (ends_with(o->path, len, hpcap_format_suffix((enum hpcap_format)i)))
			o->format = (enum hpcap_format)i;
	if (!o->format)
		o->format = o->fallback;
}
