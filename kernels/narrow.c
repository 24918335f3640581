#include "kernels/narrow.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <string.h>

#include "kernels/cpu/scalar.h"
#include "kernels/kernels.h"

int64_t narrow_n_scales(enum dtype to, int64_t n_out, int64_t n_in)
{
    if (to == DTYPE_Q8)
        return n_out * ((n_in + KERNEL_Q8_BLOCK - 1) / KERNEL_Q8_BLOCK);
    if (to == DTYPE_F8_E4M3)
        return (n_out + KERNEL_BLOCK - 1) / KERNEL_BLOCK *
               ((n_in + KERNEL_BLOCK - 1) / KERNEL_BLOCK);
    return 0;
}

static void to_bf16(uint16_t *y, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint32_t u = scalar_bits(x[i]);
        y[i] = (uint16_t)((u + 0x7fffU + (u >> 16 & 1U)) >> 16);
    }
}

/* The largest size among n numbers; their bits order as they do. */
static float largest(const float *x, int64_t n)
{
    uint32_t most = 0;
    for (int64_t i = 0; i < n; i++) {
        uint32_t u = scalar_bits(x[i]) & 0x7fffffffU;
        most = u > most ? u : most;
    }
    return scalar_from_bits(most);
}

/* 127 steps to the largest. Blocks too small for their scale to be inverted become zeros. */
static void block_to_q8(int8_t *y, float *scale, const float *x, int64_t n)
{
    float amax = largest(x, n);
    bool is_nothing = amax < 0x1p-100F;
    *scale = is_nothing ? 0.0F : amax / 127.0F;
    float inverse = is_nothing ? 0.0F : 127.0F / amax;
    for (int64_t i = 0; i < n; i++) /* adding and taking away 1.5 * 2^23 rounds to a whole number */
        y[i] = (int8_t)((x[i] * inverse + 0x1.8p23F) - 0x1.8p23F);
}

static void to_q8(int8_t *y, float *scale, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i += KERNEL_Q8_BLOCK)
        block_to_q8(y + i, scale++, x + i, n - i < KERNEL_Q8_BLOCK ? n - i : KERNEL_Q8_BLOCK);
}

/* The code of a number that E4M3 holds exactly. */
static uint8_t e4m3_code(float v)
{
    uint32_t u = scalar_bits(v);
    uint32_t sign = u >> 24 & 0x80U;
    float size = fabsf(v);
    if (size < 0x1p-6F)
        return (uint8_t)(sign | (uint32_t)(size * 512.0F));
    return (uint8_t)(sign | ((u >> 20 & 0x7ffU) - (120U << 3)));
}

/* The least power of two not below amax / 448, so that products with it are exact. */
static float scale_of(float amax)
{
    if (amax < 0x1p-100F)
        return 0x1p-108F;
    uint32_t u = scalar_bits(amax * (1.0F / 448.0F));
    uint32_t exponent = (u >> 23) + ((u & 0x7fffffU) != 0 ? 1U : 0U);
    return scalar_from_bits(exponent << 23);
}

/* Columns [from, from + n_columns) of n rows, which share a scale. */
static float block_to_e4m3(uint8_t *y, const float *x, int64_t n, int64_t n_in, int64_t n_columns)
{
    float amax = 0.0F;
    for (int64_t r = 0; r < n; r++)
        amax = fmaxf(amax, largest(x + r * n_in, n_columns));
    float scale = scale_of(amax);
    float inverse = 1.0F / scale;
    for (int64_t r = 0; r < n; r++)
        for (int64_t i = 0; i < n_columns; i++) {
            float v = x[r * n_in + i] * inverse;
            v = v > 448.0F ? 448.0F : v < -448.0F ? -448.0F : v;
            y[r * n_in + i] = e4m3_code(scalar_round_e4m3(v));
        }
    return scale;
}

static void to_e4m3(uint8_t *y, float *scale, const float *x, int64_t n, int64_t n_in)
{
    assert(n <= KERNEL_BLOCK);
    for (int64_t i = 0; i < n_in; i += KERNEL_BLOCK)
        *scale++ =
            block_to_e4m3(y + i, x + i, n, n_in, n_in - i < KERNEL_BLOCK ? n_in - i : KERNEL_BLOCK);
}

bool narrow_rows(enum dtype to, const float *x, int64_t n, int64_t n_in, void *at, float *scale)
{
    assert(to != DTYPE_F16);
    if (!isfinite(largest(x, n * n_in)))
        return false;
    switch (to) {
    case DTYPE_BF16:
        to_bf16(at, x, n * n_in);
        break;
    case DTYPE_F8_E4M3:
        to_e4m3(at, scale, x, n, n_in);
        break;
    case DTYPE_Q8:
        for (int64_t r = 0; r < n; r++)
            to_q8((int8_t *)at + r * n_in, scale + r * narrow_n_scales(to, 1, n_in), x + r * n_in,
                  n_in);
        break;
    case DTYPE_F32:
    case DTYPE_F16:
        memcpy(at, x, (size_t)(n * n_in) * sizeof *x);
        break;
    }
    return true;
}
