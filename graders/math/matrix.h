/* Matrices and vectors in sums, products and powers. The product of numbers commutes and the graph
 * orders it by age; that of matrices does not, so it is carried out where it is read.
 *
 * A vector in round or angle brackets is an EXPR_TUPLE. Sums and multiples of those are carried out
 * too; their product is a scalar to one author and a vector to another, and is never carried out.
 */
#pragma once
#include "graders/math/expr.h"

/* Whether e is a matrix or a vector, or a sum, multiple or power of one. */
bool matrix_is(const struct exprs *x, int32_t e);

/* Whether the product of these nodes holds a matrix of several rows and columns, and a capital
 * letter, which may be a matrix too: P D P^{-1}, A B. */
bool matrix_beside_letter(const struct exprs *x, const int32_t *a, int32_t n);

/* The sum of n nodes, at least one of them matrix_is: a matrix or tuple; EXPR_NONE where they are
 * not all of one size and kind, or over a limit. */
int32_t matrix_sum(struct exprs *x, const int32_t *a, int32_t n);

/* The product in this order of n nodes, at least two of them matrix_is, all others numbers;
 * likewise. *work is what the whole text may still spend. */
int32_t matrix_product(struct exprs *x, const int32_t *a, int32_t n, int64_t *work);

/* A matrix of rationals to a whole power, a negative one where it has an inverse; EXPR_NONE for
 * anything else: another kind of cell, not square, singular, too large. */
int32_t matrix_power(struct exprs *x, int32_t matrix, int32_t exponent, int64_t *work);

/* Rows and columns changed; a tuple is a row to begin with. */
int32_t matrix_transposed(struct exprs *x, int32_t e);
