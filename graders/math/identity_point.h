/* Free variables, points to put in for them, and what an expression is worth there: inside
 * identity.c, region.c and statement.c, for nobody else.
 *
 * A point gives every variable an exact rational value (with an imaginary part where the complex
 * plane is meant). Values come as balls that are proved to hold the true one. What lies outside the
 * natural domain (the logarithm or square root of a negative number on the real line, a pole, the
 * factorial of 1/2) has no value there and decides nothing. */
#pragma once
#include <acb.h>

#include "base/limits.h"
#include "graders/math/exact.h"

/* How a variable is used: decides where its values are looked for. */
enum {
    VAR_WHOLE = 1,   /* below a factorial, a binomial, an exponent of -1, as a bound of a sum */
    VAR_STEPPED = 2, /* below floor, ceiling, abs, min, max: many points are needed */
    VAR_NAMED = 4,   /* its letter is one that stands for whole numbers: n, k, m */
};

enum { VARS_SCALES = 8 };

struct vars {
    struct exprs *x;
    struct budget *budget;
    int32_t node[LIMIT_MATH_VARS];  /* EXPR_SYMBOL or EXPR_APPLY */
    uint64_t name[LIMIT_MATH_VARS]; /* depends on what it is called, not on when it was made */
    int32_t use[LIMIT_MATH_VARS];
    int32_t n;
    int32_t same[LIMIT_MATH_VARS]; /* f(x + x) as f(2x): index of the variable it equals */
    uint64_t seed;                 /* of what was looked at, in any order */
    int64_t bits;                  /* of the longest number in it */
    double scale[VARS_SCALES];     /* sizes of numbers in it, where a step may lie */
    int32_t n_scales;
    bool is_far;     /* a size is beyond all points */
    bool is_stepped; /* somewhere: abs, floor, a root of what is no variable */
    bool has_loop;   /* a sum or product to be written out */
    bool is_complex; /* i, Re, conj: real points alone do not tell */
    bool has_parts;  /* Re, Im, conj, arg */
    bool is_unsure;  /* whether two named functions are the same is not known */
    bool is_full;    /* too many variables, or something no point can be put in */
};

/* Adds the variables of e. */
void vars_add(struct vars *v, int32_t e);
int32_t vars_find(const struct vars *v, int32_t node); /* -1 where there is none */
bool vars_is_whole_name(struct str name);
void vars_join(const struct vars *v, int32_t *a, int32_t *b); /* f(x + x) becomes f(2x) */
/* Neither is what no function can be: several values, a unit, "and so on". */
bool vars_are_functions(const struct exprs *x, int32_t a, int32_t b);

struct point {
    struct vars *vars;
    fmpq re[LIMIT_MATH_VARS];
    fmpq im[LIMIT_MATH_VARS];
    bool is_complex;                /* else what is not real has no value */
    int32_t bound[LIMIT_MATH_VARS]; /* index symbols of the sums around, innermost last */
    int64_t value[LIMIT_MATH_VARS];
    int32_t n_bound;
    int32_t i_wide; /* this variable is anywhere in the ball `wide`; -1: none */
    arb_t wide;
};

void point_init(struct point *p, struct vars *v);
void point_clear(struct point *p);

/* The exact value, where it is rational and found by arithmetic alone. */
bool point_rational(struct point *p, int32_t e, fmpq_t out);
/* A ball around the value. False: no value here, or not to be had at this precision. */
bool point_ball(struct point *p, int32_t e, acb_t out, slong prec);
