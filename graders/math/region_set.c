#include "graders/math/region_set.h"

#include <assert.h>

#include "graders/math/identity_point.h"

static bool fail(struct region_work *w, const char *why)
{
    w->why = why;
    return false;
}

bool region_order(struct region_work *w, int32_t a, int32_t b, int *order)
{
    *order = 0;
    if (a == b)
        return true;
    struct exact found = exact_order(w->x, a, b, order, w->budget);
    if (found.truth == EXACT_PROBABLE) {
        w->bits = w->bits == 0 || found.bits < w->bits ? found.bits : w->bits;
        *order = 0;
        return true;
    }
    if (found.truth == EXACT_EQUAL || found.truth == EXACT_DIFFERENT)
        return true;
    return fail(w, "ends not put in order");
}

struct region region_all(bool is_in)
{
    return (struct region){.is_in_first = is_in};
}

static bool is_in_last(const struct region *r)
{
    return r->is_in_first != (r->n % 2 == 1);
}

bool region_put(struct region *r, int32_t at, bool is_after, bool is_in)
{
    enum { MAX = 2 * LIMIT_MATH_PIECES };
    if (is_in_last(r) == is_in)
        return true;
    if (r->n == MAX)
        return false;
    r->cuts[r->n++] = (struct cut){at, is_after};
    return true;
}

struct region region_half(char op, int32_t at)
{
    bool is_below = op == EXPR_LT || op == EXPR_LE || op == EXPR_NE;
    bool is_at = op == EXPR_LE || op == EXPR_GE || op == EXPR_EQ;
    bool is_above = op == EXPR_GT || op == EXPR_GE || op == EXPR_NE;
    struct region r = region_all(is_below);
    bool is_done = region_put(&r, at, false, is_at) && region_put(&r, at, true, is_above);
    assert(is_done);
    return r;
}

bool region_interval(struct region_work *w, int32_t from, int32_t to, int32_t open,
                     struct region *out)
{
    int32_t infinity = expr_constant(w->x, EXPR_INFINITY);
    int32_t minus = expr_neg(w->x, infinity);
    if (from == infinity || to == minus)
        return fail(w, "an interval that runs backwards");
    int order = -1;
    if (from != minus && to != infinity && !region_order(w, from, to, &order))
        return false;
    bool is_full = (open & (EXPR_OPEN_FROM | EXPR_OPEN_TO)) == 0;
    if (order > 0 || (order == 0 && !is_full))
        return fail(w, "an interval that runs backwards");
    *out = region_all(from == minus);
    return (from == minus || region_put(out, from, (open & EXPR_OPEN_FROM) != 0, true)) &&
           (to == infinity ||
            region_put(out, order == 0 ? from : to, (open & EXPR_OPEN_TO) == 0, false));
}

void region_complement(struct region *r)
{
    r->is_in_first = !r->is_in_first;
}

/* ---------------------------------------------------------------------------------- merging */

typedef bool both(bool a, bool b);

static bool is_and(bool a, bool b)
{
    return a && b;
}

static bool is_or(bool a, bool b)
{
    return a || b;
}

static bool is_xor(bool a, bool b)
{
    return a != b;
}

static bool cut_order(struct region_work *w, const struct cut *a, const struct cut *b, int *order)
{
    if (!region_order(w, a->at, b->at, order))
        return false;
    if (*order == 0)
        *order = (int)a->is_after - (int)b->is_after;
    return true;
}

static bool merge(struct region_work *w, const struct region *a, const struct region *b, both *is,
                  struct region *out)
{
    bool in_a = a->is_in_first;
    bool in_b = b->is_in_first;
    struct region made = region_all(is(in_a, in_b));
    int32_t i = 0;
    int32_t k = 0;
    while (i < a->n || k < b->n) {
        int order = i == a->n ? 1 : -1;
        if (i < a->n && k < b->n && !cut_order(w, &a->cuts[i], &b->cuts[k], &order))
            return false;
        const struct cut *at = order <= 0 ? &a->cuts[i] : &b->cuts[k];
        in_a ^= order <= 0;
        in_b ^= order >= 0;
        i += order <= 0;
        k += order >= 0;
        if (!region_put(&made, at->at, at->is_after, is(in_a, in_b)))
            return fail(w, "too many pieces");
    }
    *out = made;
    return true;
}

bool region_and(struct region_work *w, const struct region *a, const struct region *b,
                struct region *out)
{
    return merge(w, a, b, is_and, out);
}

bool region_or(struct region_work *w, const struct region *a, const struct region *b,
               struct region *out)
{
    return merge(w, a, b, is_or, out);
}

bool region_xor(struct region_work *w, const struct region *a, const struct region *b,
                struct region *out)
{
    return merge(w, a, b, is_xor, out);
}

/* ----------------------------------------------------------------------------- whole numbers */

/* A whole number near a constant. */
static bool near(struct region_work *w, int32_t at, fmpz_t out)
{
    enum { PREC = 128, MAX_BITS = 60 };
    struct vars none = {.x = w->x, .budget = w->budget};
    struct point p;
    acb_t v;
    point_init(&p, &none);
    acb_init(v);
    bool is_done = point_ball(&p, at, v, PREC) &&
                   mag_cmp_2exp_si(arb_radref(acb_realref(v)), 0) < 0 &&
                   arf_cmpabs_2exp_si(arb_midref(acb_realref(v)), MAX_BITS) < 0;
    if (is_done)
        arf_get_fmpz(out, arb_midref(acb_realref(v)), ARF_RND_FLOOR);
    acb_clear(v);
    point_clear(&p);
    return is_done || fail(w, "an end without a near whole number");
}

static bool is_member(struct region_work *w, const struct region *r, int32_t at, bool *is)
{
    *is = r->is_in_first;
    for (int32_t i = 0; i < r->n; i++) {
        int order;
        if (!region_order(w, r->cuts[i].at, at, &order))
            return false;
        if (order > 0 || (order == 0 && r->cuts[i].is_after))
            return true;
        *is = !*is;
    }
    return true;
}

bool region_has_whole(struct region_work *w, const struct region *r, bool *has)
{
    enum { AROUND = 2 };
    *has = r->is_in_first || is_in_last(r); /* unbounded */
    for (int32_t i = 0; i < r->n && !*has; i++) {
        fmpz_t first;
        fmpz_init(first);
        bool is_done = near(w, r->cuts[i].at, first);
        int64_t at = is_done ? fmpz_get_si(first) : 0;
        fmpz_clear(first);
        for (int64_t k = at - AROUND; k <= at + AROUND && is_done && !*has; k++)
            is_done = is_member(w, r, expr_int(w->x, k), has);
        if (!is_done)
            return false;
    }
    return true;
}
