// SPDX-License-Identifier: GPL-2.0-or-later
/* A NIC made of memory. What a test pushes, the engine borrows. */
#include "fake_nic.h"

u64 shim_ktime;

/**
 * fake_nic_init() - An empty queue
 * @nic: to set up
 * @size: slots, a power of two
 * @piece: bytes a slot holds
 *
 * Return: 0 or -ENOMEM.
 */
int fake_nic_init(struct fake_nic *nic, u32 size, u32 piece)
{
	memset(nic, 0, sizeof(*nic));
	nic->size = size;
	nic->piece = piece;
	nic->slot = calloc(size, sizeof(*nic->slot));
	nic->buf = aligned_alloc(4096, ((size_t)size * piece + 4095) & ~4095ul);
	if (!nic->slot || !nic->buf) {
		fake_nic_deinit(nic);
		return -ENOMEM;
	}
	return 0;
}

/**
 * fake_nic_deinit() - Free a queue's memory
 * @nic: queue
 */
void fake_nic_deinit(struct fake_nic *nic)
{
	free(nic->slot);
	free(nic->buf);
	nic->slot = NULL;
	nic->buf = NULL;
}

/**
 * fake_nic_push() - A frame arrives from the wire
 * @nic: queue
 * @data: @len bytes, copied
 * @len: bytes; more than a slot holds makes a chain
 * @flags: CAP_FRAME_ERROR, CAP_FRAME_VLAN
 * @tci: tag for CAP_FRAME_VLAN
 *
 * Return: false when the slots left do not suffice; counted as no_buffer.
 */
bool fake_nic_push(struct fake_nic *nic, const void *data, u32 len, u16 flags, u16 tci)
{
	u32 pieces = len ? (len + nic->piece - 1) / nic->piece : 1;
	const u8 *src = data;
	u32 i;

	if (nic->head + pieces - nic->tail > nic->size) {
		nic->no_buffer++;
		return false;
	}
	nic->chains |= pieces > 1;
	for (i = 0; i < pieces; i++) {
		u32 at = nic->head++ & (nic->size - 1);
		u32 part = min(len, nic->piece);

		nic->slot[at] = (struct cap_frame){
			.data = nic->buf + (size_t)at * nic->piece,
			.len = part,
			.flags = flags | (i + 1 < pieces ? CAP_FRAME_MORE : 0),
			.vlan_tci = tci,
		};
		memcpy(nic->buf + (size_t)at * nic->piece, src, part);
		src += part;
		len -= part;
	}
	return true;
}

/**
 * fake_nic_fill() - Become endless: every slot holds a frame of this length
 * @nic: queue, empty
 * @len: bytes, at most a slot
 */
void fake_nic_fill(struct fake_nic *nic, u32 len)
{
	u32 i;

	for (i = 0; i < nic->size; i++) {
		u8 *buf = nic->buf + (size_t)i * nic->piece;

		memset(buf, (int)i, len);
		nic->slot[i] = (struct cap_frame){.data = buf, .len = len};
	}
	nic->chains = false;
	nic->endless = true;
}

/* A chain that does not fit whole waits for the next borrow. */
static int whole_frames(const struct cap_frame *f, int n)
{
	while (n > 0 && (f[n - 1].flags & CAP_FRAME_MORE))
		n--;
	return n;
}

static int rx_borrow(void *nicq, struct cap_frame *f, int max)
{
	struct fake_nic *nic = nicq;
	u64 ready = (nic->endless ? nic->tail + nic->size : nic->head) - nic->next;
	u32 at = nic->next & (nic->size - 1);
	int n = min_t(u64, max, ready);
	int straight;

	if (nic->error)
		return nic->error;
	if (nic->stall > 0) {
		nic->stall--;
		return 0;
	}
	if (nic->burst)
		n = min(n, nic->burst);
	straight = min_t(u32, n, nic->size - at);
	memcpy(f, nic->slot + at, straight * sizeof(*f));
	memcpy(f + straight, nic->slot, (n - straight) * sizeof(*f));
	if (nic->chains)
		n = whole_frames(f, n);
	nic->next += n;
	return n;
}

static void rx_return(void *nicq, int n)
{
	struct fake_nic *nic = nicq;

	nic->tail += n;
	if (nic->tail > nic->next) {
		fprintf(stderr, "fake_nic: returned more than was borrowed\n");
		abort();
	}
}

static bool irq_arm(void *nicq)
{
	struct fake_nic *nic = nicq;

	nic->armed = true;
	return nic->endless || nic->head != nic->next;
}

static void irq_disarm(void *nicq)
{
	struct fake_nic *nic = nicq;

	nic->armed = false;
}

static void read_losses(void *nicq, u64 *missed, u64 *no_buffer)
{
	struct fake_nic *nic = nicq;

	*missed += nic->missed;
	*no_buffer += nic->no_buffer;
	nic->missed = 0;
	nic->no_buffer = 0;
}

const struct cap_nic_ops fake_nic_ops = {
	.rx_borrow = rx_borrow,
	.rx_return = rx_return,
	.irq_arm = irq_arm,
	.irq_disarm = irq_disarm,
	.read_losses = read_losses,
};
