// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd: store a capture queue in files, as fast as the disk goes. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "dd.h"
#include "err.h"
#include "pipe.h"

#define SLICE_NS (CLI_NSEC / 4) /* longest sleep; bounds how late a stop is seen */

static void say(void *arg, const char *text)
{
	(void)arg;
	cli_error("%s", text);
}

/* Why a directory cannot be written to, before anything is captured. */
static int check_volumes(const struct dd_options *o)
{
	int i;

	for (i = 0; i < o->store.nr_volumes; i++) {
		const struct volume v = {.path = o->store.volume[i]};
		int err = volume_check(&v);

		if (err) {
			cli_error("%s: %s", v.path, strerror(-err));
			return CLI_FAILED;
		}
	}
	return -1;
}

static int begin(struct dd *d)
{
	int err = dd_source_open(d);

	if (err >= 0)
		return err;
	d->opt.store.say = say;
	err = store_create(&d->store, &d->opt.store, &d->h);
	if (err) {
		cli_error("cannot begin to write: %s", hpcap_file_strerror(err));
		dd_source_close(d);
		return CLI_FAILED;
	}
	d->begin_ns = cli_now_ns();
	/* who pipes into a terminal's sight sees the ring fill */
	if (d->opt.pipe && !d->opt.quiet && !d->opt.stats_ns && isatty(STDERR_FILENO))
		d->opt.stats_ns = CLI_NSEC;
	d->next_stats_ns = d->begin_ns + d->opt.stats_ns;
	if (!d->opt.quiet)
		fprintf(stderr, "hpcapdd: capturing %s to %s, ring of %" PRIu64 " MiB\n",
			dd_source_name(d), d->opt.null ? "null" : d->opt.store.volume[0],
			d->h.bufSize >> 20);
	return -1;
}

/* Is it time to end? */
static bool is_over(struct dd *d)
{
	if (d->opt.count && store_report(d->store)->frames >= d->opt.count)
		d->reason = "count";
	else if (cli_stopped())
		d->reason = "signal";
	else if (d->opt.duration_ns && cli_now_ns() - d->begin_ns >= d->opt.duration_ns)
		d->reason = "duration";
	return d->reason;
}

static int64_t slice(const struct dd *d)
{
	int64_t left =
		d->opt.duration_ns ? d->begin_ns + d->opt.duration_ns - cli_now_ns() : SLICE_NS;

	return left < 0 ? 0 : left < SLICE_NS ? left : SLICE_NS;
}

/* What is still on its way to the ring that is read; then what is in that one. */
static int drain(struct dd *d)
{
	int err = 0;

	while (strcmp(d->reason, "count") && !err && dd_source_finish(d))
		err = store_step(d->store, d->opt.count, SLICE_NS);
	if (err && err != -ENODEV)
		return err;
	return store_drain(d->store, d->opt.count);
}

static int run(struct dd *d)
{
	int err = 0;

	while (!err && !is_over(d)) {
		err = store_step(d->store, d->opt.count, slice(d));
		dd_show_stats(d);
	}
	if (err != -ENODEV)
		return err ? err : drain(d);
	d->reason = d->opt.pipe ? "end" : "gone";
	return d->opt.pipe ? 0 : err;
}

static int end(struct dd *d, int err)
{
	int last = store_finish(d->store);
	bool failed;

	if (!err)
		err = last;
	failed = err || store_report(d->store)->out.lost_frames ||
		 store_report(d->store)->out.doubtful_frames;
	if (err)
		cli_error("%s", hpcap_file_strerror(err));
	if (!dd_source_is_whole(d))
		failed = true;
	dd_show_summary(d, err);
	store_destroy(d->store);
	dd_source_close(d);
	return failed ? CLI_FAILED : CLI_OK;
}

int main(int argc, char **argv)
{
	struct dd d = {0};
	int status;

	if (pipe_is_asked(argc, argv) && !dd_is_pipe(argc, argv))
		return pipe_main(argc, argv);
	status = dd_parse(&d.opt, argc, argv);
	if (status < 0)
		status = check_volumes(&d.opt);
	if (status < 0)
		status = dd_pin(&d.opt);
	if (status >= 0)
		return status;
	/* a limit on file sizes or a reader that left is an error of the write */
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	cli_catch_signals();
	if (d.opt.to_stdout)
		return dd_stdout(&d);
	status = begin(&d);
	return status < 0 ? end(&d, run(&d)) : status;
}
