#include "graders/math/vector.h"

#include <stdio.h>

#include "base/limits.h"

enum { MAX_DIMENSION = 3, NAME_BYTES = 32 };

static bool names(struct exprs *x, int32_t e, int32_t name)
{
    return name != EXPR_NONE && (expr_free(x, e) & expr_free(x, name)) != 0;
}

/* Whether e uses the unit vectors of this accent, which go to out. */
static bool has_accent(struct exprs *x, int32_t e, const char *accent, int32_t *out)
{
    bool has_one = false;
    for (int32_t i = 0; i < MAX_DIMENSION; i++) {
        char name[NAME_BYTES];
        int n = snprintf(name, sizeof name, "\\%s{%c}", accent, "ijk"[i]);
        out[i] = expr_symbol(x, (struct str){name, n});
        has_one |= names(x, e, out[i]);
    }
    return has_one;
}

/* i + 2j: the i is the imaginary unit to the reader. One letter alone is a number: 2k. */
static bool has_letters(struct exprs *x, int32_t e, int32_t *out)
{
    out[0] = expr_constant(x, EXPR_I);
    out[1] = expr_symbol(x, STR("j"));
    out[2] = expr_symbol(x, STR("k"));
    return (expr_has(x, e) & EXPR_HAS_I) != 0 && names(x, e, out[1]);
}

static bool is_vector(const struct exprs *x, int32_t v)
{
    int32_t n = expr_n_args(x, v);
    bool is_line = expr_is(x, v, EXPR_TUPLE) ||
                   (expr_is(x, v, EXPR_MATRIX) && (expr_which(x, v) == 1 || expr_which(x, v) == n));
    return is_line && (n == 2 || n == 3);
}

int32_t vector_spelled(struct exprs *x, int32_t v, int32_t e)
{
    int32_t unit[MAX_DIMENSION] = {0};
    if (!is_vector(x, v) || (expr_has(x, e) & EXPR_HAS_SYMBOL) == 0)
        return EXPR_NONE;
    if (!has_accent(x, e, "hat", unit) && !has_accent(x, e, "vec", unit) &&
        !has_letters(x, e, unit))
        return EXPR_NONE;
    int32_t sum = expr_int(x, 0);
    for (int32_t i = 0; i < expr_n_args(x, v); i++) {
        int32_t a = expr_arg(x, v, i);
        if (!expr_is_scalar(x, a) || names(x, a, unit[1]) || names(x, a, unit[2]) ||
            (expr_has(x, a) & EXPR_HAS_I) != 0)
            return EXPR_NONE; /* (i, j) in terms of i and j */
        sum = expr_add(x, sum, expr_mul(x, a, unit[i]));
    }
    return sum;
}

int32_t vector_with_unit(struct exprs *x, int32_t e, int32_t n)
{
    int32_t cells[LIMIT_MATRIX_SIDE * LIMIT_MATRIX_SIDE];
    char name[NAME_BYTES];
    if (n > LIMIT_MATRIX_SIDE || n < 2)
        return EXPR_NONE;
    int len = snprintf(name, sizeof name, "I_%d", (int)n);
    int32_t symbol = expr_symbol(x, (struct str){name, len});
    if (!names(x, e, symbol))
        symbol = expr_symbol(x, STR("I"));
    if (!names(x, e, symbol))
        return EXPR_NONE;
    for (int32_t i = 0; i < n * n; i++)
        cells[i] = expr_int(x, i % (n + 1) == 0);
    int32_t unit = expr_make(x, EXPR_MATRIX, n, STR(""), cells, n * n);
    return unit == EXPR_NONE ? EXPR_NONE : expr_replace(x, e, symbol, unit);
}
