/* How single verdicts add up, and which comparator belongs to a gold. */
#include "graders/math/same.h"

#include <assert.h>

struct same same_yes(enum equal_level level, const char *method)
{
    return (struct same){EQUAL_YES, level, method, 0};
}

struct same same_no(enum equal_level level, const char *method)
{
    return (struct same){EQUAL_NO, level, method, 0};
}

struct same same_unsure(const char *method)
{
    return (struct same){EQUAL_UNDECIDED, LEVEL_U, method, 0};
}

struct same same_exact(struct exact found)
{
    switch (found.truth) {
    case EXACT_EQUAL:
        return (struct same){EQUAL_YES, LEVEL_E2, found.method, found.bits};
    case EXACT_PROBABLE:
        return (struct same){EQUAL_YES, LEVEL_E1, found.method, found.bits};
    case EXACT_DIFFERENT:
        return (struct same){EQUAL_NO, LEVEL_D2, found.method, found.bits};
    default:
        return same_unsure(found.method);
    }
}

/* From the surest yes to the least sure. */
static int rank(enum equal_level level)
{
    return level == LEVEL_E2 ? 0 : level == LEVEL_E1 ? 1 : 2;
}

struct same same_both(struct same a, struct same b)
{
    if (a.verdict == EQUAL_NO || b.verdict == EQUAL_NO)
        return a.verdict == EQUAL_NO ? a : b;
    if (a.verdict == EQUAL_UNDECIDED || b.verdict == EQUAL_UNDECIDED)
        return a.verdict == EQUAL_UNDECIDED ? a : b;
    if (rank(a.level) != rank(b.level))
        return rank(a.level) > rank(b.level) ? a : b;
    if (a.level == LEVEL_E1) /* the chances of error add up, so the larger one leads */
        return a.bits < b.bits ? a : b;
    return a.bits > b.bits ? a : b;
}

struct same same_by_policy(struct same s, const char *policy)
{
    if (s.verdict == EQUAL_YES)
        s = (struct same){EQUAL_YES, LEVEL_P, policy, s.bits};
    return s;
}

struct same same_doubt(struct same s, const char *why)
{
    return s.verdict == EQUAL_YES ? same_unsure(why) : s;
}

/* 1/0 in a text: no value, so not even equal to itself. */
static bool divides_by_zero(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_POW) && expr_is_int(x, expr_arg(x, e, 0), 0) &&
        expr_is(x, expr_arg(x, e, 1), EXPR_NUMBER))
        return fmpq_sgn(expr_number(x, expr_arg(x, e, 1))) < 0;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (divides_by_zero(x, expr_arg(x, e, i)))
            return true;
    return false;
}

struct same same_expression(const struct exprs *x, int32_t e)
{
    return divides_by_zero(x, e) ? same_unsure("a division by zero")
                                 : same_yes(LEVEL_E2, "the same expression");
}

/* ------------------------------------------------------------------------- which comparator */

static bool is_collection(enum shape_kind kind)
{
    return kind == SHAPE_LIST || kind == SHAPE_TUPLE || kind == SHAPE_SET || kind == SHAPE_MATRIX;
}

static bool is_wordy(enum shape_kind kind)
{
    return kind == SHAPE_TEXT || kind == SHAPE_LETTER;
}

/* x = 1, y = 2 in one form or the other: a list whose parts are statements. */
static bool is_system(struct exprs *x, const struct shape *s)
{
    int32_t e = shape_system(x, s);
    return (expr_is(x, e, EXPR_LIST) || expr_is(x, e, EXPR_AND)) &&
           expr_is(x, expr_arg(x, e, 0), EXPR_RELATION) && s->kind != SHAPE_SCALAR;
}

static struct same by_shape(struct same_in *in, struct shape g, struct shape p)
{
    if (is_wordy(g.kind) || is_wordy(p.kind))
        return same_text(in, g, p);
    bool are_systems =
        g.node != p.node && g.name != p.name && is_system(in->x, &g) && is_system(in->x, &p);
    if (g.kind == SHAPE_STATEMENT || p.kind == SHAPE_STATEMENT || are_systems)
        return same_statement(in, g, p);
    if (g.kind == SHAPE_REGION || p.kind == SHAPE_REGION)
        return same_region(in, g, p);
    if (is_collection(g.kind) || is_collection(p.kind))
        return same_collection(in, g, p);
    return same_scalar(in, g.node, p.node);
}

static bool is_word(const struct exprs *x, int32_t name)
{
    enum { WORD = 3 };
    struct str s = expr_name(x, name);
    return s.n >= WORD && memchr(s.at, '_', (size_t)s.n) == NULL && s.at[0] != '\\';
}

/* x = 5 against y = 5: the problem would have to say what x and y are, unless both stand in one
 * list, where each name belongs to its own value. */
static struct same with_names(struct same_in *in, struct shape g, struct shape p, struct same s)
{
    bool are_named = g.name != EXPR_NONE && p.name != EXPR_NONE && g.name != p.name;
    bool are_words = are_named && is_word(in->x, g.name) && is_word(in->x, p.name);
    if (are_named && s.verdict == EQUAL_YES && (in->depth > 0 || are_words)) /* max = 5, min = 5 */
        return same_no(LEVEL_D2, "the names set equal to it differ");
    if (are_named && s.verdict == EQUAL_YES)
        s = in->policy->may_rename ? same_by_policy(s, "rename")
                                   : same_doubt(s, "the names set equal to it differ");
    if (g.is_inconsistent || p.is_inconsistent)
        return same_unsure("the sides of the equation differ");
    if (shape_is_unusual(in->x, &g) != shape_is_unusual(in->x, &p) &&
        (g.name == EXPR_NONE) != (p.name == EXPR_NONE))
        return same_unsure("names in an order of their own");
    if (g.is_of_letters != p.is_of_letters)
        s = same_by_policy(s, "the value of an equation");
    return s;
}

/* Two equations are compared as such, unless both only give a value to a name. */
static bool are_statements(const struct exprs *x, struct shape g, struct shape p)
{
    bool are_relations = expr_is(x, g.whole, EXPR_RELATION) && expr_is(x, p.whole, EXPR_RELATION);
    bool are_values = g.kind != SHAPE_STATEMENT && p.kind != SHAPE_STATEMENT;
    bool are_of_letters = g.is_of_letters || p.is_of_letters;
    return are_relations && (!are_values || are_of_letters);
}

/* Two names that an equation makes functions of each other: x = 2y + 1 against y = (x - 1)/2. */
static bool are_solved_otherwise(const struct exprs *x, struct shape g, struct shape p)
{
    if (g.name == EXPR_NONE || p.name == EXPR_NONE || g.name == p.name)
        return false;
    return (expr_free(x, g.whole) & expr_free(x, p.whole)) == expr_free(x, g.whole) &&
           expr_has(x, g.node) & EXPR_HAS_SYMBOL;
}

struct same same_nodes(struct same_in *in, int32_t gold, int32_t pred, const char **comparator)
{
    enum { MAX_DEPTH = 16 };
    if (gold == EXPR_NONE || pred == EXPR_NONE)
        return same_unsure("too large");
    struct shape g = shape_of(in->x, gold, in->budget);
    struct shape p = shape_of(in->x, pred, in->budget);
    if (comparator != NULL)
        *comparator = (expr_has(in->x, g.node) & EXPR_HAS_SYMBOL) != 0 && g.kind == SHAPE_SCALAR
                          ? "function"
                          : shape_name(g.kind);
    if (gold == pred)
        return with_names(in, g, p, same_expression(in->x, gold));
    if (in->depth >= MAX_DEPTH)
        return same_unsure("nested too deep");
    bool has_dots = ((expr_has(in->x, gold) | expr_has(in->x, pred)) & EXPR_HAS_DOTS) != 0;
    if (has_dots)
        return same_dotted(in, g, p);
    shape_same_argument(in->x, &g, &p);
    in->depth++;
    struct same s;
    if (are_statements(in->x, g, p) || are_solved_otherwise(in->x, g, p)) {
        g.node = g.whole;
        p.node = p.whole;
        g.kind = SHAPE_STATEMENT;
        p.kind = SHAPE_STATEMENT;
        s = same_statement(in, g, p);
    } else {
        s = by_shape(in, g, p);
        in->depth--;
        return with_names(in, g, p, s);
    }
    in->depth--;
    return s;
}
