/* What an answer says, as a graph: every part once, equal parts the same node.
 *
 * The reader (latex.h) builds it, exact.h and identity.h decide whether two nodes are equal,
 * equal.h compares what is not one number or one function. A node is an index, good in the graph
 * that made it; both sides of a comparison live in one graph, so that equal parts meet. Nodes are
 * immutable.
 *
 * The constructors do what can be done without deciding anything: sums and products are flattened
 * and ordered by age, plain rationals in them are added up, x^1 is x. They never fail: where the
 * graph is full (LIMIT_MATH_NODES), a number grows past LIMIT_MATH_BITS or an argument is
 * EXPR_NONE, the result is EXPR_NONE, and whoever asks at the end says "too large". Nothing is
 * evaluated: 2004! and 10^(10^10) are nodes. */
#pragma once
#include <flint/fmpq.h>

#include "base/arena.h"
#include "base/str.h"

enum expr_op {
    /* scalars */
    EXPR_NUMBER,   /* a rational, see expr_number and expr_decimals */
    EXPR_CONSTANT, /* which: enum expr_constant */
    EXPR_SYMBOL,   /* a variable: "x", "a_1", "\\alpha" */
    EXPR_ADD,      /* two or more */
    EXPR_MUL,      /* two or more */
    EXPR_POW,      /* base, exponent; a quotient is a product with powers -1, \sqrt{x} is x^(1/2) */
    EXPR_CALL,     /* which: enum expr_function; its arguments */
    EXPR_APPLY,    /* a function the problem names: EXPR_SYMBOL, then its arguments */
    EXPR_SUM,      /* body, index symbol, from, to; also over a set: body, symbol, set */
    EXPR_PRODUCT,  /* the same */
    EXPR_PLUS_MINUS, /* a, b: a + b and a - b; which: 0 for \pm, 1 for \mp */
    EXPR_MEASURE,    /* a scalar and its unit, name: "cm", "m/s^2", "%", "deg", "$" */
    EXPR_DOTS,       /* an ellipsis */

    /* collections */
    EXPR_LIST,     /* bare, with commas or words; name: "", "or", "and" */
    EXPR_TUPLE,    /* (a, b) */
    EXPR_SET,      /* {a, b}; without arguments the empty set */
    EXPR_INTERVAL, /* from, to; which: EXPR_OPEN_FROM | EXPR_OPEN_TO */
    EXPR_UNION,    /* two or more sets */
    EXPR_INTERSECTION,
    EXPR_DIFFERENCE, /* a set without another */
    EXPR_BUILDER,    /* { element | condition } */
    EXPR_MATRIX,     /* which: columns; arguments by rows */

    /* statements */
    EXPR_RELATION, /* a < b <= c: n arguments; name: n - 1 of the bytes of enum expr_relation */
    EXPR_NOT,
    EXPR_AND, /* statements all true: systems, conditions */
    EXPR_OR,
    EXPR_FOR_ALL, /* statement, symbol or element statement */

    EXPR_TEXT,   /* words, name: lower case, single spaces, no full stop at the end */
    EXPR_LETTER, /* an option's name where nothing else makes sense, name: "A" */
};

enum { EXPR_NONE = -1 };
enum { EXPR_OPEN_FROM = 1, EXPR_OPEN_TO = 2 };

enum expr_constant {
    EXPR_PI,
    EXPR_E,
    EXPR_I,
    EXPR_INFINITY,
    EXPR_GOLDEN, /* (1 + sqrt 5)/2, only where a text says so in words */
    EXPR_GAMMA,  /* Euler's constant, likewise */
    EXPR_NATURALS,
    EXPR_INTEGERS,
    EXPR_RATIONALS,
    EXPR_REALS,
    EXPR_COMPLEXES,
    EXPR_N_CONSTANTS,
};

enum expr_function {
    EXPR_SIN,
    EXPR_COS,
    EXPR_TAN,
    EXPR_COT,
    EXPR_SEC,
    EXPR_CSC,
    EXPR_ASIN,
    EXPR_ACOS,
    EXPR_ATAN,
    EXPR_ACOT,
    EXPR_ASEC,
    EXPR_ACSC,
    EXPR_SINH,
    EXPR_COSH,
    EXPR_TANH,
    EXPR_COTH,
    EXPR_ASINH,
    EXPR_ACOSH,
    EXPR_ATANH,
    EXPR_LN,
    EXPR_LOG,  /* argument, base */
    EXPR_ROOT, /* argument, degree: \sqrt[3]{-8} is -2; see exact.h on which root */
    EXPR_FACTORIAL,
    EXPR_DOUBLE_FACTORIAL,
    EXPR_BINOMIAL, /* n, k */
    EXPR_FLOOR,
    EXPR_CEIL,
    EXPR_ABS,
    EXPR_SIGN,
    EXPR_MIN,
    EXPR_MAX,
    EXPR_GCD,
    EXPR_LCM,
    EXPR_MOD, /* a, n: the remainder in [0, n) */
    EXPR_RE,
    EXPR_IM,
    EXPR_CONJ,
    EXPR_ARG,
    EXPR_DET,
    EXPR_PHI, /* Euler's totient, only where the text makes a call of it: \varphi(12) */
    EXPR_N_FUNCTIONS,
};

/* One byte each in the name of an EXPR_RELATION. */
enum expr_relation {
    EXPR_EQ = '=',
    EXPR_NE = '!',
    EXPR_LT = '<',
    EXPR_LE = 'l',
    EXPR_GT = '>',
    EXPR_GE = 'g',
    EXPR_IN = 'e',
    EXPR_NOT_IN = 'n',
    EXPR_SUBSET = 's',
    EXPR_APPROX = '~',
    EXPR_CONGRUENT = 'c', /* a, b, and the modulus as third argument: name "c" alone */
    EXPR_DIVIDES = '|',
};

struct exprs; /* the graph; holds big numbers of its own */

/* mem   what the nodes are kept in; must outlive the graph
 * Given. exprs_close gives the big numbers back; NULL is fine. */
struct exprs *exprs_open(struct arena *mem);
void exprs_close(struct exprs *x);

/* ------------------------------------------------------------------------------- reading */

enum expr_op expr_op(const struct exprs *x, int32_t e);
int32_t expr_which(const struct exprs *x, int32_t e); /* constant, function, flags, columns */
struct str expr_name(const struct exprs *x, int32_t e);
int32_t expr_n_args(const struct exprs *x, int32_t e);
int32_t expr_arg(const struct exprs *x, int32_t e, int32_t i);
const fmpq *expr_number(const struct exprs *x, int32_t e); /* of EXPR_NUMBER; borrowed */

/* Digits after the point when the number was written as a decimal, -1 when it was not. 0.50 has 2,
 * and is not the node of 1/2: rounding depends on it. 1.2 * 10^5 counts as -4: its last digit
 * stands for ten thousands. Equality never looks at it. */
enum { EXPR_EXACT = INT32_MIN };
int32_t expr_decimals(const struct exprs *x, int32_t e); /* EXPR_EXACT: not a decimal */

/* What is anywhere below (EXPR_HAS_ bits), the depth, and how many nodes were made so far. */
enum {
    EXPR_HAS_SYMBOL = 1,
    EXPR_HAS_COLLECTION = 2, /* a collection, statement or text */
    EXPR_HAS_MEASURE = 4,
    EXPR_HAS_PLUS_MINUS = 8,
    EXPR_HAS_DOTS = 16,
    EXPR_HAS_DECIMAL = 32,
    EXPR_HAS_APPLY = 64,
    EXPR_HAS_I = 128,
};
int32_t expr_has(const struct exprs *x, int32_t e);
/* The symbols that are free below, a bit each: the k-th symbol made has bit k, the 64th and all
 * later ones share the last. EXPR_HAS_SYMBOL is set where any is free. Two nodes may name the same
 * variables exactly when these are equal (and nobody uses 64 symbols). */
uint64_t expr_free(const struct exprs *x, int32_t e);
int32_t expr_depth(const struct exprs *x, int32_t e);
int32_t exprs_count(const struct exprs *x);
struct arena exprs_tmp(const struct exprs *x); /* scratch, good until the next node is made */

static inline bool expr_is(const struct exprs *x, int32_t e, enum expr_op op)
{
    return expr_op(x, e) == op;
}
bool expr_is_call(const struct exprs *x, int32_t e, enum expr_function f);
bool expr_is_constant(const struct exprs *x, int32_t e, enum expr_constant c);
bool expr_is_int(const struct exprs *x, int32_t e, int64_t v); /* an EXPR_NUMBER equal to v */
bool expr_get_int(const struct exprs *x, int32_t e,
                  int64_t *out);                       /* a whole EXPR_NUMBER that fits */
bool expr_is_scalar(const struct exprs *x, int32_t e); /* nothing but scalars below */

/* ------------------------------------------------------------------------------ building */

int32_t expr_int(struct exprs *x, int64_t v);
int32_t expr_ratio(struct exprs *x, int64_t p, int64_t q);            /* q != 0 */
int32_t expr_fmpq(struct exprs *x, const fmpq_t v, int32_t decimals); /* copied */
/* Decimal digits with at most one point, as "12", "0.50", ".5", "3."; at least one digit. */
int32_t expr_digits(struct exprs *x, struct str digits);
int32_t expr_constant(struct exprs *x, enum expr_constant c);
int32_t expr_symbol(struct exprs *x, struct str name); /* copied */

int32_t expr_add(struct exprs *x, int32_t a, int32_t b);
int32_t expr_sub(struct exprs *x, int32_t a, int32_t b);
int32_t expr_mul(struct exprs *x, int32_t a, int32_t b);
int32_t expr_div(struct exprs *x, int32_t a, int32_t b);
int32_t expr_neg(struct exprs *x, int32_t a); /* of a decimal: the decimal with the other sign */
int32_t expr_pow(struct exprs *x, int32_t a, int32_t b);
int32_t expr_sqrt(struct exprs *x, int32_t a);
int32_t expr_call(struct exprs *x, enum expr_function f, int32_t a);
int32_t expr_call2(struct exprs *x, enum expr_function f, int32_t a, int32_t b);

/* Any operation. args is copied; n within LIMIT_MATH_ARGS; name is copied, "" where there is none.
 * EXPR_ADD and EXPR_MUL go the way of expr_add and expr_mul; EXPR_SET and EXPR_UNION are put in
 * order and lose repeats (same node), EXPR_LIST and EXPR_TUPLE keep both. */
int32_t expr_make(struct exprs *x, enum expr_op op, int32_t which, struct str name,
                  const int32_t *args, int32_t n);

/* e with every node `from` replaced by `to`. */
int32_t expr_replace(struct exprs *x, int32_t e, int32_t from, int32_t to);

/* One line a person can read and latex_read reads back as the same node (tests), for evidence:
 *     (1 + sqrt(5))/2     {1, 2}     [0, 1) ∪ {3}     x^2 + 1 = 0
 * At most n_max bytes, then "…". */
void expr_print(const struct exprs *x, int32_t e, int64_t n_max, struct buf *out);

const char *expr_function_name(enum expr_function f); /* "sin", "floor", as printed */
