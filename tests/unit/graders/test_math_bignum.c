#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/rational.h"
#include "tests/support/support.h"

static struct arena mem;
static struct work w;

static void set_up(void)
{
    arena_init(&mem, "mem", LIMIT_ARENA_TMP);
    w = (struct work){&mem, LIMIT_MATH_STEPS};
}

static void tear_down(void)
{
    arena_fini(&mem);
}

TestSuite(math_bignum, .init = set_up, .fini = tear_down);

static struct big read(const char *digits)
{
    struct big b;
    cr_assert(big_read(&w, str_of(digits), &b));
    return b;
}

static void prints(struct big b, const char *digits)
{
    struct buf out = {0};
    big_print(b, &out);
    cr_assert(str_eq(buf_str(&out), str_of(digits)), "%s, not %s", out.at, digits);
    buf_free(&out);
}

Test(math_bignum, digits_survive_reading_and_printing)
{
    prints(read("0"), "0");
    prints(read("000"), "0");
    prints(read("0001000000000000000000"), "1000000000000000000");
    prints(read("999999999"), "999999999");
    prints(read("1000000000"), "1000000000");
    prints(read("123456789012345678901234567890"), "123456789012345678901234567890");
}

/* Against the compiler's 128-bit integers, limb borders included. */
Test(math_bignum, arithmetic_agrees_with_the_machine)
{
    uint64_t seed = support_seed(1);
    static const uint64_t borders[] = {0, 1, 999999999, 1000000000, 1000000001, 999999999999999999};
    for (uint64_t i = 0; i < 20000; i++) {
        uint64_t a = rng_u64(seed, 0, i) >> rng_below(seed, 1, i, 64);
        uint64_t b = rng_u64(seed, 2, i) >> rng_below(seed, 3, i, 64);
        if (i % 5 == 0)
            a = borders[i / 5 % 6];
        if (i % 7 == 0)
            b = borders[i / 7 % 6];
        struct big x;
        struct big y;
        struct big got;
        uint64_t back;
        w.steps = LIMIT_MATH_STEPS;
        cr_assert(big_small(&w, a, &x) && big_small(&w, b, &y));
        cr_assert_eq(big_cmp(x, y), (a > b) - (a < b));
        cr_assert(big_mul(&w, x, y, &got));
        unsigned __int128 product = (unsigned __int128)a * b;
        char text[48];
        int n = sizeof text - 1;
        text[n] = 0;
        do
            text[--n] = (char)('0' + (int)(product % 10));
        while ((product /= 10) > 0);
        prints(got, text + n);
        cr_assert(big_sub(&w, a > b ? x : y, a > b ? y : x, &got));
        uint64_t gap = a > b ? a - b : b - a;
        if (big_u64(got, &back))
            cr_assert_eq(back, gap);
        cr_assert(big_add(&w, got, a > b ? y : x, &got));
        cr_assert_eq(big_cmp(got, a > b ? x : y), 0);
    }
}

Test(math_bignum, powers_are_exact_and_stop_at_the_budget)
{
    struct big got;
    cr_assert(big_pow(&w, read("2"), 100, &got));
    prints(got, "1267650600228229401496703205376");
    cr_assert(big_pow(&w, read("1"), INT64_MAX, &got));
    prints(got, "1");
    cr_assert(big_pow(&w, read("0"), 0, &got));
    prints(got, "1");
    cr_assert_not(big_pow(&w, read("3"), 1000000000, &got));
    cr_assert_not(big_add(&w, got, got, &got), "a budget that is used up stays used up");
}

static struct rational ratio(int64_t num, int64_t den)
{
    struct rational r;
    uint64_t size = num < 0 ? (uint64_t)-num : (uint64_t)num;
    cr_assert(rat_small(&w, size, (uint64_t)den, &r));
    return num < 0 ? rat_neg(r) : r;
}

Test(math_bignum, fractions_agree_with_the_machine)
{
    uint64_t seed = support_seed(2);
    for (uint64_t i = 0; i < 20000; i++) {
        int64_t a = (int64_t)rng_below(seed, 0, i, 41) - 20;
        int64_t b = (int64_t)rng_below(seed, 1, i, 20) + 1;
        int64_t c = (int64_t)rng_below(seed, 2, i, 41) - 20;
        int64_t d = (int64_t)rng_below(seed, 3, i, 20) + 1;
        struct rational x = ratio(a, b);
        struct rational y = ratio(c, d);
        struct rational got;
        int order;
        w.steps = LIMIT_MATH_STEPS;
        cr_assert(rat_cmp(&w, x, y, &order));
        cr_assert_eq(order, (a * d > c * b) - (a * d < c * b), "%ld/%ld %ld/%ld", a, b, c, d);
        cr_assert(rat_add(&w, x, y, &got));
        cr_assert(rat_cmp(&w, got, ratio(a * d + c * b, b * d), &order) && order == 0);
        cr_assert(rat_mul(&w, x, y, &got));
        cr_assert(rat_cmp(&w, got, ratio(a * c, b * d), &order) && order == 0);
        if (c != 0) {
            cr_assert(rat_div(&w, x, y, &got));
            cr_assert(
                rat_cmp(&w, got, ratio(c < 0 ? -a * d : a * d, b * (c < 0 ? -c : c)), &order) &&
                order == 0);
        }
    }
}

Test(math_bignum, zero_has_no_sign)
{
    struct rational zero = ratio(0, 7);
    struct rational got;
    int order;
    cr_assert_not(rat_neg(zero).minus);
    cr_assert(rat_add(&w, ratio(-3, 4), ratio(3, 4), &got));
    cr_assert_not(got.minus);
    cr_assert(rat_cmp(&w, got, zero, &order));
    cr_assert_eq(order, 0);
    cr_assert(rat_mul(&w, ratio(-1, 2), zero, &got));
    cr_assert_not(got.minus);
}
