/* Does a judged submission get what its package says it should? */
#pragma once
#include "graders/judge/scoring.h"

/* What the judge found of one submission. */
struct found {
    const struct test_score *tests;
    const struct group_result *groups; /* [0] is the whole */
    enum outcome verdict;              /* of the whole; CE has no groups */
};

/* True when it holds; otherwise *why is one line from *keep. A submission that does not compile
 * meets no expectation but CE's. */
bool expect_holds(const struct task *t, const struct expectation *x, const struct found *f,
                  struct str *why, struct arena *keep);
