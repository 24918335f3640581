#include "graders/math/identity_point.h"
#include "graders/math/quotient.h"
#include "graders/math/statement.h"

static struct exact result(enum exact_truth truth, const char *method)
{
    return (struct exact){.truth = truth, .method = method};
}

static bool is_same(struct exact e)
{
    return e.truth == EXACT_EQUAL || e.truth == EXACT_PROBABLE;
}

static struct exact weaker(struct exact a, struct exact b)
{
    return a.truth == EXACT_EQUAL || (b.truth == EXACT_PROBABLE && b.bits < a.bits) ? b : a;
}

/* ------------------------------------------------------------------------------ definitions */

/* f(x) = body, or a_n = body. */
struct definition {
    struct str head;
    int32_t params[LIMIT_MATH_VARS];
    int32_t n;
    int32_t body;
};

/* a_n: its name up to the sign, and n. */
static bool sequence_head(struct exprs *x, int32_t e, struct definition *out)
{
    struct str name = expr_name(x, e);
    int64_t at = str_find(name, STR("_"), 0);
    if (at < 1 || at + 1 >= name.n)
        return false;
    struct str index = str_sub(name, at + 1, name.n);
    if (index.n > 2 && index.at[0] == '{' && index.at[index.n - 1] == '}')
        index = str_sub(index, 1, index.n - 1);
    if (index.n != 1 || !vars_is_whole_name(index))
        return false;
    out->head = str_sub(name, 0, at + 1);
    out->params[0] = expr_symbol(x, index);
    out->n = 1;
    return out->params[0] != EXPR_NONE;
}

static bool call_head(const struct exprs *x, int32_t e, struct definition *out)
{
    out->head = expr_name(x, expr_arg(x, e, 0));
    out->n = expr_n_args(x, e) - 1;
    if (out->n < 1 || out->n > LIMIT_MATH_VARS)
        return false;
    for (int32_t i = 0; i < out->n; i++) {
        out->params[i] = expr_arg(x, e, i + 1);
        if (!expr_is(x, out->params[i], EXPR_SYMBOL))
            return false;
        for (int32_t k = 0; k < i; k++)
            if (out->params[k] == out->params[i])
                return false;
    }
    return true;
}

static bool definition_of(struct exprs *x, const struct relation *r, struct definition *out)
{
    int32_t side[2] = {r->left, r->right};
    for (int i = 0; i < 2 && r->op == EXPR_EQ; i++) {
        out->body = side[1 - i];
        if ((expr_is(x, side[i], EXPR_APPLY) && call_head(x, side[i], out)) ||
            (expr_is(x, side[i], EXPR_SYMBOL) && sequence_head(x, side[i], out)))
            return true;
    }
    return false;
}

/* Whether the body says more than its parameters decide: "f(x) = c x, c any number". */
static bool has_others(struct exprs *x, const struct definition *d)
{
    uint64_t params = 0;
    for (int32_t i = 0; i < d->n; i++)
        params |= expr_free(x, d->params[i]);
    return (expr_free(x, d->body) & ~params) != 0 || (expr_has(x, d->body) & EXPR_HAS_APPLY) != 0;
}

/* Renames b's parameters to a's. EXPR_NONE where one of a's means something else in b. */
static int32_t renamed_body(struct exprs *x, const struct definition *a, const struct definition *b)
{
    int32_t body = b->body;
    int32_t spare[LIMIT_MATH_VARS];
    uint64_t own = 0;
    for (int32_t i = 0; i < b->n; i++)
        own |= expr_free(x, b->params[i]);
    for (int32_t i = 0; i < a->n; i++)
        if ((expr_free(x, b->body) & ~own & expr_free(x, a->params[i])) != 0)
            return EXPR_NONE;
    for (int32_t i = 0; i < b->n; i++) {
        char name[] = "?A";
        name[1] = (char)('A' + i);
        spare[i] = expr_symbol(x, (struct str){name, 2});
        body = expr_replace(x, body, b->params[i], spare[i]);
    }
    for (int32_t i = 0; i < b->n && body != EXPR_NONE; i++)
        body = expr_replace(x, body, spare[i], a->params[i]);
    return body;
}

static struct exact definitions(struct exprs *x, const struct definition *a,
                                const struct definition *b, struct budget *budget)
{
    int32_t body = str_eq(a->head, b->head) && a->n == b->n ? renamed_body(x, a, b) : EXPR_NONE;
    if (body == EXPR_NONE)
        return result(EXACT_UNKNOWN, "two definitions");
    struct exact found = identity_compare(x, a->body, body, budget);
    if (found.truth == EXACT_DIFFERENT && (has_others(x, a) || has_others(x, b)))
        return result(EXACT_UNKNOWN, "parameters");
    return found;
}

/* -------------------------------------------------------------------------------- equations */

/* What numerator and divisor share goes; where it is too much work it stays. */
static void cancel(struct quotient *p)
{
    enum { MAX_TERMS = 64, MAX_DEGREE = 40, NS = 200000 };
    struct quotients *ps = p->ps;
    if (fmpz_mpoly_is_fmpz(p->den, ps->ctx) || fmpz_mpoly_is_zero(p->num, ps->ctx) ||
        fmpz_mpoly_length(p->num, ps->ctx) > MAX_TERMS ||
        fmpz_mpoly_length(p->den, ps->ctx) > MAX_TERMS ||
        fmpz_mpoly_total_degree_si(p->num, ps->ctx) > MAX_DEGREE ||
        fmpz_mpoly_total_degree_si(p->den, ps->ctx) > MAX_DEGREE || !budget_spend(ps->budget, NS))
        return;
    fmpz_mpoly_t common;
    fmpz_mpoly_init(common, ps->ctx);
    if (fmpz_mpoly_gcd(common, p->num, p->den, ps->ctx)) {
        (void)fmpz_mpoly_divides(p->num, p->num, common, ps->ctx);
        (void)fmpz_mpoly_divides(p->den, p->den, common, ps->ctx);
    }
    fmpz_mpoly_clear(common, ps->ctx);
}

/* The numerators of two differences of sides. */
static struct exact numerators(struct quotients *ps, int32_t a, int32_t b)
{
    CLEANUP(quotient_clear) struct quotient left = {0};
    CLEANUP(quotient_clear) struct quotient right = {0};
    int32_t ratio;
    quotient_init(ps, &left);
    quotient_init(ps, &right);
    if (!quotient_of(ps, a, &left) || !quotient_of(ps, b, &right) || !quotient_reduce(&left) ||
        !quotient_reduce(&right))
        return result(EXACT_UNKNOWN, "polynomials");
    cancel(&left);
    cancel(&right);
    return quotient_ratio(ps, left.num, right.num, &ratio);
}

static bool is_constant(const struct exprs *x, int32_t e)
{
    return (expr_has(x, e) & EXPR_HAS_SYMBOL) == 0;
}

/* x = 2 against x = 3 */
static struct exact assignments(struct exprs *x, const struct relation *a, const struct relation *b,
                                struct budget *budget)
{
    if (a->op != EXPR_EQ || a->left != b->left || !expr_is(x, a->left, EXPR_SYMBOL) ||
        !expr_is_scalar(x, a->right) || !expr_is_scalar(x, b->right) || !is_constant(x, a->right) ||
        !is_constant(x, b->right))
        return result(EXACT_UNKNOWN, "equations");
    return exact_compare(x, a->right, b->right, budget);
}

static struct exact equations(struct exprs *x, const struct relation *a, const struct relation *b,
                              struct budget *budget)
{
    int32_t h[2] = {expr_sub(x, a->left, a->right), expr_sub(x, b->left, b->right)};
    if (h[0] == EXPR_NONE || h[1] == EXPR_NONE)
        return result(EXACT_UNKNOWN, "too large");
    if (h[0] == h[1])
        return result(EXACT_EQUAL, "the same");
    struct exact found = assignments(x, a, b, budget);
    if (found.truth != EXACT_UNKNOWN)
        return found;
    struct quotients ps;
    found = quotients_open(&ps, x, h, 2, budget) ? numerators(&ps, h[0], h[1])
                                                 : result(EXACT_UNKNOWN, "polynomials");
    quotients_close(&ps);
    if (is_same(found))
        return found;
    int sign;
    found = identity_proportional(x, h[0], h[1], &sign, budget);
    return is_same(found) ? found : result(EXACT_UNKNOWN, "equations");
}

static struct exact inequalities(struct exprs *x, const struct relation *a,
                                 const struct relation *b, struct budget *budget)
{
    int32_t h[2] = {expr_sub(x, a->left, a->right), expr_sub(x, b->left, b->right)};
    if (h[0] == EXPR_NONE || h[1] == EXPR_NONE)
        return result(EXACT_UNKNOWN, "too large");
    if (h[0] == h[1])
        return result(EXACT_EQUAL, "the same");
    int sign;
    struct exact found = identity_proportional(x, h[0], h[1], &sign, budget);
    return is_same(found) && sign > 0 ? found : result(EXACT_UNKNOWN, "inequalities");
}

/* ------------------------------------------------------------------------------- membership */

static struct exact members(struct exprs *x, const struct relation *a, const struct relation *b,
                            struct budget *budget)
{
    struct exact element = a->left == b->left ? result(EXACT_EQUAL, "the same")
                                              : identity_compare(x, a->left, b->left, budget);
    if (!is_same(element))
        return result(EXACT_UNKNOWN, "membership");
    if (a->right == b->right)
        return element;
    struct exact set = region_compare(x, a->right, b->right, budget);
    return is_same(set) ? weaker(element, set) : result(EXACT_UNKNOWN, "membership");
}

struct exact statement_pair(struct exprs *x, const struct relation *a, const struct relation *b,
                            struct budget *budget)
{
    struct definition left;
    struct definition right;
    if (a->op != b->op)
        return result(EXACT_UNKNOWN, "other relations");
    if (definition_of(x, a, &left) && definition_of(x, b, &right))
        return definitions(x, &left, &right, budget);
    bool is_same_text = a->left == b->left && a->right == b->right && a->modulus == b->modulus;
    if (is_same_text)
        return result(EXACT_EQUAL, "the same");
    bool are_numbers = expr_is_scalar(x, a->left) && expr_is_scalar(x, a->right) &&
                       expr_is_scalar(x, b->left) && expr_is_scalar(x, b->right);
    switch (a->op) {
    case EXPR_EQ:
    case EXPR_NE:
        return are_numbers ? equations(x, a, b, budget) : members(x, a, b, budget);
    case EXPR_LT:
    case EXPR_LE:
        return are_numbers ? inequalities(x, a, b, budget) : result(EXACT_UNKNOWN, "relations");
    case EXPR_CONGRUENT:
        return statement_congruent(x, a, b, budget);
    case EXPR_IN:
    case EXPR_NOT_IN:
        return members(x, a, b, budget);
    default:
        return result(EXACT_UNKNOWN, "relations");
    }
}
