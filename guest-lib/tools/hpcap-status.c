// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-status: every capture queue, its counters, who listens. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <hpcap.h>
#include "cli.h"
#include "queues.h"

static const char usage[] =
	"usage: hpcap-status [options]\n"
	"Every capture queue of this machine: counters since it was created, listeners.\n"
	"  -j, --json     JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 done, 1 a queue could not be asked, 2 wrong use.\n";

struct queue_state {
	struct hpcap_info info;
	struct hpcap_stats stats;
	struct hpcap_listeners list;
};

static const struct counter {
	const char *name;
	size_t offset;
} counters[] = {
	{"frames", offsetof(struct hpcap_stats, frames)},
	{"bytes", offsetof(struct hpcap_stats, bytes)},
	{"captured", offsetof(struct hpcap_stats, captured)},
	{"captured_bytes", offsetof(struct hpcap_stats, captured_bytes)},
	{"nic_missed", offsetof(struct hpcap_stats, nic_missed)},
	{"no_buffer", offsetof(struct hpcap_stats, no_buffer)},
	{"nic_error", offsetof(struct hpcap_stats, nic_error)},
	{"no_client", offsetof(struct hpcap_stats, no_client)},
	{"slow_client", offsetof(struct hpcap_stats, slow_client)},
	{"filtered", offsetof(struct hpcap_stats, filtered)},
	{"flow_cut", offsetof(struct hpcap_stats, flow_cut)},
	{"cut_bytes", offsetof(struct hpcap_stats, cut_bytes)},
	{"flow_evicted", offsetof(struct hpcap_stats, flow_evicted)},
	{"ring_high", offsetof(struct hpcap_stats, ring_high)},
	{"evicted", offsetof(struct hpcap_stats, evicted)},
	{"batches", offsetof(struct hpcap_stats, batches)},
	{"sleeps", offsetof(struct hpcap_stats, sleeps)},
	{"clock_steps", offsetof(struct hpcap_stats, clock_steps)},
	{"sent", offsetof(struct hpcap_stats, sent)},
	{"send_failed", offsetof(struct hpcap_stats, send_failed)},
};

enum {
	NR_COUNTERS = sizeof(counters) / sizeof(counters[0])
};

static uint64_t counter_value(const struct hpcap_stats *st, int i)
{
	uint64_t value;

	memcpy(&value, (const char *)st + counters[i].offset, sizeof(value));
	return value;
}

static int ask(const struct queue_id *id, struct queue_state *s)
{
	const struct hpcap_options opt = {.control = true};
	struct hpcap_handle h;
	int err = hpcap_open_with(&h, id->adapter, id->queue, &opt);

	if (err)
		return err;
	err = hpcap_get_info(&h, &s->info);
	if (!err)
		err = hpcap_get_stats(&h, &s->stats);
	if (!err)
		err = hpcap_get_listeners(&h, &s->list);
	hpcap_close(&h);
	if (!err && s->list.count > HPCAP_MAX_LISTENERS)
		err = -EPROTO;
	return err;
}

static const char *state_name(uint32_t state)
{
	if (state & HPCAP_STATE_GONE)
		return "gone";
	return state & HPCAP_STATE_RUNNING ? "running" : "stopped";
}

static const char *mode_name(uint32_t mode)
{
	return mode == HPCAP_LOSSY ? "lossy" : "strict";
}

static const char *poll_name(uint32_t mode)
{
	return mode == HPCAP_POLL_BUSY ? "busy" : "adaptive";
}

static const char *listener_state(uint32_t state)
{
	switch (state) {
	case HPCAP_LISTENER_ATTACHED:
		return "attached";
	case HPCAP_LISTENER_EXPELLED:
		return "expelled";
	case HPCAP_LISTENER_EVICTED:
		return "evicted";
	default:
		return "gone";
	}
}

static void print_text(const struct queue_id *id, const struct queue_state *s)
{
	const struct hpcap_info *in = &s->info;
	uint32_t i;
	int c;

	printf("hpcap_%d_%d: %.*s, %s, ring %" PRIu64 " MiB, frames up to %u bytes, poll %s",
	       id->adapter, id->queue, HPCAP_NAME_LEN, in->device, state_name(in->state),
	       (uint64_t)in->ring_size >> 20, in->frame_max, poll_name(in->poll_mode));
	if (in->cpu >= 0)
		printf(" on CPU %d", in->cpu);
	printf("\n ");
	for (c = 0; c < NR_COUNTERS; c++)
		printf(" %s %" PRIu64, counters[c].name, counter_value(&s->stats, c));
	printf("\n");
	for (i = 0; i < s->list.count; i++) {
		const struct hpcap_listener *l = &s->list.row[i];

		printf("  listener %u: %.*s, pid %d, %s, %s, lag %" PRIu64
		       " bytes, lost %" PRIu64 "\n",
		       l->id, HPCAP_NAME_LEN, l->name, l->pid, mode_name(l->mode),
		       listener_state(l->state), (uint64_t)l->lag, (uint64_t)l->lost);
	}
}

static void print_json_name(const char *name)
{
	char text[HPCAP_NAME_LEN + 1] = "";

	memcpy(text, name, HPCAP_NAME_LEN);
	cli_json_text(stdout, text);
}

static void print_json(const struct queue_id *id, const struct queue_state *s)
{
	const struct hpcap_info *in = &s->info;
	uint32_t i;
	int c;

	printf("  {\"adapter\": %d, \"queue\": %d, \"device\": ", id->adapter, id->queue);
	print_json_name(in->device);
	printf(", \"state\": \"%s\", \"ring_size\": %" PRIu64 ", \"frame_max\": %u, "
	       "\"poll\": \"%s\", \"cpu\": %d, \"numa_node\": %d,\n   \"counters\": {",
	       state_name(in->state), (uint64_t)in->ring_size, in->frame_max,
	       poll_name(in->poll_mode), in->cpu, in->numa_node);
	for (c = 0; c < NR_COUNTERS; c++)
		printf("%s\"%s\": %" PRIu64, c ? ", " : "", counters[c].name,
		       counter_value(&s->stats, c));
	printf("},\n   \"listeners\": [");
	for (i = 0; i < s->list.count; i++) {
		const struct hpcap_listener *l = &s->list.row[i];

		printf("%s{\"id\": %u, \"name\": ", i ? ", " : "", l->id);
		print_json_name(l->name);
		printf(", \"pid\": %d, \"mode\": \"%s\", \"state\": \"%s\", \"lag\": %" PRIu64
		       ", \"lost\": %" PRIu64 "}",
		       l->pid, mode_name(l->mode), listener_state(l->state), (uint64_t)l->lag,
		       (uint64_t)l->lost);
	}
	printf("]}");
}

static int show_all(bool json)
{
	static struct queue_id id[QUEUES_MAX];
	int n = queues_find(id), status = CLI_OK, i;
	const char *sep = "";

	if (json)
		printf("{\"schema_version\": %d, \"queues\": [", CLI_SCHEMA);
	else if (n == 0)
		printf("no capture queue (no driver with one is loaded)\n");
	for (i = 0; i < n; i++) {
		struct queue_state s;
		int err = ask(&id[i], &s);

		if (err) {
			cli_error("/dev/hpcap_%d_%d: %s", id[i].adapter, id[i].queue,
				  hpcap_strerror(err));
			status = CLI_FAILED;
		} else if (json) {
			printf("%s\n", sep);
			print_json(&id[i], &s);
			sep = ",";
		} else {
			print_text(&id[i], &s);
		}
	}
	if (json)
		printf("\n]}\n");
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, "jhV", options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-status");
		default:
			return CLI_USAGE;
		}
	}
	if (optind < argc)
		return cli_misuse("no arguments are taken");
	return show_all(json);
}
