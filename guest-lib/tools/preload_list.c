// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of our devices, and what a program hears when it asks for all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "preload.h"

bool preload_parse(const char *device, struct queue_id *id, bool *lossy)
{
	int end = 0;

	if (strncmp(device, "hpcap:", 6) || device[6] < '0' || device[6] > '9')
		return false;
	if (sscanf(device, "hpcap:%d:%d%n", &id->adapter, &id->queue, &end) != 2 || !end)
		return false;
	*lossy = !strcmp(device + end, ":lossy");
	return id->queue >= 0 && (*lossy || !device[end]);
}

/* Freed by libpcap's own pcap_freealldevs(), node by node. */
static pcap_if_t *make_node(const struct queue_id *id)
{
	pcap_if_t *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	node->flags = PCAP_IF_UP | PCAP_IF_RUNNING | PCAP_IF_CONNECTION_STATUS_NOT_APPLICABLE;
	if (asprintf(&node->name, "hpcap:%d:%d", id->adapter, id->queue) < 0) {
		free(node);
		return NULL;
	}
	if (asprintf(&node->description, "hpcap capture queue %d of adapter %d", id->queue,
		     id->adapter) < 0)
		node->description = NULL;
	return node;
}

int pcap_findalldevs(pcap_if_t **devices, char *errbuf)
{
	struct queue_id *id = calloc(QUEUES_MAX, sizeof(*id));
	int ret = REAL(pcap_findalldevs)(devices, errbuf);
	pcap_if_t **end = devices;
	int n, i;

	if (!id || ret) {
		free(id);
		return ret;
	}
	while (*end)
		end = &(*end)->next;
	n = queues_find(id);
	for (i = 0; i < n; i++) {
		*end = make_node(&id[i]);
		if (!*end)
			break;
		end = &(*end)->next;
	}
	free(id);
	return ret;
}

int pcap_lookupnet(const char *device, bpf_u_int32 *net, bpf_u_int32 *mask, char *errbuf)
{
	struct queue_id id;
	bool lossy;

	if (!device || !preload_parse(device, &id, &lossy))
		return REAL(pcap_lookupnet)(device, net, mask, errbuf);
	*net = 0;
	*mask = 0;
	return 0;
}
