/* Constants as the prover works with them: few operations, one normal form, no convention left
 * open.
 *
 * The graph an answer was read into (expr.h) keeps what was written; a term keeps what it means.
 * Trigonometric functions are exponentials, inverse ones are logarithms or arguments, every power
 * has a whole exponent or is a principal root, every angle that is a rational part of the circle is
 * a root of unity. Equal terms are one node; sums collect like terms, products like factors, roots
 * of rationals are taken of primes, so that many equal numbers meet without any proof.
 *
 * What the constructors are given has a value: divisors and arguments of logarithms are not zero,
 * arguments of logarithms, roots and arg do not lie on the cut (the negative axis, 0 for arg and
 * log). Whoever lowers an answer proves that first (lower.c), which is why cancelling is safe here.
 */
#pragma once
#include <acb.h>

#include "graders/math/exact.h"

enum term_kind {
    TERM_RATIONAL, /* q */
    TERM_UNIT,     /* e^(2 pi i q), 0 < q < 1/2 */
    TERM_COS,      /* 2 cos(2 pi q), 0 < q < 1/4: an algebraic integer */
    TERM_PI,
    TERM_GAMMA,     /* Euler's constant */
    TERM_FACTORIAL, /* of the whole number q, too large to be written out */
    TERM_ADD,       /* q + the arguments */
    TERM_MUL,       /* q times the arguments, q not 0 */
    TERM_POWER,     /* argument to the whole power q, which is not 0 or 1 */
    TERM_ROOT,      /* principal k-th root of the argument */
    TERM_EXP,
    TERM_LOG, /* principal */
    TERM_ARG, /* in (-pi, pi) */
};

/* True statements about a node's value; one that is missing says nothing. */
enum { TERM_IS_REAL = 1, TERM_IS_POSITIVE = 2, TERM_IS_ALGEBRAIC = 4 };

enum { TERM_UNKNOWN = -1, TERM_UNDEFINED = -2 }; /* instead of a node; passed on by constructors */

struct term {
    fmpq q[1];
    acb_struct value[1];
    const int32_t *args;
    int32_t n_args;
    int32_t k;
    int32_t memo; /* good while stamp is the graph's */
    uint32_t stamp;
    uint64_t hash;
    int64_t prec;  /* bits the value was asked for, 0: not evaluated */
    double log2_u; /* the separation bound's two numbers, where has_bound */
    double log2_l;
    bool has_bound;
    uint8_t facts;
    uint8_t kind;
    int32_t depth;
};

struct terms {
    struct arena mem;
    struct budget *budget;
    struct term *at;
    int32_t *table;
    int32_t n;
    int32_t cap;
    int32_t n_table;
    uint32_t stamp;
    int32_t level; /* proofs within proofs, see generators.c */
};

void terms_open(struct terms *T, struct arena mem, struct budget *budget);
void terms_close(struct terms *T);

static inline struct term *term_at(const struct terms *T, int32_t t)
{
    return &T->at[t];
}
static inline enum term_kind term_kind(const struct terms *T, int32_t t)
{
    return (enum term_kind)T->at[t].kind;
}
static inline bool term_is(const struct terms *T, int32_t t, int facts)
{
    return (T->at[t].facts & facts) == facts;
}
bool term_is_zero(const struct terms *T, int32_t t); /* the rational 0 */
/* t = r pi */
bool term_is_pi_times(const struct terms *T, int32_t t, fmpq_t r);

/* The node itself; for the constructors. q NULL is 0. */
struct term_make {
    enum term_kind kind;
    int facts;
    const fmpq *q;
    int32_t k;
    const int32_t *args;
    int32_t n_args;
};
int32_t term_intern(struct terms *T, const struct term_make *m);

/* ------------------------------------------------------------------------ constructors */

int32_t term_rational(struct terms *T, const fmpq_t q);
int32_t term_int(struct terms *T, int64_t v);
int32_t term_ratio(struct terms *T, int64_t p, int64_t q);
int32_t term_pi(struct terms *T);
int32_t term_i(struct terms *T);
int32_t term_unit(struct terms *T, const fmpq_t q);   /* e^(2 pi i q), any q */
int32_t term_cos_pi(struct terms *T, const fmpq_t q); /* cos(pi q), any q */

int32_t term_sum(struct terms *T, const int32_t *t, int32_t n);
int32_t term_product(struct terms *T, const int32_t *t, int32_t n);
int32_t term_add(struct terms *T, int32_t a, int32_t b);
int32_t term_sub(struct terms *T, int32_t a, int32_t b);
int32_t term_mul(struct terms *T, int32_t a, int32_t b);
int32_t term_div(struct terms *T, int32_t a, int32_t b); /* b is not zero */
int32_t term_neg(struct terms *T, int32_t a);
int32_t term_scale(struct terms *T, int32_t a, const fmpq_t q);
int32_t term_power(struct terms *T, int32_t a, const fmpz_t n); /* a is not zero where n < 0 */
int32_t term_power_si(struct terms *T, int32_t a, int64_t n);
int32_t term_root(struct terms *T, int32_t a, int64_t k); /* principal; a is off the cut, or 0 */
int32_t term_exp(struct terms *T, int32_t a);
int32_t term_log(struct terms *T, int32_t a); /* principal; a is off the cut */
int32_t term_arg(struct terms *T, int32_t a); /* a is off the cut */
int32_t term_conj(struct terms *T, int32_t a);

/* Principal a^q for a off the cut, or 0 and q > 0. */
int32_t term_power_q(struct terms *T, int32_t a, const fmpq_t q);
