/* When "different" would claim too much: both texts were read and do not say the same, but one of
 * them speaks of something that only the problem, or a reader of prose, can settle. Such a verdict
 * becomes undecided, with the reason.
 *
 *   k pi + pi/4, k whole        may be the same family with another parameter
 *   sin^2 x + C                 is -cos^2 x + C, for another C
 *   H_n, a_n = 2 a_{n-1}        sequences that the problem defines
 *   zeta(2), f(f(x))            functions that it defines
 *   +-1 +- sqrt 2               signs that may belong together or not
 *   1 if n is even, ...         conditions
 *   -7 mod 3                    what the sign belongs to */
#pragma once
#include "graders/math/expr.h"

/* Why the two roots, found different, may yet be the same; NULL: nothing speaks for it. Static. */
/* -7 mod 3 at the root: -1 to one reader, 2 to another, so that not even equality is sure. */
bool doubt_is_signed_remainder(const struct exprs *x, int32_t e);

/* C, C_1, K, c_2: a name for what an integration leaves open. */
bool doubt_is_open_constant(struct str name);

extern const char doubt_open_constant[]; /* one of the reasons; whoever can decide it may */
const char *doubt_of(const struct exprs *x, int32_t gold, int32_t pred);
