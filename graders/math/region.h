/* Sets of real numbers and statements about one variable, in one normal form, and whether two are
 * the same: [0, 1) ∪ {3}, R \ {0}, 1 < x <= 2, x = 1 or x = 2, |x| < 3, {x | x^2 > 4}.
 *
 * A region is a sorted list of points and intervals that neither touch nor overlap; ends are
 * constants of the graph, put in order by exact_order. What is not a union of finitely many of
 * these (a set over the integers, two variables, an inequality that is not solved by moving terms)
 * has no region, and equal.h goes on without. */
#pragma once
#include "graders/math/identity.h"

/* Whether e is, or can be turned into, a region. *symbol is its variable, EXPR_NONE for a set that
 * names none. */
bool region_of(struct exprs *x, int32_t e, int32_t *symbol, struct budget *budget);

/* Both must have a region. The variables' names are not compared. */
struct exact region_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget);

/* Two statements that may have several variables (equations, inequalities, chains, systems): the
 * same up to sides swapped, terms moved, a constant factor, order within a system; x^2 + y^2 = 1
 * and 2y^2 = 2 - 2x^2 are. Solved forms (y = 2x + 1 against 2x - y + 1 = 0) too. */
struct exact relation_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget);
