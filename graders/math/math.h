/* The grader "math": the final answer of a reply against the item's answer.
 *
 * graders/extract.h takes the answer out of the reply, graders/math/equal.h decides. Right and
 * wrong are what is proved, probable with a stated chance of error, or settled by a policy that is
 * named; no answer: the reply gives none; undecided: everything else, or a question for a judge
 * model where the suite has one ("judge": "model"). Nothing of what a model wrote is ever evaluated
 * as code.
 *
 * The definition:
 *   "fields": {"answer": NAME}   the item's NAME is text or a whole number
 *   "policies": {...}            graders/math/equal.h
 *   "extraction": "boxed" | "declared" (default) | "any"
 *   "judge": "model"             graders/math/judge_question.h; off by default
 * An answer of ours that makes no sense (empty, unbalanced, not UTF-8) is an err: the item stays
 * ungraded. One that is prose is not: replies to it are undecided unless they say the same words.
 *
 * Evidence, a JSON object: rule and span of the extraction and the places it looked at, both sides
 * as they were read, comparator, method, certificate level and the policies. */
#pragma once
#include "graders/grader.h"
#include "graders/math/equal.h"

extern const struct grader grader_math;

enum { MATH_VERSION = 2 };

/* An item's answer by the definition's fields; *gold from keep. Fails on what cannot be used. */
MUST_CHECK bool math_gold(const struct json *key, const struct json *definition, struct str *gold,
                          struct arena *keep, struct err *e);
