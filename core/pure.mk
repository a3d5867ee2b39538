# SPDX-License-Identifier: GPL-2.0-only
# The pure files, named once: module, unit tests and benchmark build these.
CORE_PURE := ring.o record.o hold.o listener.o stamp.o headers.o flow.o policy.o gauge.o poll.o \
	hwclock.o timing.o dup.o store.o
