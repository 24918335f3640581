#include <stdio.h>

#include "base/file.h"
#include "base/limits.h"
#include "engine/config.h"
#include "tests/support/support.h"

/* The released config.json, field by field, as published. */
static const char released[] =
    "{\"architectures\":[\"DeepseekV32ForCausalLM\"],\"attention_bias\":false,"
    "\"attention_dropout\":0.0,\"bos_token_id\":0,\"eos_token_id\":1,\"ep_size\":1,"
    "\"first_k_dense_replace\":3,\"hidden_act\":\"silu\",\"hidden_size\":7168,"
    "\"index_head_dim\":128,\"index_n_heads\":64,\"index_topk\":2048,\"initializer_range\":0.02,"
    "\"intermediate_size\":18432,\"kv_lora_rank\":512,\"max_position_embeddings\":163840,"
    "\"model_type\":\"deepseek_v32\",\"moe_intermediate_size\":2048,\"moe_layer_freq\":1,"
    "\"n_group\":8,\"n_routed_experts\":256,\"n_shared_experts\":1,\"norm_topk_prob\":true,"
    "\"num_attention_heads\":128,\"num_experts_per_tok\":8,\"num_hidden_layers\":61,"
    "\"num_key_value_heads\":128,\"num_nextn_predict_layers\":1,\"q_lora_rank\":1536,"
    "\"qk_nope_head_dim\":128,\"qk_rope_head_dim\":64,\"quantization_config\":{"
    "\"activation_scheme\":\"dynamic\",\"fmt\":\"e4m3\",\"quant_method\":\"fp8\","
    "\"scale_fmt\":\"ue8m0\",\"weight_block_size\":[128,128]},\"rms_norm_eps\":1e-06,"
    "\"rope_scaling\":{\"beta_fast\":32,\"beta_slow\":1,\"factor\":40,\"mscale\":1.0,"
    "\"mscale_all_dim\":1.0,\"original_max_position_embeddings\":4096,\"type\":\"yarn\"},"
    "\"rope_theta\":10000,\"routed_scaling_factor\":2.5,\"scoring_func\":\"sigmoid\","
    "\"tie_word_embeddings\":false,\"topk_group\":4,\"topk_method\":\"noaux_tc\","
    "\"torch_dtype\":\"bfloat16\",\"transformers_version\":\"4.44.2\",\"use_cache\":true,"
    "\"v_head_dim\":128,\"vocab_size\":129280}";

/* The text with the first `from` replaced by `to`; static storage. */
static struct str with(const char *from, const char *to)
{
    static char text[8192];
    const char *at = strstr(released, from);
    cr_assert(at != NULL, "%s is not in the released file", from);
    int n = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - released), released, to,
                     at + strlen(from));
    return (struct str){text, n};
}

static bool parses(struct str text, struct model_config *c, struct err *e)
{
    return config_parse(text, "config.json", c, e);
}

Test(config, released_file_is_read_to_the_last_number)
{
    struct model_config c = {0};
    struct err e = {0};
    ASSERT_OK(parses(str_of(released), &c, &e), e);
    cr_assert_eq(c.n_layers, 61);
    cr_assert_eq(c.n_dense_layers, 3);
    cr_assert_eq(c.n_mtp, 1);
    cr_assert_eq(c.n_heads, 128);
    cr_assert_eq(c.q_rank, 1536);
    cr_assert_eq(c.shared_inner, 2048);
    cr_assert_eq(c.n_groups_used, 4);
    cr_assert_eq(c.n_context, 163840);
    cr_assert(c.is_fp8 && c.is_ue8m0 && c.is_topk_normed && !c.is_head_tied && c.rope.is_on);
    cr_assert_eq(c.bos, 0);
    cr_assert_eq(c.n_eos, 1);
    cr_assert_eq(c.eos[0], 1);
    cr_assert_float_eq((double)c.softmax_scale, 0.1352337788608801, 1e-8);
    cr_assert_float_eq((double)c.routed_scale, 2.5, 0);
}

Test(config, yarn_frequencies_are_the_published_ones)
{
    static const double want[32] = {1,
                                    0.749894209,
                                    0.562341325,
                                    0.421696503,
                                    0.316227766,
                                    0.237137371,
                                    0.177827941,
                                    0.133352143,
                                    0.1,
                                    0.0749894209,
                                    0.0562341325,
                                    0.0390069266,
                                    0.0268793601,
                                    0.0183781462,
                                    0.0124479559,
                                    0.00833450895,
                                    0.0055,
                                    0.00356199749,
                                    0.0022493653,
                                    0.00137051364,
                                    0.000790569415,
                                    0.000414990398,
                                    0.000177827941,
                                    3.33380358e-05,
                                    2.5e-05,
                                    1.87473552e-05,
                                    1.40585331e-05,
                                    1.05424126e-05,
                                    7.90569415e-06,
                                    5.92843426e-06,
                                    4.44569853e-06,
                                    3.33380358e-06};
    struct model_config c = {0};
    struct err e = {0};
    double got[32];
    ASSERT_OK(parses(str_of(released), &c, &e), e);
    config_inv_freq(&c, got);
    for (int i = 0; i < 32; i++)
        cr_assert_float_eq(got[i], want[i], 1e-8 * want[i], "pair %d: %.12g", i, got[i]);
}

Test(config, plain_rope_has_no_ramp_and_no_extra_softmax_scale)
{
    struct model_config c = {0};
    struct err e = {0};
    double got[32];
    const char *scaling = strstr(released, "{\"beta_fast\"");
    char whole[400];
    (void)snprintf(whole, sizeof whole, "%.*s", (int)(strchr(scaling, '}') + 1 - scaling), scaling);
    ASSERT_OK(parses(with(whole, "null"), &c, &e), e);
    cr_assert(!c.rope.is_on);
    cr_assert_float_eq((double)c.softmax_scale, 0.07216878364870322, 1e-8);
    config_inv_freq(&c, got);
    cr_assert_float_eq(got[31], 1.333521432e-04, 1e-12);
}

Test(config, spelling_of_transformers_5_means_the_same)
{
    struct model_config old = {0};
    struct model_config new = {0};
    struct err e = {0};
    ASSERT_OK(parses(str_of(released), &old, &e), e);
    struct str text =
        with("\"type\":\"yarn\"},\"rope_theta\":10000",
             "\"type\":\"yarn\",\"rope_type\":\"yarn\",\"rope_theta\":10000},\"head_dim\":64,"
             "\"qk_head_dim\":192,\"mlp_bias\":false,\"output_router_logits\":false,\"pad_token_"
             "id\":null");
    char *key = strstr((char *)(uintptr_t)text.at, "\"rope_scaling\"");
    memmove(key + 17, key + 14, strlen(key + 14) + 1);
    memcpy(key, "\"rope_parameters\"", 17);
    ASSERT_OK(parses(str_of(text.at), &new, &e), e);
    cr_assert_eq(memcmp(&old.rope, &new.rope, sizeof old.rope), 0);
    cr_assert_eq(old.softmax_scale, new.softmax_scale);
}

/* One change of the released file, and what the message must hold: field and value. */
struct bad {
    const char *from;
    const char *to;
    const char *says;
};

static const struct bad bad_files[] = {
    {"\"use_cache\":true", "\"use_cash\":true", "use_cash is true: a field podium does not know"},
    {"\"use_cache\":true", "\"n_group\":8", "n_group is there twice"},
    {"\"hidden_size\":7168,", "", "hidden_size is missing"},
    {"\"hidden_size\":7168", "\"hidden_size\":\"big\"", "hidden_size is \"big\": a whole number"},
    {"\"hidden_size\":7168", "\"hidden_size\":71.68", "hidden_size is 71.68"},
    {"\"hidden_size\":7168", "\"hidden_size\":1e999", "hidden_size is"},
    {"\"hidden_size\":7168", "\"hidden_size\":-1", "hidden_size is -1: outside"},
    {"\"hidden_act\":\"silu\"", "\"hidden_act\":\"gelu\"", "hidden_act is \"gelu\": only \"silu\""},
    {"\"attention_bias\":false", "\"attention_bias\":true", "attention_bias is true"},
    {"\"attention_dropout\":0.0", "\"attention_dropout\":0.1", "attention_dropout is 0.1"},
    {"\"scoring_func\":\"sigmoid\"", "\"scoring_func\":\"softmax\"", "scoring_func is \"softmax\""},
    {"\"topk_method\":\"noaux_tc\"", "\"topk_method\":\"greedy\"", "topk_method is \"greedy\""},
    {"\"moe_layer_freq\":1", "\"moe_layer_freq\":2", "moe_layer_freq is 2"},
    {"deepseek_v32\"", "deepseek_v3\"", "model_type is \"deepseek_v3\""},
    {"\"use_cache\":true", "\"indexer_rope_interleave\":true", "indexer_rope_interleave is true"},
    {"\"type\":\"yarn\"", "\"type\":\"linear\"", "type is \"linear\""},
    {"\"type\":\"yarn\"", "\"type\":\"yarn\",\"rope_type\":\"default\"", "contradicts"},
    {"\"mscale\":1.0", "\"mscale\":0.7", "mscale is 0.7 and mscale_all_dim 1"},
    {"\"factor\":40,", "", "rope_scaling: factor is missing"},
    {"\"beta_slow\":1", "\"beta_slow\":64", "beta_fast is 32"},
    {"\"type\":\"yarn\"", "\"type\":\"yarn\",\"rope_theta\":5000",
     "rope_theta is both 10000 and 5000"},
    {"\"rope_theta\":10000", "\"use_cash\":1", "use_cash"},
    {"\"rope_theta\":10000,", "", "rope_theta is missing"},
    {"\"type\":\"yarn\"", "\"type\":\"yarn\",\"long_factor\":[1]", "long_factor is [1]"},
    {"\"fmt\":\"e4m3\"", "\"fmt\":\"e5m2\"", "fmt is \"e5m2\""},
    {"[128,128]", "[1,128]", "weight_block_size is [1,128]"},
    {"\"scale_fmt\":\"ue8m0\"", "\"scale_fmt\":\"e8\"", "scale_fmt is \"e8\""},
    {"\"quant_method\":\"fp8\"", "\"quant_method\":\"awq\"", "quant_method is \"awq\""},
    {"\"n_group\":8", "\"n_group\":7", "n_group does not divide"},
    {"\"n_group\":8", "\"n_group\":256", "needs two"},
    {"\"topk_group\":4", "\"topk_group\":9", "topk_group is above n_group"},
    {"\"num_experts_per_tok\":8", "\"num_experts_per_tok\":129", "num_experts_per_tok is above"},
    {"\"qk_rope_head_dim\":64", "\"qk_rope_head_dim\":63", "odd"},
    {"\"index_head_dim\":128", "\"index_head_dim\":96", "power of two"},
    {"\"index_head_dim\":128", "\"index_head_dim\":32", "below qk_rope_head_dim"},
    {"\"num_key_value_heads\":128", "\"num_key_value_heads\":8", "num_key_value_heads differs"},
    {"\"first_k_dense_replace\":3", "\"first_k_dense_replace\":62",
     "first_k_dense_replace is above"},
    {"\"max_position_embeddings\":163840", "\"max_position_embeddings\":4096", "not above YaRN"},
    {"\"num_nextn_predict_layers\":1", "\"num_nextn_predict_layers\":2",
     "num_nextn_predict_layers"},
    {"\"eos_token_id\":1", "\"eos_token_id\":129280", "eos_token_id is 129280"},
    {"\"eos_token_id\":1", "\"eos_token_id\":[]", "eos_token_id is []"},
    {"\"use_cache\":true", "\"layer_types\":[\"indexed_attention\"]", "has 1 entries for 61"},
    {"\"use_cache\":true", "\"mlp_layer_types\":[\"sparse\"]", "mlp_layer_types[0]: \"dense\""},
    {"\"use_cache\":true", "\"use_cache\":true,", "not valid JSON at byte"},
};

Test(config, every_contradiction_is_an_error_that_names_the_field)
{
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        const struct bad *b = &bad_files[i];
        struct model_config c = {0};
        struct err e = {0};
        cr_assert(!parses(with(b->from, b->to), &c, &e), "%s was accepted", b->to);
        cr_assert_eq(e.cls, ERR_INPUT);
        cr_assert(strncmp(e.text, "config.json: ", 13) == 0, "%s", e.text);
        cr_assert(strstr(e.text, b->says) != NULL, "%s: \"%s\"", b->says, e.text);
        cr_assert_eq(c.n_vocab, 0); /* outputs are written on success only */
    }
}

Test(config, several_end_tokens_and_none_are_read)
{
    struct model_config c = {0};
    struct err e = {0};
    ASSERT_OK(parses(with("\"eos_token_id\":1", "\"eos_token_id\":[1,7]"), &c, &e), e);
    cr_assert_eq(c.n_eos, 2);
    cr_assert_eq(c.eos[1], 7);
    ASSERT_OK(parses(with("\"eos_token_id\":1", "\"eos_token_id\":null"), &c, &e), e);
    cr_assert_eq(c.n_eos, 0);
    ASSERT_OK(parses(with("\"bos_token_id\":0,", ""), &c, &e), e);
    cr_assert_eq(c.bos, -1);
}

static void write_in(const char *dir, const char *name, const char *text)
{
    char path[LIMIT_PATH_BYTES];
    struct err e = {0};
    cr_assert(file_join(dir, name, path, sizeof path));
    ASSERT_OK(file_write(path, str_of(text), &e), e);
}

Test(config, end_tokens_of_generation_config_win)
{
    struct model_config c = {0};
    struct err e = {0};
    struct arena tmp;
    const char *dir = support_temp();
    arena_init(&tmp, "test", LIMIT_MIB);
    write_in(dir, "config.json", released);
    ASSERT_OK(config_read(dir, &c, tmp, &e), e);
    cr_assert_eq(c.eos[0], 1);
    write_in(dir, "generation_config.json", "{\"eos_token_id\": [5, 6], \"top_p\": 0.95}");
    ASSERT_OK(config_read(dir, &c, tmp, &e), e);
    cr_assert_eq(c.n_eos, 2);
    cr_assert_eq(c.eos[0], 5);
    write_in(dir, "generation_config.json", "{\"eos_token_id\": -5}");
    cr_assert(!config_read(dir, &c, tmp, &e));
    cr_assert(strstr(e.text, "generation_config.json: eos_token_id is -5") != NULL, "%s", e.text);
}

Test(config, missing_file_is_named)
{
    struct model_config c = {0};
    struct err e = {0};
    struct arena tmp;
    arena_init(&tmp, "test", LIMIT_MIB);
    cr_assert(!config_read(support_temp(), &c, tmp, &e));
    cr_assert_eq(e.cls, ERR_IO);
    cr_assert(strstr(e.text, "config.json: No such file") != NULL, "%s", e.text);
}
