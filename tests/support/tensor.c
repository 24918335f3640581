#include "tests/support/tensor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "tests/support/support.h"

float *tensor_random(int64_t n, double scale, uint64_t seed, uint64_t which)
{
    float *x = calloc((size_t)n + 1, sizeof *x);
    cr_assert_not_null(x);
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(scale * (2 * rng_unit(seed, which, (uint64_t)i) - 1));
    return x;
}

struct kweight tensor_weight(enum dtype dtype, int64_t n_out, int64_t n_in, uint64_t seed)
{
    int64_t n_scales =
        dtype == DTYPE_Q8 ? n_out * ((n_in + 31) / 32) : (n_out + 127) / 128 * ((n_in + 127) / 128);
    unsigned char *at = calloc((size_t)(n_out * n_in), 4);
    float *scale = calloc((size_t)n_scales, sizeof *scale);
    cr_assert(at != NULL && scale != NULL);
    for (int64_t i = 0; i < n_out * n_in; i++) {
        uint64_t bits = rng_u64(seed, 90, (uint64_t)i);
        float f = (float)(2 * rng_unit(seed, 91, (uint64_t)i) - 1);
        uint32_t u;
        memcpy(&u, &f, sizeof u);
        if (dtype == DTYPE_F32)
            memcpy(at + 4 * i, &u, 4);
        else if (dtype == DTYPE_BF16)
            memcpy(at + 2 * i, (unsigned char *)&u + 2, 2);
        else if (dtype == DTYPE_F8_E4M3)
            at[i] = (bits & 0x7f) == 0x7f ? 0x3c : (unsigned char)bits;
        else if (dtype == DTYPE_Q8)
            at[i] = (unsigned char)bits;
        else { /* any finite half, subnormals included */
            uint16_t h = (uint16_t)((bits & 0x83ff) | (bits >> 20) % 16 << 10);
            memcpy(at + 2 * i, &h, 2);
        }
    }
    for (int64_t i = 0; i < n_scales; i++)
        scale[i] = (float)ldexp(1 + rng_unit(seed, 92, (uint64_t)i), (int)(i % 5) - 4);
    return (struct kweight){at, scale, dtype, n_out, n_in};
}

void tensor_free_weight(struct kweight *w)
{
    free((void *)(uintptr_t)w->at);
    free((void *)(uintptr_t)w->scale);
    *w = (struct kweight){0};
}

static double from_e4m3(uint8_t b)
{
    int exponent = b >> 3 & 15;
    double size = exponent == 0 ? ldexp(b & 7, -9) : ldexp(8 + (b & 7), exponent - 10);
    return (b & 0x80) != 0 ? -size : size;
}

static double from_f16(uint16_t b)
{
    int exponent = b >> 10 & 31;
    double size = exponent == 0 ? ldexp(b & 1023, -24) : ldexp(1024 + (b & 1023), exponent - 25);
    return (b & 0x8000) != 0 ? -size : size;
}

double tensor_at(const struct kweight *w, int64_t o, int64_t i)
{
    const unsigned char *at =
        (const unsigned char *)w->at + (o * w->n_in + i) * dtype_size(w->dtype);
    float f = 0;
    uint16_t h = 0;
    switch (w->dtype) {
    case DTYPE_F32:
        memcpy(&f, at, 4);
        return (double)f;
    case DTYPE_BF16:
        memcpy((unsigned char *)&f + 2, at, 2);
        return (double)f;
    case DTYPE_F16:
        memcpy(&h, at, 2);
        return from_f16(h);
    case DTYPE_Q8:
        h = *at;
        return (h < 128 ? h : h - 256) * (double)w->scale[o * ((w->n_in + 31) / 32) + i / 32];
    case DTYPE_F8_E4M3:
        break;
    }
    int64_t n_blocks = (w->n_in + 127) / 128;
    return from_e4m3(*at) * (double)w->scale[o / 128 * n_blocks + i / 128];
}

void tensor_expect_close(const float *got, const double *want, int64_t n, double tolerance,
                         const char *what)
{
    double top = 0;
    for (int64_t i = 0; i < n; i++)
        top = fmax(top, fabs(want[i]));
    for (int64_t i = 0; i < n; i++)
        cr_assert(fabs((double)got[i] - want[i]) <= tolerance * top, "%s[%d]: %.9g, not %.9g", what,
                  (int)i, (double)got[i], want[i]);
}

void tensor_expect_same_bits(const float *a, const float *b, int64_t n, const char *what)
{
    for (int64_t i = 0; i < n; i++)
        cr_assert(memcmp(&a[i], &b[i], sizeof *a) == 0, "%s[%d]: %.9g and %.9g", what, (int)i,
                  (double)a[i], (double)b[i]);
}
