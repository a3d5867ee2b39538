// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcapctl apply: each entry of the file becomes the command that makes it so. */
#include <stdio.h>
#include <string.h>
#include "cmd.h"
#include "declare.h"
#include "msg.h"
#include "vm.h"

enum {
	MAX_WORDS = 200,
	WORD = 1024,
};

struct apply_opts {
	bool prune;
};

const struct opt cmd_apply_opts[] = {
	{"prune", OPT_FLAG, NULL, "end probes and agents that the file does not name",
	 offsetof(struct apply_opts, prune)},
	{},
};

/* A command as it would be typed. */
struct words {
	char *at[MAX_WORDS];
	char text[MAX_WORDS][WORD];
	int nr;
};

static void add_word(struct words *w, const char *prefix, const char *text)
{
	if (w->nr == MAX_WORDS)
		return;
	snprintf(w->text[w->nr], WORD, "%s%s", prefix, text);
	w->at[w->nr] = w->text[w->nr];
	w->nr++;
}

static void add_option(struct words *w, const char *name, struct json_object *v)
{
	char prefix[80];

	snprintf(prefix, sizeof(prefix), "--%.64s", name);
	if (json_object_is_type(v, json_type_boolean)) {
		if (json_object_get_boolean(v))
			add_word(w, prefix, "");
		return;
	}
	strcat(prefix, "=");
	if (!json_object_is_type(v, json_type_array)) {
		add_word(w, prefix, json_object_get_string(v));
		return;
	}
	for (size_t i = 0; i < json_object_array_length(v); i++)
		add_word(w, prefix, json_object_get_string(json_object_array_get_idx(v, i)));
}

/* Runs the command; with --json its result goes into the list of steps. */
static int run_step(struct json_object *steps, int argc, char **argv)
{
	struct json_object *result = NULL, *o;
	char words[WORD];
	int status;

	if (!steps)
		return cmd_call(argc, argv);
	snprintf(words, sizeof(words), "%s %s %s", argv[0], argv[1], argc > 2 ? argv[2] : "");
	msg_divert(&result);
	status = cmd_call(argc, argv);
	msg_divert(NULL);
	o = json_object_new_object();
	json_object_object_add(o, "command", json_object_new_string(words));
	json_object_object_add(o, "exit_status", json_object_new_int(status));
	json_object_object_add(o, "result", result);
	json_object_array_add(steps, o);
	return status;
}

static int apply_vm(struct json_object *o, struct json_object *steps)
{
	const bool is_vnp = !strcmp(declare_text(o, "role"), "vnp");
	static struct words w;
	struct json_object *options;

	memset(&w, 0, sizeof(w));
	add_word(&w, "", is_vnp ? "deploy" : "run");
	add_word(&w, "", declare_text(o, "role"));
	add_word(&w, "", declare_text(o, "name"));
	json_object_object_get_ex(o, "options", &options);
	json_object_object_foreach(options, key, v) add_option(&w, key, v);
	add_word(&w, "", "--detach");
	return run_step(steps, w.nr, w.at);
}

static int apply_vfs(struct json_object *o, struct json_object *steps)
{
	static struct words w;

	memset(&w, 0, sizeof(w));
	add_word(&w, "", "vf");
	add_word(&w, "", "create");
	add_word(&w, "", declare_text(o, "pf"));
	add_word(&w, "", declare_text(o, "number"));
	return run_step(steps, w.nr, w.at);
}

/* What runs, and what a killed call left of one; files that nobody collected stay. */
static void note_vm(const struct vm *vm, void *arg)
{
	if (vm->has_domain || !vm->files.files)
		json_object_array_add(arg, json_object_new_string(vm->inst.name));
}

static int prune(struct json_object *wanted, struct json_object *steps)
{
	struct json_object *names = json_object_new_array();
	int status = EXIT_OK;
	static struct host h;
	static struct virt_view v;

	if (cmd_facts(&h, &v))
		status = EXIT_FAILED;
	else
		vm_each(&v, note_vm, names);
	for (size_t i = 0; status == EXIT_OK && i < declare_length(names); i++) {
		const char *name = json_object_get_string(json_object_array_get_idx(names, i));
		char *argv[] = {(char *)"destroy", (char *)name};

		if (!declare_find(declare_list(wanted, "vms"), "name", name))
			status = run_step(steps, 2, argv);
	}
	json_object_put(names);
	return status;
}

static int apply_all(struct json_object *wanted, bool prunes, struct json_object *steps)
{
	struct json_object *list = declare_list(wanted, "vfs");
	int status = prunes ? prune(wanted, steps) : EXIT_OK;

	for (size_t i = 0; status == EXIT_OK && i < declare_length(list); i++)
		status = apply_vfs(json_object_array_get_idx(list, i), steps);
	list = declare_list(wanted, "vms");
	for (size_t i = 0; status == EXIT_OK && i < declare_length(list); i++)
		status = apply_vm(json_object_array_get_idx(list, i), steps);
	return status;
}

int cmd_apply(void *opts, int argc, char **argv)
{
	const bool prunes = ((const struct apply_opts *)opts)->prune;
	struct json_object *file, *wanted, *steps = NULL;
	int status = EXIT_OK;

	wanted = declare_read(argv[argc - 1], &file, &status);
	if (!wanted)
		return status;
	if (msg_wants_json())
		steps = json_object_new_array();
	status = apply_all(wanted, prunes, steps);
	if (steps && (status == EXIT_OK || declare_length(steps)))
		msg_print("applied", steps);
	else
		json_object_put(steps);
	json_object_put(file);
	return status;
}
