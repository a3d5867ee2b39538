/* SPDX-License-Identifier: GPL-2.0-only */
/* Was this frame here before? A table of what was seen lately. */
#ifndef CAP_DUP_H
#define CAP_DUP_H

#include "core_env.h"
#include <uapi/hpcap.h>

/* Words of secret that a table needs: two for each 16 bytes, four at the end. */
#define CAP_DUP_SECRET	(HPCAP_DUP_BYTES_MAX / 8 + 4)

/**
 * struct cap_dup_entry - a frame that was seen
 * @print: of its length and the bytes compared
 * @ns: when
 */
struct cap_dup_entry {
	u64 print;
	u64 ns;
};

/**
 * struct cap_dup - a table of duplicates and its rules
 * @table: entries, those of one place side by side; NULL: off
 * @mask: places - 1
 * @levels: entries of one place
 * @bytes: compared
 * @ignore: HPCAP_DUP_IGNORE_*
 * @mode: enum hpcap_dup_mode
 * @key: enum hpcap_dup_key
 * @window: ns between a frame and its copy at most
 * @checked: frames looked up
 * @found: of these, copies
 * @secret: random: nobody can make frames with the same print
 */
struct cap_dup {
	struct cap_dup_entry *table;
	u32 mask;
	u32 levels;
	u32 bytes;
	u32 ignore;
	u32 mode;
	u32 key;
	u64 window;
	u64 checked;
	u64 found;
	u64 secret[CAP_DUP_SECRET];
};

/**
 * struct cap_dup_frame - what of a frame is compared
 * @data: from the destination address on
 * @have: bytes there
 * @len: of the frame on the wire, without a tag that the NIC took out
 * @tagged: the NIC took out @tci
 * @tci: tag
 */
struct cap_dup_frame {
	const u8 *data;
	u32 have;
	u32 len;
	bool tagged;
	u16 tci;
};

const char *cap_dup_bad(const struct hpcap_dup *want);
void cap_dup_init(struct cap_dup *d, const struct hpcap_dup *want,
		  struct cap_dup_entry *table);
u64 cap_dup_print(const struct cap_dup *d, const struct cap_dup_frame *f);

/* Memory of a table that cap_dup_bad() found good. */
static inline u64 cap_dup_size(const struct hpcap_dup *want)
{
	return (u64)want->entries * sizeof(struct cap_dup_entry);
}

/* The first entry of a frame's place, for @place = print or the NIC's hash. */
static __always_inline struct cap_dup_entry *cap_dup_at(const struct cap_dup *d, u32 place)
{
	return d->table + (u64)(place & d->mask) * d->levels;
}

static __always_inline u64 cap_dup_load(const u8 *p)
{
	u64 v;

	memcpy(&v, p, 8);
	return v;
}

static __always_inline u64 cap_dup_fold(u64 a, u64 b)
{
	unsigned __int128 p = (unsigned __int128)a * b;

	return (u64)p ^ (u64)(p >> 64);
}

/* @n bytes of @p and the length, as one word; reads nothing behind @p + @n. */
static __always_inline u64 cap_dup_mix(const struct cap_dup *d, const u8 *p, u32 n,
				       u32 len)
{
	const u64 *k = d->secret;
	unsigned __int128 sum = 0;
	u64 a = 0, b = 0;
	u32 at;

	for (at = 0; at + 16 <= n; at += 16, k += 2)
		sum += (unsigned __int128)(cap_dup_load(p + at) + k[0]) *
		       (cap_dup_load(p + at + 8) + k[1]);
	n -= at;
	p += at;
	if (n > 8) {
		a = cap_dup_load(p);
		b = cap_dup_load(p + n - 8) >> (8 * (16 - n));
	} else if (n && at) {
		a = cap_dup_load(p + n - 8) >> (8 * (8 - n));
	} else if (n) {
		memcpy(&a, p, n);
	}
	sum += (unsigned __int128)(a + k[0]) * (b + k[1]);
	k = d->secret + CAP_DUP_SECRET - 4;
	return cap_dup_fold((u64)sum ^ k[0], (u64)(sum >> 64) ^ k[1]) ^
	       cap_dup_fold(len ^ k[2], k[3]);
}

/**
 * cap_dup_seen() - Look a frame up, and remember it
 * @d: table
 * @place: low half of the print, or the NIC's hash
 * @print: from cap_dup_print()
 * @ns: when it came, not before the frame before
 *
 * A copy renews what is remembered; another frame takes the place of the one
 * seen longest ago.
 *
 * Context: the table's one thread.
 * Return: true for a copy.
 * Ref: thesis 4.4
 */
static __always_inline bool cap_dup_seen(struct cap_dup *d, u32 place, u64 print, u64 ns)
{
	struct cap_dup_entry *e = cap_dup_at(d, place), *oldest = e;
	bool copy = false;
	u32 i;

	for (i = 0; i < d->levels; i++) {
		if (e[i].print == print) {
			oldest = &e[i];
			/* a clock that went back makes the difference huge */
			copy = ns - e[i].ns <= d->window;
			break;
		}
		if (e[i].ns < oldest->ns)
			oldest = &e[i];
	}
	oldest->print = print;
	oldest->ns = ns;
	d->checked++;
	d->found += copy;
	return copy;
}

#endif /* CAP_DUP_H */
