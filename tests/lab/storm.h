/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the storm share; storm.c tells what it is. */
#ifndef STORM_H
#define STORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORM_VFS 4

/* storm.c */

extern const char *storm_dev; /* the PF's PCI address */

/* A number below @below; each call is one step of the seed. */
unsigned int dice(unsigned int below);

/* Says what is wrong, in which operation, with which seed, and ends. */
void wrong(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* One line into a file, or out of it. Return 0 or a negative errno. */
int put(const char *path, const char *line);
int get(const char *path, char *text, size_t size);

/* Path of a file of the PF's device: "sriov/0/trust". Good until the next call. */
const char *of_pf(const char *format, ...) __attribute__((format(printf, 1, 2)));

void sleep_us(unsigned int us);

/* storm_lease.c: mirrors, by netlink and by the lines of sysfs */

void lease_new(void);
void lease_set(void);
void lease_delete(void);
void lease_line(void);
void lease_vlans(void);
void lease_nonsense(void);
void lease_all_end(void);    /* before: VFs go */
void lease_none_left(void);  /* after that */
void lease_new_driver(void); /* the driver has begun to count anew */
void lease_agree(void);	     /* what is known here and what the driver says */
void lease_totals(unsigned long *made, unsigned long *ended);

/* storm_vf.c: VFs and who has them */

void vf_start(void);
void vf_stop(void);
void vf_give(void);	/* another driver, or none */
void vf_reset(void);	/* its function */
void vf_flags(void);	/* what the host grants */
void vf_link(void);	/* its interface down and up */
void vf_guest(void);	/* a guest starts in one that is free */
void vf_kill(void);	/* a guest is killed */
void vf_all_free(void); /* after the number of VFs has changed */

void pf_link(bool up); /* the PF's interface */

/* All guests are killed within a moment, while something else happens. */
void vf_kill_soon(void);
void vf_killed(void); /* wait for that */

unsigned long vf_answers(void); /* that guests got from the PF */

/* storm_guest.c: a guest in a process of its own, through vfio. Never returns. */
void guest_main(const char *dev, uint64_t seed, unsigned long *answers)
	__attribute__((noreturn));

#endif /* STORM_H */
