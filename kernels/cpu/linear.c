/* Matrix products: y = x W^T over weights as they are stored.
 *
 * A task is a band of weight rows against every token of the call. For a few tokens the stored
 * numbers are widened inside the product, so that each byte is read once and nothing is written.
 * For more, the band is expanded to f32 in the thread's scratch first, where it stays in the
 * second cache while the tokens run over it; f32 weights are used where they lie. Both give the
 * same bits, and the band's height touches no sum. */
#include <string.h>

#include "kernels/cpu/cpu.h"

enum {
    BAND_FLOATS = 256 * 1024,    /* of a band, as f32: half of a second cache of 2 MiB */
    BAND_FLOATS_FEW = 64 * 1024, /* where the tokens are what stays in that half */
    BAND_MAX = KERNEL_BLOCK,     /* rows */
    BAND_MIN = 4,
    TASKS_EACH = 4 /* of one thread, so that none waits long for another */
};

static int64_t rows_within(int64_t n_floats, int64_t n_in)
{
    int64_t n = BAND_MAX; /* a power of two, so that a band lies in one block of scales */
    while (n > BAND_MIN && n * n_in > n_floats)
        n /= 2;
    return n;
}

int64_t cpu_weight_rows(int64_t n_in)
{
    return rows_within(BAND_FLOATS, n_in);
}

int64_t cpu_weight_band(const struct cpu *c, int64_t n_out, int64_t n_in, int64_t T)
{
    int64_t n = rows_within(T * n_in <= BAND_FLOATS ? BAND_FLOATS_FEW : BAND_FLOATS, n_in);
    while (c->n_threads > 1 && n / 2 > BAND_MIN && n_out < n * TASKS_EACH * c->n_threads)
        n /= 2;
    return n;
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

/* Rows from `first` on, as they are stored. */
static struct cpu_rows rows_of(const struct kweight *w, int64_t first)
{
    struct cpu_rows r = {.dtype = w->dtype, .ld = w->n_in * dtype_size(w->dtype)};
    r.at = (const unsigned char *)w->at + first * r.ld;
    r.scale = w->scale;
    if (w->dtype == DTYPE_F8_E4M3)
        r.scale += first / KERNEL_BLOCK * ((w->n_in + KERNEL_BLOCK - 1) / KERNEL_BLOCK);
    if (w->dtype == DTYPE_Q8) {
        r.ld_scale = (w->n_in + KERNEL_Q8_BLOCK - 1) / KERNEL_Q8_BLOCK;
        r.scale += first * r.ld_scale;
    }
    return r;
}

static void expand_row(const struct cpu *c, const struct kweight *w, int64_t row, float *y)
{
    struct cpu_rows r = rows_of(w, row);
    int64_t n = w->n_in;
    switch (w->dtype) {
    case DTYPE_F32:
        memcpy(y, r.at, (size_t)n * sizeof *y);
        break;
    case DTYPE_F16:
        c->isa->from_f16(y, (const uint16_t *)(const void *)r.at, n);
        break;
    case DTYPE_BF16:
        c->isa->from_bf16(y, (const uint16_t *)(const void *)r.at, n);
        break;
    case DTYPE_F8_E4M3:
        c->isa->from_e4m3(y, r.at, r.scale, n);
        break;
    case DTYPE_Q8:
        c->isa->from_q8(y, (const int8_t *)r.at, r.scale, n);
        break;
    }
}

struct cpu_band cpu_band_of(const struct cpu *c, const struct kweight *w, int64_t first, int64_t n,
                            int64_t T, float *room)
{
    struct cpu_band b = {.rows = rows_of(w, first), .n = n, .n_in = w->n_in};
    assert(first >= 0 && n >= 1 && first + n <= w->n_out);
    assert(w->dtype != DTYPE_F8_E4M3 || first / KERNEL_BLOCK == (first + n - 1) / KERNEL_BLOCK);
    if (T <= CPU_FEW)
        return b;
    b.wide = (const float *)(const void *)b.rows.at;
    b.ld_wide = w->n_in;
    if (w->dtype == DTYPE_F32)
        return b;
    b.wide = room;
    b.ld_wide = cpu_round(w->n_in, CPU_LANES);
    for (int64_t r = 0; r < n; r++)
        expand_row(c, w, first + r, room + r * b.ld_wide);
    return b;
}

void cpu_band_times(const struct cpu *c, const struct cpu_band *b, float *const *y,
                    const float *const *x, int64_t T, struct cpu_ahead *ahead)
{
    if (b->wide == NULL)
        c->isa->few(y, x, T, &b->rows, b->n, b->n_in);
    else
        c->isa->dots_ahead(y, x, T, b->wide, b->ld_wide, b->n, b->n_in, ahead);
}

struct cpu_ahead cpu_ahead_of(const struct kweight *w, int64_t first, int64_t n)
{
    struct cpu_ahead a = {0};
    if (first >= w->n_out)
        return a;
    int64_t ld = w->n_in * dtype_size(w->dtype);
    a.at = (const char *)w->at + first * ld;
    a.end = a.at + (w->n_out - first < n ? w->n_out - first : n) * ld;
    return a;
}

struct linear_job {
    struct cpu *cpu;
    struct kmat y;
    struct kmat x;
    const struct kweight *w;
    int64_t T;
    int64_t band;
};

/* All tokens, CPU_TOKENS at a time, against a band that begins at `row`. */
static void all_tokens(const struct linear_job *j, const struct cpu_band *b, int64_t row,
                       struct cpu_ahead *ahead)
{
    float *y[CPU_TOKENS];
    const float *x[CPU_TOKENS];
    for (int64_t first = 0; first < j->T; first += CPU_TOKENS) {
        int64_t n = j->T - first < CPU_TOKENS ? j->T - first : CPU_TOKENS;
        for (int64_t t = 0; t < n; t++) {
            y[t] = j->y.at + (first + t) * j->y.stride + row;
            x[t] = j->x.at + (first + t) * j->x.stride;
        }
        cpu_band_times(j->cpu, b, y, x, n, ahead);
    }
}

static void linear_band(void *ctx, int64_t task, int thread)
{
    const struct linear_job *j = ctx;
    int64_t row = task * j->band;
    int64_t n = j->w->n_out - row < j->band ? j->w->n_out - row : j->band;
    float *room =
        cpu_scratch(j->cpu, thread, cpu_weight_room(n, j->w->n_in) * (int64_t)sizeof(float));
    struct cpu_band b = cpu_band_of(j->cpu, j->w, row, n, j->T, room);
    struct cpu_ahead next = cpu_ahead_of(j->w, row + j->band * j->cpu->n_threads, j->band);
    all_tokens(j, &b, row, &next);
}

bool cpu_linear(struct kernels *k, struct kmat y, struct kmat x, const struct kweight *w, int64_t T,
                struct err *e)
{
    (void)e;
    assert(w->scale != NULL || (w->dtype != DTYPE_F8_E4M3 && w->dtype != DTYPE_Q8));
    int64_t band = cpu_weight_band(cpu_of(k), w->n_out, w->n_in, T);
    struct linear_job j = {cpu_of(k), y, x, w, T, band};
    cpu_run(j.cpu, (w->n_out + band - 1) / band, band * w->n_in * T, linear_band, &j);
    return true;
}

struct heads_job {
    struct cpu *cpu;
    struct kheads y;
    struct kheads x;
    const struct kweight *w;
    int64_t T;
    int64_t n_out; /* of one head */
    int64_t band;
    int64_t n_bands; /* of one head */
};

static void heads_band(void *ctx, int64_t task, int thread)
{
    const struct heads_job *j = ctx;
    int64_t head = task / j->n_bands;
    int64_t row = task % j->n_bands * j->band;
    int64_t n = j->n_out - row < j->band ? j->n_out - row : j->band;
    struct linear_job one = {
        .cpu = j->cpu,
        .y = {j->y.at + head * j->y.head, j->y.stride},
        .x = {j->x.at + head * j->x.head, j->x.stride},
        .T = j->T,
    };
    float *room =
        cpu_scratch(j->cpu, thread, cpu_weight_room(n, j->w->n_in) * (int64_t)sizeof(float));
    struct cpu_band b = cpu_band_of(j->cpu, j->w, head * j->n_out + row, n, j->T, room);
    all_tokens(&one, &b, row, NULL);
}

bool cpu_linear_heads(struct kernels *k, struct kheads y, struct kheads x, const struct kweight *w,
                      int64_t T, int64_t n_heads, struct err *e)
{
    (void)e;
    assert(w->dtype != DTYPE_F8_E4M3);
    assert(w->n_out % n_heads == 0);
    int64_t n_out = w->n_out / n_heads;
    int64_t band = cpu_weight_band(cpu_of(k), w->n_out, w->n_in, T);
    struct heads_job j = {cpu_of(k), y, x, w, T, n_out, band, (n_out + band - 1) / band};
    cpu_run(j.cpu, n_heads * j.n_bands, band * w->n_in * T, heads_band, &j);
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
