/* Polynomials in a few variables, negative exponents allowed, with terms as coefficients.
 *
 * Made for numerators of a dozen monomials: sorted by exponents, immutable, in the terms' arena.
 * Whether a coefficient that is not written as 0 is 0 is not decided here. */
#pragma once
#include "graders/math/term.h"

enum { TERMPOLY_VARS = 12, TERMPOLY_MONOS = 512, TERMPOLY_FAILED = -1 };

struct mono {
    int32_t coef;
    int16_t e[TERMPOLY_VARS];
};

struct termpoly {
    const struct mono *at;
    int32_t n; /* TERMPOLY_FAILED: over a limit, the budget used up, or made of such a one */
};

struct termpoly termpoly_constant(struct terms *T, int32_t coef);
struct termpoly termpoly_monomial(struct terms *T, int32_t coef, int32_t var, int64_t e);
struct termpoly termpoly_add(struct terms *T, struct termpoly a, struct termpoly b);
struct termpoly termpoly_mul(struct terms *T, struct termpoly a, struct termpoly b);
struct termpoly termpoly_power(struct terms *T, struct termpoly a,
                               int64_t n);                   /* n >= 0, or one monomial */
bool termpoly_is_same(struct termpoly a, struct termpoly b); /* as written */
