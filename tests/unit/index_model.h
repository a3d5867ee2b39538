/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames of a file that is never written, for tests of its index. */
#ifndef INDEX_MODEL_H
#define INDEX_MODEL_H

#include <index.h>

enum {
	FRAMES = 3000,
	INDEX_HEAD = 64,
	INDEX_BLOCK_LEN = 120,
};

struct model_frame {
	uint64_t ns;
	uint64_t off;
	uint32_t host;
};

extern struct model_frame model[FRAMES];
extern uint64_t model_end;
extern char model_dir[64], model_path[128], model_index[160];

/* A folder to work in, as cmocka's setup and teardown. */
int model_setup(void **state);
int model_teardown(void **state);

/* One frame a millisecond; of ten one is late, by up to late_ms. */
void model_make(uint32_t seed, uint32_t late_ms);
struct hpcap_record model_record(uint32_t i);
void model_index_write(const struct hpcap_index_options *opt, uint32_t frames, bool finish);
uint64_t model_host_key(uint32_t host);

/*
 * Each frame of the window lies in a block that was found, or is not covered.
 * How many blocks were found.
 */
uint64_t model_window(struct hpcap_index_map *m, uint64_t from, uint64_t to,
		      const uint64_t *key, uint32_t host);
void model_windows(struct hpcap_index_map *m, uint32_t seed);

#endif /* INDEX_MODEL_H */
