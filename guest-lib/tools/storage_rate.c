// SPDX-License-Identifier: GPL-2.0-or-later
/* Which link a volume can follow: arithmetic only. */
#include <stdlib.h>
#include "storage.h"

enum {
	RECORD_HEADER = 12, /* of a frame in a RAW file */
	ON_THE_WIRE = 24,   /* FCS, preamble and gap of a frame */
};

/**
 * storage_demand() - what a link that is never idle asks of the disk
 * @link_bits: bits a second
 * @frame: bytes of each frame without FCS
 *
 * Return: bytes a second, with a RAW header before each frame.
 * Ref: thesis 4.3, Table 4.3
 */
double storage_demand(double link_bits, uint32_t frame)
{
	return link_bits / 8 * (frame + RECORD_HEADER) / (frame + ON_THE_WIRE);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/**
 * storage_low() - 5th percentile of the speed
 * @slice: bytes written in each slice of time; gets sorted
 * @n: slices
 * @slice_seconds: length of each
 *
 * Return: bytes a second, 0 for no slices.
 */
double storage_low(uint64_t *slice, size_t n, double slice_seconds)
{
	if (!n)
		return 0;
	qsort(slice, n, sizeof(*slice), by_size);
	return (double)slice[n / 20] / slice_seconds;
}

/**
 * storage_judge() - whether a volume follows a full link
 * @speed: of the volume
 * @link_bits: bits a second
 * @frame: longest frame without FCS: the longer, the more there is to store
 *
 * Return: whether it follows, and the part of the link that it always follows.
 */
struct storage_verdict storage_judge(const struct storage_speed *speed, double link_bits,
				     uint32_t frame)
{
	const double demand = storage_demand(link_bits, frame);
	struct storage_verdict j = {.follows = FOLLOWS, .load = speed->low / demand};

	if (j.load >= 1)
		j.load = 1;
	else if (speed->mean >= demand)
		j.follows = FOLLOWS_MEAN;
	else
		j.follows = FOLLOWS_NOT;
	return j;
}
