/* How close to 0 an algebraic number can lie without being 0.
 *
 * A term E is U / L with algebraic integers U and L; u bounds |U| in every conjugate, l bounds |L|.
 * The norm of U is a whole number, so either U = 0 or |U| >= u^-(D-1), where D bounds the degree of
 * the field all of E lies in: the product over the distinct roots in it (a root shared by ten
 * places counts once, roots of one radicand count with the common degree) times the degree of the
 * roots of unity together. Hence |E| < 2^-bits with bits = (D - 1) log2 u + log2 l proves E = 0.
 * Source: Burnikel, Funke, Mehlhorn, Schirra, Schmitt 2001. */
#pragma once
#include "graders/math/term.h"

/* Bits as above, rounded up; -1 where t is not known to be algebraic, or the number is over
 * LIMIT_MATH_PROOF. */
int64_t bound_bits(struct terms *T, int32_t t);
