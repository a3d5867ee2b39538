// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * labagent PORT
 *
 * Runs commands in a lab VM for those who ask over the virtio-serial port.
 * It is the VM's first process as well: it reaps whatever was left to it.
 */
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	SESSIONS = 64,
	TICK_MS = 500,
	FDS = 2 + 3 * SESSIONS
};

static struct session sessions[SESSIONS];
static struct frame_queue port_in, port_out;

static time_t seconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static struct session *session_of(uint32_t id)
{
	for (struct session *s = sessions; s < sessions + SESSIONS; s++) {
		if (s->id == id)
			return s;
	}
	return NULL;
}

static void refuse(uint32_t id, const char *why)
{
	uint32_t status = 126;

	frame_put(&port_out, id, FRAME_STDERR, why, strlen(why));
	frame_put(&port_out, id, FRAME_EXIT, &status, sizeof(status));
}

/* Splits the payload of FRAME_START; returns NULL when it is malformed. */
static char **start_argv(char *data, size_t len, uint16_t argc)
{
	char **argv;
	char *end = data + len;

	if (!argc || !len || end[-1])
		return NULL;
	argv = calloc(argc + 1, sizeof(*argv));
	if (!argv)
		return NULL;
	for (uint16_t i = 0; i < argc; i++) {
		if (data == end) {
			free(argv);
			return NULL;
		}
		argv[i] = data;
		data += strlen(data) + 1;
	}
	return argv;
}

static void start(uint32_t id, char *data, size_t len)
{
	struct session *s = session_of(0);
	struct frame_start start;
	uint32_t first_credit = FRAME_MAX;
	char **argv = NULL;

	if (len > sizeof(start)) {
		memcpy(&start, data, sizeof(start));
		start.term[sizeof(start.term) - 1] = 0;
		argv = start_argv(data + sizeof(start), len - sizeof(start), start.argc);
	}
	if (!argv) {
		refuse(id, "labagent: malformed request\n");
		return;
	}
	if (!s) {
		refuse(id, "labagent: too many commands at once\n");
		goto out;
	}
	*s = (struct session){.id = id};
	if (start.timeout_s)
		s->deadline = seconds_now() + start.timeout_s;
	if (session_spawn(s, &start, argv) < 0) {
		s->id = 0;
		refuse(id, "labagent: cannot start a process\n");
		goto out;
	}
	frame_put(&port_out, id, FRAME_CREDIT, &first_credit, sizeof(first_credit));
out:
	free(argv);
}

static void take_input(struct session *s, const char *data, size_t len)
{
	struct frame_queue *q = &s->input;

	if (s->in < 0)
		return;
	if (!len)
		s->input_ended = true;
	if (q->len + len > q->room) {
		q->room = q->len + len;
		q->data = realloc(q->data, q->room);
		if (!q->data)
			abort();
	}
	if (len)
		memcpy(q->data + q->len, data, len);
	q->len += len;
	session_input(s, &port_out);
}

static void handle(const struct frame_head *head, char *data)
{
	struct session *s = session_of(head->session);

	if (head->type == FRAME_START) {
		start(head->session, data, head->len);
		return;
	}
	if (!s)
		return; /* ended meanwhile */
	switch (head->type) {
	case FRAME_STDIN:
		take_input(s, data, head->len);
		break;
	case FRAME_SIGNAL:
		session_signal(s, frame_number(head, data));
		break;
	case FRAME_WINSIZE:
		session_resize(s, data, head->len);
		break;
	case FRAME_CREDIT:
		s->credit += frame_number(head, data);
		break;
	case FRAME_HANGUP:
		session_hangup(s, seconds_now());
		break;
	}
}

/* Returns false when nobody is at the other end of the port. */
static bool port_read(int port)
{
	struct frame_head head;
	size_t at = 0;
	char *data;
	int n = frame_fill(&port_in, port);

	if (n == -EAGAIN)
		return true;
	while (n > 0 && frame_next(&port_in, &at, &head, &data))
		handle(&head, data);
	frame_drop(&port_in, at);
	return n > 0;
}

/* A new connection begins with whole frames: forget halves, end sessions. */
static void port_lost(void)
{
	port_in.len = 0;
	port_out.len = 0;
	for (struct session *s = sessions; s < sessions + SESSIONS; s++) {
		if (s->id && !s->orphan)
			session_hangup(s, seconds_now());
	}
	poll(NULL, 0, TICK_MS);
}

static void reap(int sigfd)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	if (read(sigfd, &info, sizeof(info)) < 0)
		return;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (struct session *s = sessions; s < sessions + SESSIONS; s++) {
			if (!s->id || s->pid != pid || s->exited)
				continue;
			s->exited = true;
			s->status = WIFEXITED(status) ? WEXITSTATUS(status)
						      : 128 + WTERMSIG(status);
			if (s->timed_out)
				s->status = 124;
		}
	}
}

static void watch(struct pollfd *fds, int port, int sigfd)
{
	fds[0] = (struct pollfd){.fd = port, .events = POLLIN};
	if (port_out.len)
		fds[0].events |= POLLOUT;
	fds[1] = (struct pollfd){.fd = sigfd, .events = POLLIN};
	for (int i = 0; i < SESSIONS; i++) {
		struct session *s = &sessions[i];
		struct pollfd *f = fds + 2 + 3 * i;
		bool listen = s->id && (s->orphan || s->credit);

		f[0] = (struct pollfd){.fd = listen ? s->out : -1, .events = POLLIN};
		f[1] = (struct pollfd){.fd = listen ? s->err : -1, .events = POLLIN};
		f[2] = (struct pollfd){.fd = s->id && s->input.len ? s->in : -1,
				       .events = POLLOUT};
	}
}

static void serve(int port, int sigfd)
{
	struct pollfd fds[FDS];

	for (;;) {
		watch(fds, port, sigfd);
		if (poll(fds, FDS, TICK_MS) < 0)
			continue;
		if (fds[1].revents)
			reap(sigfd);
		if (fds[0].revents & (POLLIN | POLLHUP) && !port_read(port))
			port_lost();
		for (int i = 0; i < SESSIONS; i++) {
			struct session *s = &sessions[i];
			struct pollfd *f = fds + 2 + 3 * i;

			if (!s->id)
				continue;
			if (f[0].revents || f[1].revents)
				session_output(s, &port_out);
			if (f[2].revents)
				session_input(s, &port_out);
			if (!session_done(s, &port_out))
				session_expire(s, seconds_now());
		}
		if (frame_flush(&port_out, port) < 0)
			port_lost();
	}
}

int main(int argc, char **argv)
{
	sigset_t set;
	int port;

	if (argc != 2) {
		fprintf(stderr, "usage: labagent PORT\n");
		return 2;
	}
	port = open(argv[1], O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (port < 0) {
		fprintf(stderr, "labagent: %s: %s\n", argv[1], strerror(errno));
		return 1;
	}
	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	serve(port, signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
	return 0;
}
