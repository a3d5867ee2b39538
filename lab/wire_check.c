// SPDX-License-Identifier: GPL-2.0-or-later
// What a capture asks of the machine that shall take it: size, VLANs, multicast.
#include "wire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TYPE_VLAN   0x8100
#define TYPE_SVLAN  0x88a8
#define NIC_MTU_MAX 9216u // of the 82576's driver
#define NIC_CUT	    9014  // frames of MTU 9000
#define NR_VLANS    4096
#define MACS_MAX    65536

struct facts {
	uint64_t frames, bytes, padded, snapped, broadcast, double_tagged;
	uint32_t min, max;
	uint32_t mtu;	    // least MTU that lets every frame pass
	uint64_t mtu_frame; // the frame that asks for it, from 1
	uint32_t mtu_len;   // and its bytes
	uint64_t first_ns, last_ns;
	bool vlan[NR_VLANS];
	uint64_t *macs; // multicast destinations, hash table, 0 = free
	size_t nr_macs;
};

static uint16_t get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static void add_mac(struct facts *k, const uint8_t *p)
{
	uint64_t mac = 0;
	size_t at;

	for (int i = 0; i < 6; i++)
		mac = mac << 8 | p[i];
	at = (size_t)((mac * 0x9e3779b97f4a7c15ull) >> 40) % MACS_MAX;
	while (k->macs[at] && k->macs[at] != mac)
		at = (at + 1) % MACS_MAX;
	if (k->macs[at] || k->nr_macs >= MACS_MAX / 2)
		return;
	k->macs[at] = mac;
	k->nr_macs++;
}

/*
 * The NIC counts an 802.1Q tag apart from the frame it takes, so a tagged frame
 * may be 4 bytes longer; a second tag, or an 802.1ad tag, is payload to it.
 */
static uint32_t mtu_of(const uint8_t *p, uint32_t len)
{
	uint32_t head = 14;

	if (len >= 16 && get16(p + 12) == TYPE_VLAN)
		head += 4;
	return len > head ? len - head : 0;
}

static void add_frame(struct facts *k, const struct wire_frame *f)
{
	static const uint8_t all[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	uint32_t len = f->caplen < WIRE_FRAME_MIN ? WIRE_FRAME_MIN : f->caplen;
	uint32_t mtu = mtu_of(f->data, f->caplen);

	k->frames++;
	k->bytes += len;
	k->padded += f->caplen < WIRE_FRAME_MIN;
	k->snapped += f->caplen < f->len;
	if (!k->min || len < k->min)
		k->min = len;
	if (len > k->max)
		k->max = len;
	if (mtu > k->mtu) {
		k->mtu = mtu;
		k->mtu_frame = k->frames;
		k->mtu_len = f->caplen;
	}
	if (!k->first_ns)
		k->first_ns = f->ns;
	if (f->ns > k->last_ns)
		k->last_ns = f->ns;
	if (f->caplen >= 6 && !memcmp(f->data, all, 6))
		k->broadcast++;
	else if (f->caplen >= 1 && f->data[0] & 1) {
		uint8_t mac[6] = {0};

		memcpy(mac, f->data, f->caplen < 6 ? f->caplen : 6);
		add_mac(k, mac);
	}
	if (f->caplen >= 14 && get16(f->data + 12) == TYPE_VLAN) {
		k->vlan[f->caplen >= 16 ? get16(f->data + 14) & 0xfff : 0] = true;
		if (f->caplen >= 18 &&
		    (get16(f->data + 16) == TYPE_VLAN || get16(f->data + 16) == TYPE_SVLAN))
			k->double_tagged++;
	}
}

// Reads the whole file. Return: 0, or -1 after one line on stderr.
static int facts_read(struct facts *k, const char *path)
{
	struct wire_reader r;
	struct wire_frame f;
	int rc;

	*k = (struct facts){.macs = calloc(MACS_MAX, sizeof(uint64_t))};
	if (!k->macs) {
		fprintf(stderr, "wire: out of memory\n");
		return -1;
	}
	rc = wire_reader_open(&r, path);
	if (!rc) {
		while ((rc = wire_reader_next(&r, &f)) == 1)
			add_frame(k, &f);
		wire_reader_close(&r);
	}
	if (rc)
		fprintf(stderr, "wire: %s\n", r.error);
	else if (!k->frames)
		fprintf(stderr, "wire: %s: no frames in it\n", path);
	if (rc || !k->frames) {
		free(k->macs);
		return -1;
	}
	return 0;
}

/**
 * wire_check() - May this capture be sent through a NIC with this MTU?
 * @path: pcap or pcapng
 * @mtu: bytes behind the Ethernet header; 0 for the NIC's largest
 *
 * Return: 0, or -1 after one line on stderr that names the frame and the remedy.
 */
int wire_check(const char *path, uint32_t mtu)
{
	struct facts k;
	uint32_t limit = mtu ? mtu : NIC_MTU_MAX;

	if (facts_read(&k, path))
		return -1;
	free(k.macs);
	if (k.mtu <= limit)
		return 0;
	fprintf(stderr, "wire: %s: frame %llu has %u bytes, MTU %u lets %u pass", path,
		(unsigned long long)k.mtu_frame, k.mtu_len, limit, k.mtu_len - k.mtu + limit);
	if (k.mtu <= NIC_MTU_MAX)
		fprintf(stderr, " (use --mtu %u)\n", k.mtu <= 9000 ? 9000u : NIC_MTU_MAX);
	else
		fprintf(stderr,
			", and no MTU of this NIC is larger than %u (cut the frames: editcap -s %d "
			"%s cut.pcap, then --pcap cut.pcap --mtu 9000)\n",
			NIC_MTU_MAX, NIC_CUT, path);
	return -1;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static void print_lists(struct facts *k)
{
	const char *sep = "";

	printf(",\"vlans\":[");
	for (int v = 0; v < NR_VLANS; v++) {
		if (!k->vlan[v])
			continue;
		printf("%s%d", sep, v);
		sep = ",";
	}
	printf("],\"multicast\":[");
	sep = "";
	qsort(k->macs, MACS_MAX, sizeof(uint64_t), by_value);
	for (size_t i = MACS_MAX - k->nr_macs; i < MACS_MAX; i++) {
		uint64_t m = k->macs[i];

		printf("%s\"%02x:%02x:%02x:%02x:%02x:%02x\"", sep, (unsigned int)(m >> 40),
		       (unsigned int)(m >> 32 & 0xff), (unsigned int)(m >> 24 & 0xff),
		       (unsigned int)(m >> 16 & 0xff), (unsigned int)(m >> 8 & 0xff),
		       (unsigned int)(m & 0xff));
		sep = ",";
	}
	printf("]");
}

/**
 * wire_describe() - Print as JSON what a capture asks of PF and VF
 * @path: pcap or pcapng
 *
 * Sizes are those on the wire: what is captured, padded to 60 bytes.
 *
 * Return: 0, or -1 after one line on stderr.
 */
int wire_describe(const char *path)
{
	struct facts k;

	if (facts_read(&k, path))
		return -1;
	printf("{\"schema\":1,\"frames\":%llu,\"bytes\":%llu,\"min\":%u,\"max\":%u,\"mtu\":%u,"
	       "\"padded\":%llu,\"snapped\":%llu,\"broadcast\":%llu,\"double_tagged\":%llu,"
	       "\"seconds\":%.6f",
	       (unsigned long long)k.frames, (unsigned long long)k.bytes, k.min, k.max, k.mtu,
	       (unsigned long long)k.padded, (unsigned long long)k.snapped,
	       (unsigned long long)k.broadcast, (unsigned long long)k.double_tagged,
	       (double)(k.last_ns - k.first_ns) / 1e9);
	print_lists(&k);
	printf("}\n");
	free(k.macs);
	return 0;
}
