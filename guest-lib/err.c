// SPDX-License-Identifier: LGPL-2.1-or-later
/* Errors in words. */
#include "err.h"
#include "priv.h"

static const struct {
	int err;
	const char *text;
} texts[] = {
	{0, "no error"},
	{ENOENT, "no such capture queue (is the driver loaded, the number right?)"},
	{EACCES, "no permission (be root or a member of group hpcap)"},
	{EPROTO, "not a capture queue of this version (library and driver differ)"},
	{EUSERS, "all listeners' places of this queue are taken"},
	{ENODEV, "the device is gone"},
	{ECANCELED, "the engine expelled this listener: its position was damaged"},
	{EBADMSG, "no record where one should be"},
	{EMSGSIZE, "the next record is larger than the room for it"},
	{ETIMEDOUT, "nothing came in time"},
	{EBUSY, "already in use"},
	{ENETDOWN, "the interface is down or has no link"},
	{EOPNOTSUPP, "the driver of this interface cannot do that"},
	{ETIME, "evicted: this listener held the full ring for too long"},
	{ENOTCONN, "not a listener"},
	{EPERM, "no permission (CAP_NET_ADMIN is needed; CAP_NET_RAW to send)"},
	{ENOSPC, "no space left on the disk"},
};

const char *hpcap_strerror(int err)
{
	const char *text;
	size_t i;

	if (err < 0)
		err = -err;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].err == err)
			return texts[i].text;
	text = strerrordesc_np(err);
	return text ? text : "unknown error";
}

const char *hpcap_file_strerror(int err)
{
	switch (err < 0 ? -err : err) {
	case ENOENT:
	case EACCES:
	case EPERM:
	case EBUSY:
	case EOPNOTSUPP:
		return strerrordesc_np(err < 0 ? -err : err);
	default:
		return hpcap_strerror(err);
	}
}
