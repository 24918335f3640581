/* Lists, tuples, sets and matrices. Members are compared by same_nodes, so they may be anything;
 * order counts where the gold's brackets say so, and members are paired by a matching. */
#include <assert.h>

#include "base/limits.h"
#include "graders/math/match.h"
#include "graders/math/same.h"
#include "graders/math/series.h"
#include "graders/math/vector.h"

static struct same members_in_order(struct same_in *in, int32_t a, int32_t b)
{
    int32_t n = expr_n_args(in->x, a);
    struct same all = same_yes(LEVEL_E2, "the same members");
    if (n != expr_n_args(in->x, b))
        return same_no(LEVEL_D1, "another number of members");
    for (int32_t i = 0; i < n && all.verdict != EQUAL_NO; i++) {
        struct same s = same_nodes(in, expr_arg(in->x, a, i), expr_arg(in->x, b, i), NULL);
        all = same_both(all, s);
    }
    return all;
}

/* Every member of a against every one of b; NULL when there are too many of them. */
static struct same *table_of(struct same_in *in, int32_t a, int32_t b, enum equal_verdict **plain)
{
    int64_t n = expr_n_args(in->x, a);
    int64_t m = expr_n_args(in->x, b);
    if (n * m > LIMIT_MATH_PAIRS)
        return NULL;
    struct same *table = NEW(&in->tmp, struct same, n * m + 1);
    *plain = NEW(&in->tmp, enum equal_verdict, n * m + 1);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < m; k++) {
            struct same s = same_nodes(in, expr_arg(in->x, a, (int32_t)i),
                                       expr_arg(in->x, b, (int32_t)k), NULL);
            table[i * m + k] = s;
            (*plain)[i * m + k] = s.verdict;
        }
    return table;
}

static struct same undecided_of(const struct same *table, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (table[i].verdict == EQUAL_UNDECIDED)
            return table[i];
    return same_unsure("members that could not be compared");
}

static struct same members_in_any_order(struct same_in *caller, int32_t a, int32_t b)
{
    struct same_in copy = *caller; /* what the table takes goes with the copy */
    struct same_in *in = &copy;
    enum equal_verdict *plain;
    int32_t n = expr_n_args(in->x, a);
    if (n != expr_n_args(in->x, b))
        return same_no(LEVEL_D1, "another number of members");
    struct same *table = table_of(in, a, b, &plain);
    if (table == NULL)
        return same_unsure("too many members");
    int32_t *partner = NEW(&in->tmp, int32_t, n + 1);
    enum equal_verdict v = match_lists(plain, n, partner, in->tmp);
    if (v == EQUAL_NO)
        return same_no(LEVEL_D2, "no pairing of the members");
    if (v == EQUAL_UNDECIDED)
        return undecided_of(table, (int64_t)n * n);
    struct same all = same_yes(LEVEL_E2, "the same members");
    for (int32_t i = 0; i < n; i++)
        all = same_both(all, table[(int64_t)i * n + partner[i]]);
    return all;
}

/* Repeats do not count. */
static struct same members_as_sets(struct same_in *caller, int32_t a, int32_t b)
{
    struct same_in copy = *caller;
    struct same_in *in = &copy;
    enum equal_verdict *plain;
    int32_t n = expr_n_args(in->x, a);
    int32_t m = expr_n_args(in->x, b);
    struct same *table = table_of(in, a, b, &plain);
    if (table == NULL)
        return same_unsure("too many members");
    enum equal_verdict v = match_sets(plain, n, m);
    if (v == EQUAL_NO)
        return same_no(n == m ? LEVEL_D2 : LEVEL_D1, "a member without a partner");
    if (v == EQUAL_UNDECIDED)
        return undecided_of(table, (int64_t)n * m);
    struct same all = same_yes(LEVEL_E2, "the same members");
    for (int64_t i = 0; i < (int64_t)n * m; i++)
        if (table[i].verdict == EQUAL_YES)
            all = same_both(all, table[i]);
    return all;
}

static const char no_meaning[] = "an ellipsis has no certain meaning";

static bool is_many(enum shape_kind kind)
{
    return kind == SHAPE_LIST || kind == SHAPE_TUPLE || kind == SHAPE_SET;
}

/* The members before the ellipsis (step 1), or from the end back to it (step -1): no when two that
 * stand at one place differ. */
static struct same members_apart(struct same_in *in, int32_t g, int32_t p, int32_t step)
{
    int32_t n_g = expr_n_args(in->x, g);
    int32_t n_p = expr_n_args(in->x, p);
    for (int32_t i = 0; i < n_g && i < n_p; i++) {
        int32_t a = expr_arg(in->x, g, step > 0 ? i : n_g - 1 - i);
        int32_t b = expr_arg(in->x, p, step > 0 ? i : n_p - 1 - i);
        if ((expr_has(in->x, a) | expr_has(in->x, b)) & EXPR_HAS_DOTS)
            break;
        struct same s = same_nodes(in, a, b, NULL);
        if (s.verdict == EQUAL_NO)
            return s;
    }
    return same_unsure("");
}

/* 1, 2, ... has no end. */
static bool is_endless(const struct exprs *x, int32_t e)
{
    int32_t n = expr_n_args(x, e);
    return n > 2 && expr_is(x, expr_arg(x, e, n - 1), EXPR_DOTS);
}

/* One side is written out, the other has dots: 1, 2, ..., 10 against its ten members. */
static struct same dotted_against(struct same_in *in, struct shape g, struct shape p)
{
    bool is_gold = (expr_has(in->x, g.node) & EXPR_HAS_DOTS) != 0;
    int32_t dotted = is_gold ? g.node : p.node;
    int32_t plain = is_gold ? p.node : g.node;
    if (expr_is(in->x, expr_arg(in->x, dotted, 0), EXPR_RELATION)) /* n = 2k, k = 0, 1, ... */
        return same_unsure(no_meaning);
    if (expr_is(in->x, dotted, EXPR_SET)) /* has lost the order that dots go by */
        return same_unsure(no_meaning);
    int32_t full = series_members(in->x, dotted);
    if (full == EXPR_NONE)
        return is_endless(in->x, dotted) ? same_no(LEVEL_D1, "an endless list against a finite one")
                                         : same_unsure(no_meaning);
    return is_gold ? same_nodes(in, full, plain, NULL) : same_nodes(in, plain, full, NULL);
}

struct same same_dotted(struct same_in *in, struct shape g, struct shape p)
{
    bool have_dots = (expr_has(in->x, g.node) & expr_has(in->x, p.node) & EXPR_HAS_DOTS) != 0;
    bool are_many = is_many(g.kind) && is_many(p.kind);
    if (!have_dots && are_many)
        return dotted_against(in, g, p);
    bool are_lists = expr_op(in->x, g.node) == expr_op(in->x, p.node) && have_dots &&
                     (g.kind == SHAPE_LIST || g.kind == SHAPE_TUPLE);
    if (!are_lists)
        return same_unsure(no_meaning);
    struct same s = members_apart(in, g.node, p.node, 1);
    if (s.verdict != EQUAL_NO)
        s = members_apart(in, g.node, p.node, -1);
    if (s.verdict == EQUAL_NO)
        return s;
    return same_unsure(no_meaning);
}

/* ---------------------------------------------------------------------------------- matrices */

static bool is_vector(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_MATRIX) &&
           (expr_which(x, e) == 1 || expr_which(x, e) == expr_n_args(x, e));
}

static struct same matrices(struct same_in *in, int32_t g, int32_t p)
{
    if (expr_n_args(in->x, g) != expr_n_args(in->x, p))
        return same_no(LEVEL_D1, "another number of cells");
    if (expr_which(in->x, g) == expr_which(in->x, p))
        return members_in_order(in, g, p);
    if (is_vector(in->x, g) && is_vector(in->x, p))
        return same_doubt(members_in_order(in, g, p), "a row against a column");
    return same_no(LEVEL_D1, "another shape");
}

/* (1, 2) may be written as a row or a column. */
static struct same vector_against_tuple(struct same_in *in, struct shape g, struct shape p)
{
    int32_t matrix = g.kind == SHAPE_MATRIX ? g.node : p.node;
    if (!is_vector(in->x, matrix) || g.kind == SHAPE_SET || p.kind == SHAPE_SET)
        return same_no(LEVEL_D1, "another kind of answer");
    return same_by_policy(members_in_order(in, g.node, p.node), "a tuple is a vector");
}

/* --------------------------------------------------------------------------------- pairings */

/* A collection of one against what it holds. */
static struct same one_member(struct same_in *in, int32_t collection, int32_t scalar, bool is_gold)
{
    int32_t n = expr_n_args(in->x, collection);
    struct same all = same_yes(LEVEL_E2, "");
    if (n == 0 || in->depth > 1) /* {{1}, 2} is not {1, {2}} */
        return same_no(LEVEL_D1, "another number of members");
    for (int32_t i = 0; i < n && all.verdict == EQUAL_YES; i++) {
        int32_t member = expr_arg(in->x, collection, i);
        all = same_both(all, is_gold ? same_nodes(in, member, scalar, NULL)
                                     : same_nodes(in, scalar, member, NULL));
    }
    if (n == 1)
        return same_by_policy(all, "a set of one");
    return all.verdict == EQUAL_YES ? same_unsure("one number, more than once")
                                    : same_no(LEVEL_D1, "another number of members");
}

/* Brackets on one side only, or of different kinds: the order tells a pair from a set, and only
 * where it is the same on both sides nothing hangs on it. */
static struct same tuple_against_list(struct same_in *in, struct shape g, struct shape p)
{
    bool is_of_one = (g.kind == SHAPE_LIST && g.name != EXPR_NONE) ||
                     (p.kind == SHAPE_LIST && p.name != EXPR_NONE);
    struct same ordered = members_in_order(in, g.node, p.node);
    if (is_of_one)
        return same_doubt(ordered, "a tuple against values of one unknown");
    if (ordered.verdict == EQUAL_YES)
        return same_by_policy(ordered, "a tuple without brackets");
    struct same s = members_in_any_order(in, g.node, p.node);
    return same_doubt(s, "order counts in one of the two");
}

static struct same lists(struct same_in *in, struct shape g, struct shape p)
{
    if (in->policy->lists_ordered)
        return members_in_order(in, g.node, p.node);
    struct same s = members_in_any_order(in, g.node, p.node);
    bool is_count = expr_n_args(in->x, g.node) != expr_n_args(in->x, p.node);
    if (is_count && members_as_sets(in, g.node, p.node).verdict == EQUAL_YES)
        return same_unsure("members more than once");
    return s;
}

/* x = 1, y = 2 against 1, 2 or (1, 2): names are left out in the order of the alphabet, or it
 * cannot be told which number is which. */
static bool try_without_names(struct same_in *in, struct shape g, struct shape p, struct same *s)
{
    int32_t of_g = shape_values(in->x, g.whole);
    int32_t of_p = shape_values(in->x, p.whole);
    if ((of_g == EXPR_NONE) == (of_p == EXPR_NONE))
        return false;
    struct shape other = of_g == EXPR_NONE ? g : p;
    if (other.name != EXPR_NONE || other.kind == SHAPE_SET) { /* x = 2 or x = 3; {2, 3} */
        *s = same_unsure("values of one unknown against values of several");
        return true;
    }
    int32_t a = of_g == EXPR_NONE ? g.node : of_g;
    int32_t b = of_p == EXPR_NONE ? p.node : of_p;
    *s = same_by_policy(members_in_order(in, a, b), "names left out");
    if (s->verdict == EQUAL_NO && members_in_any_order(in, a, b).verdict != EQUAL_NO)
        *s = same_unsure("which name belongs to which value");
    return true;
}

/* (2, 3) against 2i + 3j, a unit matrix against I_2: equal, or nothing is known. */
static bool is_named_vector(struct same_in *in, struct shape g, struct shape p, struct same *s)
{
    struct exprs *x = in->x;
    bool is_gold = p.kind == SHAPE_SCALAR; /* which side is spelled out in numbers */
    int32_t v = is_gold ? g.node : p.node;
    int32_t e = is_gold ? p.whole : g.whole;
    int32_t spelled = vector_spelled(x, v, e);
    int32_t n = expr_is(x, v, EXPR_MATRIX) ? expr_which(x, v) : 0;
    int32_t unit =
        spelled == EXPR_NONE && n * n == expr_n_args(x, v) ? vector_with_unit(x, e, n) : EXPR_NONE;
    int32_t a = spelled != EXPR_NONE ? spelled : v;
    int32_t b = spelled != EXPR_NONE ? e : unit;
    if (b == EXPR_NONE || (spelled == EXPR_NONE && expr_is_scalar(x, unit)))
        return false;
    *s = is_gold ? same_nodes(in, a, b, NULL) : same_nodes(in, b, a, NULL);
    *s = same_by_policy(*s, "names of unit vectors");
    return s->verdict == EQUAL_YES;
}

struct same same_collection(struct same_in *in, struct shape g, struct shape p)
{
    struct same s;
    if ((g.kind == SHAPE_SCALAR || p.kind == SHAPE_SCALAR) && is_named_vector(in, g, p, &s))
        return s;
    if (is_many(g.kind) && is_many(p.kind) && try_without_names(in, g, p, &s))
        return s;
    if (g.kind == SHAPE_SCALAR) /* never both */
        return one_member(in, p.node, g.whole, false);
    if (p.kind == SHAPE_SCALAR)
        return one_member(in, g.node, p.whole, true);
    if (g.kind == SHAPE_MATRIX && p.kind == SHAPE_MATRIX)
        return matrices(in, g.node, p.node);
    if (g.kind == SHAPE_MATRIX || p.kind == SHAPE_MATRIX)
        return vector_against_tuple(in, g, p);
    if (g.kind == SHAPE_TUPLE && p.kind == SHAPE_TUPLE)
        return members_in_order(in, g.node, p.node);
    if (g.kind == SHAPE_LIST && p.kind == SHAPE_LIST)
        return lists(in, g, p);
    if (g.kind == SHAPE_TUPLE || p.kind == SHAPE_TUPLE) {
        bool has_set = g.kind == SHAPE_SET || p.kind == SHAPE_SET;
        return has_set ? same_doubt(members_as_sets(in, g.node, p.node), "a tuple against a set")
                       : tuple_against_list(in, g, p);
    }
    return members_as_sets(in, g.node, p.node);
}
