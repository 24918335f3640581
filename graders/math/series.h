/* Sums that have a value though nobody writes out their terms: geometric series without end, and
 * 1 + 2 + ... + 10. */
#pragma once
#include "graders/math/identity.h"

/* e with every such sum in it replaced by its value; e itself where there is none. Never EXPR_NONE.
 */
int32_t series_evaluated(struct exprs *x, int32_t e, struct budget *budget);

/* The value of a long sum of a polynomial with rational coefficients between whole bounds;
 * EXPR_NONE for any other node. */
int32_t series_of_polynomial(struct exprs *x, int32_t e, struct budget *budget);

/* The members of a list, tuple or pattern with dots written out (1, 2, ..., 10), as the same kind
 * of node; EXPR_NONE where no step is to be seen. */
int32_t series_members(struct exprs *x, int32_t e);
