// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Guests without manners, through the registers of their VFs, all at once:
 *
 *   mboxfuzz sweep SEED IDS DEV...      every id from 0, IDS of them spread over
 *                                       all 16-bit ones, with random words; each
 *                                       that is not in the protocol must be
 *                                       answered by NACK
 *   mboxfuzz flood SEED SECONDS DEV...  words, bells, locks and resets at random,
 *                                       as fast as the machine can
 *   mboxfuzz resets SEED SECONDS DEV... nothing but resets, likewise
 *
 * DEV is a VF's PCI address; nobody may drive it. At the end each VF has been
 * reset and has asked for nothing. Prints what was done; exit status 1 when an
 * answer was wrong or stayed away.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "guest_mbox.h"

enum {
	MAX_VFS = 8,
	ANSWER_MS = 60000,
	ALL_IDS = MBOX_ID_LAST + 1,
};

struct vf {
	struct guest guest;
	const char *dev;
	pthread_t thread;
	unsigned int index, of; /* its share of the ids */
	unsigned long sent, nacks, acks, resets, wrong;
};

static const char *verb;
static unsigned long amount;

/* Its registers answer only while somebody has it enabled. */
static void enable(struct vf *vf, const char *on)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/enable", vf->dev);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, on, 1) != 1) {
		fprintf(stderr, "mboxfuzz: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	close(fd);
}

static void map_registers(struct vf *vf)
{
	char path[128];
	void *p;
	int fd;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/resource0", vf->dev);
	fd = open(path, O_RDWR | O_CLOEXEC | O_SYNC);
	p = fd < 0 ? MAP_FAILED
		   : mmap(NULL, VF_BAR_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (p == MAP_FAILED) {
		fprintf(stderr, "mboxfuzz: %s: %s\n", path, strerror(errno));
		exit(2);
	}
	vf->guest.bar = p;
}

static void complain(struct vf *vf, uint32_t asked, const char *what, uint32_t got)
{
	if (!vf->wrong++)
		printf("%s: message %#x: %s (%#x)\n", vf->dev, asked, what, got);
}

/* One id: word 0 has random information, and now and then bits of its own. */
static void try_id(struct vf *vf, uint32_t id)
{
	struct guest *g = &vf->guest;
	uint32_t msg[MBOX_WORDS], asked;

	for (int i = 0; i < MBOX_WORDS; i++)
		msg[i] = guest_random(g);
	msg[0] = id | (msg[0] & 0xff0000);
	if (guest_random(g) % 8 == 0)
		msg[0] |= guest_random(g) & 0x3f000000;
	asked = msg[0];
	vf->sent++;
	if (!guest_ask(g, msg, 1, ANSWER_MS)) {
		complain(vf, asked, "no answer", 0);
		return;
	}
	if ((msg[0] & MBOX_ID_LAST) != id)
		complain(vf, asked, "answer to something else", msg[0]);
	if (msg[0] & MBOX_NACK)
		vf->nacks++;
	else
		vf->acks++;
	if (!(msg[0] & MBOX_NACK) && (id == 0 || id > MBOX_ID_KNOWN))
		complain(vf, asked, "granted", msg[0]);
}

static void sweep(struct vf *vf)
{
	uint32_t step = ALL_IDS / amount;

	/* all ids of the protocol and their neighbours, however few are wanted */
	for (uint32_t id = 0; id < 16; id++)
		try_id(vf, id);
	for (uint32_t n = vf->index; n < amount; n += vf->of)
		try_id(vf, n * step + guest_random(&vf->guest) % step);
}

static void flood(struct vf *vf)
{
	uint64_t until = now_ms() + amount * 1000;
	struct guest *g = &vf->guest;

	while (now_ms() < until) {
		uint32_t dice = guest_random(g);

		if (dice % 64 == 0) {
			g->bar[VTCTRL / 4] = VTCTRL_RST;
			vf->resets++;
		} else if (dice % 8 == 0) {
			g->bar[V2PMAILBOX / 4] = guest_random(g) & 0xff;
		} else {
			if (dice % 2)
				g->bar[V2PMAILBOX / 4] = V2P_VFU;
			g->bar[VMBMEM / 4] = dice % 4 ? guest_random(g) : guest_random(g) % 8;
			g->bar[VMBMEM / 4 + 1 + dice % (MBOX_WORDS - 1)] = guest_random(g);
			g->bar[V2PMAILBOX / 4] = V2P_REQ;
			vf->sent++;
		}
	}
}

static void resets(struct vf *vf)
{
	uint64_t until = now_ms() + amount * 1000;

	while (now_ms() < until) {
		vf->guest.bar[VTCTRL / 4] = VTCTRL_RST;
		vf->resets++;
	}
}

static void *be_guest(void *arg)
{
	struct vf *vf = arg;

	if (!guest_reset(&vf->guest, ANSWER_MS))
		complain(vf, MBOX_RESET, "the PF does not answer", 0);
	if (!strcmp(verb, "sweep"))
		sweep(vf);
	else if (!strcmp(verb, "flood"))
		flood(vf);
	else
		resets(vf);
	if (!guest_reset(&vf->guest, ANSWER_MS))
		complain(vf, MBOX_RESET, "no answer at the end", 0);
	return NULL;
}

int main(int argc, char **argv)
{
	static struct vf vfs[MAX_VFS];
	unsigned int nr = argc - 4;
	struct vf sum = {};

	if (argc < 5 || nr > MAX_VFS) {
		fprintf(stderr, "usage: mboxfuzz sweep|flood|resets SEED IDS|SECONDS DEV...\n");
		return 2;
	}
	verb = argv[1];
	amount = strtoul(argv[3], NULL, 0);
	if (!amount || amount > ALL_IDS)
		amount = ALL_IDS;
	for (unsigned int i = 0; i < nr; i++) {
		vfs[i].dev = argv[4 + i];
		vfs[i].index = i;
		vfs[i].of = nr;
		guest_seed(&vfs[i].guest, strtoull(argv[2], NULL, 0) * MAX_VFS + i);
		enable(&vfs[i], "1");
		map_registers(&vfs[i]);
	}
	for (unsigned int i = 0; i < nr; i++)
		pthread_create(&vfs[i].thread, NULL, be_guest, &vfs[i]);
	for (unsigned int i = 0; i < nr; i++) {
		pthread_join(vfs[i].thread, NULL);
		enable(&vfs[i], "0");
		sum.sent += vfs[i].sent;
		sum.acks += vfs[i].acks;
		sum.nacks += vfs[i].nacks;
		sum.resets += vfs[i].resets;
		sum.wrong += vfs[i].wrong;
	}
	printf("%s: VFs %u messages %lu granted %lu refused %lu resets %lu wrong %lu\n", verb,
	       nr, sum.sent, sum.acks, sum.nacks, sum.resets, sum.wrong);
	return sum.wrong ? 1 : 0;
}
