/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What hpcap-storage prints, for people and as JSON. */
#ifndef STORAGE_SHOW_H
#define STORAGE_SHOW_H

#include "storage.h"

void show_volumes(const struct volumes *list, bool json);
void show_done(const struct storage_done *done, bool json);
void show_speed(const char *dir, const struct storage_speed *speed, uint32_t frame, bool json);

#endif /* STORAGE_SHOW_H */
