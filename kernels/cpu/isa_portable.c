/* The inner loops in plain C: the definition the vector versions are held to. Stored rows are
 * widened a piece at a time and added to the same sixteen sums. */
#include <math.h>
#include <string.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

enum { PIECE = KERNEL_BLOCK };

/* Adds n products to the sums; n is a multiple of 16 but at the end. */
static void add_products(float s[CPU_LANES], const float *a, const float *b, int64_t n)
{
    for (int64_t i = 0; i < n; i += CPU_LANES)
        for (int64_t j = 0; j < CPU_LANES; j++) {
            bool is_in = i + j < n;
            s[j] = fmaf(is_in ? a[i + j] : 0.0F, is_in ? b[i + j] : 0.0F, s[j]);
        }
}

static float add_up(float s[CPU_LANES])
{
    for (int64_t half = CPU_LANES / 2; half > 0; half /= 2)
        for (int64_t j = 0; j < half; j++)
            s[j] += s[j + half];
    return s[0];
}

static float dot(const float *a, const float *b, int64_t n)
{
    float s[CPU_LANES] = {0};
    add_products(s, a, b, n);
    return add_up(s);
}

static void dots(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K)
{
    for (int64_t t = 0; t < T; t++)
        for (int64_t r = 0; r < R; r++)
            y[t][r] = dot(x[t], w + r * ldw, K);
}

static void dots_ahead(float *const *y, const float *const *x, int64_t T, const float *w,
                       int64_t ldw, int64_t R, int64_t K, struct cpu_ahead *ahead)
{
    (void)ahead;
    dots(y, x, T, w, ldw, R, K);
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

static void swiglu(float *y, const float *g, const float *u, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = scalar_silu(g[i]) * u[i];
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

static void from_q8(float *y, const int8_t *x, const float *scale, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        y[i] = (float)x[i] * scale[i / KERNEL_Q8_BLOCK];
}

/* Numbers [k, k + n) of a stored row; k is a multiple of PIECE. */
static void widen(float *y, const struct cpu_rows *w, int64_t r, int64_t k, int64_t n)
{
    const void *at = w->at + r * w->ld + k * dtype_size(w->dtype);
    const float *scale = w->scale == NULL ? NULL : w->scale + r * w->ld_scale;
    switch (w->dtype) {
    case DTYPE_F32:
        memcpy(y, at, (size_t)n * sizeof *y);
        break;
    case DTYPE_F16:
        from_f16(y, at, n);
        break;
    case DTYPE_BF16:
        from_bf16(y, at, n);
        break;
    case DTYPE_F8_E4M3:
        from_e4m3(y, at, scale + k / KERNEL_BLOCK, n);
        break;
    case DTYPE_Q8:
        from_q8(y, at, scale + k / KERNEL_Q8_BLOCK, n);
        break;
    }
}

static void few(float *const *y, const float *const *x, int64_t T, const struct cpu_rows *w,
                int64_t R, int64_t K)
{
    assert(T >= 1 && T <= CPU_FEW);
    for (int64_t r = 0; r < R; r++) {
        float s[CPU_FEW][CPU_LANES] = {{0}};
        for (int64_t k = 0; k < K; k += PIECE) {
            float piece[PIECE];
            int64_t n = K - k < PIECE ? K - k : PIECE;
            widen(piece, w, r, k, n);
            for (int64_t t = 0; t < T; t++)
                add_products(s[t], x[t] + k, piece, n);
        }
        for (int64_t t = 0; t < T; t++)
            y[t][r] = add_up(s[t]);
    }
}

const struct cpu_isa cpu_portable = {
    .name = "portable",
    .dots = dots,
    .dots_ahead = dots_ahead,
    .few = few,
    .mix = mix,
    .swiglu = swiglu,
    .from_bf16 = from_bf16,
    .from_f16 = from_f16,
    .from_e4m3 = from_e4m3,
    .from_q8 = from_q8,
};
