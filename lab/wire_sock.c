// SPDX-License-Identifier: GPL-2.0-or-later
// The socket of a wire end. QEMU's end: -netdev dgram,local.type=unix,remote.type=unix
#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/*
 * A socket's path must fit 108 bytes and a lab may lie deeper. Then go by
 * /proc/self/fd/N/name with the folder open as N; the caller closes *@dirfd.
 */
static int sock_address(struct sockaddr_un *a, const char *path, int *dirfd)
{
	const char *name = strrchr(path, '/');
	char dir[4096];

	*dirfd = -1;
	*a = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) < sizeof(a->sun_path)) {
		memcpy(a->sun_path, path, strlen(path) + 1);
		return 0;
	}
	if (!name || (size_t)(name - path) >= sizeof(dir))
		return -ENAMETOOLONG;
	memcpy(dir, path, (size_t)(name - path));
	dir[name - path] = '\0';
	*dirfd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*dirfd < 0)
		return -errno;
	if ((size_t)snprintf(a->sun_path, sizeof(a->sun_path), "/proc/self/fd/%d/%s", *dirfd,
			     name + 1) >= sizeof(a->sun_path)) {
		close(*dirfd);
		*dirfd = -1;
		return -ENAMETOOLONG;
	}
	return 0;
}

// connect or bind, with the long-path detour
static int sock_attach(int fd, const char *path, bool bind_it)
{
	struct sockaddr_un a;
	int dirfd, rc;

	rc = sock_address(&a, path, &dirfd);
	if (rc)
		return rc;
	rc = bind_it ? bind(fd, (struct sockaddr *)&a, sizeof(a))
		     : connect(fd, (struct sockaddr *)&a, sizeof(a));
	rc = rc ? -errno : 0;
	if (dirfd >= 0)
		close(dirfd);
	return rc;
}

// A socket left behind by a wire that was killed may be taken over.
static bool sock_is_stale(const char *path)
{
	struct stat st;
	int fd, rc;

	if (lstat(path, &st) || !S_ISSOCK(st.st_mode))
		return false;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return false;
	rc = sock_attach(fd, path, false);
	close(fd);
	return rc == -ECONNREFUSED;
}

/**
 * wire_sock_open() - Bind our end of a wire
 * @s: filled in; s->error says what is wrong when it fails
 * @local: our path, or NULL when nothing shall come back
 * @peer: the NIC's path, or NULL to receive only
 *
 * Return: 0 or -1.
 */
int wire_sock_open(struct wire_sock *s, const char *local, const char *peer)
{
	int size = 8 << 20;
	int rc;

	*s = (struct wire_sock){.local = local, .peer = peer};
	s->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->fd < 0) {
		snprintf(s->error, sizeof(s->error), "socket: %m");
		return -1;
	}
	// The kernel gives what it allows; less only means more stalls.
	setsockopt(s->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (!local)
		return 0;
	if (sock_is_stale(local))
		unlink(local);
	rc = sock_attach(s->fd, local, true);
	if (rc) {
		snprintf(s->error, sizeof(s->error), "%s: %s%s", local, strerror(-rc),
			 rc == -EADDRINUSE ? ": another wire holds this end" : "");
		close(s->fd);
		s->fd = -1;
		return -1;
	}
	s->bound = true;
	return 0;
}

/**
 * wire_sock_connect() - Aim at the NIC's socket
 * @s: open socket with a peer
 *
 * Being connected lets poll(2) tell when the peer takes more.
 *
 * Return: 0; 1 when nobody is there (yet); -1 with s->error.
 */
int wire_sock_connect(struct wire_sock *s)
{
	int rc = sock_attach(s->fd, s->peer, false);

	if (!rc)
		return 0;
	if (rc == -ENOENT || rc == -ECONNREFUSED)
		return 1;
	snprintf(s->error, sizeof(s->error), "%s: %s", s->peer, strerror(-rc));
	return -1;
}

/**
 * wire_sock_send() - Put one frame on the wire
 * @s: connected socket
 * @data: the frame
 * @len: its bytes
 *
 * Return: WIRE_SENT; WIRE_FULL try again when poll(2) says so; WIRE_NOBODY the
 * peer went away; WIRE_BROKEN with s->error.
 */
enum wire_sent wire_sock_send(struct wire_sock *s, const void *data, uint32_t len)
{
	if (send(s->fd, data, len, MSG_NOSIGNAL) == (ssize_t)len)
		return WIRE_SENT;
	switch (errno) {
	case EAGAIN:
	case ENOBUFS:
	case EINTR:
		return WIRE_FULL;
	case ECONNREFUSED:
	case ENOTCONN:
	case EPIPE:
	case ECONNRESET:
	case EDESTADDRREQ:
		return WIRE_NOBODY;
	default:
		snprintf(s->error, sizeof(s->error), "%s: cannot send %u bytes: %m", s->peer,
			 len);
		return WIRE_BROKEN;
	}
}

/**
 * wire_sock_recv() - Take one frame off the wire
 * @s: open socket
 * @buf: where to
 * @size: of @buf
 *
 * Return: bytes of the frame, 0 when none waits.
 */
int wire_sock_recv(struct wire_sock *s, void *buf, size_t size)
{
	ssize_t n = recv(s->fd, buf, size, 0);

	return n > 0 ? (int)n : 0;
}

void wire_sock_close(struct wire_sock *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->bound)
		unlink(s->local);
	s->fd = -1;
	s->bound = false;
}
