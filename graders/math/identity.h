/* Whether two expressions with free variables are the same function.
 *
 * Rational functions: three random points modulo 2^61 - 1, then exact polynomials where they stay
 * small (proved). Everything else: balls at random points of the natural domain, whole numbers
 * where factorials, floors or (-1)^n ask for them; apart at one point with both sides finite is
 * proved different as functions, together at all is probable. Random numbers are a function of the
 * pair.
 *
 * Variables keep their names. Unknown functions (EXPR_APPLY) are variables told apart by their
 * arguments. Shared domain: sqrt(x^2) against x is decided on x > 0 and on x < 0; where they agree
 * on only one of these the answer is EXACT_UNKNOWN with its reason. */
#pragma once
#include "graders/math/exact.h"

/* As exact_compare; without free variables it is exact_compare. EXACT_PROBABLE: `bits` is the
 * -log2 of the chance that unequal polynomials agree, or the bits of agreement of balls. */
struct exact identity_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget);

/* Whether a = c b for one constant c other than 0: what makes two equations with right side 0 the
 * same. *sign is that of c, 0 where it is not known (or c is not real): for inequalities. */
struct exact identity_proportional(struct exprs *x, int32_t a, int32_t b, int *sign,
                                   struct budget *budget);
