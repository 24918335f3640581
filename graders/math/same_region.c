/* Sets of reals and statements about variables. */
#include <assert.h>

#include "graders/math/identity_point.h"
#include "graders/math/region.h"
#include "graders/math/same.h"

static struct same shapes_by_policy(struct same_in *in, struct same s)
{
    if (in->policy->intervals_strict)
        return same_doubt(s, "an inequality against an interval");
    return same_by_policy(s, "interval_inequality");
}

/* Both as sets of reals, where they can be: *found is untouched otherwise. */
static bool as_regions(struct same_in *in, int32_t g, int32_t p, int32_t *name_g, int32_t *name_p,
                       struct same *found)
{
    if (!region_of(in->x, g, name_g, in->budget) || !region_of(in->x, p, name_p, in->budget))
        return false;
    *found = same_exact(region_compare(in->x, g, p, in->budget));
    return true;
}

/* The one free symbol of e; EXPR_NONE: there are none or several. */
static int32_t only_symbol(const struct exprs *x, int32_t e)
{
    uint64_t free = expr_free(x, e);
    if (free == 0 || (free & (free - 1)) != 0)
        return EXPR_NONE;
    for (int32_t s = 0; s < exprs_count(x); s++)
        if (expr_is(x, s, EXPR_SYMBOL) && expr_free(x, s) == free)
            return s;
    return EXPR_NONE;
}

/* a k + b with rational a and b, and k a whole number: *step and *first. */
static bool is_progression(struct same_in *in, int32_t builder, int32_t k, fmpq_t step,
                           fmpq_t first)
{
    struct exprs *x = in->x;
    int32_t element = expr_arg(x, builder, 0);
    int32_t sides[] = {k, expr_constant(x, EXPR_INTEGERS)};
    if (expr_arg(x, builder, 1) != expr_make(x, EXPR_RELATION, 0, STR("e"), sides, 2))
        return false;
    int32_t at_0 = expr_replace(x, element, k, expr_int(x, 0));
    int32_t at_1 = expr_replace(x, element, k, expr_int(x, 1));
    if (at_1 == EXPR_NONE || !exact_rational(x, at_0, first, in->budget) ||
        !exact_rational(x, at_1, step, in->budget))
        return false;
    fmpq_sub(step, step, first);
    int32_t line = expr_add(x, expr_fmpq(x, first, EXPR_EXACT),
                            expr_mul(x, k, expr_fmpq(x, step, EXPR_EXACT)));
    return !fmpq_is_zero(step) && line != EXPR_NONE &&
           identity_compare(x, element, line, in->budget).truth == EXACT_EQUAL;
}

/* Two of them: the same numbers when the steps are, up to sign, and the first ones lie a whole
 * number of steps apart. */
static bool try_progressions(struct same_in *in, int32_t g, int32_t of_g, int32_t p, int32_t of_p,
                             struct same *found)
{
    fmpq_t v[4];
    for (int i = 0; i < 4; i++)
        fmpq_init(v[i]);
    bool are_both =
        is_progression(in, g, of_g, v[0], v[1]) && is_progression(in, p, of_p, v[2], v[3]);
    if (are_both) {
        fmpq_sub(v[1], v[1], v[3]);
        fmpq_div(v[1], v[1], v[0]);
        fmpq_abs(v[0], v[0]);
        fmpq_abs(v[2], v[2]);
        bool is_same = fmpq_equal(v[0], v[2]) && fmpz_is_one(fmpq_denref(v[1]));
        *found = is_same ? same_yes(LEVEL_E2, "progressions") : same_no(LEVEL_D2, "progressions");
    }
    for (int i = 0; i < 4; i++)
        fmpq_clear(v[i]);
    return are_both;
}

/* {2k + 1 | k in Z} and {2m + 1 | m in Z}: the same once the one variable has one name. */
static struct same builders(struct same_in *in, int32_t g, int32_t p)
{
    struct exprs *x = in->x;
    int32_t of_g = only_symbol(x, expr_arg(x, g, 0));
    int32_t of_p = only_symbol(x, expr_arg(x, p, 0));
    struct same found;
    if (of_g == EXPR_NONE || of_p == EXPR_NONE)
        return same_unsure("sets without a common form");
    if (try_progressions(in, g, of_g, p, of_p, &found))
        return found;
    int32_t element = expr_replace(x, expr_arg(x, p, 0), of_p, of_g);
    int32_t condition = expr_replace(x, expr_arg(x, p, 1), of_p, of_g);
    struct same s = same_nodes(in, expr_arg(x, g, 0), element, NULL);
    if (s.verdict != EQUAL_YES)
        return same_unsure("sets without a common form");
    return same_both(s, same_nodes(in, expr_arg(x, g, 1), condition, NULL));
}

/* [2, -2]: an interval whose ends are the wrong way round. */
static bool is_turned(struct same_in *in, int32_t e)
{
    int order;
    if (!expr_is(in->x, e, EXPR_INTERVAL))
        return false;
    struct exact found =
        exact_order(in->x, expr_arg(in->x, e, 0), expr_arg(in->x, e, 1), &order, in->budget);
    return found.truth == EXACT_DIFFERENT && order > 0;
}

struct same same_region(struct same_in *in, struct shape g, struct shape p)
{
    int32_t name_g;
    int32_t name_p;
    struct same s;
    if (g.kind == SHAPE_SCALAR || p.kind == SHAPE_SCALAR) {
        bool is_class = expr_is(in->x, g.kind == SHAPE_SCALAR ? p.node : g.node, EXPR_BUILDER);
        return is_class ? same_unsure("a class against a number") /* 5 against 5 (mod 7) */
                        : same_no(LEVEL_D1, "a set against a number");
    }
    bool is_mixed = g.kind == SHAPE_MATRIX || p.kind == SHAPE_MATRIX;
    if (is_mixed)
        return same_no(LEVEL_D1, "a set against a matrix");
    if (expr_is(in->x, g.node, EXPR_CONSTANT) && expr_is(in->x, p.node, EXPR_CONSTANT))
        return same_no(LEVEL_D2, "another set of numbers"); /* equal ones are one node */
    if (expr_is(in->x, g.node, EXPR_BUILDER) && expr_is(in->x, p.node, EXPR_BUILDER)) {
        s = builders(in, g.node, p.node);
        if (s.verdict != EQUAL_UNDECIDED)
            return s;
    }
    if (!as_regions(in, g.node, p.node, &name_g, &name_p, &s))
        return is_turned(in, g.node) != is_turned(in, p.node)
                   ? same_no(LEVEL_D1, "an interval with its ends exchanged")
                   : same_unsure("sets without a common form");
    bool is_listed = g.kind == SHAPE_TUPLE || p.kind == SHAPE_TUPLE || g.kind == SHAPE_LIST ||
                     p.kind == SHAPE_LIST;
    return is_listed ? same_doubt(s, "a list against a set of numbers") : s;
}

/* ------------------------------------------------------------------------------- statements */

/* A condition behind a statement ("for all n", "where k is whole"): both parts must agree. */
static struct same with_conditions(struct same_in *in, int32_t g, int32_t p)
{
    bool has_g = expr_is(in->x, g, EXPR_FOR_ALL);
    bool has_p = expr_is(in->x, p, EXPR_FOR_ALL);
    int32_t body_g = has_g ? expr_arg(in->x, g, 0) : g;
    int32_t body_p = has_p ? expr_arg(in->x, p, 0) : p;
    struct same s = same_nodes(in, body_g, body_p, NULL);
    if (has_g != has_p)
        return s.verdict == EQUAL_YES ? same_unsure("a condition on one side only") : s;
    struct same condition = same_nodes(in, expr_arg(in->x, g, 1), expr_arg(in->x, p, 1), NULL);
    if (condition.verdict == EQUAL_YES)
        return same_both(s, condition);
    return same_unsure("the conditions differ");
}

/* xy = 0 against x = 0: where one side has a variable more, both are different when they are for
 * one value of it. */
static bool differ_in_slice(struct same_in *in, int32_t g, int32_t p)
{
    static const int64_t values[] = {0, 1, 2, -1};
    struct exprs *x = in->x;
    uint64_t extra = expr_free(x, g) ^ expr_free(x, p);
    int32_t symbol = EXPR_NONE;
    if (extra == 0 || (extra & (extra - 1)) != 0 || expr_is(x, g, EXPR_FOR_ALL) ||
        expr_is(x, p, EXPR_FOR_ALL))
        return false;
    for (int32_t i = 0; i < exprs_count(x) && symbol == EXPR_NONE; i++)
        if (expr_is(x, i, EXPR_SYMBOL) && expr_free(x, i) == extra)
            symbol = i;
    if (symbol == EXPR_NONE || vars_is_whole_name(expr_name(x, symbol)))
        return false; /* n = 3k: the parameter of a family */
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        int32_t a = expr_replace(x, g, symbol, expr_int(x, values[i]));
        int32_t b = expr_replace(x, p, symbol, expr_int(x, values[i]));
        bool are_left = a != EXPR_NONE && b != EXPR_NONE && expr_free(x, a) == expr_free(x, b) &&
                        expr_free(x, a) != 0;
        if (are_left && relation_compare(x, a, b, in->budget).truth == EXACT_DIFFERENT)
            return true;
    }
    return false;
}

static struct same two_statements(struct same_in *in, int32_t g, int32_t p)
{
    int32_t name_g = EXPR_NONE;
    int32_t name_p = EXPR_NONE;
    struct same s;
    if (as_regions(in, g, p, &name_g, &name_p, &s)) {
        if (name_g == name_p || s.verdict != EQUAL_YES)
            return s;
        return in->policy->may_rename ? same_by_policy(s, "rename")
                                      : same_unsure("the variables' names differ");
    }
    s = same_exact(relation_compare(in->x, g, p, in->budget));
    return s.verdict == EQUAL_UNDECIDED && differ_in_slice(in, g, p)
               ? same_no(LEVEL_D2, "a value of the variable that only one side has")
               : s;
}

/* A system is a list of statements in any order. */
static bool is_system(const struct exprs *x, int32_t e)
{
    if (!expr_is(x, e, EXPR_AND) && !expr_is(x, e, EXPR_LIST))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (!expr_is(x, expr_arg(x, e, i), EXPR_RELATION))
            return false;
    return true;
}

static struct same systems(struct same_in *in, int32_t g, int32_t p)
{
    struct shape of_g = {.kind = SHAPE_SET, .node = g, .whole = g, .name = EXPR_NONE};
    struct shape of_p = {.kind = SHAPE_SET, .node = p, .whole = p, .name = EXPR_NONE};
    return same_collection(in, of_g, of_p);
}

/* Whether every part gives a value to a name of its own. */
static bool is_solution(const struct exprs *x, int32_t e)
{
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t r = expr_arg(x, e, i);
        bool is_value = str_eq(expr_name(x, r), STR("=")) &&
                        expr_is(x, expr_arg(x, r, 0), EXPR_SYMBOL) &&
                        (expr_has(x, expr_arg(x, r, 1)) & EXPR_HAS_SYMBOL) == 0;
        if (!is_value)
            return false;
    }
    return true;
}

/* x = 1, y = 2 against another system: different parts make different solutions, but equations to
 * be solved may come to the same in other words. */
static bool try_systems(struct same_in *in, struct shape g, struct shape p, struct same *found)
{
    int32_t of_g = shape_system(in->x, &g);
    int32_t of_p = shape_system(in->x, &p);
    if (!is_system(in->x, of_g) || !is_system(in->x, of_p))
        return false;
    *found = systems(in, of_g, of_p);
    bool is_sure = is_solution(in->x, of_g) && is_solution(in->x, of_p);
    if (found->verdict == EQUAL_NO && !is_sure)
        *found = same_unsure("systems with other parts");
    return true;
}

/* A relation that no single number can stand for: an inequality, or several unknowns. */
static bool is_no_number(const struct exprs *x, int32_t e)
{
    if (!expr_is(x, e, EXPR_RELATION))
        return false;
    uint64_t free = expr_free(x, e);
    return !str_eq(expr_name(x, e), STR("=")) || (free & (free - 1)) != 0;
}

/* 2x = 4 against 4: another answer, where the equation is solved and the number is not its one
 * solution; against 2: the problem would have to say whether the equation is what it asked for. */
static struct same equation_against_number(struct same_in *in, int32_t equation, int32_t number)
{
    int32_t name;
    struct same s;
    int32_t set = expr_make(in->x, EXPR_SET, 0, STR(""), &number, 1);
    if (set != EXPR_NONE && as_regions(in, equation, set, &name, &name, &s) &&
        s.verdict == EQUAL_NO)
        return s;
    return same_unsure("an equation against a number");
}

/* A set of reals, numbers or a list against what a statement describes. */
static struct same statement_against(struct same_in *in, struct shape g, struct shape p)
{
    int32_t name;
    struct same s;
    struct shape other = g.kind == SHAPE_STATEMENT ? p : g;
    struct shape statement = g.kind == SHAPE_STATEMENT ? g : p;
    if (other.kind == SHAPE_SCALAR && (expr_has(in->x, other.node) & EXPR_HAS_SYMBOL) == 0)
        return is_no_number(in->x, statement.node)
                   ? same_no(LEVEL_D1, "a statement against a number")
                   : equation_against_number(in, statement.node, other.node);
    bool are_named = g.name != EXPR_NONE || p.name != EXPR_NONE; /* x = 2 or x = -2 */
    if (are_named && as_regions(in, g.whole, p.whole, &name, &name, &s))
        return s;
    if (as_regions(in, g.node, p.node, &name, &name, &s))
        return shapes_by_policy(in, s);
    return same_unsure("a statement against another kind of answer");
}

/* Alternatives in any order: x = 1, y = 2 or x = 2, y = 1. Other parts mean other solutions only
 * where every part is a solution. */
static struct same alternatives(struct same_in *in, int32_t g, int32_t p)
{
    struct same s = systems(in, g, p);
    bool are_solved =
        shape_solutions(in->x, g) != EXPR_NONE && shape_solutions(in->x, p) != EXPR_NONE;
    return s.verdict == EQUAL_NO && !are_solved ? same_unsure("alternatives in other words") : s;
}

/* Such alternatives against a list of points. */
static bool try_points(struct same_in *in, struct shape g, struct shape p, struct same *found)
{
    int32_t of_g = shape_solutions(in->x, g.node);
    int32_t of_p = shape_solutions(in->x, p.node);
    if ((of_g == EXPR_NONE) == (of_p == EXPR_NONE))
        return false;
    struct shape other = of_g == EXPR_NONE ? g : p;
    if (other.kind != SHAPE_LIST && other.kind != SHAPE_SET)
        return false;
    *found =
        same_nodes(in, of_g == EXPR_NONE ? g.node : of_g, of_p == EXPR_NONE ? p.node : of_p, NULL);
    *found = same_by_policy(*found, "names left out");
    if (found->verdict == EQUAL_NO)
        *found = same_unsure("which name belongs to which value");
    return true;
}

struct same same_statement(struct same_in *in, struct shape g, struct shape p)
{
    struct exprs *x = in->x;
    struct same parts;
    if (try_points(in, g, p, &parts))
        return parts;
    if (expr_is(x, g.node, EXPR_FOR_ALL) || expr_is(x, p.node, EXPR_FOR_ALL))
        return with_conditions(in, g.whole, p.whole);
    bool are_systems = try_systems(in, g, p, &parts);
    if (are_systems && parts.verdict != EQUAL_UNDECIDED)
        return parts;
    if (g.kind != SHAPE_STATEMENT || p.kind != SHAPE_STATEMENT)
        return are_systems ? parts : statement_against(in, g, p);
    struct same s = two_statements(in, g.node, p.node);
    if (s.verdict == EQUAL_UNDECIDED && expr_is(x, g.node, EXPR_OR) && expr_is(x, p.node, EXPR_OR))
        return alternatives(in, g.node, p.node);
    return s.verdict == EQUAL_UNDECIDED && are_systems ? parts : s;
}
