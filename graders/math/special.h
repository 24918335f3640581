/* Exact values of functions that have names: zeta and Gamma where they are powers of pi and
 * rationals. */
#pragma once
#include "graders/math/expr.h"

/* e with every call in it that has an exact value replaced by it, and Gamma(x + 3) brought down to
 * Gamma(x); e itself where there is none. Never EXPR_NONE. */
int32_t special_evaluated(struct exprs *x, int32_t e);
