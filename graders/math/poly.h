/* Polynomials in a few variables, negative exponents allowed, with terms as coefficients.
 *
 * Made for numerators of a dozen monomials: sorted by exponents, immutable, in the terms' arena.
 * Whether a coefficient that is not written as 0 is 0 is not decided here. */
#pragma once
#include "graders/math/term.h"

enum { POLY_VARS = 12, POLY_MONOS = 512, POLY_FAILED = -1 };

struct mono {
    int32_t coef;
    int16_t e[POLY_VARS];
};

struct poly {
    const struct mono *at;
    int32_t n; /* POLY_FAILED: over a limit, the budget used up, or made of such a one */
};

struct poly poly_constant(struct terms *T, int32_t coef);
struct poly poly_monomial(struct terms *T, int32_t coef, int32_t var, int64_t e);
struct poly poly_add(struct terms *T, struct poly a, struct poly b);
struct poly poly_mul(struct terms *T, struct poly a, struct poly b);
struct poly poly_power(struct terms *T, struct poly a, int64_t n); /* n >= 0, or one monomial */
bool poly_is_same(struct poly a, struct poly b);                   /* as written */
