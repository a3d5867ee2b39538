// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * labexec [-i] [-p] [-t SECONDS] SOCKET COMMAND...
 *
 * Runs a command in a lab VM: its output comes here as it is made, its exit
 * status is ours. -i passes stdin, -p asks for a terminal (implies -i),
 * -t ends the command after so long (status 124). SIGINT, SIGTERM and
 * SIGQUIT go to the command. Status 125: the VM is not there, went away, or hangs:
 * with -t, a minute behind that time it has not ended the command.
 */
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum {
	NO_VM = 125,
	PATIENCE_S = 60
};

static struct frame_queue in, out;
static struct termios saved;
static bool raw;

static void terminal_restore(void)
{
	if (raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

static void terminal_raw(void)
{
	struct termios t;

	if (tcgetattr(STDIN_FILENO, &saved) < 0)
		return;
	t = saved;
	cfmakeraw(&t);
	raw = tcsetattr(STDIN_FILENO, TCSANOW, &t) == 0;
	atexit(terminal_restore);
}

static void put_start(uint32_t timeout_s, bool pty, int argc, char **argv)
{
	struct frame_start start = {.timeout_s = timeout_s, .pty = pty, .argc = argc};
	const char *term = getenv("TERM");
	char buf[FRAME_MAX];
	size_t len = sizeof(start);
	struct winsize size = {0};

	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	start.rows = size.ws_row;
	start.cols = size.ws_col;
	snprintf(start.term, sizeof(start.term), "%s", term ? term : "dumb");
	memcpy(buf, &start, sizeof(start));
	for (int i = 0; i < argc; i++) {
		size_t n = strlen(argv[i]) + 1;

		if (len + n > sizeof(buf)) {
			fprintf(stderr, "labexec: the command is longer than %d bytes\n",
				FRAME_MAX);
			exit(2);
		}
		memcpy(buf + len, argv[i], n);
		len += n;
	}
	frame_put(&out, 0, FRAME_START, buf, len);
}

static void write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno != EINTR)
			exit(NO_VM);
		if (n > 0) {
			data += n;
			len -= n;
		}
	}
}

/* What came from the agent. Ends the program at FRAME_EXIT. */
static void receive(int fd, size_t *credit)
{
	struct frame_head head;
	size_t at = 0;
	char *data;
	int n = frame_fill(&in, fd);

	if (n == -EAGAIN)
		return;
	while (n > 0 && frame_next(&in, &at, &head, &data)) {
		switch (head.type) {
		case FRAME_STDOUT:
		case FRAME_STDERR:
			write_all(head.type == FRAME_STDOUT ? STDOUT_FILENO : STDERR_FILENO,
				  data, head.len);
			frame_put(&out, 0, FRAME_CREDIT, &head.len, sizeof(head.len));
			break;
		case FRAME_CREDIT:
			*credit += frame_number(&head, data);
			break;
		case FRAME_EXIT:
			exit(frame_number(&head, data));
		}
	}
	frame_drop(&in, at);
	if (n <= 0) {
		fprintf(stderr, "labexec: the VM went away\n");
		exit(NO_VM);
	}
}

/* Passes stdin on; returns false at its end. */
static bool send_stdin(size_t *credit)
{
	char buf[FRAME_MAX];
	ssize_t n = read(STDIN_FILENO, buf, *credit < sizeof(buf) ? *credit : sizeof(buf));

	if (n < 0)
		return errno == EINTR || errno == EAGAIN;
	frame_put(&out, 0, FRAME_STDIN, buf, n);
	*credit -= n;
	return n > 0;
}

/* The third Ctrl-C gives up waiting; the broker then hangs up for us. */
static void pass_signal(int sigfd)
{
	static int times;
	struct signalfd_siginfo info;

	if (read(sigfd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH) {
		struct winsize size = {0};
		uint16_t now[2];

		ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
		now[0] = size.ws_row;
		now[1] = size.ws_col;
		frame_put(&out, 0, FRAME_WINSIZE, now, sizeof(now));
		return;
	}
	if (++times > 2)
		exit(128 + info.ssi_signo);
	frame_put(&out, 0, FRAME_SIGNAL, &info.ssi_signo, sizeof(info.ssi_signo));
}

/* Milliseconds until a VM that says nothing hangs; -1: it may take for ever. */
static int patience(time_t until)
{
	struct timespec now;

	if (!until)
		return -1;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec >= until) {
		fprintf(stderr, "labexec: the VM does not answer\n");
		exit(NO_VM);
	}
	return 1000;
}

static void talk(int fd, bool use_stdin, time_t until)
{
	struct pollfd fds[3];
	size_t credit = 0;
	sigset_t set;
	int sigfd;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGWINCH);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigfd = signalfd(-1, &set, SFD_CLOEXEC);

	if (!use_stdin)
		frame_put(&out, 0, FRAME_STDIN, NULL, 0);
	for (;;) {
		fds[0] = (struct pollfd){.fd = fd, .events = POLLIN};
		if (out.len)
			fds[0].events |= POLLOUT;
		fds[1] = (struct pollfd){.fd = sigfd, .events = POLLIN};
		fds[2] = (struct pollfd){.fd = use_stdin && credit ? STDIN_FILENO : -1,
					 .events = POLLIN};
		if (poll(fds, 3, patience(until)) < 0)
			continue;
		if (fds[2].revents)
			use_stdin = send_stdin(&credit);
		if (fds[1].revents)
			pass_signal(sigfd);
		if (frame_flush(&out, fd) < 0 || fds[0].revents & (POLLIN | POLLHUP | POLLERR))
			receive(fd, &credit);
	}
}

int main(int argc, char **argv)
{
	bool use_stdin = false, pty = false;
	uint32_t timeout_s = 0;
	struct timespec now;
	int opt, fd;

	while ((opt = getopt(argc, argv, "+ipt:")) != -1) {
		switch (opt) {
		case 'p':
			pty = true;
			/* fall through */
		case 'i':
			use_stdin = true;
			break;
		case 't':
			timeout_s = strtoul(optarg, NULL, 10);
			break;
		default:
			return 2;
		}
	}
	if (argc - optind < 2) {
		fprintf(stderr, "usage: labexec [-i] [-p] [-t SECONDS] SOCKET COMMAND...\n");
		return 2;
	}
	fd = frame_connect(argv[optind]);
	if (fd < 0) {
		fprintf(stderr, "labexec: %s: %s (is the VM up?)\n", argv[optind],
			strerror(-fd));
		return NO_VM;
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	put_start(timeout_s, pty, argc - optind - 1, argv + optind + 1);
	if (pty)
		terminal_raw();
	clock_gettime(CLOCK_MONOTONIC, &now);
	talk(fd, use_stdin, timeout_s ? now.tv_sec + timeout_s + PATIENCE_S : 0);
}
