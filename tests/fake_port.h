/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The registers of a physical function, as far as sequences depend on what
 * they read; every write and every long sleep is remembered in its order.
 */
#ifndef FAKE_PORT_H
#define FAKE_PORT_H

#include "shim/hw_env.h"
#include "../hw/bits.h"
#include "../hw/r82576_pf.h"

#define FAKE_BAR_SIZE 0x20000
#define FAKE_LOG      4096

/**
 * struct fake_port - the one fake device
 * @io: what the code under test gets
 * @reg: registers
 * @nvm: words of the card's memory
 * @phy: registers of the PHY
 * @phy_addr: the address it answers at
 * @phy_held: firmware keeps the PHY
 * @vf_holds: bitmap of VFs that keep their mailbox buffer
 * @has_rules: mirror registers exist
 * @busy_us: how long STATUS shows DMA after masters are disabled
 * @gone: all registers read all ones
 * @stuck: queues never report that they are enabled
 * @now_us: time that passed in sleeps
 * @log: registers written, in order, and when
 * @nr_log: how many
 * @flushes: reads of STATUS
 */
struct fake_port {
	struct hw_io io;
	u32 reg[FAKE_BAR_SIZE / 4];
	u16 nvm[64];
	u16 phy[32];
	u32 phy_addr;
	bool phy_held;
	u32 vf_holds;
	bool has_rules;
	u64 busy_us;
	bool gone;
	bool stuck;
	u64 now_us;
	struct fake_write {
		u32 reg;
		u32 value;
		u64 at_us;
		int flushes;
	} log[FAKE_LOG];
	int nr_log;
	int flushes;
};

extern struct fake_port port;

void fake_port_start(void);
void fake_port_forget(void);
int fake_port_find(u32 reg, int from);
u32 fake_port_last(u32 reg);

#endif /* FAKE_PORT_H */
