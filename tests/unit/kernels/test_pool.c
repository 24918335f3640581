/* Every task runs once, whatever the threads do. */
#include <stdatomic.h>

#include "kernels/cpu/pool.h"
#include "tests/support/support.h"

enum { N_TASKS = 1000 };

struct tally {
    atomic_int n_runs[N_TASKS];
    atomic_int n_wrong;
    int n_threads;
};

static void count(void *ctx, int64_t task, int thread)
{
    struct tally *t = ctx;
    atomic_fetch_add(&t->n_runs[task], 1);
    if (thread < 0 || thread >= t->n_threads)
        atomic_fetch_add(&t->n_wrong, 1);
}

static void many_jobs(int n_threads)
{
    static struct tally t;
    struct pool *p = NULL;
    struct err e = {0};
    ASSERT_OK(pool_open(&p, n_threads, &e), e);
    t.n_threads = n_threads;
    for (int64_t round = 0; round < 3000; round++) {
        int64_t n = round % 7 == 0 ? round % N_TASKS : round % 9;
        for (int64_t i = 0; i < n; i++)
            atomic_store(&t.n_runs[i], 0);
        pool_run(p, n, count, &t);
        for (int64_t i = 0; i < n; i++)
            cr_assert_eq(atomic_load(&t.n_runs[i]), 1, "job %d task %d", (int)round, (int)i);
    }
    cr_assert_eq(atomic_load(&t.n_wrong), 0);
    pool_close(p);
}

Test(pool, every_task_of_every_job_runs_exactly_once)
{
    for (int n_threads = 1; n_threads <= 5; n_threads++)
        many_jobs(n_threads);
}

Test(pool, opening_and_closing_leaves_nothing_behind)
{
    struct err e = {0};
    for (int i = 0; i < 50; i++) {
        struct pool *p = NULL;
        ASSERT_OK(pool_open(&p, 1 + i % 4, &e), e);
        pool_close(p);
    }
    pool_close(NULL);
}
