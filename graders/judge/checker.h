/* What a checker says, read without trust.
 *
 * A checker is a program of the task that reads what a contestant wrote; it may be led astray, and
 * it may be broken. So every protocol has a closed set of answers, and all else (another exit code,
 * a signal, a limit, a number that is none, a message that says the judge failed) is an error: the
 * test is not judged, and nobody gets a score. */
#pragma once
#include "graders/task/task.h"
#include "graders/terms/outcome.h"

struct check {
    enum outcome outcome; /* AC, PC, WA, PE, PV */
    bool has_score;       /* the checker said one */
    double score;         /* as said: a fraction of the test's worth, or points where so agreed */
    struct str message;   /* for a person; printable, one line, cut */
    /* Kattis only */
    bool has_multiplier; /* score_multiplier.txt: in [0, 1], of what the test is worth */
    double multiplier;
    /* nextpass.in; only with AC. Whether the task has passes the caller knows. Its text, which may
     * be large, is borrowed from the result. */
    bool has_next_pass;
    struct str next_pass;
    struct str team_message; /* for the contestant; as message */
};

/* What a score may be. Kattis: any finite number of points, or a multiplier in [0, 1], with AC
 * only; when a format demands one (legacy `custom score` does, 2025-09 does not), the caller looks
 * at has_score.
 *
 * testlib: "points X", X finite and not negative, as said; "partially correct (K)", K percent from
 * 0 to 100, as K/100. Both are PC.
 *
 * CMS: in [0, 1] and always there; 1 is AC, 0 is WA (or PV), between is PC. */

/* How a checker is started: argv after the program's own, names of the files placed in /box, and
 * what is taken afterwards. input, answer and output are placed as "input", "answer", "output". */
enum { CHECKER_KATTIS_TAKES = 5 };
struct checker_call {
    const struct str *args;
    int64_t n_args;
    bool output_is_stdin; /* Kattis */
    const struct sandbox_take *takes;
    int64_t n_takes;
    const struct sandbox_file *folders; /* feedback/ */
    int64_t n_folders;
};

/* Everything static or from *keep; flags are borrowed. CHECKER_NONE is the caller's bug. */
void checker_call(enum checker_protocol protocol, const struct str *flags, int64_t n_flags,
                  struct checker_call *out, struct arena *keep);

/* Which scores a task's checker may give. */
enum checker_scores {
    CHECKER_ALL_OR_NOTHING, /* any other is the checker's failure */
    CHECKER_PARTIAL,
    CHECKER_ANY, /* CMS: above 1 too, and PC: the threshold of its group says what is good */
};

/* Reads how it ended. The result's takes are those of checker_call. False is the checker's failure,
 * ERR_INPUT with what it did. Texts of *out are from *keep but
 * next_pass. */
MUST_CHECK bool checker_read(enum checker_protocol protocol, const struct sandbox_result *r,
                             enum checker_scores may, struct check *out, struct arena *keep,
                             struct err *e);

/* A CMS manager speaks like a CMS checker: its stdout and stderr go through the same reader. */

/* Any program's words as one line: control characters, line ends and direction marks become
 * spaces, runs of space one, invalid UTF-8 U+FFFD; cut at 400 bytes. */
struct str checker_printable(struct str text, struct arena *keep);
