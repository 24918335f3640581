/* From what was written to what it means: a node of the answer's graph as a term.
 *
 * Every decision a value depends on is taken and proved on the way: that a divisor is not 0, which
 * side of a cut an argument lies on, what a floor, a sign or a maximum is. So a term has no
 * conditions left, and what cannot be decided is unknown here, not wrong later. */
#pragma once
#include "graders/math/term.h"

enum { LOWER_BOUND_SYMBOLS = 8 };

struct lowering {
    struct exprs *x;
    struct terms *T;
    bool is_principal; /* odd roots of negative numbers, see exact.h */
    bool met_odd_root; /* set where that made a difference */
    const char *why;   /* static: of the last TERM_UNKNOWN or TERM_UNDEFINED */
    int32_t *memo;     /* of nodes without free symbols: 0, or node + MEMO */
    int32_t n_memo;
    int32_t n_bound; /* index symbols of the sums around, and what they are now */
    int32_t symbol[LOWER_BOUND_SYMBOLS];
    int32_t value[LOWER_BOUND_SYMBOLS];
};

/* For nodes with an index below n_nodes. */
void lower_open(struct lowering *l, struct exprs *x, struct terms *T, int32_t n_nodes);

/* The term, TERM_UNKNOWN or TERM_UNDEFINED with l->why. */
int32_t lower(struct lowering *l, int32_t e);

/* ------------------------------------------------------------- between the files of lowering */

int32_t lower_unknown(struct lowering *l, const char *why);
int32_t lower_undefined(struct lowering *l, const char *why);
int32_t lower_call(struct lowering *l, int32_t e);
int32_t lower_whole(struct lowering *l, enum expr_function f, const int32_t *a, int32_t n);
