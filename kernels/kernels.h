/* The arithmetic a model needs, behind one table per machine.
 *
 * kernels_cpu_open() and kernels_cuda_open() fill the same table, and both machines can live in
 * one process, which is what the parity tests rely on. No caller knows which one it holds and
 * no #ifdef chooses: a build without nvcc links kernels/cuda_absent.c.
 *
 * Machine memory. A pointer from alloc() or adopt() belongs to the machine: the caller may add
 * to it and pass it back, and never reads or writes through it (put and get do). Arguments
 * marked "host" are ordinary memory, read before the call returns.
 *
 * Bits. Every number an op writes is summed in an order that depends on its own shape alone:
 * never on T, on the other rows of the call, or on the number of threads. Threads split outputs,
 * never sums. kernels/README.md writes the orders down.
 *
 * Shapes are row-major, slowest axis first. T rows (tokens) in the call, H hidden. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "kernels/dtype.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
    KERNEL_PAGE = 64,     /* tokens in one page of a cache */
    KERNEL_BLOCK = 128,   /* side of a weight block that shares a scale; activation block */
    KERNEL_Q8_BLOCK = 32, /* inputs of one row that share a scale in DTYPE_Q8 */
};

/* T rows of f32, `stride` floats apart. */
struct kmat {
    float *at;
    int64_t stride;
};

/* T rows of n heads: heads lie `head` floats apart inside a row. */
struct kheads {
    float *at;
    int64_t stride;
    int64_t head;
};

/* A stored matrix, y = x W^T. F8_E4M3 has one scale for 128x128 numbers, Q8 one for 32 numbers of
 * a row: W = w * scale, rounded to f32 once. */
struct kweight {
    const void *at; /* [n_out][n_in], aligned to its dtype */
    const float
        *scale; /* F8_E4M3 [ceil(n_out / 128)][ceil(n_in / 128)], Q8 [n_out][ceil(n_in / 32)] */
    enum dtype dtype;
    int64_t n_out;
    int64_t n_in;
};

/* One gated MLP: down(silu(gate x) * up x). */
struct kmlp {
    struct kweight gate;
    struct kweight up;
    struct kweight down;
};

/* Whose row it is and where in its sequence, for T rows. */
struct krows {
    const int32_t *slot;     /* [T] */
    const int32_t *position; /* [T] */
};

/* How a cache keeps the numbers of a row; sums over it are in f32 in any case. */
enum kv_type {
    KV_F32,
    KV_BF16, /* rounded to nearest even */
    /* rank E4M3 numbers, one f32 scale for every 128 of them (a power of two, as act_quant's), then
     * dim - rank BF16, filled up to 4 bytes: 512 + 16 + 128 = 656 for the released model's latent,
     * 128 + 4 for its indexer's key. Source FlashMLA, "FP8 with scale" layout. */
    KV_FP8,
};

/* A cache in pages: the row of (slot, position) is in page table[slot][position / 64]. */
struct kpages {
    void *pool;           /* [n_pages][64] rows of kpages_row_bytes() */
    const int32_t *table; /* [n_slots][n_table] */
    int64_t n_table;
    int64_t dim; /* numbers of a row */
    enum kv_type type;
    int64_t rank; /* KV_FP8: the first so many numbers of a row are E4M3, the rest BF16 */
};

static inline int64_t kpages_row_bytes(const struct kpages *c)
{
    int64_t n_scales = (c->rank + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
    if (c->type == KV_F32)
        return c->dim * 4;
    if (c->type == KV_BF16)
        return (c->dim * 2 + 3) / 4 * 4;
    return (c->rank + n_scales * 4 + (c->dim - c->rank) * 2 + 3) / 4 * 4;
}

/* Positions each row attends to, ascending. */
struct kselect {
    int32_t *at; /* [T][stride] */
    int32_t *n;  /* [T] */
    int64_t stride;
};

/* Experts of each row, ascending by expert, with their weights. */
struct kroute {
    int32_t *expert; /* [T][n_used] */
    float *weight;   /* [T][n_used] */
    int64_t n_used;
};

struct kroute_rule {
    int64_t n_experts;
    int64_t n_groups;
    int64_t n_groups_used;
    bool is_normed; /* weights are divided by their sum + 1e-20 */
    float scale;    /* then multiplied by this */
};

enum krope {
    ROPE_PAIRS,  /* (2i, 2i+1): MLA */
    ROPE_HALVES, /* (i, i + dim/2): lightning indexer */
};

/* The largest shapes that later calls will use, so that no call allocates. */
struct kernel_limits {
    int64_t n_rows;      /* T */
    int64_t n_in;        /* any matrix */
    int64_t n_selected;  /* cached positions one row attends to */
    int64_t n_cached;    /* positions of one request */
    int64_t n_cache_dim; /* numbers of one cached row */
    int64_t n_heads;     /* of attention and of the indexer */
    int64_t n_experts;   /* 0: none */
    int64_t n_used;      /* per token */
    int64_t n_inner;     /* of one expert */
};

struct kernels;

struct kernel_ops {
    /* Zeroed memory of the machine, aligned to 64 bytes. ERR_DEVICE when there is none left. */
    bool (*alloc)(struct kernels *k, int64_t n_bytes, void **out, struct err *e);
    void (*release)(struct kernels *k, void *m); /* NULL is fine */
    bool (*put)(struct kernels *k, void *dst, const void *host, int64_t n, struct err *e);
    bool (*get)(struct kernels *k, void *host, const void *src, int64_t n, struct err *e);

    /* n bytes from one place of the machine's memory to another; they do not overlap. */
    bool (*copy)(struct kernels *k, void *dst, const void *src, int64_t n, struct err *e);

    /* Weights that stay where they are if the machine can read them there. Borrowed until close. */
    bool (*adopt)(struct kernels *k, const void *host, int64_t n, const void **out, struct err *e);

    /* Takes the working memory of all ops below. Before the first of them; again when another
     * user of the machine has larger shapes. */
    bool (*reserve)(struct kernels *k, const struct kernel_limits *most, struct err *e);

    /* y[t] = W[id[t]]: rows of the embedding as f32. id [T] */
    bool (*embed)(struct kernels *k, struct kmat y, const int32_t *id, const struct kweight *w,
                  int64_t T, struct err *e);

    /* y[t] = x[row[t]], n floats each. row [T] */
    bool (*gather)(struct kernels *k, struct kmat y, struct kmat x, const int32_t *row, int64_t T,
                   int64_t n, struct err *e);

    /* y[t][i] += x[t][i] */
    bool (*add)(struct kernels *k, struct kmat y, struct kmat x, int64_t T, int64_t n,
                struct err *e);

    /* y[t][h] = w[h] * (x[t][h] / sqrt(mean_h(x[t]^2) + eps)); y may be x.
     * Source DeepSeek-V3.2-Exp inference/model.py, class RMSNorm. */
    bool (*rms_norm)(struct kernels *k, struct kmat y, struct kmat x, const float *w, int64_t T,
                     int64_t H, float eps, struct err *e);

    /* y = (x - mean) / sqrt(var + eps) * w + b, var over n (biased); y may be x. */
    bool (*layer_norm)(struct kernels *k, struct kmat y, struct kmat x, const float *w,
                       const float *b, int64_t T, int64_t n, float eps, struct err *e);

    /* Every `block` numbers of a row (the last block may be short) rounded to what FP8 E4M3 under
     * one ue8m0 scale can hold, written as f32: amax floored at 1e-4, scale the power of two not
     * below amax / 448, nearest even. y may be x.
     * Source DeepSeek-V3.2-Exp inference/kernel.py, act_quant. */
    bool (*act_quant)(struct kernels *k, struct kmat y, struct kmat x, int64_t T, int64_t n,
                      int64_t block, struct err *e);

    /* x[t][h] = H x[t][h] * dim^-0.5 in place, H in Sylvester order. dim a power of two. */
    bool (*hadamard)(struct kernels *k, struct kheads x, int64_t T, int64_t n_heads, int64_t dim,
                     struct err *e);

    /* table[t] = cos, then sin, of position[t] * speed[i], i < n. The angle is a product in f32,
     * as in the published code; its cosine is rounded once. table [T][2n], speed [n] */
    bool (*rope_table)(struct kernels *k, float *table, const int32_t *position, const float *speed,
                       int64_t T, int64_t n, struct err *e);

    /* y = x rotated by the table, dim = 2n numbers of every head; y may be x. */
    bool (*rope)(struct kernels *k, struct kheads y, struct kheads x, const float *table,
                 enum krope layout, int64_t T, int64_t n_heads, int64_t dim, struct err *e);

    /* y[t][o] = sum_i x[t][i] * W[o][i] */
    bool (*linear)(struct kernels *k, struct kmat y, struct kmat x, const struct kweight *w,
                   int64_t T, struct err *e);

    /* y[t][h][o] = sum_i x[t][h][i] * w[h * n_out + o][i]: as many rows of w for every head, in any
     * format but F8_E4M3, whose blocks know no heads */
    bool (*linear_heads)(struct kernels *k, struct kheads y, struct kheads x,
                         const struct kweight *w, int64_t T, int64_t n_heads, struct err *e);

    /* y[t][i] = silu(g[t][i]) * u[t][i]; y may be g or u */
    bool (*swiglu)(struct kernels *k, struct kmat y, struct kmat g, struct kmat u, int64_t T,
                   int64_t n, struct err *e);

    /* Stores row t of x, cache.dim floats, at (slot, position) of row t, as the cache keeps them.
     */
    bool (*cache_put)(struct kernels *k, const struct kpages *cache, const struct krows *rows,
                      struct kmat x, int64_t T, struct err *e);

    /* score[t][s] = sum_h max(0, q[t][h] . key[s]) * w[t][h] * scale, for s <= position[t]; the
     * `topk` best, ties to the lower position; all of them while there are no more than topk.
     * q [T][n_heads][cache.dim], w [T][n_heads], out.stride >= topk */
    bool (*index_select)(struct kernels *k, const struct kselect *out, struct kheads q,
                         struct kmat w, float scale, const struct kpages *cache,
                         const struct krows *rows, int64_t T, int64_t n_heads, int64_t topk,
                         struct err *e);

    /* y[t][h] = sum_s p[s] * row[s][0 .. rank), p = softmax_s(q[t][h] . row[s] * scale) over the
     * selected positions. q [T][n_heads][cache.dim] contiguous heads, y [T][n_heads][rank] */
    bool (*attend)(struct kernels *k, struct kheads y, struct kheads q, float scale,
                   const struct kpages *cache, const struct krows *rows,
                   const struct kselect *which, int64_t T, int64_t n_heads, int64_t rank,
                   struct err *e);

    /* The experts of each row from its logits [T][n_experts]: s = sigmoid(logit), choice by
     * s + bias; groups ranked by the sum of their two best, the best n_groups_used kept, the best
     * n_used experts of those taken, ties to the lower index; weights from s.
     * Source DeepSeek-V3.2-Exp inference/model.py, class Gate. */
    bool (*route)(struct kernels *k, const struct kroute *out, struct kmat logits,
                  const float *bias, const struct kroute_rule *rule, int64_t T, struct err *e);

    /* y[t] += sum over the experts of row t, ascending, of weight * mlp(x[t]). `is_quant` rounds
     * the inner activations as act_quant does before a stored F8_E4M3 down projection (x is the
     * caller's to round). experts [n_experts] host, same shapes; x [T][H], y [T][H] */
    bool (*experts)(struct kernels *k, struct kmat y, struct kmat x, const struct kroute *route,
                    const struct kmlp *experts, int64_t n_experts, bool is_quant, int64_t T,
                    struct err *e);

    void (*close)(struct kernels *k);
};

struct kernels {
    const struct kernel_ops *ops; /* first member: each machine extends this struct */
    const char *name;             /* "avx2", "avx512", "portable", "cuda" */
};

/* isa: "portable", "avx2", "avx512", or NULL for the best this processor has. n_threads counts
 * the calling one; 0: as many as the process may run on. ERR_UNSUPPORTED when the processor
 * lacks the isa. Calls on one machine come from one thread at a time. */
MUST_CHECK bool kernels_cpu_open(struct kernels **out, int n_threads, const char *isa,
                                 struct err *e);
MUST_CHECK bool kernels_cuda_open(struct kernels **out, int device, struct err *e);
void kernels_close(struct kernels *k); /* NULL is fine */

#ifdef __cplusplus
}
#endif
