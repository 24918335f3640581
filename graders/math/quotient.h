/* Expressions as quotients of polynomials with whole coefficients, exactly.
 *
 * The variables of the polynomials are generators: symbols, constants that are not rational, roots
 * b^(1/d), powers b^(m/d) with a symbolic exponent m, and whatever else is opaque here (ln x, floor
 * x). What is the same polynomial in them is the same function wherever both sides have a value;
 * the other way round only where all generators are symbols and constants, see quotient_is_zero.
 *
 * quotients_open walks the expressions once to find the generators; quotient_of then builds. Sizes
 * are bounded by LIMIT_MATH_GENS and LIMIT_MATH_MONOMIALS: past them the end is QUOTIENT_LARGE. */
#pragma once
#include <flint/fmpz_mpoly.h>

#include "base/err.h"
#include "base/limits.h"
#include "graders/math/exact.h"

enum quotient_end {
    QUOTIENT_FINE,
    QUOTIENT_LARGE,       /* over a limit or the budget */
    QUOTIENT_NO_VALUE,    /* a divisor is the polynomial zero */
    QUOTIENT_NOT_A_SCALAR /* something that is no number: a list, an infinity, a unit */
};

enum quotient_kind {
    QUOTIENT_SYMBOL,   /* a variable, or a named function with its arguments */
    QUOTIENT_CONSTANT, /* no variables below, not rational */
    QUOTIENT_ROOT,     /* base^(1/den) */
    QUOTIENT_POWER,    /* base^(exponent/den) */
    QUOTIENT_OPAQUE,   /* a function of variables */
};

struct quotient_gen {
    enum quotient_kind kind;
    int32_t base;     /* the node itself for all but roots and powers */
    int32_t exponent; /* of QUOTIENT_POWER */
    int64_t den;
    bool is_odd;        /* of QUOTIENT_ROOT: real roots of negative numbers are meant */
    bool is_constant;   /* no variables below */
    bool is_involution; /* of QUOTIENT_POWER: (-1)^n, its square is 1 */
};

struct quotients {
    struct exprs *x;
    struct budget *budget;
    struct quotient_gen gens[LIMIT_MATH_GENS];
    int32_t n_gens;
    fmpz_mpoly_ctx_t ctx;
    bool is_open; /* false while generators are gathered: arithmetic is skipped then */
    enum quotient_end end;
};

struct quotient {
    struct quotients *ps; /* NULL: nothing to clear */
    fmpz_mpoly_t num;
    fmpz_mpoly_t den; /* never the polynomial zero */
};

/* False: see ps->end. quotients_close either way. */
bool quotients_open(struct quotients *ps, struct exprs *x, const int32_t *e, int32_t n,
                    struct budget *budget);
void quotients_close(struct quotients *ps);

void quotient_init(struct quotients *ps, struct quotient *p); /* zero */
void quotient_clear(struct quotient *p);

/* e must be (part of) what quotients_open saw. False: see ps->end. */
bool quotient_of(struct quotients *ps, int32_t e, struct quotient *out);

/* Uses b^(1/d)^d = b until no generator has a power it should not have. Changes num and den by the
 * same factor. */
bool quotient_reduce(struct quotient *p);

/* p += b, p *= b, p ^= k, p = 1/p. False: see ps->end. */
bool quotient_add(struct quotient *p, const struct quotient *b);
bool quotient_mul(struct quotient *p, const struct quotient *b);
bool quotient_pow(struct quotient *p, int64_t k);
bool quotient_invert(struct quotient *p);
void quotient_set_fmpq(struct quotient *p, const fmpq_t v);
bool quotient_set_gen(struct quotient *p, int32_t gen, int64_t power);
/* out = a.num b.den, for cross multiplication. */
bool quotient_cross(const struct quotient *a, const struct quotient *b, fmpz_mpoly_t out);

/* Whether the reduced polynomial f is the zero function. EXACT_EQUAL: yes; EXACT_DIFFERENT: no;
 * EXACT_PROBABLE: as exact.h says of a coefficient; EXACT_UNKNOWN: there are generators whose
 * relations are not known here. */
struct exact quotient_is_zero(struct quotients *ps, const fmpz_mpoly_t f);

/* What was found of two quotients, put right where their divisors may be zero: one that is zero in
 * disguise would make anything equal, one that stands over functions known by name alone proves no
 * difference. */
struct exact quotient_mind_divisors(const struct quotient *a, const struct quotient *b,
                                    struct exact found);

/* e with like terms added up, or e itself. */
int32_t quotient_linear(struct exprs *x, int32_t e, struct budget *budget);

/* Of a reduced f, the coefficients with respect to symbols: each a node made of its constants.
 * exps[i * n_gens + g] are the powers of the symbols. At most n_max, else -1. */
int32_t quotient_coefficients(struct quotients *ps, const fmpz_mpoly_t f, int32_t *coefs,
                              int64_t *exps, int32_t n_max);

/* The generators in f are symbols (mask 1 << QUOTIENT_SYMBOL), constants, ... */
/* Whether left = *ratio right with a constant other than 0, coefficient by coefficient; both are
 * reduced. *ratio is set where the truth is EXACT_EQUAL or EXACT_PROBABLE. */
struct exact quotient_ratio(struct quotients *ps, const fmpz_mpoly_t left, const fmpz_mpoly_t right,
                            int32_t *ratio);

bool quotient_is_opaque(const struct quotients *ps,
                        const fmpz_mpoly_t f); /* roots, powers, functions */
uint32_t quotient_kinds(const struct quotients *ps, const fmpz_mpoly_t f);
int32_t quotient_gen_node(struct quotients *ps, int32_t gen); /* its value as an expression */
