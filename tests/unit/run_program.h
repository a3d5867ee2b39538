/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Run a program of guest-lib in a process of its own and see what it says. */
#ifndef RUN_PROGRAM_H
#define RUN_PROGRAM_H

#include <sys/types.h>

int main_raw2pcap(int argc, char **argv);
int main_checkraw(int argc, char **argv);
int main_hpcapdd(int argc, char **argv);
int main_hpcap_extcap(int argc, char **argv);
int main_hpcap_extract(int argc, char **argv);
int main_hpcap_index(int argc, char **argv);
int main_hpcap_run(int argc, char **argv);
int main_hpcapdd_p(int argc, char **argv);
int main_hpcap_ctl(int argc, char **argv);
int main_hpcap_dups(int argc, char **argv);
int main_hpcap_forward(int argc, char **argv);
int main_hpcap_storage(int argc, char **argv);

/**
 * struct program - one run
 * @status: exit status, or -signal
 * @out: standard output, cut to what fits
 * @err: standard error
 */
struct program {
	int (*main)(int argc, char **argv);
	const char *argv[20];
	pid_t pid;
	int status;
	int fd_out, fd_err;
	char out[65536];
	char err[4096];
};

/* Set main and argv (from [0] on, NULL at the end) before. */
void program_start(struct program *p);
void program_wait(struct program *p);
void program_run(struct program *p);

#endif /* RUN_PROGRAM_H */
