// SPDX-License-Identifier: GPL-2.0-or-later
/* Where hpcapdd runs. */
#include <errno.h>
#include <numa.h>
#include <sched.h>
#include <string.h>
#include "dd.h"

static int pin_cpu(int cpu)
{
	cpu_set_t *set = CPU_ALLOC((size_t)cpu + 1);
	size_t size = CPU_ALLOC_SIZE((size_t)cpu + 1);
	int err;

	if (!set)
		return CLI_FAILED;
	CPU_ZERO_S(size, set);
	CPU_SET_S((size_t)cpu, size, set);
	err = sched_setaffinity(0, size, set) ? errno : 0;
	CPU_FREE(set);
	if (err) {
		cli_error("--cpu %d: %s", cpu, strerror(err));
		return CLI_FAILED;
	}
	return -1;
}

static int pin_node(int node)
{
	if (numa_available() < 0) {
		cli_error("--node %d: this kernel knows no NUMA nodes", node);
		return CLI_FAILED;
	}
	if (node > numa_max_node() || numa_run_on_node(node)) {
		cli_error("--node %d: no such node", node);
		return CLI_FAILED;
	}
	numa_set_preferred(node);
	return -1;
}

int dd_pin(const struct dd_options *o)
{
	if (o->cpu >= 0)
		return pin_cpu(o->cpu);
	return o->node >= 0 ? pin_node(o->node) : -1;
}
