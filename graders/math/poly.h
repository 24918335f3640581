/* Expressions as quotients of polynomials with whole coefficients, exactly.
 *
 * The variables of the polynomials are generators: symbols, constants that are not rational, roots
 * b^(1/d), powers b^(m/d) with a symbolic exponent m, and whatever else is opaque here (ln x, floor
 * x). What is the same polynomial in them is the same function wherever both sides have a value;
 * the other way round only where all generators are symbols and constants, see poly_is_zero.
 *
 * polys_open walks the expressions once to find the generators; poly_of then builds. Sizes are
 * bounded by LIMIT_MATH_GENS and LIMIT_MATH_MONOMIALS: past them the end is POLY_LARGE. */
#pragma once
#include <flint/fmpz_mpoly.h>

#include "base/err.h"
#include "base/limits.h"
#include "graders/math/exact.h"

enum poly_end {
    POLY_FINE,
    POLY_LARGE,       /* over a limit or the budget */
    POLY_NO_VALUE,    /* a divisor is the polynomial zero */
    POLY_NOT_A_SCALAR /* something that is no number: a list, an infinity, a unit */
};

enum poly_kind {
    POLY_SYMBOL,   /* a variable, or a named function with its arguments */
    POLY_CONSTANT, /* no variables below, not rational */
    POLY_ROOT,     /* base^(1/den) */
    POLY_POWER,    /* base^(exponent/den) */
    POLY_OPAQUE,   /* a function of variables */
};

struct poly_gen {
    enum poly_kind kind;
    int32_t base;     /* the node itself for all but roots and powers */
    int32_t exponent; /* of POLY_POWER */
    int64_t den;
    bool is_odd;        /* of POLY_ROOT: real roots of negative numbers are meant */
    bool is_constant;   /* no variables below */
    bool is_involution; /* of POLY_POWER: (-1)^n, its square is 1 */
};

struct polys {
    struct exprs *x;
    struct budget *budget;
    struct poly_gen gens[LIMIT_MATH_GENS];
    int32_t n_gens;
    fmpz_mpoly_ctx_t ctx;
    bool is_open; /* false while generators are gathered: arithmetic is skipped then */
    enum poly_end end;
};

struct poly {
    struct polys *ps; /* NULL: nothing to clear */
    fmpz_mpoly_t num;
    fmpz_mpoly_t den; /* never the polynomial zero */
};

/* False: see ps->end. polys_close either way. */
bool polys_open(struct polys *ps, struct exprs *x, const int32_t *e, int32_t n,
                struct budget *budget);
void polys_close(struct polys *ps);

void poly_init(struct polys *ps, struct poly *p); /* zero */
void poly_clear(struct poly *p);

/* e must be (part of) what polys_open saw. False: see ps->end. */
bool poly_of(struct polys *ps, int32_t e, struct poly *out);

/* Uses b^(1/d)^d = b until no generator has a power it should not have. Changes num and den by the
 * same factor. */
bool poly_reduce(struct poly *p);

/* p += b, p *= b, p ^= k, p = 1/p. False: see ps->end. */
bool poly_add(struct poly *p, const struct poly *b);
bool poly_mul(struct poly *p, const struct poly *b);
bool poly_pow(struct poly *p, int64_t k);
bool poly_invert(struct poly *p);
void poly_set_fmpq(struct poly *p, const fmpq_t v);
bool poly_set_gen(struct poly *p, int32_t gen, int64_t power);
/* out = a.num b.den, for cross multiplication. */
bool poly_cross(const struct poly *a, const struct poly *b, fmpz_mpoly_t out);

/* Whether the reduced polynomial f is the zero function. EXACT_EQUAL: yes; EXACT_DIFFERENT: no;
 * EXACT_PROBABLE: as exact.h says of a coefficient; EXACT_UNKNOWN: there are generators whose
 * relations are not known here. */
struct exact poly_is_zero(struct polys *ps, const fmpz_mpoly_t f);

/* What was found of two quotients, put right where their divisors may be zero: one that is zero in
 * disguise would make anything equal, one that stands over functions known by name alone proves no
 * difference. */
struct exact poly_mind_divisors(const struct poly *a, const struct poly *b, struct exact found);

/* e with like terms added up, or e itself. */
int32_t poly_linear(struct exprs *x, int32_t e, struct budget *budget);

/* Of a reduced f, the coefficients with respect to symbols: each a node made of its constants.
 * exps[i * n_gens + g] are the powers of the symbols. At most n_max, else -1. */
int32_t poly_coefficients(struct polys *ps, const fmpz_mpoly_t f, int32_t *coefs, int64_t *exps,
                          int32_t n_max);

/* The generators in f are symbols (mask 1 << POLY_SYMBOL), constants, ... */
/* Whether left = *ratio right with a constant other than 0, coefficient by coefficient; both are
 * reduced. *ratio is set where the truth is EXACT_EQUAL or EXACT_PROBABLE. */
struct exact poly_ratio(struct polys *ps, const fmpz_mpoly_t left, const fmpz_mpoly_t right,
                        int32_t *ratio);

bool poly_is_opaque(const struct polys *ps, const fmpz_mpoly_t f); /* roots, powers, functions */
uint32_t poly_kinds(const struct polys *ps, const fmpz_mpoly_t f);
int32_t poly_gen_node(struct polys *ps, int32_t gen); /* its value as an expression */
