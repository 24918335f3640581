#include "graders/math/family.h"

#include <assert.h>
#include <string.h>

#include "graders/math/family_read.h"

static const struct exact not_mine = {.truth = EXACT_UNKNOWN};

static const char range_is_open[] = "what a parameter runs through";

static struct exact unknown(const char *why)
{
    return (struct exact){.truth = EXACT_UNKNOWN, .method = why};
}

static struct exact decided(bool is_same)
{
    return (struct exact){.truth = is_same ? EXACT_EQUAL : EXACT_DIFFERENT,
                          .method = "families of numbers"};
}

/* -------------------------------------------------------------------------------- one by one */

enum fact { IS_FALSE, IS_TRUE, IS_OPEN };

static enum fact is_zero(struct exprs *x, int32_t e, struct budget *budget)
{
    if (e == EXPR_NONE)
        return IS_OPEN;
    enum exact_truth t = exact_compare(x, e, expr_int(x, 0), budget).truth;
    return t == EXACT_EQUAL ? IS_TRUE : t == EXACT_DIFFERENT ? IS_FALSE : IS_OPEN;
}

static enum fact is_whole(struct exprs *x, int32_t e, struct budget *budget)
{
    if (e == EXPR_NONE)
        return IS_OPEN;
    enum exact_truth t = exact_compare(x, e, expr_call(x, EXPR_FLOOR, e), budget).truth;
    return t == EXACT_EQUAL ? IS_TRUE : t == EXACT_DIFFERENT ? IS_FALSE : IS_OPEN;
}

static enum fact both(enum fact a, enum fact b)
{
    if (a == IS_FALSE || b == IS_FALSE)
        return IS_FALSE;
    return a == IS_TRUE && b == IS_TRUE ? IS_TRUE : IS_OPEN;
}

static enum fact either(enum fact a, enum fact b)
{
    if (a == IS_TRUE || b == IS_TRUE)
        return IS_TRUE;
    return a == IS_FALSE && b == IS_FALSE ? IS_FALSE : IS_OPEN;
}

/* Whether the steps of p are those of q (sign 1) or their opposites (sign -1). */
static enum fact are_steps(struct exprs *x, const struct progression *p,
                           const struct progression *q, int sign, struct budget *budget)
{
    enum fact all = IS_TRUE;
    for (int32_t i = 0; i < p->n; i++) {
        int32_t other = sign > 0 ? q->step[i] : expr_neg(x, q->step[i]);
        all = both(all, is_zero(x, expr_sub(x, p->step[i], other), budget));
    }
    return all;
}

/* The first coordinate that the step of p changes; -1. */
static int32_t moving(struct exprs *x, const struct progression *p, struct budget *budget)
{
    for (int32_t i = 0; i < p->n; i++)
        if (is_zero(x, p->step[i], budget) == IS_FALSE)
            return i;
    return -1;
}

/* How many steps of p lie between the offsets, by the coordinate c. */
static int32_t steps_between(struct exprs *x, const struct progression *p,
                             const struct progression *q, int32_t c)
{
    return expr_div(x, expr_sub(x, q->offset[c], p->offset[c]), p->step[c]);
}

/* Whether q's offset lies on the line of p. */
static enum fact is_on_line(struct exprs *x, const struct progression *p,
                            const struct progression *q, int32_t c, struct budget *budget)
{
    enum fact all = IS_TRUE;
    for (int32_t i = 0; i < p->n; i++) {
        int32_t a = expr_mul(x, expr_sub(x, q->offset[i], p->offset[i]), p->step[c]);
        int32_t b = expr_mul(x, expr_sub(x, q->offset[c], p->offset[c]), p->step[i]);
        all = i == c ? all : both(all, is_zero(x, expr_sub(x, a, b), budget));
    }
    return all;
}

static enum fact are_parallel(struct exprs *x, const struct progression *p,
                              const struct progression *q, int32_t c, struct budget *budget)
{
    enum fact all = IS_TRUE;
    for (int32_t i = 0; i < p->n; i++) {
        int32_t a = expr_mul(x, q->step[i], p->step[c]);
        int32_t b = expr_mul(x, q->step[c], p->step[i]);
        all = i == c ? all : both(all, is_zero(x, expr_sub(x, a, b), budget));
    }
    return all;
}

/* The points of p and of q are the same. Points follow each other by the step, so the step is known
 * from the set up to its sign, and of a half-line its beginning too. */
static enum fact is_one_progression(struct exprs *x, const struct progression *p,
                                    const struct progression *q, bool are_real,
                                    struct budget *budget)
{
    int32_t c = moving(x, p, budget);
    if (c < 0 || moving(x, q, budget) < 0 || p->n != q->n)
        return IS_OPEN;
    if (are_real)
        return both(are_parallel(x, p, q, c, budget), is_on_line(x, p, q, c, budget));
    if (p->range == FAMILY_UP && q->range == FAMILY_UP)
        return both(
            are_steps(x, p, q, 1, budget),
            both(is_zero(x, steps_between(x, p, q, c), budget), is_on_line(x, p, q, c, budget)));
    if (p->range != FAMILY_ALL || q->range != FAMILY_ALL)
        return p->range == q->range ? IS_OPEN : IS_FALSE;
    enum fact steps = either(are_steps(x, p, q, 1, budget), are_steps(x, p, q, -1, budget));
    if (steps == IS_FALSE)
        return IS_FALSE;
    return both(steps, both(is_on_line(x, p, q, c, budget),
                            is_whole(x, steps_between(x, p, q, c), budget)));
}

/* Every progression of a is one of b. */
static bool are_all_in(struct exprs *x, const struct family *a, const struct family *b,
                       struct budget *budget)
{
    for (int32_t i = 0; i < a->n; i++) {
        bool is_found = false;
        for (int32_t k = 0; k < b->n && !is_found; k++) {
            bool are_points = a->of[i].range == FAMILY_POINT && b->of[k].range == FAMILY_POINT;
            is_found = !are_points &&
                       is_one_progression(x, &a->of[i], &b->of[k], false, budget) == IS_TRUE;
        }
        if (!is_found)
            return false;
    }
    return true;
}

/* ----------------------------------------------------------------------------------- the grid */

/* A progression on a grid of whole numbers. */
struct run {
    enum family_range range;
    int64_t offset;
    int64_t step; /* not 0 unless a point */
};

struct grid {
    struct exprs *x;
    struct budget *budget;
    int32_t origin;
    int32_t unit;
    fmpz_t scale; /* grid places in a unit */
    bool is_up;   /* the unit is positive */
};

/* (e - from)/unit as a fraction. */
static bool in_units(struct grid *g, int32_t e, int32_t from, fmpq_t out)
{
    int32_t d = expr_div(g->x, expr_sub(g->x, e, from), g->unit);
    return d != EXPR_NONE && exact_rational(g->x, d, out, g->budget);
}

static bool place(struct grid *g, int32_t e, int32_t from, int64_t *out)
{
    enum { BITS = 40 };
    fmpq_t q;
    fmpq_init(q);
    bool is_done = in_units(g, e, from, q);
    if (is_done) {
        fmpq_mul_fmpz(q, q, g->scale);
        is_done = fmpz_is_one(fmpq_denref(q)) && fmpz_bits(fmpq_numref(q)) <= BITS;
    }
    *out = is_done ? fmpz_get_si(fmpq_numref(q)) : 0;
    fmpq_clear(q);
    return is_done;
}

static bool widen_scale(struct grid *g, const struct family *f)
{
    int32_t zero = expr_int(g->x, 0);
    bool is_done = true;
    fmpq_t q;
    fmpq_init(q);
    for (int32_t i = 0; i < f->n && is_done; i++) {
        is_done = in_units(g, f->of[i].offset[0], g->origin, q);
        if (is_done)
            fmpz_lcm(g->scale, g->scale, fmpq_denref(q));
        is_done = is_done && in_units(g, f->of[i].step[0], zero, q);
        if (is_done)
            fmpz_lcm(g->scale, g->scale, fmpq_denref(q));
    }
    fmpq_clear(q);
    return is_done;
}

static bool put_on_grid(struct grid *g, const struct family *f, struct run *runs)
{
    int32_t zero = expr_int(g->x, 0);
    for (int32_t i = 0; i < f->n; i++) {
        runs[i].range = f->of[i].range;
        if (!place(g, f->of[i].offset[0], g->origin, &runs[i].offset) ||
            !place(g, f->of[i].step[0], zero, &runs[i].step))
            return false;
    }
    return true;
}

/* ------------------------------------------------------------------------------------- windows */

/* One way to take what the texts leave open. */
struct taking {
    int64_t first_natural[2]; /* of either side: 0 or 1 */
    bool is_from_zero;        /* the unknown and the parameters nobody speaks of are not negative */
};

struct window {
    int64_t low;
    int64_t high;
    uint8_t *marks;
};

static struct run taken(struct run r, int64_t first, bool is_from_zero)
{
    if (r.range == FAMILY_NATURAL) {
        r.offset += first * r.step;
        r.range = FAMILY_UP;
    }
    if (r.range == FAMILY_OPEN)
        r.range = is_from_zero ? FAMILY_UP : FAMILY_ALL;
    return r;
}

static int64_t ceil_div(int64_t a, int64_t b)
{
    return a / b + (a % b != 0 && (a < 0) == (b < 0));
}

static void mark(const struct window *w, struct run r, uint8_t bit)
{
    if (r.range == FAMILY_POINT) {
        if (r.offset >= w->low && r.offset <= w->high)
            w->marks[r.offset - w->low] |= bit;
        return;
    }
    int64_t by = r.step < 0 ? -r.step : r.step;
    int64_t from = r.offset + by * ceil_div(w->low - r.offset, by);
    int64_t to = w->high;
    if (r.range == FAMILY_UP && r.step > 0 && from < r.offset)
        from = r.offset;
    if (r.range == FAMILY_UP && r.step < 0 && to > r.offset)
        to = r.offset;
    for (int64_t at = from; at <= to; at += by)
        w->marks[at - w->low] |= bit;
}

static int64_t gcd(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t t = a % b;
        a = b;
        b = t;
    }
    return a < 0 ? -a : a;
}

/* All beginnings, the naturals' other one too, and a period on either side of them. False: too
 * wide. */
static bool open_window(struct window *w, const struct run *runs, int32_t n, int64_t zero)
{
    int64_t period = 1;
    w->low = zero;
    w->high = zero;
    for (int32_t i = 0; i < n; i++) {
        int64_t other = runs[i].offset + runs[i].step;
        if (runs[i].range != FAMILY_POINT) {
            int64_t by = runs[i].step < 0 ? -runs[i].step : runs[i].step;
            by /= gcd(period, by);
            if (by > LIMIT_FAMILY_WINDOW / period)
                return false;
            period *= by;
        }
        if (runs[i].range == FAMILY_ALL)
            continue;
        w->low = runs[i].offset < w->low ? runs[i].offset : w->low;
        w->low = other < w->low ? other : w->low;
        w->high = runs[i].offset > w->high ? runs[i].offset : w->high;
        w->high = other > w->high ? other : w->high;
    }
    w->low -= period;
    w->high += period;
    return w->high - w->low < LIMIT_FAMILY_WINDOW;
}

/* Both sides on the grid, side a first. */
struct sides {
    struct run runs[2 * LIMIT_FAMILY_MEMBERS];
    int32_t n_a;
    int32_t n;
    int64_t zero; /* where 0 lies on the grid */
    bool is_up;
};

static bool are_same_taken(const struct sides *s, struct window *w, struct taking t)
{
    enum { IN_A = 1, IN_B = 2 };
    memset(w->marks, 0, (size_t)(w->high - w->low + 1));
    for (int32_t i = 0; i < s->n; i++)
        mark(w, taken(s->runs[i], t.first_natural[i < s->n_a ? 0 : 1], t.is_from_zero),
             i < s->n_a ? IN_A : IN_B);
    for (int64_t at = w->low; at <= w->high; at++) {
        uint8_t m = w->marks[at - w->low];
        bool is_out = t.is_from_zero && (s->is_up ? at < s->zero : at > s->zero);
        if (!is_out && m != 0 && m != (IN_A | IN_B))
            return false;
    }
    return true;
}

static bool has_range(const struct family *f, enum family_range range)
{
    for (int32_t i = 0; i < f->n; i++)
        if (f->of[i].range == range)
            return true;
    return false;
}

/* In every way of taking it. */
static struct exact compare_on_window(const struct sides *s, struct window *w,
                                      const struct family *a, const struct family *b, bool is_loose)
{
    int n_a = has_range(a, FAMILY_NATURAL) ? 2 : 1;
    int n_b = has_range(b, FAMILY_NATURAL) ? 2 : 1;
    int n_same = 0;
    int n = 0;
    for (int i = 0; i < n_a; i++)
        for (int k = 0; k < n_b; k++)
            for (int from_zero = 0; from_zero < (is_loose ? 2 : 1); from_zero++) {
                struct taking t = {{i, k}, from_zero == 1};
                n_same += are_same_taken(s, w, t) ? 1 : 0;
                n++;
            }
    if (n_same != 0 && n_same != n)
        return unknown(range_is_open);
    return decided(n_same == n);
}

/* ---------------------------------------------------------------------------------- comparing */

static const struct progression *first_moving(const struct family *a, const struct family *b)
{
    for (int32_t i = 0; i < a->n; i++)
        if (a->of[i].range != FAMILY_POINT)
            return &a->of[i];
    for (int32_t i = 0; i < b->n; i++)
        if (b->of[i].range != FAMILY_POINT)
            return &b->of[i];
    return a->has_letter ? &a->of[0] : b->has_letter ? &b->of[0] : NULL; /* 0 <= k <= 3 */
}

/* False: offsets and steps have no common grid, or one too large. */
static bool fill_sides(struct grid *g, const struct family *a, const struct family *b,
                       bool is_loose, struct sides *s)
{
    int order;
    struct family zero = {.of = {{.n = 1}}, .n = is_loose ? 1 : 0};
    zero.of[0].offset[0] = expr_int(g->x, 0);
    zero.of[0].step[0] = zero.of[0].offset[0];
    if (!widen_scale(g, &zero) || !widen_scale(g, a) || !widen_scale(g, b) ||
        !put_on_grid(g, a, s->runs) || !put_on_grid(g, b, s->runs + a->n))
        return false;
    s->n_a = a->n;
    s->n = a->n + b->n;
    s->zero = 0;
    s->is_up = true;
    if (!is_loose)
        return true;
    struct exact e = exact_order(g->x, g->unit, expr_int(g->x, 0), &order, g->budget);
    s->is_up = order > 0;
    return e.truth == EXACT_DIFFERENT && place(g, expr_int(g->x, 0), g->origin, &s->zero);
}

static bool compare_on_grid(struct exprs *x, const struct family *a, const struct family *b,
                            bool is_loose, struct budget *budget, struct exact *found)
{
    uint8_t marks[LIMIT_FAMILY_WINDOW];
    struct sides s;
    struct window w = {.marks = marks};
    const struct progression *first = first_moving(a, b);
    if (first == NULL || first->n != 1 || a->of[0].n != 1 || b->of[0].n != 1)
        return false;
    struct grid g = {.x = x, .budget = budget, .origin = first->offset[0], .unit = first->step[0]};
    fmpz_init_set_ui(g.scale, 1);
    bool is_done = fill_sides(&g, a, b, is_loose, &s) && open_window(&w, s.runs, s.n, s.zero) &&
                   budget_spend(budget, 16 * (w.high - w.low));
    fmpz_clear(g.scale);
    if (is_done)
        *found = compare_on_window(&s, &w, a, b, is_loose);
    return is_done;
}

/* Without a grid: numbers that are no multiples of each other, points of several coordinates. */
static struct exact compare_singly(struct exprs *x, const struct family *a, const struct family *b,
                                   struct budget *budget)
{
    if (a->n == 1 && b->n == 1) {
        enum fact f = is_one_progression(x, &a->of[0], &b->of[0], a->is_real, budget);
        return f == IS_OPEN ? unknown("families without a common step") : decided(f == IS_TRUE);
    }
    if (a->is_real || !are_all_in(x, a, b, budget) || !are_all_in(x, b, a, budget))
        return unknown("families without a common step");
    return decided(true);
}

static bool is_angle_name(const struct exprs *x, int32_t name)
{
    static const char *const names[] = {"x",       "y",       "z",     "t",
                                        "\\theta", "\\alpha", "\\phi", "\\varphi"};
    for (size_t i = 0; name != EXPR_NONE && i < sizeof names / sizeof *names; i++)
        if (expr_is(x, name, EXPR_SYMBOL) && str_eq(expr_name(x, name), str_of(names[i])))
            return true;
    return false;
}

/* x = pi/6 + 2 k pi: turns, where k can be nothing but any whole number. */
static void say_turns(struct exprs *x, struct family *f, struct budget *budget)
{
    fmpq_t q;
    fmpq_init(q);
    bool are_turns = is_angle_name(x, f->name);
    for (int32_t i = 0; i < f->n && are_turns; i++) {
        int32_t ratio = expr_div(x, f->of[i].step[0], expr_constant(x, EXPR_PI));
        are_turns = f->of[i].n == 1 && f->of[i].range == FAMILY_OPEN && ratio != EXPR_NONE &&
                    exact_rational(x, ratio, q, budget);
    }
    fmpq_clear(q);
    for (int32_t i = 0; i < f->n && are_turns; i++)
        f->of[i].range = FAMILY_ALL;
}

static struct exact compare(struct exprs *x, struct family *a, struct family *b,
                            struct budget *budget)
{
    struct exact found;
    say_turns(x, a, budget);
    say_turns(x, b, budget);
    bool is_open_a = has_range(a, FAMILY_OPEN);
    bool is_open_b = has_range(b, FAMILY_OPEN);
    bool is_class = a->is_class || b->is_class;
    bool is_loose = is_class || is_open_a || is_open_b;
    bool are_points = !a->has_letter || !b->has_letter;
    if (are_points && is_loose) /* k = 0, 1, 2 may be all that the problem asks for */
        return not_mine;
    if (is_loose && (a->is_real || b->is_real))
        return not_mine;
    if (compare_on_grid(x, a, b, is_loose, budget, &found)) {
        bool is_function = is_open_a && is_open_b && found.truth == EXACT_EQUAL;
        return is_function ? unknown(range_is_open) : found;
    }
    if (is_loose || are_points || has_range(a, FAMILY_NATURAL) || has_range(b, FAMILY_NATURAL))
        return unknown("families without a common step");
    return compare_singly(x, a, b, budget);
}

/* a_n = 2n + 1 gives the members of a sequence, not those of a set. */
static bool is_sequence(const struct exprs *x, int32_t name)
{
    return name != EXPR_NONE && expr_is(x, name, EXPR_SYMBOL) &&
           str_find(expr_name(x, name), STR("_"), 0) >= 0;
}

struct exact family_compare(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    struct family left;
    struct family right;
    if (a == b || !family_read(x, a, budget, &left) || !family_read(x, b, budget, &right))
        return not_mine;
    if ((!left.has_letter && !right.has_letter) || left.is_real != right.is_real)
        return not_mine;
    bool is_bare = left.name == EXPR_NONE || right.name == EXPR_NONE;
    /* 5 beside 5 (mod 7): the class may be how the problem wants the 5 written */
    bool is_single = left.has_letter != right.has_letter;
    if (is_single && (is_bare || left.is_class || right.is_class))
        return not_mine;
    bool is_plain = !left.is_said && !right.is_said && !left.is_class && !right.is_class;
    if (is_bare && (is_plain || left.name != right.name)) {
        bool are_said = left.is_said && right.is_said;
        if (!are_said)
            return not_mine;
    }
    struct exact found = compare(x, &left, &right, budget);
    bool is_guess = has_range(&left, FAMILY_OPEN) || has_range(&right, FAMILY_OPEN);
    if (is_guess && (found.method != range_is_open || is_sequence(x, left.name)) &&
        found.truth == EXACT_UNKNOWN)
        return not_mine;
    if (!is_bare && left.name != right.name && found.truth != EXACT_UNKNOWN)
        return unknown("the variables' names differ");
    return found;
}
