// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The work of one frame: "net 131.225.2.0/24 and udp" as classic BPF, run x
 * times by a plain interpreter. Every frame matches by its destination, the
 * longest way through the program.
 */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <string.h>

#include "groups_work.h"
#include "hpcap_buddy.h"

#define NET  0x83e10200u /* 131.225.2.0 */
#define MASK 0xffffff00u

static const struct sock_filter program[] = {
	BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0x0800, 0, 9),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 26),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, MASK),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NET, 3, 0),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 30),
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, MASK),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, NET, 0, 3),
	BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 17, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, 65535),
	BPF_STMT(BPF_RET | BPF_K, 0),
};

/* The load instructions that the program has; -1: outside of the frame. */
static int64_t load(const uint8_t *data, uint32_t len, uint16_t code, uint32_t at)
{
	uint32_t word;
	uint16_t half;

	switch (BPF_SIZE(code)) {
	case BPF_W:
		if (at + 4 > len)
			return -1;
		memcpy(&word, data + at, 4);
		return ntohl(word);
	case BPF_H:
		if (at + 2 > len)
			return -1;
		memcpy(&half, data + at, 2);
		return ntohs(half);
	default:
		return at < len ? data[at] : -1;
	}
}

static uint32_t run(const struct sock_filter *f, const uint8_t *data, uint32_t len)
{
	int64_t a = 0;

	for (;; f++) {
		switch (BPF_CLASS(f->code)) {
		case BPF_LD:
			a = load(data, len, f->code, f->k);
			if (a < 0)
				return 0;
			break;
		case BPF_ALU:
			a &= f->k;
			break;
		case BPF_JMP:
			f += a == f->k ? f->jt : f->jf;
			break;
		default:
			return f->k;
		}
	}
}

/**
 * work_frame() - The frame of the experiment
 * @frame: WORK_FRAME_LEN bytes, filled in
 */
void work_frame(uint8_t *frame)
{
	static const uint8_t head[] = {
		0x52, 0x54, 0, 0,  0,	1,   0x52, 0x54, 0,  0,	 0, 2, 8, 0, /* Ethernet */
		0x45, 0,    0, 46, 0,	0,   0,	   0,	 64, 17, 0, 0,	     /* IPv4, UDP */
		10,   0,    0, 1,  131, 225, 2,	   7,
	};

	memset(frame, 0, WORK_FRAME_LEN);
	memcpy(frame, head, sizeof(head));
}

/**
 * work_chunk() - Do all the work of a chunk
 * @chunk: a chunk in hand
 * @x: times that the program is run for each frame; 0 only reads the records
 * @matched: added to: so that nothing can be left out
 *
 * Return: frames.
 */
uint64_t work_chunk(struct hpcap_chunk *chunk, unsigned int x, uint64_t *matched)
{
	struct hpcap_record rec;
	uint64_t frames = 0;
	unsigned int i;

	for (; hpcap_chunk_next(chunk, &rec) == 1; frames++)
		for (i = 0; i < x; i++) {
			/* the compiler must not find out that each run is the same */
			__asm__ volatile("" : : "r"(rec.data) : "memory");
			*matched += run(program, rec.data, rec.caplen) != 0;
		}
	return frames;
}
