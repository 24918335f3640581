/* The table: one row a measurement, printed as it comes, or all of them as JSON at the end. */
#pragma once
#include "base/json.h"
#include "base/str.h"
#include "harness/bench_time.h"

struct bench_row {
    char name[96];
    int n_threads;
    struct bench_time time;
    const char *unit;    /* of rate: "GB/s", "GFLOP/s", "tokens/s" */
    double work;         /* units in one step: rate = work / time.seconds */
    double gbytes;       /* read in one step, by count; 0: not counted */
    double gflop;        /* computed in one step */
    double floor_s;      /* least time of one step by this run's ceilings; 0: none */
    const char *bound;   /* "memory" or "compute", by which the floor is larger */
    double n_tokens;     /* of one step; 0: not a row of the engine */
    char note[120];      /* printed at the end */
    const char *skipped; /* why there is no measurement */
};

struct bench_table {
    struct json_out json; /* an open array */
    bool as_json;
    const char *only;
    const char *title; /* of the rows that follow, not printed yet */
    int64_t n_rows;
};

void bench_table_begin(struct bench_table *t, const char *only, bool as_json);
/* Of the rows that follow, if any do. */
void bench_table_head(struct bench_table *t, const char *title);
bool bench_table_wants(const struct bench_table *t, const char *name);
void bench_table_put(struct bench_table *t, const struct bench_row *r);
void bench_table_end(struct bench_table *t); /* zeroed is fine */
