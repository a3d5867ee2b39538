/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Was the reader held up, and what may be measured all the same. */
#ifndef WATCH_H
#define WATCH_H

#include "play.h"

/**
 * struct watch - the reader's own clock
 * @p: the wire it reads
 * @held: by frame: it was to be taken while the reader was held up
 * @skip: by frame: left out, for that or because the player was held up
 * @last: counter at the last turn of the reader's loop
 * @next: frames borrowed at that moment
 * @from: the oldest frame that waited when the reader was held up, and it has
 *	not caught up since; U64_MAX: it has
 * @by_player: % of the frames left out for the player
 * @by_reader: % of the frames left out for the reader alone
 */
struct watch {
	const struct play *p;
	bool *held;
	bool *skip;
	u64 last;
	u64 next;
	u64 from;
	double by_player;
	double by_reader;
};

/**
 * struct watch_error - of the time between two frames
 * @mean: ns
 * @deviation: ns
 */
struct watch_error {
	double mean;
	double deviation;
};

void watch_init(struct watch *w, u32 nr);
void watch_start(struct watch *w, const struct play *p);
void watch_turn(struct watch *w, u32 batch);
void watch_stop(struct watch *w, u32 nr);
bool watch_error(const struct watch *w, const u64 *stamp, u32 nr, double ns_per_count, bool all,
		 struct watch_error *e);

#endif /* WATCH_H */
