#include "engine/forward.h"

#include <assert.h>
#include <stdlib.h>

bool forward_linear(struct forward *f, struct kmat y, struct kmat x, const struct kweight *w,
                    int64_t T, struct err *e)
{
    if (f->quant == QUANT_FP8 && w->dtype == DTYPE_F8_E4M3) {
        struct kmat rounded = {f->rounded, w->n_in};
        TRY(f->m->k->ops->act_quant(f->m->k, rounded, x, T, w->n_in, KERNEL_BLOCK, e));
        x = rounded;
    }
    return f->m->k->ops->linear(f->m->k, y, x, w, T, e);
}

bool forward_layer(struct forward *f, int64_t layer, int64_t T, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_layer *l = &f->m->layers[layer];
    int64_t H = f->m->config.n_hidden;
    float eps = f->m->config.norm_eps;
    struct kmat x = {f->x, H};
    struct kmat xn = {f->xn, H};
    struct kmat y = {f->y, H};
    TRY(op->rms_norm(f->m->k, xn, x, l->input_norm, T, H, eps, e));
    TRY(mla_forward(f, layer, T, e));
    TRY(op->add(f->m->k, x, y, T, H, e));
    TRY(op->rms_norm(f->m->k, xn, x, l->post_norm, T, H, eps, e));
    TRY(ffn_forward(f, layer, T, e));
    return op->add(f->m->k, x, y, T, H, e);
}

/* Shows every row of a state to whoever watches. */
static bool show(struct forward *f, const struct batch *b, int64_t layer, const float *state,
                 struct err *e)
{
    int64_t H = f->m->config.n_hidden;
    for (int64_t t = 0; f->tap != NULL && t < b->T; t++) {
        TRY(f->m->k->ops->get(f->m->k, f->tap_row, state + t * H, H * (int64_t)sizeof(float), e));
        f->tap(f->tap_ctx, layer, b->position[t], f->tap_row, H);
    }
    return true;
}

bool forward_upload(struct forward *f, const struct batch *b, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    int64_t n = b->T * (int64_t)sizeof(int32_t);
    TRY(op->put(f->m->k, f->id, b->id, n, e));
    TRY(op->put(f->m->k, f->slot, b->slot, n, e));
    TRY(op->put(f->m->k, f->position, b->position, n, e));
    return op->rope_table(f->m->k, f->table, f->position, f->m->speed, b->T,
                          f->m->config.rope_dim / 2, e);
}

bool forward_run(struct forward *f, const struct batch *b, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_config *c = &f->m->config;
    struct kmat x = {f->x, c->n_hidden};
    struct kmat xn = {f->xn, c->n_hidden};
    assert(b->T >= 1 && b->T <= f->n_rows);
    TRY(forward_upload(f, b, e));
    TRY(op->embed(f->m->k, x, f->id, &f->m->embed, b->T, e));
    TRY(show(f, b, -1, f->x, e));
    for (int64_t i = 0; i < c->n_layers; i++) {
        TRY(forward_layer(f, i, b->T, e));
        TRY(show(f, b, i, f->x, e));
    }
    TRY(op->rms_norm(f->m->k, xn, x, f->m->final_norm, b->T, c->n_hidden, c->norm_eps, e));
    return show(f, b, c->n_layers, f->xn, e);
}

bool forward_head(struct forward *f, const struct kweight *head, const int32_t *row, int64_t n,
                  float *out, struct err *e)
{
    const struct kernel_ops *op = f->m->k->ops;
    const struct model_config *c = &f->m->config;
    struct kmat final = {f->final, c->n_hidden};
    struct kmat logits = {f->logits, c->n_vocab};
    assert(n >= 1 && n <= f->n_out);
    TRY(op->put(f->m->k, f->out_row, row, n * (int64_t)sizeof *row, e));
    TRY(op->gather(f->m->k, final, (struct kmat){f->xn, c->n_hidden}, f->out_row, n, c->n_hidden,
                   e));
    TRY(op->linear(f->m->k, logits, final, head, n, e));
    return op->get(f->m->k, out, f->logits, n * c->n_vocab * (int64_t)sizeof(float), e);
}

bool forward_logits(struct forward *f, const int32_t *row, int64_t n, float *out, struct err *e)
{
    return forward_head(f, &f->m->head, row, n, out, e);
}

/* -- work buffers ----------------------------------------------------------------------------- */

static int64_t most(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* n numbers of 4 bytes. out points at a float or int32_t pointer. */
static bool take(struct forward *f, int64_t n, void *out, struct err *e)
{
    assert(f->n_owned < (int64_t)(sizeof f->owned / sizeof f->owned[0]));
    void *p = NULL;
    TRY(f->m->k->ops->alloc(f->m->k, n * 4, &p, e));
    f->owned[f->n_owned++] = p;
    *(void **)out = p;
    return true;
}

static int64_t widest_mlp(const struct model_config *c)
{
    int64_t n = most(c->n_dense_layers > 0 ? c->dense_inner : 0, c->shared_inner);
    return most(n, c->expert_inner);
}

static int64_t widest_input(const struct model_config *c)
{
    int64_t n = most(2 * c->n_hidden, most(c->q_rank, c->kv_rank));
    return most(n, most(c->n_heads * c->v_dim, widest_mlp(c)));
}

static bool take_attention(struct forward *f, int64_t n_selected, struct err *e)
{
    const struct model_config *c = &f->m->config;
    int64_t T = f->n_rows;
    f->which.stride = n_selected;
    return take(f, T * c->q_rank, &f->qa, e) &&
           take(f, T * c->n_heads * (c->nope_dim + c->rope_dim), &f->q, e) &&
           take(f, T * (c->kv_rank + c->rope_dim), &f->kv_row, e) &&
           take(f, T * c->index_n_heads * c->index_dim, &f->iq, e) &&
           take(f, T * c->index_dim, &f->ik, e) && take(f, T * c->index_n_heads, &f->iw, e) &&
           take(f, T * c->n_heads * (c->kv_rank + c->rope_dim), &f->qc, e) &&
           take(f, T * c->n_heads * c->kv_rank, &f->oc, e) &&
           take(f, T * c->n_heads * c->v_dim, &f->att, e) &&
           take(f, T * n_selected, &f->which.at, e) && take(f, T, &f->which.n, e);
}

static bool take_rest(struct forward *f, struct err *e)
{
    const struct model_config *c = &f->m->config;
    int64_t T = f->n_rows;
    int64_t H = c->n_hidden;
    f->route.n_used = c->n_experts_used;
    return take(f, T, &f->id, e) && take(f, T, &f->slot, e) && take(f, T, &f->position, e) &&
           take(f, f->n_out, &f->out_row, e) && take(f, T * c->rope_dim, &f->table, e) &&
           take(f, T * H, &f->x, e) && take(f, T * H, &f->xn, e) && take(f, T * H, &f->y, e) &&
           take(f, T * widest_input(c), &f->rounded, e) &&
           take(f, T * widest_mlp(c), &f->gate, e) && take(f, T * widest_mlp(c), &f->up, e) &&
           take(f, T * c->n_experts, &f->scores, e) &&
           take(f, T * c->n_experts_used, &f->route.expert, e) &&
           take(f, T * c->n_experts_used, &f->route.weight, e) &&
           take(f, f->m->has_mtp ? T * 2 * H : 0, &f->pair, e) && take(f, T, &f->from_row, e) &&
           take(f, f->n_out * H, &f->final, e) && take(f, f->n_out * c->n_vocab, &f->logits, e);
}

static bool reserve(struct forward *f, int64_t n_selected, int64_t n_cached, struct err *e)
{
    const struct model_config *c = &f->m->config;
    struct kernel_limits limits = {
        .n_rows = f->n_rows,
        .n_in = most(widest_input(c), most(c->nope_dim, c->index_dim)),
        .n_selected = n_selected,
        .n_cached = n_cached,
        .n_cache_dim = most(c->kv_rank + c->rope_dim, c->index_dim),
        .n_heads = most(c->n_heads, c->index_n_heads),
        .n_experts = c->n_experts,
        .n_used = c->n_experts_used,
        .n_inner = c->expert_inner,
    };
    return f->m->k->ops->reserve(f->m->k, &limits, e);
}

bool forward_keep_routes(struct forward *f, struct err *e)
{
    const struct model_config *c = &f->m->config;
    f->routes = calloc((size_t)(c->n_layers * f->n_rows * c->n_experts_used) + 1, sizeof(int32_t));
    return f->routes != NULL || FAIL(e, ERR_IO, "no memory for a trace");
}

void forward_close(struct forward *f)
{
    if (f == NULL)
        return;
    free(f->routes);
    for (int64_t i = 0; i < f->n_owned; i++)
        f->m->k->ops->release(f->m->k, f->owned[i]);
    free(f->tap_row);
    free(f);
}

bool forward_open(struct forward **out, struct model *m, struct kv *kv, enum quant quant,
                  int64_t n_rows, int64_t n_out, int64_t n_cached, struct err *e)
{
    struct forward *f = calloc(1, sizeof *f);
    float *tap_row = calloc((size_t)m->config.n_hidden, sizeof *tap_row);
    if (f == NULL || tap_row == NULL) {
        free(f);
        free(tap_row);
        return FAIL(e, ERR_IO, "no memory for a forward pass");
    }
    *f = (struct forward){.m = m, .kv = kv, .quant = quant, .n_rows = n_rows, .n_out = n_out};
    f->tap_row = tap_row;
    if (!take_attention(f, m->config.index_topk, e) || !take_rest(f, e) ||
        !reserve(f, m->config.index_topk, n_cached, e)) {
        forward_close(f);
        return false;
    }
    f->rows = (struct krows){f->slot, f->position};
    *out = f;
    return true;
}
