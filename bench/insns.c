// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A plugin of QEMU's emulator: how many instructions a machine has executed, and how many
 * of them in a guest inside it. QEMU's binary has the interface, Debian's packages not its
 * header, so what is used of it (version 4) is declared here.
 *
 * A guest runs from VMRUN until the instruction behind it is reached. All processors are
 * summed up, each REFRESH_US, into a file of three numbers: all, in guests, ns.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum {
	API_VERSION = 4,
	ADD = 0,     /* operation: counter += value */
	NO_REGS = 0, /* a callback that reads no registers */
	REFRESH_US = 2000,
	PLACES = 16,
	VMRUN_LEN = 3,
};

struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_scoreboard;

/* A field of the element that each processor has in a scoreboard. */
struct counter {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
};

typedef void (*exec_cb)(unsigned int cpu, void *data);

extern struct qemu_plugin_scoreboard *qemu_plugin_scoreboard_new(size_t size);
extern void qemu_plugin_u64_add(struct counter c, unsigned int cpu, uint64_t v);
extern uint64_t qemu_plugin_u64_get(struct counter c, unsigned int cpu);
extern void qemu_plugin_u64_set(struct counter c, unsigned int cpu, uint64_t v);
extern int qemu_plugin_num_vcpus(void);
extern uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
							size_t i);
extern size_t qemu_plugin_insn_data(const struct qemu_plugin_insn *insn, void *to, size_t len);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
extern void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, exec_cb cb,
						   int regs, void *data);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, exec_cb cb,
						 int regs, void *data);
extern void qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(struct qemu_plugin_tb *tb, int op,
							      struct counter c, uint64_t v);
extern void qemu_plugin_register_vcpu_tb_trans_cb(uint64_t id,
						  void (*cb)(uint64_t id,
							     struct qemu_plugin_tb *tb));

/**
 * struct counts - of a processor
 * @all: instructions
 * @guest: of these in guests that are over
 * @entered: @all when the guest that runs was entered
 * @running: a guest runs
 */
struct counts {
	uint64_t all;
	uint64_t guest;
	uint64_t entered;
	uint64_t running;
};

static struct counter all, guest, entered, running;
static _Atomic uint64_t behind_vmrun[PLACES];
static uint64_t *out;

static void on_vmrun(unsigned int cpu, void *data)
{
	(void)data;
	qemu_plugin_u64_set(entered, cpu, qemu_plugin_u64_get(all, cpu));
	qemu_plugin_u64_set(running, cpu, 1);
}

static void on_exit_of_guest(unsigned int cpu, void *data)
{
	(void)data;
	if (!qemu_plugin_u64_get(running, cpu))
		return;
	qemu_plugin_u64_set(running, cpu, 0);
	qemu_plugin_u64_add(guest, cpu,
			    qemu_plugin_u64_get(all, cpu) - qemu_plugin_u64_get(entered, cpu));
}

static void remember(uint64_t place)
{
	for (int i = 0; i < PLACES; i++) {
		uint64_t was = 0;

		if (atomic_compare_exchange_strong(&behind_vmrun[i], &was, place) ||
		    was == place)
			return;
	}
}

static int is_behind_vmrun(uint64_t place)
{
	for (int i = 0; i < PLACES && behind_vmrun[i]; i++)
		if (behind_vmrun[i] == place)
			return 1;
	return 0;
}

static void on_translation(uint64_t id, struct qemu_plugin_tb *tb)
{
	static const uint8_t vmrun[VMRUN_LEN] = {0x0f, 0x01, 0xd8};
	size_t n = qemu_plugin_tb_n_insns(tb);
	struct qemu_plugin_insn *last = qemu_plugin_tb_get_insn(tb, n - 1);
	uint8_t code[VMRUN_LEN] = {0};

	(void)id;
	if (is_behind_vmrun(qemu_plugin_tb_vaddr(tb)))
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_exit_of_guest, NO_REGS, NULL);
	qemu_plugin_register_vcpu_tb_exec_inline_per_vcpu(tb, ADD, all, n);
	if (qemu_plugin_insn_data(last, code, sizeof(code)) != sizeof(code) ||
	    memcmp(code, vmrun, sizeof(code)) != 0)
		return;
	remember(qemu_plugin_insn_vaddr(last) + VMRUN_LEN);
	qemu_plugin_register_vcpu_insn_exec_cb(last, on_vmrun, NO_REGS, NULL);
}

static void *refresh(void *unused)
{
	for (;; usleep(REFRESH_US)) {
		uint64_t sum = 0, inside = 0;
		struct timespec t;

		for (int cpu = 0; cpu < qemu_plugin_num_vcpus(); cpu++) {
			uint64_t n = qemu_plugin_u64_get(all, (unsigned int)cpu);

			sum += n;
			inside += qemu_plugin_u64_get(guest, (unsigned int)cpu);
			if (qemu_plugin_u64_get(running, (unsigned int)cpu))
				inside += n - qemu_plugin_u64_get(entered, (unsigned int)cpu);
		}
		clock_gettime(CLOCK_MONOTONIC, &t);
		out[0] = sum;
		out[1] = inside;
		out[2] = (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
	}
	return unused;
}

static int open_out(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || ftruncate(fd, 3 * sizeof(*out))) {
		perror(path);
		return -1;
	}
	out = mmap(NULL, 3 * sizeof(*out), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	return out == MAP_FAILED ? -1 : 0;
}

/* What QEMU looks for. */
extern const int qemu_plugin_version;
const int qemu_plugin_version = API_VERSION;

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv);

/**
 * qemu_plugin_install() - QEMU's call when it starts
 * @id: of this plugin
 * @info: on the machine, not used
 * @argc: arguments
 * @argv: out=FILE
 *
 * Return: 0, or -1 and QEMU does not start.
 */
int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	struct qemu_plugin_scoreboard *score =
		qemu_plugin_scoreboard_new(sizeof(struct counts));
	pthread_t thread;

	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4) != 0) {
		fprintf(stderr, "insns: wanted out=FILE\n");
		return -1;
	}
	all = (struct counter){score, offsetof(struct counts, all)};
	guest = (struct counter){score, offsetof(struct counts, guest)};
	entered = (struct counter){score, offsetof(struct counts, entered)};
	running = (struct counter){score, offsetof(struct counts, running)};
	if (open_out(argv[0] + 4) || pthread_create(&thread, NULL, refresh, NULL))
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
	return 0;
}
