// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-storage: the volume that captures are stored on: made, found, measured. */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include "cli.h"
#include "storage.h"
#include "storage_show.h"

static const char usage[] =
	"usage: hpcap-storage [options] prepare [device|serial...]\n"
	"       hpcap-storage [options] check [folder]\n"
	"       hpcap-storage [options] show\n"
	"The volume that a probe stores captures on.\n"
	"prepare: find the file system labelled \"" STORAGE_LABEL
	"\", or make it (XFS) on the\n"
	"empty volume that is there, and mount it. A volume that holds anything stays.\n"
	"  -m, --mount DIR        where (" STORAGE_MOUNT ")\n"
	"      --label NAME       of the file system (" STORAGE_LABEL ")\n"
	"      --raid0            several volumes become one\n"
	"      --chunk SIZE       of that: bytes on a volume before the next one's turn\n"
	"      --stripe-unit SIZE, --stripe-width N\n"
	"                         of a RAID controller that does not tell: bytes on a disk, and\n"
	"                         disks that hold data\n"
	"      --format SERIAL    this volume is formatted, whatever it holds, unless that is the\n"
	"                         file system in question; may be repeated\n"
	"  -n, --dry-run          print the commands only\n"
	"check: write to the folder (" STORAGE_MOUNT ") and say which link it can follow.\n"
	"      --seconds N        how long (10)\n"
	"      --depth N          writes at once, of 1 MiB (8)\n"
	"      --size SIZE        that the file may have (nine tenths of what is free)\n"
	"      --frame N          longest frame without FCS (1514)\n"
	"      --link MBIT        exit status 1 unless it follows a link of this speed\n"
	"show: every volume, what it holds, who uses it.\n"
	"  -j, --json             JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 done, 1 failed, 2 wrong use, 3 refused: nothing was changed.\n";

/**
 * struct run - one run
 * @want: of prepare
 * @load: of check
 * @frame: longest, of check
 * @link: Mbit/s that must be followed, 0 for none
 * @dry_run: change nothing
 * @json: on the standard output
 */
struct run {
	struct storage_want want;
	struct storage_load load;
	uint32_t frame;
	uint32_t link;
	bool dry_run;
	bool json;
};

static int prepare(struct run *r, char **argv, int argc)
{
	static struct storage_done done;
	int status;

	if (argc > MEMBERS_MAX)
		return cli_misuse("more than %d volumes", MEMBERS_MAX);
	while (argc--)
		r->want.device[r->want.nr_devices++] = *argv++;
	if (!r->want.geometry.unit != !r->want.geometry.width)
		return cli_misuse("--stripe-unit and --stripe-width come together");
	if (r->want.geometry.unit && r->want.raid0)
		return cli_misuse(
			"the stripes of a RAID-0 are its chunks: --chunk, not --stripe-unit");
	if (r->want.chunk && !r->want.raid0)
		return cli_misuse("--chunk is of a RAID-0: --raid0 makes one");
	if (*r->want.mount != '/')
		return cli_misuse("--mount wants a path from / on, not \"%s\"", r->want.mount);
	if (r->json && r->dry_run)
		return cli_misuse("--dry-run prints commands, not JSON");
	status = storage_prepare(&r->want, r->dry_run, &done);
	if (!status && !r->dry_run)
		show_done(&done, r->json);
	return status;
}

static int check(struct run *r, char **argv, int argc)
{
	const char *dir = argc ? argv[0] : r->want.mount;
	struct storage_speed speed;

	if (argc > 1)
		return cli_misuse("one folder at a time");
	cli_catch_signals();
	if (storage_measure(dir, &r->load, &speed))
		return CLI_FAILED;
	show_speed(dir, &speed, r->frame, r->json);
	if (r->link && storage_judge(&speed, r->link * 1e6, r->frame).follows != FOLLOWS) {
		cli_error("%s does not follow %u Mbit/s at all times", dir, r->link);
		return CLI_FAILED;
	}
	return CLI_OK;
}

static int show(struct run *r, char **argv, int argc)
{
	static struct volumes list;

	(void)argv;
	if (argc)
		return cli_misuse("show takes no arguments");
	volumes_find(&list);
	show_volumes(&list, r->json);
	return CLI_OK;
}

static int add_format(struct run *r, const char *serial)
{
	if (r->want.nr_formats == MEMBERS_MAX)
		return cli_misuse("more than %d volumes", MEMBERS_MAX);
	if (!*serial || *serial == '/')
		return cli_misuse("--format wants a serial number, not \"%s\"; show lists them",
				  serial);
	r->want.format[r->want.nr_formats++] = serial;
	return CLI_OK;
}

static int set_size(uint32_t *out, const char *name, const char *arg)
{
	uint64_t n;

	if (!cli_size(arg, &n) || n < 4096 || n > 16 << 20 || n % 4096)
		return cli_misuse("%s wants 4K to 16M, in steps of 4K, not \"%s\"", name, arg);
	*out = (uint32_t)n;
	return CLI_OK;
}

static int set_number(uint32_t *out, const char *name, const char *arg, uint64_t least,
		      uint64_t most)
{
	uint64_t n;

	if (!cli_number(arg, most, &n) || n < least)
		return cli_misuse("%s wants a number from %" PRIu64 " to %" PRIu64
				  ", not \"%s\"",
				  name, least, most, arg);
	*out = (uint32_t)n;
	return CLI_OK;
}

static int set_label(struct run *r, const char *arg)
{
	if (!*arg || strlen(arg) > 12 || strcspn(arg, " :/\t\n") != strlen(arg))
		return cli_misuse("--label wants 1 to 12 letters without blanks, : and /");
	r->want.label = arg;
	return CLI_OK;
}

static int set_option(struct run *r, int opt, const char *arg)
{
	switch (opt) {
	case 'm':
		r->want.mount = arg;
		return CLI_OK;
	case 'l':
		return set_label(r, arg);
	case 'c':
		return set_size(&r->want.chunk, "--chunk", arg);
	case 'u':
		return set_size(&r->want.geometry.unit, "--stripe-unit", arg);
	case 'w':
		return set_number(&r->want.geometry.width, "--stripe-width", arg, 1, 256);
	case 'f':
		return add_format(r, arg);
	case 's':
		return set_number(&r->load.seconds, "--seconds", arg, 1, 86400);
	case 'd':
		return set_number(&r->load.depth, "--depth", arg, 1, 64);
	case 'F':
		return set_number(&r->frame, "--frame", arg, 60, 65524);
	case 'L':
		return set_number(&r->link, "--link", arg, 1, 1000000);
	default:
		if (!cli_size(arg, &r->load.size) || r->load.size < 1 << 20)
			return cli_misuse("--size wants 1M or more, not \"%s\"", arg);
		return CLI_OK;
	}
}

static int run(struct run *r, char **argv, int argc)
{
	static const struct verb {
		const char *name;
		int (*run)(struct run *r, char **argv, int argc);
	} verbs[] = {{"prepare", prepare}, {"check", check}, {"show", show}};

	if (!argc)
		return cli_misuse("prepare, check or show is needed");
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (!strcmp(argv[0], verbs[i].name))
			return verbs[i].run(r, argv + 1, argc - 1);
	return cli_misuse("%s: prepare, check or show is wanted", argv[0]);
}

static const struct option options[] = {
	{"mount", required_argument, NULL, 'm'},
	{"label", required_argument, NULL, 'l'},
	{"raid0", no_argument, NULL, '0'},
	{"chunk", required_argument, NULL, 'c'},
	{"stripe-unit", required_argument, NULL, 'u'},
	{"stripe-width", required_argument, NULL, 'w'},
	{"format", required_argument, NULL, 'f'},
	{"dry-run", no_argument, NULL, 'n'},
	{"seconds", required_argument, NULL, 's'},
	{"depth", required_argument, NULL, 'd'},
	{"size", required_argument, NULL, 'S'},
	{"frame", required_argument, NULL, 'F'},
	{"link", required_argument, NULL, 'L'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

int main(int argc, char **argv)
{
	struct run r = {
		.want = {.mount = STORAGE_MOUNT, .label = STORAGE_LABEL},
		.load = {.seconds = 10, .depth = 8},
		.frame = 1514,
	};
	int opt, status;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "m:njhV", options, NULL)) != -1) {
		switch (opt) {
		case '0':
			r.want.raid0 = true;
			break;
		case 'n':
			r.dry_run = true;
			break;
		case 'j':
			r.json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("hpcap-storage");
		case '?':
			return CLI_USAGE;
		default:
			status = set_option(&r, opt, optarg);
			if (status)
				return status;
		}
	}
	return run(&r, argv + optind, argc - optind);
}
