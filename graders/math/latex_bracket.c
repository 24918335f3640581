#include <assert.h>

#include "graders/math/latex_parse.h"

/* ------------------------------------------------------------------------------ members */

static bool next_member(struct latex_parser *p)
{
    if (latex_take(p, T_SEMICOLON))
        return true;
    return latex_take(p, T_COMMA);
}

/* Pushes statements up to what is not a comma. Returns how many. */
static int32_t members(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    do {
        if (!latex_push(p, latex_statement(p)))
            return 0;
    } while (next_member(p));
    return p->n_stack - base;
}

static bool is_infinite(const struct latex_parser *p, int32_t e)
{
    if (expr_is(p->x, e, EXPR_MUL))
        for (int32_t i = 0; i < expr_n_args(p->x, e); i++)
            if (expr_is_constant(p->x, expr_arg(p->x, e, i), EXPR_INFINITY))
                return true;
    return expr_is_constant(p->x, e, EXPR_INFINITY);
}

static int32_t interval(struct latex_parser *p, int32_t base, int32_t open)
{
    int32_t e = latex_make(p, EXPR_INTERVAL, open, "", base);
    if (p->failed)
        return EXPR_NONE;
    bool is_good =
        expr_is_scalar(p->x, expr_arg(p->x, e, 0)) && expr_is_scalar(p->x, expr_arg(p->x, e, 1));
    return is_good ? e : latex_fail(p, "an interval between things that are no numbers");
}

/* R and Z in plain letters, where a set must stand. */
static int32_t lettered_set(struct latex_parser *p, int32_t e)
{
    static const char letters[] = "NZQRC";
    struct str name = expr_name(p->x, e);
    const char *at = name.n == 1 ? strchr(letters, name.at[0]) : NULL;
    if (at == NULL || *at == 0)
        return e;
    return expr_constant(p->x, (enum expr_constant)(EXPR_NATURALS + (at - letters)));
}

static int32_t as_set(struct latex_parser *p, int32_t e)
{
    if (!p->failed && e != EXPR_NONE && expr_is(p->x, e, EXPR_SYMBOL))
        return lettered_set(p, e);
    if (p->failed || e == EXPR_NONE || !expr_is(p->x, e, EXPR_TUPLE) || expr_n_args(p->x, e) != 2 ||
        p->t[-1].kind != T_CLOSE || p->t[-1].arg != ')')
        return e;
    int32_t ends[2] = {expr_arg(p->x, e, 0), expr_arg(p->x, e, 1)};
    if (!expr_is_scalar(p->x, ends[0]) || !expr_is_scalar(p->x, ends[1]))
        return e;
    return expr_make(p->x, EXPR_INTERVAL, EXPR_OPEN_FROM | EXPR_OPEN_TO, STR(""), ends, 2);
}

bool latex_is_set(const struct latex_parser *p, int32_t e)
{
    enum expr_op op = expr_op(p->x, e);
    return op == EXPR_SET || op == EXPR_INTERVAL || op == EXPR_UNION || op == EXPR_INTERSECTION ||
           op == EXPR_DIFFERENCE || op == EXPR_BUILDER ||
           (op == EXPR_CONSTANT && expr_which(p->x, e) >= EXPR_NATURALS);
}

int32_t latex_operand(struct latex_parser *p, const struct latex_token *from, int32_t e)
{
    bool is_braced = from->kind == T_GROUP_OPEN && from->match == p->t - 1 - p->first;
    if (!p->failed && is_braced && !latex_is_set(p, e))
        return latex_node(p, expr_make(p->x, EXPR_SET, 0, STR(""), &e, 1));
    return as_set(p, e);
}

/* ------------------------------------------------------------------------ round and square */

/* (2, 1) is no interval. */
static bool are_out_of_order(const struct latex_parser *p, int32_t a, int32_t b)
{
    return expr_is(p->x, a, EXPR_NUMBER) && expr_is(p->x, b, EXPR_NUMBER) &&
           fmpq_cmp(expr_number(p->x, a), expr_number(p->x, b)) >= 0;
}

static int32_t two(struct latex_parser *p, int32_t base, int32_t open, int32_t close)
{
    int32_t flags = (open == '[' ? 0 : EXPR_OPEN_FROM) | (close == ']' ? 0 : EXPR_OPEN_TO);
    int32_t a = p->stack[base];
    int32_t b = p->stack[base + 1];
    bool are_scalars = expr_is_scalar(p->x, a) && expr_is_scalar(p->x, b);
    bool is_pair = open == '(' && close == ')';
    bool is_square = open == '[' && close == ']';
    if (!is_pair && !is_square)
        return interval(p, base, flags);
    bool is_line = is_infinite(p, a) || is_infinite(p, b);
    if (are_scalars && is_line)
        return interval(p, base, flags);
    bool is_point = is_square && a == b; /* [1, 1] */
    if (are_scalars && (is_point || !are_out_of_order(p, a, b)) &&
        latex_choice(p, is_pair ? CHOICE_PAIR : CHOICE_SQUARE) == is_pair)
        return interval(p, base, flags);
    return latex_make(p, EXPR_TUPLE, 0, "", base);
}

/* [[1, 2], [3, 4]] */
static int32_t rows(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    int32_t n_columns = 0;
    do {
        int32_t row = p->n_stack;
        if (!latex_at_arg(p, T_OPEN, '['))
            return latex_fail(p, "rows of a matrix and something else");
        p->t++;
        int32_t n = members(p);
        if (p->failed || !latex_expect(p, T_CLOSE, "a bracket is not closed"))
            return EXPR_NONE;
        if (row != base && n != n_columns)
            return latex_fail(p, "rows of different lengths");
        n_columns = n;
    } while (latex_take(p, T_COMMA));
    if (!latex_expect(p, T_CLOSE, "a bracket is not closed"))
        return EXPR_NONE;
    return latex_make(p, EXPR_MATRIX, n_columns, "", base);
}

/* Whether a bracket in the bracket ends where another begins or the outer one ends. */
static bool are_rows(const struct latex_parser *p)
{
    if (!latex_at_arg(p, T_OPEN, '[') || p->t->match < 0)
        return false;
    const struct latex_token *after = p->first + p->t->match + 1;
    return after->kind == T_CLOSE || (after->kind == T_COMMA && after[1].kind == T_OPEN);
}

/* (a), (a, b), [a, b), ]a, b[ */
static int32_t round_or_square(struct latex_parser *p)
{
    int32_t open = p->t->arg;
    bool is_outward = p->t->kind == T_CLOSE; /* ]a, b[ */
    if (is_outward && open != ']')
        return latex_fail(p, "a bracket closes that was never opened");
    int32_t base = p->n_stack;
    p->t++;
    if (open == '[' && are_rows(p))
        return rows(p);
    int32_t n = members(p);
    if (p->failed)
        return EXPR_NONE;
    bool ends_outward = latex_at_arg(p, T_OPEN, '[');
    int32_t close = p->t->arg;
    if (!ends_outward && !latex_at(p, T_CLOSE))
        return latex_fail(p, "a bracket is not closed");
    p->t++;
    if (n == 2)
        return two(p, base, is_outward ? '(' : open,
                   ends_outward                 ? '|'
                   : is_outward && close == ')' ? '|'
                                                : close);
    bool is_even = !is_outward && !ends_outward && (open == '(') == (close == ')');
    if (!is_even)
        return latex_fail(p, "brackets that do not belong together");
    if (n == 1)
        return p->stack[--p->n_stack];
    return latex_make(p, EXPR_TUPLE, 0, "", base);
}

/* --------------------------------------------------------------------------------- braces */

static bool at_such_that(const struct latex_parser *p)
{
    return latex_at(p, T_BAR) || latex_at(p, T_MID) || latex_at(p, T_COLON);
}

/* The conditions after the bar: one, or several that are all true. */
static int32_t conditions(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    int32_t n = 0;
    p->bar_ends = p->colon_ends = false;
    do {
        if (!latex_push(p, latex_statement(p)))
            return EXPR_NONE;
        n++;
    } while (latex_take(p, T_COMMA) || latex_take(p, T_AND) ||
             (latex_at_arg(p, T_KEYWORD, KEY_AND) && latex_take(p, T_KEYWORD)));
    return n == 1 ? p->stack[--p->n_stack] : latex_make(p, EXPR_AND, 0, "", base);
}

/* The one member in braces that may only group. */
static int32_t lone_member(struct latex_parser *p, int32_t base, bool is_group, bool is_all)
{
    if (is_group && !(is_all && latex_choice(p, CHOICE_BRACES)))
        return p->stack[--p->n_stack];
    return latex_make(p, EXPR_SET, 0, "", base);
}

static int32_t infix(struct latex_parser *p, int32_t base)
{
    bool is_over = latex_at(p, T_OVER);
    p->t++;
    int32_t b = latex_sum(p);
    int32_t a = p->stack[base];
    p->n_stack = base;
    if (p->failed)
        return EXPR_NONE;
    return latex_node(p, is_over ? expr_div(p->x, a, b) : expr_call2(p->x, EXPR_BINOMIAL, a, b));
}

/* {1, 2}, {x | x > 0}, and in LaTeX {x}, which only groups. */
static int32_t set(struct latex_parser *p)
{
    const struct latex_token *open = p->t;
    bool is_group = open->kind == T_GROUP_OPEN;
    enum latex_kind close = is_group ? T_GROUP_CLOSE : T_SET_CLOSE;
    int32_t base = p->n_stack;
    p->t++;
    if (latex_take(p, close))
        return latex_node(p, expr_make(p->x, EXPR_SET, 0, STR(""), p->stack, 0));
    p->bar_ends = p->colon_ends = true;
    int32_t e;
    if (is_group && open->arg == 1) {
        e = latex_answer(p);
    } else {
        int32_t n = members(p);
        if (p->failed)
            return EXPR_NONE;
        bool is_all = open == p->first && open->arg == 0 && p->t[1].kind == T_END;
        if (n == 1 && at_such_that(p)) {
            p->t++;
            (void)latex_push(p, conditions(p));
            e = latex_make(p, EXPR_BUILDER, 0, "", base);
        } else if (n == 1 && (latex_at(p, T_OVER) || latex_at(p, T_CHOOSE))) {
            e = infix(p, base);
        } else {
            e = n == 1 ? lone_member(p, base, is_group, is_all)
                       : latex_make(p, EXPR_SET, 0, "", base);
        }
    }
    return latex_expect(p, close, "a brace is not closed") ? e : EXPR_NONE;
}

int32_t latex_group(struct latex_parser *p)
{
    if (!latex_enter(p))
        return EXPR_NONE;
    struct latex_around a = latex_inside(p, true);
    p->is_inside = true;
    int32_t base = p->n_stack;
    p->t++;
    int32_t e = EXPR_NONE;
    if (latex_push(p, latex_sum(p))) {
        if (latex_at(p, T_OVER) || latex_at(p, T_CHOOSE))
            e = infix(p, base);
        else
            e = p->stack[--p->n_stack];
        (void)latex_expect(p, T_GROUP_CLOSE, "a brace is not closed");
    }
    latex_outside(p, a);
    latex_leave(p);
    return p->failed ? EXPR_NONE : e;
}

/* --------------------------------------------------------------------------- other pairs */

/* |x|, floor and ceiling, the norm. */
static int32_t enclosed(struct latex_parser *p, enum latex_kind close, enum expr_function f)
{
    p->bars = close == T_BAR;
    p->is_inside = true;
    p->t++;
    int32_t e = latex_sum(p);
    if (!latex_expect(p, close, "a bar or bracket is not closed"))
        return EXPR_NONE;
    return latex_node(p, expr_call(p->x, f, e));
}

static int32_t angled(struct latex_parser *p)
{
    int32_t base = p->n_stack;
    p->t++;
    (void)members(p);
    if (!latex_expect(p, T_ANGLE_CLOSE, "a bracket is not closed"))
        return EXPR_NONE;
    return latex_make(p, EXPR_TUPLE, 0, "", base);
}

static int32_t bracket(struct latex_parser *p)
{
    switch (p->t->kind) {
    case T_OPEN:
    case T_CLOSE:
        return round_or_square(p);
    case T_SET_OPEN:
    case T_GROUP_OPEN:
        return set(p);
    case T_BAR:
        return enclosed(p, T_BAR, EXPR_ABS);
    case T_BAR_OPEN:
        return enclosed(p, T_BAR_CLOSE, EXPR_ABS);
    case T_NORM:
        return enclosed(p, T_NORM, EXPR_ABS);
    case T_FLOOR_OPEN:
        return enclosed(p, T_FLOOR_CLOSE, EXPR_FLOOR);
    case T_CEIL_OPEN:
        return enclosed(p, T_CEIL_CLOSE, EXPR_CEIL);
    default:
        assert(p->t->kind == T_ANGLE_OPEN);
        return angled(p);
    }
}

int32_t latex_bracket(struct latex_parser *p)
{
    bool is_boxed = latex_at_arg(p, T_GROUP_OPEN, 1);
    struct latex_around a = latex_inside(p, !is_boxed);
    int32_t e = bracket(p);
    latex_outside(p, a);
    return p->failed ? EXPR_NONE : e;
}

/* ------------------------------------------------------------------------------- matrices */

/* Pushes the cells; *n_columns is 0 when the rows differ. */
static void cells(struct latex_parser *p, int32_t *n_columns)
{
    int32_t n = 0;
    *n_columns = -1;
    while (!p->failed) {
        if (!latex_push(p, latex_statement(p)))
            return;
        n++;
        while (latex_at(p, T_COMMA) &&
               (p->t[1].kind == T_AMPERSAND || p->t[1].kind == T_BREAK || p->t[1].kind == T_FINISH))
            p->t++; /* x, & x > 0, \\ */
        if (latex_take(p, T_AMPERSAND)) {
            while (latex_at_arg(p, T_KEYWORD, KEY_FOR))
                p->t++; /* if x > 0 */
            continue;
        }
        *n_columns = *n_columns < 0 || *n_columns == n ? n : 0;
        n = 0;
        if (!latex_take(p, T_BREAK) || latex_at(p, T_FINISH))
            return;
    }
}

static int32_t cases_of(struct latex_parser *p, int32_t base, int32_t n_columns)
{
    if (n_columns == 1)
        return latex_make(p, EXPR_AND, 0, "", base);
    if (n_columns != 2)
        return latex_fail(p, "cases of another form");
    int32_t n = 0;
    for (int32_t i = base; i + 1 < p->n_stack; i += 2)
        p->stack[base + n++] =
            latex_node(p, expr_make(p->x, EXPR_FOR_ALL, 0, STR(""), p->stack + i, 2));
    p->n_stack = base + n;
    return latex_make(p, EXPR_LIST, 0, "or", base);
}

int32_t latex_matrix(struct latex_parser *p)
{
    enum latex_environment which = (enum latex_environment)p->t->arg;
    int32_t base = p->n_stack;
    int32_t n_columns = 0;
    struct latex_around a = latex_inside(p, true);
    p->t++;
    cells(p, &n_columns);
    latex_outside(p, a);
    if (!latex_expect(p, T_FINISH, "an environment is not closed"))
        return EXPR_NONE;
    if (n_columns == 0)
        return latex_fail(p, "rows of different lengths");
    if (which == ENV_CASES || which == ENV_LINES)
        return cases_of(p, base, n_columns);
    int32_t e = latex_make(p, EXPR_MATRIX, n_columns, "", base);
    if (p->failed || which != ENV_DET)
        return e;
    return latex_node(p, expr_call(p->x, EXPR_DET, e));
}
