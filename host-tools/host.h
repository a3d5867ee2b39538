/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a host is made of: plain facts, read once, that plans are made from. */
#ifndef HOST_H
#define HOST_H

#include <stdbool.h>
#include <stdint.h>
#include "acs.h"
#include "sysfs.h"

enum {
	HOST_MAX_CPUS = 1024,
	HOST_MAX_NODES = 16,
	HOST_MAX_PCI = 512,
	HOST_MAX_DISKS = 256,
	HOST_NAME = 32,
	HOST_TEXT = 96,
	HOST_BDF = 16, /* 0000:01:10.0 */
};

/**
 * struct host_cpu - one logical processor that is online
 * @id: its number
 * @node: NUMA node
 * @package: socket
 * @core: core within the package; processors that share it are one core
 * @isolated: kept free of ordinary work (isolcpus)
 */
struct host_cpu {
	int id;
	int node;
	int package;
	int core;
	bool isolated;
};

/**
 * struct host_pages - huge pages of one size on a node
 * @size_kib: 2048 or 1048576
 * @total: reserved
 * @free: of these, not in use
 */
struct host_pages {
	uint64_t size_kib;
	uint64_t total;
	uint64_t free;
};

/**
 * struct host_node - one NUMA node
 * @id: its number
 * @mem_kib: memory
 * @free_kib: of it, free
 * @huge: 2 MiB and 1 GiB pages
 */
struct host_node {
	int id;
	uint64_t mem_kib;
	uint64_t free_kib;
	struct host_pages huge[2];
};

/* What a PCI function is good for here. */
enum host_kind {
	HOST_OTHER,
	HOST_NIC,
	HOST_RAID,
	HOST_NVME,
	HOST_STORAGE, /* SATA, SAS and other controllers */
	HOST_BRIDGE,
};

/**
 * struct host_pci - one PCI function
 * @bdf: domain:bus:slot.function
 * @kind: what it is
 * @vendor: id
 * @device: id
 * @node: NUMA node, -1 if the machine does not tell
 * @group: IOMMU group, -1 without one
 * @driver: bound driver, "" for none
 * @netdev: network interface, "" for none
 * @pf: bdf of the physical function when this is a VF, else ""
 * @vf_index: number of the VF, -1 for others
 * @vfs_total: VFs that it can make; 0: no SR-IOV
 * @vfs: VFs that it has made
 * @autoprobe: the host binds drivers to new VFs
 * @reset: reset methods, "" for none
 * @acs: what its configuration space says; of VFs and other devices nothing is known
 */
struct host_pci {
	char bdf[HOST_BDF];
	enum host_kind kind;
	unsigned int vendor;
	unsigned int device;
	int node;
	int group;
	char driver[HOST_NAME];
	char netdev[HOST_NAME];
	char pf[HOST_BDF];
	int vf_index;
	int vfs_total;
	int vfs;
	bool autoprobe;
	char reset[HOST_TEXT];
	struct acs acs;
};

/**
 * struct host_disk - one disk
 * @name: as in /dev
 * @bytes: size
 * @rotational: a spinning one
 * @model: as it calls itself
 * @serial: as it calls itself, "" when it does not
 * @bdf: its controller, "" when it is not on PCI
 * @use: who uses it: "mounted at /", "held by md0", "swap"; "" for nobody
 */
struct host_disk {
	char name[HOST_NAME];
	uint64_t bytes;
	bool rotational;
	char model[HOST_TEXT];
	char serial[HOST_TEXT];
	char bdf[HOST_BDF];
	char use[HOST_TEXT];
};

/**
 * struct host - everything; arrays sorted, counts beside them
 */
struct host {
	struct host_cpu cpu[HOST_MAX_CPUS];
	unsigned int nr_cpus;
	struct host_node node[HOST_MAX_NODES];
	unsigned int nr_nodes;
	struct host_pci pci[HOST_MAX_PCI];
	unsigned int nr_pci;
	struct host_disk disk[HOST_MAX_DISKS];
	unsigned int nr_disks;
};

/**
 * host_read() - gather the facts below the root of sysfs_root()
 * @h: filled; what the machine does not tell stays zero, "" or -1
 * Return: 0, or -ENOENT when there is no /sys below the root.
 */
int host_read(struct host *h);

/* Parts of host_read(). */
void host_read_cpus(struct host *h);
void host_read_pci(struct host *h);
void host_read_disks(struct host *h);

/**
 * host_find_pci() - a function by its address or its network interface
 * @name: 0000:01:00.0, 01:00.0 or enp1s0f0
 * Return: NULL when there is none.
 */
const struct host_pci *host_find_pci(const struct host *h, const char *name);

/* VF number @index of @pf; NULL when there is none. */
const struct host_pci *host_find_vf(const struct host *h, const struct host_pci *pf, int index);

/* Who uses the first used disk of this controller; NULL for nobody. */
const struct host_disk *host_used_disk(const struct host *h, const char *bdf);

/**
 * host_block_use() - who uses this disk or partition, or the disk that it is a part of
 * @name: as in /dev
 * @use: "mounted at /srv", "held by md0", "part of a zfs_member"; "" for nobody
 * Return: whether somebody does.
 */
bool host_block_use(const struct host *h, const char *name, char use[HOST_TEXT]);

/* "nic", "raid", "nvme", "storage", "bridge", "other" */
const char *host_kind_name(enum host_kind kind);

#endif /* HOST_H */
