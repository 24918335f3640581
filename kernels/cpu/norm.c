/* Ops that need a whole row: norms, activation rounding, the Hadamard rotation. A task is a row;
 * sums over a row are the dot product's sixteen, or double where the row is short. */
#include <math.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

struct norm_job {
    struct cpu *cpu;
    struct kmat y;
    struct kmat x;
    const float *w;
    const float *b;
    int64_t n;
    int64_t block;
    float eps;
};

static void rms_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct norm_job *j = ctx;
    const float *x = j->x.at + t * j->x.stride;
    float *y = j->y.at + t * j->y.stride;
    float sum = 0.0F;
    float *at = &sum;
    j->cpu->isa->dots(&at, &x, 1, x, j->n, 1, j->n);
    float inverse = 1.0F / sqrtf(sum / (float)j->n + j->eps);
    for (int64_t i = 0; i < j->n; i++)
        y[i] = x[i] * inverse * j->w[i];
}

bool cpu_rms_norm(struct kernels *k, struct kmat y, struct kmat x, const float *w, int64_t T,
                  int64_t H, float eps, struct err *e)
{
    (void)e;
    struct norm_job j = {.cpu = cpu_of(k), .y = y, .x = x, .w = w, .n = H, .eps = eps};
    cpu_run(j.cpu, T, 2 * H, rms_row, &j);
    return true;
}

/* Short rows (the indexer's key): both sums in double, ascending. */
static void layer_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct norm_job *j = ctx;
    const float *x = j->x.at + t * j->x.stride;
    float *y = j->y.at + t * j->y.stride;
    double mean = 0.0;
    double square = 0.0;
    for (int64_t i = 0; i < j->n; i++)
        mean += (double)x[i];
    mean /= (double)j->n;
    for (int64_t i = 0; i < j->n; i++)
        square += ((double)x[i] - mean) * ((double)x[i] - mean);
    double inverse = 1.0 / sqrt(square / (double)j->n + (double)j->eps);
    for (int64_t i = 0; i < j->n; i++)
        y[i] = (float)(((double)x[i] - mean) * inverse) * j->w[i] + j->b[i];
}

bool cpu_layer_norm(struct kernels *k, struct kmat y, struct kmat x, const float *w, const float *b,
                    int64_t T, int64_t n, float eps, struct err *e)
{
    (void)e;
    struct norm_job j = {.cpu = cpu_of(k), .y = y, .x = x, .w = w, .b = b, .n = n, .eps = eps};
    cpu_run(j.cpu, T, 4 * n, layer_row, &j);
    return true;
}

/* The power of two not below t, by its bits: exponent, one more if any mantissa bit is set. */
static float next_power_of_two(float t)
{
    uint32_t u = scalar_bits(t);
    uint32_t exponent = (u >> 23) + ((u & 0x7fffffU) != 0 ? 1U : 0U);
    return scalar_from_bits(exponent << 23);
}

float cpu_quant_scale(const float *x, int64_t n)
{
    float amax = 1e-4F;
    for (int64_t i = 0; i < n; i++)
        amax = fabsf(x[i]) > amax ? fabsf(x[i]) : amax;
    return next_power_of_two(amax * (1.0F / 448.0F));
}

static void quant_block(float *y, const float *x, int64_t n)
{
    float scale = cpu_quant_scale(x, n);
    for (int64_t i = 0; i < n; i++) {
        float v = x[i] / scale;
        v = v > 448.0F ? 448.0F : v < -448.0F ? -448.0F : v;
        y[i] = scalar_round_e4m3(v) * scale;
    }
}

void cpu_quant_row(float *y, const float *x, int64_t n, int64_t block)
{
    for (int64_t i = 0; i < n; i += block)
        quant_block(y + i, x + i, n - i < block ? n - i : block);
}

static void quant_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct norm_job *j = ctx;
    cpu_quant_row(j->y.at + t * j->y.stride, j->x.at + t * j->x.stride, j->n, j->block);
}

bool cpu_act_quant(struct kernels *k, struct kmat y, struct kmat x, int64_t T, int64_t n,
                   int64_t block, struct err *e)
{
    (void)e;
    assert(block > 0);
    struct norm_job j = {.cpu = cpu_of(k), .y = y, .x = x, .n = n, .block = block};
    cpu_run(j.cpu, T, 4 * n, quant_row, &j);
    return true;
}

struct hadamard_job {
    struct kheads x;
    int64_t n_heads;
    int64_t dim;
};

/* log2(dim) rounds of sums and differences at distance 1, 2, 4, ... */
static void hadamard_head(float *x, int64_t dim)
{
    for (int64_t half = 1; half < dim; half *= 2)
        for (int64_t i = 0; i < dim; i++)
            if ((i & half) == 0) {
                float a = x[i];
                float b = x[i + half];
                x[i] = a + b;
                x[i + half] = a - b;
            }
    float scale = 1.0F / sqrtf((float)dim);
    for (int64_t i = 0; i < dim; i++)
        x[i] *= scale;
}

static void hadamard_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct hadamard_job *j = ctx;
    for (int64_t h = 0; h < j->n_heads; h++)
        hadamard_head(j->x.at + t * j->x.stride + h * j->x.head, j->dim);
}

bool cpu_hadamard(struct kernels *k, struct kheads x, int64_t T, int64_t n_heads, int64_t dim,
                  struct err *e)
{
    (void)e;
    assert(dim > 0 && (dim & (dim - 1)) == 0);
    struct hadamard_job j = {x, n_heads, dim};
    cpu_run(cpu_of(k), T, n_heads * dim * 8, hadamard_row, &j);
    return true;
}
