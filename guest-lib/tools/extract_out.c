// SPDX-License-Identifier: GPL-2.0-or-later
/* What was found, as RAW, pcap or pcapng. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cli.h"
#include "err.h"
#include "extract.h"

enum {
	BUF = 1 << 20,
	HEAD_MAX = 1 << 18, /* bytes that describe all interfaces */
	OUT_IFACES = 1024,
};

static int say(const struct output *o, int err)
{
	cli_error("%s: %s", o->path, hpcap_file_strerror(err));
	return err;
}

static int flush(struct output *o)
{
	size_t done = 0;

	while (done < o->fill) {
		ssize_t n = write(o->fd, o->buf + done, o->fill - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return say(o, -errno);
		done += (size_t)n;
	}
	o->fill = 0;
	return 0;
}

/* The output is made when there is something to write: no trace of a wrong use. */
static int open_output(struct output *o)
{
	if (o->fd >= 0)
		return 0;
	o->buf = malloc(BUF);
	o->ifaces = calloc(OUT_IFACES, sizeof(*o->ifaces));
	if (!o->buf || !o->ifaces)
		return say(o, -ENOMEM);
	o->fd = strcmp(o->path, "-")
			? open(o->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)
			: STDOUT_FILENO;
	if (o->fd < 0)
		return say(o, -errno);
	o->enc.format = o->format;
	o->enc.usec = o->usec;
	o->enc.program = "hpcap-extract";
	o->enc.ifaces = o->ifaces;
	return 0;
}

/* A head: of the file, or of a new section that knows all interfaces so far. */
static int describe(struct output *o)
{
	ssize_t n;
	int err = BUF - o->fill < HEAD_MAX ? flush(o) : 0;

	if (err)
		return err;
	n = hpcap_enc_begin(&o->enc, o->buf + o->fill, BUF - o->fill);
	if (n < 0)
		return say(o, (int)n);
	o->fill += (size_t)n;
	o->described = o->enc.nr_ifaces;
	return 0;
}

/* hpcap0_1 of .../1700000000_hpcap0_1.raw */
static void name_iface(struct hpcap_iface *iface, const struct source *s)
{
	const char *name = strrchr(s->path, '/'), *from;
	int adapter, queue, end = 0;

	name = name ? name + 1 : s->path;
	from = strstr(name, "hpcap");
	if (from && sscanf(from, "hpcap%d_%d%n", &adapter, &queue, &end) == 2)
		snprintf(iface->name, sizeof(iface->name), "hpcap%d_%d", adapter, queue);
	else
		snprintf(iface->name, sizeof(iface->name), "%.60s", name);
}

static uint32_t find_iface(const struct output *o, const struct hpcap_iface *i)
{
	uint32_t n;

	for (n = 0; n < o->enc.nr_ifaces; n++)
		if (o->ifaces[n].linktype == i->linktype && !strcmp(o->ifaces[n].name, i->name))
			break;
	return n;
}

/* The number that the source's interface has in the output, or a negative errno. */
static int64_t map_iface(struct output *o, struct source *s)
{
	const struct hpcap_iface *of = hpcap_in_iface(s->in, s->f.iface);
	struct hpcap_iface iface = {.linktype = s->f.linktype, .ticks = CLI_NSEC};
	uint32_t n;

	if (of) {
		iface.snaplen = of->snaplen;
		memcpy(iface.name, of->name, sizeof(iface.name));
		memcpy(iface.text, of->text, sizeof(iface.text));
	}
	if (!*iface.name)
		name_iface(&iface, s);
	n = find_iface(o, &iface);
	if (n == OUT_IFACES) {
		cli_error("%s: more than %d interfaces", o->path, OUT_IFACES);
		return -E2BIG;
	}
	if (n == o->enc.nr_ifaces) {
		o->ifaces[n] = iface;
		o->enc.nr_ifaces++;
	}
	return n;
}

static int64_t iface_of(struct output *o, struct source *s)
{
	int64_t n;

	if (s->f.iface >= s->nr_iface) {
		uint32_t room = s->f.iface + 16;
		uint32_t *more = realloc(s->iface, room * sizeof(*more));

		if (!more)
			return say(o, -ENOMEM);
		memset(more + s->nr_iface, 0xff, (room - s->nr_iface) * sizeof(*more));
		s->iface = more;
		s->nr_iface = room;
	}
	if (s->iface[s->f.iface] != UINT32_MAX)
		return s->iface[s->f.iface];
	n = map_iface(o, s);
	if (n >= 0)
		s->iface[s->f.iface] = (uint32_t)n;
	return n;
}

static int check_link(const struct output *o, const struct source *s)
{
	const uint32_t link = s->f.linktype;

	if (o->format == HPCAP_FORMAT_PCAP && link != o->ifaces[0].linktype) {
		cli_error(
			"%s: link type %u beside %u of other files: pcap holds one only, use -F pcapng",
			s->path, link, o->ifaces[0].linktype);
		return -EINVAL;
	}
	if (o->format == HPCAP_FORMAT_RAW && link != HPCAP_LINK_ETHERNET) {
		cli_error("%s: link type %u: RAW holds Ethernet only, use -F pcapng", s->path,
			  link);
		return -EINVAL;
	}
	return 0;
}

int output_put(struct output *o, struct source *s)
{
	struct hpcap_frame f = s->f;
	int64_t iface;
	ssize_t n;
	int err = open_output(o);

	if (err)
		return err;
	iface = iface_of(o, s);
	if (iface < 0)
		return (int)iface;
	err = check_link(o, s);
	if (!err && (!o->described ||
		     (o->format == HPCAP_FORMAT_PCAPNG && o->described != o->enc.nr_ifaces)))
		err = describe(o);
	if (!err && hpcap_enc_bound(&o->enc, &f) > BUF - o->fill)
		err = flush(o);
	if (err)
		return err;
	f.iface = (uint32_t)iface;
	n = hpcap_enc_frame(&o->enc, &f, o->buf + o->fill, BUF - o->fill);
	if (n < 0) {
		cli_error("%s: a frame of %u bytes at byte %llu does not fit into %s", s->path,
			  f.rec.caplen, (unsigned long long)f.rec.pos, o->path);
		return (int)n;
	}
	o->fill += (size_t)n;
	return 0;
}

int output_finish(struct output *o)
{
	static const struct hpcap_iface ethernet = {.linktype = HPCAP_LINK_ETHERNET,
						    .ticks = CLI_NSEC};
	int err = open_output(o);

	if (!err && !o->described) {
		o->ifaces[0] = ethernet;
		o->enc.nr_ifaces = 1;
		err = describe(o);
	}
	if (!err)
		err = flush(o);
	if (!err && o->fd != STDOUT_FILENO) {
		err = close(o->fd) ? say(o, -errno) : 0;
		o->fd = -1;
	}
	return err;
}

void output_free(struct output *o)
{
	if (o->fd > STDOUT_FILENO)
		close(o->fd);
	free(o->buf);
	free(o->ifaces);
}
