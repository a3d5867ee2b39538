// SPDX-License-Identifier: GPL-2.0-only
/*
 * The first bytes of each flow are worth more than the rest. A flow that finds
 * no slot takes that of the one seen longest ago, which then counts from zero
 * again: in doubt more is kept, never less.
 */
#include "core_env.h"
#include "flow.h"

static_assert(sizeof(struct cap_flow) * CAP_FLOW_WAYS == 64);

/* Every bit of @a and @b reaches every bit of the result. */
static u64 mix(u64 a, u64 b)
{
	a = (a ^ b) * 0x9e3779b97f4a7c15ull;
	a ^= a >> 32;
	a *= 0xd6e8feb86659fd93ull;
	return a ^ a >> 29;
}

/* One end of a flow: address and port. */
static u64 hash_end(const struct cap_flows *t, const u8 *addr, u32 size, const u8 *port)
{
	u64 word = 0, hash = t->seed[0];
	u32 i;

	for (i = 0; i < size; i += 4) {
		u32 part;

		memcpy(&part, addr + i, 4);
		word = word << 32 | part;
		hash = mix(hash, word);
	}
	return mix(hash, port ? port[0] << 8 | port[1] : U64_MAX);
}

/**
 * cap_flow_key() - Name of the flow that a frame belongs to
 * @t: flows
 * @h: the frame's headers; IP
 * @frame: bytes
 *
 * Return: the same for both directions, never 0.
 */
u64 cap_flow_key(const struct cap_flows *t, const struct cap_headers *h, const u8 *frame)
{
	const u8 *ports = h->ports ? frame + h->ports : NULL;
	const u8 *src = frame + h->src;
	u64 a = hash_end(t, src, h->ip, ports);
	u64 b = hash_end(t, src + h->ip, h->ip, ports ? ports + 2 : NULL);
	u64 key = mix(mix(min(a, b) ^ t->seed[1], max(a, b)), h->proto + 1);

	return key ? key : 1;
}

static bool is_free(const struct cap_flows *t, const struct cap_flow *f, u32 now)
{
	return !f->key || now - f->seen > t->idle;
}

/* The flow's slot, old or new. */
static struct cap_flow *find(struct cap_flows *t, u64 key, u32 now)
{
	u32 bucket = key & (t->nr / CAP_FLOW_WAYS - 1);
	struct cap_flow *row = t->slot + bucket * CAP_FLOW_WAYS;
	struct cap_flow *best = row;
	int i;

	for (i = 0; i < CAP_FLOW_WAYS; i++)
		if (row[i].key == key && !is_free(t, &row[i], now))
			return &row[i];
	for (i = 0; i < CAP_FLOW_WAYS; i++) {
		if (is_free(t, &row[i], now)) {
			best = &row[i];
			best->key = 0;
			break;
		}
		if ((s32)(row[i].seen - best->seen) < 0)
			best = &row[i];
	}
	t->evicted += best->key != 0;
	*best = (struct cap_flow){ .key = key };
	return best;
}

/**
 * cap_flow_keep() - How much of a frame belongs to its flow's first bytes
 * @t: flows
 * @h: the frame's headers
 * @frame: bytes
 * @len: bytes of the frame
 * @now: step of time, of a clock that does not jump
 *
 * A TCP segment that opens a connection begins a new flow, whatever the table
 * remembers. Where the limit falls into the headers, they are kept whole.
 *
 * Context: poll thread.
 * Return: bytes to keep, 0..@len; all when the frame belongs to no flow.
 */
u32 cap_flow_keep(struct cap_flows *t, const struct cap_headers *h, const u8 *frame, u32 len,
		  u32 now)
{
	struct cap_flow *f;
	u32 left;

	if (!h->ip)
		return len;
	f = find(t, cap_flow_key(t, h, frame), now);
	f->seen = now;
	if (h->begins)
		f->bytes = 0;
	left = t->limit > f->bytes ? t->limit - f->bytes : 0;
	f->bytes = f->bytes > U32_MAX - len ? U32_MAX : f->bytes + len;
	if (left >= len || !left)
		return min(left, len);
	return max(left, h->len);
}
