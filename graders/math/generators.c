#include "graders/math/generators.h"

#include <assert.h>

#include "graders/math/ball.h"
#include "graders/math/branch.h"
#include "graders/math/poly.h"
#include "graders/math/prove.h"
#include "graders/math/relation.h"

/* A run goes
 *     collect   the logarithms, arguments, exponentials and opaque numbers the term is made of
 *     logs      each one a basis element, or a proved combination of earlier ones
 *     angles    the same for arguments and pi; the log of z is log |z| + i arg z
 *     exps      each one a product of powers of basis exponentials and of algebraic numbers
 *     element   the term as a quotient of polynomials in the basis
 * An opaque number (a root of something transcendental, Euler's constant, a huge factorial) is a
 * variable of its own: what is 0 for every value of it is 0. */
enum { MAX_ATOMS = 24, MAX_LEVEL = 3, CHECK_BITS = 256, MAX_SCALE = 10000 };

struct element {
    struct poly up;
    struct poly down;
};

struct exp_basis { /* the variable is e^(exponent / scale) */
    int32_t exponent;
    int64_t scale;
    int32_t var;
};

struct exp_atom { /* exponent = sum of c[i] exponent_i / n over the basis, and factor is the rest */
    int32_t term;
    int64_t c[RELATION_MAX];
    int64_t n;
    int32_t factor;
};

struct field {
    struct terms *T;
    int32_t logs[MAX_ATOMS];
    int32_t n_logs;
    int32_t angles[MAX_ATOMS];
    int32_t n_angles;
    int32_t exps[MAX_ATOMS];
    int32_t n_exps;
    int32_t n_vars;
    bool is_large;
    /* of the nodes up to the term itself; what is made on the way lies above and is shallow */
    int32_t n_seen;
    uint8_t *seen; /* by collect: 1 below an exponential, 2 outside */
    const struct element **elements;
    /* what atoms are: logs and opaque numbers directly, exponentials through the basis */
    struct {
        int32_t term;
        struct poly is;
    } known[2 * MAX_ATOMS];
    int32_t n_known;
    int32_t log_basis[RELATION_MAX];
    int32_t n_log_basis;
    int32_t angle_basis[RELATION_MAX]; /* pi first */
    int32_t n_angle_basis;
    struct exp_basis exp_basis[RELATION_MAX];
    int32_t n_exp_basis;
    struct exp_atom exp_atoms[MAX_ATOMS];
};

/* ------------------------------------------------------------------------------- collect */

static void note(struct field *f, int32_t *list, int32_t *n, int32_t t)
{
    for (int32_t i = 0; i < *n; i++)
        if (list[i] == t)
            return;
    if (*n == MAX_ATOMS)
        f->is_large = true;
    else
        list[(*n)++] = t;
}

/* log a = log |a| + i arg a, for a off the real line */
static int32_t log_as_parts(struct terms *T, int32_t a)
{
    int32_t norm = branch_expand(T, a, term_conj(T, a));
    if (norm < 0)
        return norm;
    T->at[norm].facts |= TERM_IS_REAL | TERM_IS_POSITIVE;
    int32_t size = term_mul(T, term_ratio(T, 1, 2), term_log(T, norm));
    return term_add(T, size, term_mul(T, term_i(T), term_arg(T, a)));
}

static bool is_real_log(const struct terms *T, int32_t t)
{
    return term_is(T, T->at[t].args[0], TERM_IS_POSITIVE);
}

static bool was_seen(struct field *f, int32_t t, bool is_below)
{
    enum { WORK_VISIT = 20, BELOW = 1, OUTSIDE = 2 };
    f->is_large |= !budget_spend(f->T->budget, WORK_VISIT);
    if (t >= f->n_seen)
        return false;
    bool was = (f->seen[t] & (is_below ? BELOW | OUTSIDE : OUTSIDE)) != 0;
    f->seen[t] |= is_below ? BELOW : OUTSIDE;
    return was;
}

static void collect(struct field *f, int32_t t, bool is_below)
{
    struct terms *T = f->T;
    if (t < 0 || term_is(T, t, TERM_IS_ALGEBRAIC) || was_seen(f, t, is_below) || f->is_large)
        return;
    struct term p = T->at[t];
    switch ((enum term_kind)p.kind) {
    case TERM_ARG:
        note(f, f->angles, &f->n_angles, t);
        return;
    case TERM_LOG:
        if (is_real_log(T, t))
            note(f, f->logs, &f->n_logs, t);
        else
            collect(f, log_as_parts(T, p.args[0]), is_below);
        return;
    case TERM_EXP:
        if (!is_below)
            note(f, f->exps, &f->n_exps, t);
        collect(f, p.args[0], true); /* logarithms in it are what an exponential can undo */
        return;
    default:
        for (int32_t i = 0; i < p.n_args; i++)
            collect(f, p.args[i], is_below);
    }
}

/* ------------------------------------------------------------------------------- atoms */

static struct poly failed_poly(void)
{
    return (struct poly){NULL, POLY_FAILED};
}

static struct poly new_variable(struct field *f)
{
    if (f->n_vars == POLY_VARS)
        return failed_poly();
    return poly_monomial(f->T, term_int(f->T, 1), f->n_vars++, 1);
}

static const struct poly *find_known(const struct field *f, int32_t t)
{
    for (int32_t i = 0; i < f->n_known; i++)
        if (f->known[i].term == t)
            return &f->known[i].is;
    return NULL;
}

static struct poly know(struct field *f, int32_t t, struct poly is)
{
    if (f->n_known == 2 * MAX_ATOMS)
        return failed_poly();
    f->known[f->n_known].term = t;
    f->known[f->n_known++].is = is;
    return is;
}

static struct poly pi_poly(struct field *f)
{
    int32_t pi = term_pi(f->T);
    const struct poly *known = find_known(f, pi);
    return known != NULL ? *known : know(f, pi, new_variable(f));
}

static int32_t i_pi(struct terms *T)
{
    return term_mul(T, term_i(T), term_pi(T));
}

/* ------------------------------------------------------------------- logarithms and arguments */

/* The product of a[k]^c[k] for logarithms or arguments z[k] of a[k]. */
static int32_t product_below(struct terms *T, const int32_t *z, int32_t n, const int64_t *c)
{
    int32_t power = term_int(T, 1);
    for (int32_t k = 0; k < n; k++)
        power = term_mul(T, power, term_power_si(T, T->at[z[k]].args[0], c[k]));
    return power;
}

/* sum c[k] log a[k] = 0 for positive a[k]: their product is 1. */
static bool prove_log_relation(struct terms *T, const int32_t *z, int32_t n, const int64_t *c)
{
    int32_t power = product_below(T, z, n, c);
    return prove_zero(T, term_sub(T, power, term_int(T, 1))).zero == ZERO_PROVED;
}

/* c[0] pi + sum c[k] arg a[k] = 0: the product is real, so the sum of the arguments is a multiple
 * of pi, and its value leaves one. */
static bool prove_angle_relation(struct terms *T, const int32_t *z, int32_t n, const int64_t *c)
{
    int32_t power = product_below(T, z + 1, n - 1, c + 1);
    if (power < 0 || prove_real(T, power) != 1)
        return false;
    int32_t sum = term_int(T, 0);
    for (int32_t k = 0; k < n; k++)
        sum = term_add(T, sum, term_mul(T, term_int(T, c[k]), z[k]));
    const acb_struct *v = ball_of(T, sum, CHECK_BITS);
    return v != NULL && ball_is_below(v, 0); /* a multiple of pi below 1 */
}

/* z[n - 1] = -(sum of c[k] z[k] before it) / c[n - 1], over what is known of those */
static struct poly combination(struct field *f, const int32_t *z, int32_t n, const int64_t *c)
{
    struct terms *T = f->T;
    int32_t by = term_power_si(T, term_int(T, -c[n - 1]), -1);
    struct poly sum = poly_constant(T, term_int(T, 0));
    for (int32_t k = 0; k + 1 < n; k++) {
        const struct poly *one = find_known(f, z[k]);
        int32_t times = term_mul(T, term_int(T, c[k]), by);
        sum = poly_add(T, sum, poly_mul(T, *one, poly_constant(T, times)));
    }
    return sum;
}

typedef bool relation_prover(struct terms *T, const int32_t *z, int32_t n, const int64_t *c);

/* Writes t over the basis, or makes it a part of that. */
static void place(struct field *f, int32_t t, int32_t *basis, int32_t *n, relation_prover *prove)
{
    struct terms *T = f->T;
    int64_t c[RELATION_MAX];
    if (*n + 2 > RELATION_MAX) {
        f->is_large = true;
        return;
    }
    basis[*n] = t;
    if (prove != NULL && relation_guess(T, basis, *n + 1, c) && prove(T, basis, *n + 1, c)) {
        (void)know(f, t, combination(f, basis, *n + 1, c));
        return;
    }
    (*n)++;
    (void)know(f, t, new_variable(f));
}

static bool is_of_prime(const struct terms *T, int32_t log)
{
    return term_kind(T, T->at[log].args[0]) == TERM_RATIONAL;
}

/* Those of primes first, which are independent; anything else may depend on them. */
static void place_logs(struct field *f)
{
    for (int pass = 0; pass < 2; pass++)
        for (int32_t i = 0; i < f->n_logs && !f->is_large; i++)
            if (is_of_prime(f->T, f->logs[i]) == (pass == 0))
                place(f, f->logs[i], f->log_basis, &f->n_log_basis,
                      pass == 0 ? NULL : prove_log_relation);
}

static void place_angles(struct field *f)
{
    if (f->n_angles == 0)
        return;
    (void)pi_poly(f);
    f->angle_basis[f->n_angle_basis++] = term_pi(f->T);
    for (int32_t i = 0; i < f->n_angles && !f->is_large; i++)
        place(f, f->angles[i], f->angle_basis, &f->n_angle_basis, prove_angle_relation);
}

/* ------------------------------------------------------------------------------- exponentials */

static int64_t gcd_of(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t r = a % b;
        a = b;
        b = r;
    }
    return a < 0 ? -a : a;
}

/* What an exponent may be a combination of: the basis, i pi, logarithms of algebraic numbers. */
struct span {
    int32_t z[RELATION_MAX];
    int32_t n;
    int32_t n_basis; /* the first of them; i pi follows, then logarithms */
};

static struct span span_of(const struct field *f)
{
    struct terms *T = f->T;
    struct span s = {.n = 0};
    for (int32_t i = 0; i < f->n_exp_basis; i++)
        s.z[s.n++] = f->exp_basis[i].exponent;
    s.n_basis = s.n;
    s.z[s.n++] = i_pi(T);
    for (int32_t i = 0; i < f->n_log_basis && s.n + 1 < RELATION_MAX; i++)
        if (term_is(T, T->at[f->log_basis[i]].args[0], TERM_IS_ALGEBRAIC))
            s.z[s.n++] = f->log_basis[i];
    return s;
}

static bool prove_sum_is_zero(struct terms *T, const struct span *s, int32_t exponent,
                              const int64_t *c)
{
    int32_t sum = term_mul(T, term_int(T, c[s->n]), exponent);
    for (int32_t i = 0; i < s->n; i++)
        sum = term_add(T, sum, term_mul(T, term_int(T, c[i]), s->z[i]));
    return prove_zero(T, sum).zero == ZERO_PROVED;
}

/* e^(q z) for z = i pi or a logarithm: an algebraic number */
static int32_t factor_of(struct terms *T, const struct span *s, const int64_t *c, int64_t n)
{
    int32_t made = term_int(T, 1);
    fmpq_t q;
    fmpq_init(q);
    for (int32_t i = s->n_basis; i < s->n; i++) {
        fmpq_set_si(q, n < 0 ? -c[i] : c[i], (ulong)(n < 0 ? -n : n));
        made = term_mul(T, made, term_exp(T, term_scale(T, s->z[i], q)));
    }
    fmpq_clear(q);
    return made;
}

static void place_exp(struct field *f, int32_t i)
{
    struct terms *T = f->T;
    struct exp_atom *a = &f->exp_atoms[i];
    int32_t exponent = T->at[f->exps[i]].args[0];
    *a = (struct exp_atom){.term = f->exps[i], .n = 1, .factor = term_int(T, 1)};
    struct span s = span_of(f);
    if (s.n + 1 > RELATION_MAX || f->n_exp_basis + 3 > RELATION_MAX) {
        f->is_large = true;
        return;
    }
    int64_t c[RELATION_MAX];
    int32_t z[RELATION_MAX];
    memcpy(z, s.z, (size_t)s.n * sizeof *z);
    z[s.n] = exponent;
    if (f->n_exps + f->n_logs > 1 && relation_guess(T, z, s.n + 1, c) &&
        prove_sum_is_zero(T, &s, exponent, c)) {
        a->n = c[s.n];
        for (int32_t k = 0; k <= s.n; k++)
            c[k] = k == s.n ? c[k] : -c[k];
        for (int32_t k = 0; k < s.n_basis; k++) {
            a->c[k] = c[k];
            int64_t least = a->n / gcd_of(a->n, c[k]);
            least = least < 0 ? -least : least;
            struct exp_basis *b = &f->exp_basis[k];
            b->scale = b->scale / gcd_of(b->scale, least) * least;
            f->is_large |= b->scale > MAX_SCALE;
            b->scale = f->is_large ? 1 : b->scale;
        }
        a->factor = factor_of(T, &s, c, a->n);
        return;
    }
    a->c[f->n_exp_basis] = 1;
    f->exp_basis[f->n_exp_basis++] = (struct exp_basis){exponent, 1, f->n_vars};
    if (new_variable(f).n < 0)
        f->is_large = true;
}

/* Once the scales are known: the product of variables an exponential is. */
static struct poly exp_poly(struct field *f, const struct exp_atom *a)
{
    struct poly made = poly_constant(f->T, a->factor);
    for (int32_t k = 0; k < f->n_exp_basis; k++) {
        if (a->c[k] == 0)
            continue;
        assert(a->c[k] * f->exp_basis[k].scale % a->n == 0);
        int64_t e = a->c[k] * f->exp_basis[k].scale / a->n;
        made = poly_mul(f->T, made, poly_monomial(f->T, term_int(f->T, 1), f->exp_basis[k].var, e));
    }
    return made;
}

static void place_exps(struct field *f)
{
    for (int32_t i = 0; i < f->n_exps && !f->is_large; i++)
        place_exp(f, i);
    for (int32_t i = 0; i < f->n_exps && !f->is_large; i++)
        (void)know(f, f->exp_atoms[i].term, exp_poly(f, &f->exp_atoms[i]));
}

/* ------------------------------------------------------------------------------- elements */

static struct element quotient(struct poly up, struct poly down)
{
    return (struct element){up, down};
}

static struct element whole(struct field *f, struct poly up)
{
    return quotient(up, poly_constant(f->T, term_int(f->T, 1)));
}

static struct element add_elements(struct field *f, struct element a, struct element b)
{
    struct terms *T = f->T;
    if (poly_is_same(a.down, b.down))
        return quotient(poly_add(T, a.up, b.up), a.down);
    return quotient(poly_add(T, poly_mul(T, a.up, b.down), poly_mul(T, b.up, a.down)),
                    poly_mul(T, a.down, b.down));
}

static struct element mul_elements(struct field *f, struct element a, struct element b)
{
    return quotient(poly_mul(f->T, a.up, b.up), poly_mul(f->T, a.down, b.down));
}

static struct element power_element(struct field *f, struct element a, const fmpz_t n)
{
    enum { MOST = 1000 };
    if (fmpz_cmpabs(n, (fmpz_t){MOST}) > 0 || a.up.n < 0 || a.down.n < 0)
        return whole(f, failed_poly());
    int64_t e = fmpz_get_si(n);
    struct poly up = e < 0 ? a.down : a.up;
    struct poly down = e < 0 ? a.up : a.down;
    e = e < 0 ? -e : e;
    if (down.n == 1) /* one monomial has an inverse */
        return whole(f, poly_mul(f->T, poly_power(f->T, up, e), poly_power(f->T, down, -e)));
    return quotient(poly_power(f->T, up, e), poly_power(f->T, down, e));
}

static struct element element_of(struct field *f, int32_t t);

static struct element fold_elements(struct field *f, int32_t t)
{
    struct term p = f->T->at[t];
    bool is_sum = p.kind == TERM_ADD;
    struct element all = whole(f, poly_constant(f->T, term_rational(f->T, p.q)));
    for (int32_t i = 0; i < p.n_args && all.up.n >= 0; i++) {
        struct element one = element_of(f, p.args[i]);
        all = is_sum ? add_elements(f, all, one) : mul_elements(f, all, one);
    }
    return all;
}

static struct element new_element(struct field *f, int32_t t)
{
    struct terms *T = f->T;
    if (t < 0)
        return whole(f, failed_poly());
    if (term_is(T, t, TERM_IS_ALGEBRAIC))
        return whole(f, poly_constant(T, t));
    const struct poly *known = find_known(f, t);
    if (known != NULL)
        return whole(f, *known);
    struct term p = T->at[t];
    switch ((enum term_kind)p.kind) {
    case TERM_ADD:
    case TERM_MUL:
        return fold_elements(f, t);
    case TERM_POWER:
        return power_element(f, element_of(f, p.args[0]), fmpq_numref(p.q));
    case TERM_PI:
        return whole(f, pi_poly(f));
    case TERM_LOG: /* one of a positive number is known */
        return is_real_log(T, t) ? whole(f, know(f, t, new_variable(f)))
                                 : element_of(f, log_as_parts(T, p.args[0]));
    default:
        return whole(f, know(f, t, new_variable(f)));
    }
}

static struct element element_of(struct field *f, int32_t t)
{
    bool is_kept = t >= 0 && t < f->n_seen;
    if (is_kept && f->elements[t] != NULL)
        return *f->elements[t];
    struct element made = new_element(f, t);
    if (is_kept) {
        struct element *kept = NEW(&f->T->mem, struct element, 1);
        *kept = made;
        f->elements[t] = kept;
    }
    return made;
}

static bool is_zero_poly(struct terms *T, struct poly p)
{
    for (int32_t i = 0; i < p.n; i++)
        if (prove_zero(T, p.at[i].coef).zero != ZERO_PROVED)
            return false;
    return p.n >= 0;
}

bool generators_vanish(struct terms *T, int32_t t)
{
    if (T->level == MAX_LEVEL)
        return false;
    T->level++;
    struct field *f = NEW(&T->mem, struct field, 1);
    f->T = T;
    f->n_seen = t + 1;
    f->seen = NEW(&T->mem, uint8_t, f->n_seen);
    f->elements = NEW(&T->mem, const struct element *, f->n_seen);
    collect(f, t, false);
    place_logs(f);
    place_angles(f);
    place_exps(f);
    struct element e = f->is_large ? whole(f, failed_poly()) : element_of(f, t);
    bool is_zero = is_zero_poly(T, e.up) && e.down.n > 0;
    T->level--;
    return is_zero;
}
