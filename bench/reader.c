// SPDX-License-Identifier: GPL-2.0-or-later
/* SIGINT or SIGTERM ends a reader, SIGUSR1 asks it how far it is. */
#include "reader.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static volatile sig_atomic_t stop, ask;

static void on_signal(int sig)
{
	if (sig == SIGUSR1)
		ask = 1;
	else
		stop = 1;
}

/**
 * reader_start() - From here on signals count
 */
void reader_start(void)
{
	struct sigaction sa = {.sa_handler = on_signal};

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGUSR1, &sa, NULL);
}

/**
 * reader_stopped() - Shall it end?
 *
 * Return: true after SIGINT or SIGTERM.
 */
bool reader_stopped(void)
{
	return stop;
}

/**
 * reader_asked() - Shall it say how far it is?
 *
 * Return: true once for each SIGUSR1.
 */
bool reader_asked(void)
{
	bool asked = ask;

	ask = 0;
	return asked;
}

/**
 * reader_say() - One line of JSON
 * @c: counts
 */
void reader_say(const struct reader_counts *c)
{
	printf("{\"schema_version\":1,\"frames\":%llu,\"bytes\":%llu,\"dropped\":%llu}\n",
	       (unsigned long long)c->frames, (unsigned long long)c->bytes,
	       (unsigned long long)c->dropped);
	fflush(stdout);
}

/**
 * reader_die() - An error that ends the program
 * @what: before the error's own words
 */
void reader_die(const char *what)
{
	perror(what);
	exit(1);
}

/**
 * reader_promiscuous() - All frames, as long as this program lives
 * @name: of the interface
 */
void reader_promiscuous(const char *name)
{
	struct packet_mreq m = {.mr_ifindex = (int)if_nametoindex(name),
				.mr_type = PACKET_MR_PROMISC};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || !m.mr_ifindex)
		reader_die(name);
	if (setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)))
		reader_die("promiscuous");
}
