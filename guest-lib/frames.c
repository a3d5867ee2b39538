// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of formats and packings. */
#include "frames.h"

const char *hpcap_format_name(enum hpcap_format format)
{
	static const char *const names[] = {"unknown", "RAW", "pcap", "pcapng"};

	return names[format <= HPCAP_FORMAT_PCAPNG ? format : 0];
}

const char *hpcap_packing_name(enum hpcap_packing packing)
{
	static const char *const names[] = {"plain", "zstd", "lz4"};

	return names[packing <= HPCAP_LZ4 ? packing : 0];
}

const char *hpcap_format_suffix(enum hpcap_format format)
{
	static const char *const names[] = {"", ".raw", ".pcap", ".pcapng"};

	return names[format <= HPCAP_FORMAT_PCAPNG ? format : 0];
}

const char *hpcap_packing_suffix(enum hpcap_packing packing)
{
	static const char *const names[] = {"", ".zst", ".lz4"};

	return names[packing <= HPCAP_LZ4 ? packing : 0];
}
