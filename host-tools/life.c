// SPDX-License-Identifier: GPL-2.0-or-later
/* The life of a VM that is there. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "cmd.h"
#include "grant.h"
#include "lease.h"
#include "life.h"
#include "msg.h"

enum {
	LOOK_MS = 200,
	LOOK_VM_EVERY = 5, /* looks at the share to one at libvirt */
};

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static bool is_running(const char *uri, const char *name)
{
	static struct virt_view v;
	const struct virt_domain *d;

	/* a daemon that restarts answers later; it does not end VMs */
	if (virt_look(uri, &v))
		return true;
	d = virt_find(&v, name);
	return d && d->running;
}

int life_wait_ready(const char *uri, const char *name, uint64_t wait_ms)
{
	const uint64_t until = now_ms() + wait_ms;
	char said[16] = "";
	struct guest_status s;

	for (unsigned int n = 0;; n++) {
		box_status(name, &s);
		if (strcmp(said, s.state))
			msg_note("%s: %s", name, s.state);
		strcpy(said, s.state);
		if (!strcmp(s.state, "capturing") || !strcmp(s.state, "ended"))
			return EXIT_OK;
		if (!strcmp(s.state, "failed"))
			return msg_fail(EXIT_FAILED, "%s: its guest says: %s", name, s.why);
		if (n % LOOK_VM_EVERY == 0 && !is_running(uri, name))
			return msg_fail(EXIT_FAILED,
					"%s: the VM has ended (see: hpcapctl logs %s)", name,
					name);
		if (now_ms() >= until)
			return msg_fail(EXIT_TIMEOUT,
					"%s: the VM runs, but does not capture yet (see:"
					" hpcapctl logs %s)",
					name, name);
		msg_progress("%s: %s, %" PRIu64 " s of %" PRIu64, name,
			     *s.state ? s.state : "its VM boots",
			     (wait_ms - (until - now_ms())) / 1000, wait_ms / 1000);
		usleep(LOOK_MS * 1000);
	}
}

bool life_is_late(const struct instance *i, const struct guest_status *s)
{
	const uint64_t now = (uint64_t)time(NULL);

	if (!i->deadline || now <= i->deadline + LIFE_GRACE_S)
		return false;
	return now > i->deadline + LIFE_LIMIT_S || strcmp(s->state, "ending") ||
	       s->quiet_s > LIFE_GRACE_S;
}

static void tell_stop(const char *name)
{
	struct guest_request r;

	box_get_request(name, &r);
	if (r.stop)
		return;
	r.stop = true;
	box_put_request(name, &r);
}

static void show_progress(const struct instance *i, const struct guest_status *s)
{
	const uint64_t now = (uint64_t)time(NULL);

	msg_progress("%s: %s, %" PRIu64 " frames, %" PRIu64 " lost, %" PRIu64 " s left",
		     i->name, s->state, s->frames, s->lost,
		     i->deadline > now ? i->deadline - now : 0);
}

int life_wait_end(const char *uri, const struct instance *i, bool (*stop)(void))
{
	struct guest_status s = {};
	uint64_t told = 0;

	while (is_running(uri, i->name)) {
		box_status(i->name, &s);
		if (stop() && !told) {
			msg_note("%s: told to end", i->name);
			tell_stop(i->name);
			told = now_ms();
		}
		if (life_is_late(i, &s) || (told && strcmp(s.state, "ending") &&
					    now_ms() - told > LIFE_GRACE_S * 1000))
			return EXIT_TIMEOUT;
		show_progress(i, &s);
		usleep(LOOK_MS * LOOK_VM_EVERY * 1000);
	}
	return EXIT_OK;
}

bool life_ask_end(const char *uri, const char *name, uint64_t wait_ms)
{
	const uint64_t until = now_ms() + wait_ms;
	struct guest_status s;

	box_status(name, &s);
	/* one that never said a word will not hear one */
	if (!*s.state || !strcmp(s.state, "failed"))
		return !is_running(uri, name);
	tell_stop(name);
	while (is_running(uri, name)) {
		if (now_ms() >= until)
			return false;
		msg_progress("%s: told to end, waits %" PRIu64 " s more", name,
			     (until - now_ms()) / 1000);
		usleep(LOOK_MS * 1000);
	}
	return true;
}

int life_collect(const char *name, const char *to, struct box_count *n)
{
	char bad[256];
	const int err = box_files(name, to, n, bad);

	if (err)
		return msg_fail(msg_code(err), "%s%s%s: %s", to, *bad ? "/" : "", bad,
				strerror(-err));
	if (*bad)
		return msg_fail(EXIT_PARTIAL,
				"%s: left where it is: '%s' (only files and folders with"
				" [A-Za-z0-9._-] in their names are taken)",
				name, bad);
	return EXIT_OK;
}

static int settle_files(const struct instance *i, enum life_files files, const char *to)
{
	struct box_count n;
	char bad[256];
	int status;

	if (files == LIFE_DISCARD)
		return EXIT_OK;
	if (files == LIFE_COLLECT) {
		status = life_collect(i->name, to, &n);
		if (n.files)
			msg_note("%s: %" PRIu64 " files, %" PRIu64 " bytes, are in %s now",
				 i->name, n.files, n.bytes, to);
		return status;
	}
	box_files(i->name, NULL, &n, bad);
	if (!n.files)
		return EXIT_OK;
	return msg_fail(EXIT_PARTIAL,
			"%s has %" PRIu64 " files, %" PRIu64 " MiB, that nobody collected: "
			"hpcapctl collect %s --to DIR, or hpcapctl destroy %s --discard",
			i->name, n.files, n.bytes >> 20, i->name, i->name);
}

int life_give_back(const struct instance *i)
{
	int status = EXIT_OK;

	for (unsigned int k = 0; k < i->nr_devs; k++) {
		const struct instance_device *d = &i->dev[k];
		char driver[HOST_NAME];

		sysfs_link(driver, sizeof(driver), "/sys/bus/pci/devices/%s/driver", d->bdf);
		if (strcmp(driver, "vfio-pci") || !strcmp(d->driver, "vfio-pci"))
			continue;
		if (sysfs_write(d->bdf, "/sys/bus/pci/drivers/vfio-pci/unbind") ||
		    sysfs_write("\n", "/sys/bus/pci/devices/%s/driver_override", d->bdf) ||
		    (*d->driver && sysfs_write(d->bdf, "/sys/bus/pci/drivers_probe")))
			status = msg_fail(EXIT_PARTIAL,
					  "%s does not go back to %s: still with vfio-pci?",
					  d->bdf, *d->driver ? d->driver : "no driver");
	}
	return status;
}

int life_end(const struct host *h, const struct instance *i, enum life_files files,
	     const char *to)
{
	char why[VIRT_WHY];
	int err, status = lease_drop(h, i);

	err = virt_end(opt_common.uri, i->name, why);
	if (err)
		return msg_fail(msg_code(err), "%s: libvirt: %s", i->name, why);
	if (status == EXIT_OK)
		status = life_give_back(i);
	if (status == EXIT_OK)
		status = grant_drop(h, i);
	if (status == EXIT_OK)
		status = settle_files(i, files, to);
	if (status != EXIT_OK)
		return status;
	err = box_remove(i->name);
	if (err)
		return msg_fail(msg_code(err), "folder of %s: %s", i->name, strerror(-err));
	return EXIT_OK;
}
