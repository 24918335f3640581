/* One 64-bit word is the whole agreement: high half the job's number, low half the next task.
 *
 * A worker reads the word, then the job's fields, then takes a task by compare-and-swap on the
 * word. If the swap succeeds the job cannot have changed in between, because its number is part
 * of what was compared. The caller closes the old job (next = CLOSED), writes the fields, then
 * publishes the new number: a slow worker that read half of each fails its swap and looks again.
 *
 * Tried and left: counting workers in and out of every job. It is simpler, but then each op
 * waits for the slowest thread to wake up, which on a shared machine is a time slice. */
#include "kernels/cpu/pool.h"

#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"

#define CLOSED 0xffffffffU

struct worker {
    struct pool *pool;
    pthread_t thread;
    int index;
};

struct pool {
    _Atomic uint64_t word; /* job << 32 | next task */
    _Atomic int64_t n_tasks;
    _Atomic(pool_fn *) fn;
    _Atomic(void *) ctx;
    _Atomic uint32_t n_left; /* tasks not finished; the caller sleeps on it */
    _Atomic uint32_t bell;   /* changes with every job; workers sleep on it */
    _Atomic uint32_t is_over;
    uint32_t job;
    int n_threads;
    int n_started;
    struct worker worker[]; /* [n_threads]; 0 is the caller and unused */
};

static void sleep_on(_Atomic uint32_t *at, uint32_t seen)
{
    (void)syscall(SYS_futex, at, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

static void wake(_Atomic uint32_t *at, int n)
{
    (void)syscall(SYS_futex, at, FUTEX_WAKE_PRIVATE, n, NULL, NULL, 0);
}

/* Takes tasks of whatever job is open until there are none. */
static void work(struct pool *p, int thread)
{
    uint64_t word = atomic_load(&p->word);
    for (;;) {
        int64_t task = (int64_t)(word & CLOSED);
        pool_fn *fn = atomic_load(&p->fn);
        void *ctx = atomic_load(&p->ctx);
        if (task == (int64_t)CLOSED || task >= atomic_load(&p->n_tasks))
            return;
        if (!atomic_compare_exchange_weak(&p->word, &word, word + 1))
            continue;
        fn(ctx, task, thread);
        if (atomic_fetch_sub(&p->n_left, 1) == 1 && thread != 0)
            wake(&p->n_left, 1);
        word = atomic_load(&p->word);
    }
}

static void *worker_main(void *arg)
{
    struct worker *w = arg;
    struct pool *p = w->pool;
    for (;;) {
        uint32_t seen = atomic_load(&p->bell);
        if (atomic_load(&p->is_over) != 0)
            return NULL;
        work(p, w->index);
        sleep_on(&p->bell, seen);
    }
}

void pool_run(struct pool *p, int64_t n_tasks, pool_fn *fn, void *ctx)
{
    assert(n_tasks >= 0 && n_tasks < (int64_t)CLOSED);
    if (p->n_threads == 1 || n_tasks <= 1) {
        for (int64_t i = 0; i < n_tasks; i++)
            fn(ctx, i, 0);
        return;
    }
    p->job++;
    atomic_store(&p->word, (uint64_t)p->job << 32 | CLOSED);
    atomic_store(&p->n_tasks, n_tasks);
    atomic_store(&p->fn, fn);
    atomic_store(&p->ctx, ctx);
    atomic_store(&p->n_left, (uint32_t)n_tasks);
    atomic_store(&p->word, (uint64_t)p->job << 32);
    (void)atomic_fetch_add(&p->bell, 1);
    wake(&p->bell, n_tasks - 1 < p->n_threads - 1 ? (int)(n_tasks - 1) : p->n_threads - 1);
    work(p, 0);
    for (uint32_t left = atomic_load(&p->n_left); left != 0; left = atomic_load(&p->n_left))
        sleep_on(&p->n_left, left);
}

void pool_close(struct pool *p)
{
    if (p == NULL)
        return;
    atomic_store(&p->is_over, 1);
    (void)atomic_fetch_add(&p->bell, 1);
    wake(&p->bell, LIMIT_THREADS);
    for (int i = 1; i <= p->n_started; i++)
        (void)pthread_join(p->worker[i].thread, NULL);
    free(p);
}

bool pool_open(struct pool **out, int n_threads, struct err *e)
{
    assert(n_threads >= 1 && n_threads <= LIMIT_THREADS);
    struct pool *p = calloc(1, sizeof *p + (size_t)n_threads * sizeof p->worker[0]);
    if (p == NULL)
        return FAIL(e, ERR_IO, "no memory for %d threads", n_threads);
    p->n_threads = n_threads;
    atomic_store(&p->word, (uint64_t)CLOSED);
    for (int i = 1; i < n_threads; i++) {
        p->worker[i] = (struct worker){.pool = p, .index = i};
        int rc = pthread_create(&p->worker[i].thread, NULL, worker_main, &p->worker[i]);
        if (rc != 0) {
            pool_close(p);
            return FAIL(e, ERR_IO, "thread %d of %d: %s", i, n_threads, strerror(rc));
        }
        p->n_started = i;
    }
    *out = p;
    return true;
}
