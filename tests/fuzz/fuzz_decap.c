// SPDX-License-Identifier: GPL-2.0-or-later
/* libFuzzer: decapsulation. Two bytes say how much was captured, then the frame. */
#include <decap.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[65536];
	struct hpcap_decap d = {.which = HPCAP_DECAP_ALL};
	struct hpcap_record rec = {.sec = 1};
	uint64_t sum = 0;
	uint8_t *copy;
	uint32_t i;

	if (size < 3 || size > 65537)
		return 0;
	rec.len = (uint32_t)size - 2;
	rec.caplen = 1 + (data[0] << 8 | data[1]) % rec.len;
	copy = malloc(rec.caplen);
	if (!copy)
		abort();
	memcpy(copy, data + 2, rec.caplen);
	rec.data = copy;
	hpcap_decap(&d, &rec, room, sizeof(room));
	if (!rec.caplen || rec.caplen > rec.len || rec.len > size - 2)
		abort();
	for (i = 0; i < rec.caplen; i++)
		sum += rec.data[i];
	free(copy);
	return sum == UINT64_MAX;
}
