// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl doctor: is this host ready? */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "cmd.h"
#include "doctor.h"
#include "msg.h"

static const struct {
	const char *name;
	void (*run)(struct doctor *d);
} checks[] = {
	{"kvm", doctor_kvm},
	{"libvirt", doctor_libvirt},
	{"cgroups", doctor_cgroups},
	{"iommu", doctor_iommu},
	{"acs", doctor_acs},
	{"nic", doctor_nics},
	{"storage", doctor_storage},
	{"cpu", doctor_cpu},
	{"hugepages", doctor_hugepages},
	{"clock", doctor_clock},
	{"irqbalance", doctor_irqbalance},
	{"networkmanager", doctor_networkmanager},
};

struct doctor_opts {
	bool fix;
};

const struct opt cmd_doctor_opts[] = {
	{"fix", OPT_FLAG, NULL, "do the harmless remedies", offsetof(struct doctor_opts, fix)},
	{},
};

struct doctor_finding *doctor_find(struct doctor *d, enum doctor_level level,
				   const char *remedy, const char *fmt, ...)
{
	/* a host with more findings than this has one problem: too many devices to list */
	struct doctor_finding *f = &d->found[d->nr < DOCTOR_MAX ? d->nr++ : DOCTOR_MAX - 1];
	va_list ap;

	memset(f, 0, sizeof(*f));
	f->check = d->check;
	f->level = level;
	snprintf(f->remedy, sizeof(f->remedy), "%s", remedy ? remedy : "");
	va_start(ap, fmt);
	vsnprintf(f->text, sizeof(f->text), fmt, ap);
	va_end(ap);
	return f;
}

static const char *level_name(enum doctor_level level)
{
	static const char *const names[] = {"ok", "warning", "problem"};

	return names[level];
}

static void print_json(const struct doctor *d)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < d->nr; i++) {
		const struct doctor_finding *f = &d->found[i];
		struct json_object *o = json_object_new_object();

		json_object_object_add(o, "check", json_object_new_string(f->check));
		json_object_object_add(o, "level",
				       json_object_new_string(level_name(f->level)));
		json_object_object_add(o, "text", json_object_new_string(f->text));
		json_object_object_add(o, "remedy", json_object_new_string(f->remedy));
		json_object_object_add(o, "can_fix", json_object_new_boolean(*f->fix_path));
		json_object_object_add(o, "fixed", json_object_new_boolean(f->fixed));
		json_object_array_add(list, o);
	}
	msg_print("findings", list);
}

static void print_text(const struct doctor *d)
{
	static const char *const colours[] = {"\033[32m", "\033[33m", "\033[31m"};
	const bool colour = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");

	for (unsigned int i = 0; i < d->nr; i++) {
		const struct doctor_finding *f = &d->found[i];

		printf("%s%-7s%s  %-14s  %s%s%s%s\n", colour ? colours[f->level] : "",
		       level_name(f->level), colour ? "\033[0m" : "", f->check, f->text,
		       *f->remedy ? ": " : "", f->remedy, f->fixed ? " (done)" : "");
	}
}

/* Writes what findings offer; the number that could not be written. */
static unsigned int fix_all(struct doctor *d)
{
	unsigned int failed = 0;

	for (unsigned int i = 0; i < d->nr; i++) {
		struct doctor_finding *f = &d->found[i];
		int err;

		if (!*f->fix_path)
			continue;
		if (opt_common.dry_run) {
			msg_note("would write '%s' to %s", f->fix_text, f->fix_path);
			continue;
		}
		err = sysfs_write(f->fix_text, "%s", f->fix_path);
		if (err) {
			msg_note("cannot write %s: %s", f->fix_path, strerror(-err));
			failed++;
		} else {
			f->fixed = true;
		}
	}
	return failed;
}

int cmd_doctor(void *opts, int argc, char **argv)
{
	const struct doctor_opts *o = opts;
	unsigned int bad = 0, failed = 0;
	static struct host h;
	static struct virt_view v;
	static struct doctor d = {.h = &h, .v = &v};

	(void)argc;
	(void)argv;
	if (cmd_facts(&h, &v))
		return EXIT_FAILED;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		d.check = checks[i].name;
		checks[i].run(&d);
	}
	if (o->fix)
		failed = fix_all(&d);
	if (msg_wants_json())
		print_json(&d);
	else
		print_text(&d);
	for (unsigned int i = 0; i < d.nr; i++)
		bad += d.found[i].level == DOCTOR_BAD && !d.found[i].fixed;
	return failed ? EXIT_PARTIAL : bad ? EXIT_FAILED : EXIT_OK;
}
