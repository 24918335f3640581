/* config.json of a DeepSeek-V3.2 folder, as numbers the kernels can trust.
 *
 * Every field of the file is looked at. A field that changes the arithmetic must have the value
 * the kernels implement; a field nobody here has heard of is an error that names it, because
 * silence would mean wrong numbers. Fields without any influence on inference are listed in
 * config.c and skipped. Both spellings of RoPE are read: `rope_scaling` + `rope_theta` (the
 * released file) and `rope_parameters` (what transformers 5 writes).
 *
 * Everything here is plain data, checked once: users need not check again.
 *
 * Source  config.json and inference/model.py of deepseek-ai/DeepSeek-V3.2. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"

enum { CONFIG_EOS_MAX = 8 };

/* Side of a weight block that shares one scale, and of an activation block. */
enum { CONFIG_BLOCK = 128 };

/* YaRN: slow components of the rotation are stretched by `factor`, fast ones left alone. */
struct yarn {
    bool is_on; /* false: plain RoPE, only theta counts */
    double theta;
    double factor;
    double beta_fast;
    double beta_slow;
    double mscale_all_dim; /* equal to mscale, so that cos and sin need no factor of their own */
    int64_t n_original_context;
};

struct model_config {
    /* whole model */
    int64_t n_vocab;
    int64_t n_hidden;
    int64_t n_layers;       /* decoder layers, without the MTP layer */
    int64_t n_dense_layers; /* the first ones have one big MLP, the others experts */
    int64_t n_mtp;          /* 0 or 1 extra layer that predicts the token after the next */
    int64_t n_context;      /* max_position_embeddings */
    bool is_head_tied;      /* no lm_head: logits use the embedding */
    float norm_eps;         /* input, post-attention, final and MTP norms */
    float latent_norm_eps;  /* q_a, kv_a and the indexer's LayerNorm: always 1e-6 */

    /* attention */
    int64_t n_heads;
    int64_t q_rank;      /* q_lora_rank */
    int64_t kv_rank;     /* kv_lora_rank: latent floats cached per token */
    int64_t nope_dim;    /* qk_nope_head_dim */
    int64_t rope_dim;    /* qk_rope_head_dim, even: rotated floats cached per token */
    int64_t v_dim;       /* v_head_dim */
    struct yarn rope;    /* of MLA (interleaved pairs) and indexer (halves) alike */
    float softmax_scale; /* (nope + rope)^-0.5, times (0.1 * mscale * ln factor + 1)^2 */

    /* lightning indexer */
    int64_t index_n_heads;
    int64_t index_dim; /* index_head_dim, a power of two (Hadamard), >= rope_dim; rope dims first */
    int64_t index_topk;

    /* feed forward */
    int64_t dense_inner;  /* intermediate_size */
    int64_t expert_inner; /* moe_intermediate_size */
    int64_t shared_inner; /* n_shared_experts * expert_inner: they are one wide MLP */
    int64_t n_experts;
    int64_t n_experts_used; /* per token */
    int64_t n_groups;       /* divides n_experts */
    int64_t n_groups_used;  /* kept per token; n_experts_used fit into them */
    bool is_topk_normed;    /* chosen weights are divided by their sum + 1e-20 */
    float routed_scale;

    /* stored numbers: every tensor states its own type; this is what the file promises */
    bool is_fp8;   /* quantization_config is there */
    bool is_ue8m0; /* activation scales are powers of two (scale_fmt) */

    /* tokens: -1 when the file names none */
    int32_t bos;
    int32_t eos[CONFIG_EOS_MAX]; /* generation_config.json's when it has some */
    int64_t n_eos;
};

/* Reads DIR/config.json and, when it is there, the end tokens of DIR/generation_config.json.
 * ERR_INPUT names the field and its value; ERR_IO when the file cannot be read. */
MUST_CHECK bool config_read(const char *dir, struct model_config *out, struct arena tmp,
                            struct err *e);

/* The same from text; `what` (a file name) starts every message. */
MUST_CHECK bool config_parse(struct str text, const char *what, struct model_config *out,
                             struct err *e);

/* Rotation speed of pair i of rope_dim / 2: out[i] = radians per position. */
void config_inv_freq(const struct model_config *c, double *out);
