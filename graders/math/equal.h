/* Whether an answer says what the gold answer says, and how surely that is known.
 *
 * The gold's type picks the comparator: a number, a function, an ordered or unordered collection, a
 * set of reals, a matrix, a statement, words, an option's letter. Every verdict carries its level:
 *   E2 proved equal      E1 equal with a stated chance of error (random points, balls)
 *   D2 proved different  D1 of another type or shape
 *   U  undecided: not understood, over a limit, or a convention the problem would have to settle
 *   P  decided by a policy, which is named
 * Without policies the verdict is symmetric. */
#pragma once
#include "base/err.h"
#include "graders/math/exact.h"
#include "graders/math/latex.h"

enum equal_verdict { EQUAL_YES, EQUAL_NO, EQUAL_UNDECIDED };
enum equal_level { LEVEL_E2, LEVEL_E1, LEVEL_D2, LEVEL_D1, LEVEL_U, LEVEL_P };

/* Switches of a suite, by their names in a definition's "policies". */
struct equal_policy {
    /* "units": "optional": a side without a unit matches one with any; "strict": undecided;
     * "ignore": units are taken off both sides. */
    enum { UNITS_OPTIONAL, UNITS_STRICT, UNITS_IGNORE } units;
    /* "percent": "exact": 28% is 0.28, 28% against 28 is undecided; "loose": 28% is also 28. */
    enum { PERCENT_EXACT, PERCENT_LOOSE } percent;
    /* "rounding": "gold": a decimal gold accepts what rounds to it; "none": undecided instead;
     * "pred": a decimal answer of at least rounding_digits significant digits that the exact gold
     * rounds to is right too. */
    enum { ROUNDING_GOLD, ROUNDING_NONE, ROUNDING_PRED } rounding;
    int32_t rounding_digits; /* 0 is 6 */
    bool lists_ordered;      /* "list_order": true: a bare list is a tuple */
    bool intervals_strict;   /* "interval_inequality": false: 1<x<2 against (1,2) is undecided */
    bool may_rename;         /* "rename": true: variables may be renamed one to one */
};

/* From a suite definition's "policies" object (NULL: the defaults, all zero). Unknown names and
 * values are errors. */
struct json;
MUST_CHECK bool equal_policy_read(const struct json *j, struct equal_policy *out, struct err *e);
void equal_policy_print(const struct equal_policy *p, struct buf *out); /* as a JSON object */

struct equal {
    enum equal_verdict verdict;
    enum equal_level level;
    const char *comparator; /* static: "number", "set", "text" */
    const char *method;     /* static: what decided: "separation bound", "units: optional" */
    int64_t bits;           /* the chance of error is 2^-bits (E1); else 0 or bits used */
    struct str gold_read;   /* as it was read, "" when it was not */
    struct str pred_read;
    const char *gold_how; /* the reading taken: "", "comma groups digits" */
    const char *pred_how;
    struct str why; /* one line a person understands */
};

/* Texts of any bytes. Never fails: what goes over a limit is undecided. Strings come from keep. */
struct equal equal_decide(struct str gold, struct str pred, const struct equal_policy *policy,
                          struct arena *keep, struct arena tmp);

/* Whether a gold can be used: it is understood and equals itself. *why is set when not. */
bool equal_gold_is_sound(struct str gold, const struct equal_policy *policy, struct str *why,
                         struct arena *keep, struct arena tmp);

/* Whether a gold is a bare list or a set, which a reply may give in several boxes. */
bool equal_gold_is_list(struct str gold, struct arena tmp);

const char *equal_verdict_name(enum equal_verdict v); /* "equal", "different", "undecided" */
const char *equal_level_name(enum equal_level l);     /* "E2", ... "P" */
