/* Whether two constants are equal, proved wherever that can be done.
 *
 * The ladder, each step either decides or leaves it to the next:
 *
 *   - the same node; exact rationals and Gaussian rationals, whole powers and factorials included
 *   - balls at 64, 128, 256 bits: apart is proved different
 *   - algebraic numbers (radicals, i, sin cos tan of rational multiples of pi): a separation bound
 *     says how many bits tell any two such numbers apart; together there is proved equal
 *   - elementary numbers: both over the generators pi, e^q, log p, a^(irrational), where being the
 *     same rational function with coefficients settled by the bound is proved equal
 *   - balls together to 512 bits past all that is written in both: probably equal
 *
 * A budget bounds the work, not the clock: used up, the answer is unknown.
 *
 * Which root: x^(1/2) is the principal root; EXPR_ROOT of odd degree and x^(p/q) with q odd of a
 * negative number are real, as contests mean them, and when only the principal reading makes two
 * sides equal that is EXACT_UNKNOWN with its reason. 0^0 is 1, division by zero is EXACT_UNDEFINED.
 * Source: spec of the ladder, Burnikel, Funke, Mehlhorn, Schirra, Schmitt 2001 (separation bound).
 */
#pragma once
#include "graders/math/expr.h"

enum exact_truth {
    EXACT_EQUAL,     /* proved */
    EXACT_PROBABLE,  /* the same to `bits` bits, not proved */
    EXACT_DIFFERENT, /* proved */
    EXACT_UNDEFINED, /* a side has no value: 1/0, log 0, a free symbol */
    EXACT_UNKNOWN,   /* the budget ran out, or something has no rule */
};

struct exact {
    enum exact_truth truth;
    /* static: "rationals", "normal form", "balls", "separation bound", "generators", "infinity",
     * "same expression"; of what is undefined or unknown the reason: "division by zero", "budget"
     */
    const char *method;
    int64_t bits; /* of the balls that decided; 0: none */
};

/* Shared by all that is done for one pair of answers. */
struct budget {
    int64_t work;      /* units left, about a nanosecond each; below zero: used up */
    bool is_principal; /* odd roots of negative numbers are principal ones */
};

bool budget_spend(struct budget *b, int64_t n); /* false when it is used up */

struct exact exact_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget);

/* Whether a < b, a = b or a > b: *order is -1, 0, 1. truth EXACT_EQUAL or EXACT_DIFFERENT when
 * proved; both must be real, an infinity counts as a number here. */
struct exact exact_order(struct exprs *x, int32_t a, int32_t b, int *order, struct budget *budget);

/* Whether |a - centre| <= radius. EXACT_EQUAL: yes, EXACT_DIFFERENT: no. */
struct exact exact_within(struct exprs *x, int32_t a, const fmpq_t centre, const fmpq_t radius,
                          struct budget *budget);

/* The value as a rational, when it is proved to be one: 8^(1/3), 10!/7!, log_2 8. */
bool exact_rational(struct exprs *x, int32_t a, fmpq_t out, struct budget *budget);
