/* Exact fractions: sign, numerator, denominator. Compared by cross multiplication, so they need
 * not be reduced; small ones are, because people read them in the evidence. */
#pragma once
#include "graders/math/bignum.h"

struct rational {
    bool minus; /* never with zero */
    struct big num;
    struct big den; /* never zero */
};

/* Each returns false when the budget is used up. */
bool rat_make(struct work *w, bool minus, struct big num, struct big den, struct rational *out);
bool rat_small(struct work *w, uint64_t num, uint64_t den, struct rational *out);
bool rat_add(struct work *w, struct rational a, struct rational b, struct rational *out);
bool rat_mul(struct work *w, struct rational a, struct rational b, struct rational *out);
bool rat_div(struct work *w, struct rational a, struct rational b,
             struct rational *out); /* b != 0 */
bool rat_pow(struct work *w, struct rational a, int64_t exponent, struct rational *out);
bool rat_cmp(struct work *w, struct rational a, struct rational b, int *order);

static inline struct rational rat_neg(struct rational a)
{
    a.minus = !a.minus && a.num.n > 0;
    return a;
}

static inline bool rat_is_zero(struct rational a)
{
    return a.num.n == 0;
}

static inline bool rat_is_whole(struct rational a)
{
    return a.den.n == 1 && a.den.limb[0] == 1;
}

void rat_print(struct rational a, struct buf *out); /* "-3/4", "12" */
