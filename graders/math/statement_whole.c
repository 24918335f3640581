#include <flint/fmpq_mat.h>
#include <flint/ulong_extras.h>

#include "graders/math/quotient.h"
#include "graders/math/statement.h"

/* Congruences and linear systems: both are decided outright where they stay small. */
enum { MAX_TRIES = 4096, MAX_TERMS = 64 };

static struct exact result(enum exact_truth truth, const char *method)
{
    return (struct exact){.truth = truth, .method = method};
}

/* --------------------------------------------------------------------------- congruences */

/* A polynomial with its coefficients modulo m. */
struct residue {
    ulong m;
    ulong c[MAX_TERMS];
    slong exps[MAX_TERMS][LIMIT_MATH_GENS];
    int32_t n;
};

static bool residue_of(struct quotients *ps, int32_t e, ulong m, struct residue *out)
{
    CLEANUP(quotient_clear) struct quotient p = {0};
    quotient_init(ps, &p);
    out->m = m;
    out->n = 0;
    if (!quotient_of(ps, e, &p) || !fmpz_mpoly_is_one(p.den, ps->ctx) ||
        (quotient_kinds(ps, p.num) & ~(1U << QUOTIENT_SYMBOL)) != 0 ||
        fmpz_mpoly_length(p.num, ps->ctx) > MAX_TERMS)
        return false;
    fmpz_t c;
    fmpz_init(c);
    for (slong i = 0; i < fmpz_mpoly_length(p.num, ps->ctx); i++) {
        fmpz_mpoly_get_term_coeff_fmpz(c, p.num, i, ps->ctx);
        fmpz_mpoly_get_term_exp_si(out->exps[out->n], p.num, i, ps->ctx);
        out->c[out->n++] = fmpz_fdiv_ui(c, m);
    }
    fmpz_clear(c);
    return true;
}

static bool is_zero_at(const struct residue *f, const ulong *at, int32_t n_gens)
{
    ulong sum = 0;
    for (int32_t i = 0; i < f->n; i++) {
        ulong term = f->c[i];
        for (int32_t g = 0; g < n_gens && term != 0; g++)
            if (f->exps[i][g] > 0)
                term = term * n_powmod(at[g] % f->m, f->exps[i][g], f->m) % f->m;
        sum = (sum + term) % f->m;
    }
    return sum == 0;
}

/* Over every residue of every variable modulo the common multiple. */
static struct exact try_all(struct quotients *ps, const struct residue *a, const struct residue *b)
{
    enum { NS = 40 };
    ulong common = a->m / n_gcd(a->m, b->m) * b->m;
    ulong tries = 1;
    for (int32_t g = 0; g < ps->n_gens; g++)
        if (common > MAX_TRIES || (tries *= common) > MAX_TRIES)
            return result(EXACT_UNKNOWN, "too many residues");
    if (!budget_spend(ps->budget, (int64_t)tries * NS * (a->n + b->n + 1)))
        return result(EXACT_UNKNOWN, "budget");
    for (ulong t = 0; t < tries; t++) {
        ulong at[LIMIT_MATH_GENS];
        ulong rest = t;
        for (int32_t g = 0; g < ps->n_gens; g++, rest /= common)
            at[g] = rest % common;
        if (is_zero_at(a, at, ps->n_gens) != is_zero_at(b, at, ps->n_gens))
            return result(EXACT_DIFFERENT, "residues");
    }
    return result(EXACT_EQUAL, "residues");
}

static bool modulus_of(const struct exprs *x, const struct relation *r, ulong *m)
{
    int64_t v;
    if (r->modulus == EXPR_NONE || !expr_get_int(x, r->modulus, &v) || v == 0 || v > MAX_TRIES ||
        v < -MAX_TRIES)
        return false;
    *m = (ulong)(v < 0 ? -v : v);
    return true;
}

struct exact statement_congruent(struct exprs *x, const struct relation *a,
                                 const struct relation *b, struct budget *budget)
{
    ulong m[2];
    int32_t h[2] = {expr_sub(x, a->left, a->right), expr_sub(x, b->left, b->right)};
    if (!modulus_of(x, a, &m[0]) || !modulus_of(x, b, &m[1]) || h[0] == EXPR_NONE ||
        h[1] == EXPR_NONE || expr_free(x, h[0]) != expr_free(x, h[1]))
        return result(EXACT_UNKNOWN, "congruences");
    struct residue f[2];
    struct quotients ps;
    struct exact found = result(EXACT_UNKNOWN, "congruences");
    if (quotients_open(&ps, x, h, 2, budget) && residue_of(&ps, h[0], m[0], &f[0]) &&
        residue_of(&ps, h[1], m[1], &f[1]))
        found = try_all(&ps, &f[0], &f[1]);
    quotients_close(&ps);
    return found;
}

/* --------------------------------------------------------------------------------- systems */

/* The rows of a system over the rationals, the constants last, made unique by elimination. */
static bool rows_of(struct quotients *ps, const struct conjunction *c, fmpq_mat_t out, slong *rank)
{
    slong last = ps->n_gens;
    for (int32_t i = 0; i < c->n; i++) {
        CLEANUP(quotient_clear) struct quotient p = {0};
        quotient_init(ps, &p);
        if (!quotient_of(ps, expr_sub(ps->x, c->of[i].left, c->of[i].right), &p) ||
            !fmpz_mpoly_is_fmpz(p.den, ps->ctx) ||
            (quotient_kinds(ps, p.num) & ~(1U << QUOTIENT_SYMBOL)) != 0 ||
            fmpz_mpoly_total_degree_si(p.num, ps->ctx) > 1)
            return false;
        for (slong k = 0; k < fmpz_mpoly_length(p.num, ps->ctx); k++) {
            slong exps[LIMIT_MATH_GENS];
            slong g = 0;
            fmpz_mpoly_get_term_exp_si(exps, p.num, k, ps->ctx);
            while (g < last && exps[g] == 0)
                g++;
            fmpz_mpoly_get_term_coeff_fmpz(fmpq_mat_entry_num(out, i, g), p.num, k, ps->ctx);
        }
    }
    *rank = fmpq_mat_rref(out, out);
    return true;
}

/* The last row that is not zero says 0 = 1. */
static bool has_no_solution(const fmpq_mat_t rows, slong rank)
{
    slong last = fmpq_mat_ncols(rows) - 1;
    for (slong g = 0; rank > 0 && g < last; g++)
        if (!fmpq_is_zero(fmpq_mat_entry(rows, rank - 1, g)))
            return false;
    return rank > 0;
}

static bool is_same_rows(const fmpq_mat_t a, const fmpq_mat_t b, slong rank)
{
    for (slong i = 0; i < rank; i++)
        for (slong g = 0; g < fmpq_mat_ncols(a); g++)
            if (!fmpq_equal(fmpq_mat_entry(a, i, g), fmpq_mat_entry(b, i, g)))
                return false;
    return true;
}

static struct exact systems(struct quotients *ps, const struct conjunction *a,
                            const struct conjunction *b)
{
    fmpq_mat_t left;
    fmpq_mat_t right;
    slong rank[2];
    fmpq_mat_init(left, a->n, ps->n_gens + 1);
    fmpq_mat_init(right, b->n, ps->n_gens + 1);
    struct exact found = result(EXACT_UNKNOWN, "linear systems");
    if (rows_of(ps, a, left, &rank[0]) && rows_of(ps, b, right, &rank[1]) &&
        !has_no_solution(left, rank[0]) && !has_no_solution(right, rank[1])) {
        if (rank[0] == rank[1] && is_same_rows(left, right, rank[0]))
            found = result(EXACT_EQUAL, "linear systems");
        else if (rank[0] == ps->n_gens && rank[1] == ps->n_gens)
            found = result(EXACT_DIFFERENT, "linear systems"); /* two points */
    }
    fmpq_mat_clear(left);
    fmpq_mat_clear(right);
    return found;
}

struct exact statement_linear(struct exprs *x, const struct conjunction *a,
                              const struct conjunction *b, struct budget *budget)
{
    int32_t h[2 * LIMIT_MATH_PARTS];
    int32_t n = 0;
    const struct conjunction *side[2] = {a, b};
    for (int s = 0; s < 2; s++)
        for (int32_t i = 0; i < side[s]->n; i++) {
            const struct relation *r = &side[s]->of[i];
            bool is_equation =
                r->op == EXPR_EQ && expr_is_scalar(x, r->left) && expr_is_scalar(x, r->right);
            h[n] = is_equation ? expr_sub(x, r->left, r->right) : EXPR_NONE;
            if (h[n++] == EXPR_NONE)
                return result(EXACT_UNKNOWN, "linear systems");
        }
    struct quotients ps;
    struct exact found = quotients_open(&ps, x, h, n, budget)
                             ? systems(&ps, a, b)
                             : result(EXACT_UNKNOWN, "linear systems");
    quotients_close(&ps);
    return found;
}
