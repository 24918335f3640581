/* What a checker says, read without trust.
 *
 * A checker is a program of the task that reads what a contestant wrote; it may be led astray, and
 * it may be broken. So every protocol has a closed set of answers, and all else (another exit code,
 * a signal, a limit, a number that is none, a message that says the judge failed) is an error: the
 * test is not judged, and nobody gets a score. */
#pragma once
#include "graders/judge/outcome.h"
#include "graders/task/task.h"

struct check {
    enum outcome outcome; /* AC, PC, WA, PE, PV */
    bool has_score;       /* the checker said one */
    double score;         /* as said: a fraction of the test's worth, or points where so agreed */
    struct str message;   /* for a person; printable, one line, cut */
};

/* How a checker is started: argv after the program's own, names of the files placed in /box, and
 * what is taken afterwards. input, answer and output are placed as "input", "answer", "output". */
struct checker_call {
    const struct str *args;
    int64_t n_args;
    bool output_is_stdin; /* Kattis */
    const struct sandbox_take *takes;
    int64_t n_takes;
    const struct sandbox_file *folders; /* feedback/ */
    int64_t n_folders;
};
void checker_call(enum checker_protocol protocol, const struct str *flags, int64_t n_flags,
                  struct checker_call *out, struct arena *keep);

/* Reads how it ended. The result's takes are those of checker_call. `may_score`: the task gives
 * partial points. False is the checker's failure, ERR_INPUT with what it did. */
MUST_CHECK bool checker_read(enum checker_protocol protocol, const struct sandbox_result *r,
                             bool may_score, struct check *out, struct arena *keep, struct err *e);

/* A CMS manager speaks like a CMS checker. */
