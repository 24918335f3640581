/* Expressions for tests, written in one line without LaTeX, so that the decider is tested without
 * the reader:
 *     2*x^2 + sqrt(x)/3 - n!        sum(k^2, k, 1, n)        f(x + 1), g(t)
 *     x >= 3 & y != 2 | not x = 1   a = b (mod 3)            x in [0, 1[ U ]2, inf[ U {3, 4}
 *     {x : x^2 > 4}   R \ {0}
 * Names: pi e i inf R Z Q N; functions as expr_function_name has them; f, g, h are unknown ones.
 * Open ends of intervals point outwards. A mistake in the text ends the test. */
#pragma once
#include "graders/math/expr.h"

int32_t infix(struct exprs *x, const char *text);
