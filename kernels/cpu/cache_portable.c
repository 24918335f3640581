/* The inner loops over the caches in plain C; the others give the same bits. */
#include "kernels/cpu/cache.h"

#include <math.h>
#include <string.h>

#include "kernels/cpu/scalar.h"

static void softmax_head(float *p, int64_t n, float scale)
{
    float top = p[0];
    for (int64_t s = 1; s < n; s++)
        top = p[s * CACHE_LANES] > top ? p[s * CACHE_LANES] : top;
    double sum = 0.0;
    for (int64_t s = 0; s < n; s++) {
        double v = scalar_exp((p[s * CACHE_LANES] - top) * scale);
        p[s * CACHE_LANES] = (float)v;
        sum += v;
    }
    float inverse = (float)(1.0 / sum);
    for (int64_t s = 0; s < n; s++)
        p[s * CACHE_LANES] *= inverse;
}

static void softmax(float *p, int64_t n, float scale, int64_t n_heads)
{
    for (int64_t h = 0; h < n_heads; h++)
        softmax_head(p + h, n, scale);
}

static void mix(float *const *y, const float *p, int64_t n_heads, const float *const *x, int64_t J,
                int64_t n, bool is_more)
{
    for (int64_t h = 0; h < n_heads; h++)
        for (int64_t i = 0; i < n; i++) {
            float s = is_more ? y[h][i] : 0.0F;
            for (int64_t j = 0; j < J; j++)
                s = fmaf(p[j * CACHE_LANES + h], x[j][i], s);
            y[h][i] = s;
        }
}

static void turn(float *panel, const float *key, int64_t ld, int64_t n, int64_t dim)
{
    for (int64_t i = 0; i < dim; i++)
        for (int64_t s = 0; s < CACHE_KEYS; s++)
            panel[i * CACHE_KEYS + s] = s < n ? key[s * ld + i] : 0.0F;
}

static void score(float *out, const float *panel, const float *q, int64_t ldq, const float *w,
                  int64_t n_heads, int64_t dim)
{
    for (int64_t s = 0; s < CACHE_KEYS; s++)
        out[s] = 0.0F;
    for (int64_t h = 0; h < n_heads; h++) {
        float dot[CACHE_KEYS] = {0};
        for (int64_t i = 0; i < dim; i++)
            for (int64_t s = 0; s < CACHE_KEYS; s++)
                dot[s] = fmaf(q[h * ldq + i], panel[i * CACHE_KEYS + s], dot[s]);
        for (int64_t s = 0; s < CACHE_KEYS; s++)
            out[s] += (dot[s] > 0.0F ? dot[s] : 0.0F) * w[h];
    }
}

static void order(uint32_t *out, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint32_t u = scalar_bits(x[i] + 0.0F);
        out[i] = (u & 0x80000000U) != 0 ? ~u : u | 0x80000000U;
    }
}

const struct cpu_cache_isa cache_portable = {softmax, mix, turn, score, order};

const struct cpu_cache_isa *cache_isa(const char *name)
{
    return strcmp(name, "avx512") == 0 ? &cache_avx512
           : strcmp(name, "avx2") == 0 ? &cache_avx2
                                       : &cache_portable;
}
