/* Vectors written with names: 2\hat{i} + 3\hat{j} for (2, 3), I_2 for the unit matrix. */
#pragma once
#include "graders/math/expr.h"

/* The coordinates of v, a tuple or a matrix of one row or column with two or three of them, times
 * the unit vectors as e names them: \hat{i}, \vec{i}, or bare letters where e has both i and j.
 * EXPR_NONE where e names none. */
int32_t vector_spelled(struct exprs *x, int32_t v, int32_t e);

/* e with I and I_n as the unit matrix of n rows, EXPR_NONE where it has neither. */
int32_t vector_with_unit(struct exprs *x, int32_t e, int32_t n);
