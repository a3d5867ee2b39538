// SPDX-License-Identifier: GPL-2.0-or-later
/* What to do with the volumes that are there: decided from facts alone. */
#include <stdarg.h>
#include <string.h>
#include "storage.h"

enum {
	BLOCK = 4096,
	UNIT_MAX = 16 << 20,
	CHUNK = 256 << 10, /* of a RAID-0 when nobody says: four make one block of 1 MiB */
};

#define VOLUME_MIN (1ull << 30) /* mkfs.xfs wants most of it for a volume with stripes */

/* The plan is refused, for this reason. */
__attribute__((format(printf, 2, 3))) static void refuse(struct storage_plan *plan,
							 const char *fmt, ...)
{
	va_list ap;

	plan->step = STORAGE_REFUSE;
	va_start(ap, fmt);
	vsnprintf(plan->why, sizeof(plan->why), fmt, ap);
	va_end(ap);
}

/**
 * storage_geometry() - stripes by what the controller tells
 * @min_io: smallest write without a penalty, bytes
 * @opt_io: best write, bytes
 *
 * Return: unit 0 when it tells nothing, or what no array has: some bridges
 * tell the largest transfer instead.
 */
struct geometry storage_geometry(uint32_t min_io, uint32_t opt_io)
{
	struct geometry g = {0};

	if (!opt_io || opt_io > UNIT_MAX || opt_io % BLOCK)
		return g;
	if (min_io > BLOCK && !(min_io % BLOCK) && !(opt_io % min_io)) {
		g.unit = min_io;
		g.width = opt_io / min_io;
	} else if (opt_io > BLOCK) {
		g.unit = opt_io;
		g.width = 1;
	}
	return g;
}

static bool is(const struct volume *v, const char *name)
{
	return !strcmp(name, v->path) || (*v->serial && !strcmp(name, v->serial));
}

static bool is_one_of(const struct volume *v, const char *const *name, int n)
{
	int i;

	for (i = 0; i < n; i++)
		if (is(v, name[i]))
			return true;
	return false;
}

/* Is this one of those that were named, by whatever option? All are, when none was. */
static bool is_meant(const struct volume *v, const struct storage_want *want)
{
	return (!want->nr_devices && !want->nr_formats) ||
	       is_one_of(v, want->device, want->nr_devices) ||
	       is_one_of(v, want->format, want->nr_formats);
}

/* A label of a RAID member is HOST:NAME. */
static bool is_member(const struct volume *v, const char *label)
{
	const char *colon = strchr(v->label, ':');

	return !strcmp(v->type, "linux_raid_member") &&
	       !strcmp(colon ? colon + 1 : v->label, label);
}

static bool is_ours(const struct volume *v, const char *label)
{
	return !strcmp(v->type, "xfs") && !strcmp(v->label, label);
}

/* Every word that was given must be a volume, and only one. */
static bool names_are_known(const struct volumes *list, const char *const *name, int n,
			    struct storage_plan *plan)
{
	int i, k, hits;

	for (i = 0; i < n; i++) {
		for (k = hits = 0; k < list->count; k++)
			hits += is(&list->v[k], name[i]);
		if (hits == 1)
			continue;
		refuse(plan,
		       hits ? "%s: %d volumes have this serial number; give the device instead"
			    : "%s: no volume has this path or serial number (hpcap-storage show "
			      "lists them)",
		       name[i], hits);
		return false;
	}
	return true;
}

/* The file system with our label: mounted, to be mounted, or twice there. */
static bool found_ours(const struct volumes *list, const struct storage_want *want,
		       struct storage_plan *plan)
{
	const struct volume *v, *first = NULL;
	int i;

	for (i = 0; i < list->count; i++) {
		v = &list->v[i];
		if (!is_ours(v, want->label) || (!v->array && !is_meant(v, want)))
			continue;
		if (first) {
			refuse(plan,
			       "two file systems are labelled \"%s\", on %s and %s; give the one "
			       "that is meant",
			       want->label, first->path, v->path);
			return true;
		}
		first = v;
		plan->member[0] = i;
		plan->nr_members = 1;
	}
	if (!first)
		return false;
	plan->step = STORAGE_MOUNT_IT;
	if (*first->mount && !strcmp(first->mount, want->mount))
		plan->step = STORAGE_NOTHING;
	else if (*first->user)
		refuse(plan,
		       "%s has the file system \"%s\" and is %s; unmount it, or give --mount",
		       first->path, want->label, first->user);
	return true;
}

/* Members of our RAID-0 that is not running. */
static bool found_members(const struct volumes *list, const struct storage_want *want,
			  struct storage_plan *plan)
{
	int i;

	for (i = 0; i < list->count && plan->nr_members < MEMBERS_MAX; i++) {
		const struct volume *v = &list->v[i];

		if (is_member(v, want->label) && !*v->user && is_meant(v, want))
			plan->member[plan->nr_members++] = i;
	}
	plan->step = STORAGE_ASSEMBLE;
	return plan->nr_members;
}

/* May this volume be formatted? A refusal says why not. */
static bool may_format(const struct volume *v, const struct storage_want *want,
		       struct storage_plan *plan)
{
	bool told = *v->serial && is_one_of(v, want->format, want->nr_formats);

	if (*v->user)
		refuse(plan, "%s is %s; it stays as it is", v->path, v->user);
	else if (v->size < VOLUME_MIN)
		refuse(plan, "%s has %llu MiB; a capture volume has 1024 or more", v->path,
		       (unsigned long long)(v->size >> 20));
	else if (*v->content && !told && !*v->serial)
		refuse(plan,
		       "%s holds %s, and has no serial number to name it by; if that may go, zero its first 4 MiB",
		       v->path, v->content);
	else if (*v->content && !told)
		refuse(plan, "%s holds %s; if that may go, say so with --format '%s'", v->path,
		       v->content, v->serial);
	else
		return true;
	return false;
}

/* Is this one to be formatted? Named, or empty when none was named. */
static bool is_chosen(const struct volume *v, const struct storage_want *want)
{
	if (want->nr_devices || want->nr_formats)
		return is_meant(v, want);
	return v->disk && !*v->content && !*v->user && v->size >= VOLUME_MIN;
}

/* No empty volume: what the first disk that could be meant holds. */
static void nothing_to_format(const struct volumes *list, const struct storage_want *want,
			      struct storage_plan *plan)
{
	int i;

	for (i = 0; i < list->count; i++)
		if (list->v[i].disk && !*list->v[i].user &&
		    !may_format(&list->v[i], want, plan))
			return;
	refuse(plan, "no volume to store on: give this VM a disk or a storage controller");
}

static void choose_geometry(const struct volumes *list, const struct storage_want *want,
			    struct storage_plan *plan)
{
	const struct volume *v = &list->v[plan->member[0]];
	const struct geometry told = storage_geometry(v->min_io, v->opt_io);
	const uint32_t stripe = told.unit * told.width;

	if (plan->nr_members > 1) {
		plan->chunk = want->chunk ? want->chunk : stripe >= CHUNK ? stripe : CHUNK;
		plan->geometry.unit = plan->chunk;
		plan->geometry.width = (uint32_t)plan->nr_members;
	} else {
		plan->geometry = want->geometry.unit ? want->geometry : told;
	}
}

static void plan_format(const struct volumes *list, const struct storage_want *want,
			struct storage_plan *plan)
{
	int i;

	for (i = 0; i < list->count; i++) {
		const struct volume *v = &list->v[i];

		if (!is_chosen(v, want))
			continue;
		if (!may_format(v, want, plan))
			return;
		if (plan->nr_members == MEMBERS_MAX) {
			refuse(plan, "more than %d volumes: give those that are meant",
			       MEMBERS_MAX);
			return;
		}
		plan->force |= *v->content;
		plan->member[plan->nr_members++] = i;
	}
	if (plan->nr_members > 1 && !want->raid0) {
		refuse(plan,
		       "%d volumes could be formatted, %s and %s among them; give one, or --raid0 "
		       "to make one of all",
		       plan->nr_members, list->v[plan->member[0]].path,
		       list->v[plan->member[1]].path);
		return;
	}
	if (!plan->nr_members) {
		nothing_to_format(list, want, plan);
		return;
	}
	plan->step = STORAGE_FORMAT;
	choose_geometry(list, want, plan);
}

/**
 * storage_plan() - what to do next
 * @list: all volumes
 * @want: what was asked for
 * @plan: filled in
 *
 * A file system with our label is taken before anything is formatted, an array
 * of ours is started before that, and what holds anything else is formatted
 * only by its serial number.
 */
void storage_plan(const struct volumes *list, const struct storage_want *want,
		  struct storage_plan *plan)
{
	memset(plan, 0, sizeof(*plan));
	if (!names_are_known(list, want->device, want->nr_devices, plan) ||
	    !names_are_known(list, want->format, want->nr_formats, plan))
		return;
	if (found_ours(list, want, plan) || found_members(list, want, plan))
		return;
	plan_format(list, want, plan);
}
