/* Matrix products: y = x W^T over weights as they are stored.
 *
 * A task is a band of weight rows. The band is expanded to f32 once, in the thread's scratch,
 * and every token runs over it while it is in the caches; f32 weights are used where they lie.
 * The band's height touches no sum. */
#include <string.h>

#include "kernels/cpu/cpu.h"

enum { BAND_FLOATS = 64 * 1024, BAND_MAX = 32, BAND_MIN = 2 };

int64_t cpu_weight_rows(int64_t n_in)
{
    int64_t n = BAND_FLOATS / (n_in < 1 ? 1 : n_in);
    n = n < BAND_MIN ? BAND_MIN : n > BAND_MAX ? BAND_MAX : n;
    return n / BAND_MIN * BAND_MIN;
}

int64_t cpu_weight_room(int64_t n_rows, int64_t n_in)
{
    return n_rows * cpu_round(n_in, CPU_LANES);
}

int64_t cpu_linear_scratch(const struct kernel_limits *most)
{
    /* bands are highest for narrow matrices: bound both kinds */
    int64_t wide = cpu_weight_room(cpu_weight_rows(most->n_in), most->n_in);
    int64_t narrow = BAND_FLOATS + BAND_MAX * CPU_LANES;
    return (wide > narrow ? wide : narrow) * (int64_t)sizeof(float);
}

static void expand_row(const struct cpu *c, const struct kweight *w, int64_t row, float *y)
{
    int64_t n = w->n_in;
    int64_t n_scales = (n + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
    switch (w->dtype) {
    case DTYPE_F32:
        memcpy(y, (const float *)w->at + row * n, (size_t)n * sizeof *y);
        break;
    case DTYPE_F16:
        c->isa->from_f16(y, (const uint16_t *)w->at + row * n, n);
        break;
    case DTYPE_BF16:
        c->isa->from_bf16(y, (const uint16_t *)w->at + row * n, n);
        break;
    case DTYPE_F8_E4M3:
        c->isa->from_e4m3(y, (const uint8_t *)w->at + row * n,
                          w->scale + row / KERNEL_BLOCK * n_scales, n);
        break;
    }
}

const float *cpu_weight(const struct cpu *c, const struct kweight *w, int64_t first, int64_t n,
                        float *room, int64_t *ld)
{
    assert(first >= 0 && first + n <= w->n_out);
    if (w->dtype == DTYPE_F32) {
        *ld = w->n_in;
        return (const float *)w->at + first * w->n_in;
    }
    *ld = cpu_round(w->n_in, CPU_LANES);
    for (int64_t r = 0; r < n; r++)
        expand_row(c, w, first + r, room + r * *ld);
    return room;
}

struct linear_job {
    struct cpu *cpu;
    struct kmat y;
    struct kmat x;
    const struct kweight *w;
    int64_t T;
    int64_t band;
};

/* Tokens from `first` on, at most CPU_TOKENS of them, against rows already expanded. */
static void some_tokens(const struct linear_job *j, int64_t first, const float *w, int64_t ldw,
                        int64_t row, int64_t n_rows)
{
    float *y[CPU_TOKENS];
    const float *x[CPU_TOKENS];
    int64_t n = j->T - first < CPU_TOKENS ? j->T - first : CPU_TOKENS;
    for (int64_t t = 0; t < n; t++) {
        y[t] = j->y.at + (first + t) * j->y.stride + row;
        x[t] = j->x.at + (first + t) * j->x.stride;
    }
    j->cpu->isa->dots(y, x, n, w, ldw, n_rows, j->w->n_in);
}

static void linear_band(void *ctx, int64_t task, int thread)
{
    const struct linear_job *j = ctx;
    int64_t row = task * j->band;
    int64_t n = j->w->n_out - row < j->band ? j->w->n_out - row : j->band;
    int64_t ldw = 0;
    float *room =
        cpu_scratch(j->cpu, thread, cpu_weight_room(n, j->w->n_in) * (int64_t)sizeof(float));
    const float *w = cpu_weight(j->cpu, j->w, row, n, room, &ldw);
    for (int64_t t = 0; t < j->T; t += CPU_TOKENS)
        some_tokens(j, t, w, ldw, row, n);
}

bool cpu_linear(struct kernels *k, struct kmat y, struct kmat x, const struct kweight *w, int64_t T,
                struct err *e)
{
    (void)e;
    assert(w->dtype != DTYPE_F8_E4M3 || w->scale != NULL);
    int64_t band = cpu_weight_rows(w->n_in);
    struct linear_job j = {cpu_of(k), y, x, w, T, band};
    cpu_run(j.cpu, (w->n_out + band - 1) / band, band * w->n_in * T, linear_band, &j);
    return true;
}

struct heads_job {
    struct cpu *cpu;
    struct kheads y;
    struct kheads x;
    const float *w;
    int64_t T;
    int64_t n_out;
    int64_t n_in;
    int64_t band;
    int64_t n_bands; /* of one head */
};

static void heads_band(void *ctx, int64_t task, int thread)
{
    (void)thread;
    const struct heads_job *j = ctx;
    int64_t head = task / j->n_bands;
    int64_t row = task % j->n_bands * j->band;
    int64_t n = j->n_out - row < j->band ? j->n_out - row : j->band;
    struct kweight w = {.n_in = j->n_in};
    struct linear_job one = {
        .cpu = j->cpu,
        .y = {j->y.at + head * j->y.head, j->y.stride},
        .x = {j->x.at + head * j->x.head, j->x.stride},
        .w = &w,
        .T = j->T,
    };
    const float *at = j->w + (head * j->n_out + row) * j->n_in;
    for (int64_t t = 0; t < j->T; t += CPU_TOKENS)
        some_tokens(&one, t, at, j->n_in, row, n);
}

bool cpu_linear_heads(struct kernels *k, struct kheads y, struct kheads x, const float *w,
                      int64_t T, int64_t n_heads, int64_t n_out, int64_t n_in, struct err *e)
{
    (void)e;
    int64_t band = cpu_weight_rows(n_in);
    struct heads_job j = {cpu_of(k), y, x, w, T, n_out, n_in, band, (n_out + band - 1) / band};
    cpu_run(j.cpu, n_heads * j.n_bands, band * n_in * T, heads_band, &j);
    return true;
}

struct embed_job {
    struct cpu *cpu;
    struct kmat y;
    const int32_t *id;
    const struct kweight *w;
};

static void embed_row(void *ctx, int64_t t, int thread)
{
    (void)thread;
    const struct embed_job *j = ctx;
    assert(j->id[t] >= 0 && j->id[t] < j->w->n_out);
    expand_row(j->cpu, j->w, j->id[t], j->y.at + t * j->y.stride);
}

bool cpu_embed(struct kernels *k, struct kmat y, const int32_t *id, const struct kweight *w,
               int64_t T, struct err *e)
{
    (void)e;
    struct embed_job j = {cpu_of(k), y, id, w};
    cpu_run(j.cpu, T, w->n_in, embed_row, &j);
    return true;
}
