#include "graders/math/gold.h"

#include <assert.h>

#include "graders/math/latex.h"

static enum gold_shape number_shape(const struct exprs *x, int32_t e)
{
    if (expr_decimals(x, e) != EXPR_EXACT)
        return GOLD_DECIMAL;
    return fmpz_is_one(fmpq_denref(expr_number(x, e))) ? GOLD_INTEGER : GOLD_FRACTION;
}

static enum gold_shape scalar_shape(const struct exprs *x, int32_t e)
{
    int32_t has = expr_has(x, e);
    if (expr_is(x, e, EXPR_NUMBER))
        return number_shape(x, e);
    if ((has & EXPR_HAS_MEASURE) != 0)
        return GOLD_MEASURE;
    if ((has & (EXPR_HAS_SYMBOL | EXPR_HAS_APPLY)) != 0)
        return GOLD_FUNCTION;
    return GOLD_CONSTANT;
}

static enum gold_shape collection_shape(enum expr_op op)
{
    switch (op) {
    case EXPR_LIST:
        return GOLD_LIST;
    case EXPR_TUPLE:
        return GOLD_TUPLE;
    case EXPR_SET:
        return GOLD_SET;
    case EXPR_INTERVAL:
    case EXPR_UNION:
    case EXPR_INTERSECTION:
    case EXPR_DIFFERENCE:
    case EXPR_BUILDER:
        return GOLD_REGION;
    case EXPR_MATRIX:
        return GOLD_MATRIX;
    case EXPR_TEXT:
        return GOLD_TEXT;
    case EXPR_LETTER:
        return GOLD_LETTER;
    default:
        return GOLD_STATEMENT;
    }
}

/* x = 5 is a way to write 5: the side behind one equals sign after a name. */
static int32_t value_of(const struct exprs *x, int32_t e)
{
    bool is_named =
        expr_is(x, e, EXPR_RELATION) && expr_n_args(x, e) == 2 &&
        str_eq(expr_name(x, e), STR("=")) &&
        (expr_is(x, expr_arg(x, e, 0), EXPR_SYMBOL) || expr_is(x, expr_arg(x, e, 0), EXPR_APPLY));
    return is_named ? expr_arg(x, e, 1) : e;
}

static enum gold_shape root_shape(const struct exprs *x, int32_t root)
{
    int32_t e = value_of(x, root);
    return expr_is_scalar(x, e) ? scalar_shape(x, e) : collection_shape(expr_op(x, e));
}

enum gold_shape gold_shape(struct str gold, struct arena *keep, struct arena tmp)
{
    struct exprs *x = exprs_open(keep);
    struct latex l = latex_read(x, gold, tmp);
    enum gold_shape s = l.end == LATEX_READ ? root_shape(x, l.readings[0].root) : GOLD_UNREAD;
    exprs_close(x);
    return s;
}

const char *gold_shape_name(enum gold_shape s)
{
    static const char *const names[] = {
        [GOLD_UNREAD] = "not understood",
        [GOLD_INTEGER] = "integer",
        [GOLD_FRACTION] = "fraction",
        [GOLD_DECIMAL] = "decimal",
        [GOLD_MEASURE] = "with unit",
        [GOLD_CONSTANT] = "constant",
        [GOLD_FUNCTION] = "function",
        [GOLD_LIST] = "list",
        [GOLD_SET] = "set",
        [GOLD_TUPLE] = "tuple",
        [GOLD_REGION] = "set of reals",
        [GOLD_MATRIX] = "matrix",
        [GOLD_STATEMENT] = "statement",
        [GOLD_LETTER] = "letter",
        [GOLD_TEXT] = "text",
    };
    assert((size_t)s < sizeof names / sizeof *names);
    return names[s];
}
