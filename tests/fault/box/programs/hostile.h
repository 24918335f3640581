/* Shared by the hostile programs. One that tries something forbidden calls MUST_FAIL on every
 * attempt and ends with `return contained();`, which exits 0 only when nothing got through. */
#pragma once
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int n_escapes;

static inline void must_fail(const char *what, long rc)
{
    if (rc >= 0) {
        printf("ESCAPED: %s gave %ld\n", what, rc);
        n_escapes++;
    }
}
#define MUST_FAIL(call) must_fail(#call, (long)(call))

static inline int contained(void)
{
    if (n_escapes == 0)
        puts("contained");
    return n_escapes == 0 ? 0 : 1;
}

/* The programs called between_NAME have two parts: one leaves something behind (and with "hold"
 * stays there), the other, with "find", must not find it. "find-later" gives one that was started
 * at the same time a moment to leave it. */
static inline int is_role(int argc, char **argv, const char *role)
{
    static int has_waited;
    if (argc < 2)
        return 0;
    if (strcmp(argv[1], "find-later") == 0 && !has_waited) {
        has_waited = 1;
        usleep(400000);
    }
    return strcmp(argv[1], role) == 0 ||
           (strcmp(argv[1], "find-later") == 0 && strcmp(role, "find") == 0);
}

static inline int stay(int argc, char **argv)
{
    while (is_role(argc, argv, "hold"))
        usleep(100000);
    return 0;
}

static inline void burn(void)
{
    for (volatile unsigned long i = 0;; i++) {
    }
}
