/* A contest's task, whatever format it came in.
 *
 * Readers (kattis.h, tps.h, cms.h) turn a folder into one of these; the judge (judge/evaluate.h)
 * knows nothing of formats. Small texts (sources, flags) are read; tests stay files and are named
 * by path, since a package may hold gigabytes. Everything lives in the arena given to task_read.
 *
 * Two things every reader must keep: a package that is broken is an error that names the file, and
 * never a task that scores something; and no path of a package leaves its folder, by "..", by link
 * or by an absolute name. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "graders/terms/compare.h"
#include "graders/terms/language.h"
#include "graders/terms/outcome.h"

enum task_kind {
    TASK_BATCH,         /* one program, one input, one output */
    TASK_INTERACTIVE,   /* Kattis: the output validator talks to the submission */
    TASK_COMMUNICATION, /* CMS: a manager and one or several processes of the submission */
    TASK_OUTPUT_ONLY,   /* the submission is a set of output files */
    TASK_TWO_STEPS,     /* one program run twice at once, the first talking to the second */
};

/* How what a checker says is read (checker.h). */
enum checker_protocol {
    CHECKER_NONE,    /* task.compare decides, no program */
    CHECKER_KATTIS,  /* exit 42 or 43, feedback folder */
    CHECKER_TESTLIB, /* exit 0, 1, 2, 3, 7; input, output, answer */
    CHECKER_CMS,     /* a number on stdout, exit 0; input, answer, output */
};

/* A program of the task: checker, validator, manager, interactor, generator. Absent: n_files 0. */
struct task_program {
    struct str name; /* for messages: "checker/checker.cpp" */
    enum language language;
    bool is_scripted; /* it has scripts that build or run it, and no language (compile_scripts.h) */
    const struct source *files;
    int64_t n_files;
};

/* What is compiled with a submission of one language: grader or stub, and headers. */
struct task_grader {
    enum language language; /* any C++ standard uses LANGUAGE_CPP's */
    const struct source *files;
    int64_t n_files;
};

struct task_test {
    struct str name;    /* unique: "sample/1", "0-01" */
    const char *input;  /* paths; NULL: none (yet: see can_generate) */
    const char *answer; /* NULL: none */
    bool is_sample;
    const struct str *flags; /* for the checker, after its paths: the problem's, then the group's */
    int64_t n_flags;
    const struct str *args; /* for the submission's command line (Kattis 2025-09) */
    int64_t n_args;
    struct compare_rule compare; /* when the task has no checker */
};

enum group_verdict { GROUP_WORST_ERROR, GROUP_FIRST_ERROR, GROUP_ALWAYS_ACCEPT };
enum group_score {
    GROUP_SUM,
    GROUP_MIN,
    GROUP_MAX,
    GROUP_AVG,
    GROUP_MUL,
    GROUP_THRESHOLD, /* CMS: 1 when every outcome is above 0 and at most `threshold`, else 0 */
    GROUP_PASS_FAIL, /* 1 when every member is accepted, else 0 */
};

/* A member of a group, in the order it is judged. */
struct group_member {
    bool is_group;
    int64_t i; /* of task.groups or task.tests; a test may be in several groups */
};

/* A subtask, a test group, or the root. The score of a group is `points` times what `score` makes
 * of its members' scores, clamped to [range_min, range_max]; a test's score is what the checker
 * said, or accept_score or reject_score of the group it is judged for. */
struct task_group {
    struct str name;  /* "" is the root; "secret/2-medium"; for IOI the subtask's name */
    int64_t i_parent; /* -1: root */
    const struct group_member *members;
    int64_t n_members;
    enum group_verdict verdict;
    enum group_score score;
    double points; /* 1 where the format has none; the subtask's points for IOI */
    double threshold;
    double accept_score, reject_score;
    double range_min, range_max; /* -INFINITY, INFINITY: none */
    bool breaks_on_reject;       /* what follows the first rejected member is not run */
    bool accepts_if_any;
    bool ignores_sample;            /* root of legacy Kattis: only the second member counts */
    bool is_custom;                 /* legacy Kattis: task.group_grader says verdict and score */
    const struct str *grader_flags; /* its arguments */
    int64_t n_grader_flags;
    const int64_t *needs; /* groups that must be accepted, or this one is 0 and not run */
    int64_t n_needs;
    double test_points; /* Kattis 2025-09: what score.txt of one test may reach; NAN: no bound, and
                         * it must say one; 0: it must not. Elsewhere 0 */
    bool is_subtask;    /* shown, and kept apart in best-per-subtask totals */
};

/* What an annotated submission must get. Several may bind one submission; all must hold. */
struct expectation {
    struct str label; /* as the package says it: "time_limit_exceeded", "@EXPECTED_RESULTS@ WA" */
    int64_t i_group;  /* -1: the whole; else of that group */
    const int64_t *tests; /* is_per_test: only these; NULL: all, or all of i_group */
    int64_t n_tests;
    bool is_per_test;     /* the masks speak of single tests, not of the final verdict */
    uint32_t permitted;   /* bits 1 << outcome; is_per_test: each test's verdict must be in it */
    uint32_t required;    /* is_per_test: at least one test's verdict must be in it; 0: no demand */
    double score_min;     /* fraction of the full score in [0, 1]; both inclusive; no demand: */
    double score_max;     /* -INFINITY, INFINITY */
    bool is_score_strict; /* exclusive instead: partial means above 0 and below 1 */
    bool is_score_absolute; /* score_min and score_max are points */
    struct str message;     /* not empty: in what a checker said of at least one test */
};

struct task_submission {
    struct str name; /* path relative to the package */
    bool has_language;
    enum language language;
    const struct source *files;
    int64_t n_files;
    const struct expectation *expects; /* none: judged, never disagrees */
    int64_t n_expects;
    struct str why_not;    /* not empty: cannot be judged, and why ("unknown ending .kt") */
    struct str entry;      /* main class or file, when the package says it */
    bool skips_time_limit; /* does not take part in deriving the time limit */
};

/* A line of a generator script: what makes one test's input. */
struct task_recipe {
    int64_t i_test;
    const char *manual; /* not NULL: this file, as it is, is the input */
    int64_t i_generator;
    const struct str *args;
    int64_t n_args;
};

struct task {
    struct str format; /* "kattis legacy", "kattis 2025-09", "tps", "cms", "podium" */
    struct str name;   /* short: file names and submissions are matched by it */
    struct str title;
    const char *folder; /* as given */
    enum task_kind kind;

    int64_t time_ms;        /* CPU. 0: unknown, to be derived from accepted submissions */
    double time_multiplier; /* slowest accepted x this, when time_ms is 0 */
    double safety_margin; /* of the limit, within which a TLE expectation is not trusted; 1 none */
    int64_t time_step_ms; /* a derived limit is a multiple of this */
    int64_t memory_kib;
    int64_t output_kib; /* stdout */
    int64_t code_kib;   /* source, all files */
    int64_t compile_ms;
    int64_t checker_ms;
    int64_t checker_memory_kib;
    int64_t checker_output_kib;
    int64_t n_passes_max; /* Kattis, batch and interactive: above 1, the validator may hand out a
                           * next input, for another run of the submission */

    struct task_program checker; /* output validator, checker; also the Kattis interactor */
    const struct task_program *other_checkers; /* that must accept too, in this order */
    int64_t n_other_checkers;
    enum checker_protocol protocol;
    struct task_program group_grader; /* legacy Kattis: of groups that are custom */
    struct task_program manager;      /* TASK_COMMUNICATION */
    bool manager_then_checker;        /* 2022: the manager's stdout is the output that is checked */
    int64_t n_processes;              /* TASK_COMMUNICATION */
    bool is_fifo_io; /* the stub opens FIFOs named in argv instead of using stdio */
    const struct task_grader *graders;
    int64_t n_graders;
    struct str entry; /* "grader", "stub": the main class or file where the language needs it */
    struct str input_file; /* "" is standard input */
    struct str output_file;

    const struct task_test *tests;
    int64_t n_tests;
    const struct task_group *groups; /* [0] is the root */
    int64_t n_groups;
    bool has_score;          /* false: pass or fail */
    double full_score;       /* what everything accepted gives; NAN: unbounded */
    int64_t score_precision; /* digits shown of a subtask's score */

    const struct task_submission *submissions;
    int64_t n_submissions;

    /* tps without tests */
    bool can_generate;
    const struct task_program *generators;
    int64_t n_generators;
    const struct task_recipe *recipes;
    int64_t n_recipes;
    struct str input_header;  /* put before every generated input */
    struct str output_header; /* put before every generated answer */
    int64_t i_model;          /* submission that makes the answers; -1: none */

    /* What a reader saw and let pass, for a person: "subtasks add up to 90, not 100". */
    const struct str *notes;
    int64_t n_notes;
};

/* Reads the folder, finding out its format from what is in it. ERR_INPUT names the file, the line
 * where there is one, and what to do; ERR_UNSUPPORTED names what podium does not judge. */
MUST_CHECK bool task_read(const char *folder, struct task *out, struct arena *keep,
                          struct arena tmp, struct err *e);

/* True when the folder looks like a task of any known format: for walking a contest's folder. */
bool task_is_there(const char *folder);

/* The tasks of a contest: `folder` itself when it is one, else its direct children that are, by
 * name in byte order. Paths from *keep. No task at all is ERR_INPUT. */
MUST_CHECK bool task_walk(const char *folder, const char *const **out, int64_t *n,
                          struct arena *keep, struct err *e);

/* What a verdict was made with. */
struct task_hashes {
    struct hash tests;   /* names and contents of inputs and answers, and flags; read from disk */
    struct hash judge;   /* sources of checkers, manager and the grader of groups */
    struct hash graders; /* what is compiled with submissions */
};
MUST_CHECK bool task_hash(const struct task *t, struct task_hashes *out, struct arena tmp,
                          struct err *e);
