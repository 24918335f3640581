/* Threads that share out the outputs of one op.
 *
 * pool_run() returns when every task is done. The calling thread works too, so a worker that the
 * system has not scheduled yet delays nobody: the others take its tasks. Workers sleep on a
 * futex between calls; nothing spins, because the machine may be shared. */
#pragma once
#include <stdint.h>

#include "base/err.h"

struct pool;

/* thread: 0 is the caller, below n_threads */
typedef void pool_fn(void *ctx, int64_t task, int thread);

MUST_CHECK bool pool_open(struct pool **out, int n_threads, struct err *e);
void pool_close(struct pool *p); /* NULL is fine */
void pool_run(struct pool *p, int64_t n_tasks, pool_fn *fn, void *ctx);
