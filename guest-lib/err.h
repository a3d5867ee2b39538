/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors in words, of files. */
#ifndef HPCAP_ERR_H
#define HPCAP_ERR_H

/*
 * As hpcap_strerror(), of a file or a directory: what the system refuses is said in its
 * own words, for no capture queue has anything to do with it.
 */
const char *hpcap_file_strerror(int err);

#endif /* HPCAP_ERR_H */
