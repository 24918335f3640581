/* Functions with a cut or a pole, of terms whose place is proved first.
 *
 * Each gives TERM_UNKNOWN where the place cannot be decided, TERM_UNDEFINED where there is no
 * value. */
#pragma once
#include "graders/math/lower.h"

enum branch_side {
    SIDE_POSITIVE,
    SIDE_ZERO,
    SIDE_NEGATIVE,
    SIDE_OTHER, /* neither 0 nor negative: right of the axis or off the real line */
    SIDE_UNKNOWN,
};
enum branch_side branch_side(struct terms *T, int32_t a);

int32_t branch_inverse(struct lowering *l, int32_t a);
int32_t branch_divide(struct lowering *l, int32_t a, int32_t b);
int32_t branch_root(struct lowering *l, int32_t a, int64_t k); /* principal */
int32_t branch_power(struct lowering *l, int32_t a, int32_t b);
int32_t branch_power_q(struct lowering *l, int32_t a, const fmpq_t q);
int32_t branch_log(struct lowering *l, int32_t a);
int32_t branch_arg(struct lowering *l, int32_t a);
int32_t branch_abs(struct lowering *l, int32_t a);

/* The product of two sums term by term, where that stays small. */
int32_t branch_expand(struct terms *T, int32_t a, int32_t b);

/* All products and whole powers of sums below t written out; t itself where that grows large. */
int32_t branch_expand_all(struct terms *T, int32_t t);
