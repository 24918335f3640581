#include "engine/weights.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "engine/weights_files.h"

enum { NAME_MAX_BYTES = 160 };

/* Which formats a tensor may be stored in. */
enum allow {
    WIDE,   /* F32, F16, BF16 */
    ANY_F8, /* those and F8_E4M3 with scales */
};

struct binder {
    struct weights_files *f;
    const struct model_config *c;
    char prefix[48]; /* "model.layers.3." */
    int64_t n_params;
    struct err *e;
};

static const struct {
    const char *name;
    enum dtype dtype;
} dtypes[] = {
    {"F32", DTYPE_F32}, {"F16", DTYPE_F16}, {"BF16", DTYPE_BF16}, {"F8_E4M3", DTYPE_F8_E4M3}};

static bool dtype_of(const struct found *t, enum allow allow, enum dtype *out)
{
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++)
        if (strcmp(t->t->dtype, dtypes[i].name) == 0) {
            *out = dtypes[i].dtype;
            return allow == ANY_F8 || *out != DTYPE_F8_E4M3;
        }
    return false;
}

static void print_shape(const int64_t *shape, int64_t n, char out[80])
{
    int at = snprintf(out, 80, "[");
    for (int64_t d = 0; d < n && at < 80; d++)
        at +=
            snprintf(out + at, (size_t)(80 - at), d == 0 ? "%lld" : ", %lld", (long long)shape[d]);
    if (at < 80)
        (void)snprintf(out + at, (size_t)(80 - at), "]");
}

static bool shape_is(const struct found *t, const int64_t *want, int64_t n_dims, struct err *e)
{
    char found[80];
    char expected[80];
    if (t->t->n_dims == n_dims && memcmp(t->t->shape, want, (size_t)n_dims * sizeof *want) == 0)
        return true;
    print_shape(t->t->shape, t->t->n_dims, found);
    print_shape(want, n_dims, expected);
    return FAIL(e, ERR_INPUT, "%s: %s: shape is %s, config.json asks for %s", t->file, t->t->name,
                found, expected);
}

static bool find(struct binder *b, const char *name, struct found **out)
{
    *out = weights_files_find(b->f, name);
    if (*out == NULL)
        return FAIL(b->e, ERR_INPUT, "%s: %s: missing", b->f->listing, name);
    assert(!(*out)->is_used); /* no two places of the architecture have one name */
    (*out)->is_used = true;
    return true;
}

static int64_t blocks(int64_t n)
{
    return (n + CONFIG_BLOCK - 1) / CONFIG_BLOCK;
}

static bool bind_scale(struct binder *b, const char *name, struct tensor *out)
{
    char scale_name[NAME_MAX_BYTES + 16];
    struct found *s = NULL;
    (void)snprintf(scale_name, sizeof scale_name, "%s_scale_inv", name);
    if (!b->c->is_fp8)
        return FAIL(b->e, ERR_INPUT, "%s: F8_E4M3, but config.json has no quantization_config",
                    name);
    out->scale_shape[0] = blocks(out->shape[0]);
    out->scale_shape[1] = blocks(out->shape[1]);
    TRY(find(b, scale_name, &s));
    TRY(shape_is(s, out->scale_shape, 2, b->e));
    if (strcmp(s->t->dtype, "F32") != 0)
        return FAIL(b->e, ERR_INPUT, "%s: %s: %s, only F32 is implemented", s->file, scale_name,
                    s->t->dtype);
    out->scale_inv = s->data;
    return true;
}

static bool bind(struct binder *b, struct tensor *out, const char *name, const int64_t *shape,
                 int64_t n_dims, enum allow allow)
{
    char full[NAME_MAX_BYTES];
    struct found *t = NULL;
    int n = snprintf(full, sizeof full, "%s%s", b->prefix, name);
    assert(n > 0 && n < (int)sizeof full);
    TRY(find(b, full, &t));
    if (!dtype_of(t, allow, &out->dtype))
        return FAIL(b->e, ERR_INPUT, "%s: %s: %s, only F32, F16, BF16%s can be here", t->file, full,
                    t->t->dtype, allow == ANY_F8 ? " and F8_E4M3" : "");
    TRY(shape_is(t, shape, n_dims, b->e));
    out->name = t->t->name;
    out->n_dims = n_dims;
    out->data = t->data;
    int64_t n_numbers = 1;
    for (int64_t d = 0; d < n_dims; d++)
        n_numbers *= out->shape[d] = shape[d];
    b->n_params += n_numbers;
    return out->dtype != DTYPE_F8_E4M3 || bind_scale(b, full, out);
}

static bool vector(struct binder *b, struct tensor *out, const char *name, int64_t n)
{
    return bind(b, out, name, &n, 1, WIDE);
}

static bool wide(struct binder *b, struct tensor *out, const char *name, int64_t rows, int64_t cols)
{
    const int64_t shape[2] = {rows, cols};
    return bind(b, out, name, shape, 2, WIDE);
}

static bool matrix(struct binder *b, struct tensor *out, const char *name, int64_t rows,
                   int64_t cols)
{
    const int64_t shape[2] = {rows, cols};
    return bind(b, out, name, shape, 2, ANY_F8);
}

static bool bind_mlp(struct binder *b, struct mlp_weights *m, const char *where, int64_t inner)
{
    char gate[64];
    char up[64];
    char down[64];
    (void)snprintf(gate, sizeof gate, "%sgate_proj.weight", where);
    (void)snprintf(up, sizeof up, "%sup_proj.weight", where);
    (void)snprintf(down, sizeof down, "%sdown_proj.weight", where);
    return matrix(b, &m->gate, gate, inner, b->c->n_hidden) &&
           matrix(b, &m->up, up, inner, b->c->n_hidden) &&
           matrix(b, &m->down, down, b->c->n_hidden, inner);
}

static bool bind_attention(struct binder *b, struct layer_weights *l)
{
    const struct model_config *c = b->c;
    return matrix(b, &l->q_a, "self_attn.q_a_proj.weight", c->q_rank, c->n_hidden) &&
           vector(b, &l->q_a_norm, "self_attn.q_a_layernorm.weight", c->q_rank) &&
           matrix(b, &l->q_b, "self_attn.q_b_proj.weight", c->n_heads * (c->nope_dim + c->rope_dim),
                  c->q_rank) &&
           matrix(b, &l->kv_a, "self_attn.kv_a_proj_with_mqa.weight", c->kv_rank + c->rope_dim,
                  c->n_hidden) &&
           vector(b, &l->kv_a_norm, "self_attn.kv_a_layernorm.weight", c->kv_rank) &&
           matrix(b, &l->kv_b, "self_attn.kv_b_proj.weight", c->n_heads * (c->nope_dim + c->v_dim),
                  c->kv_rank) &&
           matrix(b, &l->o, "self_attn.o_proj.weight", c->n_hidden, c->n_heads * c->v_dim);
}

static bool bind_indexer(struct binder *b, struct layer_weights *l)
{
    const struct model_config *c = b->c;
    return matrix(b, &l->idx_wq_b, "self_attn.indexer.wq_b.weight", c->index_n_heads * c->index_dim,
                  c->q_rank) &&
           matrix(b, &l->idx_wk, "self_attn.indexer.wk.weight", c->index_dim, c->n_hidden) &&
           vector(b, &l->idx_k_norm_w, "self_attn.indexer.k_norm.weight", c->index_dim) &&
           vector(b, &l->idx_k_norm_b, "self_attn.indexer.k_norm.bias", c->index_dim) &&
           wide(b, &l->idx_weights_proj, "self_attn.indexer.weights_proj.weight", c->index_n_heads,
                c->n_hidden);
}

static bool bind_experts(struct binder *b, struct layer_weights *l)
{
    const struct model_config *c = b->c;
    TRY(wide(b, &l->router, "mlp.gate.weight", c->n_experts, c->n_hidden));
    TRY(vector(b, &l->router_bias, "mlp.gate.e_score_correction_bias", c->n_experts));
    l->experts = NEW(&b->f->keep, struct mlp_weights, c->n_experts);
    for (int64_t i = 0; i < c->n_experts; i++) {
        char where[40];
        (void)snprintf(where, sizeof where, "mlp.experts.%lld.", (long long)i);
        TRY(bind_mlp(b, &l->experts[i], where, c->expert_inner));
    }
    return bind_mlp(b, &l->mlp, "mlp.shared_experts.", c->shared_inner);
}

static void set_layer(struct binder *b, int64_t layer)
{
    (void)snprintf(b->prefix, sizeof b->prefix, "model.layers.%lld.", (long long)layer);
}

static bool bind_layer(struct binder *b, struct layer_weights *l, int64_t layer)
{
    set_layer(b, layer);
    l->is_dense = layer < b->c->n_dense_layers;
    return vector(b, &l->input_norm, "input_layernorm.weight", b->c->n_hidden) &&
           vector(b, &l->post_norm, "post_attention_layernorm.weight", b->c->n_hidden) &&
           bind_attention(b, l) && bind_indexer(b, l) &&
           (l->is_dense ? bind_mlp(b, &l->mlp, "mlp.", b->c->dense_inner) : bind_experts(b, l));
}

/* A file may leave out the two tables that the MTP layer shares with the model. */
static bool bind_shared(struct binder *b, struct tensor *out, const char *name,
                        const struct tensor *own)
{
    char full[NAME_MAX_BYTES];
    (void)snprintf(full, sizeof full, "%s%s", b->prefix, name);
    if (weights_files_find(b->f, full) != NULL)
        return wide(b, out, name, b->c->n_vocab, b->c->n_hidden);
    *out = *own;
    return true;
}

static bool bind_mtp(struct binder *b, struct weights *w)
{
    const struct model_config *c = b->c;
    struct mtp_weights *m = &w->mtp;
    set_layer(b, c->n_layers);
    return vector(b, &m->enorm, "enorm.weight", c->n_hidden) &&
           vector(b, &m->hnorm, "hnorm.weight", c->n_hidden) &&
           matrix(b, &m->eh_proj, "eh_proj.weight", c->n_hidden, 2 * c->n_hidden) &&
           vector(b, &m->head_norm, "shared_head.norm.weight", c->n_hidden) &&
           bind_shared(b, &m->embed, "embed_tokens.weight", &w->embed) &&
           bind_shared(b, &m->head, "shared_head.head.weight", &w->head) &&
           bind_layer(b, &m->layer, c->n_layers);
}

/* transformers drops the MTP layer on saving and keeps the field that announces it. */
static bool holds_mtp(struct binder *b)
{
    struct str prefix = {0};
    set_layer(b, b->c->n_layers);
    prefix = str_of(b->prefix);
    for (int64_t i = 0; i < b->f->n; i++)
        if (str_starts(str_of(b->f->at[i].t->name), prefix))
            return true;
    return false;
}

static bool bind_all(struct binder *b, struct weights *w)
{
    const struct model_config *c = b->c;
    TRY(wide(b, &w->embed, "model.embed_tokens.weight", c->n_vocab, c->n_hidden));
    TRY(vector(b, &w->final_norm, "model.norm.weight", c->n_hidden));
    if (c->is_head_tied)
        w->head = w->embed;
    else
        TRY(wide(b, &w->head, "lm_head.weight", c->n_vocab, c->n_hidden));
    w->n_layers = c->n_layers;
    w->layers = NEW(&b->f->keep, struct layer_weights, c->n_layers);
    for (int64_t i = 0; i < c->n_layers; i++)
        TRY(bind_layer(b, &w->layers[i], i));
    w->has_mtp = c->n_mtp > 0 && holds_mtp(b);
    TRY(!w->has_mtp || bind_mtp(b, w));
    w->n_params = b->n_params;
    return true;
}

/* Buffers that old tools saved beside the weights; their content follows from config.json. */
static bool is_known_buffer(const char *name)
{
    return str_ends(str_of(name), STR(".rotary_emb.inv_freq"));
}

static bool nothing_is_left(const struct weights_files *f, struct err *e)
{
    for (int64_t i = 0; i < f->n; i++)
        if (!f->at[i].is_used && !is_known_buffer(f->at[i].t->name))
            return FAIL(e, ERR_INPUT,
                        "%s: %s: not part of the architecture that config.json "
                        "describes",
                        f->at[i].file, f->at[i].t->name);
    return true;
}

static bool fill(struct weights *w, const char *dir, const struct model_config *c, struct err *e)
{
    TRY(weights_files_open(&w->files, dir, e));
    struct binder b = {.f = w->files, .c = c, .e = e};
    TRY(bind_all(&b, w));
    TRY(nothing_is_left(w->files, e));
    weights_files_align(w->files);
    return true;
}

bool weights_open(struct weights **out, const char *dir, const struct model_config *c,
                  struct err *e)
{
    struct weights *w = calloc(1, sizeof *w);
    if (w == NULL)
        return FAIL(e, ERR_IO, "%s: out of memory", dir);
    if (!fill(w, dir, c, e)) {
        weights_close(w);
        return false;
    }
    *out = w;
    return true;
}

void weights_close(struct weights *w)
{
    if (w == NULL)
        return;
    weights_files_close(w->files);
    free(w);
}

static void hash_shard(const struct weights_files *f, int64_t i, const struct digests *d,
                       char hex[65])
{
    const struct safetensors *s = &f->shards[i];
    int64_t from_ns = clock_unix_ms() * 1000000;
    if (digests_find(d, &f->stamps[i], hex))
        return;
    struct hash h = hash_bytes((struct str){(const char *)s->map.at, s->map.n});
    hash_hex(&h, hex);
    struct stamp now = {0};
    struct err ignored = {0};
    char path[LIMIT_PATH_BYTES];
    if (file_join(f->dir, s->file, path, sizeof path) && stamp_of(path, &now, &ignored) &&
        stamp_eq(&now, &f->stamps[i]))
        digests_keep(d, &now, from_ns, hex);
}

bool weights_sha256(const struct weights *w, const struct digests *d, char out[65], struct err *e)
{
    const struct weights_files *f = w->files;
    char path[LIMIT_PATH_BYTES];
    struct hash h;
    struct arena tmp = f->keep; /* a copy: what is taken here is given back on return */
    struct str *field = NEW(&tmp, struct str, 2 * (f->n_shards + 1));
    char(*hex)[65] = (char(*)[65])arena_take(&tmp, f->n_shards + 1, sizeof *hex, 1);
    if (!file_join(f->dir, "config.json", path, sizeof path))
        return FAIL(e, ERR_INPUT, "%s: path too long", f->dir);
    TRY(hash_file(path, &h, e));
    hash_hex(&h, hex[0]);
    field[0] = STR("config.json");
    field[1] = str_of(hex[0]);
    for (int64_t i = 0; i < f->n_shards; i++) {
        hash_shard(f, i, d, hex[i + 1]);
        field[2 * i + 2] = str_of(f->shards[i].file);
        field[2 * i + 3] = str_of(hex[i + 1]);
    }
    TRY(weights_files_hold(f, e));
    h = hash_fields(field, 2 * (f->n_shards + 1));
    hash_hex(&h, out);
    return true;
}
