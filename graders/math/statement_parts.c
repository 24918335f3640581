#include "graders/math/statement.h"

enum { MAX_DEPTH = 16 };

static bool put(struct conjunction *out, char op, int32_t left, int32_t right, int32_t modulus)
{
    if (out->n == LIMIT_MATH_PARTS || left == EXPR_NONE || right == EXPR_NONE)
        return false;
    bool is_turned = op == EXPR_GT || op == EXPR_GE;
    out->of[out->n++] = (struct relation){
        .op = op == EXPR_GT   ? EXPR_LT
              : op == EXPR_GE ? EXPR_LE
                              : op,
        .left = is_turned ? right : left,
        .right = is_turned ? left : right,
        .modulus = modulus,
    };
    return true;
}

/* (x, y) = (1, 2) is a system. */
static bool put_pair(struct exprs *x, struct conjunction *out, char op, int32_t left, int32_t right)
{
    bool are_tuples = op == EXPR_EQ && expr_is(x, left, EXPR_TUPLE) &&
                      expr_is(x, right, EXPR_TUPLE) &&
                      expr_n_args(x, left) == expr_n_args(x, right);
    if (!are_tuples)
        return put(out, op, left, right, EXPR_NONE);
    for (int32_t i = 0; i < expr_n_args(x, left); i++)
        if (!put(out, op, expr_arg(x, left, i), expr_arg(x, right, i), EXPR_NONE))
            return false;
    return true;
}

static bool put_relation(struct exprs *x, int32_t e, struct conjunction *out)
{
    struct str ops = expr_name(x, e);
    int32_t n = expr_n_args(x, e);
    if (n == 3 && ops.n == 1 && ops.at[0] == EXPR_CONGRUENT)
        return put(out, EXPR_CONGRUENT, expr_arg(x, e, 0), expr_arg(x, e, 1), expr_arg(x, e, 2));
    if (n != ops.n + 1)
        return false;
    for (int32_t i = 0; i + 1 < n; i++) {
        if (ops.at[i] == EXPR_DIVIDES) { /* m | a is a = 0 (mod m) */
            if (!put(out, EXPR_CONGRUENT, expr_arg(x, e, i + 1), expr_int(x, 0), expr_arg(x, e, i)))
                return false;
        } else if (!put_pair(x, out, ops.at[i], expr_arg(x, e, i), expr_arg(x, e, i + 1))) {
            return false;
        }
    }
    return true;
}

/* The opposite of one relation of two sides. */
static bool put_not(struct exprs *x, int32_t e, struct conjunction *out)
{
    static const char opposite[][2] = {
        {EXPR_EQ, EXPR_NE}, {EXPR_LT, EXPR_GE}, {EXPR_LE, EXPR_GT}, {EXPR_IN, EXPR_NOT_IN}};
    if (!expr_is(x, e, EXPR_RELATION) || expr_n_args(x, e) != 2 || expr_name(x, e).n != 1)
        return false;
    char op = expr_name(x, e).at[0];
    for (size_t i = 0; i < sizeof opposite / sizeof *opposite; i++)
        for (int k = 0; k < 2; k++)
            if (opposite[i][k] == op)
                return put_pair(x, out, opposite[i][1 - k], expr_arg(x, e, 0), expr_arg(x, e, 1));
    return false;
}

static bool gather(struct exprs *x, int32_t e, struct conjunction *out, int depth)
{
    if (depth > MAX_DEPTH)
        return false;
    if (expr_is(x, e, EXPR_RELATION))
        return put_relation(x, e, out);
    if (expr_is(x, e, EXPR_NOT))
        return put_not(x, expr_arg(x, e, 0), out);
    if (!expr_is(x, e, EXPR_AND))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (!gather(x, expr_arg(x, e, i), out, depth + 1))
            return false;
    return true;
}

bool statement_conjunction(struct exprs *x, int32_t e, struct conjunction *out)
{
    out->n = 0;
    return gather(x, e, out, 0) && out->n > 0;
}
