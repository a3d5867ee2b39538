// SPDX-License-Identifier: GPL-2.0-or-later
/* Where hpcapdd's frames come from: a queue or a group, perhaps by way of a feed. */
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "dd.h"
#include "pipe.h"

#define RING_DEFAULT (64ull << 20)
#define RING_MAX     (1ull << 40)
#define GRACE_NS     (2 * CLI_NSEC) /* for the sender to end by itself after a signal */

bool dd_is_pipe(int argc, char **argv)
{
	struct stat st;
	int i;

	for (i = 1; i < argc - 1; i++)
		if (!strcmp(argv[i], "-") && strcmp(argv[i - 1], "-w") &&
		    strcmp(argv[i - 1], "--write"))
			return !stat(argv[i + 1], &st) && S_ISDIR(st.st_mode);
	return false;
}

bool dd_parse_decap(struct dd_options *o, const char *arg)
{
	o->feed.decap = arg ? hpcap_decap_parse(arg) : HPCAP_DECAP_ALL;
	return o->feed.decap;
}

bool dd_parse_ring(struct dd_options *o, const char *arg)
{
	return cli_size(arg, &o->feed.ring) && o->feed.ring >= HPCAP_RING_MIN &&
	       o->feed.ring <= RING_MAX;
}

int dd_check_source(const struct dd_options *o)
{
	if (o->feed.ring && !o->pipe && !o->feed.decap)
		return cli_misuse(
			"--ring: a queue has its own (hpcap-ctl); with --decap or a pipe only");
	if (!o->pipe)
		return -1;
	if (isatty(STDIN_FILENO))
		return cli_misuse("the standard input is a terminal");
	if (o->join.name || o->from.order.window_ns || o->from.order.order || o->from.filter ||
	    o->from.caplen)
		return cli_misuse(
			"--name, --window, --unordered, --filter and --caplen are for queues");
	return -1;
}

static int open_feed(struct dd *d)
{
	struct feed_options opt = d->opt.feed;
	int err;

	if (!opt.ring)
		opt.ring = RING_DEFAULT;
	opt.lossy = d->opt.join.mode == HPCAP_LOSSY;
	err = feed_start(&d->feed, &d->h, d->opt.pipe ? NULL : &d->from, &opt);
	if (!err)
		return -1;
	cli_error("cannot begin: %s", hpcap_strerror(err));
	if (!d->opt.pipe)
		listen_close(&d->opt.from, &d->from);
	return CLI_FAILED;
}

int dd_source_open(struct dd *d)
{
	const bool fed = d->opt.pipe || d->opt.feed.decap;
	int err = 0;

	if (!d->opt.pipe)
		err = listen_open(&d->opt.from, fed ? &d->from : &d->h, &d->opt.join);
	if (err)
		return err;
	return fed ? open_feed(d) : -1;
}

void dd_source_close(struct dd *d)
{
	if (!d->feed) {
		listen_close(&d->opt.from, &d->h);
		return;
	}
	feed_stop(d->feed);
	d->feed = NULL;
	if (!d->opt.pipe)
		listen_close(&d->opt.from, &d->from);
	hpcap_close(&d->h);
}

bool dd_source_finish(struct dd *d)
{
	if (!d->finishing) {
		const bool many = listen_finish(&d->opt.from);

		/* a group's own ring ends, and the feed with it */
		if (d->feed && !many)
			feed_finish(d->feed, strcmp(d->reason, "signal") ? 0 : GRACE_NS);
		d->finishing = many || d->feed;
	}
	if (d->feed)
		feed_press(d->feed);
	return d->finishing;
}

bool dd_source_is_whole(const struct dd *d)
{
	const struct feed_report *r;

	if (!d->feed)
		return true;
	feed_end(d->feed);
	r = feed_report(d->feed);
	if (*feed_error(d->feed))
		cli_error("standard input: %s", feed_error(d->feed));
	else if (r->err)
		cli_error("%s: %s", dd_source_name(d), hpcap_strerror(r->err));
	if (r->refused)
		cli_error("%" PRIu64 " frames that RAW cannot hold (not Ethernet, no time, or "
			  "too long) were not stored: hpcapdd - FILE.pcapng takes them",
			  r->refused);
	return !r->err && !r->cut && !r->refused && (!d->opt.pipe || !hpcap_missed(&d->h));
}

const char *dd_source_name(const struct dd *d)
{
	return d->opt.pipe ? "the standard input" : listen_name(&d->opt.from);
}

void dd_source_json(const struct dd *d, FILE *f)
{
	const struct feed_report *r = d->feed ? feed_report(d->feed) : NULL;
	int i;

	fputs(", \"input\": ", f);
	if (d->opt.pipe)
		fprintf(f,
			"{\"received\": %" PRIu64 ", \"received_bytes\": %" PRIu64
			", \"refused\": %" PRIu64 ", \"cut\": %s, \"waited_ns\": %" PRId64 "}",
			r->received, r->received_bytes, r->refused, r->cut ? "true" : "false",
			r->waited_ns);
	else
		fputs("null", f);
	fputs(", \"decap\": ", f);
	if (!d->opt.feed.decap) {
		fputs("null", f);
		return;
	}
	fprintf(f, "{\"changed\": %" PRIu64 ", \"removed\": {", r->decap.changed);
	for (i = 0; i < HPCAP_NR_TUNNELS; i++)
		fprintf(f, "%s\"%s\": %" PRIu64, i ? ", " : "", hpcap_tunnel_name(i),
			r->decap.removed[i]);
	fprintf(f,
		"}, \"malformed\": %" PRIu64 ", \"cut\": %" PRIu64 ", \"fragments\": %" PRIu64
		", \"deep\": %" PRIu64 "}",
		r->decap.malformed, r->decap.cut, r->decap.fragments, r->decap.deep);
}

void dd_source_tell(const struct dd *d)
{
	const struct feed_report *r = d->feed ? feed_report(d->feed) : NULL;

	if (d->opt.pipe && r->waited_ns)
		fprintf(stderr, "hpcapdd: the sender waited about %.1f s for the ring\n",
			(double)r->waited_ns / CLI_NSEC);
	if (d->opt.feed.decap)
		fprintf(stderr,
			"hpcapdd: tunnels taken off %" PRIu64
			" frames; left: malformed %" PRIu64 ", cut %" PRIu64
			", fragments %" PRIu64 ", too deep %" PRIu64 "\n",
			r->decap.changed, r->decap.malformed, r->decap.cut, r->decap.fragments,
			r->decap.deep);
}
