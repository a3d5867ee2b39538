// SPDX-License-Identifier: GPL-2.0-or-later
// framegen - makes the capture that ships with the lab: mixed sizes and protocols, by rule.
#include "gen.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NR_FLOWS 40
#define START_NS (1767225600ull * WIRE_NS_PER_S) // 2026-01-01T00:00:00Z

static const char usage_text[] =
	"usage: framegen [--frames N] [--seed N] -o FILE\n"
	"\n"
	"Writes a nanosecond pcap of N frames (default 60000) of 60 to 1518 bytes: TCP and\n"
	"UDP over IPv4 and IPv6, DNS, echo, fragments, 802.1Q, multicast, ARP, neighbour\n"
	"discovery, spanning tree, LLDP. The same seed (default 1) gives the same bytes.\n";

/**
 * gen_random() - The next number of this capture's own sequence
 * @g: holds the state
 * @below: 0 counts as 1
 *
 * Return: 0..@below-1
 */
uint64_t gen_random(struct gen *g, uint64_t below)
{
	uint64_t x;

	g->random += 0x9e3779b97f4a7c15ull;
	x = g->random;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
	x ^= x >> 31;
	return below ? x % below : 0;
}

static void make(struct gen *g)
{
	struct flow flows[NR_FLOWS];
	struct talk talk;

	talk_start(g, &talk);
	for (int i = 0; i < NR_FLOWS; i++)
		flow_start(g, &flows[i]);
	while (g->made < g->want) {
		struct flow *f = &flows[0];
		uint64_t due = talk_next(&talk);

		for (int i = 1; i < NR_FLOWS; i++)
			if (flows[i].due_ns < f->due_ns)
				f = &flows[i];
		if (f->due_ns < due)
			due = f->due_ns;
		// a wire carries one frame at a time: at least its 60 bytes at 1 Gb/s
		g->now_ns = due > g->now_ns + 672 ? due : g->now_ns + 672;
		if (due == f->due_ns)
			flow_step(g, f);
		else
			talk_step(g, &talk);
	}
}

static uint64_t number(const char *opt, const char *text, uint64_t most)
{
	char *end;
	uint64_t v = strtoull(text, &end, 10);

	if (*text >= '0' && *text <= '9' && !*end && v <= most)
		return v;
	fprintf(stderr, "framegen: %s: wanted a number up to %llu, not \"%s\"\n", opt,
		(unsigned long long)most, text);
	exit(2);
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"frames", required_argument, NULL, 'n'},
		{"seed", required_argument, NULL, 's'},
		{"output", required_argument, NULL, 'o'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct gen g = {.want = 60000, .now_ns = START_NS, .random = 1};
	const char *path = NULL;
	char error[512];
	int c;

	while ((c = getopt_long(argc, argv, "o:", options, NULL)) != -1) {
		if (c == 'n')
			g.want = number("--frames", optarg, 1000000000);
		else if (c == 's')
			g.random = number("--seed", optarg, UINT64_MAX);
		else if (c == 'o')
			path = optarg;
		else {
			fputs(usage_text, c == 'h' ? stdout : stderr);
			return c == 'h' ? 0 : 2;
		}
	}
	if (!path || optind < argc) {
		fputs(usage_text, stderr);
		return 2;
	}
	if (wire_writer_open(&g.out, path, error, sizeof(error))) {
		fprintf(stderr, "framegen: %s\n", error);
		return 1;
	}
	make(&g);
	if (wire_writer_close(&g.out)) {
		fprintf(stderr, "framegen: %s: cannot write all of it\n", path);
		return 1;
	}
	return 0;
}
