/* Pairing of members against every permutation, for every table of small size. */
#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/match.h"
#include "tests/support/support.h"

static struct arena tmp;

static void set_up(void)
{
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&tmp);
}

TestSuite(math_match, .init = set_up, .fini = tear_down);

/* The best any permutation can do: all yes, else all yes or undecided, else no. */
static enum equal_verdict best_of_all(const enum equal_verdict *v, int32_t n, int32_t row,
                                      int32_t used)
{
    if (row == n)
        return EQUAL_YES;
    enum equal_verdict best = EQUAL_NO;
    for (int32_t k = 0; k < n; k++) {
        if ((used >> k & 1) != 0 || v[row * n + k] == EQUAL_NO)
            continue;
        enum equal_verdict rest = best_of_all(v, n, row + 1, used | 1 << k);
        if (rest == EQUAL_NO)
            continue;
        bool is_sure = rest == EQUAL_YES && v[row * n + k] == EQUAL_YES;
        if (is_sure)
            return EQUAL_YES;
        best = EQUAL_UNDECIDED;
    }
    return best;
}

static enum equal_verdict sets_by_definition(const enum equal_verdict *v, int32_t n, int32_t m)
{
    enum equal_verdict all = EQUAL_YES;
    for (int32_t i = 0; i < n + m; i++) {
        bool has_yes = false;
        bool has_maybe = false;
        for (int32_t k = 0; k < (i < n ? m : n); k++) {
            enum equal_verdict c = i < n ? v[i * m + k] : v[k * m + i - n];
            has_yes |= c == EQUAL_YES;
            has_maybe |= c == EQUAL_UNDECIDED;
        }
        if (!has_yes && !has_maybe)
            return EQUAL_NO;
        all = has_yes ? all : EQUAL_UNDECIDED;
    }
    return all;
}

Test(math_match, agrees_with_every_permutation_on_random_tables)
{
    static const enum equal_verdict kinds[] = {EQUAL_YES, EQUAL_NO, EQUAL_UNDECIDED, EQUAL_NO};
    enum { MAX = 6 };
    enum equal_verdict v[MAX * MAX];
    int32_t partner[MAX];
    int64_t seen[3] = {0};
    uint64_t seed = support_seed(7);
    for (uint64_t round = 0; round < 20000; round++) {
        int32_t n = (int32_t)(round % MAX) + 1;
        for (int32_t i = 0; i < n * n; i++)
            v[i] = kinds[rng_u64(seed, round, (uint64_t)i) >> 62];
        enum equal_verdict got = match_lists(v, n, partner, tmp);
        cr_assert_eq(got, best_of_all(v, n, 0, 0), "round %llu", (unsigned long long)round);
        seen[got]++;
        int32_t used = 0;
        for (int32_t i = 0; i < n && got == EQUAL_YES; i++) {
            cr_assert_eq(v[i * n + partner[i]], EQUAL_YES);
            used |= 1 << partner[i];
        }
        cr_assert(got != EQUAL_YES || used == (1 << n) - 1);
    }
    cr_assert(seen[EQUAL_YES] > 100 && seen[EQUAL_NO] > 100 && seen[EQUAL_UNDECIDED] > 100);
}

Test(math_match, sets_need_a_partner_for_every_member_of_both_sides)
{
    enum { MAX = 4 };
    enum equal_verdict v[MAX * MAX];
    uint64_t seed = support_seed(8);
    for (uint64_t round = 0; round < 20000; round++) {
        int32_t n = (int32_t)(round % MAX) + 1;
        int32_t m = (int32_t)(round / MAX % MAX) + 1;
        for (int32_t i = 0; i < n * m; i++)
            v[i] = (enum equal_verdict)(rng_u64(seed, round, (uint64_t)i) % 3);
        cr_assert_eq(match_sets(v, n, m), sets_by_definition(v, n, m), "round %llu",
                     (unsigned long long)round);
    }
}

Test(math_match, empty_lists_match)
{
    enum equal_verdict none[1] = {EQUAL_NO};
    cr_assert_eq(match_lists(none, 0, NULL, tmp), EQUAL_YES);
    cr_assert_eq(match_sets(none, 0, 0), EQUAL_YES);
}
