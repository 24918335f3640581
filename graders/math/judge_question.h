/* What a judge model is asked when the decider cannot tell, and how its reply is read.
 *
 * One conversation: the problem if the item has it, the expected answer, the candidate's. The reply
 * must end with a line that is exactly
 *     VERDICT: YES     or     VERDICT: NO
 * and anything else leaves the question undecided.
 *
 * The candidate's text was written by the model under test, which may want to talk to the judge.
 * It therefore comes on one line of its own between two fence lines that hold a hash of everything
 * asked, so that no text can contain its own fence; line ends of every kind, control and invisible
 * characters become spaces; no "<" touches what follows, which takes every control string of a chat
 * template apart ("<|", "</think>"); and the word of the protocol is spelled out ("v-e-r-d-i-c-t").
 * A verdict found this way is never a proof: the grade says that a model gave it.
 *
 * How a grader uses it, where its own decision is "undecided":
 *     if (judge_question_may(in))                { judge_question_make(...); *next = GRADE_ASK; }
 *     else if (in->n_judged > 0)                 judge_question_read(in->judged[0]) */
#pragma once
#include "graders/grader.h"

struct judge_question {
    struct str problem; /* "" when the item does not say it */
    struct str gold;
    struct str answer; /* as extracted; not empty */
    bool thinking;     /* whether the judge may reason first */
};

/* Whether to ask: the suite has a judge, it can be reached now, and it was not asked yet. */
bool judge_question_may(const struct grade_in *in);

/* The problem's text, out of the item's field that the definition's "fields" call "problem", else
 * out of "problem", "question" or "prompt"; "" when there is none. */
struct str judge_question_problem(const struct grade_in *in);

/* The same for any item and definition, and for every text of the question. *out from keep. False,
 * and nothing is made, when gold, answer or problem is over LIMIT_ANSWER_BYTES: such a question
 * would cost more than it is worth, and stays undecided. */
MUST_CHECK bool judge_question_make(const struct judge_question *q, struct chat *out,
                                    struct arena *keep);

enum judge_said { JUDGE_YES, JUDGE_NO, JUDGE_UNCLEAR };

/* reply  visible text of the judge's reply; white space at its end does not count */
enum judge_said judge_question_read(struct str reply);
const char *judge_said_name(enum judge_said s); /* "yes", "no", "unclear" */
