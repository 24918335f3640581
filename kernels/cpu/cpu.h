/* What the files of this folder share: the machine, its threads, and the inner loops that exist
 * once per instruction set.
 *
 * An op (norm.c, linear.c, ...) cuts its outputs into tasks and calls the inner loops; only the
 * inner loops differ between portable C, AVX2 and AVX-512, and all three add in the same order,
 * so their results are equal bit for bit (tests/parity/test_kernels_isa.c). */
#pragma once
#include <assert.h>

#include "kernels/cpu/pool.h"
#include "kernels/kernels.h"

enum {
    CPU_LANES = 16,          /* partial sums of a dot product */
    CPU_TOKENS = 64,         /* rows handed to dots at a time */
    CPU_FEW = 8,             /* rows up to which weights are widened inside the product */
    CPU_ALIGN = 64,          /* bytes; also keeps threads off each other's cache lines */
    CPU_GRAIN = 1 << 17,     /* multiplications below which waking a thread does not pay */
    ROUTE_EXPERTS_MAX = 1024 /* experts of one layer */
};

/* In front of a loop whose bounds are constants once inlined: gcc leaves it rolled at -O2, and an
 * array of sums then lives in memory instead of registers (half the speed). */
#ifdef __clang__
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* Consecutive rows of a stored matrix. Those of an F8_E4M3 matrix lie in one block of scales. */
struct cpu_rows {
    enum dtype dtype;
    const unsigned char *at;
    int64_t ld; /* bytes from row to row */
    const float *scale;
    int64_t ld_scale; /* numbers from row to row: 0 in F8_E4M3 */
};

/* Bytes that will be read soon, and how far they have been asked for. */
struct cpu_ahead {
    const char *at;
    const char *end;
};

/* Order of dot(a, b, n): 16 partial sums, number i goes to sum i % 16 by fused multiply-add in
 * ascending i (missing numbers at the end count as 0 * 0); then s[i] += s[i + 8], s[i + 4],
 * s[i + 2], s[i + 1]. */
struct cpu_isa {
    const char *name;

    /* y[t][r] = dot(x[t], w + r * ldw, K) */
    void (*dots)(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                 int64_t R, int64_t K);

    /* The same, asking on the way for memory that will be wanted next. */
    void (*dots_ahead)(float *const *y, const float *const *x, int64_t T, const float *w,
                       int64_t ldw, int64_t R, int64_t K, struct cpu_ahead *ahead);

    /* The same of stored rows, widened in registers; T <= CPU_FEW. Every byte is read once. */
    void (*few)(float *const *y, const float *const *x, int64_t T, const struct cpu_rows *w,
                int64_t R, int64_t K);

    /* y[i] = sum_j p[j * ldp] * x[j][i], by fused multiply-add in ascending j from 0 */
    void (*mix)(float *y, const float *p, int64_t ldp, const float *const *x, int64_t J, int64_t n);

    /* y[i] = silu(g[i]) * u[i], as scalar_silu computes it; y may be g or u */
    void (*swiglu)(float *y, const float *g, const float *u, int64_t n);

    /* Stored numbers as f32, exactly; E4M3 times scale[i / 128] and Q8
     * times scale[i / 32], rounded once. */
    void (*from_bf16)(float *y, const uint16_t *x, int64_t n);
    void (*from_f16)(float *y, const uint16_t *x, int64_t n);
    void (*from_e4m3)(float *y, const uint8_t *x, const float *scale, int64_t n);
    void (*from_q8)(float *y, const int8_t *x, const float *scale, int64_t n);
};

/* product_avx2.c and product_avx512.c, for the tables in isa_*.c */
void cpu_dots_avx2(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                   int64_t R, int64_t K);
void cpu_dots_ahead_avx2(float *const *y, const float *const *x, int64_t T, const float *w,
                         int64_t ldw, int64_t R, int64_t K, struct cpu_ahead *ahead);
void cpu_few_avx2(float *const *y, const float *const *x, int64_t T, const struct cpu_rows *w,
                  int64_t R, int64_t K);
void cpu_dots_avx512(float *const *y, const float *const *x, int64_t T, const float *w, int64_t ldw,
                     int64_t R, int64_t K);
void cpu_dots_ahead_avx512(float *const *y, const float *const *x, int64_t T, const float *w,
                           int64_t ldw, int64_t R, int64_t K, struct cpu_ahead *ahead);
void cpu_few_avx512(float *const *y, const float *const *x, int64_t T, const struct cpu_rows *w,
                    int64_t R, int64_t K);

extern const struct cpu_isa cpu_portable;
extern const struct cpu_isa cpu_avx2;
extern const struct cpu_isa cpu_avx512;

struct cpu {
    struct kernels base;
    const struct cpu_isa *isa;
    const struct cpu_cache_isa *cache;
    struct pool *pool;
    int n_threads;
    struct kernel_limits limits; /* largest asked for so far */
    int64_t n_scratch;           /* bytes of one thread's */
    unsigned char *scratch;
    struct cpu_moe *moe; /* lists of the experts op */
    float *score;        /* [few rows][context] of index_select */
};

static inline struct cpu *cpu_of(struct kernels *k)
{
    return (struct cpu *)k;
}

/* One thread's working memory; assert that the part used fits. */
static inline void *cpu_scratch(const struct cpu *c, int thread, int64_t n_bytes)
{
    assert(n_bytes <= c->n_scratch);
    return c->scratch + thread * c->n_scratch;
}

static inline int64_t cpu_round(int64_t n, int64_t unit)
{
    return (n + unit - 1) / unit * unit;
}

/* n_tasks tasks of about `work` multiplications each, here alone if that is little. */
void cpu_run(struct cpu *c, int64_t n_tasks, int64_t work, pool_fn *fn, void *ctx);

/* linear.c: how many rows a band has at most, and when n_out outputs of T tokens are shared out */
int64_t cpu_weight_rows(int64_t n_in);
int64_t cpu_weight_band(const struct cpu *c, int64_t n_out, int64_t n_in, int64_t T);
int64_t cpu_weight_room(int64_t n_rows, int64_t n_in); /* floats */

/* A band of rows made ready for T tokens: as stored where those are few, else as f32, in room
 * [cpu_weight_room] unless it is stored so. */
struct cpu_band {
    struct cpu_rows rows;
    const float *wide; /* NULL: as stored */
    int64_t ld_wide;
    int64_t n;
    int64_t n_in;
};

struct cpu_band cpu_band_of(const struct cpu *c, const struct kweight *w, int64_t first, int64_t n,
                            int64_t T, float *room);

/* y[t][r] = x[t] . row r, for at most CPU_TOKENS of the tokens. `ahead` is what comes next. */
void cpu_band_times(const struct cpu *c, const struct cpu_band *b, float *const *y,
                    const float *const *x, int64_t T, struct cpu_ahead *ahead);

/* n rows of a stored matrix, as many of them as there are */
struct cpu_ahead cpu_ahead_of(const struct kweight *w, int64_t first, int64_t n);

/* Bytes of scratch that one thread needs in each file. */
int64_t cpu_linear_scratch(const struct kernel_limits *most);
int64_t cpu_select_scratch(const struct kernel_limits *most);
/* Floats that all threads share, for scores of few rows. */
int64_t cpu_select_shared(const struct kernel_limits *most, int n_threads);
int64_t cpu_attend_scratch(const struct kernel_limits *most);
int64_t cpu_moe_scratch(const struct kernel_limits *most);
MUST_CHECK bool cpu_moe_open(struct cpu *c, const struct kernel_limits *most, struct err *e);
void cpu_moe_close(struct cpu *c);

/* The ops, one file each; see kernels.h. */
bool cpu_alloc(struct kernels *k, int64_t n_bytes, void **out, struct err *e);
void cpu_release(struct kernels *k, void *m);
bool cpu_embed(struct kernels *k, struct kmat y, const int32_t *id, const struct kweight *w,
               int64_t T, struct err *e);
bool cpu_gather(struct kernels *k, struct kmat y, struct kmat x, const int32_t *row, int64_t T,
                int64_t n, struct err *e);
bool cpu_copy(struct kernels *k, void *dst, const void *src, int64_t n, struct err *e);
bool cpu_add(struct kernels *k, struct kmat y, struct kmat x, int64_t T, int64_t n, struct err *e);
bool cpu_swiglu(struct kernels *k, struct kmat y, struct kmat g, struct kmat u, int64_t T,
                int64_t n, struct err *e);
bool cpu_cache_put(struct kernels *k, const struct kpages *cache, const struct krows *rows,
                   struct kmat x, int64_t T, struct err *e);
bool cpu_rms_norm(struct kernels *k, struct kmat y, struct kmat x, const float *w, int64_t T,
                  int64_t H, float eps, struct err *e);
bool cpu_layer_norm(struct kernels *k, struct kmat y, struct kmat x, const float *w, const float *b,
                    int64_t T, int64_t n, float eps, struct err *e);
bool cpu_act_quant(struct kernels *k, struct kmat y, struct kmat x, int64_t T, int64_t n,
                   int64_t block, struct err *e);
bool cpu_hadamard(struct kernels *k, struct kheads x, int64_t T, int64_t n_heads, int64_t dim,
                  struct err *e);
bool cpu_rope_table(struct kernels *k, float *table, const int32_t *position, const float *speed,
                    int64_t T, int64_t n, struct err *e);
bool cpu_rope(struct kernels *k, struct kheads y, struct kheads x, const float *table,
              enum krope layout, int64_t T, int64_t n_heads, int64_t dim, struct err *e);
bool cpu_linear(struct kernels *k, struct kmat y, struct kmat x, const struct kweight *w, int64_t T,
                struct err *e);
bool cpu_linear_heads(struct kernels *k, struct kheads y, struct kheads x, const struct kweight *w,
                      int64_t T, int64_t n_heads, struct err *e);
bool cpu_index_select(struct kernels *k, const struct kselect *out, struct kheads q, struct kmat w,
                      float scale, const struct kpages *cache, const struct krows *rows, int64_t T,
                      int64_t n_heads, int64_t topk, struct err *e);
bool cpu_attend(struct kernels *k, struct kheads y, struct kheads q, float scale,
                const struct kpages *cache, const struct krows *rows, const struct kselect *which,
                int64_t T, int64_t n_heads, int64_t rank, struct err *e);
bool cpu_route(struct kernels *k, const struct kroute *out, struct kmat logits, const float *bias,
               const struct kroute_rule *rule, int64_t T, struct err *e);
bool cpu_experts(struct kernels *k, struct kmat y, struct kmat x, const struct kroute *route,
                 const struct kmlp *experts, int64_t n_experts, bool is_quant, int64_t T,
                 struct err *e);

/* norm.c, also used between the two halves of an expert */
void cpu_quant_row(float *y, const float *x, int64_t n, int64_t block);

/* The row of (slot, position) in a cache. */
static inline unsigned char *cpu_cache_row(const struct kpages *c, int32_t slot, int32_t position)
{
    int64_t page = c->table[slot * c->n_table + position / KERNEL_PAGE];
    int64_t row = page * KERNEL_PAGE + position % KERNEL_PAGE;
    return (unsigned char *)c->pool + row * kpages_row_bytes(c);
}

/* cache_rows.c: a row as the cache keeps it, and as f32 again: dim floats to y, or where the row
 * lies when it is f32 already. */
void cpu_cache_store(const struct kpages *c, unsigned char *row, const float *x);
const float *cpu_cache_load(const struct cpu *cpu, const struct kpages *c, const unsigned char *row,
                            float *y);

/* norm.c: the power of two under which act_quant rounds these numbers. */
float cpu_quant_scale(const float *x, int64_t n);
