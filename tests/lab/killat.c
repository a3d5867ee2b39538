// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * killat N PROGRAM...: runs the program and kills it before the Nth of its system calls
 * that change files or folders or start another program. N = 0: lets it end. Prints how
 * many there were on stderr's last line, ends with the program's status or 137.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* Sockets and pipes are talk; what is said there shows between changes of files. */
static bool is_file(pid_t pid, unsigned long long fd)
{
	char path[64], to[2] = "";

	snprintf(path, sizeof(path), "/proc/%d/fd/%llu", (int)pid, fd);
	return fd > 2 && readlink(path, to, 1) == 1 && *to == '/';
}

static bool changes(pid_t pid, const struct user_regs_struct *r)
{
	switch (r->orig_rax) {
	case SYS_openat:
		return r->rdx & O_CREAT;
	case SYS_write:
		return is_file(pid, r->rdi);
	case SYS_mkdir:
	case SYS_mkdirat:
	case SYS_rmdir:
	case SYS_unlink:
	case SYS_unlinkat:
	case SYS_rename:
	case SYS_renameat:
	case SYS_renameat2:
	case SYS_chown:
	case SYS_clone:
	case SYS_clone3:
	case SYS_vfork:
	case SYS_copy_file_range:
	case SYS_setxattr:
	case SYS_removexattr:
		return true;
	default:
		return false;
	}
}

/* Runs until the Nth; returns the status of wait(2). */
static int follow(pid_t pid, unsigned long n, unsigned long *seen)
{
	bool inside = false;
	int status, sig = 0;

	for (;;) {
		struct user_regs_struct r;

		if (ptrace(PTRACE_SYSCALL, pid, 0, sig))
			err(1, "ptrace");
		if (waitpid(pid, &status, 0) < 0)
			err(1, "waitpid");
		sig = 0;
		if (!WIFSTOPPED(status))
			return status;
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			/* the exec itself stops it so */
			sig = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
			continue;
		}
		inside = !inside;
		if (!inside || ptrace(PTRACE_GETREGS, pid, 0, &r) || !changes(pid, &r))
			continue;
		if (++*seen == n) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			return status;
		}
	}
}

int main(int argc, char **argv)
{
	unsigned long seen = 0;
	int status;
	pid_t pid;

	if (argc < 3)
		errx(2, "usage: killat N PROGRAM...");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}
	if (waitpid(pid, &status, 0) < 0)
		err(1, "waitpid");
	ptrace(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
	status = follow(pid, strtoul(argv[1], NULL, 10), &seen);
	fprintf(stderr, "%lu\n", seen);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
