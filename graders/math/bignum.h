/* Whole numbers of any size, without sign, for exact comparison of answers.
 *
 * Answers are decimal text and small arithmetic, so limbs are base 10^9: reading and printing are
 * linear, and a million-digit integer compares without any conversion. What multiplies spends
 * steps from a budget (limb products), so that work is bounded, not time: when it is used up the
 * caller says "undecided". Numbers are immutable and live in the budget's arena. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct work {
    struct arena *mem;
    int64_t steps; /* limb products left; below zero: used up */
};

/* Takes n steps off the budget; false when it is used up. */
bool work_spend(struct work *w, int64_t n);

struct big {
    const uint32_t *limb; /* least significant first, no zero on top */
    int64_t n;            /* 0: the number zero */
};

/* Each returns false when the budget is used up; *out is then untouched. */
bool big_read(struct work *w, struct str digits, struct big *out); /* only 0-9, at least one */
bool big_small(struct work *w, uint64_t v, struct big *out);
bool big_add(struct work *w, struct big a, struct big b, struct big *out);
bool big_sub(struct work *w, struct big a, struct big b, struct big *out); /* a >= b */
bool big_mul(struct work *w, struct big a, struct big b, struct big *out);
bool big_pow(struct work *w, struct big a, int64_t exponent, struct big *out); /* exponent >= 0 */

int big_cmp(struct big a, struct big b);
bool big_u64(struct big a, uint64_t *out); /* false when it does not fit 10^18 */
void big_print(struct big a, struct buf *out);
