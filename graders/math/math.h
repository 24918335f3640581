/* The grader "math": the last box of the reply against the item's answer, exactly.
 *
 * Right: both say the same, or are the same text once looks are taken off. Wrong: both were
 * understood and differ. No answer: no box, an empty one, one that never closes, reasoning that
 * never ends. Undecided: everything else. It never guesses, uses no floating point, and runs
 * nothing of what a model wrote.
 *
 * The definition's fields: {"answer": NAME}; the item's NAME is text or a whole number. An answer
 * of ours that makes no sense (empty, unbalanced) is an err: the item stays ungraded.
 *
 * Evidence, a JSON object: rule and span of the extraction, boxes seen and whether they agree, both
 * sides as they were read, and the rule that decided (graders/math/compare.h). */
#pragma once
#include "graders/grader.h"

extern const struct grader grader_math;

enum { MATH_VERSION = 2 };

/* The verdict on one pair of answer texts, without extraction. *why is static or from keep. */
MUST_CHECK bool math_compare(struct str gold, struct str answer, enum verdict *verdict,
                             struct str *why, struct arena *keep, struct arena tmp, struct err *e);
