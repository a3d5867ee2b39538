// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd: store a capture queue as RAW files, in whole blocks. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "capture.h"

enum {
	SPAN_MAX = 4 << 20
}; /* bytes taken at once; then given back */

static const char usage[] =
	"usage: hpcapdd [options] <adapter> <queue> <dir|null>\n"
	"Store /dev/hpcap_<adapter>_<queue> in RAW files under <dir>.\n"
	"      --file-size SIZE  of each file, multiple of 4096 (2G)\n"
	"      --block SIZE      of each write, multiple of 4096 (1M)\n"
	"  -c, --count N         stop after N frames\n"
	"      --duration S      stop after S seconds\n"
	"      --stats S         a line of statistics each S seconds\n"
	"  -l, --lossy           never hold back others: rather miss frames\n"
	"  -n, --name NAME       shown in listings of listeners\n"
	"  -j, --json            a summary as JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Ctrl-C ends in order: everything captured until then is stored.\n";

/* What a lossy listener stores is first copied, then known to be whole. */
static int store_copy(struct capture *c, struct hpcap_span *span, void *copy)
{
	memcpy(copy, span->data, span->bytes);
	if (!hpcap_valid(&c->h, span->pos)) {
		c->torn += span->frames;
		return 0;
	}
	c->frames += span->frames;
	return hpcap_writer_append(c->w, copy, span->bytes);
}

static int store_span(struct capture *c, struct hpcap_span *span, void *copy)
{
	int err;

	if (copy)
		return store_copy(c, span, copy);
	err = hpcap_writer_append(c->w, span->data, span->bytes);
	if (!err)
		c->frames += span->frames;
	return err;
}

/* Store what is committed now. */
static int store(struct capture *c, void *copy)
{
	uint64_t left = c->h.avail - c->h.acks;
	int ret = 0;

	while (left && !capture_is_full(c)) {
		uint64_t room = hpcap_writer_room(c->w);
		uint64_t max = left < SPAN_MAX ? left : SPAN_MAX;
		struct hpcap_span span;

		ret = hpcap_next_span(&c->h, room < max ? room : max,
				      c->count ? c->count - c->frames : 0, &span);
		if (ret == -EMSGSIZE && room < max) {
			ret = hpcap_writer_rotate(c->w);
			if (ret)
				return ret;
			continue;
		}
		/* A lossy listener that was overtaken may stand mid-way: next time. */
		if (ret == -EMSGSIZE && copy)
			return 0;
		if (ret <= 0)
			return ret;
		ret = store_span(c, &span, copy);
		if (ret)
			return ret;
		hpcap_ack(&c->h);
		left -= span.bytes < left ? span.bytes : left;
	}
	return 0;
}

static int run(struct capture *c, void *copy)
{
	const uint64_t block = c->wopt.block ? c->wopt.block : HPCAP_BS;
	bool last = false;
	int err = 0;

	while (!err && !last && !capture_is_full(c)) {
		err = capture_wait(c, block, &last);
		if (!err)
			err = store(c, copy);
	}
	return err;
}

int main(int argc, char **argv)
{
	struct capture c = {.program = "hpcapdd", .wopt.flags = HPCAP_WRITER_DIRECT};
	int status = capture_parse(&c, argc, argv, usage);
	void *copy = NULL;
	int err = 0;

	if (status >= 0)
		return status;
	if (c.to_stdout)
		return cli_misuse("stdout: only hpcapdd_p writes there");
	status = capture_begin(&c);
	if (status)
		return status;
	if (c.hopt.mode == HPCAP_LOSSY) {
		copy = malloc(SPAN_MAX);
		err = copy ? 0 : -ENOMEM;
	}
	if (!err)
		err = run(&c, copy);
	free(copy);
	return capture_end(&c, err);
}
