// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-forward: bridge the interfaces of two capture queues. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include "forward.h"

#define SLICE_NS (CLI_NSEC / 4) /* longest sleep; bounds how late a stop is seen */

enum {
	ROUND = 4096
}; /* frames between two looks at limits and signals */

static int open_side(struct forward_side *s, bool copy)
{
	int err = hpcap_out_open(&s->out, s->adapter, s->queue);

	if (err)
		cli_error("%s: %s", s->spec, hpcap_strerror(err));
	else
		hpcap_out_copy(s->out, copy);
	return err;
}

static int open_all(struct forward *f)
{
	const struct hpcap_group_options unordered = {.order = HPCAP_GROUP_UNORDERED};
	const struct hpcap_options opt = {.name = f->name ? f->name : "hpcap-forward"};
	char where[32], specs[64];
	int err = 0;

	if (!f->one_way)
		err = open_side(&f->side[0], f->copy);
	if (!err)
		err = open_side(&f->side[1], f->copy);
	if (err)
		return err;
	snprintf(specs, sizeof(specs), "%d:%d,%d:%d", f->side[0].adapter, f->side[0].queue,
		 f->side[1].adapter, f->side[1].queue);
	if (f->one_way)
		*strchr(specs, ',') = '\0';
	err = hpcap_group_open(&f->group, specs, &opt, &unordered, where);
	if (err)
		cli_error("%s: %s", where, hpcap_strerror(err));
	return err;
}

static bool matches(const struct forward *f, const struct hpcap_record *rec)
{
	const struct pcap_pkthdr hdr = {.caplen = rec->caplen, .len = rec->len};

	return !f->expression || pcap_offline_filter(&f->program, &hdr, rec->data);
}

/* New addresses, and how many bytes from the front they change. */
static uint32_t edit(const struct forward *f, const struct hpcap_record *rec, uint8_t *front)
{
	if (!f->set_src && !f->set_dst)
		return 0;
	memcpy(front, rec->data, MACS_LEN);
	if (f->set_dst)
		memcpy(front, f->dst, MAC_LEN);
	if (f->set_src)
		memcpy(front + MAC_LEN, f->src, MAC_LEN);
	return f->set_src ? MACS_LEN : MAC_LEN;
}

static int forward_one(struct forward *f, const struct hpcap_record *rec, unsigned int from)
{
	struct forward_side *s = &f->side[from];
	uint8_t front[MACS_LEN];
	uint32_t edited;
	int err;

	s->in++;
	s->in_bytes += rec->len;
	if (!matches(f, rec)) {
		s->filtered++;
		return 0;
	}
	edited = rec->caplen < MACS_LEN ? 0 : edit(f, rec, front);
	err = hpcap_out_send(f->side[!from].out, hpcap_group_handle(f->group, from), rec, front,
			     edited);
	if (err == -EINVAL || err == -EMSGSIZE) {
		s->unsendable++;
		return 0;
	}
	return err;
}

static int flush(struct forward *f)
{
	int i, err, ret = 0;

	for (i = 0; i < 2; i++) {
		err = f->side[i].out ? hpcap_out_flush(f->side[i].out) : 0;
		if (err)
			ret = err;
	}
	return ret;
}

static uint64_t taken(const struct forward *f)
{
	return f->side[0].in + f->side[1].in;
}

/* Everything that is there now, up to a round; then it is sent and given back. */
static int forward_some(struct forward *f)
{
	struct hpcap_record rec;
	unsigned int from, n;
	int ret = 1, err = 0;

	for (n = 0; n < ROUND && ret > 0 && !err; n++) {
		if (f->count && taken(f) >= f->count) {
			f->reason = "count";
			break;
		}
		ret = hpcap_group_next(f->group, &rec, &from);
		if (ret > 0)
			err = forward_one(f, &rec, from);
	}
	if (!err)
		err = flush(f);
	hpcap_group_ack(f->group);
	return ret < 0 ? ret : err;
}

/* Both are needed: when one goes away the bridge ends. */
static bool one_is_gone(const struct forward *f)
{
	struct hpcap_group_report rep;

	hpcap_group_get_report(f->group, &rep);
	return rep.active < rep.members;
}

static int run(struct forward *f)
{
	int err = 0;

	while (!err && !f->reason) {
		int64_t now = cli_now_ns(), slice = SLICE_NS;

		if (cli_stopped())
			f->reason = "signal";
		else if (f->duration_ns && now - f->begin_ns >= f->duration_ns)
			f->reason = "duration";
		if (f->duration_ns && f->begin_ns + f->duration_ns - now < slice)
			slice = f->begin_ns + f->duration_ns - now;
		err = hpcap_group_wait(f->group, f->reason ? 0 : slice);
		if (!err || err == -ETIMEDOUT || err == -EINTR)
			err = forward_some(f);
		if (err == -ENODEV || one_is_gone(f)) {
			f->reason = "gone";
			err = 0;
		}
	}
	return err;
}

int main(int argc, char **argv)
{
	struct forward f = {0};
	int status = forward_parse(&f, argc, argv);
	int i, err;

	if (status >= 0)
		return status;
	cli_catch_signals();
	err = open_all(&f);
	if (!err) {
		f.begin_ns = cli_now_ns();
		fprintf(stderr, "hpcap-forward: forwarding %s %s %s%s%s\n", f.side[0].spec,
			f.one_way ? "->" : "<->", f.side[1].spec,
			f.expression ? ", filter " : "", f.expression ? f.expression : "");
		err = run(&f);
		if (err)
			cli_error("%s", err == -EPERM
						? "sending needs CAP_NET_RAW: run it as root"
						: hpcap_strerror(err));
		forward_report(&f, err);
	}
	hpcap_group_destroy(f.group);
	for (i = 0; i < 2; i++)
		hpcap_out_close(f.side[i].out);
	pcap_freecode(&f.program);
	return err ? CLI_FAILED : CLI_OK;
}
