// SPDX-License-Identifier: LGPL-2.1-or-later
/* Classic BPF, interpreted. */
#include <stdbool.h>
#include "bpf.h"

#define ALL UINT32_MAX

/**
 * struct machine - a program at work
 * @a: accumulator
 * @x: index
 * @mem: scratch words
 * @data: frame
 * @have: bytes of it that are there
 * @len: bytes it had
 * @ended: the program is over
 * @result: what it wants then
 */
struct machine {
	uint32_t a, x;
	uint32_t mem[BPF_MEMWORDS];
	const uint8_t *data;
	uint32_t have, len;
	bool ended;
	uint32_t result;
};

static void end(struct machine *m, uint32_t result)
{
	m->ended = true;
	m->result = result;
}

/* Bytes in network order; beyond the frame refuses, beyond what is stored accepts. */
static uint32_t fetch(struct machine *m, uint64_t at, uint32_t size)
{
	uint32_t value = 0, i;

	if (at + size > m->have) {
		end(m, at + size > m->len ? 0 : ALL);
		return 0;
	}
	for (i = 0; i < size; i++)
		value = value << 8 | m->data[at + i];
	return value;
}

static uint32_t load(struct machine *m, const struct sock_filter *i)
{
	uint32_t size = BPF_SIZE(i->code) == BPF_W ? 4 : BPF_SIZE(i->code) == BPF_H ? 2 : 1;

	switch (BPF_MODE(i->code)) {
	case BPF_IMM:
		return i->k;
	case BPF_MEM:
		return m->mem[i->k % BPF_MEMWORDS];
	case BPF_LEN:
		return m->len;
	case BPF_ABS:
		return fetch(m, i->k, size);
	case BPF_IND:
		/* an index that wraps around points nowhere */
		return fetch(m, (uint64_t)m->x + i->k, size);
	default: /* BPF_MSH */
		return (fetch(m, i->k, 1) & 15) * 4;
	}
}

static void compute(struct machine *m, const struct sock_filter *i)
{
	uint32_t v = BPF_SRC(i->code) == BPF_X ? m->x : i->k;

	switch (BPF_OP(i->code)) {
	case BPF_ADD:
		m->a += v;
		break;
	case BPF_SUB:
		m->a -= v;
		break;
	case BPF_MUL:
		m->a *= v;
		break;
	case BPF_DIV:
	case BPF_MOD:
		if (!v)
			end(m, 0);
		else
			m->a = BPF_OP(i->code) == BPF_DIV ? m->a / v : m->a % v;
		break;
	case BPF_OR:
		m->a |= v;
		break;
	case BPF_AND:
		m->a &= v;
		break;
	case BPF_XOR:
		m->a ^= v;
		break;
	case BPF_LSH:
		m->a <<= v & 31;
		break;
	case BPF_RSH:
		m->a >>= v & 31;
		break;
	case BPF_NEG:
		m->a = -m->a;
		break;
	}
}

/* How many instructions to skip. */
static uint32_t jump(const struct machine *m, const struct sock_filter *i)
{
	uint32_t v = BPF_SRC(i->code) == BPF_X ? m->x : i->k;
	bool yes;

	switch (BPF_OP(i->code)) {
	case BPF_JA:
		return i->k;
	case BPF_JEQ:
		yes = m->a == v;
		break;
	case BPF_JGT:
		yes = m->a > v;
		break;
	case BPF_JGE:
		yes = m->a >= v;
		break;
	default: /* BPF_JSET */
		yes = m->a & v;
		break;
	}
	return yes ? i->jt : i->jf;
}

static uint32_t step(struct machine *m, const struct sock_filter *i)
{
	switch (BPF_CLASS(i->code)) {
	case BPF_LD:
		m->a = load(m, i);
		break;
	case BPF_LDX:
		m->x = load(m, i);
		break;
	case BPF_ST:
		m->mem[i->k % BPF_MEMWORDS] = m->a;
		break;
	case BPF_STX:
		m->mem[i->k % BPF_MEMWORDS] = m->x;
		break;
	case BPF_ALU:
		compute(m, i);
		break;
	case BPF_JMP:
		return jump(m, i);
	case BPF_RET:
		end(m, BPF_RVAL(i->code) == BPF_A ? m->a : i->k);
		break;
	default: /* BPF_MISC */
		if (BPF_MISCOP(i->code) == BPF_TAX)
			m->x = m->a;
		else
			m->a = m->x;
	}
	return 0;
}

uint32_t bpf_wants(const struct sock_filter *insns, uint32_t nr, const uint8_t *data,
		   uint32_t have, uint32_t len)
{
	struct machine m = {.data = data, .have = have, .len = len};
	uint64_t at;

	/* jumps go forward only, so it ends */
	for (at = 0; at < nr && !m.ended; at++)
		at += step(&m, &insns[at]);
	return m.ended ? m.result : 0;
}
