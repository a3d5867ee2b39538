/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Help and completion, made from the tables. */
#ifndef OPT_HELP_H
#define OPT_HELP_H

#include "opt.h"

const struct opt *opt_common_table(void);

/* Each prints and returns an exit status. */
int opt_help_all(const struct command *commands);
int opt_help_command(const struct command *c);
int opt_help_unknown(const struct command *commands, const char *word);
int opt_complete_bash(const struct command *commands);

#endif /* OPT_HELP_H */
