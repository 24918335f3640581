/* Reading goes by tables: one row a field, saying where its value belongs or what it must be.
 * An object is read by walking its members, so that a member without a row is noticed. */
#include "engine/config.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"

enum kind {
    INT,    /* int64_t at .at, within [min, max] */
    REAL,   /* double at .at, within [min, max] */
    FLAG,   /* bool at .at */
    NODE,   /* const struct json * at .at, looked at later */
    MUST,   /* the value printed as compact JSON is one of .must, which is split at '|' */
    NOTHING /* no influence on inference */
};

struct rule {
    const char *key;
    enum kind kind;
    bool is_required;
    size_t at;
    double min;
    double max;
    const char *must;
};

/* config.json before the fields were held against each other. */
struct raw {
    struct model_config c;
    double norm_eps;
    double routed_scale;
    double rope_theta; /* 0: not given */
    int64_t n_shared;
    int64_t n_kv_heads; /* these five: 0 when not given */
    int64_t qk_dim;
    int64_t head_dim;
    int64_t n_experts_too;
    int64_t n_experts_three;
    const struct json *rope_scaling;
    const struct json *rope_parameters;
    const struct json *quantization;
    const struct json *bos;
    const struct json *eos;
    const struct json *layer_types;
    const struct json *mlp_layer_types;
};

struct raw_rope {
    struct yarn y;
    double mscale;
    double attention_factor;
    const struct json *type;
    const struct json *rope_type;
};

enum { DIM_MAX = 1 << 20, COUNT_MAX = 1 << 12, CONTEXT_MAX = 1 << 30 };

#define NEEDS(name, kind, field, min, max)                                                         \
    {                                                                                              \
        name, kind, true, offsetof(struct raw, field), min, max, NULL                              \
    }
#define MAY(name, kind, field, min, max)                                                           \
    {                                                                                              \
        name, kind, false, offsetof(struct raw, field), min, max, NULL                             \
    }
#define FIXED(name, values)                                                                        \
    {                                                                                              \
        name, MUST, false, 0, 0, 0, values                                                         \
    }
#define SKIPPED(name)                                                                              \
    {                                                                                              \
        name, NOTHING, false, 0, 0, 0, NULL                                                        \
    }

static const struct rule config_rules[] = {
    {"model_type", MUST, true, 0, 0, 0, "\"deepseek_v32\""},
    NEEDS("vocab_size", INT, c.n_vocab, 1, LIMIT_VOCAB),
    NEEDS("hidden_size", INT, c.n_hidden, 1, DIM_MAX),
    NEEDS("num_hidden_layers", INT, c.n_layers, 1, LIMIT_LAYERS),
    NEEDS("first_k_dense_replace", INT, c.n_dense_layers, 0, LIMIT_LAYERS),
    MAY("num_nextn_predict_layers", INT, c.n_mtp, 0, 1),
    NEEDS("max_position_embeddings", INT, c.n_context, 1, CONTEXT_MAX),
    NEEDS("rms_norm_eps", REAL, norm_eps, 1e-12, 1e-2),
    MAY("tie_word_embeddings", FLAG, c.is_head_tied, 0, 0),
    NEEDS("num_attention_heads", INT, c.n_heads, 1, COUNT_MAX),
    MAY("num_key_value_heads", INT, n_kv_heads, 1, COUNT_MAX),
    NEEDS("q_lora_rank", INT, c.q_rank, 1, DIM_MAX),
    NEEDS("kv_lora_rank", INT, c.kv_rank, 1, DIM_MAX),
    NEEDS("qk_nope_head_dim", INT, c.nope_dim, 1, DIM_MAX),
    NEEDS("qk_rope_head_dim", INT, c.rope_dim, 2, DIM_MAX),
    NEEDS("v_head_dim", INT, c.v_dim, 1, DIM_MAX),
    MAY("qk_head_dim", INT, qk_dim, 1, 2 * DIM_MAX),
    MAY("head_dim", INT, head_dim, 1, DIM_MAX),
    MAY("rope_theta", REAL, rope_theta, 1.5, 1e12),
    MAY("rope_scaling", NODE, rope_scaling, 0, 0),
    MAY("rope_parameters", NODE, rope_parameters, 0, 0),
    NEEDS("index_n_heads", INT, c.index_n_heads, 1, COUNT_MAX),
    NEEDS("index_head_dim", INT, c.index_dim, 2, DIM_MAX),
    NEEDS("index_topk", INT, c.index_topk, 1, CONTEXT_MAX),
    NEEDS("intermediate_size", INT, c.dense_inner, 1, DIM_MAX),
    NEEDS("moe_intermediate_size", INT, c.expert_inner, 1, DIM_MAX),
    NEEDS("n_shared_experts", INT, n_shared, 1, COUNT_MAX),
    NEEDS("n_routed_experts", INT, c.n_experts, 1, COUNT_MAX),
    MAY("num_experts", INT, n_experts_too, 1, COUNT_MAX),
    MAY("num_local_experts", INT, n_experts_three, 1, COUNT_MAX),
    NEEDS("num_experts_per_tok", INT, c.n_experts_used, 1, COUNT_MAX),
    NEEDS("n_group", INT, c.n_groups, 1, COUNT_MAX),
    NEEDS("topk_group", INT, c.n_groups_used, 1, COUNT_MAX),
    NEEDS("norm_topk_prob", FLAG, c.is_topk_normed, 0, 0),
    NEEDS("routed_scaling_factor", REAL, routed_scale, 1e-6, 1e6),
    MAY("quantization_config", NODE, quantization, 0, 0),
    MAY("bos_token_id", NODE, bos, 0, 0),
    MAY("eos_token_id", NODE, eos, 0, 0),
    MAY("layer_types", NODE, layer_types, 0, 0),
    MAY("mlp_layer_types", NODE, mlp_layer_types, 0, 0),
    FIXED("attention_bias", "false"),
    FIXED("mlp_bias", "false"),
    FIXED("attention_dropout", "0"),
    FIXED("hidden_act", "\"silu\""),
    FIXED("moe_layer_freq", "1"),
    FIXED("scoring_func", "\"sigmoid\""),
    FIXED("topk_method", "\"noaux_tc\""),
    FIXED("rope_interleave", "true"),          /* MLA turns pairs (2i, 2i+1) */
    FIXED("indexer_rope_interleave", "false"), /* the indexer turns (i, i + rope/2) */
    FIXED("use_sliding_window", "false"),
    FIXED("sliding_window", "null"),
    SKIPPED("architectures"),
    SKIPPED("auto_map"),
    SKIPPED("_name_or_path"),
    SKIPPED("transformers_version"),
    SKIPPED("torch_dtype"), /* every tensor states its own type */
    SKIPPED("dtype"),
    SKIPPED("use_cache"),
    SKIPPED("initializer_range"),
    SKIPPED("pad_token_id"),
    SKIPPED("ep_size"),
    SKIPPED("pretraining_tp"),
    SKIPPED("aux_loss_alpha"), /* training */
    SKIPPED("seq_aux"),
    SKIPPED("router_aux_loss_coef"),
    SKIPPED("output_router_logits"),
    SKIPPED("output_attentions"),
    SKIPPED("output_hidden_states"),
    SKIPPED("return_dict"),
    SKIPPED("chunk_size_feed_forward"),
    SKIPPED("is_encoder_decoder"),
    SKIPPED("problem_type"),
    SKIPPED("id2label"),
    SKIPPED("label2id"),
};

#define ROPE(name, kind, field, min, max)                                                          \
    {                                                                                              \
        name, kind, false, offsetof(struct raw_rope, field), min, max, NULL                        \
    }

static const struct rule rope_rules[] = {
    ROPE("type", NODE, type, 0, 0),
    ROPE("rope_type", NODE, rope_type, 0, 0),
    ROPE("rope_theta", REAL, y.theta, 1.5, 1e12),
    ROPE("factor", REAL, y.factor, 1, 1e6),
    ROPE("beta_fast", REAL, y.beta_fast, 1e-6, 1e6),
    ROPE("beta_slow", REAL, y.beta_slow, 1e-6, 1e6),
    ROPE("mscale", REAL, mscale, 1e-6, 1e3),
    ROPE("mscale_all_dim", REAL, y.mscale_all_dim, 1e-6, 1e3),
    ROPE("original_max_position_embeddings", INT, y.n_original_context, 1, CONTEXT_MAX),
    FIXED("attention_factor", "1|null"),
    FIXED("partial_rotary_factor", "1"),
    FIXED("truncate", "true"), /* the ramp's ends are whole numbers */
};

struct raw_quant {
    const struct json *scale_fmt;
};

static const struct rule quant_rules[] = {
    {"quant_method", MUST, true, 0, 0, 0, "\"fp8\""},
    FIXED("fmt", "\"e4m3\""),
    FIXED("activation_scheme", "\"dynamic\""),
    {"weight_block_size", MUST, true, 0, 0, 0, "[128,128]"},
    {"scale_fmt", NODE, false, offsetof(struct raw_quant, scale_fmt), 0, 0, NULL},
    SKIPPED("modules_to_not_convert"), /* every tensor states its own type */
    SKIPPED("ignored_layers"),
    SKIPPED("dequantize"),
};

enum { N_SHOWN = 60 };

#define ROWS(table) (table), (int64_t)(sizeof(table) / sizeof((table)[0]))

static bool refuse(const char *what, const struct json *member, const char *why, struct err *e)
{
    CLEANUP(buf_free) struct buf text = {0};
    json_print(member, &text);
    struct str shown = str_sub(buf_str(&text), 0, N_SHOWN);
    return FAIL(e, ERR_INPUT, "%s: %.*s is %.*s%s: %s", what, STR_ARG(json_key(member)),
                STR_ARG(shown), text.n > N_SHOWN ? "..." : "", why);
}

static bool is_one_of(const struct json *value, const char *choices)
{
    CLEANUP(buf_free) struct buf text = {0};
    struct str rest = str_of(choices);
    struct str one = {0};
    json_print(value, &text);
    while (str_split(&rest, '|', &one))
        if (str_eq(one, buf_str(&text)))
            return true;
    return false;
}

static bool read_int(const struct json *m, const struct rule *r, int64_t *out, const char *what,
                     struct err *e)
{
    int64_t v = 0;
    if (!json_i64(m, &v))
        return refuse(what, m, "a whole number was expected", e);
    if (v < (int64_t)r->min || v > (int64_t)r->max)
        return refuse(what, m, "outside what any such model can have", e);
    *out = v;
    return true;
}

static bool read_real(const struct json *m, const struct rule *r, double *out, const char *what,
                      struct err *e)
{
    double v = 0;
    if (!json_f64(m, &v))
        return refuse(what, m, "a number was expected", e);
    if (!(v >= r->min && v <= r->max)) /* written so that NaN fails */
        return refuse(what, m, "outside what any such model can have", e);
    *out = v;
    return true;
}

static bool apply(const struct json *m, const struct rule *r, void *into, const char *what,
                  struct err *e)
{
    unsigned char *field = (unsigned char *)into + r->at;
    char why[120];
    switch (r->kind) {
    case INT:
        return read_int(m, r, (int64_t *)(void *)field, what, e);
    case REAL:
        return read_real(m, r, (double *)(void *)field, what, e);
    case FLAG:
        if (!json_bool(m, (bool *)field))
            return refuse(what, m, "true or false was expected", e);
        return true;
    case NODE:
        *(const struct json **)(void *)field = m;
        return true;
    case MUST:
        (void)snprintf(why, sizeof why, "only %s is implemented", r->must);
        return is_one_of(m, r->must) || refuse(what, m, why, e);
    case NOTHING:
        break;
    }
    return true;
}

static const struct rule *rule_of(struct str key, const struct rule *rules, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq(key, str_of(rules[i].key)))
            return &rules[i];
    return NULL;
}

static bool read_object(const struct json *object, const struct rule *rules, int64_t n, void *into,
                        const char *what, struct err *e)
{
    if (json_kind(object) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: an object was expected", what);
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
        struct str key = json_key(m);
        const struct rule *r = rule_of(key, rules, n);
        if (r == NULL)
            return refuse(what, m, "a field podium does not know, so it may change the numbers", e);
        if (json_get(object, r->key) != m)
            return FAIL(e, ERR_INPUT, "%s: %s is there twice", what, r->key);
        TRY(apply(m, r, into, what, e));
    }
    for (int64_t i = 0; i < n; i++)
        if (rules[i].is_required && json_get(object, rules[i].key) == NULL)
            return FAIL(e, ERR_INPUT, "%s: %s is missing", what, rules[i].key);
    return true;
}

/* "type" and "rope_type" are the old and the new name of one thing. */
static bool rope_is_yarn(const struct raw_rope *r, const char *what, bool *is_yarn, struct err *e)
{
    const struct json *names[2] = {r->type, r->rope_type};
    int seen = 0;
    for (int i = 0; i < 2; i++) {
        bool yarn = names[i] != NULL && is_one_of(names[i], "\"yarn\"");
        if (names[i] == NULL)
            continue;
        if (!yarn && !is_one_of(names[i], "\"default\""))
            return refuse(what, names[i], "only \"yarn\" and \"default\" are implemented", e);
        if (seen++ > 0 && yarn != *is_yarn)
            return refuse(what, names[i], "contradicts type", e);
        *is_yarn = yarn;
    }
    if (seen == 0)
        return FAIL(e, ERR_INPUT, "%s: type is missing", what);
    return true;
}

static bool rope_from(const struct json *object, const char *what, struct yarn *out, struct err *e)
{
    struct raw_rope r = {.y = {.beta_fast = 32, .beta_slow = 1}};
    TRY(read_object(object, ROWS(rope_rules), &r, what, e));
    TRY(rope_is_yarn(&r, what, &r.y.is_on, e));
    if (!r.y.is_on && json_get(object, "factor") != NULL)
        return FAIL(e, ERR_INPUT, "%s: factor contradicts type \"default\"", what);
    if (!r.y.is_on) {
        *out = (struct yarn){.theta = r.y.theta};
        return true;
    }
    if (r.y.factor <= 0)
        return FAIL(e, ERR_INPUT, "%s: factor is missing", what);
    if (r.y.n_original_context <= 0)
        return FAIL(e, ERR_INPUT, "%s: original_max_position_embeddings is missing", what);
    if (r.mscale != r.y.mscale_all_dim || r.mscale <= 0)
        return FAIL(e, ERR_INPUT,
                    "%s: mscale is %g and mscale_all_dim %g: only equal ones are implemented (cos "
                    "and sin would need a factor)",
                    what, r.mscale, r.y.mscale_all_dim);
    if (r.y.beta_fast <= r.y.beta_slow)
        return FAIL(e, ERR_INPUT, "%s: beta_fast is %g, not above beta_slow %g", what,
                    r.y.beta_fast, r.y.beta_slow);
    *out = r.y;
    return true;
}

static bool yarn_eq(const struct yarn *a, const struct yarn *b)
{
    return a->is_on == b->is_on && a->factor == b->factor && a->beta_fast == b->beta_fast &&
           a->beta_slow == b->beta_slow && a->mscale_all_dim == b->mscale_all_dim &&
           a->n_original_context == b->n_original_context;
}

/* Three places may speak of theta and two of YaRN: those that do must agree. */
static bool settle_rope(struct raw *r, const char *what, struct err *e)
{
    struct yarn old = {0};
    struct yarn new = {0};
    bool has_old = json_kind(r->rope_scaling) == JSON_OBJECT;
    bool has_new = json_kind(r->rope_parameters) == JSON_OBJECT;
    if (r->rope_scaling != NULL && !has_old && json_kind(r->rope_scaling) != JSON_NULL)
        return refuse(what, r->rope_scaling, "an object or null was expected", e);
    if (r->rope_parameters != NULL && !has_new)
        return refuse(what, r->rope_parameters, "an object was expected", e);
    if (has_old && !rope_from(r->rope_scaling, "rope_scaling", &old, e))
        return err_wrap(e, "%s", what);
    if (has_new && !rope_from(r->rope_parameters, "rope_parameters", &new, e))
        return err_wrap(e, "%s", what);
    if (has_old && has_new && !yarn_eq(&old, &new))
        return FAIL(e, ERR_INPUT, "%s: rope_scaling and rope_parameters disagree", what);
    r->c.rope = has_new ? new : old;
    double theta[3] = {r->rope_theta, old.theta, new.theta};
    r->c.rope.theta = 0;
    for (int i = 0; i < 3; i++) {
        if (theta[i] > 0 && r->c.rope.theta > 0 && theta[i] != r->c.rope.theta)
            return FAIL(e, ERR_INPUT, "%s: rope_theta is both %g and %g", what, r->c.rope.theta,
                        theta[i]);
        r->c.rope.theta = theta[i] > 0 ? theta[i] : r->c.rope.theta;
    }
    if (r->c.rope.theta <= 0)
        return FAIL(e, ERR_INPUT, "%s: rope_theta is missing", what);
    return true;
}

static bool settle_quant(struct raw *r, const char *what, struct err *e)
{
    struct raw_quant q = {0};
    if (json_kind(r->quantization) == JSON_ABSENT || json_kind(r->quantization) == JSON_NULL)
        return true;
    if (!read_object(r->quantization, ROWS(quant_rules), &q, "quantization_config", e))
        return err_wrap(e, "%s", what);
    if (q.scale_fmt != NULL && !is_one_of(q.scale_fmt, "\"ue8m0\"|null"))
        return refuse(what, q.scale_fmt, "only \"ue8m0\" is implemented", e);
    r->c.is_fp8 = true;
    r->c.is_ue8m0 = q.scale_fmt != NULL && is_one_of(q.scale_fmt, "\"ue8m0\"");
    return true;
}

static bool token_id(const struct json *j, int64_t n_vocab, int32_t *out)
{
    int64_t v = 0;
    if (!json_i64(j, &v) || v < 0 || v >= n_vocab)
        return false;
    *out = (int32_t)v;
    return true;
}

/* One id, a list of ids, or null. */
static bool read_eos(const struct json *j, const char *what, struct model_config *c, struct err *e)
{
    bool is_list = json_kind(j) == JSON_ARRAY;
    if (json_kind(j) == JSON_NULL || json_kind(j) == JSON_ABSENT)
        return true;
    if (is_list && (json_count(j) == 0 || json_count(j) > CONFIG_EOS_MAX))
        return refuse(what, j, "1 to 8 end tokens were expected", e);
    c->n_eos = 0;
    for (const struct json *one = is_list ? json_first(j) : j; one != NULL;
         one = is_list ? json_next(one) : NULL)
        if (!token_id(one, c->n_vocab, &c->eos[c->n_eos++]))
            return refuse(what, j, "not an id of the vocabulary", e);
    return true;
}

static bool settle_tokens(struct raw *r, const char *what, struct err *e)
{
    r->c.bos = -1;
    for (int i = 0; i < CONFIG_EOS_MAX; i++)
        r->c.eos[i] = -1;
    if (json_kind(r->bos) != JSON_ABSENT && json_kind(r->bos) != JSON_NULL &&
        !token_id(r->bos, r->c.n_vocab, &r->c.bos))
        return refuse(what, r->bos, "not an id of the vocabulary", e);
    return read_eos(r->eos, what, &r->c, e);
}

/* Per-layer lists of transformers 5: only the pattern that the counts already describe. */
static bool layers_are(const struct json *list, int64_t n_layers, int64_t n_first,
                       const char *first, const char *rest, const char *what, struct err *e)
{
    if (list == NULL || json_kind(list) == JSON_NULL)
        return true;
    int64_t i = 0;
    for (const struct json *m = json_first(list); m != NULL; m = json_next(m), i++) {
        struct str name = {0};
        if (!json_str(m, &name) || !str_eq(name, str_of(i < n_first ? first : rest)))
            return FAIL(e, ERR_INPUT, "%s: %.*s[%lld]: \"%s\" was expected", what,
                        STR_ARG(json_key(list)), (long long)i, i < n_first ? first : rest);
    }
    if (i != n_layers)
        return FAIL(e, ERR_INPUT, "%s: %.*s has %lld entries for %lld layers", what,
                    STR_ARG(json_key(list)), (long long)i, (long long)n_layers);
    return true;
}

struct relation {
    bool holds;
    const char *says;
};

static bool relations_hold(const struct raw *r, const char *what, struct err *e)
{
    const struct model_config *c = &r->c;
    int64_t group = c->n_experts / c->n_groups;
    const struct relation all[] = {
        {c->n_dense_layers <= c->n_layers, "first_k_dense_replace is above num_hidden_layers"},
        {c->rope_dim % 2 == 0, "qk_rope_head_dim is odd"},
        {c->index_dim >= c->rope_dim, "index_head_dim is below qk_rope_head_dim"},
        {(c->index_dim & (c->index_dim - 1)) == 0,
         "index_head_dim is not a power of two (the Hadamard transform needs one)"},
        {r->n_kv_heads == 0 || r->n_kv_heads == c->n_heads,
         "num_key_value_heads differs from num_attention_heads"},
        {r->qk_dim == 0 || r->qk_dim == c->nope_dim + c->rope_dim,
         "qk_head_dim is not qk_nope_head_dim + qk_rope_head_dim"},
        {r->head_dim == 0 || r->head_dim == c->rope_dim, "head_dim differs from qk_rope_head_dim"},
        {r->n_experts_too == 0 || r->n_experts_too == c->n_experts,
         "num_experts differs from n_routed_experts"},
        {r->n_experts_three == 0 || r->n_experts_three == c->n_experts,
         "num_local_experts differs from n_routed_experts"},
        {c->n_experts % c->n_groups == 0, "n_group does not divide n_routed_experts"},
        {group >= 2, "a group of experts needs two (its score is the sum of its two best)"},
        {c->n_groups_used <= c->n_groups, "topk_group is above n_group"},
        {c->n_experts_used <= c->n_groups_used * group,
         "num_experts_per_tok is above what topk_group groups hold"},
        {c->expert_inner * r->n_shared <= DIM_MAX,
         "n_shared_experts * moe_intermediate_size is out of range"},
        {!c->rope.is_on || c->n_context > c->rope.n_original_context,
         "max_position_embeddings is not above YaRN's original_max_position_embeddings"},
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (!all[i].holds)
            return FAIL(e, ERR_INPUT, "%s: %s", what, all[i].says);
    return true;
}

static float softmax_scale(const struct model_config *c)
{
    double scale = 1.0 / sqrt((double)(c->nope_dim + c->rope_dim));
    double m = 1.0;
    if (c->rope.is_on && c->rope.factor > 1)
        m = 0.1 * c->rope.mscale_all_dim * log(c->rope.factor) + 1.0;
    return (float)(scale * m * m);
}

static bool settle(struct raw *r, const char *what, struct err *e)
{
    struct model_config *c = &r->c;
    TRY(settle_rope(r, what, e));
    TRY(settle_quant(r, what, e));
    TRY(settle_tokens(r, what, e));
    TRY(relations_hold(r, what, e));
    TRY(layers_are(r->layer_types, c->n_layers, 0, "", "indexed_attention", what, e));
    TRY(layers_are(r->mlp_layer_types, c->n_layers, c->n_dense_layers, "dense", "sparse", what, e));
    c->shared_inner = c->expert_inner * r->n_shared;
    c->norm_eps = (float)r->norm_eps;
    c->latent_norm_eps = 1e-6F;
    c->routed_scale = (float)r->routed_scale;
    c->softmax_scale = softmax_scale(c);
    return true;
}

static void free_json(struct json **j)
{
    json_free(*j);
}

bool config_parse(struct str text, const char *what, struct model_config *out, struct err *e)
{
    CLEANUP(free_json) struct json *root = NULL;
    struct raw r = {0};
    TRY(json_parse(text, what, &root, e));
    TRY(read_object(root, ROWS(config_rules), &r, what, e));
    TRY(settle(&r, what, e));
    *out = r.c;
    return true;
}

static bool read_generation(const char *dir, struct model_config *c, struct arena tmp,
                            struct err *e)
{
    static const char *what = "generation_config.json";
    char path[LIMIT_PATH_BYTES];
    CLEANUP(free_json) struct json *root = NULL;
    struct str text = {0};
    if (!file_join(dir, what, path, sizeof path))
        return FAIL(e, ERR_INPUT, "%s: path too long", dir);
    if (!file_exists(path))
        return true;
    TRY(file_read(path, &text, &tmp, e));
    TRY(json_parse(text, what, &root, e));
    return read_eos(json_get(root, "eos_token_id"), what, c, e);
}

bool config_read(const char *dir, struct model_config *out, struct arena tmp, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    struct str text = {0};
    struct model_config c = {0};
    if (!file_join(dir, "config.json", path, sizeof path))
        return FAIL(e, ERR_INPUT, "%s: path too long", dir);
    TRY(file_read(path, &text, &tmp, e));
    TRY(config_parse(text, "config.json", &c, e));
    TRY(read_generation(dir, &c, tmp, e));
    *out = c;
    return true;
}

/* Pair index at which the rotation makes `turns` full turns over the original context. */
static double yarn_border(const struct model_config *c, double turns)
{
    const double two_pi = 6.283185307179586;
    double length = (double)c->rope.n_original_context / (turns * two_pi);
    return (double)c->rope_dim * log(length) / (2 * log(c->rope.theta));
}

void config_inv_freq(const struct model_config *c, double *out)
{
    assert(c->rope_dim % 2 == 0);
    double low = 0;
    double high = 0;
    if (c->rope.is_on) {
        low = fmax(floor(yarn_border(c, c->rope.beta_fast)), 0);
        high = fmin(ceil(yarn_border(c, c->rope.beta_slow)), (double)(c->rope_dim - 1));
        high = high == low ? low + 0.001 : high; /* as the reference: no division by zero */
    }
    for (int64_t i = 0; i < c->rope_dim / 2; i++) {
        double speed = pow(c->rope.theta, -2.0 * (double)i / (double)c->rope_dim);
        double ramp = c->rope.is_on ? fmin(fmax(((double)i - low) / (high - low), 0), 1) : 0;
        out[i] = c->rope.is_on ? speed / c->rope.factor * ramp + speed * (1 - ramp) : speed;
    }
}
