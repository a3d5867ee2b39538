// SPDX-License-Identifier: GPL-2.0-or-later
/* Help and completion, made from the tables. */
#include <stdio.h>
#include <string.h>
#include "msg.h"
#include "opt_help.h"

static void print_opts(const struct opt *o)
{
	char left[64];

	for (; o && o->name; o++) {
		snprintf(left, sizeof(left), "--%s%s%s", o->name, o->value ? " " : "",
			 o->value ? o->value : "");
		printf("  %-26s %s%s\n", left, o->help,
		       o->kind == OPT_LIST ? " (may be repeated)" : "");
	}
}

/* --- for programs --------------------------------------------------------------------- */

static void add_text(struct json_object *o, const char *key, const char *text)
{
	json_object_object_add(o, key, text ? json_object_new_string(text) : NULL);
}

static struct json_object *json_opts(const struct opt *o)
{
	struct json_object *list = json_object_new_array(), *one;

	for (; o && o->name; o++) {
		one = json_object_new_object();
		add_text(one, "name", o->name);
		add_text(one, "value", o->value);
		add_text(one, "help", o->help);
		json_object_object_add(one, "repeats",
				       json_object_new_boolean(o->kind == OPT_LIST));
		json_object_array_add(list, one);
	}
	return list;
}

/* Commands until one without a name, or only the first. */
static int help_json(const struct command *commands, bool only_first)
{
	struct json_object *top = json_object_new_object(), *list = json_object_new_array(), *o;

	for (const struct command *c = commands; c->name; c++) {
		o = json_object_new_object();
		add_text(o, "name", c->name);
		add_text(o, "args", c->args);
		add_text(o, "summary", c->summary);
		json_object_object_add(o, "options", json_opts(c->opts));
		json_object_array_add(list, o);
		if (only_first)
			break;
	}
	json_object_object_add(top, "commands", list);
	json_object_object_add(top, "options", json_opts(opt_common_table()));
	msg_print("help", top);
	return EXIT_OK;
}

/* --- for people ----------------------------------------------------------------------- */

int opt_help_all(const struct command *commands)
{
	char left[96];

	if (msg_wants_json())
		return help_json(commands, false);

	puts("usage: hpcapctl [options] COMMAND [arguments]\n"
	     "Capture on a virtualization host: probes, agents, VFs, mirrors. See hpcapctl(8).\n");
	for (const struct command *c = commands; c->name; c++) {
		snprintf(left, sizeof(left), "%s %s", c->name, c->args);
		printf("  %-34s %s\n", left, c->summary);
	}
	puts("\noptions of every command:");
	print_opts(opt_common_table());
	puts("\nexit status: 0 done, 1 failed, 2 wrong use, 3 refused, 4 out of resources,\n"
	     "  5 not supported by hardware or driver, 6 partly done, 7 timed out");
	return EXIT_OK;
}

int opt_help_command(const struct command *c)
{
	if (msg_wants_json())
		return help_json(c, true);
	printf("usage: hpcapctl %s [options]%s%s\n%s.\n", c->name, *c->args ? " " : "", c->args,
	       c->summary);
	if (c->details)
		printf("%s", c->details);
	if (c->opts && c->opts->name) {
		puts("\noptions:");
		print_opts(c->opts);
	}
	puts("\noptions of every command:");
	print_opts(opt_common_table());
	return EXIT_OK;
}

int opt_help_unknown(const struct command *commands, const char *word)
{
	char verbs[256] = "";
	const size_t len = strlen(word);

	for (const struct command *c = commands; c->name; c++) {
		const char *space = strchr(c->name, ' ');

		if (!space || (size_t)(space - c->name) != len || strncmp(c->name, word, len))
			continue;
		if (strlen(verbs) + strlen(space) + 2 < sizeof(verbs)) {
			strcat(verbs, *verbs ? "," : "");
			strcat(verbs, space);
		}
	}
	if (*verbs)
		return msg_fail(EXIT_USAGE, "%s: what with it?%s", word, verbs);
	return msg_fail(EXIT_USAGE, "unknown command '%s' (see: hpcapctl --help)", word);
}

static void print_words(const struct command *commands, const char *first)
{
	const char *last = "";

	for (const struct command *c = commands; c->name; c++) {
		const char *space = strchr(c->name, ' ');
		int len = space ? (int)(space - c->name) : (int)strlen(c->name);

		if (!first) {
			/* tables keep commands of one object together */
			if (strncmp(last, c->name, (size_t)len) || last[len] != c->name[len])
				printf("%.*s ", len, c->name);
			last = c->name;
		} else if (space && (int)strlen(first) == len &&
			   !strncmp(first, c->name, (size_t)len)) {
			printf("%s ", space + 1);
		}
	}
}

/* A command's options, and what its words may be. */
static void print_case(const struct command *c)
{
	printf("\t%s%s%s)\n\t\twords=\"", strchr(c->name, ' ') ? "\"" : "", c->name,
	       strchr(c->name, ' ') ? "\"" : "");
	if (!strchr(c->name, ' ') && !strcmp(c->args, "NAME"))
		printf("$(ls /var/lib/hpcap/vms 2>/dev/null) ");
	else if (strstr(c->args, "PF"))
		printf("$(ls /sys/class/net 2>/dev/null) ");
	else if (strchr(c->args, '|'))
		printf("$(echo '%s' | tr '|' ' ') ", c->args);
	for (const struct opt *o = c->opts; o && o->name; o++)
		printf("--%s ", o->name);
	for (const struct opt *o = opt_common_table(); o->name; o++)
		printf("--%s%s", o->name, o[1].name ? " " : "");
	puts("\" ;;");
}

static void print_values(const struct opt *o)
{
	for (; o && o->name; o++)
		if (o->value)
			printf("--%s | ", o->name);
}

/* Behind an option with a value, what fits is up to the shell: files. */
static void print_value_case(const struct command *commands)
{
	printf("\tcase ${COMP_WORDS[COMP_CWORD - 1]} in\n\t");
	for (const struct command *c = commands; c->name; c++)
		print_values(c->opts);
	print_values(opt_common_table());
	puts("=) return ;;\n\tesac");
}

int opt_complete_bash(const struct command *commands)
{
	char seen[128] = "";

	puts("# bash completion of hpcapctl, made by: hpcapctl completion\n"
	     "_hpcapctl() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words=''\n"
	     "\tCOMPREPLY=()");
	print_value_case(commands);
	puts("\tcase \"${COMP_CWORD}:${COMP_WORDS[1]}\" in");
	printf("\t1:*) words=\"");
	print_words(commands, NULL);
	puts("\" ;;");
	for (const struct command *c = commands; c->name; c++) {
		char first[64];

		if (!strchr(c->name, ' '))
			continue;
		snprintf(first, sizeof(first), "%.*s", (int)strcspn(c->name, " "), c->name);
		if (!strcmp(first, seen))
			continue;
		snprintf(seen, sizeof(seen), "%s", first);
		printf("\t2:%s) words=\"", first);
		print_words(commands, first);
		puts("\" ;;");
	}
	puts("\tesac\n"
	     "\t[ -n \"$words\" ] || case \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in");
	for (const struct command *c = commands; c->name; c++)
		if (strchr(c->name, ' '))
			print_case(c);
	puts("\tesac\n"
	     "\t[ -n \"$words\" ] || case \"${COMP_WORDS[1]}\" in");
	for (const struct command *c = commands; c->name; c++)
		if (!strchr(c->name, ' '))
			print_case(c);
	puts("\tesac\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	     "}\n"
	     "complete -o default -F _hpcapctl hpcapctl");
	return EXIT_OK;
}
