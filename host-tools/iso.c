// SPDX-License-Identifier: GPL-2.0-or-later
/* A CD with a few small files. Sectors: 16 the volume, 17 its end, 18 and 19 the path
 * tables, 20 the root folder, then the files. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "iso.h"

enum {
	AT_VOLUME = 16,
	AT_END,
	AT_PATHS_LE,
	AT_PATHS_BE,
	AT_ROOT,
	AT_FILES,
	PATHS_SIZE = 10,
	RECORD = 33,
};

static void put_le(unsigned char *p, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[i] = (unsigned char)(v >> 8 * i);
}

static void put_be(unsigned char *p, uint32_t v, int bytes)
{
	for (int i = 0; i < bytes; i++)
		p[bytes - 1 - i] = (unsigned char)(v >> 8 * i);
}

/* Most numbers stand there twice. */
static void put_both(unsigned char *p, uint32_t v, int bytes)
{
	put_le(p, v, bytes);
	put_be(p + bytes, v, bytes);
}

static void put_padded(unsigned char *p, const char *s, size_t size)
{
	const size_t len = strlen(s);

	memset(p, ' ', size);
	memcpy(p, s, len < size ? len : size);
}

/* A folder's record of a file or folder; returns its length. */
static size_t put_record(unsigned char *p, const char *id, size_t id_len, uint32_t at,
			 uint32_t size, bool is_dir)
{
	static const unsigned char date[7] = {126, 1, 1, 0, 0, 0, 0};
	const size_t len = (RECORD + id_len + 1) & ~(size_t)1;

	p[0] = (unsigned char)len;
	put_both(p + 2, at, 4);
	put_both(p + 10, size, 4);
	memcpy(p + 18, date, sizeof(date));
	p[25] = is_dir ? 2 : 0;
	put_both(p + 28, 1, 2);
	p[32] = (unsigned char)id_len;
	memcpy(p + RECORD, id, id_len);
	return len;
}

static void put_volume(unsigned char *p, const char *volume, uint32_t sectors)
{
	static const char no_date[] = "0000000000000000";

	memcpy(p, "\1CD001\1", 7);
	memset(p + 8, ' ', 32);
	put_padded(p + 40, volume, 32);
	put_both(p + 80, sectors, 4);
	put_both(p + 120, 1, 2);
	put_both(p + 124, 1, 2);
	put_both(p + 128, ISO_SECTOR, 2);
	put_both(p + 132, PATHS_SIZE, 4);
	put_le(p + 140, AT_PATHS_LE, 4);
	put_be(p + 148, AT_PATHS_BE, 4);
	put_record(p + 156, "", 1, AT_ROOT, ISO_SECTOR, true);
	memset(p + 190, ' ', 623);
	for (int i = 0; i < 4; i++)
		memcpy(p + 813 + 17 * i, no_date, 16);
	p[881] = 1;
	memcpy(p + ISO_SECTOR, "\377CD001\1", 7);
}

static void put_paths(unsigned char *le, unsigned char *be)
{
	le[0] = 1;
	be[0] = 1;
	put_le(le + 2, AT_ROOT, 4);
	put_be(be + 2, AT_ROOT, 4);
	put_le(le + 6, 1, 2);
	put_be(be + 6, 1, 2);
}

static uint32_t sectors_of(size_t bytes)
{
	return (uint32_t)((bytes + ISO_SECTOR - 1) / ISO_SECTOR);
}

/* "user-data" is written as "USER-DATA.;1", which readers turn back. */
static size_t make_id(const char *name, char id[40])
{
	size_t n = 0;

	for (; name[n] && n < 30; n++)
		id[n] = (char)toupper((unsigned char)name[n]);
	id[n] = '\0';
	strcat(id, strchr(name, '.') ? ";1" : ".;1");
	return strlen(id);
}

unsigned char *iso_make(const char *volume, const struct iso_file *files, unsigned int nr,
			size_t *size)
{
	uint32_t sectors = AT_FILES, at = AT_FILES;
	unsigned char *image, *record;
	char id[40];

	for (unsigned int i = 0; i < nr; i++)
		sectors += sectors_of(strlen(files[i].text));
	image = calloc(sectors, ISO_SECTOR);
	if (!image)
		return NULL;
	put_volume(image + AT_VOLUME * ISO_SECTOR, volume, sectors);
	put_paths(image + AT_PATHS_LE * ISO_SECTOR, image + AT_PATHS_BE * ISO_SECTOR);
	record = image + AT_ROOT * ISO_SECTOR;
	record += put_record(record, "", 1, AT_ROOT, ISO_SECTOR, true);
	record += put_record(record, "\1", 1, AT_ROOT, ISO_SECTOR, true);
	for (unsigned int i = 0; i < nr; i++) {
		const size_t len = strlen(files[i].text);

		record += put_record(record, id, make_id(files[i].name, id), at, (uint32_t)len,
				     false);
		memcpy(image + at * ISO_SECTOR, files[i].text, len);
		at += sectors_of(len);
	}
	*size = (size_t)sectors * ISO_SECTOR;
	return image;
}
