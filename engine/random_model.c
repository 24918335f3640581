/* First the list of tensors, from which header and size follow; then their bytes, a block at a
 * time, straight to the file. */
#include "engine/random_model.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/rng.h"

/* Of the numbers below: whoever changes a byte of the output counts it up. */
#define VERSION "1"

enum kind {
    MATRIX, /* large: the store's type */
    WIDE,   /* bf16, or f32 */
    NORM,   /* around 1; bf16, or f32 */
    BIAS,   /* f32 */
    SCALE,  /* f32, all alike */
};

enum {
    MEAN = 1020, /* the sum of eight bytes is 0 to twice that */
    LEVELS = 2 * MEAN + 1,
    BLOCK_BYTES = 1 << 22,
    SCALE_LOG2 = -12, /* of FP8: 448 * 2^-12 = 0.109 is above every weight */
};

/* 0.02 over the deviation of the sum, sqrt(8 * (256^2 - 1) / 12) = 209.02... */
#define STEP 0x1.9153d4p-14F
#define ROOM (64 * LIMIT_MIB) /* left on the disk after us */

static const char weights_name[] = "model.safetensors";
static const char part_name[] = "model.safetensors.part";

struct piece {
    const char *name;
    const char *dtype;
    enum kind kind;
    int64_t rows;
    int64_t cols; /* 0: a vector */
    int64_t n;
    int64_t n_item;
    uint64_t stream;
};

struct random_model {
    struct model_config c;
    enum shape_store store;
    uint64_t seed;
    char dir[LIMIT_PATH_BYTES];
    struct arena keep;
    struct buf config;
    struct buf header; /* its length in front */
    struct piece *at;
    int64_t n;
    int64_t cap;
    int64_t n_data; /* bytes after the header */
    int fd;         /* -1: not being written */
    bool is_there;  /* nothing to write */
    int64_t i;      /* tensor, and number in it, that come next */
    int64_t j;
    int64_t n_written; /* of header and data */
    unsigned char *block;
    float number[LEVELS]; /* of a level; rounded to bf16 */
    float norm[LEVELS];
    uint8_t code[LEVELS]; /* E4M3 of number / 2^SCALE_LOG2 */
};

/* ---- numbers */

static uint32_t bits_of(float x)
{
    uint32_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static float to_bf16(float x)
{
    uint32_t u = bits_of(x);
    u = (u + 0x7FFFU + ((u >> 16) & 1)) & 0xFFFF0000U;
    memcpy(&x, &u, sizeof x);
    return x;
}

/* Nearest, ties to even, of 0 or what is normal in E4M3 and not above 448: the levels times
 * 2^-SCALE_LOG2 begin at 0.39 and end at 400. */
static uint8_t to_e4m3(float x)
{
    uint32_t u = bits_of(x);
    uint32_t size = u & 0x7FFFFFFFU;
    if (size == 0)
        return 0;
    size += 0x7FFFFU + ((size >> 20) & 1);
    return (uint8_t)((u >> 24 & 0x80U) | ((size >> 20) - (120U << 3)));
}

static void fill_tables(struct random_model *m)
{
    for (int i = 0; i < LEVELS; i++) {
        float x = (float)(i - MEAN) * STEP;
        m->number[i] = to_bf16(x);
        m->norm[i] = to_bf16(1.0F + x);
        m->code[i] = to_e4m3(m->number[i] * (float)(1 << -SCALE_LOG2));
    }
}

/* The sum of eight bytes, pairwise. */
static inline uint32_t level(uint64_t seed, uint64_t stream, int64_t i)
{
    uint64_t u = rng_u64(seed, stream, (uint64_t)i);
    u = (u & 0x00FF00FF00FF00FFU) + (u >> 8 & 0x00FF00FF00FF00FFU);
    u = (u & 0x0000FFFF0000FFFFU) + (u >> 16 & 0x0000FFFF0000FFFFU);
    return (uint32_t)u + (uint32_t)(u >> 32);
}

static uint64_t stream_of(const char *name)
{
    uint64_t h = 0x706f6469756dULL;
    for (; *name != 0; name++)
        h = rng_mix(h, (unsigned char)*name);
    return h;
}

/* Numbers [from, from + n) of a tensor, as stored. */
static void make(const struct random_model *m, const struct piece *p, int64_t from, int64_t n,
                 unsigned char *to)
{
    const float *number = p->kind == NORM ? m->norm : m->number;
    for (int64_t i = 0; i < n; i++) {
        uint32_t l = p->kind == SCALE ? 0 : level(m->seed, p->stream, from + i);
        float x = p->kind == SCALE ? 1.0F / (float)(1 << -SCALE_LOG2) : number[l];
        uint16_t half = (uint16_t)(bits_of(x) >> 16);
        if (p->n_item == 1)
            to[i] = m->code[l];
        else if (p->n_item == 2)
            memcpy(to + 2 * i, &half, 2);
        else
            memcpy(to + 4 * i, &x, 4);
    }
}

/* ---- the list of tensors */

static void add(struct random_model *m, const char *name, enum kind kind, int64_t rows,
                int64_t cols)
{
    bool is_f32 = kind == BIAS || kind == SCALE || m->store == SHAPE_F32;
    bool is_f8 = kind == MATRIX && m->store == SHAPE_FP8;
    assert(m->n < m->cap);
    m->at[m->n++] = (struct piece){
        .name = arena_str(&m->keep, str_of(name)).at,
        .dtype = is_f8    ? "F8_E4M3"
                 : is_f32 ? "F32"
                          : "BF16",
        .kind = kind,
        .rows = rows,
        .cols = cols,
        .n = rows * (cols > 0 ? cols : 1),
        .n_item = is_f8    ? 1
                  : is_f32 ? 4
                           : 2,
        .stream = stream_of(name),
    };
}

static void put(struct random_model *m, const char *prefix, const char *name, enum kind kind,
                int64_t rows, int64_t cols)
{
    char full[160];
    (void)snprintf(full, sizeof full, "%s%s.weight", prefix, name);
    add(m, full, kind, rows, cols);
    if (kind != MATRIX || m->store != SHAPE_FP8)
        return;
    (void)snprintf(full, sizeof full, "%s%s.weight_scale_inv", prefix, name);
    add(m, full, SCALE, (rows + CONFIG_BLOCK - 1) / CONFIG_BLOCK,
        (cols + CONFIG_BLOCK - 1) / CONFIG_BLOCK);
}

static void put_mlp(struct random_model *m, const char *prefix, int64_t inner)
{
    int64_t h = m->c.n_hidden;
    put(m, prefix, "gate_proj", MATRIX, inner, h);
    put(m, prefix, "up_proj", MATRIX, inner, h);
    put(m, prefix, "down_proj", MATRIX, h, inner);
}

static void put_attention(struct random_model *m, const char *p)
{
    const struct model_config *c = &m->c;
    char bias[160];
    int64_t h = c->n_hidden;
    put(m, p, "input_layernorm", NORM, h, 0);
    put(m, p, "post_attention_layernorm", NORM, h, 0);
    put(m, p, "self_attn.q_a_proj", MATRIX, c->q_rank, h);
    put(m, p, "self_attn.q_a_layernorm", NORM, c->q_rank, 0);
    put(m, p, "self_attn.q_b_proj", MATRIX, c->n_heads * (c->nope_dim + c->rope_dim), c->q_rank);
    put(m, p, "self_attn.kv_a_proj_with_mqa", MATRIX, c->kv_rank + c->rope_dim, h);
    put(m, p, "self_attn.kv_a_layernorm", NORM, c->kv_rank, 0);
    put(m, p, "self_attn.kv_b_proj", MATRIX, c->n_heads * (c->nope_dim + c->v_dim), c->kv_rank);
    put(m, p, "self_attn.o_proj", MATRIX, h, c->n_heads * c->v_dim);
    put(m, p, "self_attn.indexer.wq_b", MATRIX, c->index_n_heads * c->index_dim, c->q_rank);
    put(m, p, "self_attn.indexer.wk", MATRIX, c->index_dim, h);
    put(m, p, "self_attn.indexer.k_norm", NORM, c->index_dim, 0);
    (void)snprintf(bias, sizeof bias, "%sself_attn.indexer.k_norm.bias", p);
    add(m, bias, WIDE, c->index_dim, 0);
    put(m, p, "self_attn.indexer.weights_proj", WIDE, c->index_n_heads, h);
}

static void put_layer(struct random_model *m, int64_t layer)
{
    char p[64];
    char inner[128];
    (void)snprintf(p, sizeof p, "model.layers.%lld.", (long long)layer);
    put_attention(m, p);
    (void)snprintf(inner, sizeof inner, "%smlp.", p);
    if (layer < m->c.n_dense_layers) {
        put_mlp(m, inner, m->c.dense_inner);
        return;
    }
    put(m, inner, "gate", WIDE, m->c.n_experts, m->c.n_hidden);
    (void)snprintf(inner, sizeof inner, "%smlp.gate.e_score_correction_bias", p);
    add(m, inner, BIAS, m->c.n_experts, 0);
    for (int64_t e = 0; e < m->c.n_experts; e++) {
        (void)snprintf(inner, sizeof inner, "%smlp.experts.%lld.", p, (long long)e);
        put_mlp(m, inner, m->c.expert_inner);
    }
    (void)snprintf(inner, sizeof inner, "%smlp.shared_experts.", p);
    put_mlp(m, inner, m->c.shared_inner);
}

/* Embedding and head are the model's own. */
static void put_mtp(struct random_model *m)
{
    char p[64];
    (void)snprintf(p, sizeof p, "model.layers.%lld.", (long long)m->c.n_layers);
    put(m, p, "enorm", NORM, m->c.n_hidden, 0);
    put(m, p, "hnorm", NORM, m->c.n_hidden, 0);
    put(m, p, "eh_proj", WIDE, m->c.n_hidden, 2 * m->c.n_hidden);
    put(m, p, "shared_head.norm", NORM, m->c.n_hidden, 0);
    put_layer(m, m->c.n_layers);
}

static void list_all(struct random_model *m)
{
    const struct model_config *c = &m->c;
    m->cap = 16 + (c->n_layers + 1) * (32 + 6 * (c->n_experts + 1));
    m->at = NEW(&m->keep, struct piece, m->cap);
    put(m, "", "model.embed_tokens", WIDE, c->n_vocab, c->n_hidden);
    for (int64_t i = 0; i < c->n_layers; i++)
        put_layer(m, i);
    if (c->n_mtp > 0)
        put_mtp(m);
    put(m, "", "model.norm", NORM, c->n_hidden, 0);
    put(m, "", "lm_head", WIDE, c->n_vocab, c->n_hidden);
}

static void put_entry(struct buf *b, const struct piece *p, int64_t at)
{
    buf_fmt(b, ",\"%s\":{\"dtype\":\"%s\",\"shape\":[%lld", p->name, p->dtype, (long long)p->rows);
    if (p->cols > 0)
        buf_fmt(b, ",%lld", (long long)p->cols);
    int64_t end = at + p->n * p->n_item;
    buf_fmt(b, "],\"data_offsets\":[%lld,%lld]}", (long long)at, (long long)end);
}

/* Wide items first, so that every tensor is aligned to its type; the order within a type stays. */
static void write_header(struct random_model *m, const char *shape)
{
    struct piece *sorted = NEW(&m->keep, struct piece, m->n);
    int64_t n = 0;
    for (int64_t size = 4; size >= 1; size /= 2)
        for (int64_t i = 0; i < m->n; i++)
            if (m->at[i].n_item == size)
                sorted[n++] = m->at[i];
    m->at = sorted;
    buf_put(&m->header, (struct str){"\0\0\0\0\0\0\0\0", 8});
    buf_fmt(&m->header, "{\"__metadata__\":{\"made_by\":\"podium bench --make-model\",");
    buf_fmt(&m->header, "\"shape\":\"%s\",\"seed\":\"%llu\",\"version\":\"" VERSION "\"}", shape,
            (unsigned long long)m->seed);
    for (int64_t i = 0; i < n; i++) {
        put_entry(&m->header, &m->at[i], m->n_data);
        m->n_data += m->at[i].n * m->at[i].n_item;
    }
    buf_byte(&m->header, '}');
    while (m->header.n % 64 != 0)
        buf_byte(&m->header, ' ');
    for (int i = 0; i < 8; i++)
        m->header.at[i] = (char)((uint64_t)(m->header.n - 8) >> (8 * i) & 0xFF);
}

/* ---- the folder */

static void free_text(struct buf *b)
{
    buf_free(b);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static void close_dir(DIR **d)
{
    if (*d != NULL)
        (void)closedir(*d);
}

static void path_of(const struct random_model *m, const char *name, char out[LIMIT_PATH_BYTES])
{
    bool fits = file_join(m->dir, name, out, LIMIT_PATH_BYTES);
    assert(fits); /* open() saw to it */
}

static bool begins_with(const char *path, struct str want, int64_t n_file)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    CLEANUP(free_text) struct buf got = {0};
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0 || st.st_size != n_file)
        return false;
    buf_reserve(&got, want.n);
    while (got.n < want.n) {
        ssize_t n = read(fd, got.at + got.n, (size_t)(want.n - got.n));
        if (n <= 0)
            return false;
        got.n += n;
    }
    return str_eq(buf_str(&got), want);
}

/* The folder may hold this model, whole or in part, and nothing else. */
static bool look(struct random_model *m, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    CLEANUP(close_dir) DIR *d = opendir(m->dir);
    bool has_weights = false;
    bool has_config = false;
    struct dirent *entry;
    if (d == NULL)
        return errno == ENOENT || FAIL(e, ERR_IO, "%s: %m", m->dir);
    while ((entry = readdir(d)) != NULL) {
        const char *name = entry->d_name;
        bool is_weights = strcmp(name, weights_name) == 0;
        bool is_config = strcmp(name, "config.json") == 0;
        has_weights = has_weights || is_weights;
        has_config = has_config || is_config;
        if (!is_weights && !is_config && strcmp(name, part_name) != 0 && strcmp(name, ".") != 0 &&
            strcmp(name, "..") != 0)
            return FAIL(e, ERR_USAGE, "%s: holds %s: a model goes into a folder of its own", m->dir,
                        name);
    }
    path_of(m, weights_name, path);
    if (has_weights && !begins_with(path, buf_str(&m->header), m->header.n + m->n_data))
        return FAIL(e, ERR_USAGE, "%s: another model is there", m->dir);
    path_of(m, "config.json", path);
    if (has_config && !begins_with(path, buf_str(&m->config), m->config.n))
        return FAIL(e, ERR_USAGE, "%s: the config.json of another model is there", m->dir);
    m->is_there = has_weights && has_config;
    return true;
}

static bool has_room(const struct random_model *m, struct err *e)
{
    struct statvfs fs;
    int64_t need = m->header.n + m->n_data;
    if (statvfs(m->dir, &fs) != 0)
        return FAIL(e, ERR_IO, "%s: %m", m->dir);
    int64_t has = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
    if (has < need + ROOM)
        return FAIL(e, ERR_IO, "%s: the model takes %lld MB, the disk has %lld", m->dir,
                    (long long)(need / 1000000), (long long)(has / 1000000));
    return true;
}

static bool begin(struct random_model *m, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    TRY(look(m, e));
    if (m->is_there) {
        m->n_written = m->header.n + m->n_data;
        return true;
    }
    TRY(file_make_dirs(m->dir, e) && has_room(m, e));
    path_of(m, part_name, path);
    m->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    m->block = calloc(1, BLOCK_BYTES);
    if (m->fd < 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    if (m->block == NULL)
        return FAIL(e, ERR_IO, "no memory for a block of weights");
    TRY(file_write_fd(m->fd, path, buf_str(&m->header), e));
    m->n_written = m->header.n;
    return true;
}

static bool sizes_fit(const struct shape *s, const struct model_config *c, struct err *e)
{
    if (c->n_dense_layers == c->n_layers)
        return FAIL(e, ERR_USAGE, "shape %s: no layer of experts is left", s->name);
    if (shape_count(c).n_params > (1LL << 40))
        return FAIL(e, ERR_LIMIT, "shape %s: more than a million million parameters", s->name);
    return true;
}

static bool open_parts(struct random_model *m, const struct shape *s, const char *dir,
                       struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    TRY(shape_config(s, m->store, &m->config, &m->c, e));
    TRY(sizes_fit(s, &m->c, e));
    if (!file_join(dir, part_name, path, sizeof path))
        return FAIL(e, ERR_USAGE, "%s: path too long", dir);
    (void)snprintf(m->dir, sizeof m->dir, "%s", dir);
    list_all(m);
    write_header(m, s->name);
    fill_tables(m);
    return begin(m, e);
}

bool random_model_open(struct random_model **out, const struct shape *s, enum shape_store store,
                       uint64_t seed, const char *dir, struct err *e)
{
    struct random_model *m = calloc(1, sizeof *m);
    if (m == NULL)
        return FAIL(e, ERR_IO, "no memory to make a model");
    m->fd = -1;
    m->store = store;
    m->seed = seed;
    arena_init(&m->keep, "table of a model", LIMIT_ARENA_RUN);
    if (!open_parts(m, s, dir, e)) {
        random_model_close(m);
        return false;
    }
    *out = m;
    return true;
}

int64_t random_model_n_bytes(const struct random_model *m)
{
    return m->header.n + m->n_data;
}

int64_t random_model_n_written(const struct random_model *m)
{
    return m->n_written;
}

/* A block of as many tensors as it takes. */
static int64_t fill_block(struct random_model *m)
{
    int64_t n = 0;
    while (m->i < m->n && n < BLOCK_BYTES) {
        const struct piece *p = &m->at[m->i];
        int64_t fits = (BLOCK_BYTES - n) / p->n_item;
        int64_t k = p->n - m->j < fits ? p->n - m->j : fits;
        make(m, p, m->j, k, m->block + n);
        n += k * p->n_item;
        m->j += k;
        if (m->j < p->n)
            break;
        m->i++;
        m->j = 0;
    }
    return n;
}

static bool finish(struct random_model *m, struct err *e)
{
    char part[LIMIT_PATH_BYTES];
    char whole[LIMIT_PATH_BYTES];
    path_of(m, part_name, part);
    path_of(m, weights_name, whole);
    if (fdatasync(m->fd) != 0 || close(m->fd) != 0 || rename(part, whole) != 0)
        return FAIL(e, ERR_IO, "%s: %m", whole);
    m->fd = -1;
    path_of(m, "config.json", whole);
    return file_write(whole, buf_str(&m->config), e);
}

bool random_model_step(struct random_model *m, struct err *e)
{
    if (m->fd < 0)
        return true;
    int64_t n = fill_block(m);
    TRY(file_write_fd(m->fd, m->dir, (struct str){(const char *)m->block, n}, e));
    m->n_written += n;
    return m->i < m->n || finish(m, e);
}

void random_model_close(struct random_model *m)
{
    char path[LIMIT_PATH_BYTES];
    if (m == NULL)
        return;
    if (m->fd >= 0) {
        path_of(m, part_name, path);
        (void)close(m->fd);
        (void)unlink(path);
    }
    buf_free(&m->config);
    buf_free(&m->header);
    arena_fini(&m->keep);
    free(m->block);
    free(m);
}
