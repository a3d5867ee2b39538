// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every word of HPCAP_IOC_SEND that could be wrong, under traffic: each is
 * refused as the contract says, and what is right is sent.
 * usage: sendbad SOURCE OUTPUT
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <uapi/hpcap.h>

static int checks;
static struct hpcap_send_frame frame[HPCAP_SEND_MAX + 1];

static void verdict(bool good, const char *what)
{
	if (!good) {
		printf("FAIL: %s (errno %d: %s)\n", what, errno, strerror(errno));
		exit(1);
	}
	checks++;
}

static struct hpcap_send with(int fd)
{
	return (struct hpcap_send){.fd = fd, .count = 1, .frames = (uintptr_t)frame};
}

static void fails(int fd, struct hpcap_send send, int want, const char *what)
{
	errno = 0;
	verdict(ioctl(fd, HPCAP_IOC_SEND, &send) == -1 && errno == want, what);
}

static int attach(const char *path, uint32_t mode, uint64_t *pos)
{
	struct hpcap_attach a = {.mode = mode, .name = "sendbad"};
	int fd = open(path, O_RDWR);

	if (fd < 0 || ioctl(fd, HPCAP_IOC_ATTACH, &a)) {
		perror(path);
		exit(1);
	}
	*pos = a.pos;
	return fd;
}

static void wrong_words(int fd, int out)
{
	struct hpcap_send s = with(out);

	s.count = 0;
	fails(fd, s, EINVAL, "no frames");
	s.count = HPCAP_SEND_MAX + 1;
	fails(fd, s, EINVAL, "too many frames");
	s = with(out);
	s.flags = 2;
	fails(fd, s, EINVAL, "unknown flag");
	s = with(out);
	s.reserved[1] = 1;
	fails(fd, s, EINVAL, "reserved word");
	s = with(-1);
	fails(fd, s, EBADF, "no output");
	s = with(STDOUT_FILENO);
	fails(fd, s, EBADF, "an output that is no capture queue");
	s = with(out);
	s.frames = 0;
	fails(fd, s, EFAULT, "frames at a bad address");
	s.frames = -4096ul;
	fails(fd, s, EFAULT, "frames in the kernel");
}

static void wrong_frame(int fd, int out, struct hpcap_send_frame f, int want, const char *what)
{
	frame[0] = f;
	fails(fd, with(out), want, what);
}

static void wrong_frames(int fd, int out, uint64_t pos, uint64_t commit)
{
	const struct hpcap_send_frame good = {.pos = pos + HPCAP_REC_LEN, .len = 60};
	struct hpcap_send_frame f = good;

	f.len = HPCAP_SEND_LEN_MIN - 1;
	wrong_frame(fd, out, f, EINVAL, "a frame without a header");
	f.len = 65000;
	wrong_frame(fd, out, f, EINVAL, "a frame longer than the output's longest");
	f = good;
	f.edit_len = 61;
	wrong_frame(fd, out, f, EINVAL, "more edited than sent");
	f = good;
	f.edit_len = 12;
	f.edit = 16;
	wrong_frame(fd, out, f, EFAULT, "an edit at a bad address");
	f = good;
	f.pos = pos - 1;
	wrong_frame(fd, out, f, ERANGE, "before what the listener holds");
	f.pos = commit + (64 << 20);
	wrong_frame(fd, out, f, ERANGE, "not committed");
	f.pos = UINT64_MAX - 20;
	wrong_frame(fd, out, f, ERANGE, "around the end of numbers");
	frame[0] = good;
}

static void without_rights(int fd, int out)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (syscall(SYS_capset, &head, data))
			_exit(2);
		fails(fd, with(out), EPERM, "without CAP_NET_RAW");
		_exit(0);
	}
	verdict(pid > 0 && waitpid(pid, &status, 0) == pid && !status,
		"a child without rights");
}

/* As many as will go: all, or some and EAGAIN; then POLLOUT comes. */
static void flood(int fd, int out, uint64_t pos)
{
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};
	struct hpcap_send s = with(out);
	uint64_t sent = 0;
	int i, busy = 0;

	for (i = 0; i < HPCAP_SEND_MAX; i++)
		frame[i] = (struct hpcap_send_frame){.pos = pos + HPCAP_REC_LEN, .len = 60};
	s.count = HPCAP_SEND_MAX;
	for (i = 0; i < 200 && sent < 2000; i++) {
		if (!ioctl(fd, HPCAP_IOC_SEND, &s)) {
			verdict(s.sent > 0 && s.sent <= HPCAP_SEND_MAX, "number sent");
			sent += s.sent;
			continue;
		}
		verdict(errno == EAGAIN, "a full output");
		busy++;
		verdict(poll(&pfd, 1, 2000) == 1 && pfd.revents & POLLOUT, "POLLOUT");
		usleep(500);
	}
	verdict(sent >= 2000, "2000 frames in the end");
	printf("2000 frames, told to wait %d times\n", busy);
}

int main(int argc, char **argv)
{
	uint64_t pos, lossy_pos, commit;
	struct hpcap_ctrl *ctrl;
	struct hpcap_info info;
	int fd, lossy, out, blind, i;

	if (argc != 3)
		return 2;
	fd = attach(argv[1], HPCAP_STRICT, &pos);
	lossy = attach(argv[1], HPCAP_LOSSY, &lossy_pos);
	out = open(argv[2], O_RDWR);
	blind = open(argv[2], O_RDONLY);
	verdict(out >= 0 && blind >= 0, "open the output");
	verdict(!ioctl(fd, HPCAP_IOC_INFO, &info), "INFO");
	ctrl = mmap(NULL, info.meta_size, PROT_READ, MAP_SHARED, fd, HPCAP_MMAP_META);
	verdict(ctrl != MAP_FAILED, "mmap");
	for (i = 0; i < 1000 && (commit = ctrl->commit) < pos + 5000; i++)
		usleep(10000);
	verdict(commit >= pos + 5000, "traffic");

	frame[0] = (struct hpcap_send_frame){.pos = pos + HPCAP_REC_LEN, .len = 60};
	wrong_words(fd, out);
	wrong_frames(fd, out, pos, commit);
	fails(fd, with(blind), EBADF, "an output open for reading only");
	fails(out, with(out), ENOTCONN, "asked of one that does not listen");
	fails(lossy, with(out), EPERM, "asked of a lossy listener");
	without_rights(fd, out);
	flood(fd, out, pos);
	printf("%d checks\n", checks);
	return 0;
}
