/* The verdict on one test, in the words of contests. What went wrong on our side is no outcome. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "graders/sandbox/sandbox.h"

/* In order of badness, as contests rank errors: the worst of several is the largest. */
enum outcome {
    OUTCOME_AC,      /* accepted */
    OUTCOME_PC,      /* partly: the checker gave a score between nothing and all */
    OUTCOME_PE,      /* presentation, only where a checker says so */
    OUTCOME_WA,      /* wrong answer */
    OUTCOME_PV,      /* broke the protocol of an interaction, only where a checker says so */
    OUTCOME_OLE,     /* output: a stream or a file beyond its cap */
    OUTCOME_TLE,     /* time, CPU or wall */
    OUTCOME_MLE,     /* memory */
    OUTCOME_SV,      /* killed by the filter */
    OUTCOME_RE,      /* a signal, or an exit code other than 0 */
    OUTCOME_CE,      /* does not compile */
    OUTCOME_SKIPPED, /* not run: the group's score was already settled */
    OUTCOME_COUNT
};
const char *outcome_name(enum outcome o); /* "AC", ... ; "--" for SKIPPED */
bool outcome_from_name(struct str name, enum outcome *out);

#define OUTCOME_BIT(o) (1U << (o))

/* How a run ended, before anybody looks at its output: AC when it ended well. */
enum outcome outcome_of_end(const struct sandbox_result *r);
