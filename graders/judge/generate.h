/* tps packages without tests: their own generators make the inputs, their model solution the
 * answers. All of it runs in the box, like everything foreign.
 *
 * Written are tests/NAME.in, tests/NAME.out and tests/mapping, each beside its target and renamed
 * over it, the mapping last: a package whose generation was stopped still has none, and starting
 * again starts from the beginning. */
#pragma once
#include "graders/grader.h"
#include "graders/judge/bench.h"
#include "graders/task/task.h"

/* Told after every test; may be NULL. */
struct generate_watch {
    void (*made)(void *who, int64_t n_made, int64_t n_all, struct str name);
    void *who;
};

/* ERR_INPUT names the recipe or program that failed. A task that cannot be generated is
 * ERR_USAGE. */
MUST_CHECK bool generate_tests(struct bench *b, const struct grader_env *env, const struct task *t,
                               const struct generate_watch *watch, struct arena tmp, struct err *e);
