// SPDX-License-Identifier: GPL-2.0-or-later
/* A network interface where the engine expects a NIC, and a poll thread that sleeps. */
#include "storing.h"

#include <sys/poll.h>
#include <time.h>

#define LOOKS	 16
#define NAP_NS	 300000
#define SLEEP_MS 100

/**
 * if_nic_open() - Listen to an interface
 * @nic: to set up; @xdp is set
 * @rig: the engine that gets it
 * @ifname: its name
 * @mib: of frames that may wait there; by AF_XDP a power of two
 *
 * Return: 0 or a negative errno.
 */
int if_nic_open(struct if_nic *nic, struct rig *rig, const char *ifname, u32 mib)
{
	if (nic->xdp) {
		rig->poll.ops = &xdp_nic_ops;
		rig->poll.nicq = &nic->by_xdp;
		return xdp_nic_open(&nic->by_xdp, ifname, mib);
	}
	rig->poll.ops = &packet_nic_ops;
	rig->poll.nicq = &nic->by_packet;
	return packet_nic_open(&nic->by_packet, ifname, mib);
}

/**
 * if_nic_drops() - Frames that found no place
 * @nic: open
 *
 * Return: frames; of a packet socket those since the last call.
 */
u64 if_nic_drops(struct if_nic *nic)
{
	return nic->xdp ? xsk_drops(&nic->by_xdp.xsk) : packet_nic_drops(&nic->by_packet);
}

/**
 * if_nic_rest() - Sleep, unless there is more
 * @nic: open
 * @found: frames of the step before
 *
 * A packet socket wakes once a block; AF_XDP would with each handful of frames, so
 * while they come its ring fills for a moment instead.
 */
void if_nic_rest(struct if_nic *nic, int found)
{
	const struct timespec nap = {.tv_nsec = NAP_NS};
	struct pollfd p = {.fd = nic->xdp ? nic->by_xdp.xsk.fd : nic->by_packet.fd,
			   .events = POLLIN};

	nic->looks = found ? 0 : nic->looks + 1;
	if (nic->xdp && found < CAP_BATCH_MAX && nic->looks < LOOKS)
		nanosleep(&nap, NULL);
	else if (!found)
		poll(&p, 1, SLEEP_MS);
}
