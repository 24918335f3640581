/* Rows of a cache in their three formats (enum kv_type). A row is rounded once, when it is stored,
 * and read exactly. */
#include <string.h>

#include "kernels/cpu/cpu.h"
#include "kernels/cpu/scalar.h"

enum { SCALES_MOST = 64 }; /* 8192 numbers in E4M3 */

static int64_t n_scales(const struct kpages *c)
{
    return (c->rank + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
}

static void store_bf16(unsigned char *row, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        uint16_t v = scalar_to_bf16(x[i]);
        memcpy(row + 2 * i, &v, sizeof v);
    }
}

static void store_fp8(const struct kpages *c, unsigned char *row, const float *x)
{
    unsigned char *scales = row + c->rank;
    for (int64_t i = 0; i < c->rank; i += KERNEL_BLOCK) {
        int64_t n = c->rank - i < KERNEL_BLOCK ? c->rank - i : KERNEL_BLOCK;
        float scale = cpu_quant_scale(x + i, n);
        memcpy(scales + i / KERNEL_BLOCK * (int64_t)sizeof scale, &scale, sizeof scale);
        for (int64_t k = i; k < i + n; k++) {
            float v = x[k] / scale;
            v = v > 448.0F ? 448.0F : v < -448.0F ? -448.0F : v;
            row[k] = scalar_to_e4m3(scalar_round_e4m3(v));
        }
    }
    store_bf16(scales + n_scales(c) * (int64_t)sizeof(float), x + c->rank, c->dim - c->rank);
}

void cpu_cache_store(const struct kpages *c, unsigned char *row, const float *x)
{
    if (c->type == KV_F32)
        memcpy(row, x, (size_t)c->dim * sizeof *x);
    else if (c->type == KV_BF16)
        store_bf16(row, x, c->dim);
    else
        store_fp8(c, row, x);
}

/* Rows begin at multiples of 4, so BF16 numbers lie at even addresses: rank may be odd only where
 * nothing follows it. */
static const uint16_t *bf16_at(const unsigned char *at)
{
    assert((uintptr_t)at % sizeof(uint16_t) == 0);
    return (const uint16_t *)(const void *)at;
}

const float *cpu_cache_load(const struct cpu *cpu, const struct kpages *c, const unsigned char *row,
                            float *y)
{
    float scale[SCALES_MOST];
    if (c->type == KV_F32)
        return (const float *)(const void *)row;
    if (c->type == KV_BF16) {
        cpu->isa->from_bf16(y, bf16_at(row), c->dim);
        return y;
    }
    assert(c->rank <= (int64_t)SCALES_MOST * KERNEL_BLOCK);
    int64_t n_bytes = n_scales(c) * (int64_t)sizeof *scale;
    memcpy(scale, row + c->rank, (size_t)n_bytes);
    cpu->isa->from_e4m3(y, row, scale, c->rank);
    if (c->dim > c->rank)
        cpu->isa->from_bf16(y + c->rank, bf16_at(row + c->rank + n_bytes), c->dim - c->rank);
    return y;
}
