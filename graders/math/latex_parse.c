#include "graders/math/latex_parse.h"

#include <assert.h>

#include "base/limits.h"
#include "graders/math/matrix.h"

int32_t latex_fail(struct latex_parser *p, const char *why)
{
    if (!p->failed) {
        p->failed = true;
        p->at = p->t->from;
        p->why = why;
    }
    return EXPR_NONE;
}

int32_t latex_limit(struct latex_parser *p, const char *why)
{
    p->is_too_long |= !p->failed;
    return latex_fail(p, why);
}

bool latex_choice(struct latex_parser *p, enum latex_choice c)
{
    p->met |= 1U << c;
    return (p->taken >> c & 1U) != 0;
}

bool latex_enter(struct latex_parser *p)
{
    if (p->failed)
        return false;
    if (p->depth >= LIMIT_MATH_DEPTH) {
        (void)latex_limit(p, "nested too deeply");
        return false;
    }
    p->depth++;
    return true;
}

void latex_leave(struct latex_parser *p)
{
    assert(p->depth > 0);
    p->depth--;
}

struct latex_around latex_inside(struct latex_parser *p, bool is_inside)
{
    struct latex_around a = {p->bars, p->bar_ends, p->colon_ends, p->is_inside};
    p->bars = 0;
    p->bar_ends = p->colon_ends = false;
    p->is_inside = is_inside;
    return a;
}

void latex_outside(struct latex_parser *p, struct latex_around a)
{
    p->bars = a.bars;
    p->bar_ends = a.bar_ends;
    p->colon_ends = a.colon_ends;
    p->is_inside = a.is_inside;
}

bool latex_take(struct latex_parser *p, enum latex_kind kind)
{
    if (p->failed || p->t->kind != kind)
        return false;
    p->t += kind != T_END;
    return true;
}

bool latex_expect(struct latex_parser *p, enum latex_kind kind, const char *why)
{
    if (latex_take(p, kind))
        return true;
    (void)latex_fail(p, why);
    return false;
}

bool latex_is_whole(struct str s)
{
    for (int64_t i = 0; i < s.n; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.n > 0;
}

bool latex_push(struct latex_parser *p, int32_t e)
{
    if (p->failed || e == EXPR_NONE) {
        (void)latex_limit(p, "too many parts or too large a number");
        return false;
    }
    p->stack[p->n_stack++] = e;
    return true;
}

/* Sums, and products of two or more, are carried out at once; a multiple stays as it is. */
static int32_t folded_matrices(struct latex_parser *p, enum expr_op op, int32_t base)
{
    int32_t n = p->n_stack - base;
    int32_t e = op == EXPR_ADD ? matrix_sum(p->x, p->stack + base, n)
                               : matrix_product(p->x, p->stack + base, n, &p->matrix_work);
    p->n_stack = base;
    return e == EXPR_NONE ? latex_fail(p, "arithmetic with matrices or vectors") : e;
}

int32_t latex_fold(struct latex_parser *p, enum expr_op op, int32_t base)
{
    int32_t n_matrices = 0;
    for (int32_t i = base; i < p->n_stack && !p->failed; i++)
        if (expr_is(p->x, p->stack[i], EXPR_DOTS))
            return latex_make(p, EXPR_LIST, 0, op == EXPR_ADD ? "+" : "*", base);
    for (int32_t i = base; i < p->n_stack && !p->failed && p->n_stack > base + 1; i++)
        n_matrices += matrix_is(p->x, p->stack[i]);
    if (op == EXPR_MUL && n_matrices > 0 &&
        matrix_beside_letter(p->x, p->stack + base, p->n_stack - base))
        return latex_fail(p, "a letter that may be a matrix");
    if (n_matrices > (op == EXPR_MUL ? 1 : 0))
        return folded_matrices(p, op, base);
    return latex_make(p, op, 0, "", base);
}

int32_t latex_node(struct latex_parser *p, int32_t e)
{
    return p->failed        ? EXPR_NONE
           : e == EXPR_NONE ? latex_limit(p, "too many parts or too large a number")
                            : e;
}

bool latex_is_arithmetic(struct latex_parser *p, int32_t e)
{
    if (p->failed || e == EXPR_NONE)
        return false;
    enum expr_op op = expr_op(p->x, e);
    if (op < EXPR_LIST && (op != EXPR_CONSTANT || expr_which(p->x, e) < EXPR_NATURALS))
        return true;
    if (op == EXPR_MATRIX || op == EXPR_TUPLE)
        return true;
    (void)latex_fail(p, "arithmetic with something that is no number");
    return false;
}

int32_t latex_make(struct latex_parser *p, enum expr_op op, int32_t which, const char *name,
                   int32_t base)
{
    assert(base <= p->n_stack);
    int32_t n = p->n_stack - base;
    p->n_stack = base;
    if (p->failed)
        return EXPR_NONE;
    return latex_node(p, expr_make(p->x, op, which, str_of(name), p->stack + base, n));
}
