// SPDX-License-Identifier: GPL-2.0-or-later
/* Making a VM. The folder comes first and tells whose it is; the domain comes with its
 * metadata in one step; what follows can be done again. */
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "box.h"
#include "cmd.h"
#include "domxml.h"
#include "grant.h"
#include "iso.h"
#include "lease.h"
#include "life.h"
#include "make.h"
#include "msg.h"

extern char **environ;

int make_label(const struct instance *i)
{
	char *xml = instance_xml(i, true);
	int err = xml ? box_write(i->name, "label", xml, strlen(xml)) : -ENOMEM;

	free(xml);
	return err;
}

void make_read_label(const char *name, struct instance *out)
{
	char text[32768];

	if (box_read(name, "label", text, sizeof(text)) <= 0 || instance_parse(text, out))
		memset(out, 0, sizeof(*out));
	snprintf(out->name, sizeof(out->name), "%s", name);
}

static int make_seed(const struct deploy *d)
{
	char *conf = deploy_conf(d);
	unsigned char *image;
	char meta[256];
	const struct iso_file files[] = {{"hpcap.conf", conf},
					 {"meta-data", meta},
					 {"user-data", "#cloud-config\n{}\n"}};
	size_t size;
	int err;

	snprintf(meta, sizeof(meta), "instance-id: %s-%llu\nlocal-hostname: %s\n", d->inst.name,
		 (unsigned long long)d->inst.created, d->inst.name);
	image = iso_make("cidata", files, sizeof(files) / sizeof(files[0]), &size);
	err = image ? box_write(d->inst.name, "seed.iso", image, size) : -ENOMEM;
	free(image);
	free(conf);
	return err;
}

/* qemu-img makes an overlay; 0 when the program ended well. */
static int spawn_overlay(const char *image, const char *format, const char *path)
{
	char *const argv[] = {"qemu-img",     "create",	    "-q",	   "-f",
			      "qcow2",	      "-b",	    (char *)image, "-F",
			      (char *)format, (char *)path, NULL};
	int status, err;
	pid_t pid;

	err = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
	if (err)
		return -err;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return status ? -EIO : 0;
}

static int make_overlay(const struct deploy *d)
{
	char path[4096], room[4096], magic[5] = "";
	const char *image = deploy_image(d, room);
	char *template = deploy_template(d);
	bool asks;
	FILE *f;
	int err;

	asks = template && fill_asks(template, "IMAGE");
	free(template);
	if (!asks)
		return EXIT_OK;
	f = fopen(image, "re");
	if (!f)
		return msg_fail(EXIT_FAILED, "image %s: %s (see vm-templates/, or --image)",
				image, strerror(errno));
	if (!fread(magic, 1, 4, f))
		*magic = '\0';
	fclose(f);
	box_path(path, d->inst.name, "root.qcow2");
	err = spawn_overlay(image, memcmp(magic, "QFI\373", 4) ? "raw" : "qcow2", path);
	if (err)
		return msg_fail(EXIT_FAILED, "qemu-img: no overlay of %s: %s", image,
				strerror(-err));
	return EXIT_OK;
}

int make_can_share(const char *xml, bool try)
{
	static struct domxml d;
	int err;

	if (domxml_parse(xml, &d) || !*d.mapped)
		return EXIT_OK;
	err = box_keeps_attributes(d.mapped, try);
	if (err == -EOPNOTSUPP)
		return msg_fail(EXIT_NOT_SUPPORTED,
				"%s: its file system has no extended attributes of users"
				" (tmpfs: before Linux 6.6), so no guest could write there:"
				" mount ext4 or XFS at /var/lib/hpcap",
				d.mapped);
	if (err)
		return msg_fail(msg_code(err), "%s: %s", d.mapped, strerror(-err));
	return EXIT_OK;
}

static int make_folder(const struct deploy *d, const char *xml)
{
	int status, err = box_make(d->inst.name);

	if (!err)
		err = make_label(&d->inst);
	if (!err)
		err = make_seed(d);
	if (err)
		return msg_fail(msg_code(err), "folder of %s: %s", d->inst.name,
				strerror(-err));
	status = make_can_share(xml, true);
	return status == EXIT_OK ? make_overlay(d) : status;
}

/* A daemon that died over it may have the VM when it is back: then its folder stays. */
static bool is_surely_gone(const char *name)
{
	static struct virt_view v;

	return !virt_look(opt_common.uri, &v) && !virt_find(&v, name);
}

int make_all(const struct deploy *d, const char *xml)
{
	char why[VIRT_WHY];
	int status, err;

	status = make_folder(d, xml);
	err = status ? 0 : virt_make(opt_common.uri, xml, d->inst.role == PLAN_VNP, why);
	if (err)
		status = msg_fail(msg_code(err), "%s: libvirt: %s", d->inst.name, why);
	if (status != EXIT_OK && err && !is_surely_gone(d->inst.name)) {
		msg_note("%s: may be there all the same: the same call again goes on, hpcapctl"
			 " gc tidies up",
			 d->inst.name);
		return status;
	}
	if (status != EXIT_OK) {
		life_give_back(&d->inst);
		box_remove(d->inst.name);
		return status;
	}
	status = grant_hold(d->h, &d->inst);
	if (status == EXIT_OK)
		status = lease_hold(d->h, &d->inst);
	if (status != EXIT_OK)
		life_end(d->h, &d->inst, LIFE_DISCARD, NULL);
	return status;
}
