/* What kind of thing an answer is, once the ways of writing it are taken off: "x = 5" is 5 with the
 * name x, "x = 1 or x = 2" the list 1, 2 with the name x, "1 \pm \sqrt2" a list of two, "x \in [0,
 * 1]" the set with the name x, "= 256 + 37 = 293" is 293. Decides nothing but what the last needs:
 * that the sides of a chain agree. */
#pragma once
#include "graders/math/exact.h"

enum shape_kind {
    SHAPE_SCALAR, /* a number or a function */
    SHAPE_LIST,   /* bare */
    SHAPE_TUPLE,
    SHAPE_SET,
    SHAPE_REGION, /* intervals, unions, R without 0, set builder */
    SHAPE_MATRIX,
    SHAPE_STATEMENT,
    SHAPE_TEXT,
    SHAPE_LETTER,
};

struct shape {
    enum shape_kind kind;
    int32_t node;
    int32_t name;         /* EXPR_SYMBOL, EXPR_APPLY or EXPR_TUPLE of symbols that was set equal to
                           * it; EXPR_NONE */
    int32_t whole;        /* the node before anything was taken off */
    bool is_of_letters;   /* "m + n = 293", read as 293 */
    bool is_inconsistent; /* a chain whose sides differ or are not known to agree: "2 = 3" */
};

struct shape shape_of(struct exprs *x, int32_t e, struct budget *budget);

/* Whether the names that were set equal to it are not in the order of the alphabet: (y, x) = (1, 2)
 * is not (1, 2), nor surely (2, 1). */
bool shape_is_unusual(const struct exprs *x, const struct shape *s);

/* x = 1, y = 2: a list or tuple of values with a name each. Gives the values in the order of their
 * names, EXPR_NONE for anything else. */
int32_t shape_values(struct exprs *x, int32_t e);

/* x = 1, y = 2 or x = 2, y = 1: the list of the points (1, 2), (2, 1), where every alternative
 * gives the same names a value each; EXPR_NONE for anything else. */
int32_t shape_solutions(struct exprs *x, int32_t e);

/* (x, y) = (1, 2) as the list x = 1, y = 2; anything else as it is. */
int32_t shape_system(struct exprs *x, const struct shape *s);

/* f(x) = x + 1 and f(t) = t + 1: gives pred the gold's argument names, where both name one function
 * and the new name is not in use. */
void shape_same_argument(struct exprs *x, const struct shape *gold, struct shape *pred);

const char *shape_name(enum shape_kind kind); /* "number", "list", ... as evidence shows it */
