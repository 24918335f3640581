/* Looking for wrong golds: a suite's answers read one by one, and what stored runs say against
 * them.
 *
 * A flag is a gold that somebody should look at; a note is one that is only unlike the others. None
 * of it changes anything: what is found wrong goes into the suite's errata (datasets/errata.h). */
#pragma once
#include "base/json.h"
#include "datasets/suite.h"
#include "graders/math/gold.h"
#include "harness/answer.h"

enum audit_kind {
    AUDIT_UNUSABLE, /* empty, unbalanced, of the wrong type, no option: the grader refuses it */
    AUDIT_UNREAD,   /* not understood, or not decided to equal itself */
    AUDIT_DAMAGED,  /* looks like what a spreadsheet or a wrong encoding leaves */
    AUDIT_MAJORITY, /* most samples of stored runs agree on another answer */
    AUDIT_UNLIKE,   /* a note: written in another form than nearly all others */
    AUDIT_DOUBTFUL, /* a note: might be damage, and might be right */
};

struct audit_flag {
    enum audit_kind kind;
    const struct item *item;
    struct str gold;
    struct str why;
};

struct audit {
    const struct suite *suite;
    struct audit_flag *flags; /* by item */
    int64_t n_flags;          /* notes included */
    int64_t n_notes;
    int64_t n_shapes[GOLD_N_SHAPES];
    int64_t n_runs;
    int64_t n_samples; /* of stored runs, of items that ask the same */
};

/* runs  paths of stored runs, may be none; each must be of a suite of this name
 * Fails with ERR_USAGE when the suite's grader has no final answers. */
MUST_CHECK bool audit_suite(const struct suite *s, const char *const *runs, int64_t n_runs,
                            struct audit *out, struct arena *keep, struct arena tmp, struct err *e);

const char *audit_kind_name(enum audit_kind k); /* "unusable", "not understood", ... */
bool audit_is_note(enum audit_kind k);
void audit_show(const struct audit *a, struct buf *out);
void audit_json(const struct audit *a, struct json_out *w);

/* ---- parts ---- */

/* What the text looks like the leavings of, or NULL. "1-Mar", "3/4/2024", "1.23E+11", "#REF!",
 * "nan", "Ã©". *is_doubtful: it may well be right ("43891" among small numbers is a date's number,
 * or an answer). is_small: no other whole number of the suite has five digits. */
const char *audit_damage(struct str gold, bool is_small, bool *is_doubtful);

/* The answer that most samples of an item agree on. */
struct audit_samples;
MUST_CHECK bool audit_samples_open(struct audit_samples **out, const struct suite *s,
                                   const char *const *runs, int64_t n_runs, int64_t *n_samples,
                                   struct arena *keep, struct arena tmp, struct err *e);

struct audit_majority {
    struct str answer; /* "" when no answer is given by more than half */
    int64_t n;         /* samples that give it */
    int64_t n_samples; /* of the item, those without an answer included */
    bool is_undecided; /* against the gold; else it is proved different or of another shape */
};

/* Of item i of the suite, whose question with its gold is `ask`. Nothing (n is 0) where the
 * majority agrees with the gold. */
struct audit_majority audit_samples_majority(const struct audit_samples *x, int64_t i,
                                             const struct answer_ask *ask, struct arena *keep,
                                             struct arena tmp);
