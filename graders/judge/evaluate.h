/* One submission against one task: compiled, run on the tests that count, checked, scored.
 *
 *     submission ─compile─► program ─┐
 *     task ─compile─► checker, ...  ─┼─► one test at a time ─► outcome ─► scoring.h ─► verdict
 *     task ─► test files ────────────┘        │
 *                                     near the limit: again, alone (quiet.h); both are kept
 *
 * The submission, the checker and the manager each run in a box of their own; the expected answer
 * enters the checker's box only. False means that something of ours or of the task's broke; it
 * names the test, and there is no score. */
#pragma once
#include "graders/grader.h"
#include "graders/judge/compile.h"
#include "graders/judge/scoring.h"

struct evaluate_options {
    bool runs_all;     /* every test, even where a group's score is settled */
    int64_t time_ms;   /* not 0: in place of the task's limit */
    double time_scale; /* of the limit, for slower or faster machines; 0 is 1 */
};

/* One test, run. Texts from the arena of the evaluation. */
struct test_run {
    bool is_run;
    enum outcome outcome;
    enum sandbox_end end; /* of the submission (the first of its processes that did not end well) */
    int64_t code, signal;
    int64_t cpu_us; /* of all its processes together */
    int64_t wall_us;
    int64_t memory_kib; /* of the largest */
    int64_t n_passes;   /* not 0: a problem of several passes, and the figures are the largest */
    bool was_rerun;     /* near the limit: these are the figures of the second run, alone */
    int64_t cpu_first_us;
    int64_t wall_first_us;
    struct str message; /* checker's, or the first difference */
    struct str said;    /* the head of its standard error, when it did not end well */
};

struct evaluation {
    enum outcome verdict;
    double score;
    bool is_compiled;
    struct str messages; /* the compiler's */
    struct str compiler;
    enum language language;
    char source_hash[65];  /* of the submission's files, names and texts */
    const char *profile;   /* of the box: "native", "jvm", ...; static */
    char program_hash[65]; /* what was compiled, and with what */
    char checker_hash[65]; /* empty: no checker */
    char manager_hash[65];
    int64_t time_ms; /* the limit that was used, scaled */
    double time_scale;
    struct str isolation;
    struct str accounting;
    struct test_run *runs;       /* task.n_tests */
    struct test_score *tests;    /* the same, as scored */
    struct group_result *groups; /* task.n_groups; NULL when it does not compile */
};

/* The files of one submission; for TASK_OUTPUT_ONLY they are outputs and language is ignored. */
struct evaluate_in {
    const struct task *task;
    enum language language;
    const struct source *files;
    int64_t n_files;
    struct str entry; /* main class or file, when the package says it */
    struct evaluate_options options;
};

/* Only the first step: the submission with the task's grader, as evaluate would build it. */
MUST_CHECK bool evaluate_compile(struct bench *b, const struct grader_env *env,
                                 const struct evaluate_in *in, struct program *out,
                                 struct arena *keep, struct arena tmp, struct err *e);

/* A program of the task, told the memory of checkers; an absent one leaves *out as it is. When it
 * does not compile the package is broken, and nobody is judged: ERR_INPUT with its name. */
MUST_CHECK bool evaluate_compile_task(struct bench *b, const struct grader_env *env,
                                      const struct task *t, const struct task_program *p,
                                      struct program *out, struct arena *keep, struct arena tmp,
                                      struct err *e);

MUST_CHECK bool evaluate(struct bench *b, const struct grader_env *env,
                         const struct evaluate_in *in, struct evaluation *out, struct arena *keep,
                         struct arena tmp, struct err *e);
