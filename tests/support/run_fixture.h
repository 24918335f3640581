/* A whole run without weights: a suite of n items made here, the scripted model, scripted workers.
 * What ends up in the file can be dumped as text and compared. */
#pragma once
#include "harness/run.h"
#include "tests/support/model_script.h"

struct run_fixture {
    /* filled by the test; zero means a default */
    const char *path;
    int64_t n_items;   /* 20 */
    int64_t n_samples; /* 3 */
    uint64_t seed;
    double temperature;        /* 1 */
    int grader_version;        /* 1 */
    int64_t n_workers;         /* 2 */
    int64_t deadline_ms;       /* 20 s */
    const char *key;           /* JSON of every item; {"answer": "{42}"} */
    bool has_judge;            /* the suite's "judge" is "model" */
    const struct suite *suite; /* NULL: one made of the above */
    struct model_script model;
    struct grade_pool *pool; /* NULL: workers of its own, for this run */
    /* filled by the run */
    struct run_result result;
    struct err e;
};

/* One session: opens the file, runs until done, interrupted or failed. */
bool run_fixture_go(struct run_fixture *f);

/* Workers for several runs, which saves starting them; waits for and drops what a run that failed
 * left with them. */
struct grade_pool *run_fixture_pool(void);
void run_fixture_drain(struct grade_pool *p);

/* Every reply with the grade that counts, ordered by item and sample, and every judgement, one line
 * each; nothing in it depends on time or on the order of work. */
void run_fixture_dump(const char *path, struct buf *out);

/* One number out of the file. */
int64_t run_fixture_count(const char *path, const char *sql);
