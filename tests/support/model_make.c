#include "tests/support/model_make.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/support.h"

enum { N_TENSORS_MAX = 1 << 16, BLOCK = CONFIG_BLOCK };

enum kind { MATRIX, WIDE, NORM, BIAS };

struct maker {
    const struct make *how;
    struct model_config c;
    struct made *m;
    struct arena *keep;
};

/* ---- numbers */

static uint64_t mixed(uint64_t z)
{
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static uint64_t start_of(uint64_t seed, const char *name)
{
    uint64_t h = 0xCBF29CE484222325ULL;
    for (; *name != 0; name++)
        h = (h ^ (unsigned char)*name) * 0x100000001B3ULL;
    return h ^ seed * 0x9E3779B97F4A7C15ULL;
}

/* In [-1, 1), 24 bits. */
static double uniform(uint64_t start, int64_t i)
{
    uint64_t z = mixed(start + (uint64_t)(i + 1) * 0x9E3779B97F4A7C15ULL);
    return (double)((int64_t)(z >> 40) - (1 << 23)) * 0x1p-23;
}

static uint32_t bits_of(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static float float_of(uint32_t u)
{
    float x;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* Sign, exponent and m bits of x, to nearest, ties to even; bias of the narrow format. */
static uint32_t narrow(float x, int m, int bias)
{
    uint32_t size = bits_of(x) & 0x7FFFFFFFU;
    uint32_t drop = (uint32_t)(23 - m);
    if (float_of(size) < ldexpf(1.0F, 1 - bias)) /* below the normal numbers: whole steps */
        return (uint32_t)rint((double)ldexpf(float_of(size), m + bias - 1));
    uint32_t half = (1U << (drop - 1)) - 1 + ((size >> drop) & 1);
    return ((size + half) >> drop) - ((uint32_t)(127 - bias) << m);
}

static uint8_t to_e4m3(float x)
{
    float held = fminf(fmaxf(x, -448.0F), 448.0F);
    return (uint8_t)(narrow(held, 3, 7) | (bits_of(held) >> 31) << 7);
}

static uint16_t to_f16(float x)
{
    return (uint16_t)(narrow(x, 10, 15) | (bits_of(x) >> 31) << 15);
}

static uint16_t to_bf16(float x)
{
    return (uint16_t)((bits_of(x) + 0x7FFFU + ((bits_of(x) >> 16) & 1)) >> 16);
}

/* Smallest power of two not below t. */
static float pow2_above(float t)
{
    uint32_t u = bits_of(t);
    return float_of(((u >> 23) + ((u & 0x7FFFFFU) != 0)) << 23);
}

/* ---- one tensor */

static struct made_tensor *add(struct maker *k, const char *name, const char *dtype, int64_t rows,
                               int64_t cols, int64_t n_dims, int64_t n_item)
{
    cr_assert(k->m->n < N_TENSORS_MAX);
    struct made_tensor *t = &k->m->at[k->m->n++];
    *t = (struct made_tensor){.name = arena_str(k->keep, str_of(name)).at,
                              .dtype = dtype,
                              .n_dims = n_dims,
                              .shape = {rows, n_dims == 2 ? cols : 0},
                              .n_bytes = rows * cols * n_item};
    t->at = NEW(k->keep, unsigned char, t->n_bytes + 1);
    return t;
}

static void store_block(const float *x, struct made_tensor *codes, float *scale, int64_t row,
                        int64_t col, bool is_ue8m0)
{
    int64_t cols = codes->shape[1];
    int64_t row_end = row + BLOCK < codes->shape[0] ? row + BLOCK : codes->shape[0];
    int64_t col_end = col + BLOCK < cols ? col + BLOCK : cols;
    float most = 0;
    for (int64_t r = row; r < row_end; r++)
        for (int64_t c = col; c < col_end; c++)
            most = fmaxf(most, fabsf(x[r * cols + c]));
    *scale = is_ue8m0 ? pow2_above(most / 448.0F) : most / 448.0F;
    for (int64_t r = row; r < row_end; r++)
        for (int64_t c = col; c < col_end; c++)
            codes->at[r * cols + c] = to_e4m3(x[r * cols + c] / *scale);
}

static void store_f8(struct maker *k, const char *name, const float *x, int64_t rows, int64_t cols)
{
    char scale_name[200];
    int64_t down = (rows + BLOCK - 1) / BLOCK;
    int64_t across = (cols + BLOCK - 1) / BLOCK;
    (void)snprintf(scale_name, sizeof scale_name, "%s_scale_inv", name);
    struct made_tensor *codes = add(k, name, "F8_E4M3", rows, cols, 2, 1);
    struct made_tensor *scales = add(k, scale_name, "F32", down, across, 2, 4);
    for (int64_t i = 0; i < down; i++)
        for (int64_t j = 0; j < across; j++) {
            float s = 0;
            store_block(x, codes, &s, i * BLOCK, j * BLOCK, k->how->is_ue8m0);
            memcpy(scales->at + (i * across + j) * 4, &s, 4);
        }
}

static void store(struct maker *k, const char *name, const char *dtype, const float *x,
                  int64_t rows, int64_t cols, int64_t n_dims)
{
    if (strcmp(dtype, "F8_E4M3") == 0) {
        store_f8(k, name, x, rows, cols);
        return;
    }
    int64_t n_item = strcmp(dtype, "F32") == 0 ? 4 : 2;
    struct made_tensor *t = add(k, name, dtype, rows, cols, n_dims, n_item);
    for (int64_t i = 0; i < rows * cols; i++) {
        uint16_t h = n_item == 4 ? 0 : strcmp(dtype, "F16") == 0 ? to_f16(x[i]) : to_bf16(x[i]);
        memcpy(t->at + i * n_item, n_item == 4 ? (const void *)&x[i] : &h, (size_t)n_item);
    }
}

static const char *dtype_for(const struct maker *k, const char *name, enum kind kind)
{
    if (str_ends(str_of(name), STR("e_score_correction_bias")))
        return "F32";
    return kind == MATRIX ? k->how->matrix : kind == WIDE ? k->how->wide : k->how->norm;
}

/* A vector has cols = 1. `source` names the numbers, `name` the tensor. */
static void put_from(struct maker *k, const char *source, const char *name, enum kind kind,
                     int64_t rows, int64_t cols)
{
    uint64_t start = start_of(k->how->seed, source);
    bool is_embed = strcmp(source, "model.embed_tokens.weight") == 0;
    double gain = is_embed ? 1.0 : sqrt(3.0 / (double)cols);
    struct arena tmp;
    arena_init(&tmp, "numbers", rows * cols * (int64_t)sizeof(float) + 64);
    float *x = NEW(&tmp, float, rows *cols);
    for (int64_t i = 0; i < rows * cols; i++) {
        double u = uniform(start, i);
        x[i] = (float)(kind == NORM ? 1 + 0.25 * u : kind == BIAS ? 0.1 * u : u * gain);
    }
    store(k, name, dtype_for(k, name, kind), x, rows, cols, kind <= WIDE ? 2 : 1);
    arena_fini(&tmp);
}

static void put(struct maker *k, const char *prefix, const char *name, enum kind kind, int64_t rows,
                int64_t cols)
{
    char full[160];
    (void)snprintf(full, sizeof full, "%s%s", prefix, name);
    put_from(k, full, full, kind, rows, cols);
}

/* ---- the architecture, in the order of model_make.py */

static void put_mlp(struct maker *k, const char *prefix, int64_t inner)
{
    int64_t h = k->c.n_hidden;
    put(k, prefix, "gate_proj.weight", MATRIX, inner, h);
    put(k, prefix, "up_proj.weight", MATRIX, inner, h);
    put(k, prefix, "down_proj.weight", MATRIX, h, inner);
}

static void put_attention(struct maker *k, const char *p)
{
    const struct model_config *c = &k->c;
    int64_t h = c->n_hidden;
    put(k, p, "self_attn.q_a_proj.weight", MATRIX, c->q_rank, h);
    put(k, p, "self_attn.q_a_layernorm.weight", NORM, c->q_rank, 1);
    put(k, p, "self_attn.q_b_proj.weight", MATRIX, c->n_heads * (c->nope_dim + c->rope_dim),
        c->q_rank);
    put(k, p, "self_attn.kv_a_proj_with_mqa.weight", MATRIX, c->kv_rank + c->rope_dim, h);
    put(k, p, "self_attn.kv_a_layernorm.weight", NORM, c->kv_rank, 1);
    put(k, p, "self_attn.kv_b_proj.weight", MATRIX, c->n_heads * (c->nope_dim + c->v_dim),
        c->kv_rank);
    put(k, p, "self_attn.o_proj.weight", MATRIX, h, c->n_heads * c->v_dim);
    put(k, p, "self_attn.indexer.wq_b.weight", MATRIX, c->index_n_heads * c->index_dim, c->q_rank);
    put(k, p, "self_attn.indexer.wk.weight", MATRIX, c->index_dim, h);
    put(k, p, "self_attn.indexer.k_norm.weight", NORM, c->index_dim, 1);
    put(k, p, "self_attn.indexer.k_norm.bias", BIAS, c->index_dim, 1);
    put(k, p, "self_attn.indexer.weights_proj.weight", WIDE, c->index_n_heads, h);
}

static void put_layer(struct maker *k, int64_t layer)
{
    char p[64];
    char inner[96];
    (void)snprintf(p, sizeof p, "model.layers.%lld.", (long long)layer);
    put(k, p, "input_layernorm.weight", NORM, k->c.n_hidden, 1);
    put(k, p, "post_attention_layernorm.weight", NORM, k->c.n_hidden, 1);
    put_attention(k, p);
    (void)snprintf(inner, sizeof inner, "%smlp.", p);
    if (layer < k->c.n_dense_layers) {
        put_mlp(k, inner, k->c.dense_inner);
        return;
    }
    put(k, inner, "gate.weight", WIDE, k->c.n_experts, k->c.n_hidden);
    put(k, inner, "gate.e_score_correction_bias", BIAS, k->c.n_experts, 1);
    for (int64_t e = 0; e < k->c.n_experts; e++) {
        (void)snprintf(inner, sizeof inner, "%smlp.experts.%lld.", p, (long long)e);
        put_mlp(k, inner, k->c.expert_inner);
    }
    (void)snprintf(inner, sizeof inner, "%smlp.shared_experts.", p);
    put_mlp(k, inner, k->c.shared_inner);
}

static void put_mtp(struct maker *k)
{
    char p[64];
    char name[128];
    int64_t h = k->c.n_hidden;
    (void)snprintf(p, sizeof p, "model.layers.%lld.", (long long)k->c.n_layers);
    put(k, p, "enorm.weight", NORM, h, 1);
    put(k, p, "hnorm.weight", NORM, h, 1);
    put(k, p, "eh_proj.weight", WIDE, h, 2 * h);
    (void)snprintf(name, sizeof name, "%sembed_tokens.weight", p);
    put_from(k, "model.embed_tokens.weight", name, WIDE, k->c.n_vocab, h);
    put(k, p, "shared_head.norm.weight", NORM, h, 1);
    (void)snprintf(name, sizeof name, "%sshared_head.head.weight", p);
    put_from(k, "lm_head.weight", name, WIDE, k->c.n_vocab, h);
    put_layer(k, k->c.n_layers);
}

void model_build(struct made *out, struct str config, const struct make *how, struct arena *keep)
{
    struct err e = {0};
    struct maker k = {.how = how, .m = out, .keep = keep};
    ASSERT_OK(config_parse(config, "config.json", &k.c, &e), e);
    *out = (struct made){.config = config, .n_shards = how->n_shards, .is_sorted = how->is_sorted};
    out->at = NEW(keep, struct made_tensor, N_TENSORS_MAX);
    put(&k, "", "model.embed_tokens.weight", WIDE, k.c.n_vocab, k.c.n_hidden);
    for (int64_t i = 0; i < k.c.n_layers; i++)
        put_layer(&k, i);
    put(&k, "", "model.norm.weight", NORM, k.c.n_hidden, 1);
    if (!k.c.is_head_tied)
        put(&k, "", "lm_head.weight", WIDE, k.c.n_vocab, k.c.n_hidden);
    if (k.c.n_mtp > 0)
        put_mtp(&k);
    for (int64_t i = 0; i < out->n; i++)
        out->at[i].shard = i * out->n_shards / out->n;
}

/* ---- files */

const char *model_file_name(int64_t i, int64_t n)
{
    static char name[64];
    if (n == 1)
        return "model.safetensors";
    (void)snprintf(name, sizeof name, "model-%05lld-of-%05lld.safetensors", (long long)i + 1,
                   (long long)n);
    return name;
}

static int64_t item_size(const struct made_tensor *t)
{
    return strcmp(t->dtype, "F32") == 0 ? 4 : strcmp(t->dtype, "F8_E4M3") == 0 ? 1 : 2;
}

/* The tensors of one file in their order. */
static int64_t members(const struct made *m, int64_t shard, const struct made_tensor **out)
{
    int64_t n = 0;
    for (int64_t size = 4; size >= 1; size /= 2)
        for (int64_t i = 0; i < m->n; i++)
            if (m->at[i].shard == shard && (m->is_sorted ? item_size(&m->at[i]) : 4) == size)
                out[n++] = &m->at[i];
    return n;
}

static void put_header(struct buf *text, const struct made_tensor *const *t, int64_t n)
{
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++) {
        buf_fmt(text, "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[", i == 0 ? "{" : ",", t[i]->name,
                t[i]->dtype);
        for (int64_t d = 0; d < t[i]->n_dims; d++)
            buf_fmt(text, d == 0 ? "%lld" : ",%lld", (long long)t[i]->shape[d]);
        buf_fmt(text, "],\"data_offsets\":[%lld,%lld]}", (long long)at,
                (long long)(at + t[i]->n_bytes));
        at += t[i]->n_bytes;
    }
    buf_byte(text, '}');
    while (text->n % 8 != 0)
        buf_byte(text, ' ');
}

static void write_to(const char *dir, const char *name, struct str bytes)
{
    char path[LIMIT_PATH_BYTES];
    struct err e = {0};
    cr_assert(file_join(dir, name, path, sizeof path));
    ASSERT_OK(file_write(path, bytes, &e), e);
}

static void write_shard(const struct made *m, int64_t shard, const char *dir)
{
    struct arena tmp;
    struct buf text = {0};
    struct buf all = {0};
    arena_init(&tmp, "members", m->n * (int64_t)sizeof(void *) + 64);
    const struct made_tensor **t = NEW(&tmp, const struct made_tensor *, m->n);
    int64_t n = members(m, shard, t);
    put_header(&text, t, n);
    for (int i = 0; i < 8; i++)
        buf_byte(&all, (char)((uint64_t)text.n >> (8 * i) & 0xFF));
    buf_put(&all, buf_str(&text));
    for (int64_t i = 0; i < n; i++)
        buf_put(&all, (struct str){(const char *)t[i]->at, t[i]->n_bytes});
    write_to(dir, model_file_name(shard, m->n_shards), buf_str(&all));
    buf_free(&text);
    buf_free(&all);
    arena_fini(&tmp);
}

static void write_index(const struct made *m, const char *dir)
{
    struct buf text = {0};
    int64_t total = 0;
    for (int64_t i = 0; i < m->n; i++)
        total += m->at[i].n_bytes;
    buf_fmt(&text, "{\"metadata\":{\"total_size\":%lld},\"weight_map\":{", (long long)total);
    for (int64_t i = 0; i < m->n; i++)
        buf_fmt(&text, "%s\"%s\":\"%s\"", i == 0 ? "" : ",", m->at[i].name,
                model_file_name(m->at[i].shard, m->n_shards));
    buf_put(&text, STR("}}"));
    write_to(dir, "model.safetensors.index.json", buf_str(&text));
    buf_free(&text);
}

void model_write(const struct made *m, const char *dir)
{
    struct err e = {0};
    ASSERT_OK(file_make_dirs(dir, &e), e);
    write_to(dir, "config.json", m->config);
    for (int64_t i = 0; i < m->n_shards; i++)
        write_shard(m, i, dir);
    if (m->n_shards > 1)
        write_index(m, dir);
}

struct made_tensor *made_find(const struct made *m, const char *name)
{
    for (int64_t i = 0; i < m->n; i++)
        if (strcmp(m->at[i].name, name) == 0)
            return &m->at[i];
    return NULL;
}

static const char *text_of(const struct json *j, struct arena *keep)
{
    struct str s = {0};
    cr_assert(json_str(j, &s));
    return arena_str(keep, s).at;
}

void model_read_golden(const char *name, struct str *config, struct make *how, struct arena *keep)
{
    char path[256];
    struct err e = {0};
    struct json *root = NULL;
    int64_t seed = 0;
    (void)snprintf(path, sizeof path, "tests/golden/model/%s/config.json", name);
    *config = support_read(path, keep);
    (void)snprintf(path, sizeof path, "tests/golden/model/%s/golden.json", name);
    ASSERT_OK(json_parse(support_read(path, keep), path, &root, &e), e);
    const struct json *make = json_get(root, "make");
    cr_assert(json_i64(json_get(make, "seed"), &seed));
    *how = (struct make){.seed = (uint64_t)seed,
                         .matrix = text_of(json_get(make, "matrix"), keep),
                         .wide = text_of(json_get(make, "wide"), keep),
                         .norm = text_of(json_get(make, "norm"), keep)};
    how->is_ue8m0 = strcmp(text_of(json_get(make, "scale"), keep), "ue8m0") == 0;
    cr_assert(json_i64(json_get(make, "n_shards"), &how->n_shards));
    cr_assert(json_bool(json_get(make, "sorted"), &how->is_sorted));
    json_free(root);
}

void model_make(const char *name, const char *dir)
{
    struct arena a;
    struct made m;
    struct make how;
    struct str config = {0};
    arena_init(&a, "model", LIMIT_ARENA_ITEM);
    model_read_golden(name, &config, &how, &a);
    model_build(&m, config, &how, &a);
    model_write(&m, dir);
    arena_fini(&a);
}

const char *model_made(const char *name)
{
    static char dir[LIMIT_PATH_BYTES];
    struct err e = {0};
    cr_assert(file_join(support_temp(), name, dir, sizeof dir));
    ASSERT_OK(file_make_dirs(dir, &e), e);
    model_make(name, dir);
    return dir;
}
