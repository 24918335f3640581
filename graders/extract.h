/* Where a reply says its final answer is. Never guesses: a place that says so, or nothing.
 *
 * Only the visible part counts: what follows the last </think>; a <think> that never closes means
 * that no answer was reached. There, in this order:
 *
 *   box           the last \boxed{...}, \fbox{...}, \framebox{...} whose braces balance, the
 * outermost of nested ones. A final box that never closes is no answer, and an earlier box never
 *                 stands in for it. An approximation beside an exact box gives way to it; boxes
 * with only "and", "or", commas or semicolons between them are joined if the gold is a list.
 *   declaration   "The final answer is ...", "**Answer:** ...", "#### ...", "答案是", "Réponse :",
 * up to the end of the sentence; the last one that is not a question, a condition, a negation or a
 * quotation. A reply of one short expression is its own declaration. anything      the last
 * display, the last line or the last number: only where a suite asks for it.
 *
 *   \boxed{7}  \boxed {7}  \\boxed{7}    boxes (the third: backslashes doubled by JSON habits)
 *   \boxed 7   \boxed7                   TeX's one-token form: one digit standing alone
 *   \boxed 12  \boxed -1  \boxed\frac12  TeX would box less than is meant: unclear, not read
 *   \boxed     \boxedx                   talk about boxes, not a box
 *   \{ \}                                never counted as braces
 *
 * A few passes over the bytes, whatever they are: 10 MB take milliseconds. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

enum extract_gold { EXTRACT_ONE, EXTRACT_LIST }; /* a list may come in several boxes */

/* The lowest rank that counts: a suite's switch "extraction", "boxed", "declared" or "any". */
enum extract_reach { EXTRACT_BOXED, EXTRACT_DECLARED, EXTRACT_ANY };

enum extract_rule {
    /* with a text */
    EXTRACT_BOX,         /* \boxed{...} */
    EXTRACT_TOKEN,       /* \boxed 7 */
    EXTRACT_BOX_EXACT,   /* the exact value of which the last box gives a decimal */
    EXTRACT_BOX_JOINED,  /* neighbouring boxes, for a list */
    EXTRACT_SAID,        /* a declaration */
    EXTRACT_SAID_LAST,   /* a declaration: the last side of a chain, 256+37 = 293 */
    EXTRACT_SAID_EXACT,  /* a declaration: the exact side of \sqrt{17} \approx 4.12 */
    EXTRACT_WHOLE,       /* the reply is one short expression */
    EXTRACT_DISPLAY,     /* the last display */
    EXTRACT_LAST_LINE,   /* the last line is one short expression */
    EXTRACT_LAST_NUMBER, /* the last number anywhere */
    /* without */
    EXTRACT_NOTHING,    /* no box, and no declaration if those count */
    EXTRACT_UNCLOSED,   /* the final box never closes */
    EXTRACT_EMPTY,      /* the final box holds nothing but space */
    EXTRACT_SAID_EMPTY, /* the reply ends where its answer was announced */
    EXTRACT_UNCLEAR,    /* the final box is bare and not one digit, or boxes are too many */
    EXTRACT_THINKING,   /* reasoning that never ends */
};

/* A place that was looked at: in a box, or what a declaration says. */
struct extract_place {
    enum extract_rule rule;
    int64_t from;
    int64_t to;
};

enum { EXTRACT_PLACES = 8 };

struct extract {
    enum extract_rule rule;
    struct str text; /* trimmed; empty without an answer. Borrowed from the reply, or from keep
                      * when boxes were joined: "2, 4" */
    int64_t from;    /* its bytes in the reply, [from, to); of joined boxes, from the first to the
                      * last; elsewhere where the trouble begins */
    int64_t to;
    int64_t n_boxes;   /* boxes that count: closed, and not inside another */
    bool do_all_agree; /* whether every one holds the same text */
    bool is_hedged;    /* the text stands beside another box ("or", "and") and was taken alone */
    struct extract_place places[EXTRACT_PLACES]; /* the last ones, in the order of the reply */
    int64_t n_places;
    const char *why; /* static: one line a person understands */
};

/* reply  any bytes       keep  for a text that is no piece of the reply */
struct extract extract_answer(struct str reply, enum extract_gold gold, enum extract_reach reach,
                              struct arena *keep, struct arena tmp);

bool extract_has_text(enum extract_rule rule); /* whether the rule gives an answer */

/* "boxed", "boxed_token", "boxed_exact", "boxed_joined", "declared", "declared_chain",
 * "declared_exact", "whole_reply", "display", "last_line", "last_number"; "nothing",
 * "unclosed_box", "empty_box", "empty_declaration", "unclear_box", "unclosed_think" */
const char *extract_rule_name(enum extract_rule rule);

/* "boxed", "declared", "any"; false: another word */
bool extract_reach_from_name(struct str name, enum extract_reach *out);
