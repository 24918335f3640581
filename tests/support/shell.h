/* podium as a user meets it: words in, exit code and two streams out. */
#pragma once
#include <sys/types.h>

#include "base/str.h"

struct shell {
    int rc;         /* exit code, 128 + signal when killed */
    struct buf out; /* standard output */
    struct buf err; /* standard error */
};

/* Runs `podium ARGS` through sh, input on standard input. Released by shell_free. */
struct shell shell_podium(const char *args, struct str input);
void shell_free(struct shell *s);

/* The same in the background, output thrown away; the caller waits for or kills it. */
pid_t shell_start(const char *args);
