#include "graders/math/bignum.h"

#include <assert.h>

enum { LIMB_DIGITS = 9, LIMB_BASE = 1000000000 };

bool work_spend(struct work *w, int64_t n)
{
    assert(n >= 0);
    w->steps = w->steps > n ? w->steps - n : -1;
    return w->steps >= 0;
}

static struct big trimmed(const uint32_t *limb, int64_t n)
{
    while (n > 0 && limb[n - 1] == 0)
        n--;
    return (struct big){limb, n};
}

bool big_read(struct work *w, struct str digits, struct big *out)
{
    int64_t n = (digits.n + LIMB_DIGITS - 1) / LIMB_DIGITS;
    assert(digits.n > 0);
    if (!work_spend(w, n))
        return false;
    uint32_t *limb = NEW(w->mem, uint32_t, n);
    for (int64_t i = 0; i < digits.n; i++) {
        int64_t place = (digits.n - 1 - i) / LIMB_DIGITS;
        assert(digits.at[i] >= '0' && digits.at[i] <= '9');
        limb[place] = limb[place] * 10 + (uint32_t)(digits.at[i] - '0');
    }
    *out = trimmed(limb, n);
    return true;
}

bool big_small(struct work *w, uint64_t v, struct big *out)
{
    uint32_t *limb = NEW(w->mem, uint32_t, 3);
    for (int i = 0; i < 3; i++, v /= LIMB_BASE)
        limb[i] = (uint32_t)(v % LIMB_BASE);
    *out = trimmed(limb, 3);
    return work_spend(w, 3);
}

bool big_add(struct work *w, struct big a, struct big b, struct big *out)
{
    int64_t n = (a.n > b.n ? a.n : b.n) + 1;
    uint32_t carry = 0;
    if (!work_spend(w, n))
        return false;
    uint32_t *limb = NEW(w->mem, uint32_t, n);
    for (int64_t i = 0; i < n; i++) {
        uint32_t sum = carry + (i < a.n ? a.limb[i] : 0) + (i < b.n ? b.limb[i] : 0);
        carry = sum >= LIMB_BASE;
        limb[i] = sum - carry * LIMB_BASE;
    }
    assert(carry == 0);
    *out = trimmed(limb, n);
    return true;
}

bool big_sub(struct work *w, struct big a, struct big b, struct big *out)
{
    uint32_t borrow = 0;
    assert(big_cmp(a, b) >= 0);
    if (!work_spend(w, a.n))
        return false;
    uint32_t *limb = NEW(w->mem, uint32_t, a.n);
    for (int64_t i = 0; i < a.n; i++) {
        uint32_t take = borrow + (i < b.n ? b.limb[i] : 0);
        borrow = a.limb[i] < take;
        limb[i] = a.limb[i] + borrow * LIMB_BASE - take;
    }
    assert(borrow == 0);
    *out = trimmed(limb, a.n);
    return true;
}

bool big_mul(struct work *w, struct big a, struct big b, struct big *out)
{
    if (a.n == 0 || b.n == 0) {
        *out = (struct big){0};
        return true;
    }
    if (a.n > INT64_MAX / b.n || !work_spend(w, a.n * b.n))
        return false;
    uint32_t *limb = NEW(w->mem, uint32_t, a.n + b.n);
    for (int64_t i = 0; i < a.n; i++) {
        uint64_t carry = 0;
        for (int64_t j = 0; j < b.n; j++) {
            uint64_t t = (uint64_t)a.limb[i] * b.limb[j] + limb[i + j] + carry;
            limb[i + j] = (uint32_t)(t % LIMB_BASE);
            carry = t / LIMB_BASE;
        }
        limb[i + b.n] = (uint32_t)carry;
    }
    *out = trimmed(limb, a.n + b.n);
    return true;
}

bool big_pow(struct work *w, struct big a, int64_t exponent, struct big *out)
{
    struct big power;
    assert(exponent >= 0);
    if (!big_small(w, 1, &power))
        return false;
    if (a.n == 0 || (a.n == 1 && a.limb[0] == 1)) {
        *out = exponent == 0 ? power : a; /* any exponent, at once */
        return true;
    }
    int bit = 62;
    while (bit >= 0 && (exponent >> bit & 1) == 0)
        bit--;
    for (; bit >= 0; bit--) {
        if (!big_mul(w, power, power, &power))
            return false;
        if ((exponent >> bit & 1) != 0 && !big_mul(w, power, a, &power))
            return false;
    }
    *out = power;
    return true;
}

int big_cmp(struct big a, struct big b)
{
    if (a.n != b.n)
        return a.n > b.n ? 1 : -1;
    for (int64_t i = a.n - 1; i >= 0; i--)
        if (a.limb[i] != b.limb[i])
            return a.limb[i] > b.limb[i] ? 1 : -1;
    return 0;
}

bool big_u64(struct big a, uint64_t *out)
{
    if (a.n > 2)
        return false;
    *out = 0;
    for (int64_t i = a.n - 1; i >= 0; i--)
        *out = *out * LIMB_BASE + a.limb[i];
    return true;
}

void big_print(struct big a, struct buf *out)
{
    if (a.n == 0)
        buf_byte(out, '0');
    for (int64_t i = a.n - 1; i >= 0; i--)
        buf_fmt(out, i == a.n - 1 ? "%u" : "%09u", a.limb[i]);
}
