// SPDX-License-Identifier: GPL-2.0-or-later
/* The storm's VFs: their drivers, their guests, and the end of these. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/if.h>

#include "storm.h"

static const char *const drivers[] = {"", "igbvf", "hpcapvf", "vfio-pci"};

enum owner {
	FREE,
	IGBVF,
	HPCAPVF,
	VFIO
};

static struct vf {
	char addr[32];
	enum owner owner;
	pid_t guest;
} vfs[STORM_VFS];

/* Of each VF's guests, written by them. */
static unsigned long *answers;

static int control; /* a socket for requests to interfaces */
static pthread_t killer;
static bool killer_runs;

/* Addresses may be others after each change of the number of VFs. */
static void look(void)
{
	char link[128];

	for (unsigned int i = 0; i < STORM_VFS; i++) {
		ssize_t n = readlink(of_pf("virtfn%u", i), link, sizeof(link) - 1);

		if (n < 0)
			wrong("no VF %u", i);
		link[n] = 0;
		snprintf(vfs[i].addr, sizeof(vfs[i].addr), "%.31s", strrchr(link, '/') + 1);
	}
}

/* A driver for the VF, or none. */
static void give(struct vf *vf, enum owner owner)
{
	char path[128], line[64];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver/unbind", vf->addr);
	put(path, vf->addr);
	vf->owner = FREE;
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver_override", vf->addr);
	snprintf(line, sizeof(line), "%s\n", drivers[owner]);
	put(path, line);
	if (owner == FREE)
		return;
	put("/sys/bus/pci/drivers_probe", vf->addr);
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/driver", vf->addr);
	/* without a link its driver may give up: then nobody has it */
	if (!access(path, F_OK))
		vf->owner = owner;
}

static void reap(struct vf *vf)
{
	if (!vf->guest)
		return;
	kill(vf->guest, SIGKILL);
	waitpid(vf->guest, NULL, 0);
	vf->guest = 0;
}

void vf_start(void)
{
	control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	answers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (control < 0 || answers == MAP_FAILED)
		wrong("%s", strerror(errno));
	look();
}

void vf_stop(void)
{
	for (unsigned int i = 0; i < STORM_VFS; i++) {
		reap(&vfs[i]);
		give(&vfs[i], FREE);
	}
}

void vf_give(void)
{
	struct vf *vf = &vfs[dice(STORM_VFS)];
	enum owner owner = dice(4);

	if (!vf->guest)
		give(vf, owner);
}

/* igbvf hangs by itself when its function is reset while it is down. */
void vf_reset(void)
{
	struct vf *vf = &vfs[dice(STORM_VFS)];
	char path[128];

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/reset", vf->addr);
	if (vf->owner != IGBVF && !vf->guest)
		put(path, "1");
}

void vf_flags(void)
{
	unsigned int n = dice(STORM_VFS);

	put(of_pf("sriov/%u/trust", n), dice(2) ? "on\n" : "off\n");
	put(of_pf("sriov/%u/promisc", n), dice(2) ? "add ucast\n" : "rem ucast\n");
	put(of_pf("sriov/%u/enable", n), dice(4) ? "on\n" : "off\n");
}

/* The interface of a device, or false. */
static bool interface(const char *dev, struct ifreq *req)
{
	char path[128];
	struct dirent *e;
	bool found = false;
	DIR *d;

	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s/net", dev);
	d = opendir(path);
	while (d && !found && (e = readdir(d))) {
		found = e->d_name[0] != '.';
		if (found)
			snprintf(req->ifr_name, sizeof(req->ifr_name), "%.15s", e->d_name);
	}
	if (d)
		closedir(d);
	return found;
}

static void set_up(struct ifreq *req, bool up)
{
	if (ioctl(control, SIOCGIFFLAGS, req))
		return;
	req->ifr_flags = up ? req->ifr_flags | IFF_UP : req->ifr_flags & ~IFF_UP;
	ioctl(control, SIOCSIFFLAGS, req);
}

void vf_link(void)
{
	struct vf *vf = &vfs[dice(STORM_VFS)];
	bool down = dice(2);
	struct ifreq req = {};

	if (!interface(vf->addr, &req))
		return;
	if (down)
		set_up(&req, false);
	set_up(&req, true);
}

void pf_link(bool up)
{
	struct ifreq req = {};

	if (!interface(storm_dev, &req))
		wrong("the PF has no interface");
	set_up(&req, up);
}

void vf_guest(void)
{
	struct vf *vf = &vfs[dice(STORM_VFS)];
	uint64_t seed = dice(1 << 30);

	if (vf->guest)
		return;
	if (vf->owner != VFIO)
		give(vf, VFIO);
	if (vf->owner != VFIO)
		wrong("vfio-pci does not take %s", vf->addr);
	vf->guest = fork();
	if (vf->guest < 0)
		wrong("fork: %s", strerror(errno));
	if (!vf->guest)
		guest_main(vf->addr, seed, &answers[vf - vfs]);
}

/* One that ended by itself found something that does not work. */
void vf_kill(void)
{
	struct vf *vf = &vfs[dice(STORM_VFS)];
	int status;

	if (!vf->guest)
		return;
	if (waitpid(vf->guest, &status, WNOHANG) == vf->guest) {
		vf->guest = 0;
		wrong("the guest of %s ended by itself (%#x)", vf->addr, status);
	}
	reap(vf);
}

static void *kill_all(void *arg)
{
	sleep_us((uintptr_t)arg);
	for (unsigned int i = 0; i < STORM_VFS; i++)
		reap(&vfs[i]);
	return NULL;
}

void vf_kill_soon(void)
{
	uintptr_t delay = dice(20000);

	killer_runs = !pthread_create(&killer, NULL, kill_all, (void *)delay);
	if (!killer_runs)
		wrong("no thread");
}

void vf_killed(void)
{
	if (killer_runs)
		pthread_join(killer, NULL);
	killer_runs = false;
}

unsigned long vf_answers(void)
{
	unsigned long sum = 0;

	for (unsigned int i = 0; i < STORM_VFS; i++)
		sum += answers[i];
	return sum;
}

void vf_all_free(void)
{
	for (unsigned int i = 0; i < STORM_VFS; i++)
		vfs[i].owner = FREE;
	look();
}
