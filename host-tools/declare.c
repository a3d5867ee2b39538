// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl diff and export, and reading such a file. Each VM in it is the command that
 * makes it, so a file can say what commands can, and nothing else. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "cmd.h"
#include "declare.h"
#include "msg.h"
#include "vm.h"

/* How a command waits is no property of the VM. */
static bool is_manner(const char *name)
{
	return !strcmp(name, "wait") || !strcmp(name, "detach") || !strcmp(name, "explain");
}

void declare_asked(char out[INSTANCE_ASKED])
{
	struct json_object *o = json_object_new_object(), *old, *list;
	const char *name, *text;

	for (unsigned int i = 0; (name = opt_given(i, &text)); i++) {
		if (is_manner(name))
			continue;
		if (!text) {
			json_object_object_add(o, name, json_object_new_boolean(true));
			continue;
		}
		if (strcmp(name, "tenant") && strcmp(name, "set")) {
			json_object_object_add(o, name, json_object_new_string(text));
			continue;
		}
		if (!json_object_object_get_ex(o, name, &old)) {
			list = json_object_new_array();
			json_object_object_add(o, name, list);
			old = list;
		}
		json_object_array_add(old, json_object_new_string(text));
	}
	snprintf(out, INSTANCE_ASKED, "%s",
		 json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(o);
}

/* --- what there is ------------------------------------------------------------------- */

static void export_vm(const struct vm *vm, void *arg)
{
	struct json_object *o = json_object_new_object();
	struct json_object *asked = json_tokener_parse(vm->inst.asked);

	if (!vm->has_domain) {
		json_object_put(o);
		json_object_put(asked);
		return;
	}
	json_object_object_add(o, "name", json_object_new_string(vm->inst.name));
	json_object_object_add(o, "role", json_object_new_string(instance_role(&vm->inst)));
	json_object_object_add(o, "options", asked ? asked : json_object_new_object());
	json_object_array_add(arg, o);
}

struct json_object *declare_host(void)
{
	struct json_object *top, *vfs, *vms, *o;
	static struct host h;
	static struct virt_view v;

	if (cmd_facts(&h, &v))
		return NULL;
	if (*v.why_not) {
		msg_fail(EXIT_FAILED, "libvirt does not answer: %s", v.why_not);
		return NULL;
	}
	top = json_object_new_object();
	vfs = json_object_new_array();
	vms = json_object_new_array();
	for (unsigned int i = 0; i < h.nr_pci; i++) {
		if (!h.pci[i].vfs)
			continue;
		o = json_object_new_object();
		json_object_object_add(o, "pf", json_object_new_string(h.pci[i].bdf));
		json_object_object_add(o, "number", json_object_new_int(h.pci[i].vfs));
		json_object_array_add(vfs, o);
	}
	vm_each(&v, export_vm, vms);
	json_object_object_add(top, "vfs", vfs);
	json_object_object_add(top, "vms", vms);
	return top;
}

int cmd_export(void *opts, int argc, char **argv)
{
	struct json_object *top = declare_host();

	(void)opts;
	(void)argc;
	(void)argv;
	if (!top)
		return EXIT_FAILED;
	msg_print("declared", top);
	return EXIT_OK;
}

/* --- what there shall be --------------------------------------------------------------- */

const char *declare_text(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) ? json_object_get_string(v) : "";
}

struct json_object *declare_list(struct json_object *o, const char *key)
{
	struct json_object *v;

	return json_object_object_get_ex(o, key, &v) && json_object_is_type(v, json_type_array)
		       ? v
		       : NULL;
}

size_t declare_length(struct json_object *list)
{
	return list ? json_object_array_length(list) : 0;
}

/* Each VM has a role, a name and options. */
static int check_vms(const char *path, struct json_object *vms)
{
	for (size_t i = 0; i < declare_length(vms); i++) {
		struct json_object *o = json_object_array_get_idx(vms, i), *options;
		const char *role = declare_text(o, "role");

		if (strcmp(role, "vnp") && strcmp(role, "vnma"))
			return msg_fail(EXIT_USAGE, "%s: VM %zu: role '%s' is not vnp or vnma",
					path, i + 1, role);
		if (!instance_may_be_called(declare_text(o, "name")))
			return msg_fail(EXIT_USAGE, "%s: VM %zu: '%s' is no name", path, i + 1,
					declare_text(o, "name"));
		if (!json_object_object_get_ex(o, "options", &options) ||
		    !json_object_is_type(options, json_type_object))
			return msg_fail(EXIT_USAGE, "%s: %s has no options", path,
					declare_text(o, "name"));
	}
	return EXIT_OK;
}

struct json_object *declare_read(const char *path, struct json_object **file, int *status)
{
	struct json_object *declared = NULL;

	*file = json_object_from_file(path);
	*status = EXIT_USAGE;
	if (!*file)
		*status = msg_fail(EXIT_FAILED, "%s: cannot be read, or no JSON", path);
	else if (strcmp(declare_text(*file, "schema_version"), "1") ||
		 !json_object_object_get_ex(*file, "declared", &declared))
		msg_fail(EXIT_USAGE,
			 "%s: wants schema_version 1 and \"declared\" (see: "
			 "hpcapctl export)",
			 path);
	else if (check_vms(path, declare_list(declared, "vms")) == EXIT_OK)
		return declared;
	json_object_put(*file);
	*file = NULL;
	return NULL;
}

struct json_object *declare_find(struct json_object *list, const char *key, const char *name)
{
	for (size_t i = 0; i < declare_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!strcmp(declare_text(o, key), name))
			return o;
	}
	return NULL;
}

/* --- the difference ---------------------------------------------------------------------- */

struct difference {
	struct json_object *list; /* NULL: text */
	unsigned int nr;
};

static void differ(struct difference *d, const char *sign, const char *kind, const char *name,
		   const char *text)
{
	struct json_object *o;

	d->nr++;
	if (!d->list) {
		printf("%s %s %s%s%s\n", sign, kind, name, *text ? ": " : "", text);
		return;
	}
	o = json_object_new_object();
	json_object_object_add(o, "change", json_object_new_string(sign));
	json_object_object_add(o, "kind", json_object_new_string(kind));
	json_object_object_add(o, "name", json_object_new_string(name));
	json_object_object_add(o, "text", json_object_new_string(text));
	json_object_array_add(d->list, o);
}

static void diff_vms(struct difference *d, struct json_object *is, struct json_object *wanted)
{
	struct json_object *a, *b;

	for (size_t i = 0; i < declare_length(wanted); i++) {
		struct json_object *w = json_object_array_get_idx(wanted, i);
		struct json_object *has = declare_find(is, "name", declare_text(w, "name"));

		if (!has) {
			differ(d, "+", declare_text(w, "role"), declare_text(w, "name"), "");
			continue;
		}
		json_object_object_get_ex(w, "options", &a);
		json_object_object_get_ex(has, "options", &b);
		if (!json_object_equal(a, b) ||
		    strcmp(declare_text(w, "role"), declare_text(has, "role")))
			differ(d, "~", declare_text(w, "role"), declare_text(w, "name"),
			       "has other options");
	}
	for (size_t i = 0; i < declare_length(is); i++) {
		struct json_object *has = json_object_array_get_idx(is, i);

		if (!declare_find(wanted, "name", declare_text(has, "name")))
			differ(d, "-", declare_text(has, "role"), declare_text(has, "name"),
			       "");
	}
}

static void diff_vfs(struct difference *d, struct json_object *is, struct json_object *wanted)
{
	for (size_t i = 0; i < declare_length(wanted); i++) {
		struct json_object *w = json_object_array_get_idx(wanted, i);
		struct json_object *has = declare_find(is, "pf", declare_text(w, "pf"));
		char text[64];

		if (!strcmp(has ? declare_text(has, "number") : "0", declare_text(w, "number")))
			continue;
		snprintf(text, sizeof(text), "%s VFs instead of %s", declare_text(w, "number"),
			 has ? declare_text(has, "number") : "0");
		differ(d, "~", "pf", declare_text(w, "pf"), text);
	}
}

int cmd_diff(void *opts, int argc, char **argv)
{
	struct json_object *file, *wanted, *is;
	struct difference d = {};
	int status;

	(void)opts;
	wanted = declare_read(argv[argc - 1], &file, &status);
	if (!wanted)
		return status;
	is = declare_host();
	if (is && msg_wants_json())
		d.list = json_object_new_array();
	if (is) {
		diff_vfs(&d, declare_list(is, "vfs"), declare_list(wanted, "vfs"));
		diff_vms(&d, declare_list(is, "vms"), declare_list(wanted, "vms"));
	}
	if (d.list)
		msg_print("differences", d.list);
	json_object_put(file);
	status = is && !d.nr ? EXIT_OK : EXIT_FAILED;
	json_object_put(is);
	return status;
}
