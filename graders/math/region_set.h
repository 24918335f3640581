/* Sets of reals as cuts of the line: inside region.c and statement.c, for nobody else.
 *
 * Walking from minus infinity, every cut changes between out and in. A cut lies just before or just
 * after a constant: [a, b) is cut before a and before b, {a} before and after a. So a set has one
 * form only, nothing touches or overlaps, and union, intersection and complement are one merge.
 *
 * Constants are put in order by exact_order. What it cannot decide makes the whole operation fail;
 * what it finds equal without proof is remembered. */
#pragma once
#include "base/limits.h"
#include "graders/math/exact.h"

struct cut {
    int32_t at;
    bool is_after;
};

struct region {
    bool is_in_first; /* at minus infinity */
    struct cut cuts[2 * LIMIT_MATH_PIECES];
    int32_t n;
};

struct region_work {
    struct exprs *x;
    struct budget *budget;
    int64_t bits;    /* of the least agreement taken for equality; 0: all was proved */
    bool is_real;    /* the variable is said to be real: no complex solutions are lost */
    bool has_pole;   /* somewhere a statement has no truth: its negation neither */
    const char *why; /* static: what ended it */
};

/* -1, 0, 1 in *order. False: not decided. */
bool region_order(struct region_work *w, int32_t a, int32_t b, int *order);

struct region region_all(bool is_in);
/* {x | x op at}; op is one of the order and equality bytes of enum expr_relation. */
struct region region_half(char op, int32_t at);
bool region_interval(struct region_work *w, int32_t from, int32_t to, int32_t open,
                     struct region *out);
void region_complement(struct region *r);
bool region_and(struct region_work *w, const struct region *a, const struct region *b,
                struct region *out);
bool region_or(struct region_work *w, const struct region *a, const struct region *b,
               struct region *out);
bool region_xor(struct region_work *w, const struct region *a, const struct region *b,
                struct region *out);

/* Adds a cut where the state changes; cuts come in order. False: too many. */
bool region_put(struct region *r, int32_t at, bool is_after, bool is_in);

/* Whether a whole number lies in r. False: not decided. */
bool region_has_whole(struct region_work *w, const struct region *r, bool *has);

/* {symbol | left op right}: linear, quadratic, or over the rationals with roots that are radicals;
 * absolute values of such. False: not solved. */
bool region_solve(struct region_work *w, int32_t symbol, int32_t left, char op, int32_t right,
                  struct region *out);

/* The set e, or what the statement e about one variable says. *symbol is EXPR_NONE for a set. */
bool region_read(struct region_work *w, int32_t e, int32_t *symbol, struct region *out);
bool region_is_statement(const struct exprs *x, int32_t e);
