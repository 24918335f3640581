/* The inner loops in plain C: the definition the vector versions are held to. */
#include <math.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

static float dot(const float *a, const float *b, int64_t n)
{
    float s[CPU_LANES] = {0};
    for (int64_t i = 0; i < n; i += CPU_LANES)
        for (int64_t j = 0; j < CPU_LANES; j++) {
            bool is_in = i + j < n;
            s[j] = fmaf(is_in ? a[i + j] : 0.0F, is_in ? b[i + j] : 0.0F, s[j]);
        }
    for (int64_t half = CPU_LANES / 2; half > 0; half /= 2)
        for (int64_t j = 0; j < half; j++)
            s[j] += s[j + half];
    return s[0];
}

static void dots(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K)
{
    for (int64_t t = 0; t < T; t++)
        for (int64_t r = 0; r < R; r++)
            y[t][r] = dot(x[t], w + r * ldw, K);
}

static void mix(float *y, const float *p, int64_t ldp, const float *const *x, int64_t J, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        float s = 0.0F;
        for (int64_t j = 0; j < J; j++)
            s = fmaf(p[j * ldp], x[j][i], s);
        y[i] = s;
    }
}

static void from_bf16(float *y, const uint16_t *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = scalar_from_bf16(x[i]);
}

static void from_f16(float *y, const uint16_t *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = scalar_from_f16(x[i]);
}

static void from_e4m3(float *y, const uint8_t *x, const float *scale, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = scalar_from_e4m3(x[i]) * scale[i / KERNEL_BLOCK];
}

const struct cpu_isa cpu_portable = {
    .name = "portable",
    .dots = dots,
    .mix = mix,
    .from_bf16 = from_bf16,
    .from_f16 = from_f16,
    .from_e4m3 = from_e4m3,
};
