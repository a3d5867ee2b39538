// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * labbroker VM-SOCKET CLIENT-SOCKET
 *
 * QEMU's end of a virtio-serial port takes one connection; many commands run
 * at once. The broker holds that connection and numbers its clients' sessions.
 * It forwards whole frames only, so a client killed at any moment leaves the
 * stream sound; the agent is then told to hang up. Ends with the VM.
 */
#include "frame.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	CLIENTS = 64,
	CONNECT_TRIES = 300,
	CONNECT_PAUSE_US = 100 * 1000
};

struct client {
	int fd; /* -1: free */
	uint32_t session;
	struct frame_queue in, out;
};

static struct client clients[CLIENTS];
static struct frame_queue vm_in, vm_out;
static uint32_t last_session;

static void client_close(struct client *c, bool hangup)
{
	if (hangup)
		frame_put(&vm_out, c->session, FRAME_HANGUP, NULL, 0);
	close(c->fd);
	frame_free(&c->in);
	frame_free(&c->out);
	c->fd = -1;
}

static void client_accept(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return;
	for (struct client *c = clients; c < clients + CLIENTS; c++) {
		if (c->fd >= 0)
			continue;
		*c = (struct client){.fd = fd, .session = ++last_session};
		return;
	}
	close(fd);
}

static void client_read(struct client *c)
{
	struct frame_head head;
	size_t at = 0;
	char *data;
	int n = frame_fill(&c->in, c->fd);

	if (n == -EAGAIN)
		return;
	while (n > 0 && frame_next(&c->in, &at, &head, &data))
		frame_put(&vm_out, c->session, head.type, data, head.len);
	frame_drop(&c->in, at);
	if (n <= 0)
		client_close(c, true);
}

static struct client *client_of(uint32_t session)
{
	for (struct client *c = clients; c < clients + CLIENTS; c++) {
		if (c->fd >= 0 && c->session == session)
			return c;
	}
	return NULL;
}

/* Returns false when the VM is gone. */
static bool vm_read(int vm)
{
	struct frame_head head;
	size_t at = 0;
	char *data;
	int n = frame_fill(&vm_in, vm);

	if (n == -EAGAIN)
		return true;
	while (n > 0 && frame_next(&vm_in, &at, &head, &data)) {
		struct client *c = client_of(head.session);

		if (c)
			frame_put(&c->out, 0, head.type, data, head.len);
	}
	frame_drop(&vm_in, at);
	return n > 0;
}

static int vm_connect(const char *path)
{
	int fd = -ENOENT;

	for (int i = 0; i < CONNECT_TRIES && fd < 0; i++) {
		fd = frame_connect(path);
		if (fd < 0)
			usleep(CONNECT_PAUSE_US);
	}
	if (fd < 0) {
		fprintf(stderr, "labbroker: %s: %s\n", path, strerror(-fd));
		exit(1);
	}
	fcntl(fd, F_SETFL, O_NONBLOCK);
	return fd;
}

static void clients_serve(const struct pollfd *fds)
{
	for (int i = 0; i < CLIENTS; i++) {
		struct client *c = &clients[i];

		if (c->fd < 0 || fds[i].fd != c->fd)
			continue;
		if (frame_flush(&c->out, c->fd) < 0)
			client_close(c, true);
		else if (fds[i].revents & (POLLIN | POLLHUP | POLLERR))
			client_read(c);
	}
}

static void serve(int vm, int listener)
{
	struct pollfd fds[CLIENTS + 2];

	for (;;) {
		for (int i = 0; i < CLIENTS; i++) {
			fds[i] = (struct pollfd){.fd = clients[i].fd, .events = POLLIN};
			if (clients[i].out.len)
				fds[i].events |= POLLOUT;
		}
		fds[CLIENTS] = (struct pollfd){.fd = vm, .events = POLLIN};
		if (vm_out.len)
			fds[CLIENTS].events |= POLLOUT;
		fds[CLIENTS + 1] = (struct pollfd){.fd = listener, .events = POLLIN};
		if (poll(fds, CLIENTS + 2, -1) < 0 && errno != EINTR)
			return;
		if (fds[CLIENTS].revents & (POLLIN | POLLHUP | POLLERR) && !vm_read(vm))
			return;
		clients_serve(fds);
		if (fds[CLIENTS + 1].revents & POLLIN)
			client_accept(listener);
		if (frame_flush(&vm_out, vm) < 0)
			return;
	}
}

int main(int argc, char **argv)
{
	char *vm_path, *client_path;
	int vm, listener;

	if (argc != 3) {
		fprintf(stderr, "usage: labbroker VM-SOCKET CLIENT-SOCKET\n");
		return 2;
	}
	vm_path = realpath(argv[1], NULL);
	client_path = argv[2];
	if (client_path[0] != '/') {
		fprintf(stderr, "labbroker: %s: want an absolute path\n", client_path);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < CLIENTS; i++)
		clients[i].fd = -1;
	vm = vm_connect(vm_path ? vm_path : argv[1]);
	listener = frame_listen(client_path);
	if (listener < 0) {
		fprintf(stderr, "labbroker: %s: %s\n", client_path, strerror(-listener));
		return 1;
	}
	serve(vm, listener);
	unlink(client_path);
	return 0;
}
