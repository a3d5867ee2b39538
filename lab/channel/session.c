// SPDX-License-Identifier: GPL-2.0-or-later
// One command in the VM: started, fed, listened to, ended.
#include "session.h"

#include <errno.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* In the child: never returns. */
static void run(const char *term, char **argv)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	setenv("TERM", term, 1);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

static int spawn_pty(struct session *s, const struct frame_start *start, char **argv)
{
	struct winsize size = {.ws_row = start->rows, .ws_col = start->cols};
	int master;

	s->pid = forkpty(&master, NULL, NULL, &size);
	if (s->pid < 0)
		return -errno;
	if (s->pid == 0)
		run(start->term, argv);
	fcntl(master, F_SETFD, FD_CLOEXEC);
	fcntl(master, F_SETFL, O_NONBLOCK);
	s->out = master;
	s->in = fcntl(master, F_DUPFD_CLOEXEC, 0);
	s->err = -1;
	return 0;
}

static void close_pair(const int *pair)
{
	close(pair[0]);
	close(pair[1]);
}

static int spawn_pipes(struct session *s, const struct frame_start *start, char **argv)
{
	int in[2], out[2], err[2];

	if (pipe2(in, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(out, O_CLOEXEC) < 0)
		goto err_in;
	if (pipe2(err, O_CLOEXEC) < 0)
		goto err_out;
	s->pid = fork();
	if (s->pid < 0)
		goto err_err;
	if (s->pid == 0) {
		setsid();
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		run(start->term, argv);
	}
	close(in[0]);
	close(out[1]);
	close(err[1]);
	s->in = in[1];
	s->out = out[0];
	s->err = err[0];
	fcntl(s->in, F_SETFL, O_NONBLOCK);
	fcntl(s->out, F_SETFL, O_NONBLOCK);
	fcntl(s->err, F_SETFL, O_NONBLOCK);
	return 0;

err_err:
	close_pair(err);
err_out:
	close_pair(out);
err_in:
	close_pair(in);
	return -EAGAIN;
}

/**
 * session_spawn() - Start a session's command in a process group of its own
 * @s: the session; its id is set
 * @start: what the client asked for
 * @argv: the command, ends with NULL
 *
 * Return: 0, or -errno when there are no descriptors or processes left.
 */
int session_spawn(struct session *s, const struct frame_start *start, char **argv)
{
	s->in = -1;
	s->out = -1;
	s->err = -1;
	s->credit = FRAME_WINDOW;
	return start->pty ? spawn_pty(s, start, argv) : spawn_pipes(s, start, argv);
}

/** session_signal() - Send a signal to the whole process group */
void session_signal(struct session *s, int signo)
{
	if (s->exited)
		return;
	/* a child that has not come to setsid() yet has no group */
	if (kill(-s->pid, signo) < 0)
		kill(s->pid, signo);
}

/** session_resize() - The client's terminal changed its size */
void session_resize(struct session *s, const char *data, size_t len)
{
	uint16_t now[2];
	struct winsize size = {0};

	if (len != sizeof(now) || s->out < 0)
		return;
	memcpy(now, data, sizeof(now));
	size.ws_row = now[0];
	size.ws_col = now[1];
	ioctl(s->out, TIOCSWINSZ, &size);
}

static void close_input(struct session *s)
{
	if (s->in >= 0)
		close(s->in);
	s->in = -1;
	frame_free(&s->input);
}

/**
 * session_input() - Hand waiting stdin to the command, and ask for more
 * @s: the session
 * @to_client: gets the credit for what was taken
 */
void session_input(struct session *s, struct frame_queue *to_client)
{
	size_t before = s->input.len;
	uint32_t taken;

	if (s->in < 0)
		return;
	if (frame_flush(&s->input, s->in) < 0) {
		close_input(s);
		return;
	}
	taken = before - s->input.len;
	if (taken && !s->orphan)
		frame_put(to_client, s->id, FRAME_CREDIT, &taken, sizeof(taken));
	if (s->input_ended && !s->input.len)
		close_input(s);
}

/* Returns false when there is nothing to read now. */
static bool forward(struct session *s, int *fd, enum frame_type type,
		    struct frame_queue *to_client)
{
	static char buf[FRAME_MAX];
	size_t want = s->orphan || s->credit > sizeof(buf) ? sizeof(buf) : s->credit;
	ssize_t n;

	if (*fd < 0 || !want)
		return false;
	n = read(*fd, buf, want);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n <= 0) { /* a terminal tells its end by EIO */
		close(*fd);
		*fd = -1;
		return false;
	}
	if (!s->orphan) {
		frame_put(to_client, s->id, type, buf, n);
		s->credit -= n;
	}
	return true;
}

/** session_output() - Pass on what the command has said, as far as credit goes */
void session_output(struct session *s, struct frame_queue *to_client)
{
	forward(s, &s->out, FRAME_STDOUT, to_client);
	forward(s, &s->err, FRAME_STDERR, to_client);
}

/**
 * session_done() - End the session if its command ended and all was passed on
 * @s: the session; free afterwards when true is returned
 * @to_client: gets the rest of the output and the exit status
 *
 * What a background process left behind by the command says later is not
 * waited for.
 *
 * Return: true when the session is over.
 */
bool session_done(struct session *s, struct frame_queue *to_client)
{
	if (!s->exited)
		return false;
	while (forward(s, &s->out, FRAME_STDOUT, to_client))
		;
	while (forward(s, &s->err, FRAME_STDERR, to_client))
		;
	if (!s->orphan && !s->credit && (s->out >= 0 || s->err >= 0))
		return false; /* the client must take what it has first */
	if (!s->orphan)
		frame_put(to_client, s->id, FRAME_EXIT, &s->status, sizeof(s->status));
	if (s->out >= 0)
		close(s->out);
	if (s->err >= 0)
		close(s->err);
	close_input(s);
	s->id = 0;
	return true;
}

/** session_expire() - Its time is over: ask the command to end, then make it end */
void session_expire(struct session *s, time_t now)
{
	if (s->exited || !s->deadline || now < s->deadline)
		return;
	if (s->timed_out || s->orphan) {
		session_signal(s, SIGKILL);
		s->deadline = 0;
		return;
	}
	s->timed_out = true;
	s->deadline = now + SESSION_GRACE_S;
	session_signal(s, SIGTERM);
}

/** session_hangup() - The client is gone: so shall the command be */
void session_hangup(struct session *s, time_t now)
{
	s->orphan = true;
	s->deadline = now + SESSION_GRACE_S;
	session_signal(s, SIGHUP);
}
