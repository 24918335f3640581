/* One final answer against one gold, outside of any run: extract, decide, and say why. What
 * `answer` and `grade --explain` show.
 *
 * The same extractor and decider as the graders "math" and "choice"; nothing is stored, nothing is
 * run, no model is asked. */
#pragma once
#include "base/json.h"
#include "graders/choice.h"
#include "graders/extract.h"
#include "graders/math/equal.h"

enum answer_kind { ANSWER_MATH, ANSWER_CHOICE };

struct answer_ask {
    enum answer_kind kind;
    struct str gold;
    struct str text;  /* the answer alone, or a whole reply */
    bool is_response; /* a whole reply: the answer is looked for */
    enum extract_reach reach;
    struct equal_policy policy;
    const struct str *options; /* of ANSWER_CHOICE; NULL: only their number is known */
    int64_t n_options;         /* 0: not even that */
};

enum answer_verdict { ANSWER_EQUAL, ANSWER_DIFFERENT, ANSWER_UNDECIDED, ANSWER_NONE };

struct answer_said {
    enum answer_verdict verdict;
    const char *level;    /* "E2" ... "P"; NULL when nothing was compared */
    struct str extracted; /* "" when there is none */
    bool is_hedged;       /* it stands beside another one and was taken alone */
    const char *rule;     /* of the extraction; "given" for an answer that came alone */
    int64_t from;         /* its bytes in the reply, or where the trouble is; -1: nowhere */
    int64_t to;
    const char *comparator; /* NULL when nothing was compared */
    const char *method;
    int64_t bits;
    struct str gold_read; /* as understood, "" when not */
    struct str pred_read;
    const char *gold_how; /* the reading taken, "" for the plain one */
    const char *pred_how;
    struct str why;
};

/* Fails with ERR_INPUT when the gold is empty, or names none of the options. */
MUST_CHECK bool answer_decide(const struct answer_ask *a, struct answer_said *out,
                              struct arena *keep, struct arena tmp, struct err *e);

/* "equal", "different", "undecided", "no_answer" */
const char *answer_verdict_name(enum answer_verdict v);

/* The five members other programs rely on, into an open object: verdict, level, extracted, span,
 * why. */
void answer_json(const struct answer_said *s, struct json_out *w);
/* The rest: rule, comparator, method, bits, gold, pred (as read), policies. */
void answer_json_details(const struct answer_ask *a, const struct answer_said *s,
                         struct json_out *w);
/* For people: a block of lines, each with `indent` blanks before it. */
void answer_show(const struct answer_ask *a, const struct answer_said *s, int indent,
                 struct buf *out);
