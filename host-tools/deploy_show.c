// SPDX-License-Identifier: GPL-2.0-or-later
/* What a deployment would do: XML, devices, mirror, reasons. */
#include <stdio.h>
#include <stdlib.h>
#include "deploy.h"
#include "mirror.h"
#include "msg.h"

static const char *from_whom(const struct host_pci *d)
{
	return *d->driver ? d->driver : "no driver";
}

static struct json_object *json_devices(const struct deploy *d)
{
	struct json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < d->plan.nr_devices; i++) {
		const struct host_pci *p = d->plan.device[i];
		struct json_object *o = json_object_new_object();

		json_object_object_add(o, "address", json_object_new_string(p->bdf));
		json_object_object_add(o, "kind",
				       json_object_new_string(host_kind_name(p->kind)));
		json_object_object_add(o, "driver", json_object_new_string(p->driver));
		json_object_object_add(o, "given_to", json_object_new_string("vfio-pci"));
		json_object_object_add(o, "trust",
				       json_object_new_boolean(d->inst.dev[i].trust));
		json_object_array_add(list, o);
	}
	return list;
}

static void show_json(const struct deploy *d, const char *xml, const char *conf)
{
	struct json_object *o = json_object_new_object(), *why = json_object_new_array();

	for (unsigned int i = 0; i < d->plan.nr_why; i++)
		json_object_array_add(why, json_object_new_string(d->plan.why[i]));
	json_object_object_add(o, "name", json_object_new_string(d->inst.name));
	json_object_object_add(o, "role", json_object_new_string(instance_role(&d->inst)));
	json_object_object_add(o, "xml", json_object_new_string(xml));
	json_object_object_add(o, "config", json_object_new_string(conf));
	json_object_object_add(o, "devices", json_devices(d));
	if (d->inst.mirror.targets)
		json_object_object_add(o, "mirror", mirror_json(&d->inst.mirror));
	json_object_object_add(o, "why", why);
	msg_print("would_deploy", o);
}

int deploy_show(const struct deploy *d, const char *xml)
{
	char *conf = deploy_conf(d);

	if (msg_wants_json()) {
		show_json(d, xml, conf);
	} else {
		puts(xml);
		for (unsigned int i = 0; i < d->plan.nr_devices; i++)
			printf("device: %s %s: %s -> vfio-pci%s\n", d->plan.device[i]->bdf,
			       host_kind_name(d->plan.device[i]->kind),
			       from_whom(d->plan.device[i]),
			       d->inst.dev[i].trust ? ", trusted" : "");
		if (d->inst.mirror.targets) {
			printf("mirror: ");
			mirror_print(&d->inst.mirror, NULL, false);
		}
		printf("config disk:\n%s", conf);
	}
	free(conf);
	return EXIT_OK;
}
