// SPDX-License-Identifier: GPL-2.0-or-later
/* Run a program in a process of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "unit/run_program.h"

void program_start(struct program *p)
{
	int argc = 0;

	while (p->argv[argc])
		argc++;
	p->fd_out = memfd_create("out", 0);
	p->fd_err = memfd_create("err", 0);
	fflush(NULL);
	p->pid = fork();
	if (p->pid < 0)
		abort();
	if (p->pid == 0) {
		dup2(p->fd_out, STDOUT_FILENO);
		dup2(p->fd_err, STDERR_FILENO);
		exit(p->main(argc, (char **)p->argv));
	}
}

static void collect(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n > 0 ? n : 0] = 0;
	close(fd);
}

void program_wait(struct program *p)
{
	int status;

	if (waitpid(p->pid, &status, 0) != p->pid)
		abort();
	p->status = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	collect(p->fd_out, p->out, sizeof(p->out));
	collect(p->fd_err, p->err, sizeof(p->err));
}

void program_run(struct program *p)
{
	program_start(p);
	program_wait(p);
}
