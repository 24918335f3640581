/* What a grader may say. Five words, because "no", "nothing" and "cannot tell" differ. */
#pragma once
#include "base/str.h"

enum verdict {
    VERDICT_RIGHT,
    VERDICT_WRONG,
    VERDICT_PART,      /* see score: subtasks of an olympiad task */
    VERDICT_NO_ANSWER, /* the model finished but gave nothing to grade */
    VERDICT_UNDECIDED, /* the grader could not decide within its limits */
};

/* Stable words, stored in the results: "right", "wrong", "part", "no_answer", "undecided". */
struct str verdict_name(enum verdict v);
bool verdict_from_name(struct str name, enum verdict *out);
