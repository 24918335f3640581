#include "graders/math/factor.h"

#include <assert.h>
#include <flint/fmpz.h>
#include <flint/ulong_extras.h>

/* 303 primes; their powers are all that the factorials people write consist of */
enum {
    TRIAL_END = 2000,
    WORD_BITS = 64,
    WORK_TRIAL = 20,
    WORK_WORD = 3000,
    WORK_HARD = 200000,
    POWER_BITS = 2048
};

static void put(struct factors *f, const fmpz_t p, int64_t e)
{
    if (e == 0)
        return;
    assert(f->n < FACTORS_MAX); /* 303 small ones, and what two words and two rests can have */
    fmpz_init_set(f->at[f->n].p, p);
    f->at[f->n++].e = e;
}

static void put_word(struct factors *f, ulong v, int64_t sign)
{
    n_factor_t small;
    n_factor_init(&small);
    n_factor(&small, v, 1);
    fmpz_t p;
    fmpz_init(p);
    for (int i = 0; i < small.num; i++) {
        fmpz_set_ui(p, small.p[i]);
        put(f, p, sign * small.exp[i]);
    }
    fmpz_clear(p);
}

/* The rest is 1 or has no prime below TRIAL_END. A power of a number becomes that number. */
static void put_rest(struct factors *f, fmpz_t rest, int64_t sign)
{
    if (fmpz_is_one(rest))
        return;
    int64_t e = sign;
    fmpz_t root;
    fmpz_init(root);
    if (fmpz_bits(rest) <= POWER_BITS)
        for (int k; (k = fmpz_is_perfect_power(root, rest)) > 1; e *= k)
            fmpz_set(rest, root);
    fmpz_clear(root);
    put(f, rest, e);
}

static bool factor_whole(struct factors *f, const fmpz_t v, int64_t sign, struct budget *budget)
{
    int64_t bits = (int64_t)fmpz_bits(v);
    if (bits < WORD_BITS) {
        if (!budget_spend(budget, bits < 40 ? WORK_WORD : WORK_HARD))
            return false;
        put_word(f, fmpz_get_ui(v), sign);
        return true;
    }
    fmpz_t rest;
    fmpz_t prime;
    fmpz_init_set(rest, v);
    fmpz_init(prime);
    bool goes_on = true;
    for (ulong p = 2; p < TRIAL_END && goes_on; p = n_nextprime(p, 0)) {
        goes_on = budget_spend(budget, WORK_TRIAL + bits / 16);
        if (fmpz_fdiv_ui(rest, p) != 0)
            continue;
        fmpz_set_ui(prime, p);
        put(f, prime, sign * (int64_t)fmpz_remove(rest, rest, prime));
    }
    if (goes_on && fmpz_bits(rest) < WORD_BITS && !fmpz_is_one(rest)) {
        goes_on = budget_spend(budget, WORK_HARD);
        put_word(f, fmpz_get_ui(rest), sign);
    } else if (goes_on) {
        goes_on = budget_spend(budget, WORK_WORD + bits);
        put_rest(f, rest, sign);
    }
    fmpz_clear(rest);
    fmpz_clear(prime);
    return goes_on;
}

bool factors_of(struct factors *f, const fmpq_t q, struct budget *budget)
{
    assert(!fmpq_is_zero(q));
    f->n = 0;
    fmpz_t above;
    fmpz_init(above);
    fmpz_abs(above, fmpq_numref(q));
    bool is_done = factor_whole(f, above, 1, budget) && factor_whole(f, fmpq_denref(q), -1, budget);
    fmpz_clear(above);
    if (!is_done)
        factors_clear(f);
    return is_done;
}

void factors_clear(struct factors *f)
{
    for (int32_t i = 0; i < f->n; i++)
        fmpz_clear(f->at[i].p);
    f->n = 0;
}
