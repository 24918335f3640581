#include "engine/model.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "kernels/narrow.h"

bool model_alloc(struct model *m, int64_t n_floats, float **out, struct err *e)
{
    if (m->n_owned == m->cap_owned) {
        int64_t cap = m->cap_owned == 0 ? 64 : 2 * m->cap_owned;
        void **grown = realloc(m->owned, (size_t)cap * sizeof *grown);
        if (grown == NULL)
            return FAIL(e, ERR_IO, "no memory for the model's table");
        m->owned = grown;
        m->cap_owned = cap;
    }
    void *p = NULL;
    TRY(m->k->ops->alloc(m->k, n_floats * (int64_t)sizeof(float), &p, e));
    m->owned[m->n_owned++] = p;
    *out = p;
    return true;
}

static bool put(struct model *m, void *dst, const void *src, int64_t n_floats, struct err *e)
{
    return m->k->ops->put(m->k, dst, src, n_floats * (int64_t)sizeof(float), e);
}

static int64_t blocks(int64_t n)
{
    return (n + KERNEL_BLOCK - 1) / KERNEL_BLOCK;
}

/* A stored tensor as a matrix of the machine; a vector is one row. */
static bool bind(struct model *m, struct kweight *out, const struct tensor *t, struct err *e)
{
    assert(t->data != NULL);
    assert(t->n_dims == 1 || t->n_dims == 2);
    struct kweight w = {.dtype = t->dtype};
    w.n_out = t->n_dims == 1 ? 1 : t->shape[0];
    w.n_in = t->shape[t->n_dims - 1];
    TRY(m->k->ops->adopt(m->k, t->data, w.n_out * w.n_in * dtype_size(w.dtype), &w.at, e));
    if (w.dtype == DTYPE_F8_E4M3) {
        const void *scale = NULL;
        int64_t n = blocks(w.n_out) * blocks(w.n_in);
        assert(t->scale_inv != NULL);
        TRY(m->k->ops->adopt(m->k, t->scale_inv, n * (int64_t)sizeof(float), &scale, e));
        w.scale = scale;
    }
    *out = w;
    return true;
}

/* A large matrix: stored, or made narrower. */
static bool bind_large(struct model *m, struct kweight *out, const struct tensor *t, struct err *e)
{
    return bind(m, out, t, e) && model_narrow(m, out, t->name, e);
}

/* All rows of a tensor as f32, by asking the machine to look them up one after the other. */
static bool expand(struct model *m, float **out, const struct tensor *t, struct err *e)
{
    struct kweight w = {0};
    float *ids = NULL;
    TRY(bind(m, &w, t, e));
    static_assert(sizeof(int32_t) == sizeof(float), "ids are kept in a piece sized in floats");
    int32_t *host = calloc((size_t)w.n_out, sizeof *host);
    if (host == NULL)
        return FAIL(e, ERR_IO, "no memory to expand %s", t->name);
    for (int64_t i = 0; i < w.n_out; i++)
        host[i] = (int32_t)i;
    bool is_done =
        model_alloc(m, w.n_out * w.n_in, out, e) && model_alloc(m, w.n_out, &ids, e) &&
        put(m, ids, host, w.n_out, e) &&
        m->k->ops->embed(m->k, (struct kmat){*out, w.n_in}, (int32_t *)(void *)ids, &w, w.n_out, e);
    free(host);
    return is_done;
}

/* kv_b is [n_heads][nope + v][rank]. The nope rows of a head, transposed, turn a query into the
 * space of latents; its v rows turn a mix of latents into values. */
static void split_kv_b(const struct model_config *c, const float *kv_b, float *key, float *value)
{
    int64_t rank = c->kv_rank;
    int64_t rows = c->nope_dim + c->v_dim;
    for (int64_t h = 0; h < c->n_heads; h++) {
        const float *from = kv_b + h * rows * rank;
        for (int64_t i = 0; i < c->nope_dim; i++)
            for (int64_t r = 0; r < rank; r++)
                key[(h * rank + r) * c->nope_dim + i] = from[i * rank + r];
        for (int64_t i = 0; i < c->v_dim * rank; i++)
            value[h * c->v_dim * rank + i] = from[c->nope_dim * rank + i];
    }
}

/* Gives back what expand() took last, so that the whole of kv_b is not kept twice. */
static void drop_last(struct model *m, int64_t n)
{
    for (; n > 0; n--)
        m->k->ops->release(m->k, m->owned[--m->n_owned]);
}

/* n f32 numbers as a matrix of the machine. BF16 holds those that came from BF16 exactly. */
static bool put_stack(struct model *m, struct kweight *out, enum dtype to, const float *at,
                      int64_t n_out, int64_t n_in, struct err *e)
{
    int64_t n_bytes = n_out * n_in * dtype_size(to);
    float *room = NULL;
    TRY(model_alloc(m, (n_bytes + 3) / 4, &room, e));
    *out = (struct kweight){.at = room, .dtype = to, .n_out = n_out, .n_in = n_in};
    if (to == DTYPE_F32)
        return m->k->ops->put(m->k, room, at, n_bytes, e);
    void *narrow = malloc((size_t)n_bytes);
    if (narrow == NULL)
        return FAIL(e, ERR_IO, "no memory for a stack of heads");
    bool is_done = narrow_rows(to, at, n_out, n_in, narrow, NULL)
                       ? m->k->ops->put(m->k, room, narrow, n_bytes, e)
                       : FAIL(e, ERR_INPUT, "a number that is not finite");
    free(narrow);
    return is_done;
}

static bool bind_kv_b(struct model *m, struct model_layer *l, const struct tensor *t, struct err *e)
{
    const struct model_config *c = &m->config;
    enum dtype to = t->dtype == DTYPE_BF16 && m->mode != WEIGHTS_F32 ? DTYPE_BF16 : DTYPE_F32;
    int64_t n_key = c->n_heads * c->kv_rank * c->nope_dim;
    int64_t n_value = c->n_heads * c->kv_rank * c->v_dim;
    float *stored = NULL;
    TRY(expand(m, &stored, t, e));
    float *host = calloc((size_t)(2 * (n_key + n_value)), sizeof *host);
    if (host == NULL)
        return FAIL(e, ERR_IO, "no memory to split %s", t->name);
    float *key = host + n_key + n_value;
    bool is_done = m->k->ops->get(m->k, host, stored, (n_key + n_value) * (int64_t)sizeof *host, e);
    drop_last(m, 2);
    if (is_done)
        split_kv_b(c, host, key, key + n_key);
    is_done = is_done &&
              put_stack(m, &l->key_up, to, key, c->n_heads * c->kv_rank, c->nope_dim, e) &&
              put_stack(m, &l->value_up, to, key + n_key, c->n_heads * c->v_dim, c->kv_rank, e);
    free(host);
    return is_done || err_wrap(e, "%s", t->name);
}

static bool bind_mlp(struct model *m, struct kmlp *out, const struct mlp_weights *w, struct err *e)
{
    return bind_large(m, &out->gate, &w->gate, e) && bind_large(m, &out->up, &w->up, e) &&
           bind_large(m, &out->down, &w->down, e);
}

static bool bind_ffn(struct model *m, struct model_layer *l, const struct layer_weights *w,
                     struct err *e)
{
    l->is_dense = w->is_dense;
    TRY(bind_mlp(m, &l->mlp, &w->mlp, e));
    if (w->is_dense)
        return true;
    TRY(bind(m, &l->router, &w->router, e) && expand(m, &l->router_bias, &w->router_bias, e));
    l->experts = calloc((size_t)m->config.n_experts, sizeof *l->experts);
    if (l->experts == NULL)
        return FAIL(e, ERR_IO, "no memory for the table of experts");
    for (int64_t i = 0; i < m->config.n_experts; i++)
        TRY(bind_mlp(m, &l->experts[i], &w->experts[i], e));
    return true;
}

static bool bind_layer(struct model *m, struct model_layer *l, const struct layer_weights *w,
                       struct err *e)
{
    TRY(expand(m, &l->input_norm, &w->input_norm, e));
    TRY(expand(m, &l->post_norm, &w->post_norm, e));
    TRY(bind_large(m, &l->q_a, &w->q_a, e) && expand(m, &l->q_a_norm, &w->q_a_norm, e));
    TRY(bind_large(m, &l->q_b, &w->q_b, e));
    TRY(bind_large(m, &l->kv_a, &w->kv_a, e) && expand(m, &l->kv_a_norm, &w->kv_a_norm, e));
    TRY(bind_kv_b(m, l, &w->kv_b, e));
    TRY(bind_large(m, &l->o, &w->o, e));
    TRY(bind_large(m, &l->idx_q, &w->idx_wq_b, e) && bind_large(m, &l->idx_k, &w->idx_wk, e));
    TRY(bind(m, &l->idx_weights, &w->idx_weights_proj, e));
    TRY(expand(m, &l->idx_norm_w, &w->idx_k_norm_w, e));
    TRY(expand(m, &l->idx_norm_b, &w->idx_k_norm_b, e));
    return bind_ffn(m, l, w, e);
}

static bool bind_mtp(struct model *m, const struct mtp_weights *w, struct err *e)
{
    TRY(expand(m, &m->mtp.enorm, &w->enorm, e) && expand(m, &m->mtp.hnorm, &w->hnorm, e));
    TRY(expand(m, &m->mtp.head_norm, &w->head_norm, e));
    TRY(bind_large(m, &m->mtp.eh_proj, &w->eh_proj, e));
    TRY(bind(m, &m->mtp.embed, &w->embed, e) && bind(m, &m->mtp.head, &w->head, e));
    return bind_layer(m, &m->layers[m->config.n_layers], &w->layer, e);
}

static bool bind_speed(struct model *m, struct err *e)
{
    double speed[LIMIT_ROPE_DIM / 2] = {0};
    float rounded[LIMIT_ROPE_DIM / 2] = {0};
    int64_t n = m->config.rope_dim / 2;
    if (m->config.rope_dim > LIMIT_ROPE_DIM)
        return FAIL(e, ERR_UNSUPPORTED, "qk_rope_head_dim %lld; this build holds %d",
                    (long long)m->config.rope_dim, LIMIT_ROPE_DIM);
    config_inv_freq(&m->config, speed);
    for (int64_t i = 0; i < n; i++)
        rounded[i] = (float)speed[i];
    m->index_scale = (float)(1.0 / sqrt((double)(m->config.index_n_heads * m->config.index_dim)));
    return model_alloc(m, n, &m->speed, e) && put(m, m->speed, rounded, n, e);
}

static bool bind_model(struct model *m, struct err *e)
{
    const struct weights *w = m->weights;
    m->layers = calloc((size_t)m->config.n_layers + 1, sizeof *m->layers);
    if (m->layers == NULL)
        return FAIL(e, ERR_IO, "no memory for the table of layers");
    TRY(bind(m, &m->embed, &w->embed, e) && bind(m, &m->head, &w->head, e));
    TRY(expand(m, &m->final_norm, &w->final_norm, e) && bind_speed(m, e));
    for (int64_t i = 0; i < m->config.n_layers; i++)
        TRY(bind_layer(m, &m->layers[i], &w->layers[i], e));
    m->has_mtp = w->has_mtp;
    return !w->has_mtp || bind_mtp(m, &w->mtp, e);
}

void model_close(struct model *m)
{
    if (m == NULL)
        return;
    drop_last(m, m->n_owned);
    for (int64_t i = 0; m->layers != NULL && i <= m->config.n_layers; i++)
        free(m->layers[i].experts);
    free(m->layers);
    free(m->owned);
    weights_close(m->weights);
    free(m);
}

static bool read_weights(struct model *m, const char *dir, struct err *e)
{
    struct arena tmp;
    arena_init(&tmp, "engine config", LIMIT_ARENA_TMP);
    bool is_read =
        config_read(dir, &m->config, tmp, e) && weights_open(&m->weights, dir, &m->config, e);
    arena_fini(&tmp);
    return is_read;
}

bool model_open(struct model **out, const char *dir, enum weight_mode mode, struct kernels *k,
                struct err *e)
{
    struct model *m = calloc(1, sizeof *m);
    if (m == NULL)
        return FAIL(e, ERR_IO, "no memory for a model");
    m->k = k;
    m->mode = mode;
    if (!read_weights(m, dir, e) || !bind_model(m, e)) {
        model_close(m);
        return false;
    }
    *out = m;
    return true;
}
