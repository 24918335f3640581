#include "graders/terms/decimal.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum { ABOUT_DIGITS = 18, ABOUT_POWER = 22, SHORTEST_DIGITS = 17, TERMS = 3 };
#define EXPONENT_MAX INT64_C(1000000000000000)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- reading -------------------------------------------------------------------------------- */

/* "e-12" and the like at text[i]. What is beyond EXPONENT_MAX comes out as just beyond. */
static bool read_exponent(struct str text, int64_t i, int64_t *out)
{
    int64_t v = 0;
    *out = 0;
    if (i == text.n)
        return true;
    if (text.at[i] != 'e' && text.at[i] != 'E')
        return false;
    i++;
    bool is_minus = i < text.n && text.at[i] == '-';
    i += is_minus || (i < text.n && text.at[i] == '+');
    if (i == text.n)
        return false;
    for (; i < text.n; i++) {
        if (!is_digit(text.at[i]))
            return false;
        v = v > EXPONENT_MAX ? v : v * 10 + (text.at[i] - '0');
    }
    *out = is_minus ? -v : v;
    return true;
}

/* From the first 18 digits that count, when a power of ten that is exact makes a double of them:
 * three roundings of 2^-53 and a tail below 10^-17. */
static void guess(struct decimal *d, int64_t digits, int64_t n_taken, int64_t top)
{
    static const double powers[ABOUT_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                   1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                   1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    int64_t power = top - n_taken + 1;
    if (digits != 0 && (power < -ABOUT_POWER || power > ABOUT_POWER))
        return;
    double v = (double)digits;
    if (digits != 0)
        v = power < 0 ? v / powers[-power] : v * powers[power];
    d->about = d->is_minus ? -v : v;
    d->has_about = true;
}

bool decimal_read(struct str text, struct decimal *out)
{
    if (text.n == 0)
        return false;
    int64_t i = (text.at[0] == '-' || text.at[0] == '+');
    struct decimal d = {.at = text.at + i, .is_minus = i == 1 && text.at[0] == '-'};
    int64_t n_before = -1; /* digits before the point */
    int64_t digits = 0;
    int64_t n_taken = 0;
    int64_t n_zeros = 0; /* in front */
    int64_t exponent = 0;
    for (; i < text.n && (is_digit(text.at[i]) || (text.at[i] == '.' && n_before < 0)); i++) {
        if (text.at[i] == '.') {
            n_before = d.n;
            continue;
        }
        d.n++;
        if (n_taken == 0 && text.at[i] == '0') {
            n_zeros++;
        } else if (n_taken < ABOUT_DIGITS) {
            digits = digits * 10 + (text.at[i] - '0');
            n_taken++;
        }
    }
    if (d.n == 0 || !read_exponent(text, i, &exponent))
        return false;
    if (digits == 0)
        exponent = 0;
    if (exponent > EXPONENT_MAX || exponent < -EXPONENT_MAX)
        return false;
    d.top = (n_before < 0 ? d.n : n_before) - 1 + exponent;
    guess(&d, digits, n_taken, d.top - n_zeros);
    *out = d;
    return true;
}

/* --- tolerances ----------------------------------------------------------------------------- */

/* v = digits * 10^power, the shortest digits that read back as v. */
static void shortest(double v, int64_t *digits, int64_t *power)
{
    char text[40] = {0};
    double back = -1;
    int n_after = 0;
    for (; n_after < SHORTEST_DIGITS && back != v; n_after++) {
        (void)snprintf(text, sizeof text, "%.*e", n_after, v);
        if (!str_f64(str_of(text), &back))
            back = -1;
    }
    assert(back == v);
    int64_t exponent = 0;
    int64_t i = 0;
    for (*digits = 0; text[i] != 'e'; i++)
        if (is_digit(text[i]))
            *digits = *digits * 10 + (text[i] - '0');
    struct str tail = str_of(text + i + 1);
    (void)str_i64(tail.at[0] == '+' ? str_sub(tail, 1, tail.n) : tail, &exponent);
    *power = exponent - (n_after - 1);
}

struct tolerance tolerance_of(double abs, double rel)
{
    assert(isfinite(abs) && abs >= 0);
    assert(isfinite(rel) && rel >= 0);
    struct tolerance t = {.abs = abs, .rel = rel};
    shortest(abs, &t.abs_digits, &t.abs_power);
    shortest(rel, &t.rel_digits, &t.rel_power);
    return t;
}

/* --- comparing ------------------------------------------------------------------------------ */

/* Digits from `next` downwards, each counting weight * 10^position. */
struct term {
    const char *at;
    int64_t n_left;
    int64_t next;
    int64_t weight;
};

static int64_t take_digit(struct term *t)
{
    t->at += *t->at == '.';
    t->n_left--;
    t->next--;
    return *t->at++ - '0';
}

static bool next_position(const struct term *t, int64_t *out)
{
    bool has_one = false;
    for (int i = 0; i < TERMS; i++)
        if (t[i].n_left > 0 && (!has_one || t[i].next > *out)) {
            *out = t[i].next;
            has_one = true;
        }
    return has_one;
}

static int sign_of(int64_t v)
{
    return (v > 0) - (v < 0);
}

/* Sign of the sum of the terms, from the highest position down. `sum` is what was seen so far in
 * units of the position; what is still to come is less than the sum of the weights, so the sign
 * stands as soon as |sum| reaches that. Weights below 10^17 keep 20 * bound inside an int64. */
static int sign_of_sum(struct term t[TERMS])
{
    int64_t bound = 0;
    int64_t sum = 0;
    int64_t at = 0;
    int64_t position = 0;
    for (int i = 0; i < TERMS; i++)
        bound += t[i].weight < 0 ? -t[i].weight : t[i].weight;
    assert(bound < INT64_MAX / 20);
    for (bool is_first = true; next_position(t, &position); is_first = false) {
        for (; !is_first && sum != 0 && at > position; at--) {
            sum *= 10;
            if (at - 1 > position && (sum >= bound || sum <= -bound))
                return sign_of(sum);
        }
        at = position;
        for (int i = 0; i < TERMS; i++)
            if (t[i].n_left > 0 && t[i].next == position)
                sum += t[i].weight * take_digit(&t[i]);
        if (sum >= bound || sum <= -bound)
            return sign_of(sum);
    }
    return sign_of(sum);
}

static struct term term_of(const struct decimal *d, int64_t weight, int64_t power)
{
    return (struct term){d->at, d->n, d->top + power, weight};
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    struct term t[TERMS] = {term_of(a, a->is_minus ? -1 : 1, 0),
                            term_of(b, b->is_minus ? 1 : -1, 0)};
    return sign_of_sum(t);
}

/* sign of got - want - (what is allowed), the difference taken as positive. */
static bool is_near_exactly(const struct decimal *want, const struct decimal *got,
                            const struct tolerance *t)
{
    int64_t g = got->is_minus ? -1 : 1;
    int64_t w = want->is_minus ? 1 : -1;
    struct term plain[TERMS] = {term_of(got, g, 0), term_of(want, w, 0)};
    int sign = sign_of_sum(plain);
    if (sign == 0)
        return true;
    struct term abs[TERMS] = {term_of(got, sign * g, 0),
                              term_of(want, sign * w, 0),
                              {"1", 1, t->abs_power, -t->abs_digits}};
    struct term rel[TERMS] = {term_of(got, sign * g, 0), term_of(want, sign * w, 0),
                              term_of(want, -t->rel_digits, t->rel_power)};
    return sign_of_sum(abs) <= 0 || sign_of_sum(rel) <= 0;
}

bool decimal_is_near(const struct decimal *want, const struct decimal *got,
                     const struct tolerance *t)
{
    if (want->has_about && got->has_about) {
        double off = fabs(got->about - want->about);
        double size = fabs(got->about) + fabs(want->about);
        double allowed = fmax(t->abs, t->rel * fabs(want->about));
        double slack = (size + allowed) * 0x1p-48; /* sixteen times what can be wrong */
        if (off + slack < allowed)
            return true;
        if (off - slack > allowed)
            return false;
    }
    return is_near_exactly(want, got, t);
}
