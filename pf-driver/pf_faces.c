// SPDX-License-Identifier: GPL-2.0-only
/* What the faces share: the list of PFs, and leases as time goes by. */
#include <linux/ktime.h>
#include <linux/slab.h>
#include "pf.h"

static LIST_HEAD(pfs);
static DEFINE_MUTEX(pfs_lock);	/* guards @pfs; taken around pf->lock */

/**
 * pf_faces_now_ms() - Time of leases: goes on while the machine sleeps
 *
 * Return: ms.
 */
u64 pf_faces_now_ms(void)
{
	return ktime_to_ms(ktime_get_boottime());
}

/**
 * pf_faces_lock_list() - Nobody comes or goes
 */
void pf_faces_lock_list(void)
{
	mutex_lock(&pfs_lock);
}

/**
 * pf_faces_unlock_list() - PFs come and go again
 */
void pf_faces_unlock_list(void)
{
	mutex_unlock(&pfs_lock);
}

/**
 * pf_faces_next() - The PF after this one
 * @pf: or NULL for the first
 *
 * Context: between pf_faces_lock_list() and pf_faces_unlock_list().
 * Return: it, or NULL.
 */
struct pf_dev *pf_faces_next(struct pf_dev *pf)
{
	struct list_head *at = pf ? pf->faces.entry.next : pfs.next;

	return at == &pfs ? NULL : container_of(at, struct pf_dev, faces.entry);
}

/**
 * pf_faces_begin() - Before a change of leases
 * @pf: the device
 * @c: filled in: counters and time for pf_lease_*()
 *
 * Context: under pf->lock.
 */
void pf_faces_begin(struct pf_dev *pf, struct pf_face_change *c)
{
	struct pf_vf_counters v;
	u32 i;

	memset(c, 0, sizeof(*c));
	for (i = 0; i < pf->policy->nr_vfs; i++) {
		pf_vf_counters(pf, i, &v);
		c->counts[i].frames = v.rx_frames;
		c->counts[i].bytes = v.rx_bytes;
	}
	c->now_ms = pf_faces_now_ms();
	c->nr_ended = pf->faces.leases->nr_ended;
}

/* Whoever made, changed or ended a mirror, by whatever face: all is told here. */
static void tell(struct pf_dev *pf, u64 nr_ended_before)
{
	struct pf_lease_book *b = pf->faces.leases;
	const struct pf_lease *ended;
	u64 i;

	for (i = nr_ended_before; i < b->nr_ended; i++) {
		ended = pf_lease_ended(b, i);
		if (!ended)
			continue;
		netdev_info(pf->netdev, "mirror %u ended: %s\n", ended->mirror.id,
			    pf_lease_end_text(ended->end));
		pf_netlink_event(pf, ended, PF_EVENT_ENDED);
	}
	for (i = 0; i < PF_MIRRORS; i++) {
		struct pf_lease *l = &b->running[i];

		if (!l->mirror.id || l->news == PF_NEWS_NONE)
			continue;
		pf_netlink_event(pf, l, l->news == PF_NEWS_STARTED ? PF_EVENT_STARTED :
				 PF_EVENT_CHANGED);
		l->news = PF_NEWS_NONE;
	}
}

/**
 * pf_faces_settle() - After a change: chip, listeners and clock follow
 * @pf: the device
 * @c: from pf_faces_begin()
 *
 * Context: under pf->lock; sleeps.
 */
void pf_faces_settle(struct pf_dev *pf, const struct pf_face_change *c)
{
	u64 next;

	pf_apply(pf);
	tell(pf, c->nr_ended);
	next = pf_lease_next_ms(pf->faces.leases, c->now_ms);
	if (next)
		mod_delayed_work(pf_wq, &pf->faces.tick,
				 msecs_to_jiffies(min_t(u64, next, MSEC_PER_SEC * 3600)));
	else
		cancel_delayed_work(&pf->faces.tick);
}

static void tick(struct work_struct *work)
{
	struct pf_faces *f = container_of(work, struct pf_faces, tick.work);
	struct pf_dev *pf = container_of(f, struct pf_dev, faces);
	struct pf_face_change c;

	mutex_lock(&pf->lock);
	pf_faces_begin(pf, &c);
	pf_lease_tick(f->leases, pf->policy, c.counts, c.now_ms);
	pf_faces_settle(pf, &c);
	mutex_unlock(&pf->lock);
}

static void end_all(struct pf_dev *pf, enum pf_lease_end end)
{
	struct pf_face_change c;

	mutex_lock(&pf->lock);
	pf_faces_begin(pf, &c);
	pf_lease_tick(pf->faces.leases, pf->policy, c.counts, c.now_ms);
	pf->faces.open = false;
	pf_lease_stop_all(pf->faces.leases, pf->policy, end, c.now_ms);
	pf_faces_settle(pf, &c);
	mutex_unlock(&pf->lock);
}

/**
 * pf_faces_vfs_up() - VFs have come
 * @pf: the device
 *
 * Context: not under pf->lock; the policy knows the VFs.
 * Return: 0 or what the kernel says.
 */
int pf_faces_vfs_up(struct pf_dev *pf)
{
	int err = pf_sysfs_up(pf);

	if (err)
		return err;
	mutex_lock(&pf->lock);
	pf->faces.open = true;
	mutex_unlock(&pf->lock);
	return 0;
}

/**
 * pf_faces_vfs_down() - VFs are about to go: no more mirrors
 * @pf: the device
 *
 * Context: not under pf->lock.
 */
void pf_faces_vfs_down(struct pf_dev *pf)
{
	pf_sysfs_down(pf);
	end_all(pf, PF_END_TARGET_GONE);
}

/**
 * pf_faces_add() - A PF has come
 * @pf: the device, its interface registered
 *
 * Context: not under pf->lock.
 * Return: 0, -ENOMEM.
 */
int pf_faces_add(struct pf_dev *pf)
{
	struct pf_faces *f = &pf->faces;

	f->leases = kvzalloc(sizeof(*f->leases), GFP_KERNEL);
	if (!f->leases)
		return -ENOMEM;
	pf_lease_init(f->leases);
	INIT_DELAYED_WORK(&f->tick, tick);
	pf_debugfs_add(pf);
	mutex_lock(&pfs_lock);
	list_add_tail(&f->entry, &pfs);
	mutex_unlock(&pfs_lock);
	return 0;
}

/**
 * pf_faces_unload() - The driver leaves: every lease ends, and says why
 * @pf: the device
 *
 * Context: not under pf->lock.
 */
void pf_faces_unload(struct pf_dev *pf)
{
	end_all(pf, PF_END_UNLOAD);
}

/**
 * pf_faces_remove() - A PF goes
 * @pf: the device
 *
 * Context: not under pf->lock; after it nothing of the faces runs.
 */
void pf_faces_remove(struct pf_dev *pf)
{
	mutex_lock(&pfs_lock);
	list_del(&pf->faces.entry);
	mutex_unlock(&pfs_lock);
	pf_debugfs_remove(pf);
	pf_sysfs_down(pf);
	end_all(pf, PF_END_UNLOAD);
	cancel_delayed_work_sync(&pf->faces.tick);
	kvfree(pf->faces.leases);
	pf->faces.leases = NULL;
}

/**
 * pf_faces_module_init() - The module comes
 *
 * Return: 0 or what the kernel says.
 */
int pf_faces_module_init(void)
{
	int err = pf_netlink_init();

	if (!err)
		pf_debugfs_init();
	return err;
}

/**
 * pf_faces_module_exit() - The module goes; no PF is left
 */
void pf_faces_module_exit(void)
{
	pf_debugfs_exit();
	pf_netlink_exit();
}
