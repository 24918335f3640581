#include "graders/math/relation.h"

#include <assert.h>
#include <flint/fmpz_lll.h>

#include "graders/math/ball.h"

enum { BITS = 192, SCALE_BITS = 144, LARGEST_BITS = 14, NEAR_BITS = 24 };

/* 2^SCALE_BITS x, rounded */
static bool put_scaled(fmpz_t out, const arb_t x)
{
    if (!arb_is_finite(x) || arf_cmpabs_2exp_si(arb_midref(x), SCALE_BITS) > 0 ||
        mag_cmp_2exp_si(arb_radref(x), -SCALE_BITS) > 0)
        return false;
    arf_t scaled;
    arf_init(scaled);
    arf_mul_2exp_si(scaled, arb_midref(x), SCALE_BITS);
    arf_get_fmpz(out, scaled, ARF_RND_NEAR);
    arf_clear(scaled);
    return true;
}

static bool fill(struct terms *T, fmpz_mat_t m, const int32_t *z, int32_t n)
{
    for (int32_t i = 0; i < n; i++) {
        const acb_struct *v = ball_of(T, z[i], BITS);
        if (v == NULL || !put_scaled(fmpz_mat_entry(m, i, n), acb_realref(v)) ||
            !put_scaled(fmpz_mat_entry(m, i, n + 1), acb_imagref(v)))
            return false;
        fmpz_one(fmpz_mat_entry(m, i, i));
    }
    return true;
}

/* Whether row r is a relation: small coefficients, the last not 0, and almost nothing left. */
static bool is_relation(const fmpz_mat_t m, int32_t r, int32_t n, int64_t *c)
{
    for (int32_t k = n; k < n + 2; k++)
        if (fmpz_bits(fmpz_mat_entry(m, r, k)) > NEAR_BITS)
            return false;
    for (int32_t k = 0; k < n; k++) {
        if (fmpz_bits(fmpz_mat_entry(m, r, k)) > LARGEST_BITS)
            return false;
        c[k] = fmpz_get_si(fmpz_mat_entry(m, r, k));
    }
    return c[n - 1] != 0;
}

bool relation_guess(struct terms *T, const int32_t *z, int32_t n, int64_t *c)
{
    enum { WORK_LLL = 20000 };
    assert(n <= RELATION_MAX);
    if (n < 2 || !budget_spend(T->budget, WORK_LLL * (int64_t)n * n))
        return false;
    fmpz_mat_t m;
    fmpz_mat_init(m, n, n + 2);
    bool is_found = false;
    if (fill(T, m, z, n)) {
        fmpz_lll_t how;
        fmpz_lll_context_init_default(how);
        fmpz_lll(m, NULL, how);
        for (int32_t r = 0; r < n && !is_found; r++)
            is_found = is_relation(m, r, n, c);
    }
    fmpz_mat_clear(m);
    return is_found;
}
