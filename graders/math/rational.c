#include "graders/math/rational.h"

#include <assert.h>

static uint64_t gcd(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t r = a % b;
        a = b;
        b = r;
    }
    return a;
}

/* Reduces where that is cheap. Growth in longer chains is what the budget is for. */
static bool reduce(struct work *w, struct rational *a)
{
    uint64_t num;
    uint64_t den;
    if (!big_u64(a->num, &num) || !big_u64(a->den, &den))
        return true;
    uint64_t g = gcd(num, den);
    return g == 1 || (big_small(w, num / g, &a->num) && big_small(w, den / g, &a->den));
}

bool rat_make(struct work *w, bool minus, struct big num, struct big den, struct rational *out)
{
    struct rational r = {minus && num.n > 0, num, den};
    assert(den.n > 0);
    if (!reduce(w, &r))
        return false;
    *out = r;
    return true;
}

bool rat_small(struct work *w, uint64_t num, uint64_t den, struct rational *out)
{
    struct big n;
    struct big d;
    return big_small(w, num, &n) && big_small(w, den, &d) && rat_make(w, false, n, d, out);
}

/* |a| * b.den + |b| * a.den with the signs obeyed, over the product of the denominators. */
bool rat_add(struct work *w, struct rational a, struct rational b, struct rational *out)
{
    struct big left;
    struct big right;
    struct big den;
    struct big num;
    bool minus = a.minus;
    if (!big_mul(w, a.num, b.den, &left) || !big_mul(w, b.num, a.den, &right) ||
        !big_mul(w, a.den, b.den, &den))
        return false;
    bool ok;
    if (a.minus == b.minus) {
        ok = big_add(w, left, right, &num);
    } else if (big_cmp(left, right) >= 0) {
        ok = big_sub(w, left, right, &num);
    } else {
        ok = big_sub(w, right, left, &num);
        minus = b.minus;
    }
    return ok && rat_make(w, minus, num, den, out);
}

bool rat_mul(struct work *w, struct rational a, struct rational b, struct rational *out)
{
    struct big num;
    struct big den;
    return big_mul(w, a.num, b.num, &num) && big_mul(w, a.den, b.den, &den) &&
           rat_make(w, a.minus != b.minus, num, den, out);
}

bool rat_div(struct work *w, struct rational a, struct rational b, struct rational *out)
{
    assert(!rat_is_zero(b));
    return rat_mul(w, a, (struct rational){b.minus, b.den, b.num}, out);
}

bool rat_pow(struct work *w, struct rational a, int64_t exponent, struct rational *out)
{
    struct big num;
    struct big den;
    assert(exponent > -INT64_MAX);
    assert(exponent >= 0 || !rat_is_zero(a));
    if (exponent < 0)
        a = (struct rational){a.minus, a.den, a.num};
    int64_t n = exponent < 0 ? -exponent : exponent;
    return big_pow(w, a.num, n, &num) && big_pow(w, a.den, n, &den) &&
           rat_make(w, a.minus && n % 2 == 1, num, den, out);
}

bool rat_cmp(struct work *w, struct rational a, struct rational b, int *order)
{
    struct big left = a.num;
    struct big right = b.num;
    if (a.minus != b.minus) {
        *order = a.minus ? -1 : 1;
        return true;
    }
    bool is_same_den = big_cmp(a.den, b.den) == 0;
    if (!is_same_den && (!big_mul(w, a.num, b.den, &left) || !big_mul(w, b.num, a.den, &right)))
        return false;
    *order = a.minus ? big_cmp(right, left) : big_cmp(left, right);
    return true;
}

void rat_print(struct rational a, struct buf *out)
{
    if (a.minus)
        buf_byte(out, '-');
    big_print(a.num, out);
    if (!rat_is_whole(a)) {
        buf_byte(out, '/');
        big_print(a.den, out);
    }
}
