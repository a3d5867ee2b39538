/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A VF's registers, and a PF behind its mailbox that keeps to the protocol,
 * or breaks it as told. Ref: 82576 13, 14
 */
#ifndef FAKE_MBOX_H
#define FAKE_MBOX_H

#include "shim/hw_env.h"
#include "../hw/bits.h"

#define FAKE_BAR_SIZE 0x4000
#define FAKE_LOG      512
#define FAKE_NO_WORD  0xffffffffu

/**
 * struct fake_pf - the one fake device
 * @io: what the code under test gets
 * @mem: the mailbox buffer
 * @v2p: bits 3..7 of V2PMAILBOX
 * @vfu: the VF holds the buffer
 * @known: the VF has said RESET since the PF was reset
 * @mac: its address, zeros: the PF has none
 * @reset_us: how long a PF reset lasts after RSTI, 0: until told
 * @silent: never reads a message
 * @mute: reads, never answers
 * @holds_buffer: keeps PFU
 * @refuse: bit n: NACK to message id n
 * @reply: answer this word instead, FAKE_NO_WORD: the right one
 * @interject: say this word before the answer, FAKE_NO_WORD: nothing
 * @reset_at: go into reset instead of answering this message, 0: never
 * @gone: all registers read all ones
 * @absent: nothing at this address, all registers read 0
 * @stuck: queues never report that they are enabled
 * @got: messages received
 * @nr_got: how many
 * @now_us: time that passed in sleeps
 * @log: registers written, in order
 * @nr_log: how many
 */
struct fake_pf {
	struct hw_io io;
	u32 mem[16];
	u32 v2p;
	bool vfu;
	bool known;
	u8 mac[6];
	bool silent;
	bool mute;
	bool holds_buffer;
	u32 refuse;
	u32 reply;
	u32 interject;
	int reset_at;
	bool gone;
	bool absent;
	bool stuck;
	u32 got[64][16];
	int nr_got;
	u64 now_us;
	struct {
		u32 reg;
		u32 value;
	} log[FAKE_LOG];
	int nr_log;
	int step;
	u32 reg[FAKE_BAR_SIZE / 4];
};

extern struct fake_pf pf;

void fake_pf_start(void);
void fake_pf_say(u32 word);
void fake_pf_reset(void);
void fake_pf_reset_done(void);
void fake_log_clear(void);

#endif /* FAKE_MBOX_H */
