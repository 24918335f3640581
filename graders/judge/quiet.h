/* Running alone: between the processes that judge at the same time.
 *
 * A program whose time is near the limit is run a second time while nothing else of ours runs.
 * Every run holds the lock shared, that second one holds it alone. Who wants it alone first closes
 * a gate that newcomers pass through, or a steady stream of others would keep it waiting for ever.
 * Both are advisory locks on two files, so that a killed process holds nothing. */
#pragma once
#include "base/err.h"

struct quiet {
    int fd; /* -1: nothing held */
};

/* path NULL: there is nobody to be alone of, and both do nothing. */
MUST_CHECK bool quiet_enter(const char *path, bool alone, struct quiet *out, struct err *e);
void quiet_leave(struct quiet *q);
