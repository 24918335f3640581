/* Functions of one number, written out so that every machine computes the same bits: libm picks
 * its version by processor. */
#pragma once
#include <stdint.h>
#include <string.h>

static inline float scalar_from_bits(uint32_t u)
{
    float f;
    memcpy(&f, &u, sizeof f);
    return f;
}

static inline uint32_t scalar_bits(float f)
{
    uint32_t u;
    memcpy(&u, &f, sizeof u);
    return u;
}

/* e^x: x = n ln2 + r, a Taylor polynomial of degree 9 in r (|r| <= 0.347: error 7e-12, so the
 * f32 result is the rounded one but for one case in ten thousand). */
static inline double scalar_exp(float x)
{
    if (x < -104.0F)
        return 0.0;
    double z = x > 700.0F ? 700.0 : (double)x;
    double n = (z * 1.4426950408889634 + 0x1.8p52) - 0x1.8p52;
    double r = z - n * 0.6931471805599453;
    double p = 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r + 1.0;
    p = p * r + 1.0;
    uint64_t bits = (uint64_t)((int64_t)n + 1023) << 52;
    double two_n;
    memcpy(&two_n, &bits, sizeof two_n);
    return p * two_n;
}

static inline float scalar_sigmoid(float x)
{
    return (float)(1.0 / (1.0 + scalar_exp(-x)));
}

static inline float scalar_silu(float x)
{
    return (float)((double)x / (1.0 + scalar_exp(-x)));
}

/* f32 rounded to E4M3 (nearest even, |x| <= 448), as f32. Below 2^-6 the step is 2^-9; above,
 * three bits of mantissa stay: adding just under half of the last kept bit, plus its parity,
 * carries exactly when the number must go up. */
static inline float scalar_round_e4m3(float x)
{
    uint32_t u = scalar_bits(x);
    if ((u & 0x7fffffffU) < 0x3c800000U) /* 2^-6 */
        return (x + 0x1.8p14F) - 0x1.8p14F;
    u += 0x7ffffU + (u >> 20 & 1U);
    return scalar_from_bits(u & ~0xfffffU);
}

/* E4M3 as f32: sign, 4 bits of exponent (bias 7), 3 of mantissa; 0x7f is NaN. */
static inline float scalar_from_e4m3(uint8_t b)
{
    if ((b & 0x7f) == 0x7f)
        return scalar_from_bits(0x7fc00000U);
    uint32_t u = (uint32_t)(b & 0x80) << 24 | (uint32_t)(b & 0x7f) << 20;
    return scalar_from_bits(u) * 0x1p120F;
}

/* The code of a number that E4M3 holds exactly. Below 2^-6 codes count steps of 2^-9. */
static inline uint8_t scalar_to_e4m3(float x)
{
    uint32_t u = scalar_bits(x);
    uint8_t sign = (uint8_t)(u >> 24 & 0x80U);
    u &= 0x7fffffffU;
    if (u > 0x7f800000U)
        return sign | 0x7fU;
    if (u < 0x3c800000U)
        return sign | (uint8_t)(scalar_from_bits(u) * 512.0F);
    return sign | (uint8_t)((u >> 20) - (120U << 3));
}

/* Nearest even; a NaN stays one. */
static inline uint16_t scalar_to_bf16(float x)
{
    uint32_t u = scalar_bits(x);
    if ((u & 0x7fffffffU) > 0x7f800000U)
        return (uint16_t)(u >> 16 | 0x40U);
    return (uint16_t)((u + 0x7fffU + (u >> 16 & 1U)) >> 16);
}

static inline float scalar_from_bf16(uint16_t b)
{
    return scalar_from_bits((uint32_t)b << 16);
}

/* IEEE half, subnormals included: the exponent field moves from bias 15 to 127 by a product. */
static inline float scalar_from_f16(uint16_t b)
{
    uint32_t sign = (uint32_t)(b & 0x8000) << 16;
    uint32_t rest = (uint32_t)(b & 0x7fff) << 13;
    if ((b & 0x7c00) == 0x7c00)
        return scalar_from_bits(sign | 0x7f800000U | rest);
    return scalar_from_bits(sign | scalar_bits(scalar_from_bits(rest) * 0x1p112F));
}
