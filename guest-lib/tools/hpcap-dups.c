// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * hpcap-dups: copies of frames in capture files, found by the engine's own code
 * (core/dup.c), so that a file gives what the ring would have given.
 */
#include <fcntl.h>
#include <frames_in.h>
#include <frames_out.h>
#include <getopt.h>
#include <inttypes.h>
#include <sys/random.h>
#include <unistd.h>
#include "cli.h"
#include "dup.h"
#include "err.h"

enum {
	OUT_SIZE = 1 << 20,
	NS_PER_US = 1000
};

static const char usage[] =
	"usage: hpcap-dups [options] <capture...>\n"
	"Find frames that are copies of an earlier one, in RAW, pcap and pcapng files,\n"
	"plain or packed (- is the standard input); several files are one stream.\n"
	"  -o, --output FILE   write the frames without their copies; the format is that\n"
	"                      of its ending: .raw, .pcap, .pcapng\n"
	"  -c, --copies        write the copies instead\n"
	"  -m, --mark          write all to a RAW file, the copies marked\n"
	"  -l, --list          a line for each copy: its number and time\n"
	"  -w, --window US     microseconds between a frame and its copy (200000)\n"
	"  -b, --bytes N       bytes compared beside the length, 16..256 (70)\n"
	"  -i, --ignore LIST   what a copy may differ in: ttl,checksum,vlan,mac\n"
	"  -e, --entries N     frames remembered, a power of two, 1024..4194304 (32768)\n"
	"  -L, --levels N      of these, how many share one place, 1..64 (1)\n"
	"  -j, --json          JSON on the standard output\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: 0 done, 1 a file is damaged or unreadable, 2 wrong use.\n";

/**
 * struct dups - one run
 * @rules: what is a copy
 * @dup: the table
 * @path: output, NULL for none
 * @copies: write the copies only
 * @mark: write all, the copies marked
 * @list: tell of each copy
 * @json: say all in JSON
 * @fd: output
 * @enc: its format
 * @iface: of a pcap or pcapng output
 * @buf: encoded, not yet written
 * @used: bytes of it
 * @frames: read
 * @found: of these, copies
 * @written: to the output
 * @ns: time spent
 */
struct dups {
	struct hpcap_dup rules;
	struct cap_dup dup;
	const char *path;
	bool copies;
	bool mark;
	bool list;
	bool json;
	int fd;
	struct hpcap_enc enc;
	struct hpcap_iface iface;
	uint8_t *buf;
	size_t used;
	uint64_t frames;
	uint64_t found;
	uint64_t written;
	int64_t ns;
};

static int flush(struct dups *d)
{
	const uint8_t *p = d->buf;

	while (d->used) {
		ssize_t n = write(d->fd, p, d->used);

		if (n < 0) {
			cli_error("%s: %s", d->path, strerror(errno));
			return -1;
		}
		p += n;
		d->used -= (size_t)n;
	}
	return 0;
}

static bool ends_with(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return n > m && !strcmp(path + n - m, end);
}

static int check_output(struct dups *d)
{
	if (!d->path)
		return d->copies || d->mark ? cli_misuse("--copies and --mark need --output")
					    : 0;
	if (d->copies && d->mark)
		return cli_misuse("--copies and --mark contradict");
	if (ends_with(d->path, ".raw"))
		d->enc.format = HPCAP_FORMAT_RAW;
	else if (ends_with(d->path, ".pcap"))
		d->enc.format = HPCAP_FORMAT_PCAP;
	else if (ends_with(d->path, ".pcapng"))
		d->enc.format = HPCAP_FORMAT_PCAPNG;
	else
		return cli_misuse("%s: want a name that ends in .raw, .pcap or .pcapng",
				  d->path);
	if (d->mark && d->enc.format != HPCAP_FORMAT_RAW)
		return cli_misuse("%s: only RAW has marks: want a name that ends in .raw",
				  d->path);
	return 0;
}

/* With the first frame: until then nobody knows the kind of link. */
static int open_output(struct dups *d, uint32_t linktype)
{
	ssize_t n;

	d->fd = open(d->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	d->buf = malloc(OUT_SIZE);
	if (d->fd < 0 || !d->buf) {
		cli_error("%s: %s", d->path, strerror(errno));
		return -1;
	}
	d->iface = (struct hpcap_iface){.linktype = linktype, .ticks = CLI_NSEC};
	d->enc.ifaces = &d->iface;
	d->enc.nr_ifaces = 1;
	d->enc.program = "hpcap-dups";
	n = hpcap_enc_begin(&d->enc, d->buf, OUT_SIZE);
	d->used = n > 0 ? (size_t)n : 0;
	return 0;
}

static int put(struct dups *d, const struct hpcap_frame *in, bool copy)
{
	struct hpcap_frame f = *in;
	ssize_t n;

	if (d->fd < 0 && open_output(d, in->linktype))
		return -1;
	if (f.linktype != d->iface.linktype) {
		cli_error("%s: frames of link types %u and %u do not go into one file", d->path,
			  d->iface.linktype, f.linktype);
		return -1;
	}
	f.iface = 0;
	n = hpcap_enc_frame(&d->enc, &f, d->buf + d->used, OUT_SIZE - d->used);
	if (n == -ENOBUFS) {
		if (flush(d))
			return -1;
		n = hpcap_enc_frame(&d->enc, &f, d->buf, OUT_SIZE);
	}
	if (n < 0) {
		cli_error("%s: frame %" PRIu64 " does not fit this format", d->path, d->frames);
		return -1;
	}
	if (d->mark && copy)
		d->buf[d->used + 7] |= HPCAP_REC_DUPLICATE >> 24;
	d->used += (size_t)n;
	d->written++;
	return 0;
}

static void list(const struct dups *d, const struct hpcap_frame *f)
{
	printf("%" PRIu64 "\t%s\t%u bytes\n", d->frames, cli_utc(f->rec.sec, f->rec.nsec).text,
	       f->rec.len);
}

static int take(struct dups *d, const struct hpcap_frame *f)
{
	const struct cap_dup_frame frame = {
		.data = f->rec.data,
		.have = f->rec.caplen,
		.len = f->rec.len,
	};
	uint64_t ns = (uint64_t)f->rec.sec * CLI_NSEC + f->rec.nsec;
	uint64_t print = cap_dup_print(&d->dup, &frame);
	bool copy = cap_dup_seen(&d->dup, (uint32_t)print, print, ns);

	d->frames++;
	d->found += copy;
	if (copy && d->list)
		list(d, f);
	if (d->path && (d->mark || copy == d->copies))
		return put(d, f, copy);
	return 0;
}

static int read_file(struct dups *d, const char *path)
{
	struct hpcap_frame f;
	struct hpcap_in *in;
	int ret = hpcap_in_open(&in, path, NULL);

	if (ret) {
		cli_error("%s: %s", path, hpcap_file_strerror(ret));
		return CLI_FAILED;
	}
	while ((ret = hpcap_in_next(in, &f)) > 0 && !cli_stopped()) {
		if (take(d, &f)) {
			hpcap_in_close(in);
			return CLI_USAGE + 1;
		}
	}
	if (*hpcap_in_error(in))
		cli_error("%s: %s", path, hpcap_in_error(in));
	ret = ret < 0 || *hpcap_in_error(in) ? CLI_FAILED : CLI_OK;
	hpcap_in_close(in);
	return ret;
}

static void report(const struct dups *d)
{
	double s = (double)d->ns / CLI_NSEC, share = 0;

	if (d->frames)
		share = (double)d->found / (double)d->frames;
	if (d->json)
		printf("{\"schema_version\": %d, \"frames\": %" PRIu64 ", \"copies\": %" PRIu64
		       ", \"written\": %" PRIu64 ", \"seconds\": %.6f}\n",
		       CLI_SCHEMA, d->frames, d->found, d->written, s);
	else if (!d->list)
		printf("%" PRIu64 " frames, %" PRIu64 " copies (%.4f %%), %.3f s, %.2f million "
		       "frames/s\n",
		       d->frames, d->found, share * 100, s,
		       s > 0 ? (double)d->frames / s / 1e6 : 0);
}

static int run(struct dups *d, char **path, int n)
{
	int64_t start = cli_now_ns();
	int status = CLI_OK, i;

	for (i = 0; i < n && status <= CLI_FAILED && !cli_stopped(); i++) {
		int err = read_file(d, path[i]);

		status = err > status ? err : status;
	}
	if (d->path && d->fd < 0 && open_output(d, HPCAP_LINK_ETHERNET))
		status = CLI_FAILED;
	if (d->fd >= 0 && (flush(d) || close(d->fd)))
		status = CLI_FAILED;
	d->ns = cli_now_ns() - start;
	report(d);
	return status == CLI_OK ? CLI_OK : CLI_FAILED;
}

static bool parse_ignore(const char *text, uint32_t *ignore)
{
	static const char *const fields[] = {"ttl", "checksum", "vlan", "mac"};
	uint32_t i;

	for (;;) {
		size_t len = strcspn(text, ",");

		for (i = 0; i < 4; i++)
			if (strlen(fields[i]) == len && !memcmp(fields[i], text, len))
				break;
		if (i == 4)
			return false;
		*ignore |= 1u << i;
		if (!text[len])
			return true;
		text += len + 1;
	}
}

/* One option of the rules: false when its text is no value. */
static bool parse_rule(struct hpcap_dup *r, int opt, const char *text)
{
	uint64_t n;

	if (opt == 'i')
		return parse_ignore(text, &r->ignore);
	if (!cli_number(text, UINT32_MAX, &n))
		return false;
	switch (opt) {
	case 'w':
		r->window = n * NS_PER_US;
		break;
	case 'b':
		r->bytes = (uint32_t)n;
		break;
	case 'e':
		r->entries = (uint32_t)n;
		break;
	default:
		r->levels = (uint32_t)n;
	}
	return true;
}

static const struct option options[] = {
	{"output", required_argument, NULL, 'o'},
	{"copies", no_argument, NULL, 'c'},
	{"mark", no_argument, NULL, 'm'},
	{"list", no_argument, NULL, 'l'},
	{"window", required_argument, NULL, 'w'},
	{"bytes", required_argument, NULL, 'b'},
	{"ignore", required_argument, NULL, 'i'},
	{"entries", required_argument, NULL, 'e'},
	{"levels", required_argument, NULL, 'L'},
	{"json", no_argument, NULL, 'j'},
	{"help", no_argument, NULL, 'h'},
	{"version", no_argument, NULL, 'V'},
	{NULL, 0, NULL, 0},
};

static int parse(struct dups *d, int argc, char **argv)
{
	const char *bad;
	int opt;

	optind = 0;
	while ((opt = getopt_long(argc, argv, "o:cmlw:b:i:e:L:jhV", options, NULL)) != -1) {
		switch (opt) {
		case 'o':
			d->path = optarg;
			break;
		case 'c':
			d->copies = true;
			break;
		case 'm':
			d->mark = true;
			break;
		case 'l':
			d->list = true;
			break;
		case 'j':
			d->json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return -1;
		case 'V':
			cli_version("hpcap-dups");
			return -1;
		case '?':
			return CLI_USAGE;
		default:
			if (!parse_rule(&d->rules, opt, optarg))
				return cli_misuse("-%c: bad value: %s", opt, optarg);
		}
	}
	bad = cap_dup_bad(&d->rules);
	if (bad)
		return cli_misuse("want %s", bad);
	if (optind == argc)
		return cli_misuse("a capture is needed");
	return check_output(d);
}

int main(int argc, char **argv)
{
	static struct dups d;
	int ret;

	d = (struct dups){
		.fd = -1,
		.rules = {.mode = HPCAP_DUP_DROP,
			  .entries = HPCAP_DUP_ENTRIES,
			  .levels = HPCAP_DUP_LEVELS,
			  .bytes = HPCAP_DUP_BYTES,
			  .window = HPCAP_DUP_WINDOW},
	};
	ret = parse(&d, argc, argv);
	if (ret)
		return ret < 0 ? CLI_OK : ret;
	cli_catch_signals();
	if (getrandom(d.dup.secret, sizeof(d.dup.secret), 0) < 0) {
		cli_error("no random numbers: %s", strerror(errno));
		return CLI_FAILED;
	}
	cap_dup_init(&d.dup, &d.rules, calloc(1, cap_dup_size(&d.rules)));
	if (!d.dup.table) {
		cli_error("no memory for %u entries", d.rules.entries);
		return CLI_FAILED;
	}
	ret = run(&d, argv + optind, argc - optind);
	free(d.dup.table);
	free(d.buf);
	return ret;
}
