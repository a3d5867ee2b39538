// SPDX-License-Identifier: GPL-2.0-or-later
/* Checks of processors, memory, clock. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include "doctor.h"

static unsigned int count_isolated(const struct host *h)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < h->nr_cpus; i++)
		n += h->cpu[i].isolated;
	return n;
}

/* CPUs whose governor is another than performance. */
static unsigned int slow_governors(const struct host *h)
{
	unsigned int n = 0;
	char governor[32];

	for (unsigned int i = 0; i < h->nr_cpus; i++)
		n += sysfs_read(governor, sizeof(governor),
				"/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor",
				h->cpu[i].id) &&
		     strcmp(governor, "performance");
	return n;
}

void doctor_cpu(struct doctor *d)
{
	const unsigned int isolated = count_isolated(d->h), slow = slow_governors(d->h);

	if (isolated)
		doctor_find(d, DOCTOR_OK, NULL, "%u of %u CPUs are isolated", isolated,
			    d->h->nr_cpus);
	else
		doctor_find(d, DOCTOR_WARN, "boot with isolcpus= for the CPUs of the probes",
			    "no CPU of %u is isolated from ordinary work", d->h->nr_cpus);
	if (slow)
		doctor_find(d, DOCTOR_WARN, "cpupower frequency-set -g performance",
			    "the governor of %u CPUs is not 'performance'", slow);
	if (sysfs_number(0, "/sys/devices/system/cpu/smt/active") == 1)
		doctor_find(d, DOCTOR_WARN,
			    "leave the sibling of each capture CPU idle, or switch SMT off",
			    "cores are shared by sibling threads (SMT)");
	if (d->h->nr_nodes > 1 && sysfs_number(0, "/proc/sys/kernel/numa_balancing") == 1) {
		struct doctor_finding *f =
			doctor_find(d, DOCTOR_WARN, "sysctl kernel.numa_balancing=0",
				    "the kernel moves pages between NUMA nodes by itself");

		snprintf(f->fix_path, sizeof(f->fix_path), "/proc/sys/kernel/numa_balancing");
		snprintf(f->fix_text, sizeof(f->fix_text), "0");
	}
}

void doctor_hugepages(struct doctor *d)
{
	for (unsigned int i = 0; i < d->h->nr_nodes; i++) {
		const struct host_node *n = &d->h->node[i];
		const uint64_t free_mib = n->huge[0].free * 2 + n->huge[1].free * 1024;

		if (free_mib >= 2048)
			doctor_find(d, DOCTOR_OK, NULL, "node %d: %llu MiB of huge pages free",
				    n->id, (unsigned long long)free_mib);
		else
			doctor_find(d, DOCTOR_WARN,
				    "vm.nr_hugepages=, or hugepagesz=1G hugepages= at boot",
				    "node %d: %llu MiB of huge pages free, a probe wants 2048",
				    n->id, (unsigned long long)free_mib);
	}
}

void doctor_clock(struct doctor *d)
{
	struct timex tx = {};
	char source[32];

	if (sysfs_read(source, sizeof(source),
		       "/sys/devices/system/clocksource/clocksource0/current_clocksource")) {
		if (!strcmp(source, "tsc") || !strcmp(source, "kvm-clock"))
			doctor_find(d, DOCTOR_OK, NULL, "the clock source is %s", source);
		else
			doctor_find(
				d, DOCTOR_WARN,
				"look in dmesg why the TSC was found unstable; try tsc=reliable",
				"the clock source is %s, slow to read", source);
	}
	if (!sysfs_is_live())
		return;
	if (adjtimex(&tx) == -1)
		return;
	if (tx.status & STA_UNSYNC)
		doctor_find(d, DOCTOR_WARN, "run chrony or ptp4l/phc2sys",
			    "nothing disciplines the clock: stamps drift against others'");
	else
		doctor_find(d, DOCTOR_OK, NULL, "the clock is synchronised, error below %ld us",
			    tx.maxerror);
}

struct process_search {
	const char *name;
	bool found;
};

static bool is_process(const char *name, void *arg)
{
	struct process_search *s = arg;
	char comm[32];

	if (*name < '0' || *name > '9')
		return true;
	sysfs_read(comm, sizeof(comm), "/proc/%s/comm", name);
	s->found = !strcmp(comm, s->name);
	return !s->found;
}

static bool runs(const char *name)
{
	struct process_search s = {.name = name};

	sysfs_each("/proc", is_process, &s);
	return s.found;
}

void doctor_irqbalance(struct doctor *d)
{
	if (runs("irqbalance"))
		doctor_find(d, DOCTOR_WARN,
			    "ban the probes' CPUs (IRQBALANCE_BANNED_CPULIST) or stop it",
			    "irqbalance moves interrupts onto any CPU");
	else
		doctor_find(d, DOCTOR_OK, NULL, "irqbalance does not run");
}

/* Files of NetworkManager that name interfaces it shall leave alone. */
static bool mentions_unmanaged(const char *name, void *arg)
{
	char path[4096], line[512];
	bool *found = arg;
	FILE *f;

	sysfs_path(path, "/etc/NetworkManager/conf.d/%s", name);
	f = fopen(path, "re");
	if (!f)
		return true;
	while (!*found && fgets(line, sizeof(line), f))
		*found = strstr(line, "unmanaged-devices") || strstr(line, "managed=0");
	fclose(f);
	return !*found;
}

void doctor_networkmanager(struct doctor *d)
{
	bool unmanaged = false;

	if (!runs("NetworkManager")) {
		doctor_find(d, DOCTOR_OK, NULL, "NetworkManager does not run");
		return;
	}
	sysfs_each("/etc/NetworkManager/conf.d", mentions_unmanaged, &unmanaged);
	if (unmanaged)
		doctor_find(d, DOCTOR_OK, NULL, "NetworkManager leaves some devices alone");
	else
		doctor_find(d, DOCTOR_WARN,
			    "name the PFs and VFs in unmanaged-devices= below"
			    " /etc/NetworkManager/conf.d",
			    "NetworkManager takes every new VF");
}
