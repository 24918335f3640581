/* The verdict on one test, in the words of contests. What went wrong on our side is no outcome. */
#pragma once
#include "graders/judge/compare.h"
#include "graders/sandbox/sandbox.h"

enum outcome {
    OUTCOME_AC,  /* accepted */
    OUTCOME_WA,  /* wrong answer */
    OUTCOME_TLE, /* time, CPU or wall */
    OUTCOME_MLE, /* memory */
    OUTCOME_OLE, /* output: a stream or a file beyond its cap */
    OUTCOME_RE,  /* a signal, or an exit code other than 0 */
    OUTCOME_CE,  /* does not compile */
};
const char *outcome_name(enum outcome o); /* "AC", ... */

/* How a run ended decides first; only a run that ended well is compared. *d is filled for WA. */
enum outcome outcome_of_run(const struct sandbox_result *r, enum compare_mode mode, struct str want,
                            struct difference *d);
