/* A small reader of formulas for tests of the prover, which must not depend on the reader of
 * answers: digits, pi e i gamma inf, + - * / ^ !, sqrt cbrt, calls by the names of expr.h,
 * sum(k, from, to, body), prod likewise, and single letters as variables. */
#pragma once
#include "graders/math/expr.h"

/* Ends the test where the text makes no sense. */
int32_t exact_read(struct exprs *x, const char *text);
