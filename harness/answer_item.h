/* A suite's item as a question of answer.h: what the graders "math" and "choice" would compare a
 * reply with, by the item's fields and the definition's switches. */
#pragma once
#include "harness/answer.h"

/* Whether the grader's verdicts can be shown step by step. */
bool answer_item_knows(struct str grader);

/* *out without text. Fails when the item's answer, its options or the definition's switches make no
 * sense, as the grader would. Texts are borrowed from key or come from keep. */
MUST_CHECK bool answer_item_read(struct str grader, const struct json *key,
                                 const struct json *definition, struct answer_ask *out,
                                 struct arena *keep, struct err *e);
