// SPDX-License-Identifier: GPL-2.0-or-later
/* Does what the plan says: mdadm, mkfs.xfs, mount(2). */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli.h"
#include "storage.h"

enum {
	WORDS = 24 + MEMBERS_MAX,
	WAIT_MS = 10000, /* for an array's device to appear */
};

/* Of a command that failed: its last line, before it explains its use. */
static void last_words(int fd, char *out, size_t size)
{
	char text[4096], *line, *use;
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	text[n > 0 ? n : 0] = '\0';
	use = strstr(text, "\nUsage:");
	if (use)
		*use = '\0';
	n = (ssize_t)strlen(text);
	while (n > 0 && text[n - 1] == '\n')
		text[--n] = '\0';
	line = strrchr(text, '\n');
	snprintf(out, size, "%.200s", line ? line + 1 : text);
}

/* Runs a command, or prints it. True when it succeeded. */
static bool run(const char *const argv[], bool dry_run)
{
	char words[256];
	int fd, status = -1, i;
	pid_t pid;

	if (dry_run) {
		for (i = 0; argv[i]; i++)
			printf("%s%s", i ? " " : "", argv[i]);
		printf("\n");
		return true;
	}
	fd = memfd_create("said", MFD_CLOEXEC);
	fflush(NULL);
	pid = fd < 0 ? -1 : fork();
	if (pid == 0) {
		dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
		dup2(fd, STDOUT_FILENO);
		dup2(fd, STDERR_FILENO);
		execvp(argv[0], (char *const *)argv);
		dprintf(STDERR_FILENO, "%s", strerror(errno));
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	last_words(fd, words, sizeof(words));
	close(fd);
	if (status)
		cli_error("%s failed: %s", argv[0], words);
	return !status;
}

/* The device of the array that this volume is a member of. */
static bool array_of(const char *member, char *path, size_t size)
{
	char folder[PATH_MAX], name[32];
	int n;

	for (n = 0; n < 256; n++) {
		snprintf(name, sizeof(name), "md%d", n);
		snprintf(folder, sizeof(folder), "/sys/class/block/%s/slaves/%s", name, member);
		if (access(folder, F_OK))
			continue;
		snprintf(path, size, "/dev/%s", name);
		return !access(path, F_OK);
	}
	return false;
}

static bool wait_array(const char *member, char *path, size_t size)
{
	int ms;

	for (ms = 0; ms < WAIT_MS; ms += 50) {
		if (array_of(member, path, size))
			return true;
		usleep(50000);
	}
	cli_error("mdadm made an array of %s, but no device of it appears", member);
	return false;
}

/* mdadm's words, then the members. */
static bool mdadm(const char **argv, int n, const struct volumes *list,
		  const struct storage_plan *plan, bool dry_run)
{
	int i;

	for (i = 0; i < plan->nr_members; i++)
		argv[n++] = list->v[plan->member[i]].path;
	argv[n] = NULL;
	return run(argv, dry_run);
}

static bool assemble(const struct volumes *list, const struct storage_plan *plan, bool dry_run)
{
	const char *argv[WORDS] = {"mdadm", "--assemble", "--run", "/dev/md/" STORAGE_LABEL};

	return mdadm(argv, 4, list, plan, dry_run);
}

static bool create_array(const struct volumes *list, const struct storage_want *want,
			 const struct storage_plan *plan, bool dry_run)
{
	char name[64], nr[24], chunk[24];
	const char *argv[WORDS] = {"mdadm",
				   "--create",
				   "/dev/md/" STORAGE_LABEL,
				   "--run",
				   "--level=0",
				   "--metadata=1.2",
				   "--homehost",
				   "any",
				   "--name",
				   name,
				   "--raid-devices",
				   nr,
				   "--chunk",
				   chunk};

	snprintf(name, sizeof(name), "%s", want->label);
	snprintf(nr, sizeof(nr), "%d", plan->nr_members);
	snprintf(chunk, sizeof(chunk), "%uK", plan->chunk >> 10);
	return mdadm(argv, 14, list, plan, dry_run);
}

static bool make_fs(const char *path, const struct storage_want *want,
		    const struct storage_plan *plan, bool dry_run)
{
	const struct geometry *g = &plan->geometry;
	char data[64];
	const char *argv[WORDS] = {"mkfs.xfs", "-q", "-L", want->label, "-m", "reflink=0"};
	int n = 6;

	if (g->unit) {
		snprintf(data, sizeof(data), "su=%u,sw=%u", g->unit, g->width);
		argv[n++] = "-d";
		argv[n++] = data;
	}
	if (plan->force)
		argv[n++] = "-f";
	argv[n++] = path;
	argv[n] = NULL;
	return run(argv, dry_run);
}

/* Each part of a path, as mkdir -p. */
static int make_folders(const char *path)
{
	char part[PATH_MAX];
	char *p;

	snprintf(part, sizeof(part), "%s", path);
	for (p = part + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(part, 0755) && errno != EEXIST)
			return -1;
		*p = '/';
	}
	return mkdir(part, 0755) && errno != EEXIST ? -1 : 0;
}

/*
 * noatime: reading captures writes nothing. largeio: programs are told the
 * stripe. logbsize: fewer writes of the journal. swalloc: large files begin
 * where a stripe does.
 */
static bool mount_it(const struct volume *v, const char *place, bool dry_run)
{
	static const char options[] = "inode64,largeio,logbsize=256k,swalloc";

	if (dry_run) {
		printf("mount -t xfs -o noatime,nodev,nosuid,noexec,%s %s %s\n", options,
		       v->path, place);
		return true;
	}
	if (make_folders(place)) {
		cli_error("%s: cannot make this folder: %s", place, strerror(errno));
		return false;
	}
	if (!mount(v->path, place, "xfs", MS_NOATIME | MS_NODEV | MS_NOSUID | MS_NOEXEC,
		   options))
		return true;
	cli_error("%s: cannot mount it at %s: %s%s", v->path, place, strerror(errno),
		  errno == EUCLEAN ? " (xfs_repair(8) repairs it)" : "");
	return false;
}

/* Steps before the mount. True when a volume to mount is in done->v. */
static bool make_volume(const struct volumes *list, const struct storage_want *want,
			const struct storage_plan *plan, bool dry_run,
			struct storage_done *done)
{
	struct volume *v = &done->v;

	*v = list->v[plan->member[0]];
	done->formatted = true;
	if (plan->nr_members > 1) {
		char member[sizeof(v->name)];

		snprintf(member, sizeof(member), "%s", v->name);
		if (!create_array(list, want, plan, dry_run))
			return false;
		memset(v, 0, sizeof(*v));
		snprintf(v->path, sizeof(v->path), "/dev/md/" STORAGE_LABEL);
		if (!dry_run && !wait_array(member, v->path, sizeof(v->path)))
			return false;
		done->assembled = true;
	}
	return make_fs(v->path, want, plan, dry_run);
}

/* What the kernel says of the volume that is mounted in the end. */
static void look_again(struct storage_done *done, const char *mount)
{
	static struct volumes list;
	int i;

	volumes_find(&list);
	for (i = 0; i < list.count; i++)
		if (!strcmp(list.v[i].mount, mount))
			done->v = list.v[i];
}

static int start_array(const struct volumes *list, const struct storage_want *want,
		       const struct storage_plan *plan, bool dry_run, struct storage_done *done)
{
	const char *member = list->v[plan->member[0]].name;
	char path[64];

	if (done->assembled) {
		cli_error("%s: its array was started, but has no file system \"%s\"", member,
			  want->label);
		return CLI_FAILED;
	}
	if (!assemble(list, plan, dry_run))
		return CLI_FAILED;
	done->assembled = true;
	if (dry_run)
		return CLI_OK;
	return wait_array(member, path, sizeof(path)) ? storage_prepare(want, false, done)
						      : CLI_FAILED;
}

/**
 * storage_prepare() - make or find the volume, and mount it
 * @want: what was asked for
 * @dry_run: print the commands, change nothing
 * @done: what was done; zero before
 *
 * Return: exit status.
 */
int storage_prepare(const struct storage_want *want, bool dry_run, struct storage_done *done)
{
	static struct volumes list;
	struct storage_plan plan;

	volumes_find(&list);
	storage_plan(&list, want, &plan);
	switch (plan.step) {
	case STORAGE_REFUSE:
		cli_error("%s", plan.why);
		return STORAGE_REFUSED;
	case STORAGE_ASSEMBLE:
		return start_array(&list, want, &plan, dry_run, done);
	case STORAGE_FORMAT:
		if (!make_volume(&list, want, &plan, dry_run, done))
			return CLI_FAILED;
		break;
	default:
		done->v = list.v[plan.member[0]];
	}
	if (plan.step != STORAGE_NOTHING) {
		if (!mount_it(&done->v, want->mount, dry_run))
			return CLI_FAILED;
		done->mounted = true;
	}
	if (!dry_run)
		look_again(done, want->mount);
	return CLI_OK;
}
