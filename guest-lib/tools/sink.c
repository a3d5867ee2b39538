// SPDX-License-Identifier: GPL-2.0-or-later
/* Where frames go. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "err.h"
#include "sink.h"

enum {
	BLOCK = 1 << 20,
	HEAD_MAX = 4096, /* bytes that describe one interface */
};

int sink_init(struct sink *s, const struct sink_options *opt)
{
	int err = 0;

	memset(s, 0, sizeof(*s));
	s->opt = *opt;
	s->fd = -1;
	s->first_ns = UINT64_MAX;
	sink_choose(&s->opt);
	s->enc.format = s->opt.format;
	s->enc.usec = s->opt.usec;
	s->enc.program = program_invocation_short_name;
	s->enc.comment = s->opt.comment;
	s->room = BLOCK;
	s->buf = malloc(s->room);
	s->ifaces = calloc(HPCAP_IFACES_MAX, sizeof(*s->ifaces));
	s->enc.ifaces = s->ifaces;
	s->name = malloc(strlen(opt->path) + 16);
	if (s->opt.packing)
		err = hpcap_pack_create(&s->pack, s->opt.packing, s->opt.level);
	if (!err && (!s->buf || !s->ifaces || !s->name))
		err = -ENOMEM;
	if (!err)
		return 0;
	cli_error("%s: %s", opt->path, hpcap_file_strerror(err));
	sink_deinit(s);
	return err;
}

void sink_deinit(struct sink *s)
{
	if (s->disk) {
		sink_disk_finish(s->disk);
		sink_disk_destroy(s->disk);
		s->buf = NULL;
	}
	if (s->fd > STDOUT_FILENO)
		close(s->fd);
	hpcap_pack_destroy(s->pack);
	free(s->ifaces);
	free(s->name);
	free(s->buf);
	free(s->out);
	memset(s, 0, sizeof(*s));
	s->fd = -1;
}

static int fail(const struct sink *s, int err)
{
	cli_error("%s: %s", s->fd == STDOUT_FILENO ? "standard output" : s->name,
		  hpcap_file_strerror(err));
	return err;
}

static int write_all(struct sink *s, const uint8_t *p, size_t size)
{
	s->file_bytes += size;
	s->bytes += size;
	while (size) {
		ssize_t n = write(s->fd, p, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(s, -errno);
		p += n;
		size -= (size_t)n;
	}
	return 0;
}

/* The first full block of a file that may go past the page cache. */
static void try_disk(struct sink *s)
{
	if (!s->opt.straight || s->pack || s->file_bytes || s->room != BLOCK ||
	    s->fill < BLOCK / 2 || s->fd == STDOUT_FILENO ||
	    sink_disk_create(&s->disk, s->fd, BLOCK))
		return;
	memcpy(sink_disk_block(s->disk), s->buf, s->fill);
	free(s->buf);
	s->buf = sink_disk_block(s->disk);
}

static int put_disk(struct sink *s)
{
	const size_t before = s->fill;
	int err = sink_disk_next(s->disk, &s->fill);

	s->buf = sink_disk_block(s->disk);
	s->file_bytes += before - s->fill;
	s->bytes += before - s->fill;
	return err ? fail(s, err) : 0;
}

/* What fills no sector, or a block that is too small: on through the page cache. */
static int leave_disk(struct sink *s)
{
	uint8_t *buf;
	int err;

	if (!s->disk)
		return 0;
	buf = malloc(s->room);
	err = sink_disk_finish(s->disk);
	if (buf)
		memcpy(buf, s->buf, s->fill);
	else if (!err)
		err = -ENOMEM;
	sink_disk_destroy(s->disk);
	s->disk = NULL;
	s->buf = buf;
	return err ? fail(s, err) : 0;
}

/* The block as one packed frame, or as it is. */
static int write_block(struct sink *s)
{
	size_t size, bound;
	ssize_t n;

	if (!s->disk)
		try_disk(s);
	if (s->disk)
		return put_disk(s);
	size = s->fill;
	s->fill = 0;
	if (!size || !s->pack)
		return write_all(s, s->buf, size);
	bound = hpcap_pack_bound(s->pack, s->room);
	if (!s->out)
		s->out = malloc(bound);
	if (!s->out)
		return fail(s, -ENOMEM);
	n = hpcap_pack_block(s->pack, s->buf, size, s->out, bound);
	return n < 0 ? fail(s, (int)n) : write_all(s, s->out, (size_t)n);
}

/* tcpdump's names: file, file1, file2; with a number of files file00 to file15. */
static void set_name(struct sink *s)
{
	char digits[16];
	int width;

	if (!s->opt.file_size || (!s->opt.keep && !s->files)) {
		strcpy(s->name, s->opt.path);
	} else if (!s->opt.keep) {
		sprintf(s->name, "%s%u", s->opt.path, (unsigned int)s->files);
	} else {
		width = snprintf(digits, sizeof(digits), "%u", s->opt.keep - 1);
		sprintf(s->name, "%s%0*u", s->opt.path, width,
			(unsigned int)(s->files % s->opt.keep));
	}
	s->files++;
}

static int begin(struct sink *s)
{
	ssize_t n;

	if (s->fd >= 0)
		return 0;
	set_name(s);
	if (!strcmp(s->opt.path, "-"))
		s->fd = STDOUT_FILENO;
	else
		s->fd = open(s->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (s->fd < 0)
		return fail(s, -errno);
	s->file_bytes = 0;
	if (s->enc.format == HPCAP_FORMAT_PCAPNG && !s->enc.nr_ifaces) {
		s->ifaces[0].linktype = HPCAP_LINK_ETHERNET;
		s->enc.nr_ifaces = 1;
	}
	for (;;) {
		n = hpcap_enc_begin(&s->enc, s->buf, s->room);
		if (n != -ENOBUFS)
			break;
		free(s->buf);
		s->room *= 2;
		s->buf = malloc(s->room);
		if (!s->buf)
			return fail(s, -ENOMEM);
	}
	if (n < 0)
		return fail(s, (int)n);
	s->fill = (size_t)n;
	return 0;
}

int sink_flush(struct sink *s)
{
	return s->fd < 0 ? 0 : write_block(s);
}

static int put_stats(struct sink *s)
{
	uint32_t i;

	for (i = 0; i < s->enc.nr_ifaces; i++) {
		const struct hpcap_enc_stats st = {
			.iface = i,
			.has_time = s->frames,
			.first_ns = s->first_ns,
			.last_ns = s->last_ns,
			.received = s->ifaces[i].frames + (i ? 0 : s->dropped),
			.dropped = s->ifaces[i].dropped + (i ? 0 : s->dropped),
		};
		ssize_t n;
		int err = s->room - s->fill < HEAD_MAX ? write_block(s) : 0;

		if (err)
			return err;
		n = hpcap_enc_end(&s->enc, &st, s->buf + s->fill, s->room - s->fill);
		if (n < 0)
			return fail(s, (int)n);
		s->fill += (size_t)n;
	}
	return 0;
}

static int end(struct sink *s)
{
	int err = put_stats(s);

	if (!err)
		err = write_block(s);
	if (!err)
		err = leave_disk(s);
	if (!err && s->fill)
		err = write_block(s);
	if (!err && s->fd != STDOUT_FILENO && close(s->fd)) {
		err = fail(s, -errno);
		s->fd = -1;
	}
	if (!err)
		s->fd = -1;
	return err;
}

int sink_finish(struct sink *s)
{
	int err = s->fd < 0 && s->files ? 0 : begin(s);

	return err || s->fd < 0 ? err : end(s);
}

int sink_iface(struct sink *s, const struct hpcap_iface *iface)
{
	uint32_t n = s->enc.nr_ifaces;
	ssize_t made;
	int err;

	if (s->enc.format == HPCAP_FORMAT_PCAP && n &&
	    s->ifaces[0].linktype != iface->linktype) {
		cli_error("%s: pcap holds one link type, here are %u and %u (use pcapng)",
			  s->opt.path, s->ifaces[0].linktype, iface->linktype);
		return -EINVAL;
	}
	if (s->enc.format == HPCAP_FORMAT_RAW && iface->linktype != HPCAP_LINK_ETHERNET) {
		cli_error("%s: RAW holds Ethernet only, here is link type %u (use pcapng)",
			  s->opt.path, iface->linktype);
		return -EINVAL;
	}
	if (n == HPCAP_IFACES_MAX) {
		cli_error("%s: more than %d interfaces", s->opt.path, HPCAP_IFACES_MAX);
		return -EINVAL;
	}
	s->ifaces[n] = *iface;
	s->ifaces[n].frames = 0;
	s->enc.nr_ifaces++;
	if (s->fd < 0 || s->enc.format != HPCAP_FORMAT_PCAPNG)
		return (int)n;
	err = s->room - s->fill < HEAD_MAX ? write_block(s) : 0;
	if (err)
		return err;
	made = hpcap_enc_iface(&s->enc, n, s->buf + s->fill, s->room - s->fill);
	if (made < 0)
		return fail(s, (int)made);
	s->fill += (size_t)made;
	return (int)n;
}

/* Room for a frame: the block goes out, and a larger one is made if need be. */
static int make_room(struct sink *s, size_t bound)
{
	int err = write_block(s);

	if (!err && bound > s->room - s->fill)
		err = leave_disk(s);
	if (!err && bound > s->room - s->fill)
		err = write_block(s);
	if (err || bound <= s->room)
		return err;
	free(s->buf);
	free(s->out);
	s->out = NULL;
	s->room = bound;
	s->buf = malloc(s->room);
	return s->buf ? 0 : fail(s, -ENOMEM);
}

static void tally(struct sink *s, const struct hpcap_frame *f)
{
	uint64_t ns = f->rec.sec * 1000000000ull + f->rec.nsec;

	s->frames++;
	s->caplen_bytes += f->rec.caplen;
	if (s->enc.nr_ifaces)
		s->ifaces[f->iface].frames++;
	if (ns < s->first_ns)
		s->first_ns = ns;
	if (ns > s->last_ns)
		s->last_ns = ns;
}

int sink_put(struct sink *s, const struct hpcap_frame *f)
{
	const size_t bound = hpcap_enc_bound(&s->enc, f);
	int err = 0;
	ssize_t n;

	if (s->fd >= 0 && s->opt.file_size &&
	    s->file_bytes + s->fill + bound > s->opt.file_size &&
	    s->file_bytes + s->fill > HEAD_MAX / 16)
		err = end(s);
	if (!err)
		err = begin(s);
	if (!err && s->room - s->fill < bound)
		err = make_room(s, bound);
	if (err)
		return err;
	n = hpcap_enc_frame(&s->enc, f, s->buf + s->fill, s->room - s->fill);
	if (n < 0)
		return (int)n;
	s->fill += (size_t)n;
	tally(s, f);
	return 0;
}
