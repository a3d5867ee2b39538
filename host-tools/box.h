/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The folder that a VM has on the host: ROOT/var/lib/hpcap/vms/NAME, with
 *	label		what instance_xml() says of it
 *	seed.iso	its config disk
 *	root.qcow2	what it writes to its system disk
 *	console.log	its serial console
 *	share/		what it and the host say to each other
 * docs/reference/first-boot.md tells the rest.
 */
#ifndef BOX_H
#define BOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define BOX_VMS "/var/lib/hpcap/vms"

/**
 * struct guest_status - what the guest says of itself
 * @state: "" when it has said nothing yet
 * @why: of its end or failure
 * @request: last request that it obeyed
 * @collected: last collection that is done
 * @frames: captured
 * @bytes: stored
 * @lost: frames lost
 * @device: that it captures with
 * @mount: where it stores
 * @quiet_s: seconds since it wrote this, by the host's clock
 */
struct guest_status {
	char state[16];
	char why[160];
	uint64_t request;
	uint64_t collected;
	uint64_t frames;
	uint64_t bytes;
	uint64_t lost;
	char device[64];
	char mount[128];
	uint64_t quiet_s;
};

/**
 * struct guest_request - what the host wants of the guest
 */
struct guest_request {
	uint64_t serial;
	uint64_t deadline;
	uint64_t collect;
	bool has_deadline;
	bool stop;
};

/* Path of a file of the VM's folder, "" for the folder itself. */
void box_path(char out[4096], const char *name, const char *file);

/* One at a time changes things on a host: held until unlocked, or the program ends. */
int box_lock(void); /* 0 or -errno */
void box_unlock(void);

/* Make the folder and its share; 0 or -errno. */
int box_make(const char *name);
bool box_exists(const char *name);

/**
 * box_keeps_attributes() - whether a folder's file system has attributes of users, which
 *	QEMU keeps the owners of a mapped share's files in
 * @path: of the folder; when it is not there yet, the one that it will be in is looked at
 * @try: set one, and remove it; else only look
 * Return: 0, -EOPNOTSUPP when it has none, or another negative errno.
 */
int box_keeps_attributes(const char *path, bool try);

/* Replace a file at once; 0 or -errno. */
int box_write(const char *name, const char *file, const void *data, size_t size);

/* A small file, zero-terminated, cut at @size; follows no link. Its length or -errno. */
int box_read(const char *name, const char *file, char *out, size_t size);

/* Remove the folder with all that is in it; 0 or -errno. */
int box_remove(const char *name);

/* Each folder's name, sorted. */
int box_each(bool (*visit)(const char *name, void *arg), void *arg);

void box_status(const char *name, struct guest_status *s);
void box_get_request(const char *name, struct guest_request *r);
int box_put_request(const char *name, struct guest_request *r);

/* Text of a guest goes to terminals: what is no letter becomes a dot. */
void box_clean(char *text);

/**
 * struct box_count - files that a guest brought
 */
struct box_count {
	uint64_t files;
	uint64_t bytes;
};

/**
 * box_files() - count the files in the share, or move them out of it
 * @name: of the VM
 * @to: folder that they go to; NULL: only count
 * @n: files and bytes
 * @bad: first name that was refused or failed, "" for none
 * Return: 0, or a negative errno of the host's folder.
 */
int box_files(const char *name, const char *to, struct box_count *n, char bad[256]);

#endif /* BOX_H */
