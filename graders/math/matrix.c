#include "graders/math/matrix.h"

#include <assert.h>
#include <flint/fmpq_mat.h>

#include "base/limits.h"

enum { MAX_CELLS = LIMIT_MATRIX_SIDE * LIMIT_MATRIX_SIDE };

static bool is_plain(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_MATRIX) || expr_is(x, e, EXPR_TUPLE);
}

/* Sums in multiples in sums: what goes deeper counts as a matrix, whose value is not known. */
static bool is_one(const struct exprs *x, int32_t e, int32_t depth)
{
    enum { DEPTH = 4 };
    if ((expr_has(x, e) & EXPR_HAS_COLLECTION) == 0)
        return false;
    if (is_plain(x, e) || depth > DEPTH)
        return true;
    if (expr_is(x, e, EXPR_POW))
        return is_one(x, expr_arg(x, e, 0), depth + 1);
    if (!expr_is(x, e, EXPR_ADD) && !expr_is(x, e, EXPR_MUL))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (is_one(x, expr_arg(x, e, i), depth + 1))
            return true;
    return false;
}

bool matrix_is(const struct exprs *x, int32_t e)
{
    return is_one(x, e, 0);
}

static bool is_block(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_MATRIX) && expr_which(x, e) > 1 &&
           expr_n_args(x, e) > expr_which(x, e);
}

static bool has_capital(const struct exprs *x, int32_t e)
{
    for (int32_t s = 0; s < exprs_count(x); s++) {
        if (!expr_is(x, s, EXPR_SYMBOL) || (expr_free(x, s) & expr_free(x, e)) == 0)
            continue;
        struct str name = expr_name(x, s);
        if (name.n > 0 && name.at[0] >= 'A' && name.at[0] <= 'Z')
            return true;
    }
    return false;
}

bool matrix_beside_letter(const struct exprs *x, const int32_t *a, int32_t n)
{
    bool has_block = false;
    bool has_letter = false;
    for (int32_t i = 0; i < n; i++)
        has_block |= is_block(x, a[i]);
    for (int32_t i = 0; i < n && has_block; i++)
        has_letter |= !matrix_is(x, a[i]) && has_capital(x, a[i]);
    return has_block && has_letter;
}

/* ------------------------------------------------------------------------------ cell by cell */

static int32_t scaled(struct exprs *x, int32_t matrix, int32_t factor)
{
    int32_t cells[MAX_CELLS];
    int32_t n = expr_n_args(x, matrix);
    if (n > MAX_CELLS)
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++)
        cells[i] = expr_mul(x, factor, expr_arg(x, matrix, i));
    return expr_make(x, expr_op(x, matrix), expr_which(x, matrix), STR(""), cells, n);
}

/* A matrix or tuple, or a number times one, as a matrix or tuple. */
static int32_t plain_of(struct exprs *x, int32_t e)
{
    if (is_plain(x, e))
        return e;
    if (!expr_is(x, e, EXPR_MUL))
        return EXPR_NONE;
    int32_t matrix = EXPR_NONE;
    int32_t factor = expr_int(x, 1);
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        bool is_matrix = is_plain(x, a);
        if (is_matrix ? matrix != EXPR_NONE : !expr_is_scalar(x, a))
            return EXPR_NONE;
        matrix = is_matrix ? a : matrix;
        factor = is_matrix ? factor : expr_mul(x, factor, a);
    }
    return matrix == EXPR_NONE ? EXPR_NONE : scaled(x, matrix, factor);
}

static int32_t added(struct exprs *x, int32_t a, int32_t b)
{
    int32_t cells[MAX_CELLS];
    int32_t n = expr_n_args(x, a);
    if (expr_op(x, a) != expr_op(x, b) || expr_which(x, a) != expr_which(x, b) ||
        n != expr_n_args(x, b) || n > MAX_CELLS)
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++)
        cells[i] = expr_add(x, expr_arg(x, a, i), expr_arg(x, b, i));
    return expr_make(x, expr_op(x, a), expr_which(x, a), STR(""), cells, n);
}

int32_t matrix_sum(struct exprs *x, const int32_t *a, int32_t n)
{
    int32_t sum = EXPR_NONE;
    for (int32_t i = 0; i < n; i++) {
        int32_t one = plain_of(x, a[i]);
        sum = one == EXPR_NONE || i == 0 ? one : added(x, sum, one);
        if (sum == EXPR_NONE)
            return EXPR_NONE;
    }
    return sum;
}

/* ---------------------------------------------------------------------------------- products */

static int32_t multiplied(struct exprs *x, int32_t a, int32_t b, int64_t *work)
{
    enum { WORK_CELL = 100 }; /* the graph looks for every node */
    int32_t cells[MAX_CELLS];
    int32_t inner = expr_which(x, a);
    int32_t columns = expr_which(x, b);
    int32_t rows = expr_n_args(x, a) / inner;
    if (expr_n_args(x, b) / columns != inner || inner > LIMIT_MATRIX_SIDE ||
        rows > LIMIT_MATRIX_SIDE || columns > LIMIT_MATRIX_SIDE)
        return EXPR_NONE;
    *work -= (int64_t)WORK_CELL * rows * columns * inner;
    if (*work < 0)
        return EXPR_NONE;
    for (int32_t i = 0; i < rows * columns; i++) {
        cells[i] = expr_int(x, 0);
        for (int32_t k = 0; k < inner && cells[i] != EXPR_NONE; k++)
            cells[i] = expr_add(x, cells[i],
                                expr_mul(x, expr_arg(x, a, i / columns * inner + k),
                                         expr_arg(x, b, k * columns + i % columns)));
    }
    return expr_make(x, EXPR_MATRIX, columns, STR(""), cells, rows * columns);
}

int32_t matrix_product(struct exprs *x, const int32_t *a, int32_t n, int64_t *work)
{
    int32_t product = EXPR_NONE;
    int32_t factor = expr_int(x, 1);
    for (int32_t i = 0; i < n; i++) {
        if (!matrix_is(x, a[i])) {
            factor = expr_is_scalar(x, a[i]) ? expr_mul(x, factor, a[i]) : EXPR_NONE;
            if (factor == EXPR_NONE)
                return EXPR_NONE;
            continue;
        }
        int32_t one = plain_of(x, a[i]);
        if (one == EXPR_NONE || !expr_is(x, one, EXPR_MATRIX))
            return EXPR_NONE;
        product = product == EXPR_NONE ? one : multiplied(x, product, one, work);
        if (product == EXPR_NONE)
            return EXPR_NONE;
    }
    assert(product != EXPR_NONE);
    return expr_is_int(x, factor, 1) ? product : scaled(x, product, factor);
}

/* ------------------------------------------------------------------------------------ powers */

/* false where a cell is no exact rational */
static bool to_rationals(fmpq_mat_t out, const struct exprs *x, int32_t matrix)
{
    int32_t side = expr_which(x, matrix);
    for (int32_t i = 0; i < side * side; i++) {
        int32_t cell = expr_arg(x, matrix, i);
        if (!expr_is(x, cell, EXPR_NUMBER))
            return false;
        fmpq_set(fmpq_mat_entry(out, i / side, i % side), expr_number(x, cell));
    }
    return true;
}

static int32_t from_rationals(struct exprs *x, const fmpq_mat_t m)
{
    int32_t cells[MAX_CELLS];
    int32_t side = (int32_t)fmpq_mat_nrows(m);
    for (int32_t i = 0; i < side * side; i++)
        cells[i] = expr_fmpq(x, fmpq_mat_entry(m, i / side, i % side), EXPR_EXACT);
    return expr_make(x, EXPR_MATRIX, side, STR(""), cells, side * side);
}

/* Bits that a cell of the n-th power may have: a denominator of every cell grows with it. */
static int64_t bits_of(const fmpq_mat_t m, int64_t n)
{
    int64_t bits = 0;
    for (int32_t i = 0; i < fmpq_mat_nrows(m); i++)
        for (int32_t k = 0; k < fmpq_mat_ncols(m); k++) {
            const fmpq *q = fmpq_mat_entry(m, i, k);
            int64_t low = fmpz_is_one(fmpq_denref(q)) ? 0 : (int64_t)fmpz_bits(fmpq_denref(q));
            int64_t high = (int64_t)fmpz_bits(fmpq_numref(q));
            bits += low;
            bits = high > bits ? high : bits;
        }
    return (bits + 2) * n;
}

/* m to the power n where it has one, in place */
static bool raised_to(fmpq_mat_t m, int64_t n, int64_t *work)
{
    int64_t side = fmpq_mat_nrows(m);
    int64_t size = n < 0 ? -n : n;
    int64_t cost = side * side * side * (1 + (n < 0 ? side : 0));
    int64_t bits = size > LIMIT_MATRIX_POWER ? INT64_MAX : bits_of(m, size == 0 ? 1 : size);
    if (bits > *work / cost)
        return false;
    *work -= bits * cost;
    if (n < 0 && fmpq_mat_inv(m, m) == 0)
        return false;
    fmpq_mat_t out;
    fmpq_mat_init(out, side, side);
    fmpq_mat_one(out);
    for (int64_t bit = 1; bit <= size; bit *= 2) {
        if ((size & bit) != 0)
            fmpq_mat_mul(out, out, m);
        if (bit <= size / 2)
            fmpq_mat_mul(m, m, m);
    }
    fmpq_mat_swap(out, m);
    fmpq_mat_clear(out);
    return true;
}

int32_t matrix_power(struct exprs *x, int32_t matrix, int32_t exponent, int64_t *work)
{
    int64_t n;
    int32_t side = expr_which(x, matrix);
    if (!expr_is(x, matrix, EXPR_MATRIX) || side > LIMIT_MATRIX_SIDE ||
        expr_n_args(x, matrix) != side * side || !expr_get_int(x, exponent, &n) ||
        n > LIMIT_MATRIX_POWER || n < -LIMIT_MATRIX_POWER)
        return EXPR_NONE;
    fmpq_mat_t m;
    fmpq_mat_init(m, side, side);
    bool is_raised = to_rationals(m, x, matrix) && raised_to(m, n, work);
    int32_t e = is_raised ? from_rationals(x, m) : EXPR_NONE;
    fmpq_mat_clear(m);
    return e;
}

int32_t matrix_transposed(struct exprs *x, int32_t e)
{
    int32_t cells[LIMIT_MATH_ARGS];
    int32_t n = expr_n_args(x, e);
    int32_t columns = expr_is(x, e, EXPR_TUPLE) ? n : expr_which(x, e);
    int32_t rows = columns == 0 ? 0 : n / columns;
    if (rows == 0 || n > LIMIT_MATH_ARGS)
        return EXPR_NONE;
    for (int32_t i = 0; i < rows; i++)
        for (int32_t k = 0; k < columns; k++)
            cells[(int64_t)k * rows + i] = expr_arg(x, e, i * columns + k);
    return expr_make(x, EXPR_MATRIX, rows, STR(""), cells, n);
}
