// SPDX-License-Identifier: GPL-2.0-or-later
/* hpcap-run: an unmodified program of libpcap that captures through the engine. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include "cli.h"

static const char usage[] =
	"usage: hpcap-run PROGRAM [ARGUMENT...]\n"
	"Run a program that captures with libpcap, and let it open hpcap:<adapter>:<queue>\n"
	"(or hpcap:<adapter>:<queue>:lossy, which never holds back other listeners).\n"
	"Its other devices work as ever.\n"
	"  hpcap-run tcpdump -n -i hpcap:0:0\n"
	"  hpcap-run tshark -i hpcap:0:0\n"
	"  hpcap-run suricata -c /etc/suricata/suricata.yaml --pcap=hpcap:0:0\n"
	"  -h, --help\n"
	"  -V, --version\n"
	"Exit status: the program's; 126 it cannot be run so, 127 it is not there, 2 wrong use.\n";

#define LIBRARY "libhpcap-pcap.so"

/* Beside us: ../lib as built and as installed. */
static bool find_library(char *path, size_t size)
{
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int i;

	if (n <= 0)
		return false;
	self[n] = 0;
	for (i = 0; i < 2; i++) {
		char *slash = strrchr(self, '/');

		if (!slash)
			return false;
		*slash = 0;
	}
	return snprintf(path, size, "%s/lib/%s", self, LIBRARY) < (int)size &&
	       !access(path, R_OK);
}

/* Where execvp(3) will find it. */
static bool find_program(const char *name, char *path, size_t size)
{
	const char *dirs = getenv("PATH"), *next;

	if (strchr(name, '/'))
		return snprintf(path, size, "%s", name) < (int)size && !access(path, X_OK);
	for (dirs = dirs ? dirs : "/bin:/usr/bin"; dirs; dirs = next ? next + 1 : NULL) {
		next = strchr(dirs, ':');
		if (snprintf(path, size, "%.*s/%s",
			     next ? (int)(next - dirs) : (int)strlen(dirs), dirs,
			     name) < (int)size &&
		    !access(path, X_OK))
			return true;
	}
	return false;
}

/* The dynamic loader ignores preloading for a program that gains rights. */
static bool gains_rights(const char *path)
{
	struct stat st;

	if (geteuid() == 0 || stat(path, &st))
		return false;
	return (st.st_mode & (S_ISUID | S_ISGID)) ||
	       getxattr(path, "security.capability", NULL, 0) > 0;
}

static int preload(const char *library)
{
	const char *others = getenv("LD_PRELOAD");
	char all[2 * PATH_MAX];

	if (snprintf(all, sizeof(all), "%s%s%s", library, others ? ":" : "",
		     others ? others : "") >= (int)sizeof(all))
		return -E2BIG;
	return setenv("LD_PRELOAD", all, 1) ? -errno : 0;
}

int main(int argc, char **argv)
{
	char library[PATH_MAX], program[PATH_MAX];
	int err;

	if (argc < 2)
		return cli_misuse("a program is needed");
	if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help")) {
		fputs(usage, stdout);
		return CLI_OK;
	}
	if (!strcmp(argv[1], "-V") || !strcmp(argv[1], "--version"))
		return cli_version("hpcap-run");
	if (argv[1][0] == '-')
		return cli_misuse("unknown option %s: options of the program stand behind it",
				  argv[1]);
	if (!find_library(library, sizeof(library))) {
		cli_error(
			"%s is not in the lib folder beside this program: install hpcap again",
			LIBRARY);
		return 126;
	}
	if (!find_program(argv[1], program, sizeof(program))) {
		cli_error("%s: no such program", argv[1]);
		return 127;
	}
	if (gains_rights(program)) {
		cli_error("%s has set-user-ID or file capabilities, and the loader preloads "
			  "nothing into such a program: run it as root",
			  program);
		return 126;
	}
	err = preload(library);
	if (!err) {
		execv(program, argv + 1);
		err = -errno;
	}
	cli_error("%s: %s", program, strerror(-err));
	return 126;
}
