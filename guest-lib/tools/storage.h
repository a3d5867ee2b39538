/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of hpcap-storage: volumes, what they hold, what to do, how fast they are. */
#ifndef STORAGE_H
#define STORAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	STORAGE_REFUSED = 3, /* exit status: nothing was changed */
	VOLUMES_MAX = 128,
	MEMBERS_MAX = 32, /* of one RAID-0 */
	STORAGE_TEXT = 192,
};

#define STORAGE_LABEL "hpcap"
#define STORAGE_MOUNT "/var/lib/hpcap"

/**
 * struct volume - a block device
 * @name: as in /sys/class/block
 * @path: of the device
 * @serial: number of its maker, or its WWID; "" for none
 * @model: in its maker's words, "" for none
 * @controller: PCI address, "" for none
 * @user: who uses it now, "" for nobody
 * @mount: where it is mounted, "" for nowhere
 * @type: what libblkid found: a file system, a RAID member; "" for nothing
 * @label: of that
 * @content: why it is not empty, in words; "" when it is
 * @size: bytes
 * @min_io: smallest and
 * @opt_io: best write that the controller tells, bytes; 0 for not told
 * @disk: a whole disk of some hardware, not removable, not read-only
 * @array: a md device
 * @rotates: has a spindle
 * @cached: its write cache is on
 */
struct volume {
	char name[32];
	char path[64];
	char serial[72];
	char model[48];
	char controller[16];
	char user[STORAGE_TEXT];
	char mount[STORAGE_TEXT];
	char type[32];
	char label[48];
	char content[STORAGE_TEXT];
	uint64_t size;
	uint32_t min_io;
	uint32_t opt_io;
	bool disk;
	bool array;
	bool rotates;
	bool cached;
};

struct volumes {
	int count;
	struct volume v[VOLUMES_MAX];
};

/**
 * struct geometry - stripes of a volume
 * @unit: bytes, 0 when nobody knows
 * @width: units that hold data in a stripe
 */
struct geometry {
	uint32_t unit;
	uint32_t width;
};

/**
 * struct storage_want - what was asked for
 * @mount: where
 * @label: of the file system
 * @device: paths or serial numbers, empty for "find it"
 * @nr_devices: how many
 * @format: serial numbers of volumes whose content may go
 * @nr_formats: how many
 * @geometry: given by the user, unit 0 for "ask the controller"
 * @chunk: of a RAID-0, bytes, 0 for "choose"
 * @raid0: several volumes become one
 */
struct storage_want {
	const char *mount;
	const char *label;
	const char *device[MEMBERS_MAX];
	int nr_devices;
	const char *format[MEMBERS_MAX];
	int nr_formats;
	struct geometry geometry;
	uint32_t chunk;
	bool raid0;
};

enum storage_step {
	STORAGE_NOTHING, /* it is mounted */
	STORAGE_MOUNT_IT,
	STORAGE_ASSEMBLE, /* the RAID-0, then plan again */
	STORAGE_FORMAT,	  /* one volume or a new RAID-0 */
	STORAGE_REFUSE,
};

/**
 * struct storage_plan - what to do next
 * @step: that
 * @member: volumes it is done with, indexes into the list
 * @nr_members: how many; more than one makes a RAID-0
 * @geometry: of the new file system
 * @chunk: of the new RAID-0, bytes
 * @force: a member holds something that may go
 * @why: of a refusal: the thing, and the remedy
 */
struct storage_plan {
	enum storage_step step;
	int member[MEMBERS_MAX];
	int nr_members;
	struct geometry geometry;
	uint32_t chunk;
	bool force;
	char why[512];
};

/* Files below it instead of /: sys, proc, dev. For tests; "" is the machine. */
extern const char *storage_root;

/* All block devices with size: facts of sysfs, users, content. */
void volumes_find(struct volumes *list);

/* What a device holds, by its bytes: type, label, content; user when it is busy. */
void volume_look(struct volume *v);

/* A first line of a file below storage_root, "" when there is none. */
__attribute__((format(printf, 3, 4))) bool storage_read(char *out, size_t size, const char *fmt,
							...);

/* Decides; changes nothing, asks nobody. */
void storage_plan(const struct volumes *list, const struct storage_want *want,
		  struct storage_plan *plan);

/* Stripes by what the controller tells, unit 0 when it tells nothing of use. */
struct geometry storage_geometry(uint32_t min_io, uint32_t opt_io);

/**
 * struct storage_done - what prepare has done
 * @v: the volume that is mounted
 * @assembled: a RAID-0 was started
 * @formatted: it got a new file system
 * @mounted: it was not mounted before
 */
struct storage_done {
	struct volume v;
	bool assembled;
	bool formatted;
	bool mounted;
};

/* Does what is wanted, or prints the commands. Returns an exit status. */
int storage_prepare(const struct storage_want *want, bool dry_run, struct storage_done *done);

/**
 * struct storage_speed - a measurement
 * @bytes: written
 * @seconds: it took
 * @mean: bytes a second
 * @low: bytes a second in the slowest twentieth of the time
 */
struct storage_speed {
	uint64_t bytes;
	double seconds;
	double mean;
	double low;
};

/**
 * struct storage_load - how to measure
 * @seconds: how long
 * @depth: writes at once
 * @size: bytes that the file may take, 0 for nine tenths of what is free
 */
struct storage_load {
	uint32_t seconds;
	uint32_t depth;
	uint64_t size;
};

/* Writes a file in dir, 1 MiB blocks, O_DIRECT; 0, or -1 and a message was printed. */
int storage_measure(const char *dir, const struct storage_load *load,
		    struct storage_speed *speed);

/* Bytes a second that a full link of so many bits a second makes, in RAW files. */
double storage_demand(double link_bits, uint32_t frame);

/* Speed of the slowest twentieth, out of bytes in slices of equal time. */
double storage_low(uint64_t *slice, size_t n, double slice_seconds);

enum storage_follows {
	FOLLOWS,      /* at all times */
	FOLLOWS_MEAN, /* on average: the ring must hold what the slow moments cost */
	FOLLOWS_NOT,
};

/**
 * struct storage_verdict - of one link
 * @follows: whether
 * @load: part of the link that is followed at all times, 0 to 1
 */
struct storage_verdict {
	enum storage_follows follows;
	double load;
};

struct storage_verdict storage_judge(const struct storage_speed *speed, double link_bits,
				     uint32_t frame);

#endif /* STORAGE_H */
