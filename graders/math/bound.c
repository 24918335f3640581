#include "graders/math/bound.h"

#include <assert.h>
#include <flint/ulong_extras.h>
#include <math.h>

#include "base/limits.h"

/* ------------------------------------------------------------------------------- u and l */

static double log2_of(const fmpz_t v)
{
    static const double log2_e = 1.4426950408889634;
    if (fmpz_is_zero(v))
        return 0.0;
    fmpz_t a;
    fmpz_init(a);
    fmpz_abs(a, v);
    double found = fmpz_dlog(a) * log2_e;
    fmpz_clear(a);
    return found;
}

/* log2(2^a + 2^b), from above */
static double log2_sum(double a, double b)
{
    double top = a > b ? a : b;
    return top + log2(1.0 + exp2(-fabs(a - b)));
}

/* The coefficient in front of a term of a sum. */
static void coefficient(const struct term *p, fmpq_t q)
{
    if (p->kind == TERM_MUL || p->kind == TERM_RATIONAL)
        fmpq_set(q, p->q);
    else
        fmpq_one(q);
}

/* Over one denominator: the lcm of the coefficients' times the product of the others. */
static void bound_sum(struct terms *T, struct term *p)
{
    fmpz_t common;
    fmpq_t q;
    fmpz_init_set(common, fmpq_denref(p->q));
    fmpq_init(q);
    double all_l = 0.0;
    for (int32_t i = 0; i < p->n_args; i++) {
        const struct term *a = &T->at[p->args[i]];
        coefficient(a, q);
        fmpz_lcm(common, common, fmpq_denref(q));
        all_l += a->log2_l - log2_of(fmpq_denref(q));
    }
    double above = log2_of(common);
    bool has_one = !fmpq_is_zero(p->q);
    double u = log2_of(fmpq_numref(p->q)) - log2_of(fmpq_denref(p->q)) + all_l;
    for (int32_t i = 0; i < p->n_args; i++) {
        const struct term *a = &T->at[p->args[i]];
        double one = a->log2_u + all_l - a->log2_l;
        u = has_one ? log2_sum(u, one) : one;
        has_one = true;
    }
    p->log2_u = u + above;
    p->log2_l = all_l + above;
    fmpz_clear(common);
    fmpq_clear(q);
}

static void bound_power(struct term *p, const struct term *a)
{
    double n = fabs(fmpz_get_d(fmpq_numref(p->q)));
    bool is_inverse = fmpq_sgn(p->q) < 0;
    p->log2_u = n * (is_inverse ? a->log2_l : a->log2_u);
    p->log2_l = n * (is_inverse ? a->log2_u : a->log2_l);
}

static void bound_root(struct term *p, const struct term *a)
{
    double k = (double)p->k;
    bool is_over = a->log2_u >= a->log2_l;
    p->log2_u = is_over ? (a->log2_u + (k - 1.0) * a->log2_l) / k : a->log2_u;
    p->log2_l = is_over ? a->log2_l : ((k - 1.0) * a->log2_u + a->log2_l) / k;
}

static void bound_node(struct terms *T, int32_t t)
{
    struct term *p = &T->at[t];
    if (p->has_bound)
        return;
    for (int32_t i = 0; i < p->n_args; i++)
        bound_node(T, p->args[i]);
    const struct term *a = p->n_args > 0 ? &T->at[p->args[0]] : NULL;
    switch ((enum term_kind)p->kind) {
    case TERM_COS:
        p->log2_u = 1.0;
        break;
    case TERM_ADD:
        bound_sum(T, p);
        break;
    case TERM_RATIONAL:
    case TERM_MUL:
        p->log2_u = log2_of(fmpq_numref(p->q));
        p->log2_l = log2_of(fmpq_denref(p->q));
        for (int32_t i = 0; i < p->n_args; i++) {
            p->log2_u += T->at[p->args[i]].log2_u;
            p->log2_l += T->at[p->args[i]].log2_l;
        }
        break;
    case TERM_POWER:
        bound_power(p, a);
        break;
    case TERM_ROOT:
        bound_root(p, a);
        break;
    default:
        assert(p->kind == TERM_UNIT); /* absolute value 1, an integer */
    }
    if (p->log2_u < 0.0)
        p->log2_u = 0.0;
    p->has_bound = true;
}

/* ------------------------------------------------------------------------------- degree */

enum { MAX_ROOTS = 64, MAX_ORDER = 1000000 };

struct field {
    struct {
        int32_t radicand;
        ulong degree;
    } roots[MAX_ROOTS];
    int32_t n;
    ulong order; /* roots of unity of this order are in it, or their real parts */
    bool has_unit;
    bool is_large;
};

static ulong lcm(ulong a, ulong b)
{
    return a / n_gcd(a, b) * b;
}

static void add_root(struct field *f, int32_t radicand, ulong degree)
{
    for (int32_t i = 0; i < f->n; i++)
        if (f->roots[i].radicand == radicand) {
            f->roots[i].degree = lcm(f->roots[i].degree, degree);
            f->is_large |= f->roots[i].degree > MAX_ORDER;
            return;
        }
    if (f->n == MAX_ROOTS) {
        f->is_large = true;
        return;
    }
    f->roots[f->n].radicand = radicand;
    f->roots[f->n++].degree = degree;
}

static void add_order(struct field *f, const fmpz_t order)
{
    f->is_large |= fmpz_cmp_ui(order, MAX_ORDER) > 0;
    if (!f->is_large)
        f->order = lcm(f->order, fmpz_get_ui(order));
    f->is_large |= f->order > MAX_ORDER;
}

static void visit(struct terms *T, struct field *f, int32_t t)
{
    struct term *p = &T->at[t];
    if (p->stamp == T->stamp || f->is_large)
        return;
    p->stamp = T->stamp;
    if (p->kind == TERM_ROOT)
        add_root(f, p->args[0], (ulong)p->k);
    if (p->kind == TERM_UNIT || p->kind == TERM_COS)
        add_order(f, fmpq_denref(p->q));
    f->has_unit |= p->kind == TERM_UNIT;
    for (int32_t i = 0; i < p->n_args; i++)
        visit(T, f, p->args[i]);
}

/* Whether sqrt(p), p prime, is a sum of roots of unity of this order. */
static bool has_square_root(const struct terms *T, int32_t radicand, ulong order)
{
    const struct term *p = &T->at[radicand];
    if (p->kind != TERM_RATIONAL || !fmpz_is_one(fmpq_denref(p->q)) ||
        fmpz_cmp_ui(fmpq_numref(p->q), MAX_ORDER) > 0)
        return false;
    ulong v = fmpz_get_ui(fmpq_numref(p->q));
    ulong conductor = v == 2 ? 8 : v % 4 == 1 ? v : 4 * v;
    return order % conductor == 0 && n_is_prime(v);
}

static double degree_of(const struct terms *T, const struct field *f)
{
    double degree = (double)n_euler_phi(f->order);
    if (!f->has_unit && f->order > 2)
        degree /= 2.0;
    for (int32_t i = 0; i < f->n; i++) {
        ulong k = f->roots[i].degree;
        bool is_half = k % 2 == 0 && has_square_root(T, f->roots[i].radicand, f->order);
        degree *= (double)(is_half ? k / 2 : k);
    }
    return degree;
}

int64_t bound_bits(struct terms *T, int32_t t)
{
    enum { WORK_BOUND = 100, WORK_NODE = 10 };
    static const double fudge = 1e-6; /* of rounding, far above what doubles do here */
    if (!term_is(T, t, TERM_IS_ALGEBRAIC) || !budget_spend(T->budget, WORK_BOUND + WORK_NODE * t))
        return -1;
    bound_node(T, t);
    struct field f = {.order = 1};
    T->stamp++;
    visit(T, &f, t);
    if (f.is_large)
        return -1;
    const struct term *p = term_at(T, t);
    double bits = (degree_of(T, &f) - 1.0) * p->log2_u + p->log2_l;
    bits = bits * (1.0 + fudge) + 2.0;
    return bits <= (double)LIMIT_MATH_PROOF ? (int64_t)ceil(bits) : -1; /* false for nan */
}
