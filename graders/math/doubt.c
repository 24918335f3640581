#include "graders/math/doubt.h"

const char doubt_open_constant[] = "an open constant";

/* One walk over a side. A graph may share its parts, so the walk is bounded by visits, not by size:
 * what is not reached in time counts as nothing doubtful. */
struct walk {
    const struct exprs *x;
    const char *why;
    int32_t n_visits;
    int32_t n_signs; /* in one member */
    int32_t n_signs_most;
    uint64_t sequences; /* as expr_free has symbols: a_n, and the functions that are called */
    uint64_t whole;     /* letters that stand for whole numbers */
    uint64_t other;     /* all other symbols */
    bool has_congruence;
    bool has_open_constant; /* where it is no letter among letters */
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* a_n, F_{n+2}: an index that is not a number. */
static bool is_sequence(struct str name)
{
    int64_t at = str_find(name, STR("_"), 0);
    if (at < 1)
        return false;
    at += at + 1 < name.n && name.at[at + 1] == '{' ? 2 : 1;
    return at < name.n && is_letter(name.at[at]);
}

bool doubt_is_open_constant(struct str name)
{
    bool is_alone = str_eq(name, STR("C")) || str_eq(name, STR("K"));
    bool has_index = name.n > 1 && name.at[1] == '_';
    return is_alone || (has_index && (name.at[0] == 'C' || name.at[0] == 'c' || name.at[0] == 'K'));
}

static void take_symbol(struct walk *w, int32_t e)
{
    struct str name = expr_name(w->x, e);
    if (is_sequence(name))
        w->sequences |= expr_free(w->x, e);
    else if (name.n == 1 && strchr("klmnst", name.at[0]) != NULL)
        w->whole |= expr_free(w->x, e);
    else
        w->other |= expr_free(w->x, e);
    w->has_open_constant |= doubt_is_open_constant(name);
}

/* A function that only one side speaks of is the problem's; everybody knows the values of zeta. */
static const char *of_apply(struct walk *w, int32_t e)
{
    const struct exprs *x = w->x;
    struct str name = expr_name(x, expr_arg(x, e, 0));
    w->sequences |= expr_free(x, expr_arg(x, e, 0));
    return name.at[0] == '\\' ? "a function of number theory or analysis" : NULL;
}

/* "for all x" says nothing, and neither does "for real x" behind f(x) = ... */
static const char *of_condition(const struct exprs *x, int32_t e)
{
    int32_t body = expr_arg(x, e, 0);
    int32_t c = expr_arg(x, e, 1);
    bool is_definition =
        expr_is(x, body, EXPR_RELATION) && expr_is(x, expr_arg(x, body, 0), EXPR_APPLY);
    return expr_is(x, c, EXPR_SYMBOL) || is_definition ? NULL : "a condition, or a parameter";
}

static bool has_negative_remainder(const struct exprs *x, int32_t e)
{
    bool is_negative = false;
    bool has_remainder = false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        is_negative |= expr_is(x, a, EXPR_NUMBER) && fmpq_sgn(expr_number(x, a)) < 0;
        has_remainder |= expr_is_call(x, a, EXPR_MOD);
    }
    return is_negative && has_remainder;
}

static const char *of_node(struct walk *w, int32_t e)
{
    const struct exprs *x = w->x;
    switch (expr_op(x, e)) {
    case EXPR_SYMBOL:
        take_symbol(w, e);
        return NULL;
    case EXPR_APPLY:
        return of_apply(w, e);
    case EXPR_FOR_ALL:
        return of_condition(x, e);
    case EXPR_PLUS_MINUS:
        w->n_signs_most = ++w->n_signs > w->n_signs_most ? w->n_signs : w->n_signs_most;
        return NULL;
    case EXPR_TEXT:
        return "words in it";
    case EXPR_RELATION:
        w->has_congruence |= str_eq(expr_name(x, e), STR("c"));
        return NULL;
    case EXPR_MUL:
        if (has_negative_remainder(x, e))
            return "a sign before a remainder";
        return NULL;
    case EXPR_POW:
        return expr_is_scalar(x, e) ? NULL : "a power of a collection";
    default:
        return NULL;
    }
}

static void walk(struct walk *w, int32_t e, int32_t depth)
{
    enum { VISITS = 2048, DEPTH = 128 };
    if (w->why != NULL || depth > DEPTH || w->n_visits++ > VISITS)
        return;
    const struct exprs *x = w->x;
    bool is_lone = depth == 0 && expr_is(x, e, EXPR_TEXT);
    bool is_list = expr_is(x, e, EXPR_LIST) || expr_is(x, e, EXPR_SET);
    w->why = is_lone ? NULL : of_node(w, e);
    /* of f(2) = 5 the left side only names the right one */
    bool is_named = depth == 0 && expr_is(x, e, EXPR_RELATION) && expr_n_args(x, e) == 2 &&
                    expr_is(x, expr_arg(x, e, 0), EXPR_APPLY);
    for (int32_t i = is_named ? 1 : 0; i < expr_n_args(x, e); i++) {
        w->n_signs = is_list ? 0 : w->n_signs;
        walk(w, expr_arg(x, e, i), depth + 1);
    }
}

/* x > -2, x < 2: a list of conditions is one set. */
static bool is_conditions(const struct exprs *x, int32_t e)
{
    if (!expr_is(x, e, EXPR_LIST))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        if (!expr_is(x, a, EXPR_RELATION) || str_eq(expr_name(x, a), STR("=")))
            return false;
    }
    return true;
}

static bool is_vector(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_TUPLE) || expr_is(x, e, EXPR_MATRIX);
}

/* i, \hat{j}, \mathbf{k}, I_2 */
static bool has_unit_names(const struct exprs *x, int32_t e)
{
    for (int32_t s = 0; s < exprs_count(x); s++) {
        if (!expr_is(x, s, EXPR_SYMBOL) || (expr_free(x, s) & expr_free(x, e)) == 0)
            continue;
        struct str name = expr_name(x, s);
        if (name.at[0] == '\\' || name.at[0] == 'I' || name.at[0] == 'j' || name.at[0] == 'k')
            return true;
    }
    return false;
}

/* 2i + 3j against (2, 3), I against the unit matrix. */
static bool may_be_vectors(const struct exprs *x, int32_t a, int32_t b)
{
    return is_vector(x, a) && expr_is_scalar(x, b) && has_unit_names(x, b);
}

/* Signs that belong together or not make other values, but always more than one. */
static bool may_be_signs(const struct exprs *x, const struct walk *g, const struct walk *p,
                         int32_t gold, int32_t pred)
{
    int32_t other = g->n_signs_most > 1 ? pred : gold;
    int32_t n_other = g->n_signs_most > 1 ? p->n_signs_most : g->n_signs_most;
    bool is_double = g->n_signs_most > 1 || p->n_signs_most > 1;
    return is_double && (n_other > 0 || !expr_is_scalar(x, other));
}

static bool is_family_root(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_RELATION) || expr_is(x, e, EXPR_TUPLE) || expr_is(x, e, EXPR_LIST);
}

static bool is_sum_root(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_ADD) || expr_is(x, e, EXPR_RELATION);
}

/* x = pi/6 + 2 k pi against x = pi/6 + 2 n pi: another letter for the parameter. */
static bool may_be_families(const struct exprs *x, const struct walk *g, const struct walk *p,
                            int32_t gold, int32_t pred)
{
    bool is_family = is_family_root(x, gold) || is_family_root(x, pred);
    return is_family && (g->whole & ~p->whole) != 0 && (p->whole & ~g->whole) != 0 &&
           g->other == p->other;
}

/* Sums only: in ABC and in a list of points C is a letter among others. */
static bool have_open_constants(const struct exprs *x, const struct walk *g, const struct walk *p,
                                int32_t gold, int32_t pred)
{
    bool is_open = g->has_open_constant || p->has_open_constant;
    return is_open && (is_sum_root(x, gold) || is_sum_root(x, pred));
}

/* (t, 1 - t) against (1 - t, t): the same points, if t is any number. Only the letters that mean
 * one are taken so: (k, k^2) and (k^2, k) are two answers. */
static bool is_real_parameter(const struct exprs *x, uint64_t symbols)
{
    for (int32_t s = 0; s < exprs_count(x) && symbols != 0; s++)
        if (expr_is(x, s, EXPR_SYMBOL) && expr_free(x, s) == symbols)
            return str_eq(expr_name(x, s), STR("t")) || str_eq(expr_name(x, s), STR("s"));
    return false;
}

static bool may_be_one_family(const struct exprs *x, const struct walk *g, const struct walk *p,
                              int32_t gold, int32_t pred)
{
    return expr_is(x, gold, EXPR_TUPLE) && expr_is(x, pred, EXPR_TUPLE) && g->other == 0 &&
           p->other == 0 && g->whole == p->whole && is_real_parameter(x, g->whole);
}

/* m/n = 3/7, m + n = 10: one of the equations may be what was asked for. */
static bool is_equations_for(const struct exprs *x, int32_t list, int32_t number)
{
    if (!expr_is(x, list, EXPR_LIST) && !expr_is(x, list, EXPR_AND))
        return false;
    bool has_expression = false; /* x = 2, y = 3 is a solution, and no number */
    for (int32_t i = 0; i < expr_n_args(x, list); i++) {
        int32_t a = expr_arg(x, list, i);
        if (!expr_is(x, a, EXPR_RELATION))
            return false;
        has_expression |= !expr_is(x, expr_arg(x, a, 0), EXPR_SYMBOL);
    }
    return has_expression && expr_is_scalar(x, number);
}

bool doubt_is_signed_remainder(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_MUL) && has_negative_remainder(x, e);
}

const char *doubt_of(const struct exprs *x, int32_t gold, int32_t pred)
{
    struct walk g = {.x = x};
    struct walk p = {.x = x};
    walk(&g, gold, 0);
    walk(&p, pred, 0);
    if (g.why != NULL || p.why != NULL)
        return g.why != NULL ? g.why : p.why;
    if (may_be_signs(x, &g, &p, gold, pred))
        return "signs that may belong together";
    if (g.has_congruence != p.has_congruence)
        return "a congruence on one side only";
    if (is_conditions(x, gold) != is_conditions(x, pred))
        return "conditions against another kind of answer";
    if (g.sequences != p.sequences)
        return "a sequence or function that the problem defines";
    if (have_open_constants(x, &g, &p, gold, pred))
        return doubt_open_constant;
    if (may_be_families(x, &g, &p, gold, pred))
        return "another letter for a parameter";
    if (may_be_one_family(x, &g, &p, gold, pred))
        return "tuples with a parameter";
    if (is_equations_for(x, gold, pred) || is_equations_for(x, pred, gold))
        return "equations against a number";
    if (may_be_vectors(x, gold, pred) || may_be_vectors(x, pred, gold))
        return "letters that may be vectors";
    return NULL;
}
