// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Random life of a queue against a model without cleverness: a list of all
 * frames ever stored, and for each listener the number of its next one.
 */
#include "rig.h"
#include "unit/t.h"

#define SIZE  (HPCAP_RING_MIN + HPCAP_CHUNK_SIZE)
#define STEPS 30000

/**
 * struct model - what must be true
 * @frames: number pushed into frame i of the ring's life
 * @lens: its length
 * @nr: frames stored
 * @bytes: bytes of their records
 * @pushed: frames sent
 * @lost: frames not stored because a strict listener was slow
 * @unheard: frames sent while nobody listened
 */
struct model {
	u64 *frames;
	u32 *lens;
	u64 nr;
	u64 bytes;
	u64 pushed;
	u64 lost;
	u64 unheard;
};

/* One listener and what the model knows of it. */
struct player {
	struct reader rd;
	bool here;
	u64 ack;
	u64 lost;
};

static struct rig rig;
static struct model m;
static struct player player[HPCAP_MAX_LISTENERS];
static unsigned int seed;
static u8 frame[HPCAP_CAPLEN_MAX], got[HPCAP_CAPLEN_MAX];

static u32 dice(u32 sides)
{
	return rand_r(&seed) % sides;
}

/* The strict one that gave back least, the lower slot of two; NULL when none holds the ring. */
static struct player *slowest(void)
{
	struct player *slow = NULL;
	int i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++) {
		struct player *p = &player[i];

		if (!p->here || p->rd.lossy)
			continue;
		if (!slow || p->ack < slow->ack ||
		    (p->ack == slow->ack && p->rd.slot < slow->rd.slot))
			slow = p;
	}
	return slow;
}

static bool anybody(void)
{
	int i;

	for (i = 0; i < HPCAP_MAX_LISTENERS; i++)
		if (player[i].here)
			return true;
	return false;
}

/* One frame, one step: the model says beforehand what becomes of it. */
static void send_one(void)
{
	u32 len = dice(10) ? 1 + dice(1514) : 1 + dice(HPCAP_CAPLEN_MAX);
	struct player *slow = slowest();

	frame_make(frame, m.pushed, len);
	assert_true(fake_nic_push(&rig.nic, frame, len, 0, 0));
	if (!anybody()) {
		m.unheard++;
	} else if (slow && m.bytes + HPCAP_REC_LEN + len > slow->ack + SIZE) {
		m.lost++;
		slow->lost++;
	} else {
		m.frames[m.nr] = m.pushed;
		m.lens[m.nr++] = len;
		m.bytes += HPCAP_REC_LEN + len;
	}
	m.pushed++;
	assert_true(rig_step(&rig) > 0);
	assert_int_equal(rig.ctrl->commit, m.bytes);
	assert_int_equal(rig.ctrl->seq, m.nr);
	if (slow)
		assert_int_equal(slow->rd.cursor->lost, slow->lost);
}

static void read_some(struct player *p)
{
	u32 n = dice(200);
	struct hpcap_rec rec;

	while (n-- && reader_next(&p->rd, &rec, got)) {
		u64 at = p->rd.seq - 1;

		assert_true(at < m.nr);
		assert_int_equal(rec.caplen, m.lens[at]);
		assert_int_equal(rec.len, m.lens[at]);
		assert_true(frame_good(got, m.frames[at], m.lens[at]));
	}
	if (p->rd.lossy || dice(2)) {
		reader_ack(&p->rd);
		p->ack = p->rd.pos;
	}
}

static void come_or_go(struct player *p)
{
	if (p->here) {
		assert_true(p->rd.lossy || p->rd.missed == 0);
		rig_detach(&p->rd);
		p->here = false;
		return;
	}
	assert_true(rig_attach(&rig, &p->rd, dice(2), "player") >= 0);
	assert_int_equal(p->rd.pos, m.bytes);
	assert_int_equal(p->rd.seq, m.nr);
	p->ack = m.bytes;
	p->lost = 0;
	p->here = true;
}

static void play(unsigned int first_seed)
{
	int i;

	seed = first_seed;
	rig_init(&rig, SIZE, 64, 2048, CAP_CLOCK_TSC);
	memset(player, 0, sizeof(player));
	m = (struct model){.frames = calloc(STEPS, sizeof(u64)),
			   .lens = calloc(STEPS, sizeof(u32))};
	for (i = 0; i < STEPS; i++) {
		struct player *p = &player[dice(HPCAP_MAX_LISTENERS)];

		if (dice(400) == 0)
			come_or_go(p);
		else if (dice(40) == 0 && p->here)
			read_some(p);
		send_one();
	}
	assert_int_equal(rig.poll.stats.captured, m.nr);
	assert_int_equal(rig.poll.stats.slow_client, m.lost);
	assert_int_equal(rig.poll.stats.no_client, m.unheard);
	assert_true(m.bytes > 10 * SIZE && m.lost > 0);
	free(m.frames);
	free(m.lens);
	rig_deinit(&rig);
}

static void random_lives(void **state)
{
	unsigned int s;

	(void)state;
	for (s = 1; s <= 6; s++)
		play(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_lives),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) ? 1 : 0;
}
