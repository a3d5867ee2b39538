// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: the reader of RAW. */
#include "fuzz_frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	return fuzz_frames(data, size, HPCAP_FORMAT_RAW);
}
