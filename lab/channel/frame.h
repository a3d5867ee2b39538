/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAB_FRAME_H
#define LAB_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The exec channel: what travels between the three programs here.
 *
 *   lab/lab exec ── labexec ──┐ unix socket      virtio-serial port
 *   lab/lab exec ── labexec ──┼──────── labbroker ════════════ labagent ── CMD
 *   ...                       ┘ one each         one for all    (in the VM)
 *
 * Everything is a frame: this head, then len bytes. A session is one command;
 * the broker numbers it, since a client knows only its own. Both ends are
 * x86-64: numbers travel as they are in memory.
 */
struct frame_head {
	uint32_t len;	  /* bytes after the head, at most FRAME_MAX */
	uint32_t session; /* 0 between client and broker */
	uint32_t type;	  /* enum frame_type */
};

enum {
	FRAME_MAX = 64 * 1024,
	FRAME_WINDOW = 256 * 1024
};

enum frame_type {
	/* to the agent */
	FRAME_START,   /* struct frame_start, then argc strings, each with its NUL */
	FRAME_STDIN,   /* bytes; none = end of file */
	FRAME_SIGNAL,  /* uint32_t: for the command's process group */
	FRAME_WINSIZE, /* uint16_t rows, cols */
	FRAME_HANGUP,  /* the client went away (from the broker) */
	/* from the agent */
	FRAME_STDOUT,
	FRAME_STDERR,
	FRAME_EXIT, /* uint32_t: exit status as a shell tells it; ends the session */
	/* both ways: uint32_t, so many more bytes of output or stdin may be sent.
	 * Output begins with FRAME_WINDOW, stdin with nothing.
	 */
	FRAME_CREDIT,
};

struct frame_start {
	uint32_t timeout_s;  /* 0: none */
	uint16_t pty;	     /* a terminal instead of three pipes */
	uint16_t rows, cols; /* of the terminal */
	uint16_t argc;
	char term[32]; /* $TERM */
};

/* Bytes that came in or wait to go out. */
struct frame_queue {
	char *data;
	size_t len;
	size_t room;
};

void frame_put(struct frame_queue *q, uint32_t session, enum frame_type type, const void *data,
	       size_t len);
int frame_flush(struct frame_queue *q, int fd);
int frame_fill(struct frame_queue *q, int fd);
bool frame_next(struct frame_queue *q, size_t *at, struct frame_head *head, char **data);
void frame_drop(struct frame_queue *q, size_t bytes);
void frame_free(struct frame_queue *q);
uint32_t frame_number(const struct frame_head *head, const char *data);
int frame_connect(const char *path);
int frame_listen(const char *path);

#endif
