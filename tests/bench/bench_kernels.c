/* Matrix products of the CPU kernels, one thread, at the shapes of the ds-mini model, beside what
 * the core can do at most: multiplications in registers, and reading memory.
 *
 * Weights are random numbers of ordinary size (subnormal ones would measure the processor's
 * exceptions) and more than any cache holds: every call takes the next matrix of 320 MB, as
 * decoding does. Rates are per second of the thread's own time, so a busy machine disturbs them
 * less. */
#include <immintrin.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "base/rng.h"
#include "kernels/kernels.h"
#include "tests/bench/bench.h"

enum {
    ROWS_MOST = 512,
    SEED = 5,
    STEP_MS = 20, /* one step measures about as long */
    PER_DTYPE = 1000,
    PER_SHAPE = 10 * PER_DTYPE,
    PER_ISA = 10 * PER_SHAPE,
    PER_KIND = 10 * PER_ISA,
};

#define POOL_BYTES ((int64_t)320 << 20)

static const int64_t shapes[][2] = {{1024, 1024}, {512, 1024},  {1024, 512},
                                    {4096, 1024}, {1024, 4096}, {16384, 1024}};
enum { SQUARE, EXPERT_UP, EXPERT_DOWN, DENSE_UP, DENSE_DOWN, HEAD };

static const char *const isas[] = {NULL, "portable", "avx2", "avx512"};
enum { BEST, PORTABLE, AVX2, AVX512 };
enum { BY_FLOPS, BY_BYTES }; /* what a rate counts */

struct state {
    struct kernels *k;
    struct kweight w;
    unsigned char *pool;
    float *scale;
    float *x;
    float *y;
    int64_t n_rows;
    int64_t matrix_bytes;
    int64_t n_matrices;
    int64_t next;
};

static int64_t clock_thread_ns(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* In large pages, as the engine keeps weights. */
static void *new_pool(void)
{
    void *p = aligned_alloc((size_t)2 << 20, (size_t)POOL_BYTES);
    if (p != NULL)
        (void)madvise(p, (size_t)POOL_BYTES, MADV_HUGEPAGE);
    return p;
}

static void close_linear(struct bench_run *r)
{
    struct state *s = r->state;
    if (s->k != NULL) {
        s->k->ops->release(s->k, s->x);
        s->k->ops->release(s->k, s->y);
    }
    kernels_close(s->k);
    free(s->pool);
    free(s->scale);
    free(s);
}

/* Numbers between 2^-4 and 1, of either sign, in any of the formats. */
static uint32_t stored(enum dtype d, uint64_t bits)
{
    float f = (float)((bits & 1) != 0 ? 1 : -1) * (0.0625F + (float)(bits >> 40) * 0x1p-25F);
    uint32_t u;
    memcpy(&u, &f, sizeof u);
    switch (d) {
    case DTYPE_F32:
        return u;
    case DTYPE_BF16:
        return u >> 16;
    case DTYPE_F16:
        return (u >> 16 & 0x8000) | (((u >> 13 & 0x3ffff) - (112U << 10)) & 0x7fff);
    case DTYPE_F8_E4M3:
        return (u >> 24 & 0x80) | (((u >> 20 & 0x7ff) - (120U << 3)) & 0x7f);
    case DTYPE_Q8:
        break;
    }
    return (uint32_t)(bits >> 13) & 0xff;
}

/* The first MiB is drawn, the rest repeats it: nothing here compresses memory. */
static void fill(struct state *s)
{
    int64_t size = dtype_size(s->w.dtype);
    int64_t n = (int64_t)1 << 20;
    for (int64_t i = 0; i < n / size; i++) {
        uint32_t u = stored(s->w.dtype, rng_u64(SEED, 0, (uint64_t)i));
        memcpy(s->pool + i * size, &u, (size_t)size);
    }
    for (int64_t at = n; at < POOL_BYTES; at += n)
        memcpy(s->pool + at, s->pool, (size_t)n);
    for (int64_t i = 0; i < ROWS_MOST * s->w.n_in; i++)
        s->x[i] = (float)rng_unit(SEED, 1, (uint64_t)i) - 0.5F;
    for (int64_t i = 0; i < s->w.n_out * s->w.n_in / KERNEL_Q8_BLOCK; i++)
        s->scale[i] = 0.01F;
}

static bool new_rows(struct state *s, int64_t n, float **out, struct err *e)
{
    void *p = NULL;
    TRY(s->k->ops->alloc(s->k, ROWS_MOST * n * (int64_t)sizeof(float), &p, e));
    *out = p;
    return true;
}

static bool open_state(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    const int64_t *shape = shapes[r->variant / PER_SHAPE % 10];
    struct kernel_limits most = {
        .n_rows = ROWS_MOST, .n_in = shape[1], .n_selected = 1, .n_cached = 1, .n_heads = 1};
    s->n_rows = r->variant % PER_DTYPE;
    s->w = (struct kweight){
        .dtype = (enum dtype)(r->variant / PER_DTYPE % 10), .n_out = shape[0], .n_in = shape[1]};
    s->matrix_bytes = shape[0] * shape[1] * dtype_size(s->w.dtype);
    s->n_matrices = POOL_BYTES / s->matrix_bytes;
    s->pool = new_pool();
    s->scale = calloc((size_t)(shape[0] * shape[1] / KERNEL_Q8_BLOCK), sizeof *s->scale);
    if (s->pool == NULL || s->scale == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    s->w.scale = s->scale;
    TRY(kernels_cpu_open(&s->k, 1, isas[r->variant / PER_ISA % 10], e));
    TRY(s->k->ops->reserve(s->k, &most, e));
    TRY(new_rows(s, shape[1], &s->x, e) && new_rows(s, shape[0], &s->y, e));
    fill(s);
    return true;
}

static bool open_linear(struct bench_run *r, struct err *e)
{
    struct state *s = calloc(1, sizeof *s);
    r->state = s;
    if (s == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    bool ok = open_state(r, e);
    r->work = r->variant / PER_KIND == BY_BYTES
                  ? (double)s->matrix_bytes
                  : 2.0 * (double)(s->w.n_out * s->w.n_in * s->n_rows);
    r->has_value = true;
    if (ok)
        return true;
    close_linear(r);
    if (e->cls != ERR_UNSUPPORTED)
        return false;
    r->skip = "this processor lacks it";
    return true;
}

static bool step_linear(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    int64_t n = 0;
    int64_t from = clock_thread_ns();
    int64_t spent = 0;
    for (; spent < (int64_t)STEP_MS * 1000000; n++) {
        s->w.at = s->pool + s->next * s->matrix_bytes;
        s->next = (s->next + 1) % s->n_matrices;
        TRY(s->k->ops->linear(s->k, (struct kmat){s->y, s->w.n_out}, (struct kmat){s->x, s->w.n_in},
                              &s->w, s->n_rows, e));
        spent = clock_thread_ns() - from;
    }
    r->value = r->work * (double)n / (double)spent;
    return true;
}

/* -- what the core can do at most -------------------------------------------------------------- */

enum { ROUNDS = 2000000, CHAINS = 12 };

/* CHAINS independent multiply-adds, each waiting for its last: enough for two units of latency 4 to
 * 5. In assembly, so that no compiler moves the sums to memory. */
#define FMA(reg, i) "vfmadd231ps %%" reg "15, %%" reg "14, %%" reg #i "\n\t"
#define FMAS(reg)                                                                                  \
    "1:\n\t" FMA(reg, 0) FMA(reg, 1) FMA(reg, 2) FMA(reg, 3) FMA(reg, 4) FMA(reg, 5) FMA(reg, 6)   \
        FMA(reg, 7) FMA(reg, 8) FMA(reg, 9) FMA(reg, 10) FMA(reg, 11) "dec %0\n\tjnz 1b"
#define USED                                                                                       \
    "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",       \
        "xmm11", "xmm14", "xmm15", "cc"
static bool open_fma(struct bench_run *r, struct err *e)
{
    (void)e;
    bool has = r->variant == 16 ? __builtin_cpu_supports("avx512f")
                                : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    r->skip = has ? NULL : "this processor lacks it";
    r->work = 2.0 * ROUNDS * CHAINS * r->variant;
    r->has_value = true;
    return true;
}

static bool step_fma(struct bench_run *r, struct err *e)
{
    (void)e;
    int64_t n = ROUNDS;
    int64_t from = clock_thread_ns();
    if (r->variant == 16)
        __asm__ volatile("vzeroall\n\t" FMAS("zmm") : "+r"(n) : : USED);
    else
        __asm__ volatile("vzeroall\n\t" FMAS("ymm") : "+r"(n) : : USED);
    r->value = r->work / (double)(clock_thread_ns() - from);
    return true;
}

static void close_nothing(struct bench_run *r)
{
    (void)r;
}

static bool open_read(struct bench_run *r, struct err *e)
{
    r->state = new_pool();
    if (r->state == NULL)
        return FAIL(e, ERR_IO, "no memory for a bench");
    memset(r->state, 1, (size_t)POOL_BYTES);
    r->work = (double)POOL_BYTES;
    r->has_value = true;
    return true;
}

static void close_read(struct bench_run *r)
{
    free(r->state);
}

/* 128 bits at a time are enough: a line comes from memory more slowly than four of them are read.
 */
static bool step_read(struct bench_run *r, struct err *e)
{
    (void)e;
    const char *at = r->state;
    __m128i s[4] = {0};
    int64_t from = clock_thread_ns();
    for (int64_t i = 0; i < POOL_BYTES; i += 256) {
        for (int j = 0; j < 4; j++)
            _mm_prefetch(at + i + 4096 + 64 * j, _MM_HINT_T0);
        for (int j = 0; j < 4; j++)
            s[j] = _mm_or_si128(s[j], _mm_load_si128((const void *)(at + i + 64 * j)));
    }
    __asm__ volatile("" : : "x"(s[0]), "x"(s[1]), "x"(s[2]), "x"(s[3]));
    r->value = r->work / (double)(clock_thread_ns() - from);
    return true;
}

/* -- the table --------------------------------------------------------------------------------- */

#define ROW(name, unit, kind, isa, shape, dtype, rows)                                             \
    {                                                                                              \
        name, unit, 1e9,                                                                           \
            rows + PER_DTYPE *(dtype) + PER_SHAPE *(shape) + PER_ISA *(isa) + PER_KIND *(kind),    \
            open_linear, step_linear, close_linear                                                 \
    }
#define FLOPS(size, what, shape, dtype, rows)                                                      \
    ROW("kernels/linear " size "/" what ", " #rows " rows", "GFLOP/s", BY_FLOPS, BEST, shape,      \
        dtype, rows)
#define BYTES(size, what, shape, dtype, rows)                                                      \
    ROW("kernels/reading " size "/" what ", " #rows " rows", "GB/s", BY_BYTES, BEST, shape, dtype, \
        rows)
#define ALL_ROWS(size, what, shape, dtype)                                                         \
    FLOPS(size, what, shape, dtype, 1), FLOPS(size, what, shape, dtype, 4),                        \
        FLOPS(size, what, shape, dtype, 8), FLOPS(size, what, shape, dtype, 32),                   \
        FLOPS(size, what, shape, dtype, 64), FLOPS(size, what, shape, dtype, 512),                 \
        BYTES(size, what, shape, dtype, 1), BYTES(size, what, shape, dtype, 8)
#define ALL_TYPES(size, shape)                                                                     \
    ALL_ROWS(size, "f32", shape, DTYPE_F32), ALL_ROWS(size, "bf16", shape, DTYPE_BF16),            \
        ALL_ROWS(size, "fp8", shape, DTYPE_F8_E4M3), ALL_ROWS(size, "q8", shape, DTYPE_Q8)
#define OF_ISA(name, isa)                                                                          \
    ROW("kernels/" name " 1024x1024/f32, 64 rows", "GFLOP/s", BY_FLOPS, isa, SQUARE, DTYPE_F32,    \
        64),                                                                                       \
        ROW("kernels/" name " 1024x1024/bf16, 8 rows", "GFLOP/s", BY_FLOPS, isa, SQUARE,           \
            DTYPE_BF16, 8),                                                                        \
        ROW("kernels/" name " 1024x1024/bf16, 1 row", "GFLOP/s", BY_FLOPS, isa, SQUARE,            \
            DTYPE_BF16, 1)

const struct bench bench_kernels[] = {
    {"kernels/ceiling/f32 multiply-add, 512 bit", "GFLOP/s", 1e9, 16, open_fma, step_fma,
     close_nothing},
    {"kernels/ceiling/f32 multiply-add, 256 bit", "GFLOP/s", 1e9, 8, open_fma, step_fma,
     close_nothing},
    {"kernels/ceiling/read 320 MB", "GB/s", 1e9, 0, open_read, step_read, close_read},
    ALL_TYPES("1024x1024", SQUARE),
    ALL_TYPES("512x1024", EXPERT_UP),
    ALL_TYPES("1024x512", EXPERT_DOWN),
    ALL_TYPES("4096x1024", DENSE_UP),
    ALL_TYPES("1024x4096", DENSE_DOWN),
    ALL_TYPES("16384x1024", HEAD),
    OF_ISA("portable", PORTABLE),
    OF_ISA("avx2", AVX2),
    OF_ISA("avx512", AVX512),
    {0},
};
