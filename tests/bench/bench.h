/* Benchmarks: what `make bench` measures.
 *
 * One file per subject keeps an array of `struct bench`, ended by a zeroed one, and is named in
 * bench_lists (bench_main.c). A bench says how much work one step does; the driver repeats the
 * step until the clock can be trusted, several times over, and prints the median rate with its
 * spread. Input is made by base/rng.h or read from the tree, so two runs measure the same thing. */
#pragma once
#include "base/err.h"

struct bench_run {
    int variant;      /* of the bench: what open shall prepare */
    void *state;      /* set by open, freed by close */
    double work;      /* of one step, set by open: bytes, tokens, operations */
    const char *skip; /* set by open when it cannot: why, static storage */
    bool has_value;   /* set by a step that measures something else than its own speed: */
    double value;     /* this, in the bench's unit */
};

struct bench {
    const char *name; /* "subject/what/how large" */
    const char *unit; /* of the rate */
    double scale;     /* work per unit and second: 1e6 for bytes in MB/s */
    int variant;
    bool (*open)(struct bench_run *r, struct err *e); /* false: the bench failed */
    bool (*step)(struct bench_run *r, struct err *e);
    void (*close)(struct bench_run *r); /* after every open that succeeded and did not skip */
};

extern const struct bench bench_box[];
extern const struct bench bench_cache[];
extern const struct bench bench_compare[];
extern const struct bench bench_compile[];
extern const struct bench bench_engine[];
extern const struct bench bench_exact[];
extern const struct bench bench_extract[];
extern const struct bench bench_judge[];
extern const struct bench bench_kernels[];
extern const struct bench bench_math[];
extern const struct bench bench_tokenizer[];
