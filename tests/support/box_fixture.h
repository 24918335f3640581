/* An open box for a test, full or fallback, and shell lines as jobs for it. */
#pragma once
#include "graders/sandbox/sandbox.h"

struct box_fixture {
    struct arena keep;
    struct sandbox *box;
};
extern struct box_fixture box_fixture; /* of the running test: each has its own process */

/* .init and .fini of suites. */
void box_fixture_open(void);
void box_fixture_open_fallback(void);
void box_fixture_close(void);

/* /bin/sh -c LINE with the limits of a small program. */
struct sandbox_job box_fixture_shell(const char *line);
