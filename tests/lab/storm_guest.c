// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A guest of the storm: it owns its VF through vfio as a virtual machine does,
 * gives the NIC buffers that it never empties, talks nonsense and resets
 * itself, until it is killed.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>

#include <linux/vfio.h>

#include "guest_mbox.h"
#include "storm.h"

enum {
	MEMORY = 1 << 20,
	RING = 64, /* descriptors, 16 bytes each, at the start of its memory */
	BUFFER = 2048,
	BUFFERS_AT = 4096,
	IOVA = 0x100000,

	SRRCTL = 0x280c,
	RDBAL = 0x2800,
	RDBAH = 0x2804,
	RDLEN = 0x2808,
	RDT = 0x2818,
	RXDCTL = 0x2828,
};

#define RXDCTL_ENABLE  (1u << 25)
#define SRRCTL_ONE_BUF (1u << 25)
#define SRRCTL_DROP_EN (1u << 31)

/* The group's device, or -1. */
static int open_device(const char *dev)
{
	struct vfio_iommu_type1_dma_map map = {.argsz = sizeof(map)};
	char path[128], link[128];
	int container, group;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/iommu_group", dev);
	n = readlink(path, link, sizeof(link) - 1);
	if (n < 0)
		return -1;
	link[n] = 0;
	snprintf(path, sizeof(path), "/dev/vfio/%s", strrchr(link, '/') + 1);
	container = open("/dev/vfio/vfio", O_RDWR);
	group = open(path, O_RDWR);
	if (container < 0 || group < 0 || ioctl(group, VFIO_GROUP_SET_CONTAINER, &container) ||
	    ioctl(container, VFIO_SET_IOMMU, VFIO_TYPE1_IOMMU))
		return -1;
	map.vaddr = (uintptr_t)mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
				    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	map.iova = IOVA;
	map.size = MEMORY;
	map.flags = VFIO_DMA_MAP_FLAG_READ | VFIO_DMA_MAP_FLAG_WRITE;
	for (uint64_t i = 0; i < RING; i++)
		((uint64_t *)map.vaddr)[i * 2] = IOVA + BUFFERS_AT + i * BUFFER;
	if (ioctl(container, VFIO_IOMMU_MAP_DMA, &map))
		return -1;
	return ioctl(group, VFIO_GROUP_GET_DEVICE_FD, dev);
}

static volatile uint32_t *map_registers(int device)
{
	struct vfio_region_info bar = {.argsz = sizeof(bar),
				       .index = VFIO_PCI_BAR0_REGION_INDEX};
	struct vfio_region_info conf = {.argsz = sizeof(conf),
					.index = VFIO_PCI_CONFIG_REGION_INDEX};
	uint16_t command = 6; /* memory, bus master */
	void *p;

	if (ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &bar) ||
	    ioctl(device, VFIO_DEVICE_GET_REGION_INFO, &conf) ||
	    pwrite(device, &command, 2, conf.offset + 4) != 2)
		return NULL;
	p = mmap(NULL, VF_BAR_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, device, bar.offset);
	return p == MAP_FAILED ? NULL : p;
}

static void receive(struct guest *g)
{
	g->bar[RDBAL / 4] = IOVA;
	g->bar[RDBAH / 4] = 0;
	g->bar[RDLEN / 4] = RING * 16;
	g->bar[SRRCTL / 4] = SRRCTL_DROP_EN | SRRCTL_ONE_BUF | BUFFER / 1024;
	g->bar[RXDCTL / 4] = RXDCTL_ENABLE;
	g->bar[RDT / 4] = RING - 1;
}

static bool talk(struct guest *g)
{
	uint32_t msg[MBOX_WORDS];

	for (int i = 0; i < MBOX_WORDS; i++)
		msg[i] = guest_random(g);
	msg[0] = guest_random(g) % 8 | (msg[0] & 0x30000);
	if (msg[0] >> 16 == 0 && guest_random(g) % 4 == 0)
		msg[0] = guest_random(g);
	return guest_ask(g, msg, 1, 500);
}

void guest_main(const char *dev, uint64_t seed, unsigned long *answers)
{
	struct guest g = {};
	int device;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	guest_seed(&g, seed);
	device = open_device(dev);
	if (device < 0)
		_exit(1);
	g.bar = map_registers(device);
	if (!g.bar)
		_exit(1);
	for (;;) {
		*answers += guest_reset(&g, 5000);
		receive(&g);
		for (uint32_t n = guest_random(&g) % 40; n; n--) {
			*answers += talk(&g);
			usleep(guest_random(&g) % 20000);
		}
	}
}
