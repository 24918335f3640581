/* Submissions judged outside of a run: what `judge` and `verify` share.
 *
 * Each job is one submission against one task; grading workers (workers.h) take them, one each at a
 * time, as they take replies. What comes back is the evidence of grader "task", read here into the
 * arrays that scoring and expectations speak of. */
#pragma once
#include "graders/grader.h"
#include "graders/judge/expect.h"
#include "harness/machine.h"
#include "harness/workers.h"

struct judging_options {
    const char *name; /* for the progress line */
    int64_t n_jobs;   /* workers; 0: one for every processor */
    bool runs_all;
    bool no_namespaces;
    bool is_quiet;
    const char *cache; /* folder of compiled programs; NULL: none is kept */
    int64_t time_ms;   /* 0: the task's own */
    double time_scale; /* 0: 1 */
};

/* Where a submission comes from: one of the three. */
struct judging_source {
    struct str annotated;       /* its name in the package */
    const char *path;           /* a file or folder */
    const struct source *files; /* its text: UTF-8 without NUL, as it came from JSON */
    int64_t n_files;
    bool has_language;
    enum language language;
};

struct judging_job {
    /* filled by the caller */
    const struct task *task;
    struct judging_source source;
    int64_t time_ms; /* 0: as the options say */
    /* filled by judging_run, texts from its arena */
    bool is_judged; /* false: err says why not, or it was interrupted (is_done is false) */
    bool is_done;
    struct err err;
    struct str evidence; /* JSON */
    struct str language;
    struct str compiler;
    struct str messages; /* the compiler's, when it does not compile */
    struct found found;
    const double *points; /* of each group, what its score is out of; NULL with found.groups */
    double score;
    int64_t cpu_max_us; /* of the slowest test */
    int64_t memory_max_kib;
};

/* What times mean that were measured now. */
struct judging_machine {
    struct machine machine;
    int64_t n_graders;
    double time_scale;
    struct str unfit; /* why times are unreliable; empty: they are not. From judging_run's arena */
};

/* Judges them all; order does not matter. False when no worker can be had; a job that could not be
 * judged is told in the job. Interrupted (interrupt.h) it returns early with jobs undone. */
MUST_CHECK bool judging_run(struct judging_job *jobs, int64_t n, const struct judging_options *o,
                            struct judging_machine *m, struct arena *keep, struct err *e);

/* Old packages name no time limit: it is made from their accepted submissions, the slowest of which
 * gets a multiple of what it needs, rounded up to whole steps of the task's. ERR_INPUT when none
 * of them can tell. */
MUST_CHECK bool judging_derive_limit(const struct task *t, const struct judging_options *o,
                                     int64_t *time_ms, struct arena *keep, struct err *e);
