// SPDX-License-Identifier: GPL-2.0-or-later
/* An input of a converter. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "report.h"
#include "source.h"

enum {
	PROGRESS_FRAMES = 1 << 13
};

int source_open(struct source *s, const char *path, const struct hpcap_in_options *opt)
{
	int err;

	memset(s, 0, sizeof(*s));
	s->path = path;
	err = hpcap_in_open(&s->in, path, opt);
	if (err)
		cli_error("%s: %s", path, strerror(-err));
	return err;
}

void source_close(struct source *s)
{
	hpcap_in_close(s->in);
	free(s->map);
	memset(s, 0, sizeof(*s));
}

void source_iface_name(const char *path, char *out, size_t size)
{
	const char *base = strrchr(path, '/'), *at;
	unsigned int a, q;

	base = base ? base + 1 : path;
	at = strstr(base, "hpcap");
	if (at && sscanf(at, "hpcap%4u_%4u", &a, &q) == 2)
		snprintf(out, size, "hpcap%u:%u", a, q);
	else
		snprintf(out, size, "%s", strcmp(path, "-") ? base : "stdin");
}

/* Names may come anywhere, so the same interface of two files is one. */
static int find_iface(const struct sink *out, const struct hpcap_iface *iface)
{
	uint32_t i;

	for (i = 0; i < out->enc.nr_ifaces; i++) {
		const struct hpcap_iface *known = &out->ifaces[i];

		if (out->enc.format != HPCAP_FORMAT_PCAPNG &&
		    known->linktype == iface->linktype)
			return (int)i;
		if (known->linktype == iface->linktype && *iface->name &&
		    !strcmp(known->name, iface->name))
			return (int)i;
	}
	return -1;
}

static int add_iface(struct source *s, struct sink *out)
{
	struct hpcap_iface iface = *hpcap_in_iface(s->in, s->nr_map);
	uint16_t *more = realloc(s->map, (s->nr_map + 1) * sizeof(*more));
	int n;

	if (!more)
		return -ENOMEM;
	s->map = more;
	if (!*iface.name && hpcap_in_format(s->in) == HPCAP_FORMAT_RAW)
		source_iface_name(s->path, iface.name, sizeof(iface.name));
	n = find_iface(out, &iface);
	if (n < 0)
		n = sink_iface(out, &iface);
	if (n >= 0)
		s->map[s->nr_map++] = (uint16_t)n;
	return n;
}

int source_next(struct source *s, struct sink *out, struct hpcap_frame *f)
{
	int ret = hpcap_in_next(s->in, f);

	if (ret <= 0)
		return ret;
	s->frames++;
	if (!out)
		return 1;
	while (s->nr_map <= f->iface) {
		int err = add_iface(s, out);

		if (err < 0)
			return err;
	}
	f->iface = s->map[f->iface];
	return 1;
}

bool source_tell(struct source *s, bool quiet)
{
	const struct hpcap_raw_report *raw = hpcap_in_raw_report(s->in);
	const char *error = hpcap_in_error(s->in);
	bool whole = raw ? hpcap_raw_whole(raw) : !*error;

	if (raw && raw->count[HPCAP_RAW_NOT_RAW]) {
		cli_error("%s: %s", s->path, error);
	} else if (raw && (!whole || (!quiet && report_has_notes(raw)))) {
		char prefix[256];

		snprintf(prefix, sizeof(prefix), "%s: %.200s: ", program_invocation_short_name,
			 s->path);
		report_print(stderr, prefix, raw);
	} else if (*error && (!raw || hpcap_in_report(s->in)->cut)) {
		cli_error("%s: %s", s->path, error);
	}
	/* a packed file that is cut: what a reader of RAW calls cut is tolerated */
	return !whole;
}

static bool is_same_file(const char *a, const char *b)
{
	struct stat sa, sb;

	if (stat(a, &sa) || stat(b, &sb))
		return false;
	return S_ISREG(sa.st_mode) && sa.st_dev == sb.st_dev && sa.st_ino == sb.st_ino;
}

int source_check_places(char **in, int n, const char *out)
{
	int i, from_stdin = 0;

	for (i = 0; i < n; i++) {
		if (!strcmp(in[i], "-"))
			from_stdin++;
		else if (out && strcmp(out, "-") && is_same_file(in[i], out))
			return cli_misuse("%s is an input and the output", in[i]);
	}
	if (from_stdin > 1)
		return cli_misuse("the standard input can be read once only");
	if (out && !strcmp(out, "-") && isatty(STDOUT_FILENO))
		return cli_misuse("the standard output is a terminal");
	return CLI_OK;
}

void progress_init(struct progress *p, bool quiet)
{
	*p = (struct progress){.on = !quiet && isatty(STDERR_FILENO), .begin_ns = cli_now_ns()};
	p->next_ns = p->begin_ns + CLI_NSEC / 2;
}

void progress_show(struct progress *p, uint64_t frames, uint64_t bytes, uint64_t size)
{
	double seconds;
	int64_t now;

	if (!p->on || frames % PROGRESS_FRAMES)
		return;
	now = cli_now_ns();
	if (now < p->next_ns)
		return;
	p->next_ns = now + CLI_NSEC / 2;
	p->shown = true;
	seconds = (double)(now - p->begin_ns) / CLI_NSEC;
	fprintf(stderr, "\r%s: %" PRIu64 " frames, %" PRIu64 " MB",
		program_invocation_short_name, frames, bytes / 1000000);
	if (size > bytes)
		fprintf(stderr, " of %" PRIu64 " (%.0f %%)", size / 1000000,
			100.0 * (double)bytes / (double)size);
	fprintf(stderr, ", %.0f MB/s \033[K", (double)bytes / 1e6 / seconds);
}

void progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = false;
}
