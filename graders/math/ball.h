/* Values of terms as balls: a midpoint and a radius that surely holds the value (Arb).
 *
 * Every node keeps its value at the highest precision anyone asked for, so a comparison that goes
 * from 64 to 128 bits evaluates each shared part once a precision. Nodes known to be real have an
 * imaginary part of exactly 0. What overflows or divides by a ball around 0 is not finite, and then
 * proves nothing. */
#pragma once
#include "graders/math/term.h"

/* The value with about `bits` of precision; NULL when the budget is used up. Borrowed until the
 * next node or value is made. */
const acb_struct *ball_of(struct terms *T, int32_t t, int64_t bits);

bool ball_is_not_zero(const acb_struct *z); /* finite and without 0 */
int ball_sign(const acb_struct *z);         /* of a real one: 1, -1, or 0 where it holds 0 */

bool ball_is_below(const acb_struct *z, int64_t e); /* all of it is under 2^e in absolute value */

/* log2, about, of the largest absolute value inside, -inf for exactly 0, +inf where it is not
 * finite. */
double ball_log2(const acb_struct *z);
