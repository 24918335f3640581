#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "engine/weights.h"
#include "engine/weights_files.h"
#include "tests/support/model_make.h"
#include "tests/support/support.h"

static struct arena keep;
static const char *dir;
static const struct digests forget;

static void open_all(void)
{
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    dir = support_temp();
}

TestSuite(weights, .init = open_all);

/* The model of the golden folder, for a test to spoil. */
static struct made built(const char *name)
{
    struct made m;
    struct make how;
    struct str config = {0};
    model_read_golden(name, &config, &how, &keep);
    model_build(&m, config, &how, &keep);
    return m;
}

static bool opens(struct weights **w, struct err *e)
{
    struct model_config c;
    *e = (struct err){0};
    ASSERT_OK(config_read(dir, &c, keep, e), *e);
    return weights_open(w, dir, &c, e);
}

static void refused(const char *says)
{
    struct weights *w = NULL;
    struct err e;
    cr_assert(!opens(&w, &e), "accepted; expected: %s", says);
    cr_assert_eq(e.cls, ERR_INPUT, "%s", e.text);
    cr_assert(strstr(e.text, says) != NULL, "expected \"%s\", got \"%s\"", says, e.text);
}

static const char *path_of(const char *file)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(dir, file, path, sizeof path));
    return path;
}

Test(weights, every_tensor_of_a_plain_model_is_bound)
{
    struct weights *w = NULL;
    struct err e;
    model_make("sparse_bf16", dir);
    ASSERT_OK(opens(&w, &e), e);
    cr_assert_eq(w->n_layers, 3);
    cr_assert(w->layers[0].is_dense && !w->layers[1].is_dense && !w->has_mtp);
    cr_assert_eq(w->layers[1].q_b.shape[0], 128);
    cr_assert_eq(w->layers[1].q_b.shape[1], 48);
    cr_assert_eq(w->layers[1].q_b.dtype, DTYPE_BF16);
    cr_assert_null(w->layers[1].q_b.scale_inv);
    cr_assert_str_eq(w->layers[2].experts[15].down.name,
                     "model.layers.2.mlp.experts.15.down_proj.weight");
    cr_assert_eq(w->layers[2].router_bias.dtype, DTYPE_F32);
    cr_assert_null(w->mtp.eh_proj.name);
    weights_close(w);
}

/* *n_copied grows by the tensors that lay unaligned in their file. */
static void same_bytes(const struct weights *w, const struct made *m, int64_t *n_copied)
{
    const struct layer_weights *l = &w->layers[1];
    const struct tensor *t[] = {&w->embed,        &w->final_norm,      &w->head,   &l->kv_b,
                                &l->post_norm,    &l->q_a_norm,        &l->mlp.up, &l->mlp.down,
                                &l->idx_k_norm_b, &l->idx_weights_proj};
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const struct made_tensor *want = made_find(m, t[i]->name);
        const struct found *in_file = weights_files_find(w->files, t[i]->name);
        cr_assert_eq((uintptr_t)t[i]->data % (uintptr_t)dtype_size(t[i]->dtype), 0);
        cr_assert_eq(memcmp(t[i]->data, want->at, (size_t)want->n_bytes), 0, "%s", want->name);
        *n_copied += in_file->t->data != t[i]->data;
    }
}

Test(weights, bound_data_are_the_bytes_that_were_made)
{
    int64_t n_copied = 0;
    static const char *names[] = {"dense_f32", "fp8_blocks", "fp8_odd"};
    for (int i = 0; i < 3; i++) {
        struct weights *w = NULL;
        struct err e;
        struct made m = built(names[i]);
        ASSERT_OK(file_remove_tree(dir, &e), e);
        model_write(&m, dir);
        ASSERT_OK(opens(&w, &e), e);
        same_bytes(w, &m, &n_copied);
        weights_close(w);
    }
    cr_assert_gt(n_copied, 0, "no model places anything at an odd byte");
}

Test(weights, fp8_has_scales_rounded_up_at_ragged_edges)
{
    struct weights *w = NULL;
    struct err e;
    struct made m = built("fp8_odd");
    model_write(&m, dir);
    ASSERT_OK(opens(&w, &e), e);
    const struct tensor *t = &w->layers[0].mlp.gate; /* [259][201] */
    cr_assert_eq(t->dtype, DTYPE_F8_E4M3);
    cr_assert_eq(t->scale_shape[0], 3);
    cr_assert_eq(t->scale_shape[1], 2);
    cr_assert_eq((uintptr_t)t->scale_inv % 4, 0);
    const struct made_tensor *want = made_find(&m, "model.layers.0.mlp.gate_proj.weight_scale_inv");
    cr_assert_eq(memcmp(t->scale_inv, want->at, 24), 0);
    weights_close(w);
}

Test(weights, a_tied_head_is_the_embedding)
{
    struct weights *w = NULL;
    struct err e;
    model_make("dense_f32", dir);
    ASSERT_OK(opens(&w, &e), e);
    cr_assert_eq(w->head.data, w->embed.data);
    weights_close(w);
}

Test(weights, mtp_layer_is_optional_as_a_whole_only)
{
    struct weights *w = NULL;
    struct err e;
    struct made m = built("real_heads");
    model_write(&m, dir);
    ASSERT_OK(opens(&w, &e), e);
    cr_assert(w->has_mtp && !w->mtp.layer.is_dense);
    cr_assert_eq(w->mtp.eh_proj.shape[1], 512);
    weights_close(w);

    struct made_tensor *norm = made_find(&m, "model.layers.2.enorm.weight");
    *norm = m.at[--m.n];
    model_write(&m, dir);
    refused("model.safetensors: model.layers.2.enorm.weight: missing");

    int64_t kept = 0;
    for (int64_t i = 0; i < m.n; i++)
        if (!str_starts(str_of(m.at[i].name), STR("model.layers.2.")))
            m.at[kept++] = m.at[i];
    m.n = kept;
    model_write(&m, dir);
    ASSERT_OK(opens(&w, &e), e);
    cr_assert(!w->has_mtp);
    weights_close(w);
}

Test(weights, mtp_layer_may_leave_its_embedding_and_head_to_the_model)
{
    struct weights *w = NULL;
    struct err e;
    struct made m = built("real_heads");
    *made_find(&m, "model.layers.2.embed_tokens.weight") = m.at[m.n - 1];
    m.n--;
    *made_find(&m, "model.layers.2.shared_head.head.weight") = m.at[m.n - 1];
    m.n--;
    model_write(&m, dir);
    ASSERT_OK(opens(&w, &e), e);
    cr_assert_eq(w->mtp.embed.data, w->embed.data);
    cr_assert_eq(w->mtp.head.data, w->head.data);
    weights_close(w);
}

Test(weights, missing_tensor_is_named)
{
    struct made m = built("dense_f32");
    *made_find(&m, "model.layers.1.self_attn.indexer.wk.weight") = m.at[--m.n];
    model_write(&m, dir);
    refused("model.safetensors: model.layers.1.self_attn.indexer.wk.weight: missing");
}

Test(weights, extra_tensor_is_named)
{
    struct made m = built("dense_f32");
    made_find(&m, "model.norm.weight")->name = "model.layers.1.self_attn.q_proj.bias";
    struct made_tensor *norm = &m.at[m.n++];
    *norm = *made_find(&m, "model.layers.0.input_layernorm.weight");
    norm->name = "model.norm.weight";
    model_write(&m, dir);
    refused(
        "model.safetensors: model.layers.1.self_attn.q_proj.bias: not part of the architecture");
}

Test(weights, rotary_buffers_of_old_tools_are_ignored)
{
    struct weights *w = NULL;
    struct err e;
    struct made m = built("dense_f32");
    struct made_tensor *more = &m.at[m.n++];
    *more = *made_find(&m, "model.norm.weight");
    more->name = "model.layers.0.self_attn.rotary_emb.inv_freq";
    model_write(&m, dir);
    ASSERT_OK(opens(&w, &e), e);
    weights_close(w);
}

Test(weights, wrong_shape_shows_both)
{
    struct made m = built("dense_f32");
    struct made_tensor *t = made_find(&m, "model.layers.0.self_attn.o_proj.weight");
    t->shape[0] = 32;
    t->shape[1] = 128;
    model_write(&m, dir);
    refused("model.safetensors: model.layers.0.self_attn.o_proj.weight: shape is [32, 128], "
            "config.json asks for [64, 64]");
    t->n_dims = 1;
    t->shape[0] = 4096;
    model_write(&m, dir);
    refused("shape is [4096], config.json asks for [64, 64]");
}

Test(weights, wrong_types_are_named)
{
    struct made m = built("fp8_blocks");
    struct made_tensor *t = made_find(&m, "model.layers.0.self_attn.q_a_proj.weight");
    t->dtype = "I8";
    model_write(&m, dir);
    refused("model.layers.0.self_attn.q_a_proj.weight: I8, only F32, F16, BF16 and F8_E4M3");
    t->dtype = "F8_E5M2";
    model_write(&m, dir);
    refused("F8_E5M2, only");
    t->dtype = "F8_E4M3";
    t = made_find(&m, "model.norm.weight");
    t->dtype = "I32";
    model_write(&m, dir);
    refused("model.norm.weight: I32, only F32, F16, BF16 can be here");
}

Test(weights, fp8_scale_must_be_there_with_its_shape_and_type)
{
    struct made m = built("fp8_blocks");
    struct made_tensor *t = made_find(&m, "model.layers.1.self_attn.o_proj.weight_scale_inv");
    t->n_dims = 1;
    t->shape[0] = 4;
    model_write(&m, dir);
    refused("o_proj.weight_scale_inv: shape is [4], config.json asks for [2, 2]");
    t->n_dims = 2;
    t->shape[0] = 2;
    t->dtype = "I32";
    model_write(&m, dir);
    refused("o_proj.weight_scale_inv: I32, only F32");
    t->dtype = "F32";
    t->name = "model.layers.1.self_attn.o_proj.weight_scale";
    model_write(&m, dir);
    refused("model.layers.1.self_attn.o_proj.weight_scale_inv: missing");
}

Test(weights, fp8_without_quantization_config_is_a_contradiction)
{
    struct made m = built("fp8_odd");
    const char *from = strstr(m.config.at, "\"quantization_config\"");
    const char *end = strchr(strchr(from, '}'), '\n');
    m.config =
        arena_fmt(&keep, "%.*s\"seq_aux\": true%s", (int)(from - m.config.at), m.config.at, end);
    model_write(&m, dir);
    refused("F8_E4M3, but config.json has no quantization_config");
}

static void rewrite(const char *file, const char *from, const char *to)
{
    struct err e = {0};
    struct str old = support_read(path_of(file), &keep);
    int64_t at = str_find(old, str_of(from), 0);
    cr_assert(at >= 0, "%s is not in %s", from, file);
    struct buf b = {0};
    buf_put(&b, str_sub(old, 0, at));
    buf_put(&b, str_of(to));
    buf_put(&b, str_sub(old, at + (int64_t)strlen(from), old.n));
    ASSERT_OK(file_write(path_of(file), buf_str(&b), &e), e);
    buf_free(&b);
}

#define INDEX "model.safetensors.index.json"
#define ONE   "model-00001-of-00003.safetensors"
#define TWO   "model-00002-of-00003.safetensors"
#define EMBED "\"model.embed_tokens.weight\":\""

struct story {
    const char *from;
    const char *to;
    const char *says;
};

static const struct story stories[] = {
    {EMBED ONE, EMBED TWO,
     TWO ": model.embed_tokens.weight: missing, though " INDEX " places it here"},
    {EMBED ONE "\",", "", ONE ": model.embed_tokens.weight: not listed in " INDEX},
    {EMBED, "\"model.extra\":\"" ONE "\"," EMBED, ONE ": model.extra: missing, though"},
    {EMBED, EMBED ONE "\"," EMBED, INDEX ": model.embed_tokens.weight: is there twice"},
    {EMBED ONE, EMBED "../" ONE,
     INDEX ": model.embed_tokens.weight: not the name of a .safetensors"},
    {EMBED ONE, EMBED "/etc/passwd", INDEX ": model.embed_tokens.weight: not the name"},
    {EMBED ONE "\"", "\"model.embed_tokens.weight\":7",
     INDEX ": model.embed_tokens.weight: not the name"},
    {"\"weight_map\"", "\"weights\"", INDEX ": weight_map is missing"},
    {"{\"metadata\"", "{\"metadata", INDEX ": not valid JSON at byte"},
};

Test(weights, index_and_shards_must_tell_one_story)
{
    for (size_t i = 0; i < sizeof stories / sizeof stories[0]; i++) {
        model_make("sparse_bf16", dir);
        rewrite(INDEX, stories[i].from, stories[i].to);
        refused(stories[i].says);
    }
}

Test(weights, a_shard_that_is_not_there_is_named)
{
    struct weights *w = NULL;
    struct err e;
    model_make("sparse_bf16", dir);
    cr_assert_eq(unlink(path_of(TWO)), 0);
    cr_assert(!opens(&w, &e));
    cr_assert_eq(e.cls, ERR_IO);
    cr_assert(strstr(e.text, TWO ": No such file") != NULL, "%s", e.text);
}

Test(weights, a_tensor_in_two_shards_is_refused)
{
    struct made m = built("sparse_bf16");
    struct made_tensor *twin = &m.at[m.n++];
    *twin = *made_find(&m, "model.embed_tokens.weight");
    model_write(&m, dir);
    rewrite(INDEX, ",\"model.embed_tokens.weight\":\"" ONE "\"", "");
    struct weights *w = NULL;
    struct err e;
    cr_assert(!opens(&w, &e));
    cr_assert(strstr(e.text, "model.embed_tokens.weight") != NULL, "%s", e.text);
}

Test(weights, two_listings_are_one_too_many)
{
    struct err e = {0};
    model_make("sparse_bf16", dir);
    ASSERT_OK(file_write(path_of("model.safetensors"), STR("x"), &e), e);
    refused("both model.safetensors and " INDEX " are there");
}

Test(weights, a_shard_cut_anywhere_is_refused)
{
    model_make("dense_f32", dir);
    struct err e = {0};
    struct str whole = support_read(path_of("model.safetensors"), &keep);
    for (int64_t n = 0; n < whole.n; n += 1 + whole.n / 97) {
        ASSERT_OK(file_write(path_of("model.safetensors"), str_sub(whole, 0, n), &e), e);
        refused("model.safetensors: ");
    }
}

static struct str text_member(const struct json *j, const char *name)
{
    struct str s = {0};
    cr_assert(json_str(json_get(j, name), &s), "%s", name);
    return s;
}

static void same_as_python(const char *name)
{
    struct err e = {0};
    struct json *root = NULL;
    struct weights *w = NULL;
    char id[65];
    char path[256];
    (void)snprintf(path, sizeof path, "tests/golden/model/%s/golden.json", name);
    ASSERT_OK(json_parse(support_read(path, &keep), path, &root, &e), e);
    ASSERT_OK(file_remove_tree(dir, &e), e);
    model_make(name, dir);
    ASSERT_OK(opens(&w, &e), e);
    ASSERT_OK(weights_sha256(w, &forget, id, &e), e);
    cr_assert(str_eq(str_of(id), text_member(root, "identity")),
              "%s: the C and the Python maker differ", name);
    weights_close(w);
    json_free(root);
}

Test(weights, made_models_are_those_of_the_oracle_byte_for_byte)
{
    static const char *names[] = {"dense_f32",  "sparse_bf16", "fp8_blocks", "fp8_odd",
                                  "real_heads", "routing",     "long"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        same_as_python(names[i]);
}

Test(weights, identity_changes_with_any_byte)
{
    char one[65];
    char two[65];
    struct weights *w = NULL;
    struct err e;
    model_make("dense_f32", dir);
    ASSERT_OK(opens(&w, &e), e);
    ASSERT_OK(weights_sha256(w, &forget, one, &e), e);
    weights_close(w);
    rewrite("config.json", "\"initializer_range\": 0.02", "\"initializer_range\": 0.03");
    ASSERT_OK(opens(&w, &e), e);
    ASSERT_OK(weights_sha256(w, &forget, two, &e), e);
    weights_close(w);
    cr_assert_str_neq(one, two);
}
