#include "engine/shapes.h"

#include <stddef.h>

#include "base/json.h"

static const struct shape shapes[] = {
    {
        .name = "ds-mini",
        .says = "827 M parameters, 193.5 M a token: attention of the real shape, 64 experts",
        .n_vocab = 16384,
        .n_hidden = 1024,
        .n_layers = 8,
        .n_dense_layers = 1,
        .n_heads = 16,
        .q_rank = 512,
        .kv_rank = 512,
        .nope_dim = 128,
        .rope_dim = 64,
        .v_dim = 128,
        .index_n_heads = 16,
        .index_dim = 128,
        .index_topk = 512,
        .dense_inner = 4096,
        .expert_inner = 512,
        .n_shared = 1,
        .n_experts = 64,
        .n_experts_used = 8,
        .n_groups = 8,
        .n_groups_used = 4,
        .n_original_context = 4096,
        .yarn_factor = 40,
    },
    {
        .name = "ds-micro",
        .says = "1.3 M parameters: every part there and nothing large, for tests",
        .n_vocab = 512,
        .n_hidden = 128,
        .n_layers = 3,
        .n_dense_layers = 1,
        .n_heads = 4,
        .q_rank = 64,
        .kv_rank = 64,
        .nope_dim = 32,
        .rope_dim = 16,
        .v_dim = 32,
        .index_n_heads = 4,
        .index_dim = 32,
        .index_topk = 64,
        .dense_inner = 256,
        .expert_inner = 64,
        .n_shared = 1,
        .n_experts = 16,
        .n_experts_used = 4,
        .n_groups = 4,
        .n_groups_used = 2,
        .n_original_context = 512,
        .yarn_factor = 8,
    },
    {
        .name = "ds-slice",
        .says =
            "2.5 G parameters: DeepSeek-V3.2's own sizes, but 1 dense layer and 1 of 32 experts",
        .n_vocab = 16384,
        .n_hidden = 7168,
        .n_layers = 2,
        .n_dense_layers = 1,
        .n_heads = 128,
        .q_rank = 1536,
        .kv_rank = 512,
        .nope_dim = 128,
        .rope_dim = 64,
        .v_dim = 128,
        .index_n_heads = 64,
        .index_dim = 128,
        .index_topk = 2048,
        .dense_inner = 18432,
        .expert_inner = 2048,
        .n_shared = 1,
        .n_experts = 32,
        .n_experts_used = 8,
        .n_groups = 8,
        .n_groups_used = 4,
        .n_original_context = 4096,
        .yarn_factor = 40,
    },
};
enum { N_SHAPES = sizeof shapes / sizeof *shapes };

#define SIZE(field)                                                                                \
    {                                                                                              \
#field, offsetof(struct shape, field)                                                      \
    }

static const struct {
    const char *name;
    size_t at;
} sizes[] = {
    SIZE(n_vocab),
    SIZE(n_hidden),
    SIZE(n_layers),
    SIZE(n_dense_layers),
    SIZE(n_mtp),
    SIZE(n_heads),
    SIZE(q_rank),
    SIZE(kv_rank),
    SIZE(nope_dim),
    SIZE(rope_dim),
    SIZE(v_dim),
    SIZE(index_n_heads),
    SIZE(index_dim),
    SIZE(index_topk),
    SIZE(dense_inner),
    SIZE(expert_inner),
    SIZE(n_shared),
    SIZE(n_experts),
    SIZE(n_experts_used),
    SIZE(n_groups),
    SIZE(n_groups_used),
    SIZE(yarn_factor),
    SIZE(n_original_context),
};
enum { N_SIZES = sizeof sizes / sizeof *sizes };

const struct shape *shape_at(int64_t i)
{
    return i >= 0 && i < N_SHAPES ? &shapes[i] : NULL;
}

static void free_text(struct buf *b)
{
    buf_free(b);
}

bool shape_find(const char *name, struct shape *out, struct err *e)
{
    CLEANUP(free_text) struct buf known = {0};
    for (int64_t i = 0; i < N_SHAPES; i++) {
        if (str_eq(str_of(shapes[i].name), str_of(name))) {
            *out = shapes[i];
            return true;
        }
        buf_fmt(&known, "%s%s", i == 0 ? "" : ", ", shapes[i].name);
    }
    return FAIL(e, ERR_USAGE, "no shape '%s'; there are %s", name, known.at);
}

static bool no_such_size(struct str name, struct err *e)
{
    return FAIL(e, ERR_USAGE, "a shape has no size '%.*s'; --list-shapes shows their names",
                STR_ARG(name));
}

bool shape_set(struct shape *s, const char *assignment, struct err *e)
{
    struct str rest = str_of(assignment);
    struct str name = {0};
    int64_t value = 0;
    if (!str_split(&rest, '=', &name) || rest.n == 0)
        return FAIL(e, ERR_USAGE, "'%s': sizes are set as NAME=NUMBER", assignment);
    if (!str_i64(rest, &value) || value < 0)
        return FAIL(e, ERR_USAGE, "'%s': '%.*s' is not a size", assignment, STR_ARG(rest));
    for (int64_t i = 0; i < N_SIZES; i++) {
        if (!str_eq(str_of(sizes[i].name), name))
            continue;
        *(int64_t *)(void *)((unsigned char *)s + sizes[i].at) = value;
        return true;
    }
    return no_such_size(name, e);
}

/* ---- config.json */

static void put_rope(struct json_out *w, const struct shape *s)
{
    json_put_key(w, "rope_scaling");
    json_open(w, '{');
    json_pair_str(w, "type", STR("yarn"));
    json_pair_i64(w, "factor", s->yarn_factor);
    json_pair_i64(w, "original_max_position_embeddings", s->n_original_context);
    json_pair_i64(w, "beta_fast", 32);
    json_pair_i64(w, "beta_slow", 1);
    json_pair_i64(w, "mscale", 1);
    json_pair_i64(w, "mscale_all_dim", 1);
    json_close(w, '}');
}

static void put_quantization(struct json_out *w)
{
    json_put_key(w, "quantization_config");
    json_open(w, '{');
    json_pair_str(w, "quant_method", STR("fp8"));
    json_pair_str(w, "fmt", STR("e4m3"));
    json_pair_str(w, "activation_scheme", STR("dynamic"));
    json_pair_str(w, "scale_fmt", STR("ue8m0"));
    json_put_key(w, "weight_block_size");
    json_put_raw(w, STR("[128,128]"));
    json_close(w, '}');
}

static void put_sizes(struct json_out *w, const struct shape *s)
{
    const struct {
        const char *key;
        int64_t value;
    } rows[] = {
        {"vocab_size", s->n_vocab},
        {"hidden_size", s->n_hidden},
        {"num_hidden_layers", s->n_layers},
        {"first_k_dense_replace", s->n_dense_layers},
        {"num_nextn_predict_layers", s->n_mtp},
        {"num_attention_heads", s->n_heads},
        {"q_lora_rank", s->q_rank},
        {"kv_lora_rank", s->kv_rank},
        {"qk_nope_head_dim", s->nope_dim},
        {"qk_rope_head_dim", s->rope_dim},
        {"v_head_dim", s->v_dim},
        {"index_n_heads", s->index_n_heads},
        {"index_head_dim", s->index_dim},
        {"index_topk", s->index_topk},
        {"intermediate_size", s->dense_inner},
        {"moe_intermediate_size", s->expert_inner},
        {"n_shared_experts", s->n_shared},
        {"n_routed_experts", s->n_experts},
        {"num_experts_per_tok", s->n_experts_used},
        {"n_group", s->n_groups},
        {"topk_group", s->n_groups_used},
        {"max_position_embeddings", s->n_original_context * s->yarn_factor},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        json_pair_i64(w, rows[i].key, rows[i].value);
}

/* No token ends a text: a random model would stop by chance, and benches want full lengths. */
static void put_config(struct json_out *w, const struct shape *s, enum shape_store store)
{
    json_open(w, '{');
    json_pair_str(w, "model_type", STR("deepseek_v32"));
    json_put_key(w, "bos_token_id");
    json_put_null(w);
    json_put_key(w, "eos_token_id");
    json_put_null(w);
    put_sizes(w, s);
    json_pair_str(w, "hidden_act", STR("silu"));
    json_pair_str(w, "scoring_func", STR("sigmoid"));
    json_pair_str(w, "topk_method", STR("noaux_tc"));
    json_pair_bool(w, "norm_topk_prob", true);
    json_pair_f64(w, "routed_scaling_factor", 2.5);
    json_pair_f64(w, "rms_norm_eps", 1e-6);
    json_pair_bool(w, "tie_word_embeddings", false);
    json_pair_i64(w, "rope_theta", 10000);
    put_rope(w, s);
    if (store == SHAPE_FP8)
        put_quantization(w);
    json_close(w, '}');
}

bool shape_config(const struct shape *s, enum shape_store store, struct buf *text,
                  struct model_config *out, struct err *e)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    int64_t n_context;
    if (__builtin_mul_overflow(s->n_original_context, s->yarn_factor, &n_context))
        return FAIL(e, ERR_USAGE, "shape %s: a context beyond all numbers", s->name);
    put_config(&w, s, store);
    if (!config_parse(buf_str(&w.text), s->name, out, e)) {
        e->cls = ERR_USAGE;
        return err_wrap(e, "shape");
    }
    buf_put(text, buf_str(&w.text));
    buf_byte(text, '\n');
    return true;
}

/* ---- counting */

static int64_t n_attention(const struct model_config *c)
{
    int64_t h = c->n_hidden;
    int64_t mla = c->q_rank * h + c->q_rank + c->n_heads * (c->nope_dim + c->rope_dim) * c->q_rank +
                  (c->kv_rank + c->rope_dim) * h + c->kv_rank +
                  c->n_heads * (c->nope_dim + c->v_dim) * c->kv_rank + h * c->n_heads * c->v_dim;
    int64_t indexer = c->index_n_heads * c->index_dim * c->q_rank + c->index_dim * h +
                      2 * c->index_dim + c->index_n_heads * h;
    return mla + indexer + 2 * h; /* and the two norms of a layer */
}

static struct shape_count count_layer(const struct model_config *c, bool is_dense)
{
    int64_t h = c->n_hidden;
    int64_t both = n_attention(c);
    if (is_dense)
        return (struct shape_count){both + 3 * h * c->dense_inner, both + 3 * h * c->dense_inner};
    both += c->n_experts * h + c->n_experts + 3 * h * c->shared_inner;
    return (struct shape_count){both + c->n_experts * 3 * h * c->expert_inner,
                                both + c->n_experts_used * 3 * h * c->expert_inner};
}

struct shape_count shape_count(const struct model_config *c)
{
    int64_t table = c->n_vocab * c->n_hidden;
    struct shape_count n = {c->n_hidden + table, c->n_hidden + table};
    n.n_params += c->is_head_tied ? 0 : table;
    for (int64_t i = 0; i < c->n_layers; i++) {
        struct shape_count one = count_layer(c, i < c->n_dense_layers);
        n.n_params += one.n_params;
        n.n_active += one.n_active;
    }
    if (c->n_mtp > 0) /* shares embedding and head; no token needs it */
        n.n_params +=
            count_layer(c, false).n_params + 3 * c->n_hidden + 2 * c->n_hidden * c->n_hidden;
    return n;
}
