// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-ctl: every option of every capture queue, shown and changed. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "cli.h"
#include "ctl.h"
#include "queues.h"

static const char usage[] =
	"usage: hpcap-ctl [options] [show [QUEUE|all [NAME...]]]\n"
	"       hpcap-ctl [options] set QUEUE|all NAME=VALUE...\n"
	"       hpcap-ctl options\n"
	"Show or change the options of capture queues while they run. QUEUE is 0_0 for\n"
	"/dev/hpcap_0_0. Changing them needs CAP_NET_ADMIN.\n"
	"  -j, --json     JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 done, 1 a queue refused or could not be asked, 2 wrong use.\n"
	"Options of a queue (\"hpcap-ctl options\" prints them alone):\n";

static const struct ctl_option *const tables[] = {
	ctl_queue, ctl_buffer, ctl_keep, ctl_time, ctl_dup,
};

enum {
	NR_TABLES = sizeof(tables) / sizeof(tables[0])
};

/* Row after @o in all tables, the first for NULL; NULL at the end. */
static const struct ctl_option *next_option(const struct ctl_option *o)
{
	int t;

	if (!o)
		return tables[0];
	if (o[1].name)
		return o + 1;
	for (t = 0; t < NR_TABLES - 1; t++) {
		const struct ctl_option *row = tables[t];

		while (row->name && row != o)
			row++;
		if (row == o)
			return tables[t + 1];
	}
	return NULL;
}

static const struct ctl_option *find_option(const char *name, size_t len)
{
	const struct ctl_option *o = NULL;

	while ((o = next_option(o)))
		if (strlen(o->name) == len && !memcmp(o->name, name, len))
			return o;
	return NULL;
}

static void print_options(void)
{
	const struct ctl_option *o = NULL;

	while ((o = next_option(o)))
		printf("  %-16s %s%s%s\n", o->name, o->help,
		       o->set ? "\n                   = " : "", o->set ? o->values : "");
}

static void print_bytes(uint64_t n)
{
	static const char units[] = "KMG";
	int shift = 0;

	while (n && shift < 3 && !(n & 1023)) {
		n >>= 10;
		shift++;
	}
	printf("%" PRIu64, n);
	if (shift)
		putchar(units[shift - 1]);
}

static void print_value(const struct ctl_value *v, bool json)
{
	if (v->kind == CTL_TEXT && json)
		cli_json_text(stdout, v->text);
	else if (v->kind == CTL_TEXT)
		printf("%s", v->text);
	else if (v->kind == CTL_SIGNED)
		printf("%" PRId64, v->sign);
	else if (v->kind == CTL_BYTES && !json)
		print_bytes(v->number);
	else
		printf("%" PRIu64, v->number);
}

static int open_queue(const struct queue_id *id, struct hpcap_handle *h)
{
	const struct hpcap_options opt = {.control = true};
	int err = hpcap_open_with(h, id->adapter, id->queue, &opt);

	if (err)
		cli_error("/dev/hpcap_%d_%d: %s", id->adapter, id->queue, hpcap_strerror(err));
	return err;
}

static bool is_named(const struct ctl_option *o, char **names, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (!strcmp(names[i], o->name))
			return true;
	return n == 0;
}

static int show_queue(const struct queue_id *id, char **names, int n, bool json)
{
	const struct ctl_option *o = NULL;
	struct hpcap_handle h;

	if (open_queue(id, &h))
		return CLI_FAILED;
	if (json)
		printf("  {\"adapter\": %d, \"queue\": %d", id->adapter, id->queue);
	else
		printf("hpcap_%d_%d\n", id->adapter, id->queue);
	while ((o = next_option(o))) {
		struct ctl_value v = {0};

		if (!is_named(o, names, n))
			continue;
		printf(json ? ", \"%s\": " : "  %-16s ", o->name);
		if (!o->get(&h, &v))
			print_value(&v, json);
		else
			printf(json ? "null" : "-");
		if (!json)
			printf("\n");
	}
	if (json)
		printf("}");
	hpcap_close(&h);
	return CLI_OK;
}

/* The queues that @text names: how many, -1 when it is no name. */
static int select_queues(const char *text, struct queue_id *id)
{
	if (!text || !strcmp(text, "all"))
		return queues_find(id);
	return queues_parse(text, id) ? 1 : -1;
}

static int do_show(int argc, char **argv, bool json)
{
	static struct queue_id id[QUEUES_MAX];
	int n = select_queues(argc ? argv[0] : NULL, id), status = CLI_OK, i;

	if (n < 0)
		return cli_misuse("%s: not a queue, want 0_0, hpcap_0_0 or all", argv[0]);
	for (i = 1; i < argc; i++)
		if (!find_option(argv[i], strlen(argv[i])))
			return cli_misuse("%s: no such option", argv[i]);
	if (json)
		printf("{\"schema_version\": %d, \"queues\": [", CLI_SCHEMA);
	for (i = 0; i < n; i++) {
		if (json)
			printf(i ? ",\n" : "\n");
		if (show_queue(&id[i], argv + 1, argc ? argc - 1 : 0, json))
			status = CLI_FAILED;
	}
	if (json)
		printf("\n]}\n");
	else if (n == 0)
		printf("no capture queue (no driver with one is loaded)\n");
	return status;
}

static int set_one(struct hpcap_handle *h, const char *arg)
{
	const char *value = strchr(arg, '=') + 1;
	const struct ctl_option *o = find_option(arg, (size_t)(value - arg) - 1);
	int err = o->set(h, value);

	if (err == CTL_BAD_TEXT || err == -EINVAL)
		cli_error("hpcap_%d_%d: %s: bad value, want %s", h->adapter_idx, h->queue_idx,
			  arg, o->values);
	else if (err && err != CTL_TOLD)
		cli_error("hpcap_%d_%d: %s: %s", h->adapter_idx, h->queue_idx, arg,
			  hpcap_strerror(err));
	return err ? CLI_FAILED : CLI_OK;
}

static int set_queue(const struct queue_id *id, int argc, char **argv)
{
	struct hpcap_handle h;
	int status = CLI_OK, i;

	if (open_queue(id, &h))
		return CLI_FAILED;
	for (i = 0; i < argc && status == CLI_OK; i++)
		status = set_one(&h, argv[i]);
	hpcap_close(&h);
	return status;
}

static int do_set(int argc, char **argv)
{
	static struct queue_id id[QUEUES_MAX];
	int n, status = CLI_OK, i;

	if (argc < 2)
		return cli_misuse("set: a queue and NAME=VALUE are needed");
	n = select_queues(argv[0], id);
	if (n < 0)
		return cli_misuse("%s: not a queue, want 0_0, hpcap_0_0 or all", argv[0]);
	for (i = 1; i < argc; i++) {
		const char *eq = strchr(argv[i], '=');
		const struct ctl_option *o =
			eq ? find_option(argv[i], (size_t)(eq - argv[i])) : NULL;

		if (!eq)
			return cli_misuse("%s: want NAME=VALUE", argv[i]);
		if (!o)
			return cli_misuse("%s: no such option", argv[i]);
		if (!o->set)
			return cli_misuse("%s: can only be shown", o->name);
	}
	if (n == 0) {
		cli_error("no capture queue (no driver with one is loaded)");
		return CLI_FAILED;
	}
	for (i = 0; i < n; i++)
		if (set_queue(&id[i], argc - 1, argv + 1))
			status = CLI_FAILED;
	return status;
}

static int run(int argc, char **argv, bool json)
{
	if (argc == 0)
		return do_show(0, argv, json);
	if (!strcmp(argv[0], "show"))
		return do_show(argc - 1, argv + 1, json);
	if (!strcmp(argv[0], "set"))
		return do_set(argc - 1, argv + 1);
	if (strcmp(argv[0], "options") || argc > 1)
		return cli_misuse("%s: want show, set or options", argv[argc > 1]);
	print_options();
	return CLI_OK;
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

	optind = 0;
	while ((opt = getopt_long(argc, argv, "jhV", options, NULL)) != -1) {
		switch (opt) {
		case 'j':
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			print_options();
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-ctl");
		default:
			return CLI_USAGE;
		}
	}
	return run(argc - optind, argv + optind, json);
}
