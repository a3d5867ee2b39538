// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a VF: down, waiting for its PF, running, and back. One work
 * item looks twice a second, and at once when an interrupt says so. It never
 * takes RTNL while it holds vf->lock.
 */
#include <linux/delay.h>
#include "vf.h"

enum {
	TICK_MS = 500,
	RETRY_SILENT_MS = 2000,	/* asking a silent PF takes a second itself */
	DRAIN_TRIES = 100,	/* 2..4 ms each */
};

/**
 * vf_service_kick() - Have the service work do something soon
 * @vf: the device
 * @todo: what
 *
 * Context: any.
 */
void vf_service_kick(struct vf_dev *vf, enum vf_todo todo)
{
	set_bit(todo, &vf->todo);
	mod_delayed_work(system_long_wq, &vf->service, 0);
}

static void set_link(struct vf_dev *vf, bool up)
{
	if (up == vf->link)
		return;
	vf->link = up;
	netdev_info(vf->netdev, "link %s\n", up ? "up" : "down");
	if (up)
		netif_carrier_on(vf->netdev);
	else
		netif_carrier_off(vf->netdev);
}

static void look_at_link(struct vf_dev *vf)
{
	static const u32 mbps[] = { 10, 100, 1000, 1000 };
	u32 status = hw_rd32(&vf->io, VF_STATUS);

	if (status != HW_ALL_ONES)
		cap_queue_set_speed(vf->q, status & VF_STATUS_LU ?
				    mbps[FIELD_GET(VF_STATUS_SPEED, status)] : 0);
	set_link(vf, vf->running && vf->ready && status != HW_ALL_ONES &&
		 (status & VF_STATUS_LU));
	/* frames that wait for a link would keep a ring's bytes: drop them */
	if (vf->running && !vf->link && hw_tx_pending(&vf->tx))
		set_bit(VF_TODO_RESET, &vf->todo);
}

/**
 * vf_start_locked() - Enable the rings and let frames flow
 * @vf: ready, wanted up, not running
 *
 * Context: process, under vf->lock; sleeps.
 * Return: 0 or a negative errno: nothing is enabled then, and the service work
 * will try again.
 */
int vf_start_locked(struct vf_dev *vf)
{
	struct hw_rx_mem *rx = &vf->rx;
	int err;

	hw_rx_ring_reset(&rx->ring);
	vf_hw_irq_setup(&vf->io);
	err = vf_hw_rx_start(&vf->io, rx->dma, rx->ring.count,
			     rx->ring.buf_size);
	if (!err)
		err = vf_tx_start(vf);
	if (err)
		goto err_queues;
	if (!vf->capture)
		vf_std_start(vf);
	hw_wr32(&vf->io, VF_RDT, hw_rx_ring_tail(&rx->ring));
	if (vf->capture) {
		err = cap_queue_start(vf->q);
		if (err)
			goto err_tx;
	}
	vf->running = true;
	/* in capture mode the engine arms the receive vector itself */
	hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_MBOX) |
		vf_vector_bit(VF_VECTOR_TX));
	if (!vf->capture)
		hw_wr32(&vf->io, VF_EIMS, vf_vector_bit(VF_VECTOR_RX));
	netif_wake_queue(vf->netdev);
	look_at_link(vf);
	return 0;

err_tx:
	vf_hw_queues_stop(&vf->io);
	vf_tx_stop(vf);
err_queues:
	vf_hw_queues_stop(&vf->io);
	vf_service_kick(vf, VF_TODO_RESET);
	return err;
}

/* What the NIC delivered before it was stopped is still to be captured. */
static void drain(struct vf_dev *vf)
{
	int i;

	for (i = 0; i < DRAIN_TRIES; i++) {
		if (vf->gone || !hw_rx_ring_pending(&vf->rx.ring))
			return;
		cap_queue_kick(vf->q);
		usleep_range(2000, 4000);
	}
}

/**
 * vf_stop_locked() - No frames, no DMA, no interrupts; listeners stay
 * @vf: the device; nothing happens when it is not running
 *
 * Context: process, under vf->lock; sleeps.
 */
void vf_stop_locked(struct vf_dev *vf)
{
	if (!vf->running)
		return;
	vf->running = false;
	set_link(vf, false);
	vf_hw_queues_stop(&vf->io);
	if (vf->capture) {
		drain(vf);
		cap_queue_stop(vf->q);
	} else {
		vf_std_stop(vf);
	}
	vf_tx_stop(vf);
	hw_wr32(&vf->io, VF_EIMC, GENMASK(VF_VECTORS - 1, 0));
}

/* From any state to running, or as far as the PF lets us. */
static int reinit(struct vf_dev *vf)
{
	int err;

	vf_stop_locked(vf);
	vf_hw_counters_add(&vf->io, &vf->hw, &vf->mbox);
	err = vf_hw_reset(&vf->io, &vf->mbox, vf->pf_mac);
	if (vf->ready && err)
		netdev_info(vf->netdev, "PF is away (%d), waiting\n", err);
	vf->ready = !err;
	if (err)
		return err;
	vf->resets++;
	vf_hw_counters_rebase(&vf->io, &vf->hw);
	err = vf_config_restore_locked(vf);
	if (!err && vf->want_up)
		err = vf_start_locked(vf);
	return err;
}

/* Reset when needed, but not more often than a PF may like. */
static void reset_in_turn(struct vf_dev *vf)
{
	int err;

	if (time_before(jiffies, vf->next_reset)) {
		set_bit(VF_TODO_RESET, &vf->todo);
		return;
	}
	err = reinit(vf);
	vf->next_reset = jiffies +
			 msecs_to_jiffies(err && err != -EAGAIN ?
					  RETRY_SILENT_MS : TICK_MS);
	if (err)
		set_bit(VF_TODO_RESET, &vf->todo);
}

/* Returns true while registers read all ones. */
static bool look_for_device(struct vf_dev *vf)
{
	bool gone = vf_hw_is_gone(&vf->io);

	if (gone && !vf->gone) {
		WRITE_ONCE(vf->gone, true);
		netdev_err(vf->netdev, "device does not answer\n");
		vf_stop_locked(vf);
		vf->ready = false;
	} else if (!gone && vf->gone) {
		WRITE_ONCE(vf->gone, false);
		netdev_info(vf->netdev, "device answers again\n");
		set_bit(VF_TODO_RESET, &vf->todo);
	}
	return gone;
}

static void look_after(struct vf_dev *vf)
{
	enum vf_mbox_event event;

	if (look_for_device(vf))
		return;
	event = vf_mbox_check(&vf->mbox);
	if (test_and_clear_bit(VF_TODO_RESET, &vf->todo) ||
	    event == VF_MBOX_RESET) {
		set_link(vf, false);
		reset_in_turn(vf);
		return;
	}
	if (test_and_clear_bit(VF_TODO_RX_MODE, &vf->todo) && vf->ready)
		vf_config_rx_mode_locked(vf);
	vf_hw_counters_add(&vf->io, &vf->hw, &vf->mbox);
	look_at_link(vf);
}

/**
 * vf_service() - Watchdog
 * @work: vf->service.work
 *
 * Context: workqueue; takes vf->lock, and RTNL when it does not hold that.
 */
void vf_service(struct work_struct *work)
{
	struct vf_dev *vf = container_of(work, struct vf_dev, service.work);
	bool adopt = false;

	mutex_lock(&vf->lock);
	if (!vf->held) {
		look_after(vf);
		adopt = vf->adopt_mac;
		vf->adopt_mac = false;
		queue_delayed_work(system_long_wq, &vf->service,
				   msecs_to_jiffies(TICK_MS));
	}
	mutex_unlock(&vf->lock);
	if (adopt)
		vf_net_adopt_mac(vf);
}

/**
 * vf_hold() - Stop, and leave the device alone until vf_release()
 * @vf: the device
 *
 * Context: process; sleeps.
 */
void vf_hold(struct vf_dev *vf)
{
	mutex_lock(&vf->lock);
	vf->held = true;
	vf_stop_locked(vf);
	vf->ready = false;
	mutex_unlock(&vf->lock);
}

/**
 * vf_release() - Start over after vf_hold()
 * @vf: the device, reset by somebody else
 *
 * Context: process; sleeps.
 */
void vf_release(struct vf_dev *vf)
{
	mutex_lock(&vf->lock);
	vf->held = false;
	vf->next_reset = jiffies;
	mutex_unlock(&vf->lock);
	vf_service_kick(vf, VF_TODO_RESET);
}
