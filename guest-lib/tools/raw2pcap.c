// SPDX-License-Identifier: GPL-2.0-or-later
/* raw2pcap: RAW files to one pcap file. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cli.h"
#include "report.h"

enum {
	PROGRESS_FRAMES = 1 << 16
};

static const char usage[] =
	"usage: raw2pcap [options] <in.raw...> <out.pcap|->\n"
	"Convert RAW files, in the order given, to one pcap file. An input of - is the\n"
	"standard input.\n"
	"  -u, --usec     microseconds in the pcap (nanoseconds otherwise)\n"
	"  -q, --quiet    no progress, no notes; errors only\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 all converted, 1 an input was damaged or an error, 2 wrong use.\n";

/**
 * struct convert - one run
 * @out: path of the output, "-" is the standard output
 * @flags: HPCAP_PCAP_*
 * @quiet: errors only
 * @progress: tell how far it is
 * @fd: of the output, -1 before the first frame
 * @pcap: the output, NULL before the first frame
 * @frames: written
 * @bytes: of these frames
 * @damaged: inputs with damage
 * @next_ns: when to tell the progress again
 */
struct convert {
	const char *out;
	uint32_t flags;
	bool quiet;
	bool progress;
	int fd;
	struct hpcap_pcap *pcap;
	uint64_t frames;
	uint64_t bytes;
	int damaged;
	int64_t next_ns;
};

/* The output is made when there is something to write: no trace of a wrong use. */
static int open_output(struct convert *v)
{
	int err;

	if (v->fd >= 0)
		return 0;
	if (strcmp(v->out, "-"))
		v->fd = open(v->out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	else
		v->fd = STDOUT_FILENO;
	err = v->fd < 0 ? -errno : hpcap_pcap_create(&v->pcap, v->fd, v->flags);
	if (err)
		cli_error("%s: %s", v->out, hpcap_strerror(err));
	return err;
}

static void show_progress(struct convert *v)
{
	int64_t now;

	if (!v->progress || v->frames % PROGRESS_FRAMES)
		return;
	now = cli_now_ns();
	if (now < v->next_ns)
		return;
	v->next_ns = now + CLI_NSEC / 2;
	fprintf(stderr, "\rraw2pcap: %" PRIu64 " frames, %" PRIu64 " MB ", v->frames,
		v->bytes / 1000000);
}

static int put(struct convert *v, const struct hpcap_record *rec)
{
	int err = open_output(v);

	if (err)
		return err;
	err = hpcap_pcap_put(v->pcap, rec);
	if (err) {
		cli_error("%s: %s", v->out, hpcap_strerror(err));
		return err;
	}
	v->frames++;
	v->bytes += rec->caplen;
	show_progress(v);
	return 0;
}

static void tell(struct convert *v, const char *path, const struct hpcap_raw_report *rep)
{
	bool whole = hpcap_raw_whole(rep);

	if (v->progress && v->next_ns)
		fputc('\n', stderr);
	v->next_ns = 0;
	if (!whole)
		v->damaged++;
	if (!whole || (!v->quiet && report_has_notes(rep))) {
		char prefix[256];

		snprintf(prefix, sizeof(prefix), "raw2pcap: %.200s: ", path);
		report_print(stderr, prefix, rep);
	}
}

static int convert(struct convert *v, const char *path)
{
	struct hpcap_record rec;
	struct hpcap_raw *raw;
	int ret = hpcap_raw_open(&raw, path);
	int err = 0;

	if (ret) {
		cli_error("%s: %s", path, strerror(-ret));
		return ret;
	}
	while (!err && (ret = hpcap_raw_next(raw, &rec)) > 0)
		err = put(v, &rec);
	if (!err && ret < 0) {
		cli_error("%s: %s", path, strerror(-ret));
		err = ret;
	}
	if (!err)
		tell(v, path, hpcap_raw_report(raw));
	hpcap_raw_close(raw);
	return err;
}

/* Writing over an input would destroy it before it is read. */
static bool is_same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	if (stat(a, &sa) || stat(b, &sb))
		return false;
	return S_ISREG(sa.st_mode) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

static int check_places(char **in, int n, const char *out)
{
	int i, from_stdin = 0;

	for (i = 0; i < n; i++) {
		if (!strcmp(in[i], "-"))
			from_stdin++;
		else if (strcmp(out, "-") && is_same_file(in[i], out))
			return cli_misuse("%s is an input and the output", in[i]);
	}
	if (from_stdin > 1)
		return cli_misuse("the standard input can be read once only");
	if (!strcmp(out, "-") && isatty(STDOUT_FILENO))
		return cli_misuse("the standard output is a terminal");
	return CLI_OK;
}

static int finish(struct convert *v)
{
	int err = v->damaged && v->fd < 0 ? 0 : open_output(v);

	if (!err && v->pcap) {
		err = hpcap_pcap_flush(v->pcap);
		if (!err && v->fd != STDOUT_FILENO && close(v->fd))
			err = -errno;
		if (err)
			cli_error("%s: %s", v->out, hpcap_strerror(err));
	}
	return err;
}

static int run(struct convert *v, char **in, int n)
{
	int err = 0, i;

	v->progress = !v->quiet && isatty(STDERR_FILENO);
	for (i = 0; i < n && !err; i++)
		err = convert(v, in[i]);
	if (!err)
		err = finish(v);
	hpcap_pcap_destroy(v->pcap);
	if (err || v->damaged)
		return CLI_FAILED;
	if (!v->quiet)
		fprintf(stderr, "raw2pcap: %" PRIu64 " frames from %d files\n", v->frames, n);
	return CLI_OK;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"usec", no_argument, NULL, 'u'},
		{"quiet", no_argument, NULL, 'q'},
		{"help", no_argument, NULL, 'h'},
		{"version", no_argument, NULL, 'V'},
		{NULL, 0, NULL, 0},
	};
	struct convert v = {.fd = -1};
	int opt, status, n;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "uqhV", options, NULL)) != -1) {
		switch (opt) {
		case 'u':
			v.flags = HPCAP_PCAP_USEC;
			break;
		case 'q':
			v.quiet = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case 'V':
			return cli_version("raw2pcap");
		default:
			return CLI_USAGE;
		}
	}
	n = argc - optind - 1;
	if (n < 1)
		return cli_misuse("an input and an output are needed");
	v.out = argv[argc - 1];
	status = check_places(argv + optind, n, v.out);
	return status ? status : run(&v, argv + optind, n);
}
