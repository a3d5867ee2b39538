// SPDX-License-Identifier: GPL-2.0-or-later
/* A whole engine on memory, for unit tests and benchmarks. */
#include "rig.h"

#include <sys/mman.h>
#include <unistd.h>

/* TSan remembers only so much: what no thread shares shall not fill its memory. */
#define NO_TSAN __attribute__((no_sanitize("thread")))

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* @size bytes that can be seen twice, back to back. */
static u8 *map_twice(u64 size)
{
	int fd = memfd_create("ring", 0);
	u8 *at;

	if (fd < 0 || ftruncate(fd, size))
		die("rig: memfd");
	at = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (at == MAP_FAILED ||
	    mmap(at, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE, fd,
		 0) == MAP_FAILED ||
	    mmap(at + size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED | MAP_POPULATE,
		 fd, 0) == MAP_FAILED)
		die("rig: mmap");
	close(fd);
	return at;
}

/**
 * real_ns() - CLOCK_REALTIME
 *
 * Return: nanoseconds since 1970.
 */
u64 real_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/*
 * Counter and time of one moment: no interruption between the two readings. Where each
 * of them takes long, as in an emulated machine, that is no interruption.
 */
static void read_pair(u64 *cycles, u64 *ns)
{
	u64 before, limit = 2000;

	do {
		before = real_ns();
		*cycles = cap_cycles(CAP_CLOCK_TSC);
		*ns = real_ns();
		limit += limit / 16;
	} while (*ns - before > limit);
}

/**
 * cap_khz() - Measure the frequency of cap_cycles(CAP_CLOCK_TSC)
 *
 * Return: counts per millisecond.
 */
u32 cap_khz(void)
{
	static u32 khz;
	u64 t0, t1, c0, c1;

	if (khz)
		return khz;
	read_pair(&c0, &t0);
	do {
		read_pair(&c1, &t1);
	} while (t1 - t0 < 20000000);
	khz = (c1 - c0) * 1000000 / (t1 - t0);
	return khz;
}

/**
 * rig_init() - Set up an engine; nobody listens
 * @rig: to set up
 * @ring_size: bytes
 * @nic_slots: descriptors of the NIC, a power of two
 * @piece: bytes a descriptor's buffer holds
 * @source: CAP_CLOCK_KTIME to turn shim_ktime by hand (a count is 1 ns)
 */
void rig_init(struct rig *rig, u64 ring_size, u32 nic_slots, u32 piece,
	      enum cap_clock_source source)
{
	u64 nr_chunks = ring_size / HPCAP_CHUNK_SIZE;

	if (fake_nic_init(&rig->nic, nic_slots, piece))
		die("rig: NIC");
	rig->data = map_twice(ring_size);
	rig->ctrl = calloc(1, sizeof(*rig->ctrl));
	rig->marks = calloc(nr_chunks, sizeof(*rig->marks));
	rig->cursor = aligned_alloc(64, RIG_CURSORS * sizeof(*rig->cursor));
	if (!rig->ctrl || !rig->marks || !rig->cursor)
		die("rig: memory");
	cap_poll_init(&rig->poll, &fake_nic_ops, &rig->nic, HPCAP_CAPLEN_MAX);
	cap_ring_init(&rig->poll.ring, rig->data, ring_size, rig->ctrl, rig->marks);
	cap_clock_init(&rig->poll.clock, source, source == CAP_CLOCK_TSC ? cap_khz() : 1000000,
		       cap_cycles(source), real_ns());
}

/**
 * rig_deinit() - Free everything
 * @rig: engine
 */
void rig_deinit(struct rig *rig)
{
	munmap(rig->data, 2 * rig->poll.ring.size);
	free(rig->ctrl);
	free(rig->marks);
	free(rig->cursor);
	fake_nic_deinit(&rig->nic);
}

/**
 * rig_step() - One step of the poll thread
 * @rig: engine
 *
 * Return: pieces handled.
 */
int rig_step(struct rig *rig)
{
	u32 wake = 0;

	return cap_poll_step(&rig->poll, &wake);
}

/**
 * rig_attach() - A listener attaches
 * @rig: engine
 * @rd: set up for it
 * @mode: enum hpcap_listener_mode
 * @name: its name
 *
 * Return: its slot or -EUSERS.
 */
int rig_attach(struct rig *rig, struct reader *rd, u32 mode, const char *name)
{
	struct hpcap_attach a = {.mode = mode};
	int at = 0;

	while (at < HPCAP_MAX_LISTENERS && rig->poll.listeners.slot[at].cursor)
		at++;
	memset(&rig->cursor[at], 0, sizeof(rig->cursor[at]));
	strncpy(a.name, name, sizeof(a.name) - 1);
	*rd = (struct reader){
		.rig = rig,
		.cursor = &rig->cursor[at],
		.lossy = mode == HPCAP_LOSSY,
		.slot = cap_poll_attach(&rig->poll, &rig->cursor[at], &a, 4242),
	};
	rd->pos = a.pos;
	rd->seq = a.seq;
	return rd->slot;
}

/**
 * rig_detach() - A listener leaves
 * @rd: its reader
 */
void rig_detach(struct reader *rd)
{
	cap_poll_detach(&rd->rig->poll, rd->slot);
}

/*
 * A lossy reader copies bytes that may change under it and throws them away
 * when the floor has passed them: a race by design, so TSan looks away here.
 */
NO_TSAN noinline static void copy_racy(void *dst, const u8 *src, u32 len)
{
	volatile u8 *d = dst;
	const volatile u8 *s = src;

	while (len--)
		*d++ = *s++;
}

static void fetch(const struct reader *rd, void *dst, u64 pos, u32 len)
{
	const u8 *src = rd->rig->data + pos % rd->rig->ctrl->ring_size;

	if (rd->lossy)
		copy_racy(dst, src, len);
	else
		memcpy(dst, src, len);
}

static u64 floor_now(const struct reader *rd)
{
	return smp_load_acquire(&rd->rig->ctrl->floor);
}

static bool overtaken(const struct reader *rd)
{
	if (!rd->lossy)
		return false;
	/* pairs with the write barrier behind the producer's floor */
	smp_rmb();
	return rd->pos / HPCAP_CHUNK_SIZE < floor_now(rd);
}

/* Go on at the first record that is still whole; count what was passed over. */
static void resume(struct reader *rd)
{
	struct hpcap_mark m;
	u64 floor;

	do {
		const struct hpcap_mark *mark;

		floor = floor_now(rd);
		mark = &rd->rig->marks[floor % rd->rig->ctrl->nr_chunks];
		m.pos = READ_ONCE(mark->pos);
		m.seq = READ_ONCE(mark->seq);
		/* pairs with the write barrier behind the producer's floor */
		smp_rmb();
	} while (floor_now(rd) != floor);
	rd->missed += m.seq - rd->seq;
	rd->seq = m.seq;
	rd->pos = m.pos;
}

/**
 * reader_next() - The next record, copied
 * @rd: reader
 * @rec: its header
 * @frame: room for HPCAP_CAPLEN_MAX bytes
 *
 * Return: bytes of the frame, 0 when there is none.
 */
u32 reader_next(struct reader *rd, struct hpcap_rec *rec, u8 *frame)
{
	u32 caplen;

	for (;;) {
		if (overtaken(rd))
			resume(rd);
		if (smp_load_acquire(&rd->rig->ctrl->commit) == rd->pos)
			return 0;
		fetch(rd, rec, rd->pos, HPCAP_REC_LEN);
		if (overtaken(rd))
			continue;
		caplen = le16toh(rec->caplen);
		fetch(rd, frame, rd->pos + HPCAP_REC_LEN, caplen);
		if (overtaken(rd))
			continue;
		rd->pos += HPCAP_REC_LEN + caplen;
		rd->seq++;
		return caplen;
	}
}

/**
 * reader_ack() - Give back all that was read
 * @rd: reader
 */
void reader_ack(struct reader *rd)
{
	smp_store_release(&rd->cursor->ack, rd->pos);
}

/**
 * frame_make() - A frame that knows its number
 * @frame: @len bytes
 * @n: number
 * @len: bytes, 8 or more to carry all of @n
 */
NO_TSAN void frame_make(u8 *frame, u64 n, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		frame[i] = i < 8 ? n >> (8 * i) : n + i * 7;
}

/**
 * frame_good() - Is this frame number @n, whole?
 * @frame: bytes
 * @n: number
 * @len: bytes
 *
 * Return: true when each byte is as frame_make() made it.
 */
NO_TSAN bool frame_good(const u8 *frame, u64 n, u32 len)
{
	u32 i;

	for (i = 0; i < len; i++)
		if (frame[i] != (u8)(i < 8 ? n >> (8 * i) : n + i * 7))
			return false;
	return true;
}
