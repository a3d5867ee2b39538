// SPDX-License-Identifier: GPL-2.0-or-later
/* An AF_XDP socket, plugged into the engine where a NIC would be. */
#include "storing.h"

#include <linux/if_xdp.h>

/**
 * xdp_nic_open() - Take an interface's first queue
 * @nic: to set up
 * @ifname: its name
 * @mib: of frames that may wait, a power of two
 *
 * Return: 0 or a negative errno.
 */
int xdp_nic_open(struct xdp_nic *nic, const char *ifname, u32 mib)
{
	nic->borrowed = 0;
	return xsk_open(&nic->xsk, ifname, mib * ((1u << 20) / XSK_SLOT)) ? -errno : 0;
}

static const struct xdp_desc *desc_at(const struct xdp_nic *nic, u32 n)
{
	return (const struct xdp_desc *)nic->xsk.rx.slots + (n & (nic->xsk.slots - 1));
}

static int rx_borrow(void *nicq, struct cap_frame *f, int max)
{
	struct xdp_nic *nic = nicq;
	u32 at = *nic->xsk.rx.consumer + nic->borrowed;
	/* pairs with the kernel's release of the index, behind the descriptors */
	u32 there = smp_load_acquire(nic->xsk.rx.producer) - at;
	int n, most = there < (u32)max ? (int)there : max;

	for (n = 0; n < most; n++, at++) {
		const struct xdp_desc *d = desc_at(nic, at);

		f[n] = (struct cap_frame){.data = nic->xsk.area + d->addr, .len = d->len};
	}
	nic->borrowed += (u32)n;
	return n;
}

static void rx_return(void *nicq, int n)
{
	struct xdp_nic *nic = nicq;
	u32 at = *nic->xsk.rx.consumer, back = *nic->xsk.fill.producer;
	u64 *fill = nic->xsk.fill.slots;
	int i;

	for (i = 0; i < n; i++)
		fill[(back + i) & (nic->xsk.slots - 1)] =
			desc_at(nic, at + i)->addr & ~(u64)(XSK_SLOT - 1);
	nic->borrowed -= (u32)n;
	/* pair with the kernel's looks at the two indices */
	smp_store_release(nic->xsk.rx.consumer, at + (u32)n);
	smp_store_release(nic->xsk.fill.producer, back + (u32)n);
}

static bool irq_arm(void *nicq)
{
	return nicq != NULL;
}

static void irq_disarm(void *nicq)
{
	(void)nicq;
}

static void read_losses(void *nicq, u64 *missed, u64 *no_buffer)
{
	(void)nicq;
	(void)missed;
	(void)no_buffer;
}

const struct cap_nic_ops xdp_nic_ops = {
	.rx_borrow = rx_borrow,
	.rx_return = rx_return,
	.irq_arm = irq_arm,
	.irq_disarm = irq_disarm,
	.read_losses = read_losses,
};
