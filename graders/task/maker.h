/* A task in the making: what every reader of a format needs, and the checks that hold for all. */
#pragma once
#include "graders/task/package.h"

struct maker {
    struct package *p;
    struct task *t;
    struct task_test *tests;
    int64_t n_tests;
    struct task_group *groups;
    int64_t n_groups;
    struct task_submission *submissions;
    int64_t n_submissions;
    struct task_grader *graders;
    int64_t n_graders;
    bool has_crlf;        /* an answer has; said once */
    bool has_open_scores; /* the checker says points of its own, without a bound */
};

/* Limits and texts that formats leave out, and i_model and the like set to "none". */
void maker_open(struct maker *m, struct package *p, struct task *t);

/* The next element, zeroed where zero means nothing and "no bound" elsewhere. Borrowed until the
 * next of its kind is added. */
struct task_test *maker_test(struct maker *m);
struct task_group *maker_group(struct maker *m, struct str name, int64_t i_parent);
struct task_submission *maker_submission(struct maker *m, struct str name);

/* Members of a group: collected by its reader, then given. */
struct members {
    struct group_member *at;
    int64_t n;
};
void members_put(struct maker *m, struct members *list, bool is_group, int64_t i);

/* No demand at all: every outcome, any score, the whole task. */
struct expectation expectation_any(struct str label);

/* An expectation more for a submission. */
void maker_expect(struct maker *m, struct task_submission *s, struct expectation x);

/* Language and sources of a submission that is a file or a folder; what cannot be judged gets its
 * why_not, and only what podium cannot read is a failure. */
MUST_CHECK bool maker_submission_files(struct maker *m, const struct entry *at,
                                       struct task_submission *s, struct err *e);

/* A program of the task from one file (with `beside`: headers) or a folder, which may have a script
 * `build` or `run`. ERR_INPUT when its language is unclear or several of its files have a main
 * function. */
MUST_CHECK bool maker_program(struct maker *m, const struct entry *at, struct task_program *out,
                              struct err *e);

/* A folder's "NAME.ending" of a known language and the headers and data beside it, but no other
 * source: checker/checker.cpp with testlib.h. ABSENT leaves out->n_files 0. */
MUST_CHECK bool maker_named_program(struct maker *m, struct str folder, struct str name,
                                    struct task_program *out, struct err *e);

/* Files that are compiled with every submission of the language. */
void maker_grader(struct maker *m, enum language language, const struct source *files, int64_t n);

/* Looks at an answer's first bytes and notes line ends of the other kind, once per task. */
MUST_CHECK bool maker_see_answer(struct maker *m, const struct entry *answer, struct err *e);

/* What everything accepted gives, from the groups; NAN: no bound. */
double maker_full_score(const struct maker *m);

/* Gives the arrays to the task and checks what must hold in any: a test at least, names once, every
 * test in a group, no group empty. ERR_INPUT otherwise. */
MUST_CHECK bool maker_close(struct maker *m, struct err *e);

/* Numbers of settings, with bounds. False: out of them. */
bool maker_seconds(double seconds, int64_t *ms); /* above 0, up to a day; at least 1 ms */
enum {
    MAKER_MIB_MAX = 1 << 20, /* 1 TiB */
    MAKER_POINTS_MAX = 1000000,
};

/* Masks of outcomes in the words of formats. */
#define OUTCOMES_ALL ((1U << OUTCOME_COUNT) - 1)
#define OUTCOMES_AC  OUTCOME_BIT(OUTCOME_AC)
#define OUTCOMES_WA  (OUTCOME_BIT(OUTCOME_WA) | OUTCOME_BIT(OUTCOME_PE))
#define OUTCOMES_TLE OUTCOME_BIT(OUTCOME_TLE)
#define OUTCOMES_MLE OUTCOME_BIT(OUTCOME_MLE)
#define OUTCOMES_OLE OUTCOME_BIT(OUTCOME_OLE)
/* Kattis knows four verdicts: whatever ends a run badly and is not time is this one. */
#define OUTCOMES_RTE                                                                               \
    (OUTCOME_BIT(OUTCOME_RE) | OUTCOME_BIT(OUTCOME_MLE) | OUTCOME_BIT(OUTCOME_SV) |                \
     OUTCOME_BIT(OUTCOME_OLE))
