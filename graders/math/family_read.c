#include "graders/math/family_read.h"

#include <string.h>

enum { NODE_NS = 100, MAX_DEPTH = 64 };

/* What the text says about the parameter. */
struct domain {
    int32_t symbol; /* EXPR_NONE: nothing said yet */
    bool is_whole;
    bool is_natural;
    bool is_real;
    bool has_low;
    bool has_high;
    int64_t low;
    int64_t high;
};

struct reader {
    struct exprs *x;
    struct budget *budget;
    struct family *out;
    struct domain domain;
};

/* ------------------------------------------------------------------------------- affine forms */

/* e = *offset + *step k. False: it is not, or not by the look of it. */
static bool read_line(struct reader *r, int32_t e, int32_t k, int32_t depth, int32_t *offset,
                      int32_t *step);

static bool read_line_product(struct reader *r, int32_t e, int32_t k, int32_t depth,
                              int32_t *offset, int32_t *step)
{
    struct exprs *x = r->x;
    int32_t factor = expr_int(x, 1);
    int32_t line = EXPR_NONE;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t a = expr_arg(x, e, i);
        bool is_free = (expr_free(x, a) & expr_free(x, k)) == 0;
        if (!is_free && line != EXPR_NONE)
            return false;
        line = is_free ? line : a;
        factor = is_free ? expr_mul(x, factor, a) : factor;
    }
    if (!read_line(r, line, k, depth + 1, offset, step))
        return false;
    *offset = expr_mul(x, factor, *offset);
    *step = expr_mul(x, factor, *step);
    return true;
}

static bool read_line_sum(struct reader *r, int32_t e, int32_t k, int32_t depth, int32_t *offset,
                          int32_t *step)
{
    struct exprs *x = r->x;
    int32_t a = expr_int(x, 0);
    int32_t b = a;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        if (!read_line(r, expr_arg(x, e, i), k, depth + 1, offset, step))
            return false;
        a = expr_add(x, a, *offset);
        b = expr_add(x, b, *step);
    }
    *offset = a;
    *step = b;
    return true;
}

static bool read_line(struct reader *r, int32_t e, int32_t k, int32_t depth, int32_t *offset,
                      int32_t *step)
{
    struct exprs *x = r->x;
    if (e == EXPR_NONE || depth > MAX_DEPTH || !budget_spend(r->budget, NODE_NS))
        return false;
    if (k == EXPR_NONE || (expr_free(x, e) & expr_free(x, k)) == 0) {
        *offset = e;
        *step = expr_int(x, 0);
        return expr_is_scalar(x, e) && expr_free(x, e) == 0;
    }
    if (e == k) {
        *offset = expr_int(x, 0);
        *step = expr_int(x, 1);
        return true;
    }
    if (expr_is(x, e, EXPR_ADD))
        return read_line_sum(r, e, k, depth, offset, step);
    return expr_is(x, e, EXPR_MUL) && read_line_product(r, e, k, depth, offset, step);
}

/* --------------------------------------------------------------------------------- parameters */

static bool is_zero(struct reader *r, int32_t e, bool *is)
{
    enum exact_truth t = exact_compare(r->x, e, expr_int(r->x, 0), r->budget).truth;
    *is = t == EXACT_EQUAL;
    return t == EXACT_EQUAL || t == EXACT_DIFFERENT;
}

static bool push(struct reader *r, const struct progression *p)
{
    if (r->out->n == LIMIT_FAMILY_MEMBERS || (r->out->n > 0 && r->out->of[0].n != p->n))
        return false;
    for (int32_t i = 0; i < p->n; i++)
        if (p->offset[i] == EXPR_NONE || p->step[i] == EXPR_NONE)
            return false;
    r->out->of[r->out->n++] = *p;
    return true;
}

/* p moved along by k steps, as it stands there. */
static struct progression moved(struct exprs *x, const struct progression *p, int64_t k, bool turns)
{
    struct progression q = *p;
    for (int32_t i = 0; i < p->n; i++) {
        q.offset[i] = expr_add(x, p->offset[i], expr_mul(x, p->step[i], expr_int(x, k)));
        q.step[i] = turns ? expr_neg(x, p->step[i]) : p->step[i];
    }
    return q;
}

static bool push_between(struct reader *r, const struct progression *p, int64_t low, int64_t high)
{
    if (low > high || high - low >= LIMIT_FAMILY_MEMBERS)
        return false;
    for (int64_t k = low; k <= high; k++) {
        struct progression q = moved(r->x, p, k, false);
        q.range = FAMILY_POINT;
        if (!push(r, &q))
            return false;
    }
    return true;
}

/* Adds p for the k of the domain. */
static bool push_in_domain(struct reader *r, struct progression *p)
{
    const struct domain *d = &r->domain;
    bool has_step = false;
    for (int32_t i = 0; i < p->n; i++) {
        bool is;
        if (!is_zero(r, p->step[i], &is))
            return false;
        has_step |= !is;
    }
    r->out->has_letter |= has_step;
    p->range = FAMILY_ALL;
    if (!has_step) {
        p->range = FAMILY_POINT;
        return push(r, p);
    }
    if (d->is_real && (d->has_low || d->has_high || d->is_natural))
        return false;
    if (d->has_low && d->has_high)
        return push_between(r, p, d->low, d->high);
    if (d->is_natural && (!d->has_low || d->low < 1)) {
        p->range = FAMILY_NATURAL;
        return !d->has_low && !d->has_high && push(r, p);
    }
    if (d->has_low || d->has_high) {
        struct progression q = moved(r->x, p, d->has_low ? d->low : d->high, d->has_high);
        q.range = FAMILY_UP;
        return push(r, &q);
    }
    if (!d->is_whole && !d->is_real)
        p->range = FAMILY_OPEN;
    return push(r, p);
}

/* (-1)^k somewhere below e; EXPR_NONE. */
static int32_t find_sign(const struct exprs *x, int32_t e, int32_t k, int32_t depth)
{
    if (depth > MAX_DEPTH || (expr_free(x, e) & expr_free(x, k)) == 0)
        return EXPR_NONE;
    if (expr_is(x, e, EXPR_POW) && expr_is_int(x, expr_arg(x, e, 0), -1))
        return e;
    bool may_hold = expr_is(x, e, EXPR_ADD) || expr_is(x, e, EXPR_MUL);
    for (int32_t i = 0; may_hold && i < expr_n_args(x, e); i++) {
        int32_t found = find_sign(x, expr_arg(x, e, i), k, depth + 1);
        if (found != EXPR_NONE)
            return found;
    }
    return EXPR_NONE;
}

static int32_t find_plus_minus(const struct exprs *x, int32_t e, int32_t depth)
{
    if (depth > MAX_DEPTH || (expr_has(x, e) & EXPR_HAS_PLUS_MINUS) == 0)
        return EXPR_NONE;
    if (expr_is(x, e, EXPR_PLUS_MINUS))
        return e;
    for (int32_t i = 0; i < expr_n_args(x, e); i++) {
        int32_t found = find_plus_minus(x, expr_arg(x, e, i), depth + 1);
        if (found != EXPR_NONE)
            return found;
    }
    return EXPR_NONE;
}

static bool take_element(struct reader *r, int32_t e);

static bool take_two(struct reader *r, int32_t e, int32_t node)
{
    struct exprs *x = r->x;
    int32_t a = expr_arg(x, node, 0);
    int32_t b = expr_arg(x, node, 1);
    int32_t up = expr_replace(x, e, node, expr_add(x, a, b));
    int32_t down = expr_replace(x, e, node, expr_sub(x, a, b));
    if (up == EXPR_NONE || down == EXPR_NONE ||
        ((expr_has(x, up) | expr_has(x, down)) & EXPR_HAS_PLUS_MINUS) != 0)
        return false; /* several signs may belong together */
    return take_element(r, up) && take_element(r, down);
}

/* (-1)^k pi/6 + k pi: the even k and the odd ones. Only where k runs through all. */
static bool take_signed(struct reader *r, int32_t e, int32_t k, int32_t node)
{
    struct exprs *x = r->x;
    int32_t offset;
    int32_t step;
    int64_t at;
    int64_t by;
    if (r->domain.has_low || r->domain.has_high || r->domain.is_natural || r->domain.is_real ||
        !read_line(r, expr_arg(x, node, 1), k, 0, &offset, &step) ||
        !expr_get_int(x, offset, &at) || !expr_get_int(x, step, &by) || by % 2 == 0)
        return false;
    for (int odd = 0; odd < 2; odd++) {
        bool is_minus = (at % 2 != 0) != (odd == 1);
        int32_t one = expr_replace(x, e, node, expr_int(x, is_minus ? -1 : 1));
        int32_t twice = expr_add(x, expr_mul(x, expr_int(x, 2), k), expr_int(x, odd));
        struct progression p = {.n = 1};
        one = one == EXPR_NONE ? EXPR_NONE : expr_replace(x, one, k, twice);
        if (!read_line(r, one, k, 0, &p.offset[0], &p.step[0]) || !push_in_domain(r, &p))
            return false;
    }
    return true;
}

static bool is_whole_letter(struct str name)
{
    return name.n == 1 && strchr("jklmn", name.at[0]) != NULL;
}

/* The one letter of e. False: there are several. */
static bool only_letter(const struct exprs *x, int32_t e, int32_t *k)
{
    uint64_t free = expr_free(x, e);
    *k = EXPR_NONE;
    if (free == 0)
        return true;
    for (int32_t s = 0; s < exprs_count(x) && *k == EXPR_NONE; s++)
        if (expr_is(x, s, EXPR_SYMBOL) && expr_free(x, s) == free)
            *k = s;
    return *k != EXPR_NONE && (free >> 63) == 0;
}

static int32_t in_radians(struct exprs *x, int32_t e)
{
    enum { HALF_TURN = 180 };
    int32_t rad = expr_mul(x, expr_constant(x, EXPR_PI), expr_ratio(x, 1, HALF_TURN));
    bool is_degrees = expr_is(x, e, EXPR_MEASURE) && str_eq(expr_name(x, e), STR("deg"));
    return is_degrees ? expr_mul(x, expr_arg(x, e, 0), rad) : e;
}

static bool take_point(struct reader *r, int32_t e, int32_t k)
{
    struct exprs *x = r->x;
    struct progression p = {.n = 1};
    bool is_tuple = expr_is(x, e, EXPR_TUPLE);
    p.n = is_tuple ? expr_n_args(x, e) : 1;
    if (p.n > LIMIT_FAMILY_DIMENSIONS)
        return false;
    for (int32_t i = 0; i < p.n; i++)
        if (!read_line(r, is_tuple ? expr_arg(x, e, i) : in_radians(x, e), k, 0, &p.offset[i],
                       &p.step[i]))
            return false;
    return push_in_domain(r, &p);
}

static bool take_element(struct reader *r, int32_t e)
{
    struct exprs *x = r->x;
    int32_t k;
    if (!budget_spend(r->budget, NODE_NS) || !only_letter(x, e, &k))
        return false;
    if (expr_is(x, e, EXPR_LIST) && !str_eq(expr_name(x, e), STR("+")) &&
        !str_eq(expr_name(x, e), STR("*"))) {
        for (int32_t i = 0; i < expr_n_args(x, e); i++)
            if (expr_is(x, expr_arg(x, e, i), EXPR_LIST) || !take_element(r, expr_arg(x, e, i)))
                return false;
        return true;
    }
    if (k != EXPR_NONE) {
        bool is_known = r->domain.symbol == k;
        bool is_named =
            r->out->name != EXPR_NONE && (expr_free(x, r->out->name) & expr_free(x, k)) != 0;
        if (is_named || (!is_known && r->domain.symbol != EXPR_NONE) ||
            (!r->domain.is_whole && !r->domain.is_real && !is_whole_letter(expr_name(x, k))))
            return false;
    }
    int32_t sign = find_plus_minus(x, e, 0);
    if (sign != EXPR_NONE)
        return take_two(r, e, sign);
    int32_t power = k == EXPR_NONE ? EXPR_NONE : find_sign(x, e, k, 0);
    return power != EXPR_NONE && !expr_is(x, e, EXPR_TUPLE) ? take_signed(r, e, k, power)
                                                            : take_point(r, e, k);
}

/* ----------------------------------------------------------------------------------- domains */

static bool whole_words(struct domain *d, struct str s)
{
    static const struct {
        const char *words;
        bool is_natural;
        bool has_low;
        int64_t low;
    } known[] = {{"integer", false, false, 0},
                 {"integers", false, false, 0},
                 {"an integer", false, false, 0},
                 {"any integer", false, false, 0},
                 {"some integer", false, false, 0},
                 {"all integers", false, false, 0},
                 {"arbitrary integer", false, false, 0},
                 {"an arbitrary integer", false, false, 0},
                 {"positive integer", false, true, 1},
                 {"positive integers", false, true, 1},
                 {"a positive integer", false, true, 1},
                 {"nonnegative integer", false, true, 0},
                 {"non-negative integer", false, true, 0},
                 {"a nonnegative integer", false, true, 0},
                 {"a non-negative integer", false, true, 0},
                 {"natural number", true, false, 0},
                 {"a natural number", true, false, 0}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s, str_of(known[i].words))) {
            d->is_whole = true;
            d->is_natural |= known[i].is_natural;
            if (known[i].has_low && (!d->has_low || d->low < known[i].low))
                d->low = known[i].low;
            d->has_low |= known[i].has_low;
            return true;
        }
    return false;
}

/* N with 0 put in. */
static bool is_from_zero(const struct exprs *x, int32_t e)
{
    if (!expr_is(x, e, EXPR_UNION) || expr_n_args(x, e) != 2)
        return false;
    for (int32_t i = 0; i < 2; i++) {
        int32_t a = expr_arg(x, e, i);
        bool is_zero_set = expr_is(x, a, EXPR_SET) && expr_n_args(x, a) == 1 &&
                           expr_is_int(x, expr_arg(x, a, 0), 0);
        if (!is_zero_set && !expr_is_constant(x, a, EXPR_NATURALS))
            return false;
    }
    return true;
}

static bool domain_in(struct reader *r, int32_t set)
{
    struct domain *d = &r->domain;
    struct exprs *x = r->x;
    if (expr_is(x, set, EXPR_TEXT))
        return whole_words(d, expr_name(x, set));
    if (is_from_zero(x, set)) {
        d->low = d->has_low && d->low > 0 ? d->low : 0;
        d->has_low = true;
        d->is_whole = true;
        return true;
    }
    d->is_whole |=
        expr_is_constant(x, set, EXPR_INTEGERS) || expr_is_constant(x, set, EXPR_NATURALS);
    d->is_natural |= expr_is_constant(x, set, EXPR_NATURALS);
    d->is_real |= expr_is_constant(x, set, EXPR_REALS);
    return d->is_whole != d->is_real;
}

static void at_least(struct domain *d, int64_t v)
{
    d->low = d->has_low && d->low > v ? d->low : v;
    d->has_low = true;
}

static void at_most(struct domain *d, int64_t v)
{
    d->high = d->has_high && d->high < v ? d->high : v;
    d->has_high = true;
}

static bool domain_order(struct reader *r, int32_t left, char op, int32_t right)
{
    static const int64_t large = 1LL << 40;
    struct exprs *x = r->x;
    int64_t v;
    bool is_left = left == r->domain.symbol;
    if (!expr_get_int(x, is_left ? right : left, &v) || v > large || v < -large ||
        (!is_left && right != r->domain.symbol))
        return false;
    bool is_less = op == EXPR_LT || op == EXPR_LE;
    bool is_strict = op == EXPR_LT || op == EXPR_GT;
    if (!is_less && op != EXPR_GT && op != EXPR_GE)
        return false;
    if (is_less == is_left)
        at_most(&r->domain, v - (is_strict ? 1 : 0));
    else
        at_least(&r->domain, v + (is_strict ? 1 : 0));
    return true;
}

/* What c says about a letter that is not the unknown. False: it says something else. */
static bool take_domain(struct reader *r, int32_t c)
{
    struct exprs *x = r->x;
    int32_t k;
    if (expr_is(x, c, EXPR_AND) || expr_is(x, c, EXPR_LIST)) {
        for (int32_t i = 0; i < expr_n_args(x, c); i++)
            if (!take_domain(r, expr_arg(x, c, i)))
                return false;
        return expr_n_args(x, c) > 0;
    }
    if (!expr_is(x, c, EXPR_RELATION) || !only_letter(x, c, &k) || k == EXPR_NONE ||
        (r->domain.symbol != EXPR_NONE && r->domain.symbol != k) || k == r->out->name)
        return false;
    struct str ops = expr_name(x, c);
    if (ops.n + 1 != expr_n_args(x, c) || str_find(ops, STR("="), 0) >= 0)
        return false;
    r->domain.symbol = k;
    for (int32_t i = 0; i < ops.n; i++) {
        bool is_in = ops.at[i] == EXPR_IN && expr_arg(x, c, i) == k;
        if (!(is_in ? domain_in(r, expr_arg(x, c, i + 1))
                    : domain_order(r, expr_arg(x, c, i), ops.at[i], expr_arg(x, c, i + 1))))
            return false;
    }
    r->out->is_said = true;
    r->domain.is_whole |= !r->domain.is_real && is_whole_letter(expr_name(x, k));
    return true;
}

/* ------------------------------------------------------------------------------------ answers */

static bool set_name(struct reader *r, int32_t name)
{
    bool is_name = expr_is(r->x, name, EXPR_SYMBOL);
    if (expr_is(r->x, name, EXPR_TUPLE)) {
        is_name = true;
        for (int32_t i = 0; i < expr_n_args(r->x, name); i++)
            is_name &= expr_is(r->x, expr_arg(r->x, name, i), EXPR_SYMBOL);
    }
    if (!is_name || (r->out->name != EXPR_NONE && r->out->name != name))
        return false;
    r->out->name = name;
    return true;
}

/* n leaves a remainder. */
static bool take_class(struct reader *r, int32_t name, int32_t offset, int32_t step)
{
    int64_t m;
    int64_t a;
    if (!set_name(r, name) || !expr_get_int(r->x, step, &m) || !expr_get_int(r->x, offset, &a) ||
        m == 0)
        return false;
    struct progression p = {.range = FAMILY_ALL, .n = 1, .offset = {offset}, .step = {step}};
    r->out->is_class = true;
    r->out->has_letter = true;
    return push(r, &p);
}

static bool take_kind(struct reader *r, int32_t name, struct str s)
{
    static const char *const kinds[][6] = {
        {"even", "an even integer", "an even number", "even integer", "an even", "even number"},
        {"odd", "an odd integer", "an odd number", "odd integer", "an odd", "odd number"}};
    for (int odd = 0; odd < 2; odd++)
        for (int i = 0; i < 6; i++)
            if (str_eq(s, str_of(kinds[odd][i])))
                return take_class(r, name, expr_int(r->x, odd), expr_int(r->x, 2));
    return false;
}

static bool take(struct reader *r, int32_t e, int32_t depth);

static bool take_relation(struct reader *r, int32_t e, int32_t depth)
{
    struct exprs *x = r->x;
    struct str op = expr_name(x, e);
    int32_t left = expr_arg(x, e, 0);
    int32_t right = expr_arg(x, e, 1);
    if (str_eq(op, STR("c")) && expr_n_args(x, e) == 3)
        return take_class(r, left, right, expr_arg(x, e, 2));
    if (op.n != 1)
        return false;
    if (op.at[0] == EXPR_EQ)
        return set_name(r, left) && take_element(r, right);
    if (op.at[0] != EXPR_IN || !set_name(r, left))
        return false;
    if (expr_is(x, right, EXPR_TEXT))
        return take_kind(r, left, expr_name(x, right));
    return (expr_is(x, right, EXPR_BUILDER) || expr_is(x, right, EXPR_UNION)) &&
           take(r, right, depth + 1);
}

/* n = 1 (mod 2), n = 1 (mod 3) may be a system. Of one modulus it cannot be: it would have no
 * solution, or say one thing twice. */
static bool has_one_step(const struct family *f)
{
    for (int32_t i = 1; i < f->n; i++)
        if (f->of[i].step[0] != f->of[0].step[0])
            return false;
    return true;
}

/* The members of a list that say what a letter runs through, then the others. */
static bool take_members(struct reader *r, int32_t e, int32_t depth)
{
    struct exprs *x = r->x;
    int32_t n = expr_n_args(x, e);
    bool is_or = expr_is(x, e, EXPR_OR) || str_eq(expr_name(x, e), STR("or"));
    int32_t n_members = n;
    for (int32_t i = n - 1; i > 0 && !is_or; i--) { /* they stand last */
        int32_t a = expr_arg(x, e, i);
        if (!expr_is(x, a, EXPR_RELATION) || str_find(expr_name(x, a), STR("="), 0) >= 0 ||
            !take_domain(r, a))
            break;
        n_members = i;
    }
    for (int32_t i = 0; i < n_members; i++)
        if (!take(r, expr_arg(x, e, i), depth + 1))
            return false;
    if (!is_or && r->out->is_class && !has_one_step(r->out))
        return false;
    return n_members > 0 && (!expr_is(x, e, EXPR_AND) || n_members == 1);
}

/* Or of statements of which the last one says what the letter of all is. */
static bool take_said_in_last(struct reader *r, int32_t e)
{
    struct exprs *x = r->x;
    int32_t last = expr_arg(x, e, expr_n_args(x, e) - 1);
    if (!expr_is(x, e, EXPR_OR) || !expr_is(x, last, EXPR_AND) || expr_n_args(x, last) != 2)
        return true;
    return take_domain(r, expr_arg(x, last, 1));
}

static bool take(struct reader *r, int32_t e, int32_t depth)
{
    enum { DEEP = 8 };
    struct exprs *x = r->x;
    if (e == EXPR_NONE || depth > DEEP || !budget_spend(r->budget, NODE_NS))
        return false;
    switch (expr_op(x, e)) {
    case EXPR_FOR_ALL:
        return expr_n_args(x, e) == 2 && take_domain(r, expr_arg(x, e, 1)) &&
               take(r, expr_arg(x, e, 0), depth + 1);
    case EXPR_BUILDER:
        return expr_n_args(x, e) == 2 && r->domain.symbol == EXPR_NONE &&
               take_domain(r, expr_arg(x, e, 1)) && take_element(r, expr_arg(x, e, 0));
    case EXPR_RELATION:
        return take_relation(r, e, depth);
    case EXPR_OR:
    case EXPR_AND:
        return expr_n_args(x, e) > 0 && take_said_in_last(r, e) && take_members(r, e, depth);
    case EXPR_LIST:
        return take_members(r, e, depth);
    case EXPR_UNION:
        for (int32_t i = 0; i < expr_n_args(x, e); i++) {
            r->domain = (struct domain){.symbol = EXPR_NONE};
            if (!take(r, expr_arg(x, e, i), depth + 1))
                return false;
        }
        return true;
    case EXPR_SET:
        for (int32_t i = 0; i < expr_n_args(x, e); i++)
            if (expr_free(x, expr_arg(x, e, i)) != 0 || !take_element(r, expr_arg(x, e, i)))
                return false;
        return expr_n_args(x, e) > 0;
    default:
        return take_element(r, e);
    }
}

bool family_read(struct exprs *x, int32_t e, struct budget *budget, struct family *out)
{
    struct reader r = {.x = x, .budget = budget, .out = out, .domain = {.symbol = EXPR_NONE}};
    *out = (struct family){.name = EXPR_NONE};
    if (!take(&r, e, 0) || out->n == 0)
        return false;
    out->is_real = r.domain.is_real;
    return true;
}
