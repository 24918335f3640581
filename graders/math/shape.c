#include "graders/math/shape.h"

#include <assert.h>

#include "base/limits.h"

static enum shape_kind kind_of(const struct exprs *x, int32_t e)
{
    switch (expr_op(x, e)) {
    case EXPR_LIST:
        return SHAPE_LIST;
    case EXPR_TUPLE:
        return SHAPE_TUPLE;
    case EXPR_SET:
        return SHAPE_SET;
    case EXPR_INTERVAL:
    case EXPR_UNION:
    case EXPR_INTERSECTION:
    case EXPR_DIFFERENCE:
    case EXPR_BUILDER:
        return SHAPE_REGION;
    case EXPR_MATRIX:
        return SHAPE_MATRIX;
    case EXPR_RELATION:
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_FOR_ALL:
        return SHAPE_STATEMENT;
    case EXPR_TEXT:
        return SHAPE_TEXT;
    case EXPR_LETTER:
        return SHAPE_LETTER;
    case EXPR_CONSTANT:
        return expr_which(x, e) >= EXPR_NATURALS ? SHAPE_REGION : SHAPE_SCALAR;
    default:
        return SHAPE_SCALAR;
    }
}

const char *shape_name(enum shape_kind kind)
{
    static const char *const names[] = {
        [SHAPE_SCALAR] = "number",       [SHAPE_LIST] = "list",
        [SHAPE_TUPLE] = "tuple",         [SHAPE_SET] = "set",
        [SHAPE_REGION] = "region",       [SHAPE_MATRIX] = "matrix",
        [SHAPE_STATEMENT] = "statement", [SHAPE_TEXT] = "text",
        [SHAPE_LETTER] = "letter",
    };
    return names[kind];
}

/* ------------------------------------------------------------------------- plus or minus */

/* e with every \pm read as `sign` and every \mp as the other. Depth is bounded by the graph's. */
static int32_t with_sign(struct exprs *x, int32_t e, int sign)
{
    enum { MAX = 64 };
    int32_t args[MAX];
    int32_t n = expr_n_args(x, e);
    if ((expr_has(x, e) & EXPR_HAS_PLUS_MINUS) == 0)
        return e;
    if (n > MAX)
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++)
        args[i] = with_sign(x, expr_arg(x, e, i), sign);
    if (!expr_is(x, e, EXPR_PLUS_MINUS))
        return expr_make(x, expr_op(x, e), expr_which(x, e), expr_name(x, e), args, n);
    assert(n == 2);
    bool is_plus = (sign > 0) == (expr_which(x, e) == 0);
    return is_plus ? expr_add(x, args[0], args[1]) : expr_sub(x, args[0], args[1]);
}

/* Signs below e, and whether a \mp among them says that they belong together. */
static void count_signs(const struct exprs *x, int32_t e, int32_t *n, bool *are_tied)
{
    if ((expr_has(x, e) & EXPR_HAS_PLUS_MINUS) == 0)
        return;
    if (expr_is(x, e, EXPR_PLUS_MINUS)) {
        ++*n;
        *are_tied |= expr_which(x, e) != 0;
    }
    for (int32_t i = 0; i < expr_n_args(x, e) && *n < 2; i++)
        count_signs(x, expr_arg(x, e, i), n, are_tied);
}

/* \pm 1 \pm \sqrt2 is two numbers or four: left as it is, so that nothing is decided. */
static bool is_ambiguous(const struct exprs *x, int32_t e)
{
    int32_t n = 0;
    bool are_tied = false;
    count_signs(x, e, &n, &are_tied);
    return n > 1 && !are_tied;
}

static int32_t both_signs(struct exprs *x, int32_t e)
{
    int32_t two[] = {with_sign(x, e, 1), with_sign(x, e, -1)};
    int32_t list = expr_make(x, EXPR_LIST, 0, STR(""), two, 2);
    return list == EXPR_NONE ? e : list;
}

/* 0, \pm 1 and {\pm 1, \pm 3}: every member with a sign is two. */
static int32_t members_with_signs(struct exprs *x, int32_t e)
{
    enum { MAX = 256 };
    int32_t members[2 * MAX];
    int32_t n = 0;
    if (expr_n_args(x, e) > MAX)
        return e;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        bool has_sign = (expr_has(x, a) & EXPR_HAS_PLUS_MINUS) != 0 && !is_ambiguous(x, a);
        members[n++] = has_sign ? with_sign(x, a, 1) : a;
        if (has_sign)
            members[n++] = with_sign(x, a, -1);
    }
    int32_t made = expr_make(x, expr_op(x, e), 0, expr_name(x, e), members, n);
    return made == EXPR_NONE ? e : made;
}

static int32_t without_signs(struct exprs *x, int32_t e)
{
    if ((expr_has(x, e) & EXPR_HAS_PLUS_MINUS) == 0)
        return e;
    if (expr_is(x, e, EXPR_LIST) || expr_is(x, e, EXPR_SET))
        return members_with_signs(x, e);
    bool has_values =
        expr_is_scalar(x, e) || expr_is(x, e, EXPR_TUPLE) || expr_is(x, e, EXPR_PLUS_MINUS);
    return has_values && !is_ambiguous(x, e) ? both_signs(x, e) : e;
}

/* -------------------------------------------------------------------------------- matrices */

/* By the first row; at most 4 by 4, so at most 24 products. */
static int32_t determinant(struct exprs *x, const int32_t *cells, int32_t n)
{
    enum { MAX = 4 };
    int32_t minor[MAX * MAX] = {0};
    int32_t sum = expr_int(x, 0);
    if (n <= 1)
        return cells[0];
    for (int32_t k = 0; k < n; k++) {
        int32_t m = 0;
        for (int32_t i = n; i < n * n; i++)
            if (i % n != k)
                minor[m++] = cells[i];
        int32_t term = expr_mul(x, cells[k], determinant(x, minor, n - 1));
        sum = k % 2 == 0 ? expr_add(x, sum, term) : expr_sub(x, sum, term);
    }
    return sum;
}

static bool is_determinant(struct exprs *x, int32_t e, int32_t *value)
{
    enum { MAX = 4 };
    int32_t cells[MAX * MAX] = {0};
    if (!expr_is_call(x, e, EXPR_DET) || !expr_is(x, expr_arg(x, e, 0), EXPR_MATRIX))
        return false;
    int32_t matrix = expr_arg(x, e, 0);
    int32_t n = expr_which(x, matrix);
    if (n > MAX || expr_n_args(x, matrix) != n * n)
        return false;
    for (int32_t i = 0; i < n * n; i++)
        cells[i] = expr_arg(x, matrix, i);
    *value = determinant(x, cells, n);
    return *value != EXPR_NONE;
}

/* 2 (1, 2; 3, 4), a fraction before a vector: the factor goes to every cell. */
static bool is_scaled(struct exprs *x, int32_t e, int32_t *scaled)
{
    enum { MAX = 256 };
    int32_t cells[MAX];
    int32_t matrix = EXPR_NONE;
    int32_t factor = expr_int(x, 1);
    if (!expr_is(x, e, EXPR_MUL))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        bool is_vector = expr_is(x, a, EXPR_MATRIX) || expr_is(x, a, EXPR_TUPLE);
        if (is_vector && matrix != EXPR_NONE)
            return false;
        if (!is_vector && !expr_is_scalar(x, a))
            return false;
        matrix = is_vector ? a : matrix;
        factor = is_vector ? factor : expr_mul(x, factor, a);
    }
    if (matrix == EXPR_NONE || expr_n_args(x, matrix) > MAX)
        return false;
    int32_t n = expr_n_args(x, matrix);
    for (int32_t i = 0; i < n; i++)
        cells[i] = expr_mul(x, factor, expr_arg(x, matrix, i));
    *scaled = expr_make(x, expr_op(x, matrix), expr_which(x, matrix), STR(""), cells, n);
    return *scaled != EXPR_NONE;
}

/* --------------------------------------------------------------------------------- names */

/* Words that take an answer back, alone or first of several: no = 5 names nothing. */
static bool is_denial(struct str name)
{
    static const char *const words[] = {"no", "not", "wrong", "false", "incorrect", "never"};
    int64_t n = str_find(name, STR(" "), 0);
    struct str first = n < 0 ? name : str_sub(name, 0, n);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(first, str_of(words[i])))
            return true;
    return false;
}

/* x, f(x) or (x, y). */
static bool is_name(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_SYMBOL) || expr_is(x, e, EXPR_TEXT))
        return !is_denial(expr_name(x, e));
    if (!expr_is(x, e, EXPR_TUPLE))
        return expr_is(x, e, EXPR_APPLY);
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (!expr_is(x, expr_arg(x, e, i), EXPR_SYMBOL))
            return false;
    return expr_n_args(x, e) > 0;
}

/* Whether `name` (x, or f(x)) is still spoken of in e. */
static bool mentions(const struct exprs *x, int32_t e, int32_t name)
{
    int32_t symbol = expr_is(x, name, EXPR_APPLY) ? expr_arg(x, name, 0) : name;
    return (expr_free(x, e) & expr_free(x, symbol)) != 0;
}

/* name = value, with the name on either side; false for other relations. */
static bool is_solved(const struct exprs *x, int32_t e, int32_t *name, int32_t *value)
{
    if (!expr_is(x, e, EXPR_RELATION) || !str_eq(expr_name(x, e), STR("=")))
        return false;
    for (int32_t i = 0; i < 2; i++) {
        int32_t a = expr_arg(x, e, i);
        int32_t b = expr_arg(x, e, 1 - i);
        if (!is_name(x, a) || mentions(x, b, a))
            continue;
        *name = a;
        *value = b;
        return true;
    }
    return false;
}

/* x = 1 or x = 2;  x = 1, x = 2;  x = 1, 2: the list of the values. */
static bool list_of_values(struct exprs *x, int32_t e, int32_t *name, int32_t *list)
{
    enum { MAX = 256 };
    int32_t values[MAX];
    int32_t n = expr_n_args(x, e);
    *name = EXPR_NONE;
    if (n > MAX)
        return false;
    for (int32_t i = 0; i < n; i++) {
        int32_t own;
        int32_t a = expr_arg(x, e, i);
        bool is_like = i > 0 && expr_is(x, *name, EXPR_TUPLE) ? expr_is(x, a, EXPR_TUPLE)
                                                              : expr_is_scalar(x, a);
        bool is_bare = i > 0 && expr_is(x, e, EXPR_LIST) && is_like;
        if (is_bare) {
            values[i] = a;
            continue;
        }
        if (!is_solved(x, a, &own, &values[i]) || (i > 0 && own != *name))
            return false;
        *name = own;
    }
    *list = expr_make(x, EXPR_LIST, 0, STR("or"), values, n);
    return *name != EXPR_NONE && *list != EXPR_NONE;
}

/* -------------------------------------------------------------------------------- chains */

static bool agrees(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    enum exact_truth t = exact_compare(x, a, b, budget).truth;
    return t == EXACT_EQUAL || t == EXACT_PROBABLE;
}

/* m + n, AB, |AB|: what an equation may set equal to its answer; 2x + 1 = 5 is something to solve.
 */
static bool is_only_letters(const struct exprs *x, int32_t e)
{
    if (is_name(x, e))
        return true;
    if (expr_is_call(x, e, EXPR_ABS))
        e = expr_arg(x, e, 0);
    if (!expr_is(x, e, EXPR_ADD) && !expr_is(x, e, EXPR_MUL))
        return false;
    for (int32_t i = 0; i < expr_n_args(x, e); i++)
        if (!is_name(x, expr_arg(x, e, i)))
            return false;
    return true;
}

/* Whether the decimal d may stand for the value: within one unit of its last digit. */
static bool is_near(struct exprs *x, int32_t value, int32_t d, struct budget *budget)
{
    if (!expr_is(x, d, EXPR_NUMBER) || expr_decimals(x, d) == EXPR_EXACT)
        return true;
    int32_t places = expr_decimals(x, d);
    fmpq_t unit;
    fmpq_init(unit);
    fmpq_set_si(unit, 10, 1);
    fmpq_pow_si(unit, unit, -(slong)places);
    struct exact e = exact_within(x, value, expr_number(x, d), unit, budget);
    fmpq_clear(unit);
    return e.truth != EXACT_DIFFERENT;
}

/* m + n = 256 + 37 = 293  and  x = sqrt(17) ~ 4.12: what the sides before any "about" say, the last
 * of them as the value; constants among them must agree. */
static bool chain_value(struct exprs *x, int32_t e, struct shape *s, struct budget *budget)
{
    struct str kinds = expr_name(x, e);
    int32_t value = EXPR_NONE;
    int32_t n = 1;
    while (n <= kinds.n && kinds.at[n - 1] == EXPR_EQ)
        n++;
    if (n - 1 < kinds.n && kinds.at[n - 1] != EXPR_APPROX)
        return false;
    for (int32_t i = 0; i < n; i++) {
        int32_t a = expr_arg(x, e, i);
        if (!expr_is_scalar(x, a))
            return false;
        if ((expr_has(x, a) & (EXPR_HAS_SYMBOL | EXPR_HAS_APPLY | EXPR_HAS_DOTS)) != 0) {
            if (value != EXPR_NONE || !is_only_letters(x, a))
                return false;
            s->is_of_letters |= !is_name(x, a);
            s->name = n > 1 && is_name(x, a) ? a : s->name;
            continue;
        }
        s->is_inconsistent |= value != EXPR_NONE && !agrees(x, value, a, budget);
        value = a;
    }
    if (value != EXPR_NONE && n - 1 < kinds.n)
        s->is_inconsistent |= !is_near(x, value, expr_arg(x, e, n), budget);
    if (value == EXPR_NONE && kinds.n == 1 && kinds.at[0] == EXPR_APPROX) /* x ~ 4.12 */
        value = expr_arg(x, e, 1);
    if (value == EXPR_NONE || (s->is_of_letters && expr_is_int(x, value, 0)))
        return false;
    s->node = value;
    return true;
}

static struct shape shape_of_relation(struct exprs *x, struct shape s, struct budget *budget)
{
    int32_t name;
    int32_t value;
    struct str kinds = expr_name(x, s.node);
    struct shape chain = s;
    if (is_solved(x, s.node, &name, &value)) {
        s.name = name;
        s.node = value;
    } else if (chain_value(x, s.node, &chain, budget)) {
        s = chain;
    } else if (str_eq(kinds, STR("e")) && is_name(x, expr_arg(x, s.node, 0)) &&
               kind_of(x, expr_arg(x, s.node, 1)) != SHAPE_SCALAR &&
               kind_of(x, expr_arg(x, s.node, 1)) != SHAPE_TEXT) {
        s.name = expr_arg(x, s.node, 0);
        s.node = expr_arg(x, s.node, 1);
    }
    return s;
}

/* A sum of matrices or vectors of one size, cell by cell. */
static bool is_sum(struct exprs *x, int32_t e, int32_t *sum)
{
    enum { MAX = 256 };
    int32_t cells[MAX] = {0};
    int32_t scaled;
    if (!expr_is(x, e, EXPR_ADD))
        return false;
    int32_t first = expr_arg(x, e, 0);
    if (is_scaled(x, first, &scaled))
        first = scaled;
    if (!expr_is(x, first, EXPR_MATRIX))
        return false;
    int32_t n = expr_n_args(x, first);
    for (int32_t k = 0; k < expr_n_args(x, e); k++) {
        int32_t a = expr_arg(x, e, k);
        a = is_scaled(x, a, &scaled) ? scaled : a;
        if (!expr_is(x, a, EXPR_MATRIX) || expr_which(x, a) != expr_which(x, first) ||
            expr_n_args(x, a) != n || n > MAX)
            return false;
        for (int32_t i = 0; i < n; i++)
            cells[i] = k == 0 ? expr_arg(x, a, i) : expr_add(x, cells[i], expr_arg(x, a, i));
    }
    *sum = expr_make(x, EXPR_MATRIX, expr_which(x, first), STR(""), cells, n);
    return *sum != EXPR_NONE;
}

/* x = 1, y = 2 written as (x, y) = (1, 2). */
static int32_t system_of(struct exprs *x, int32_t names, int32_t values)
{
    enum { MAX = 16 };
    int32_t parts[MAX];
    int32_t n = expr_n_args(x, names);
    if (!expr_is(x, values, EXPR_TUPLE) || n != expr_n_args(x, values) || n > MAX)
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++) {
        int32_t sides[] = {expr_arg(x, names, i), expr_arg(x, values, i)};
        parts[i] = expr_make(x, EXPR_RELATION, 0, STR("="), sides, 2);
    }
    return expr_make(x, EXPR_LIST, 0, STR(""), parts, n);
}

/* A condition that says nothing: "for all x", "where x is real". */
static int32_t without_condition(const struct exprs *x, int32_t e)
{
    if (!expr_is(x, e, EXPR_FOR_ALL) || expr_n_args(x, e) != 2)
        return e;
    int32_t c = expr_arg(x, e, 1);
    bool is_real = expr_is(x, c, EXPR_RELATION) && str_eq(expr_name(x, c), STR("e")) &&
                   expr_is_constant(x, expr_arg(x, c, 1), EXPR_REALS);
    return expr_is(x, c, EXPR_SYMBOL) || is_real ? expr_arg(x, e, 0) : e;
}

struct shape shape_of(struct exprs *x, int32_t e, struct budget *budget)
{
    int32_t list;
    int32_t name;
    assert(e != EXPR_NONE);
    e = without_condition(x, e);
    struct shape s = {.node = e, .name = EXPR_NONE, .whole = e};
    if (expr_is(x, e, EXPR_RELATION))
        s = shape_of_relation(x, s, budget);
    bool is_many = expr_is(x, e, EXPR_LIST) || expr_is(x, e, EXPR_OR);
    if (is_many && list_of_values(x, e, &name, &list)) {
        s.node = list;
        s.name = name;
    }
    int32_t simpler;
    if (is_determinant(x, s.node, &simpler) || is_scaled(x, s.node, &simpler) ||
        is_sum(x, s.node, &simpler))
        s.node = simpler;
    s.node = without_signs(x, s.node);
    s.kind = kind_of(x, s.node);
    return s;
}

void shape_same_argument(struct exprs *x, const struct shape *g, struct shape *p)
{
    if (g->name == EXPR_NONE || p->name == EXPR_NONE || g->name == p->name)
        return;
    if (!expr_is(x, g->name, EXPR_APPLY) || !expr_is(x, p->name, EXPR_APPLY))
        return;
    bool is_one = expr_n_args(x, g->name) == 2 && expr_n_args(x, p->name) == 2 &&
                  expr_arg(x, g->name, 0) == expr_arg(x, p->name, 0);
    if (!is_one)
        return;
    int32_t to = expr_arg(x, g->name, 1);
    int32_t from = expr_arg(x, p->name, 1);
    bool are_symbols = expr_is(x, to, EXPR_SYMBOL) && expr_is(x, from, EXPR_SYMBOL);
    if (!are_symbols || (expr_free(x, p->node) & expr_free(x, to)) != 0)
        return;
    int32_t node = expr_replace(x, p->node, from, to);
    if (node == EXPR_NONE)
        return;
    p->node = node;
    p->name = g->name;
}

int32_t shape_system(struct exprs *x, const struct shape *s)
{
    bool is_tuple = s->name != EXPR_NONE && expr_is(x, s->name, EXPR_TUPLE);
    int32_t made = is_tuple ? system_of(x, s->name, s->node) : EXPR_NONE;
    return made == EXPR_NONE ? s->whole : made;
}

bool shape_is_unusual(const struct exprs *x, const struct shape *s)
{
    if (s->name == EXPR_NONE || !expr_is(x, s->name, EXPR_TUPLE))
        return false;
    for (int32_t i = 1; i < expr_n_args(x, s->name); i++)
        if (str_cmp(expr_name(x, expr_arg(x, s->name, i - 1)),
                    expr_name(x, expr_arg(x, s->name, i))) > 0)
            return true;
    return false;
}

int32_t shape_values(struct exprs *x, int32_t e)
{
    enum { MAX = 16 };
    int32_t names[MAX];
    int32_t values[MAX];
    int32_t n = expr_n_args(x, e);
    bool is_many = expr_is(x, e, EXPR_LIST) || expr_is(x, e, EXPR_TUPLE) || expr_is(x, e, EXPR_AND);
    if (!is_many || n > MAX)
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++) {
        int32_t name;
        int32_t value;
        if (!is_solved(x, expr_arg(x, e, i), &name, &value) || !expr_is(x, name, EXPR_SYMBOL))
            return EXPR_NONE;
        int32_t k = i;
        for (; k > 0 && str_cmp(expr_name(x, names[k - 1]), expr_name(x, name)) > 0; k--) {
            names[k] = names[k - 1];
            values[k] = values[k - 1];
        }
        if (k > 0 && names[k - 1] == name)
            return EXPR_NONE;
        names[k] = name;
        values[k] = value;
    }
    return expr_make(x, EXPR_TUPLE, 0, STR(""), values, n);
}

int32_t shape_solutions(struct exprs *x, int32_t e)
{
    enum { MAX = 64 };
    int32_t points[MAX];
    int32_t n = expr_n_args(x, e);
    int32_t n_names = __builtin_popcountll(expr_free(x, e));
    if (!expr_is(x, e, EXPR_OR) || n > MAX)
        return EXPR_NONE;
    for (int32_t i = 0; i < n; i++) {
        points[i] = shape_values(x, expr_arg(x, e, i));
        if (points[i] == EXPR_NONE || expr_n_args(x, points[i]) != n_names)
            return EXPR_NONE;
    }
    return expr_make(x, EXPR_LIST, 0, STR("or"), points, n);
}
