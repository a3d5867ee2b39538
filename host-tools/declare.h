/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host as a file declares it: VFs of PFs, probes, agents. docs/schemas/declared.json */
#ifndef DECLARE_H
#define DECLARE_H

#include <json-c/json.h>
#include "instance.h"

/* The running command's options that say what a VM is, as a JSON object. */
void declare_asked(char out[INSTANCE_ASKED]);

/**
 * declare_read() - a file's declaration
 * @file: set; to be put when done
 * @status: set when there is none
 * Return: what the file declares, a part of *@file; NULL after an error message.
 */
struct json_object *declare_read(const char *path, struct json_object **file, int *status);

/* The host as a declaration, the caller's; NULL after an error message. */
struct json_object *declare_host(void);

/* A member as text, "" when there is none; as a list, NULL when it is none. */
const char *declare_text(struct json_object *o, const char *key);
struct json_object *declare_list(struct json_object *o, const char *key);

size_t declare_length(struct json_object *list);

/* The object in @list whose @key is @name, NULL for none. */
struct json_object *declare_find(struct json_object *list, const char *key, const char *name);

#endif /* DECLARE_H */
