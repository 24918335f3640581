#include "graders/math/quotient.h"

/* n - (n - k) is k and sin(x + x) is sin 2x: arguments of functions are the same generator when
 * they are the same sum of terms, so like terms are added up here. */
enum { TERMS = 24, NODE_NS = 60 };

struct linear {
    struct exprs *x;
    struct budget *budget;
    int32_t node[TERMS]; /* 1 for the number alone */
    fmpq times[TERMS];
    int32_t n;
};

static bool add_term(struct linear *l, int32_t node, const fmpq_t times)
{
    int32_t i = 0;
    while (i < l->n && l->node[i] != node)
        i++;
    if (i == TERMS)
        return false;
    if (i == l->n) {
        fmpq_init(&l->times[i]);
        l->node[l->n++] = node;
    }
    fmpq_add(&l->times[i], &l->times[i], times);
    return true;
}

static bool gather(struct linear *l, int32_t e, const fmpq_t times);

/* e is a product: its number taken out. */
static bool gather_product(struct linear *l, int32_t e, const fmpq_t times)
{
    struct exprs *x = l->x;
    int32_t rest = expr_int(x, 1);
    fmpq_t own;
    fmpq_init(own);
    fmpq_set(own, times);
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        if (expr_is(x, a, EXPR_NUMBER))
            fmpq_mul(own, own, expr_number(x, a));
        else
            rest = expr_mul(x, rest, a);
    }
    bool is_done = rest != EXPR_NONE &&
                   (expr_is(x, rest, EXPR_ADD) ? gather(l, rest, own) : add_term(l, rest, own));
    fmpq_clear(own);
    return is_done;
}

static bool gather(struct linear *l, int32_t e, const fmpq_t times)
{
    struct exprs *x = l->x;
    if (!budget_spend(l->budget, NODE_NS))
        return false;
    if (expr_is(x, e, EXPR_MUL))
        return gather_product(l, e, times);
    if (expr_is(x, e, EXPR_NUMBER)) {
        fmpq_t own;
        fmpq_init(own);
        fmpq_mul(own, times, expr_number(x, e));
        bool is_done = add_term(l, expr_int(x, 1), own);
        fmpq_clear(own);
        return is_done;
    }
    if (!expr_is(x, e, EXPR_ADD))
        return add_term(l, e, times);
    bool is_done = true;
    for (int32_t i = 0; i < expr_n_args(x, e) && is_done; i++)
        is_done = gather(l, expr_arg(x, e, i), times);
    return is_done;
}

int32_t quotient_linear(struct exprs *x, int32_t e, struct budget *budget)
{
    struct linear l = {.x = x, .budget = budget};
    bool is_other = expr_is(x, e, EXPR_ADD) || expr_is(x, e, EXPR_MUL) ||
                    (expr_is(x, e, EXPR_NUMBER) && expr_decimals(x, e) != EXPR_EXACT);
    if (!is_other)
        return e;
    fmpq_t one;
    fmpq_init(one);
    fmpq_one(one);
    int32_t made = gather(&l, e, one) ? expr_int(x, 0) : EXPR_NONE;
    for (int32_t i = 0; i < l.n; i++) {
        int32_t times = expr_fmpq(x, &l.times[i], EXPR_EXACT);
        if (!fmpq_is_zero(&l.times[i]))
            made = expr_add(x, made, expr_mul(x, times, l.node[i]));
        fmpq_clear(&l.times[i]);
    }
    fmpq_clear(one);
    return made == EXPR_NONE ? e : made;
}
