// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapdd over a device made of memory, and what is found afterwards. */
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>
#include <crc32c.h>
#include <frames_in.h>
#include <index.h>
#include "unit/dd_world.h"
#include "unit/fake_dev.h"

enum {
	FIRST_SEC = 1700000000
};

struct dd_world dd;

static void make_dir(char *dir)
{
	strcpy(dir, "/tmp/test_store.XXXXXX");
	assert_non_null(mkdtemp(dir));
}

int dd_setup(void **state)
{
	(void)state;
	memset(&dd, 0, sizeof(dd));
	dd.per_second = 50000;
	fake_dev_create(HPCAP_RING_MIN);
	make_dir(dd.dir);
	make_dir(dd.other);
	return 0;
}

int dd_teardown(void **state)
{
	char command[256];

	(void)state;
	fake_dev_destroy();
	snprintf(command, sizeof(command), "rm -rf '%s' '%s'", dd.dir, dd.other);
	return system(command);
}

void dd_start(bool both, const char *more, ...)
{
	const char **argv = dd.p.argv;
	va_list ap;
	int n = 0;

	memset(dd.p.argv, 0, sizeof(dd.p.argv));
	dd.p.main = main_hpcapdd;
	argv[n++] = "hpcapdd";
	argv[n++] = "--json";
	va_start(ap, more);
	for (; more; more = va_arg(ap, const char *))
		argv[n++] = more;
	va_end(ap);
	argv[n++] = "0";
	argv[n++] = "0";
	argv[n++] = dd.dir;
	if (both)
		argv[n++] = dd.other;
	program_start(&dd.p);
}

/* A program that has died would be waited for in vain. */
static void must_live(void)
{
	siginfo_t info = {0};

	if (waitid(P_PID, (id_t)dd.p.pid, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
		return;
	program_wait(&dd.p);
	print_error("%s", dd.p.err);
	fail_msg("hpcapdd ended by itself, status %d", dd.p.status);
}

void dd_wait_attached(void)
{
	while (!fake_dev_listeners()) {
		must_live();
		usleep(1000);
	}
}

uint32_t dd_len(uint32_t n)
{
	return 60 + n * 37 % 1455;
}

/* Bytes of frame n: its number, then a pattern. */
static uint32_t fill(uint8_t *frame, uint32_t n)
{
	uint32_t len = dd_len(n);

	memset(frame, (int)(n & 0xff), len);
	memcpy(frame, &n, sizeof(n));
	return len;
}

/* Second of frame n. */
static uint32_t sec_of(uint32_t n)
{
	uint32_t sec = FIRST_SEC + n / dd.per_second;

	return dd.back_s && n >= dd.back_at ? sec - dd.back_s : sec;
}

void dd_send(uint32_t nr)
{
	uint8_t frame[1514];

	for (; nr > 0; nr--) {
		uint32_t len = fill(frame, dd.sent);

		while (!fake_dev_has_room(len)) {
			fake_dev_commit();
			must_live();
			usleep(200);
		}
		fake_dev_put(sec_of(dd.sent), dd.sent, frame, len, len);
		dd.sent++;
	}
	fake_dev_commit();
}

void dd_stop(int status)
{
	kill(dd.p.pid, SIGINT);
	program_wait(&dd.p);
	if (dd.p.status != status)
		print_error("%s", dd.p.err);
	assert_int_equal(dd.p.status, status);
}

static void look_at_index(const char *path, uint64_t size, struct dd_found *found,
			  uint32_t frames)
{
	struct hpcap_index_map *m;

	if (hpcap_index_open(&m, path, size))
		return;
	assert_int_equal(hpcap_index_load(m), 0);
	if (hpcap_index_info(m)->whole) {
		assert_int_equal(hpcap_index_info(m)->frames, frames);
		found->indexes++;
	}
	hpcap_index_close(m);
}

static void look_at(const char *path, struct dd_found *found)
{
	uint8_t want[1514];
	struct hpcap_frame f;
	struct hpcap_in *in;
	uint32_t n = 0, frames = 0;
	struct stat st;
	int ret;

	assert_int_equal(stat(path, &st), 0);
	/* its space is being reserved */
	if (dd.may_be_cut && !st.st_size)
		return;
	assert_int_equal(hpcap_in_open(&in, path, NULL), 0);
	while ((ret = hpcap_in_next(in, &f)) > 0) {
		memcpy(&n, f.rec.data, sizeof(n));
		assert_int_equal(f.rec.len, fill(want, n));
		assert_int_equal(f.rec.caplen,
				 dd.keep && dd.keep < f.rec.len ? dd.keep : f.rec.len);
		assert_memory_equal(f.rec.data, want, f.rec.caplen);
		assert_int_equal(f.rec.sec, sec_of(n));
		assert_int_equal(f.rec.nsec, n);
		if (found->frames + frames) {
			assert_true(n > found->last);
			found->lost += n - found->last - 1;
		}
		found->last = n;
		frames++;
	}
	if (!dd.may_be_cut)
		assert_string_equal(hpcap_in_error(in), "");
	assert_int_equal(ret, 0);
	hpcap_in_close(in);
	found->files++;
	found->frames += frames;
	if ((uint64_t)st.st_size > found->largest)
		found->largest = (uint64_t)st.st_size;
	look_at_index(path, (uint64_t)st.st_size, found, frames);
}

struct dd_found dd_look(const char *dir, const char *suffix)
{
	struct dd_found found = {0};
	char pattern[160];
	glob_t g;
	size_t i;

	snprintf(pattern, sizeof(pattern), "%s/*/*%s", dir, suffix);
	if (glob(pattern, 0, NULL, &g))
		return found;
	for (i = 0; i < g.gl_pathc; i++)
		look_at(g.gl_pathv[i], &found);
	globfree(&g);
	return found;
}

static uint32_t crc_of(const char *path, uint64_t *size)
{
	static uint8_t buf[1 << 20];
	int fd = open(path, O_RDONLY);
	uint32_t crc = 0;
	ssize_t n;

	*size = 0;
	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0) {
		crc = hpcap_crc32c(crc, buf, (size_t)n);
		*size += (uint64_t)n;
	}
	close(fd);
	return crc;
}

uint32_t dd_journal(const char *dir)
{
	char path[256], name[128], line[1024];
	unsigned long long bytes;
	unsigned int crc;
	uint32_t lines = 0;
	uint64_t size;
	FILE *f;

	snprintf(path, sizeof(path), "%s/hpcap.journal", dir);
	f = fopen(path, "r");
	while (f && fgets(line, sizeof(line), f)) {
		assert_int_equal(
			sscanf(strstr(line, "\"file\""), "\"file\": \"%127[^\"]", name), 1);
		assert_int_equal(sscanf(strstr(line, "\"bytes\""), "\"bytes\": %llu", &bytes),
				 1);
		assert_int_equal(sscanf(strstr(line, "\"crc32c\""), "\"crc32c\": \"%x", &crc),
				 1);
		snprintf(path, sizeof(path), "%s/%s", dir, name);
		lines++;
		if (access(path, F_OK))
			continue;
		assert_int_equal(crc_of(path, &size), crc);
		assert_int_equal(size, bytes);
	}
	if (f)
		fclose(f);
	return lines;
}

uint64_t dd_said(const char *key)
{
	char quoted[64];
	const char *at;

	snprintf(quoted, sizeof(quoted), "\"%s\": ", key);
	at = strstr(dd.p.out, quoted);
	assert_non_null(at);
	return strtoull(at + strlen(quoted), NULL, 10);
}
