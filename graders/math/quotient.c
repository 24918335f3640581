#include "graders/math/quotient.h"

#include <assert.h>

/* Every operation looks at the sizes first: FLINT has no limits of its own, and ends the process
 * where memory does. */
enum { MAX_BITS = 1 << 16, MAX_PRODUCTS = 1 << 17, MAX_POWER = 1 << 20 };

static bool fail(struct quotients *ps, enum quotient_end end)
{
    if (ps->end == QUOTIENT_FINE)
        ps->end = end;
    return false;
}

void quotients_close(struct quotients *ps)
{
    if (ps->is_open)
        fmpz_mpoly_ctx_clear(ps->ctx);
    ps->is_open = false;
}

void quotient_init(struct quotients *ps, struct quotient *p)
{
    p->ps = ps;
    if (!ps->is_open)
        return;
    fmpz_mpoly_init(p->num, ps->ctx);
    fmpz_mpoly_init(p->den, ps->ctx);
    fmpz_mpoly_one(p->den, ps->ctx);
}

void quotient_clear(struct quotient *p)
{
    if (p->ps == NULL || !p->ps->is_open)
        return;
    fmpz_mpoly_clear(p->num, p->ps->ctx);
    fmpz_mpoly_clear(p->den, p->ps->ctx);
    p->ps = NULL;
}

static int64_t bits_of(const fmpz_mpoly_t f)
{
    slong bits = fmpz_mpoly_max_bits(f);
    return bits < 0 ? -bits : bits;
}

static bool is_small(struct quotients *ps, const fmpz_mpoly_t f)
{
    return (fmpz_mpoly_length(f, ps->ctx) <= LIMIT_MATH_MONOMIALS && bits_of(f) <= MAX_BITS) ||
           fail(ps, QUOTIENT_LARGE);
}

/* Powers of one generator may grow without terms to show for it. */
static bool has_small_degree(struct quotients *ps, const fmpz_mpoly_t a, const fmpz_mpoly_t b)
{
    return (fmpz_mpoly_total_degree_fits_si(a, ps->ctx) &&
            fmpz_mpoly_total_degree_fits_si(b, ps->ctx) &&
            fmpz_mpoly_total_degree_si(a, ps->ctx) < INT32_MAX &&
            fmpz_mpoly_total_degree_si(b, ps->ctx) < INT32_MAX) ||
           fail(ps, QUOTIENT_LARGE);
}

static bool times(struct quotients *ps, fmpz_mpoly_t out, const fmpz_mpoly_t a,
                  const fmpz_mpoly_t b)
{
    enum { NS = 30 };
    if (fmpz_mpoly_is_one(a, ps->ctx) || fmpz_mpoly_is_one(b, ps->ctx)) {
        fmpz_mpoly_set(out, fmpz_mpoly_is_one(a, ps->ctx) ? b : a, ps->ctx);
        return true;
    }
    int64_t n = fmpz_mpoly_length(a, ps->ctx) * fmpz_mpoly_length(b, ps->ctx);
    int64_t bits = bits_of(a) + bits_of(b);
    if (n > MAX_PRODUCTS || bits > MAX_BITS || !has_small_degree(ps, a, b) ||
        !budget_spend(ps->budget, NS * n * (1 + bits / FLINT_BITS)))
        return fail(ps, QUOTIENT_LARGE);
    fmpz_mpoly_mul(out, a, b, ps->ctx);
    return is_small(ps, out);
}

bool quotient_cross(const struct quotient *a, const struct quotient *b, fmpz_mpoly_t out)
{
    return times(a->ps, out, a->num, b->den);
}

bool quotient_add(struct quotient *p, const struct quotient *b)
{
    struct quotients *ps = p->ps;
    if (!ps->is_open)
        return true;
    if (fmpz_mpoly_equal(p->den, b->den, ps->ctx)) {
        fmpz_mpoly_add(p->num, p->num, b->num, ps->ctx);
        return is_small(ps, p->num);
    }
    fmpz_mpoly_t other;
    fmpz_mpoly_init(other, ps->ctx);
    bool is_done = times(ps, other, b->num, p->den) && times(ps, p->num, p->num, b->den) &&
                   times(ps, p->den, p->den, b->den);
    fmpz_mpoly_add(p->num, p->num, other, ps->ctx);
    fmpz_mpoly_clear(other, ps->ctx);
    return is_done && is_small(ps, p->num);
}

bool quotient_mul(struct quotient *p, const struct quotient *b)
{
    return !p->ps->is_open ||
           (times(p->ps, p->num, p->num, b->num) && times(p->ps, p->den, p->den, b->den));
}

/* Terms of a k-th power of n terms: at most binomial(n + k - 1, k). */
static double terms_of_power(int64_t n, int64_t k)
{
    double terms = 1;
    for (int64_t i = 1; i < n && terms <= LIMIT_MATH_MONOMIALS; i++)
        terms = terms * (double)(k + i) / (double)i;
    return terms;
}

static bool power(struct quotients *ps, fmpz_mpoly_t f, int64_t k)
{
    enum { NS = 60, FREE_BITS = 8 };
    int64_t n = fmpz_mpoly_length(f, ps->ctx);
    if (fmpz_mpoly_is_one(f, ps->ctx) || k == 1)
        return true;
    double terms = terms_of_power(n, k);
    int64_t bits = bits_of(f) + (n > 1 ? FREE_BITS : 0);
    bool is_monic = n == 1 && bits <= 1;
    if (k > MAX_POWER || terms > LIMIT_MATH_MONOMIALS || (!is_monic && bits * k > MAX_BITS) ||
        !has_small_degree(ps, f, f) || fmpz_mpoly_total_degree_si(f, ps->ctx) * k >= INT32_MAX ||
        !budget_spend(ps->budget, NS * (int64_t)terms * n * (1 + bits * k / FLINT_BITS)))
        return fail(ps, QUOTIENT_LARGE);
    return (fmpz_mpoly_pow_ui(f, f, (ulong)k, ps->ctx) && is_small(ps, f)) ||
           fail(ps, QUOTIENT_LARGE);
}

bool quotient_invert(struct quotient *p)
{
    if (!p->ps->is_open)
        return true;
    if (!quotient_reduce(p))
        return false;
    if (fmpz_mpoly_is_zero(p->num, p->ps->ctx))
        return fail(p->ps, QUOTIENT_NO_VALUE);
    fmpz_mpoly_swap(p->num, p->den, p->ps->ctx);
    return true;
}

bool quotient_pow(struct quotient *p, int64_t k)
{
    if (!p->ps->is_open)
        return true;
    if (k < -MAX_POWER || k > MAX_POWER)
        return fail(p->ps, QUOTIENT_LARGE);
    if (k < 0) {
        TRY(quotient_invert(p));
        k = -k;
    }
    return power(p->ps, p->num, k) && power(p->ps, p->den, k);
}

void quotient_set_fmpq(struct quotient *p, const fmpq_t v)
{
    if (!p->ps->is_open)
        return;
    fmpz_mpoly_set_fmpz(p->num, fmpq_numref(v), p->ps->ctx);
    fmpz_mpoly_set_fmpz(p->den, fmpq_denref(v), p->ps->ctx);
}

bool quotient_set_gen(struct quotient *p, int32_t gen, int64_t k)
{
    struct quotients *ps = p->ps;
    if (!ps->is_open)
        return true;
    if (k > MAX_POWER || k < -MAX_POWER)
        return fail(ps, QUOTIENT_LARGE);
    ulong exps[LIMIT_MATH_GENS] = {0};
    exps[gen] = (ulong)(k < 0 ? -k : k);
    fmpz_mpoly_one(p->den, ps->ctx);
    fmpz_mpoly_zero(p->num, ps->ctx);
    fmpz_mpoly_set_coeff_si_ui(p->num, 1, exps, ps->ctx);
    if (k < 0)
        fmpz_mpoly_swap(p->num, p->den, ps->ctx);
    return true;
}

/* ------------------------------------------------------------------------------ relations */

/* The power at which a generator turns into something else, 0 where it never does. */
static int64_t turn_of(const struct quotient_gen *g)
{
    if (g->kind == QUOTIENT_ROOT)
        return g->den;
    return g->is_involution ? 2 : 0;
}

static bool value_at_turn(struct quotients *ps, const struct quotient_gen *g, struct quotient *out)
{
    fmpz_mpoly_one(out->num, ps->ctx);
    return g->is_involution || quotient_of(ps, g->base, out);
}

/* f = sum c_i G^i with G^turn = b: sum c_i G^(i mod turn) b.num^(i/turn) b.den^(top - i/turn). */
static bool turn(struct quotients *ps, int32_t gen, int64_t at, const struct quotient *b,
                 int64_t top, fmpz_mpoly_t f)
{
    fmpz_mpoly_univar_t by;
    fmpz_mpoly_univar_init(by, ps->ctx);
    fmpz_mpoly_to_univar(by, f, gen, ps->ctx);
    bool is_done = true;
    fmpz_mpoly_zero(f, ps->ctx);
    for (slong i = 0; i < fmpz_mpoly_univar_length(by, ps->ctx) && is_done; i++) {
        int64_t k = fmpz_mpoly_univar_get_term_exp_si(by, i, ps->ctx);
        CLEANUP(quotient_clear) struct quotient left = {0};
        CLEANUP(quotient_clear) struct quotient part = {0};
        quotient_init(ps, &left);
        quotient_init(ps, &part);
        is_done = quotient_set_gen(&left, gen, k % at);
        fmpz_mpoly_set(part.num, b->num, ps->ctx);
        fmpz_mpoly_set(part.den, b->den, ps->ctx);
        is_done = is_done && power(ps, part.num, k / at) && power(ps, part.den, top - k / at) &&
                  times(ps, left.num, left.num, part.num) &&
                  times(ps, left.num, left.num, part.den);
        fmpz_mpoly_univar_get_term_coeff(part.num, by, i, ps->ctx);
        is_done = is_done && times(ps, left.num, left.num, part.num);
        fmpz_mpoly_add(f, f, left.num, ps->ctx);
    }
    fmpz_mpoly_univar_clear(by, ps->ctx);
    return is_done && is_small(ps, f);
}

static bool reduce_by(struct quotient *p, int32_t gen)
{
    struct quotients *ps = p->ps;
    int64_t at = turn_of(&ps->gens[gen]);
    if (at == 0)
        return true;
    int64_t in_num = fmpz_mpoly_degree_si(p->num, gen, ps->ctx);
    int64_t in_den = fmpz_mpoly_degree_si(p->den, gen, ps->ctx);
    int64_t top = in_num > in_den ? in_num / at : in_den / at;
    if (top <= 0)
        return true;
    CLEANUP(quotient_clear) struct quotient b = {0};
    quotient_init(ps, &b);
    TRY(value_at_turn(ps, &ps->gens[gen], &b));
    TRY(turn(ps, gen, at, &b, top, p->num));
    TRY(turn(ps, gen, at, &b, top, p->den));
    return !fmpz_mpoly_is_zero(p->den, ps->ctx) || fail(ps, QUOTIENT_NO_VALUE);
}

/* What a root stands over is older than the root: from the youngest down one pass is enough. */
bool quotient_reduce(struct quotient *p)
{
    for (int32_t i = p->ps->n_gens - 1; i >= 0; i--)
        if (!fmpz_mpoly_is_zero(p->num, p->ps->ctx) || !fmpz_mpoly_is_zero(p->den, p->ps->ctx))
            TRY(reduce_by(p, i));
    return true;
}

/* ----------------------------------------------------------------------------- coefficients */

uint32_t quotient_kinds(const struct quotients *ps, const fmpz_mpoly_t f)
{
    uint32_t kinds = 0;
    for (int32_t i = 0; i < ps->n_gens; i++)
        if (fmpz_mpoly_degree_si(f, i, ps->ctx) > 0)
            kinds |= 1U << (ps->gens[i].is_constant ? QUOTIENT_CONSTANT : ps->gens[i].kind);
    return kinds;
}

int32_t quotient_gen_node(struct quotients *ps, int32_t gen)
{
    struct exprs *x = ps->x;
    const struct quotient_gen *g = &ps->gens[gen];
    int32_t part = expr_ratio(x, 1, g->den);
    if (g->kind == QUOTIENT_ROOT)
        return expr_pow(x, g->base, part);
    if (g->kind == QUOTIENT_POWER)
        return expr_pow(x, g->base, expr_mul(x, g->exponent, part));
    return g->base;
}

/* The constants of one term, as a node. */
static int32_t term_node(struct quotients *ps, const fmpz_mpoly_t f, slong i, const slong *exps)
{
    fmpq_t c;
    fmpq_init(c);
    fmpz_mpoly_get_term_coeff_fmpz(fmpq_numref(c), f, i, ps->ctx);
    int32_t e = expr_fmpq(ps->x, c, EXPR_EXACT);
    fmpq_clear(c);
    for (int32_t g = 0; g < ps->n_gens; g++)
        if (ps->gens[g].is_constant && exps[g] > 0)
            e = expr_mul(ps->x, e,
                         expr_pow(ps->x, quotient_gen_node(ps, g), expr_int(ps->x, exps[g])));
    return e;
}

static bool has_exps(const struct quotients *ps, const int64_t *of, const slong *exps)
{
    for (int32_t g = 0; g < ps->n_gens; g++)
        if (!ps->gens[g].is_constant && of[g] != exps[g])
            return false;
    return true;
}

int32_t quotient_coefficients(struct quotients *ps, const fmpz_mpoly_t f, int32_t *coefs,
                              int64_t *exps, int32_t n_max)
{
    int32_t n = 0;
    for (slong i = 0; i < fmpz_mpoly_length(f, ps->ctx); i++) {
        slong own[LIMIT_MATH_GENS];
        fmpz_mpoly_get_term_exp_si(own, f, i, ps->ctx);
        int32_t k = 0;
        while (k < n && !has_exps(ps, exps + (int64_t)k * ps->n_gens, own))
            k++;
        if (k == n_max)
            return -1;
        int32_t term = term_node(ps, f, i, own);
        coefs[k] = k < n ? expr_add(ps->x, coefs[k], term) : term;
        for (int32_t g = 0; g < ps->n_gens; g++)
            exps[(int64_t)k * ps->n_gens + g] = ps->gens[g].is_constant ? 0 : own[g];
        n += k == n;
    }
    return n;
}

struct exact quotient_is_zero(struct quotients *ps, const fmpz_mpoly_t f)
{
    enum { MAX_COEFS = 64 };
    static const char method[] = "polynomials";
    struct exact all = {.truth = EXACT_EQUAL, .method = method};
    if (fmpz_mpoly_is_zero(f, ps->ctx))
        return all;
    uint32_t kinds = quotient_kinds(ps, f);
    bool is_opaque = (kinds & ~(1U << QUOTIENT_SYMBOL | 1U << QUOTIENT_CONSTANT)) != 0;
    static const struct exact opaque = {.truth = EXACT_UNKNOWN, .method = "opaque parts"};
    if ((kinds & 1U << QUOTIENT_CONSTANT) == 0)
        return is_opaque ? opaque : (struct exact){.truth = EXACT_DIFFERENT, .method = method};
    int32_t coefs[MAX_COEFS];
    int64_t exps[MAX_COEFS * LIMIT_MATH_GENS];
    int32_t n = quotient_coefficients(ps, f, coefs, exps, MAX_COEFS);
    if (n < 0)
        return (struct exact){.truth = EXACT_UNKNOWN, .method = "too many coefficients"};
    int32_t zero = expr_int(ps->x, 0);
    for (int32_t i = 0; i < n; i++) {
        if (coefs[i] == EXPR_NONE)
            return (struct exact){.truth = EXACT_UNKNOWN, .method = "too large"};
        struct exact one = exact_compare(ps->x, coefs[i], zero, ps->budget);
        if (one.truth == EXACT_DIFFERENT)
            return is_opaque ? opaque
                             : (struct exact){
                                   .truth = EXACT_DIFFERENT, .method = method, .bits = one.bits};
        if (one.truth == EXACT_PROBABLE && all.truth != EXACT_UNKNOWN &&
            (all.truth == EXACT_EQUAL || one.bits < all.bits))
            all = (struct exact){.truth = EXACT_PROBABLE, .method = method, .bits = one.bits};
        if (one.truth == EXACT_UNKNOWN || one.truth == EXACT_UNDEFINED)
            all = (struct exact){.truth = EXACT_UNKNOWN, .method = one.method};
    }
    return all;
}

bool quotient_is_opaque(const struct quotients *ps, const fmpz_mpoly_t f)
{
    return (quotient_kinds(ps, f) & ~(1U << QUOTIENT_SYMBOL | 1U << QUOTIENT_CONSTANT)) != 0;
}

static struct exact mind_divisor(struct quotients *ps, const fmpz_mpoly_t den, struct exact found)
{
    enum exact_truth is_zero = quotient_is_zero(ps, den).truth;
    if (is_zero == EXACT_DIFFERENT || found.truth == EXACT_UNDEFINED)
        return found;
    if (is_zero == EXACT_EQUAL)
        return (struct exact){.truth = EXACT_UNDEFINED, .method = "division by zero"};
    bool is_fine = quotient_is_opaque(ps, den) && is_zero == EXACT_UNKNOWN;
    if (is_fine && found.truth != EXACT_DIFFERENT)
        return found;
    return (struct exact){.truth = EXACT_UNKNOWN, .method = "divisor may be zero"};
}

struct exact quotient_mind_divisors(const struct quotient *a, const struct quotient *b,
                                    struct exact found)
{
    return mind_divisor(b->ps, b->den, mind_divisor(a->ps, a->den, found));
}
