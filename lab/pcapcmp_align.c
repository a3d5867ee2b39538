// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which captured frame is which sent frame, when the files differ.
 *
 * 1. Frames that stand exactly once on each side pair up; the longest run of
 *    pairs that is in order on both sides makes the anchors.
 * 2. Between two anchors, each captured frame takes the next equal sent one.
 * 3. Equal frames still alone on both sides: arrived, but out of order.
 * 4. Between two frames in order, similar ones left over: corrupted.
 * 5. The rest is lost, or extra.
 */
#include "pcapcmp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// indices of a side's entries, by hash, then by place
struct order {
	const struct cmp_side *side;
	size_t *at;
};

static int by_hash(const void *x, const void *y, void *arg)
{
	const struct cmp_entry *e = ((const struct cmp_side *)arg)->entry;
	size_t i = *(const size_t *)x, j = *(const size_t *)y;

	if (e[i].hash != e[j].hash)
		return e[i].hash < e[j].hash ? -1 : 1;
	return (i > j) - (i < j);
}

static void *must_alloc(size_t n, size_t size)
{
	void *p = calloc(n ? n : 1, size);

	if (!p) {
		fprintf(stderr, "pcapcmp: out of memory\n");
		exit(1);
	}
	return p;
}

static void order_init(struct order *o, struct cmp_side *s)
{
	o->side = s;
	o->at = must_alloc(s->nr, sizeof(*o->at));
	for (size_t i = 0; i < s->nr; i++)
		o->at[i] = i;
	qsort_r(o->at, s->nr, sizeof(*o->at), by_hash, s);
}

// first rank whose entry is not below (hash, place)
static size_t order_find(const struct order *o, uint64_t hash, size_t place)
{
	size_t lo = 0, hi = o->side->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2, i = o->at[mid];
		uint64_t h = o->side->entry[i].hash;

		if (h < hash || (h == hash && i < place))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void pair(struct cmp_side *a, size_t i, struct cmp_side *b, size_t j, enum cmp_fate fate)
{
	a->entry[i].match = j;
	b->entry[j].match = i;
	a->entry[i].fate = fate;
	b->entry[j].fate = fate;
}

static bool alone(const struct order *o, size_t rank, uint64_t hash)
{
	const struct cmp_entry *e = o->side->entry;
	size_t n = o->side->nr;

	return rank < n && e[o->at[rank]].hash == hash &&
	       (rank + 1 >= n || e[o->at[rank + 1]].hash != hash);
}

// sent index -> captured index for frames that stand once on each side, else CMP_NONE
static size_t *unique_pairs(const struct order *oa, const struct order *ob)
{
	size_t *to = must_alloc(oa->side->nr, sizeof(*to));

	for (size_t i = 0; i < oa->side->nr; i++) {
		uint64_t hash = oa->side->entry[i].hash;
		size_t rank = order_find(ob, hash, 0);

		to[i] = CMP_NONE;
		if (alone(oa, order_find(oa, hash, 0), hash) && alone(ob, rank, hash))
			to[i] = ob->at[rank];
	}
	return to;
}

// Longest increasing run of the pairs (patience sorting): these are in order.
static void set_anchors(struct cmp_side *a, struct cmp_side *b, const size_t *to)
{
	size_t *tail =
		must_alloc(a->nr, sizeof(*tail)); // sent index that ends a run of length k+1
	size_t *before = must_alloc(a->nr, sizeof(*before));
	size_t len = 0;

	for (size_t i = 0; i < a->nr; i++) {
		size_t lo = 0, hi = len;

		if (to[i] == CMP_NONE)
			continue;
		while (lo < hi) {
			size_t mid = lo + (hi - lo) / 2;

			if (to[tail[mid]] < to[i])
				lo = mid + 1;
			else
				hi = mid;
		}
		before[i] = lo ? tail[lo - 1] : CMP_NONE;
		tail[lo] = i;
		if (lo == len)
			len++;
	}
	for (size_t i = len ? tail[len - 1] : CMP_NONE; i != CMP_NONE; i = before[i])
		pair(a, i, b, to[i], CMP_IN_ORDER);
	free(tail);
	free(before);
}

// Step 2 for captured frames [j, j_end) and sent frames [i, i_end).
static void fill_gap(struct cmp_side *a, size_t i, size_t i_end, struct cmp_side *b, size_t j,
		     size_t j_end, const struct order *oa)
{
	for (; j < j_end; j++) {
		uint64_t hash = b->entry[j].hash;
		size_t rank = order_find(oa, hash, i), found;

		if (rank >= a->nr)
			continue;
		found = oa->at[rank];
		if (a->entry[found].hash != hash || found >= i_end)
			continue;
		pair(a, found, b, j, CMP_IN_ORDER);
		i = found + 1;
	}
}

static void fill_gaps(struct cmp_side *a, struct cmp_side *b, const struct order *oa)
{
	size_t *anchor = must_alloc(a->nr, sizeof(*anchor)), n = 0;
	size_t i = 0, j = 0;

	for (size_t k = 0; k < a->nr; k++)
		if (a->entry[k].match != CMP_NONE)
			anchor[n++] = k;
	for (size_t k = 0; k < n; k++) {
		size_t m = a->entry[anchor[k]].match;

		fill_gap(a, i, anchor[k], b, j, m, oa);
		i = anchor[k] + 1;
		j = m + 1;
	}
	fill_gap(a, i, a->nr, b, j, b->nr, oa);
	free(anchor);
}

// Step 3: equal hashes left over, first with first.
static void match_reordered(struct cmp_side *a, struct cmp_side *b, const struct order *oa,
			    const struct order *ob)
{
	size_t x = 0, y = 0;

	while (x < a->nr && y < b->nr) {
		const struct cmp_entry *ea = &a->entry[oa->at[x]], *eb = &b->entry[ob->at[y]];

		if (ea->match != CMP_NONE || ea->hash < eb->hash)
			x++;
		else if (eb->match != CMP_NONE || eb->hash < ea->hash)
			y++;
		else
			pair(a, oa->at[x++], b, ob->at[y++], CMP_REORDERED);
	}
}

static bool similar(const struct cmp_side *a, size_t i, const struct cmp_side *b, size_t j)
{
	const struct cmp_entry *x = &a->entry[i], *y = &b->entry[j];
	uint32_t n = x->caplen < y->caplen ? x->caplen : y->caplen, equal = 0;

	if (n > CMP_HEAD)
		n = CMP_HEAD;
	for (uint32_t k = 0; k < n; k++)
		equal += a->heads[x->head + k] == b->heads[y->head + k];
	return x->caplen == y->caplen ? equal * 2 >= n : equal * 4 >= n * 3;
}

// Step 4 for one stretch between two frames that are in order.
static void match_corrupted(struct cmp_side *a, size_t i, size_t i_end, struct cmp_side *b,
			    size_t j, size_t j_end)
{
	for (; j < j_end; j++) {
		if (b->entry[j].match != CMP_NONE)
			continue;
		for (size_t k = i; k < i_end; k++) {
			if (a->entry[k].match != CMP_NONE || !similar(a, k, b, j))
				continue;
			pair(a, k, b, j, CMP_CORRUPTED);
			i = k + 1;
			break;
		}
	}
}

static void match_all_corrupted(struct cmp_side *a, struct cmp_side *b)
{
	size_t i = 0, j = 0;

	for (size_t k = 0; k < a->nr; k++) {
		if (a->entry[k].fate != CMP_IN_ORDER)
			continue;
		match_corrupted(a, i, k, b, j, a->entry[k].match);
		i = k + 1;
		j = a->entry[k].match + 1;
	}
	match_corrupted(a, i, a->nr, b, j, b->nr);
}

/**
 * cmp_align() - Find the fate of each remembered frame
 * @a: what was sent
 * @b: what was captured
 * @res: counts are added
 *
 * Return: 0
 */
int cmp_align(struct cmp_side *a, struct cmp_side *b, struct cmp_result *res)
{
	struct order oa, ob;
	size_t *to;

	order_init(&oa, a);
	order_init(&ob, b);
	to = unique_pairs(&oa, &ob);
	set_anchors(a, b, to);
	fill_gaps(a, b, &oa);
	match_reordered(a, b, &oa, &ob);
	match_all_corrupted(a, b);
	free(to);
	free(oa.at);
	free(ob.at);
	for (size_t i = 0; i < a->nr; i++) {
		res->same += a->entry[i].fate == CMP_IN_ORDER;
		res->reordered += a->entry[i].fate == CMP_REORDERED;
		res->corrupted += a->entry[i].fate == CMP_CORRUPTED;
		res->lost += a->entry[i].fate == CMP_MISSING;
	}
	for (size_t j = 0; j < b->nr; j++)
		res->extra += b->entry[j].fate == CMP_MISSING;
	return 0;
}
