/* Where a reply says its final answer is. Never guesses: a box, or nothing.
 *
 * Only the visible part counts: what follows the last </think>; a <think> that never closes means
 * that no answer was reached. There the last \boxed{...} whose braces balance is the answer, the
 * outermost one when boxes are nested. A final box that never closes is no answer, and an earlier
 * box never stands in for it. Of several boxes the last wins, and the evidence says so.
 *
 *   \boxed{7}  \boxed {7}  \\boxed{7}    boxes (the third: backslashes doubled by JSON habits)
 *   \boxed 7   \boxed7                   TeX's one-token form: one digit standing alone
 *   \boxed 12  \boxed -1  \boxed\frac12  TeX would box less than is meant: unclear, not read
 *   \boxed     \boxedx                   talk about boxes, not a box
 *   \{ \}                                never counted as braces
 *
 * One pass over the bytes, whatever they are: 10 MB take milliseconds. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

enum extract_rule {
    EXTRACT_BOX,      /* \boxed{...} */
    EXTRACT_TOKEN,    /* \boxed 7 */
    EXTRACT_NOTHING,  /* no box at all */
    EXTRACT_UNCLOSED, /* the final box never closes */
    EXTRACT_EMPTY,    /* the final box holds nothing but space */
    EXTRACT_UNCLEAR,  /* the final box is bare and not one digit */
    EXTRACT_THINKING, /* reasoning that never ends */
};

struct extract {
    enum extract_rule rule;
    struct str text; /* what is in the box, trimmed; only with EXTRACT_BOX and EXTRACT_TOKEN */
    int64_t from;    /* its bytes in the reply, [from, to); elsewhere where the trouble begins */
    int64_t to;
    int64_t n_boxes;   /* boxes that count: closed, and not inside another */
    bool do_all_agree; /* whether every one holds the same text */
};

struct extract extract_answer(struct str reply, struct arena tmp);

/* "boxed", "boxed_token", "no_box", "unclosed_box", "empty_box", "unclear_box", "unclosed_think" */
const char *extract_rule_name(enum extract_rule rule);
