// SPDX-License-Identifier: GPL-2.0-only
/*
 * What of a frame is compared, as one word. Sixteen bytes at a time are added
 * to a secret and multiplied; without the secret no two frames can be made that
 * collide, and by chance two of them do once in 2^60 or more.
 */
#include "core_env.h"
#include "dup.h"

#define MACS_LEN	12
#define TAG_LEN		4
#define TAGS_MAX	4
#define TYPE_IP		0x0800
#define TYPE_IPV6	0x86dd
#define IP_MIN		20
#define IPV6_LEN	40

/* Room for what is compared and one load behind it. */
struct plain {
	u8 byte[HPCAP_DUP_BYTES_MAX + 16];
	u32 have;
	u32 len;
};

static bool is_power(u32 n)
{
	return n && !(n & (n - 1));
}

/**
 * cap_dup_bad() - Which value is out of range?
 * @want: rules as a user gave them
 *
 * Return: its name and the range, or NULL when all are good.
 */
const char *cap_dup_bad(const struct hpcap_dup *want)
{
	if (want->mode > HPCAP_DUP_MARK)
		return "mode: 0 off, 1 drop, 2 mark";
	if (want->key > HPCAP_DUP_KEY_RSS)
		return "key: 0 soft, 1 rss";
	if (want->ignore & ~HPCAP_DUP_IGNORE_ALL)
		return "ignore: bits 1 ttl, 2 checksum, 4 vlan, 8 mac";
	if (want->entries < HPCAP_DUP_ENTRIES_MIN || want->entries > HPCAP_DUP_ENTRIES_MAX ||
	    !is_power(want->entries))
		return "entries: a power of two, 1024..4194304";
	if (want->levels > HPCAP_DUP_LEVELS_MAX || !is_power(want->levels))
		return "levels: a power of two, 1..64";
	if (want->bytes < HPCAP_DUP_BYTES_MIN || want->bytes > HPCAP_DUP_BYTES_MAX)
		return "bytes: 16..256";
	if (!want->window || want->window > HPCAP_DUP_WINDOW_MAX)
		return "window: 1..60000000000 ns";
	return NULL;
}

/**
 * cap_dup_init() - Begin with an empty table
 * @d: to set up; its @secret is filled in already, and stays
 * @want: rules, checked
 * @table: cap_dup_size() bytes, zeroed
 */
void cap_dup_init(struct cap_dup *d, const struct hpcap_dup *want,
		  struct cap_dup_entry *table)
{
	d->table = table;
	d->mask = want->entries / want->levels - 1;
	d->levels = want->levels;
	d->bytes = want->bytes;
	d->ignore = want->ignore;
	d->mode = want->mode;
	d->key = want->key;
	d->window = want->window;
	d->checked = 0;
	d->found = 0;
}

static u32 be16(const u8 *p)
{
	return p[0] << 8 | p[1];
}

static void put(struct plain *out, const u8 *p, u32 n)
{
	n = min_t(u32, n, HPCAP_DUP_BYTES_MAX - out->have);
	memcpy(out->byte + out->have, p, n);
	out->have += n;
}

static void clear(struct plain *out, u32 at, u32 n)
{
	while (n-- && at < out->have)
		out->byte[at++] = 0;
}

/* Addresses and tags, without those that do not count. Returns bytes used. */
static u32 put_front(const struct cap_dup *d, const struct cap_dup_frame *f, struct plain *out)
{
	bool tags = !(d->ignore & HPCAP_DUP_IGNORE_VLAN);
	const u8 tag[TAG_LEN] = { 0x81, 0x00, f->tci >> 8, f->tci & 0xff };
	u32 at = MACS_LEN;
	int i;

	if (!(d->ignore & HPCAP_DUP_IGNORE_MAC))
		put(out, f->data, MACS_LEN);
	if (f->tagged && tags)
		put(out, tag, TAG_LEN);
	for (i = 0; i < TAGS_MAX && at + TAG_LEN + 2 <= f->have; i++) {
		u32 type = be16(f->data + at);

		if (type != 0x8100 && type != 0x88a8 && type != 0x9100)
			break;
		if (tags)
			put(out, f->data + at, TAG_LEN);
		at += TAG_LEN;
	}
	return at;
}

/*
 * An IP packet that begins at @at, copied; what does not count is zero, and what
 * lies behind its own end is left out. Returns its length, 0: it is none.
 */
static u32 put_ip(const struct cap_dup *d, const struct cap_dup_frame *f, u32 at,
		  struct plain *out)
{
	const u8 *ip = f->data + at + 2;
	u32 type = be16(f->data + at);
	u32 have = f->have - at - 2, room = f->len - at - 2;
	u32 start = out->have + 2, len;

	if (type == TYPE_IP && have >= IP_MIN)
		len = be16(ip + 2);
	else if (type == TYPE_IPV6 && have >= IPV6_LEN)
		len = IPV6_LEN + be16(ip + 4);
	else
		return 0;
	if (len < IP_MIN || len > room)
		return 0;
	put(out, f->data + at, 2 + min(len, have));
	if (d->ignore & HPCAP_DUP_IGNORE_TTL)
		clear(out, start + (type == TYPE_IP ? 8 : 7), 1);
	if (d->ignore & HPCAP_DUP_IGNORE_CSUM && type == TYPE_IP)
		clear(out, start + 10, 2);
	return len;
}

/* The frame as it would be were there nothing to ignore. */
static void make_plain(const struct cap_dup *d, const struct cap_dup_frame *f,
		       struct plain *out)
{
	u32 at, front, len;

	out->have = 0;
	at = put_front(d, f, out);
	front = out->have;
	len = at + 2 <= f->have ? put_ip(d, f, at, out) : 0;
	if (len) {
		out->len = front + 2 + len;
	} else {
		put(out, f->data + at, f->have - at);
		out->len = front + f->len - at;
	}
}

static noinline u64 print_plain(const struct cap_dup *d, const struct cap_dup_frame *f)
{
	struct plain out;

	make_plain(d, f, &out);
	return cap_dup_mix(d, out.byte, min(d->bytes, out.have), out.len);
}

/**
 * cap_dup_print() - What of a frame is compared, as one word
 * @d: rules
 * @f: frame
 *
 * Return: the same for a frame and its copy; for others the same once in 2^60.
 */
u64 cap_dup_print(const struct cap_dup *d, const struct cap_dup_frame *f)
{
	if (unlikely((d->ignore || f->tagged) && f->have >= MACS_LEN))
		return print_plain(d, f);
	return cap_dup_mix(d, f->data, min(d->bytes, f->have), f->len);
}
