/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAB_SESSION_H
#define LAB_SESSION_H

#include "frame.h"

#include <sys/types.h>
#include <time.h>

/* One command that runs for a client. */
struct session {
	uint32_t id;	  /* 0: free */
	pid_t pid;	  /* also its process group */
	int in, out, err; /* our ends of its pipes, -1 when closed */
	bool exited;	  /* pid was reaped, status is valid */
	bool timed_out;
	bool orphan; /* the client hung up: output is thrown away */
	uint32_t status;
	size_t credit;		  /* bytes of output the client still takes */
	struct frame_queue input; /* stdin not yet written to the pipe */
	bool input_ended;
	time_t deadline; /* monotonic seconds; 0: none */
};

/* Between asking a command to end and making it end. */
enum {
	SESSION_GRACE_S = 3
};

int session_spawn(struct session *s, const struct frame_start *start, char **argv);
void session_signal(struct session *s, int signo);
void session_resize(struct session *s, const char *data, size_t len);
void session_input(struct session *s, struct frame_queue *to_client);
void session_output(struct session *s, struct frame_queue *to_client);
bool session_done(struct session *s, struct frame_queue *to_client);
void session_expire(struct session *s, time_t now);
void session_hangup(struct session *s, time_t now);

#endif
