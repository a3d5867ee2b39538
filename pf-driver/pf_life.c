// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a port. It is initialised from probe to removal, whether its
 * interface is up or not, so that VFs do not depend on it; the interface's
 * own rings come and go with it. One work item looks twice a second, and at
 * once when an interrupt says so. It never takes RTNL.
 */
#include <linux/delay.h>
#include "pf.h"

enum {
	TICK_MS = 500,
	RETRY_MS = 2000,	/* after a reset that failed */
	DRAIN_TRIES = 100,	/* 2..4 ms each */
};

/**
 * pf_service_kick() - Have the service work do something soon
 * @pf: the device
 * @todo: what
 *
 * Context: any.
 */
void pf_service_kick(struct pf_dev *pf, enum pf_todo todo)
{
	set_bit(todo, &pf->todo);
	mod_delayed_work(pf_wq, &pf->service, 0);
}

static void set_carrier(struct pf_dev *pf)
{
	if (pf->link && pf->nr_running)
		netif_carrier_on(pf->netdev);
	else
		netif_carrier_off(pf->netdev);
}

static u32 link_speed(u32 status)
{
	static const u32 mbps[] = { 10, 100, 1000, 1000 };

	return mbps[FIELD_GET(PF_STATUS_SPEED, status)];
}

/* What VFs send is limited as a part of the speed: limits change with it. */
static void set_link(struct pf_dev *pf, u32 status)
{
	bool up = pf->port_up && (status & PF_STATUS_LU);
	u32 mbps = up ? link_speed(status) : 0;
	unsigned int i;

	if (up == pf->link && mbps == pf->link_mbps)
		return;
	pf->link = up;
	pf->link_mbps = mbps;
	for (i = 0; i < pf->nr_queues; i++)
		cap_queue_set_speed(pf->rxq[i].q, mbps);
	if (up)
		netdev_info(pf->netdev, "link up, %u Mb/s\n", mbps);
	else
		netdev_info(pf->netdev, "link down\n");
	memset(pf->have.tx_rate, 0, sizeof(pf->have.tx_rate));
	if (pf->port_up) {
		pf_apply(pf);
		pf_vf_announce_all(pf);
	}
	set_carrier(pf);
}

/* With pools each has its own limit, and this one is out of their way. */
static void put_frame_max(struct pf_dev *pf)
{
	hw_wr32(&pf->io, PF_RLPML, pf->nr_vfs ? HW_FRAME_MAX :
		pf->policy->pool[0].frame_max);
}

/**
 * pf_apply() - Bring the chip's tables to what the policy wants
 * @pf: the device; nothing is written while it is down, for coming up
 *	writes everything
 *
 * Context: process, under pf->lock.
 * Return: 0.
 */
int pf_apply(struct pf_dev *pf)
{
	if (!pf->port_up || pf->gone)
		return 0;
	pf_apply_tables(&pf->io, pf->fam, &pf->policy->tables, &pf->have,
			false, pf->link_mbps);
	put_frame_max(pf);
	return 0;
}

static int start_rx(struct pf_dev *pf, struct pf_rxq *rxq)
{
	struct hw_rx_ring *ring = &rxq->mem.ring;
	int err;

	rxq->hwq = pf->nr_vfs + rxq->index;
	hw_rx_ring_reset(ring);
	ring->stamped = pf->capture && pf->fam->rx_stamps;
	if (ring->stamped)
		pf_hw_clock_start(&pf->io);
	err = pf_hw_rx_start(&pf->io, rxq->hwq, rxq->mem.dma, ring->count,
			     ring->buf_size, ring->stamped);
	if (err)
		return err;
	hw_wr32(&pf->io, PF_RDT(rxq->hwq), hw_rx_ring_tail(ring));
	if (pf->capture)
		return cap_queue_start(rxq->q);
	napi_enable(&rxq->napi);
	return 0;
}

/* What the NIC delivered before it was stopped is still to be captured. */
static void drain(struct pf_dev *pf, struct pf_rxq *rxq)
{
	int i;

	for (i = 0; i < DRAIN_TRIES; i++) {
		if (pf->gone || !hw_rx_ring_pending(&rxq->mem.ring))
			return;
		cap_queue_kick(rxq->q);
		usleep_range(2000, 4000);
	}
}

static void stop_rx(struct pf_dev *pf, struct pf_rxq *rxq)
{
	if (pf->capture) {
		drain(pf, rxq);
		cap_queue_stop(rxq->q);
	} else {
		napi_disable(&rxq->napi);
	}
}

static void stop_first_rx(struct pf_dev *pf, unsigned int nr)
{
	pf_hw_queues_stop(&pf->io, pf->nr_vfs, pf_nr_queues(pf));
	while (nr--)
		stop_rx(pf, &pf->rxq[nr]);
}

/**
 * pf_rings_start_locked() - Enable the rings and let frames flow
 * @pf: port up, memory for pf_nr_queues() rings, none running
 *
 * Context: process, under pf->lock; sleeps.
 * Return: 0 or a negative errno: nothing is enabled then.
 */
int pf_rings_start_locked(struct pf_dev *pf)
{
	unsigned int i, nr = pf_nr_queues(pf);
	int err;

	for (i = 0; i < nr; i++) {
		err = start_rx(pf, &pf->rxq[i]);
		if (err)
			goto err_rx;
	}
	err = pf_tx_start(pf);
	if (err)
		goto err_rx;
	WRITE_ONCE(pf->nr_running, nr);
	/* in capture mode the engine arms the receive vectors itself */
	hw_wr32(&pf->io, PF_EIMS, BIT(PF_VECTOR_TX));
	if (!pf->capture)
		hw_wr32(&pf->io, PF_EIMS,
			GENMASK(PF_VECTOR_RX + nr - 1, PF_VECTOR_RX));
	netif_wake_queue(pf->netdev);
	set_carrier(pf);
	return 0;

err_rx:
	stop_first_rx(pf, i);
	return err;
}

/**
 * pf_rings_stop_locked() - No frames, no DMA of the PF's; listeners stay
 * @pf: the device; nothing happens when no ring is running
 *
 * Context: process, under pf->lock; sleeps.
 */
void pf_rings_stop_locked(struct pf_dev *pf)
{
	unsigned int nr = pf->nr_running;

	if (!nr)
		return;
	WRITE_ONCE(pf->nr_running, 0);
	set_carrier(pf);
	stop_first_rx(pf, nr);
	pf_tx_stop(pf);
	hw_wr32(&pf->io, PF_EIMC, BIT(PF_VECTOR_TX) |
		GENMASK(PF_VECTOR_RX + nr - 1, PF_VECTOR_RX));
}

/* VFs learn that they have to start over, and cannot move a frame till then. */
static void dismiss_vfs(struct pf_dev *pf)
{
	unsigned int vf;

	pf_vf_warn_all(pf);
	hw_wr32(&pf->io, PF_VFRE, 0);
	hw_wr32(&pf->io, PF_VFTE, 0);
	for (vf = 0; vf < pf->nr_vfs; vf++)
		pf_mbox_flr(&pf->mbox, pf->policy, vf);
	pf_mbox_forget_all(&pf->mbox);
	pf->vf_waiting = 0;
	pf->vf_announce = 0;
}

/**
 * pf_port_stop_locked() - The port at rest, its counters saved
 * @pf: the device, in any state
 *
 * Context: process, under pf->lock; sleeps.
 */
void pf_port_stop_locked(struct pf_dev *pf)
{
	pf_rings_stop_locked(pf);
	if (!pf->port_up)
		return;
	pf_stats_add(&pf->io, &pf->stats, pf->nr_vfs);
	dismiss_vfs(pf);
	pf->port_up = false;
	set_link(pf, 0);
}

/**
 * pf_port_reset_locked() - Reset the port and bring all of it up again
 * @pf: the device, in any state
 *
 * The number of VFs may have been changed before. On failure the service
 * work tries again.
 *
 * Context: process, under pf->lock; sleeps.
 * Return: 0 or a negative errno.
 * Ref: 82576 4
 */
int pf_port_reset_locked(struct pf_dev *pf)
{
	const struct hw_io *io = &pf->io;
	int err;

	pf_port_stop_locked(pf);
	err = pf_hw_reset(io);
	if (err)
		return err;
	pf->resets++;
	pf_hw_init(io, pf->fam, pf->nr_vfs);
	pf_stats_rebase(io, &pf->stats, pf->nr_vfs);
	pf_hw_irq_setup(io, pf->fam, pf->nr_vfs, pf_nr_queues(pf));
	pf_apply_tables(io, pf->fam, &pf->policy->tables, &pf->have, true, 0);
	put_frame_max(pf);
	if (!pf->nr_vfs)
		pf_hw_rss(io, pf->rss_key, pf->nr_queues);
	pf_hw_enable(io);
	pf->port_up = true;
	if (pf->want_up)
		err = pf_rings_start_locked(pf);
	pf_hw_irq_enable(io, pf->nr_vfs);
	if (pf_hw_link_start(io, pf->fam))
		netdev_warn(pf->netdev, "PHY does not answer\n");
	if (pf->nr_vfs)
		pf_hw_vfs_go(io);
	return err;
}

static void reset_in_turn(struct pf_dev *pf)
{
	int err;

	if (time_before(jiffies, pf->next_reset)) {
		set_bit(PF_TODO_RESET, &pf->todo);
		return;
	}
	err = pf_port_reset_locked(pf);
	if (!err)
		return;
	netdev_err(pf->netdev, "reset failed (%d), trying again\n", err);
	pf->next_reset = jiffies + msecs_to_jiffies(RETRY_MS);
	set_bit(PF_TODO_RESET, &pf->todo);
}

/* Returns true while registers read all ones. */
static bool look_for_device(struct pf_dev *pf)
{
	bool gone = pf_hw_is_gone(&pf->io);

	if (gone && !pf->gone) {
		WRITE_ONCE(pf->gone, true);
		netdev_err(pf->netdev, "device does not answer\n");
		pf_port_stop_locked(pf);
	} else if (!gone && pf->gone) {
		WRITE_ONCE(pf->gone, false);
		netdev_info(pf->netdev, "device answers again\n");
		set_bit(PF_TODO_RESET, &pf->todo);
	}
	return gone;
}

/* Frames that wait for a link would keep a capture ring's bytes: drop them. */
static void drop_stuck_frames(struct pf_dev *pf)
{
	if (pf->link || !pf->nr_running || !hw_tx_pending(&pf->tx))
		return;
	pf_rings_stop_locked(pf);
	if (pf_rings_start_locked(pf))
		set_bit(PF_TODO_RESET, &pf->todo);
}

static void look_after(struct pf_dev *pf)
{
	if (look_for_device(pf))
		return;
	if (pf->port_up && pf_hw_was_reset(&pf->io)) {
		netdev_info(pf->netdev, "reset by somebody else, starting over\n");
		set_bit(PF_TODO_RESET, &pf->todo);
	}
	if (test_and_clear_bit(PF_TODO_RESET, &pf->todo))
		reset_in_turn(pf);
	if (!pf->port_up)
		return;
	if (test_and_clear_bit(PF_TODO_RX_MODE, &pf->todo))
		pf_net_rx_mode_locked(pf);
	pf_stats_add(&pf->io, &pf->stats, pf->nr_vfs);
	set_link(pf, hw_rd32(&pf->io, PF_STATUS));
	drop_stuck_frames(pf);
	/* a lost interrupt costs a tick, and who was busy is told now */
	if (pf->nr_vfs)
		mod_delayed_work(pf_wq, &pf->mbox_work, 0);
}

/**
 * pf_service() - Watchdog
 * @work: pf->service.work
 *
 * Context: workqueue; takes pf->lock.
 */
void pf_service(struct work_struct *work)
{
	struct pf_dev *pf = container_of(work, struct pf_dev, service.work);

	mutex_lock(&pf->lock);
	if (!pf->held) {
		look_after(pf);
		queue_delayed_work(pf_wq, &pf->service,
				   msecs_to_jiffies(TICK_MS));
	}
	mutex_unlock(&pf->lock);
}

/**
 * pf_hold() - Stop, and leave the device alone until pf_release()
 * @pf: the device
 *
 * Context: process; sleeps.
 */
void pf_hold(struct pf_dev *pf)
{
	mutex_lock(&pf->lock);
	if (!pf->held) {
		pf->held = true;
		pf_port_stop_locked(pf);
		if (!pf_hw_is_gone(&pf->io)) {
			pf_hw_quiesce(&pf->io);
			pf_hw_goodbye(&pf->io);
		}
	}
	mutex_unlock(&pf->lock);
}

/**
 * pf_release() - Start over after pf_hold()
 * @pf: the device, reset by somebody else
 *
 * Context: process; sleeps.
 */
void pf_release(struct pf_dev *pf)
{
	mutex_lock(&pf->lock);
	pf->held = false;
	pf->next_reset = jiffies;
	mutex_unlock(&pf->lock);
	pf_service_kick(pf, PF_TODO_RESET);
}
