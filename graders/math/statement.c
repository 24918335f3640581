#include "graders/math/statement.h"

#include "graders/math/identity_point.h"
#include "graders/math/region_set.h"

/* One of the statements of an OR, or the only one. */
struct disjunction {
    int32_t of[LIMIT_MATH_PARTS];
    int32_t n;
};

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

static bool disjunction_of(const struct exprs *x, int32_t e, struct disjunction *out)
{
    bool is_or = expr_is(x, e, EXPR_OR) || expr_is(x, e, EXPR_LIST);
    if (!is_or) {
        out->of[out->n] = e;
        return ++out->n < LIMIT_MATH_PARTS;
    }
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t part = expr_arg(x, e, i);
        bool is_nested = expr_is(x, part, EXPR_OR);
        if (out->n + 1 >= LIMIT_MATH_PARTS || (is_nested && !disjunction_of(x, part, out)))
            return false;
        if (!is_nested)
            out->of[out->n++] = part;
    }
    return out->n > 0;
}

/* --------------------------------------------------------------------------------- matching */

/* Every relation of a is one of b. */
static struct exact covers(struct exprs *x, const struct conjunction *a,
                           const struct conjunction *b, struct budget *budget)
{
    struct exact all = result(EXACT_EQUAL, "relations");
    for (int32_t i = 0; i < a->n; i++) {
        struct exact best = result(EXACT_UNKNOWN, "relations");
        for (int32_t k = 0; k < b->n && best.truth != EXACT_EQUAL; k++) {
            struct exact one = statement_pair(x, &a->of[i], &b->of[k], budget);
            best = is_same(one) ? one : best;
        }
        if (!is_same(best))
            return result(EXACT_UNKNOWN, "relations");
        all = a->n == 1 ? best : weaker(all, best);
    }
    return all;
}

static bool is_assignment(const struct exprs *x, const struct relation *r)
{
    return r->op == EXPR_EQ && expr_is(x, r->left, EXPR_SYMBOL) &&
           (expr_has(x, r->right) & EXPR_HAS_SYMBOL) == 0;
}

static int32_t assignment_to(const struct exprs *x, const struct conjunction *c, int32_t symbol)
{
    int32_t found = -1;
    for (int32_t i = 0; i < c->n; i++)
        if (is_assignment(x, &c->of[i]) && c->of[i].left == symbol) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

/* x = 1, y = 2 against x = 1, y = 3: two points. */
static bool are_other_points(struct exprs *x, const struct conjunction *a,
                             const struct conjunction *b, struct budget *budget)
{
    bool is_apart = false;
    for (int32_t i = 0; i < a->n; i++) {
        int32_t k = is_assignment(x, &a->of[i]) ? assignment_to(x, b, a->of[i].left) : -1;
        if (a->n != b->n || k < 0 || assignment_to(x, a, a->of[i].left) != i)
            return false;
        is_apart =
            is_apart || statement_pair(x, &a->of[i], &b->of[k], budget).truth == EXACT_DIFFERENT;
    }
    return is_apart;
}

static struct exact conjunctions(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct conjunction left;
    struct conjunction right;
    if (a == b)
        return result(EXACT_EQUAL, "the same");
    if (!statement_conjunction(x, a, &left) || !statement_conjunction(x, b, &right))
        return result(EXACT_UNKNOWN, "statements");
    struct exact found = covers(x, &left, &right, budget);
    if (is_same(found) && (left.n > 1 || right.n > 1))
        found = weaker(found, covers(x, &right, &left, budget));
    if (is_same(found))
        return found;
    if (left.n == 1 && right.n == 1) {
        found = statement_pair(x, &left.of[0], &right.of[0], budget);
        if (found.truth != EXACT_UNKNOWN)
            return found;
    }
    if (are_other_points(x, &left, &right, budget))
        return result(EXACT_DIFFERENT, "two points");
    return statement_linear(x, &left, &right, budget);
}

/* Every statement of a is one of b. */
static struct exact includes(struct exprs *x, const struct disjunction *a,
                             const struct disjunction *b, struct budget *budget)
{
    struct exact all = result(EXACT_EQUAL, "statements");
    for (int32_t i = 0; i < a->n; i++) {
        struct exact best = result(EXACT_UNKNOWN, "statements");
        for (int32_t k = 0; k < b->n && best.truth != EXACT_EQUAL; k++) {
            struct exact one = conjunctions(x, a->of[i], b->of[k], budget);
            best = is_same(one) ? one : best;
        }
        if (!is_same(best))
            return result(EXACT_UNKNOWN, "statements");
        all = weaker(all, best);
    }
    return all;
}

static struct exact by_parts(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct disjunction left = {.n = 0};
    struct disjunction right = {.n = 0};
    if (!disjunction_of(x, a, &left) || !disjunction_of(x, b, &right))
        return result(EXACT_UNKNOWN, "too long");
    if (left.n == 1 && right.n == 1)
        return conjunctions(x, left.of[0], right.of[0], budget);
    struct exact found = includes(x, &left, &right, budget);
    return is_same(found) ? weaker(found, includes(x, &right, &left, budget)) : found;
}

/* ------------------------------------------------------------------------------- the ladder */

/* Statements about one real variable are the sets where they hold. */
static struct exact by_regions(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    int32_t symbols[2];
    if (!region_of(x, a, &symbols[0], budget) || !region_of(x, b, &symbols[1], budget))
        return result(EXACT_UNKNOWN, "no sets of reals");
    if (symbols[0] != symbols[1])
        return result(EXACT_UNKNOWN, "other variables");
    return region_compare(x, a, b, budget);
}

static struct exact statements(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct exact found = by_parts(x, a, b, budget);
    if (found.truth != EXACT_UNKNOWN)
        return found;
    struct exact regions = by_regions(x, a, b, budget);
    if (regions.truth != EXACT_UNKNOWN || strcmp(regions.method, "the same whole numbers") == 0)
        return regions;
    return statement_by_points(x, a, b, budget);
}

/* The variable of "for all x", "for all x in S". */
static int32_t quantified(const struct exprs *x, int32_t e, int32_t *set)
{
    int32_t over = expr_arg(x, e, 1);
    *set = EXPR_NONE;
    if (expr_is(x, over, EXPR_RELATION) && expr_n_args(x, over) == 2 &&
        expr_name(x, over).at[0] == EXPR_IN) {
        *set = expr_arg(x, over, 1);
        over = expr_arg(x, over, 0);
    }
    return expr_is(x, over, EXPR_SYMBOL) ? over : EXPR_NONE;
}

/* Only sameness is claimed: statements that differ part by part may hold for all alike. */
static struct exact for_all(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct exact unknown = result(EXACT_UNKNOWN, "for all");
    if (expr_op(x, a) != expr_op(x, b) || expr_n_args(x, a) != 2 || expr_n_args(x, b) != 2)
        return unknown;
    int32_t set[2];
    int32_t symbol[2] = {quantified(x, a, &set[0]), quantified(x, b, &set[1])};
    int32_t body = expr_arg(x, b, 0);
    if (symbol[0] == EXPR_NONE || symbol[1] == EXPR_NONE || set[0] != set[1])
        return unknown;
    if (symbol[0] != symbol[1]) {
        if ((expr_free(x, body) & expr_free(x, symbol[0])) != 0)
            return unknown;
        body = expr_replace(x, body, symbol[1], symbol[0]);
    }
    if (body == EXPR_NONE || !region_is_statement(x, body) ||
        !region_is_statement(x, expr_arg(x, a, 0)))
        return unknown;
    struct exact found = by_parts(x, expr_arg(x, a, 0), body, budget);
    return is_same(found) ? found : unknown;
}

struct exact relation_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    if (a == EXPR_NONE || b == EXPR_NONE)
        return result(EXACT_UNKNOWN, "too large");
    if (!region_is_statement(x, a) || !region_is_statement(x, b))
        return result(EXACT_UNKNOWN, "not two statements");
    if (a == b)
        return result(EXACT_EQUAL, "the same");
    if (expr_is(x, a, EXPR_FOR_ALL) || expr_is(x, b, EXPR_FOR_ALL))
        return for_all(x, a, b, budget);
    return statements(x, a, b, budget);
}
