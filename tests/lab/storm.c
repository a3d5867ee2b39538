// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random operations on a PF of hpcap_pf, its mirrors, its VFs and their guests:
 *
 *   storm DEV OPERATIONS SEED
 *
 * DEV is the PF's PCI address, bound to hpcap_pf, interface up, 4 VFs that
 * nobody drives; modules igbvf, hpcapvf and vfio-pci are there. All along: a
 * mirror that was made runs or has ended for a reason that it had, none is there
 * that nobody made, the chip's tables are what the driver wants, and after the
 * VFs went and came back they are what they were at the start. The same seed
 * draws the same operations. Exit status 0, or 1 and a line that says what is
 * wrong, where, and with which seed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guest_mbox.h"
#include "nl_msg.h"
#include "storm.h"

enum {
	AGREE_EVERY = 20,
	TABLES_EVERY = 100,
	PATIENCE_S = 120, /* for one operation */
	TABLES_SIZE = 65536,
};

const char *storm_dev;

static unsigned long seed, done;
static struct guest random_source;
static char tables_at_start[TABLES_SIZE];

static void change_numvfs(void);
static void rebind_pf(void);
static void reset_pf(void);
static void flap_pf(void);

static struct operation {
	const char *name;
	unsigned int weight; /* of 1000 */
	void (*run)(void);
	unsigned long count, ms, worst_ms;
} operations[] = {
	{.name = "new", .weight = 240, .run = lease_new},
	{.name = "line", .weight = 140, .run = lease_line},
	{.name = "vlans", .weight = 70, .run = lease_vlans},
	{.name = "delete", .weight = 140, .run = lease_delete},
	{.name = "set", .weight = 100, .run = lease_set},
	{.name = "flags", .weight = 80, .run = vf_flags},
	{.name = "nonsense", .weight = 50, .run = lease_nonsense},
	{.name = "reset", .weight = 60, .run = vf_reset},
	{.name = "give", .weight = 30, .run = vf_give},
	{.name = "link", .weight = 24, .run = vf_link},
	{.name = "guest", .weight = 27, .run = vf_guest},
	{.name = "kill", .weight = 24, .run = vf_kill},
	{.name = "numvfs", .weight = 8, .run = change_numvfs},
	{.name = "flap", .weight = 3, .run = flap_pf},
	{.name = "reset-pf", .weight = 2, .run = reset_pf},
	{.name = "rebind", .weight = 2, .run = rebind_pf},
};

enum {
	NR_OPERATIONS = sizeof(operations) / sizeof(operations[0])
};

static const struct operation *now;

unsigned int dice(unsigned int below)
{
	return guest_random(&random_source) % below;
}

void wrong(const char *format, ...)
{
	va_list args;

	printf("operation %lu (%s): ", done, now ? now->name : "start");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	printf(" (SEED=%lu)\n", seed);
	exit(1);
}

static void too_slow(int sig)
{
	char text[128];
	int n = snprintf(text, sizeof(text),
			 "operation %lu (%s): not done in %d s (SEED=%lu)\n", done,
			 now ? now->name : "start", PATIENCE_S, seed);

	(void)sig;
	if (write(STDOUT_FILENO, text, n) == n)
		_exit(1);
	_exit(2);
}

void sleep_us(unsigned int us)
{
	usleep(us);
}

const char *of_pf(const char *format, ...)
{
	static char path[256];
	va_list args;
	int n = snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/", storm_dev);

	va_start(args, format);
	vsnprintf(path + n, sizeof(path) - n, format, args);
	va_end(args);
	return path;
}

int put(const char *path, const char *line)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, line, strlen(line)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int get(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t have = 0;
	ssize_t n = -1;

	if (fd < 0)
		return -errno;
	while (have < size - 1 && (n = read(fd, text + have, size - 1 - have)) > 0)
		have += n;
	text[have] = 0;
	close(fd);
	return n < 0 ? -EIO : 0;
}

/*
 * What the chip has beside what is wanted. A guest that resets itself is off in
 * the chip a moment before the driver hears of it; any other difference stays.
 */
static const char *tables(void)
{
	static char text[TABLES_SIZE];
	char path[128], *differs = NULL;

	snprintf(path, sizeof(path), "/sys/kernel/debug/hpcap_pf/%s/tables", storm_dev);
	for (int i = 0; i < 60; i++) {
		if (get(path, text, sizeof(text)))
			wrong("no %s", path);
		differs = strstr(text, "differs");
		if (!differs)
			return text;
		usleep(50000);
	}
	*differs = 0;
	wrong("the chip has something else: %s", strrchr(text, '\n') + 1);
}

/* The stack's wishes may come a moment later than its interface. */
static void tables_as_at_start(void)
{
	const char *text = "";

	for (int i = 0; i < 100; i++) {
		text = tables();
		if (!strcmp(text, tables_at_start))
			return;
		usleep(50000);
	}
	for (const char *a = text, *b = tables_at_start;; a++, b++) {
		if (*a == *b)
			continue;
		while (a > text && a[-1] != '\n') {
			a--;
			b--;
		}
		wrong("the chip's tables are not those of the start: %.*s, was %.*s",
		      (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
	}
}

static void numvfs(unsigned int n)
{
	char line[16];
	int err;

	snprintf(line, sizeof(line), "%u", n);
	err = put(of_pf("sriov_numvfs"), line);
	if (err)
		wrong("%u VFs: %s", n, strerror(-err));
}

static void vfs_back(void)
{
	numvfs(STORM_VFS);
	vf_all_free();
	tables_as_at_start();
}

static void change_numvfs(void)
{
	lease_all_end();
	vf_kill_soon();
	numvfs(0);
	vf_killed();
	lease_none_left();
	vfs_back();
}

static void rebind_pf(void)
{
	int err;

	lease_all_end();
	vf_kill_soon();
	err = put("/sys/bus/pci/drivers/hpcap_pf/unbind", storm_dev);
	vf_killed();
	if (!err)
		err = put("/sys/bus/pci/drivers/hpcap_pf/bind", storm_dev);
	if (err)
		wrong("%s", strerror(-err));
	lease_new_driver();
	pf_link(true);
	vfs_back();
}

static void reset_pf(void)
{
	int err = put(of_pf("reset"), "1");

	if (err)
		wrong("%s", strerror(-err));
}

static void flap_pf(void)
{
	pf_link(false);
	usleep(dice(50000));
	pf_link(true);
}

static struct operation *draw(void)
{
	unsigned int n = dice(1000);
	struct operation *o = operations;

	while (n >= o->weight) {
		n -= o->weight;
		o++;
	}
	return o;
}

static void work(unsigned long nr)
{
	for (done = 1; done <= nr; done++) {
		struct operation *o = draw();
		uint64_t began = now_ms();
		unsigned long ms;

		now = o;
		alarm(PATIENCE_S);
		o->run();
		ms = now_ms() - began;
		o->count++;
		o->ms += ms;
		if (ms > o->worst_ms)
			o->worst_ms = ms;
		if (done % AGREE_EVERY == 0)
			lease_agree();
		if (done % TABLES_EVERY == 0)
			tables();
	}
	alarm(PATIENCE_S);
}

static void report(uint64_t ms)
{
	unsigned long made, ended;

	for (const struct operation *o = operations; o < operations + NR_OPERATIONS; o++)
		printf("%s: %lu times, %lu ms, worst %lu ms\n", o->name, o->count, o->ms,
		       o->worst_ms);
	lease_totals(&made, &ended);
	printf("%lu operations in %.0f s, SEED=%lu: %lu mirrors made, %lu ended, %lu answers to guests\n",
	       done - 1, ms / 1000.0, seed, made, ended, vf_answers());
}

int main(int argc, char **argv)
{
	uint64_t began = now_ms();

	if (argc != 4) {
		fprintf(stderr, "usage: storm DEV OPERATIONS SEED\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	storm_dev = argv[1];
	seed = strtoul(argv[3], NULL, 0);
	guest_seed(&random_source, seed);
	signal(SIGALRM, too_slow);
	nl_open();
	vf_start();
	strcpy(tables_at_start, tables());
	work(strtoul(argv[2], NULL, 0));
	vf_stop();
	lease_agree();
	lease_all_end();
	numvfs(0);
	lease_none_left();
	vfs_back();
	report(now_ms() - began);
	return 0;
}
