// SPDX-License-Identifier: GPL-2.0-or-later
// Frames on file descriptors, for agent, broker and client alike.
#include "frame.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void reserve(struct frame_queue *q, size_t more)
{
	if (q->len + more <= q->room)
		return;
	q->room = 2 * (q->len + more);
	q->data = realloc(q->data, q->room);
	if (!q->data) {
		fprintf(stderr, "lab channel: out of memory\n");
		abort();
	}
}

/**
 * frame_put() - Append one frame to a queue
 * @q: the queue; grows as needed, bounded by the credit that its owner respects
 * @session: number of the session, 0 between client and broker
 * @type: what it is
 * @data: payload, may be NULL when @len is 0
 * @len: bytes, at most FRAME_MAX
 */
void frame_put(struct frame_queue *q, uint32_t session, enum frame_type type, const void *data,
	       size_t len)
{
	struct frame_head head = {.len = len, .session = session, .type = type};

	reserve(q, sizeof(head) + len);
	memcpy(q->data + q->len, &head, sizeof(head));
	if (len)
		memcpy(q->data + q->len + sizeof(head), data, len);
	q->len += sizeof(head) + len;
}

/**
 * frame_flush() - Write what the descriptor takes now
 * @q: the queue
 * @fd: not blocking
 *
 * Return: 0, or -errno when the other side is gone.
 */
int frame_flush(struct frame_queue *q, int fd)
{
	while (q->len) {
		ssize_t n = write(fd, q->data, q->len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		if (n == 0)
			return 0;
		frame_drop(q, n);
	}
	return 0;
}

/**
 * frame_fill() - Read once what the descriptor has
 * @q: the queue
 * @fd: not blocking
 *
 * Return: bytes read, 0 at the end of the stream, -EAGAIN, or another -errno.
 */
int frame_fill(struct frame_queue *q, int fd)
{
	ssize_t n;

	reserve(q, FRAME_MAX);
	do {
		n = read(fd, q->data + q->len, FRAME_MAX);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	q->len += n;
	return n;
}

/**
 * frame_next() - Step to the next whole frame in a queue
 * @q: the queue
 * @at: where to look, 0 at first; moved behind the frame
 * @head: filled in
 * @data: the payload, valid until the queue changes
 *
 * A length beyond FRAME_MAX cannot come from our programs: the stream is
 * broken, and nothing after it can be trusted.
 *
 * Return: false when no whole frame is left; frame_drop(@q, @at) then.
 */
bool frame_next(struct frame_queue *q, size_t *at, struct frame_head *head, char **data)
{
	if (q->len - *at < sizeof(*head))
		return false;
	memcpy(head, q->data + *at, sizeof(*head));
	if (head->len > FRAME_MAX) {
		fprintf(stderr, "lab channel: broken stream\n");
		exit(1);
	}
	if (q->len - *at < sizeof(*head) + head->len)
		return false;
	*data = q->data + *at + sizeof(*head);
	*at += sizeof(*head) + head->len;
	return true;
}

/** frame_drop() - Forget the first @bytes of a queue */
void frame_drop(struct frame_queue *q, size_t bytes)
{
	q->len -= bytes;
	memmove(q->data, q->data + bytes, q->len);
}

/** frame_free() - Give a queue's memory back; it is empty then */
void frame_free(struct frame_queue *q)
{
	free(q->data);
	*q = (struct frame_queue){0};
}

/** frame_number() - The payload of FRAME_CREDIT, _SIGNAL, _EXIT; 0 if it is none */
uint32_t frame_number(const struct frame_head *head, const char *data)
{
	uint32_t number = 0;

	if (head->len == sizeof(number))
		memcpy(&number, data, sizeof(number));
	return number;
}

/* Socket paths are limited to 107 bytes: go to the folder, use the last name. */
static int socket_at(const char *path, struct sockaddr_un *addr)
{
	char copy[PATH_MAX];

	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	snprintf(copy, sizeof(copy), "%s", path);
	if (chdir(dirname(copy)) < 0)
		return -errno;
	snprintf(copy, sizeof(copy), "%s", path);
	if (snprintf(addr->sun_path, sizeof(addr->sun_path), "%s", basename(copy)) >=
	    (int)sizeof(addr->sun_path))
		return -ENAMETOOLONG;
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

/**
 * frame_connect() - Connect to a stream socket of any path length
 * @path: the socket; the working directory changes to its folder
 *
 * Return: descriptor, blocking; or -errno.
 */
int frame_connect(const char *path)
{
	struct sockaddr_un addr;
	int fd = socket_at(path, &addr);
	int ret;

	if (fd < 0)
		return fd;
	if (connect(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0)
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}

/**
 * frame_listen() - Listen at a path, in place of an older socket there
 * @path: the socket; the working directory changes to its folder
 *
 * Return: descriptor, or -errno.
 */
int frame_listen(const char *path)
{
	struct sockaddr_un addr;
	int fd = socket_at(path, &addr);
	int ret;

	if (fd < 0)
		return fd;
	unlink(addr.sun_path);
	if (bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 && listen(fd, 64) == 0)
		return fd;
	ret = -errno;
	close(fd);
	return ret;
}
