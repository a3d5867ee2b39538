// SPDX-License-Identifier: GPL-2.0-or-later
/* Pure: marks in frames, and what their numbers tell of loss, order and copies. */
#include "traffic.h"

#include <string.h>

static const uint8_t magic[4] = {'h', 'p', 'c', 'B'};

static uint8_t *put(uint8_t *p, uint64_t v, int bytes)
{
	for (int i = bytes - 1; i >= 0; i--)
		*p++ = (uint8_t)(v >> (8 * i));
	return p;
}

static uint64_t get(const uint8_t *p, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v = v << 8 | p[i];
	return v;
}

/**
 * traffic_put() - Make a frame
 * @frame: filled in
 * @len: bytes without FCS, TRAFFIC_MIN and more
 * @dst: destination
 * @m: what it shall say of itself
 */
void traffic_put(uint8_t *frame, size_t len, const uint8_t *dst, const struct traffic_mark *m)
{
	static const uint8_t src[6] = {0x02, 0, 0, 0, 0, 0x02};
	uint8_t *p = frame;

	memcpy(p, dst, 6);
	memcpy(p + 6, src, 6);
	p = put(p + 12, TRAFFIC_TYPE, 2);
	memcpy(p, magic, sizeof(magic));
	p = put(p + sizeof(magic), m->run, 4);
	p = put(p, m->seq, 8);
	p = put(p, m->ns, 8);
	memset(p, 0x5a, len - (size_t)(p - frame));
}

/**
 * traffic_get() - What does a frame say of itself?
 * @frame: any
 * @len: bytes of it that are there
 * @m: filled in
 *
 * Return: false when it is none of ours.
 */
bool traffic_get(const uint8_t *frame, size_t len, struct traffic_mark *m)
{
	if (len < 38 || get(frame + 12, 2) != TRAFFIC_TYPE ||
	    memcmp(frame + 14, magic, sizeof(magic)) != 0)
		return false;
	m->run = (uint32_t)get(frame + 18, 4);
	m->seq = get(frame + 22, 8);
	m->ns = get(frame + 30, 8);
	return true;
}

static uint64_t *word_of(struct traffic_track *t, uint64_t seq)
{
	return &t->seen[seq % TRAFFIC_WINDOW / 64];
}

/**
 * traffic_arrived() - A frame has come
 * @t: zeroed before the first
 * @seq: its number
 */
void traffic_arrived(struct traffic_track *t, uint64_t seq)
{
	uint64_t bit = 1ull << (seq % 64);

	t->frames++;
	if (seq >= t->next) {
		uint64_t jump = seq - t->next;

		if (jump >= TRAFFIC_WINDOW)
			memset(t->seen, 0, sizeof(t->seen));
		for (uint64_t i = t->next; jump < TRAFFIC_WINDOW && i < seq; i++)
			*word_of(t, i) &= ~(1ull << (i % 64));
		t->missing += jump;
		t->next = seq + 1;
		*word_of(t, seq) |= bit;
	} else if (seq + TRAFFIC_WINDOW < t->next) {
		t->ancient++;
	} else if (*word_of(t, seq) & bit) {
		t->duplicates++;
	} else {
		*word_of(t, seq) |= bit;
		t->reordered++;
		t->missing--;
	}
}

/**
 * traffic_lost() - Frames that have not come
 * @t: all that has come
 * @sent: by the sender's count; 0 when it is not known
 *
 * Return: how many; without @sent those behind the last that came are not in it.
 */
uint64_t traffic_lost(const struct traffic_track *t, uint64_t sent)
{
	return t->missing + (sent > t->next ? sent - t->next : 0);
}
