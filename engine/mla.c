/* Multi-head latent attention with the lightning indexer, in the absorbed form.
 *
 *   qr = norm(q_a x)                       q  = q_b qr            per head: nope | rope
 *   c | k_pe = kv_a x                      c  = norm(c)           cached: c | rotated k_pe
 *   indexer: qI = wq_b qr, kI = LayerNorm(wk x), w = weights_proj x; kI cached
 *   chosen positions = topk_s sum_h relu(qI_h . kI_s) w_h
 *   q'_h = W_UK,h^T q_nope_h | rotated q_rope_h                   same space as the cache
 *   o'_h = softmax(q'_h . row_s) c_s       out = o_proj(concat_h W_UV,h o'_h)
 *
 * The absorbed form serves prefill too. It costs more multiplications there than expanding keys
 * and values would, but a token then goes through the same sums whether it came in a prompt of
 * a thousand or alone, which is what makes chunking invisible. */
#include <assert.h>

#include "engine/forward.h"

/* c | k_pe into the cache. FP8 keeps the latent as it would be stored: one scale for 128. */
static bool cache_latent(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    struct kernels *k = f->m->k;
    const struct model_config *c = &f->m->config;
    const struct model_layer *l = &f->m->layers[layer];
    int64_t dim = c->kv_rank + c->rope_dim;
    struct kmat row = {f->kv_row, dim};
    struct kheads key = {f->kv_row + c->kv_rank, dim, 0};
    struct kpages cache = kv_latent(f->kv, layer);
    TRY(forward_linear(f, row, (struct kmat){f->xn, c->n_hidden}, &l->kv_a, T, e));
    TRY(op->rms_norm(k, row, row, l->kv_a_norm, T, c->kv_rank, c->latent_norm_eps, e));
    if (f->quant == QUANT_FP8)
        TRY(op->act_quant(k, row, row, T, c->kv_rank, KERNEL_BLOCK, e));
    TRY(op->rope(k, key, key, f->table, ROPE_PAIRS, T, 1, c->rope_dim, e));
    return op->cache_put(k, &cache, &f->rows, row, T, e);
}

/* Rotates the first rope numbers of n heads by halves; FP8: Hadamard, then rounds each head. */
static bool finish_index(struct forward *f, struct kheads x, int64_t n, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_config *c = &f->m->config;
    struct kmat flat = {x.at, x.stride};
    int64_t block = c->index_dim < KERNEL_BLOCK ? c->index_dim : KERNEL_BLOCK;
    TRY(op->rope(f->m->k, x, x, f->table, ROPE_HALVES, T, n, c->rope_dim, e));
    if (f->quant != QUANT_FP8)
        return true;
    TRY(op->hadamard(f->m->k, x, T, n, c->index_dim, e));
    return op->act_quant(f->m->k, flat, flat, T, n * c->index_dim, block, e);
}

/* f->which: the positions every row attends to. f->qa holds the normed query latent. */
static bool choose(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    struct kernels *k = f->m->k;
    const struct model_config *c = &f->m->config;
    const struct model_layer *l = &f->m->layers[layer];
    struct kpages cache = kv_key(f->kv, layer);
    struct kmat xn = {f->xn, c->n_hidden};
    struct kmat key = {f->ik, c->index_dim};
    struct kmat weight = {f->iw, c->index_n_heads};
    struct kheads q = {f->iq, c->index_n_heads * c->index_dim, c->index_dim};
    TRY(forward_linear(f, (struct kmat){q.at, q.stride}, (struct kmat){f->qa, c->q_rank}, &l->idx_q,
                       T, e));
    TRY(forward_linear(f, key, xn, &l->idx_k, T, e));
    TRY(op->layer_norm(k, key, key, l->idx_norm_w, l->idx_norm_b, T, c->index_dim,
                       c->latent_norm_eps, e));
    TRY(op->linear(k, weight, xn, &l->idx_weights, T, e));
    TRY(finish_index(f, q, c->index_n_heads, T, e));
    TRY(finish_index(f, (struct kheads){f->ik, c->index_dim, c->index_dim}, 1, T, e));
    TRY(op->cache_put(k, &cache, &f->rows, key, T, e));
    return op->index_select(k, &f->which, q, weight, f->m->index_scale, &cache, &f->rows, T,
                            c->index_n_heads, c->index_topk, e);
}

/* f->qc: every head's query in the space of cached rows. */
static bool absorb_query(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_config *c = &f->m->config;
    const struct model_layer *l = &f->m->layers[layer];
    int64_t from = c->nope_dim + c->rope_dim;
    int64_t to = c->kv_rank + c->rope_dim;
    struct kheads q = {f->q, c->n_heads * from, from};
    struct kheads qc = {f->qc, c->n_heads * to, to};
    struct kheads q_rope = {q.at + c->nope_dim, q.stride, q.head};
    struct kheads qc_rope = {qc.at + c->kv_rank, qc.stride, qc.head};
    TRY(forward_linear(f, (struct kmat){q.at, q.stride}, (struct kmat){f->qa, c->q_rank}, &l->q_b,
                       T, e));
    TRY(op->linear_heads(f->m->k, qc, q, &l->key_up, T, c->n_heads, e));
    return op->rope(f->m->k, qc_rope, q_rope, f->table, ROPE_PAIRS, T, c->n_heads, c->rope_dim, e);
}

bool mla_forward(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    struct kernels *k = f->m->k;
    const struct model_config *c = &f->m->config;
    const struct model_layer *l = &f->m->layers[layer];
    struct kmat qa = {f->qa, c->q_rank};
    struct kpages cache = kv_latent(f->kv, layer);
    struct kheads qc = {f->qc, c->n_heads * cache.dim, cache.dim};
    struct kheads oc = {f->oc, c->n_heads * c->kv_rank, c->kv_rank};
    struct kheads att = {f->att, c->n_heads * c->v_dim, c->v_dim};
    assert(cache.dim == c->kv_rank + c->rope_dim);
    TRY(forward_linear(f, qa, (struct kmat){f->xn, c->n_hidden}, &l->q_a, T, e));
    TRY(op->rms_norm(k, qa, qa, l->q_a_norm, T, c->q_rank, c->latent_norm_eps, e));
    TRY(cache_latent(f, layer, T, e));
    TRY(choose(f, layer, T, e));
    TRY(absorb_query(f, layer, T, e));
    TRY(op->attend(k, oc, qc, c->softmax_scale, &cache, &f->rows, &f->which, T, c->n_heads,
                   c->kv_rank, e));
    TRY(op->linear_heads(k, att, oc, &l->value_up, T, c->n_heads, e));
    return forward_linear(f, (struct kmat){f->y, c->n_hidden}, (struct kmat){att.at, att.stride},
                          &l->o, T, e);
}
