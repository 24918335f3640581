/* The weights of a model folder: every tensor of the architecture, checked and mapped.
 *
 * weights_open() walks the architecture that config.json describes and binds each tensor by its
 * published name: a missing, extra, misshapen, doubled, overlapping or truncated one is an error
 * that names tensor and file. Shapes are settled before the first byte of data is read. Data
 * stays in the mapped files; nothing is converted here.
 *
 * Shapes below: H n_hidden, V n_vocab, others as in engine/config.h. A matrix is [out][in] and
 * y = x W^T, without bias. Any matrix may be F32, F16, BF16 or F8_E4M3 with scales; norms,
 * biases, embeddings and the head any of the first three.
 *
 * Source  tensor names and shapes of the deepseek-ai/DeepSeek-V3.2 checkpoint. */
#pragma once
#include <stdint.h>

#include "base/err.h"
#include "engine/config.h"
#include "engine/digests.h"
#include "kernels/dtype.h"

struct tensor {
    const char *name; /* NULL: this model has none of it */
    enum dtype dtype;
    int64_t n_dims;
    int64_t shape[4];
    const void *data;       /* borrowed from the weights, aligned to its dtype */
    const float *scale_inv; /* F8_E4M3 only: [scale_shape[0]][scale_shape[1]] f32, W = w * scale */
    int64_t scale_shape[2]; /* ceil(shape / CONFIG_BLOCK) */
};

/* down(silu(gate(x)) * up(x)) */
struct mlp_weights {
    struct tensor gate; /* [inner][H] */
    struct tensor up;   /* [inner][H] */
    struct tensor down; /* [H][inner] */
};

struct layer_weights {
    struct tensor input_norm; /* [H] */
    struct tensor post_norm;  /* [H] */

    struct tensor q_a;       /* [q_rank][H] */
    struct tensor q_a_norm;  /* [q_rank] */
    struct tensor q_b;       /* [n_heads * (nope + rope)][q_rank], a head: nope, then rope */
    struct tensor kv_a;      /* [kv_rank + rope][H] */
    struct tensor kv_a_norm; /* [kv_rank] */
    struct tensor kv_b;      /* [n_heads * (nope + v)][kv_rank], a head: k_nope, then v */
    struct tensor o;         /* [H][n_heads * v] */

    struct tensor idx_wq_b;         /* [index_n_heads * index_dim][q_rank], a head: rope first */
    struct tensor idx_wk;           /* [index_dim][H] */
    struct tensor idx_k_norm_w;     /* [index_dim] */
    struct tensor idx_k_norm_b;     /* [index_dim] */
    struct tensor idx_weights_proj; /* [index_n_heads][H], never F8 */

    bool is_dense;
    struct mlp_weights mlp; /* dense: dense_inner; else the shared expert: shared_inner */

    /* only when !is_dense */
    struct tensor router;        /* [n_experts][H], never F8 */
    struct tensor router_bias;   /* [n_experts], added for the choice only */
    struct mlp_weights *experts; /* [n_experts], expert_inner */
};

/* The layer after the last: predicts token t+2 from hidden state t and token t+1. */
struct mtp_weights {
    struct tensor enorm;     /* [H], of the embedding */
    struct tensor hnorm;     /* [H], of the hidden state */
    struct tensor eh_proj;   /* [H][2 H], input: embedding half, then hidden half */
    struct tensor embed;     /* [V][H]; the model's own when the file shares it */
    struct tensor head_norm; /* [H] */
    struct tensor head;      /* [V][H]; the model's own when the file shares it */
    struct layer_weights layer;
};

struct weights_files;

struct weights {
    struct tensor embed;      /* [V][H] */
    struct tensor final_norm; /* [H] */
    struct tensor head;       /* [V][H]; the embedding when tied */
    struct layer_weights *layers;
    int64_t n_layers;
    bool has_mtp; /* false also when config.json announces one and the files hold nothing of it */
    struct mtp_weights mtp;
    int64_t n_params; /* numbers stored, scales not counted */
    struct weights_files *files;
};

/* Opens model.safetensors, or the shards of model.safetensors.index.json, under dir. Copies c's
 * numbers. The weights own the mappings; every tensor is borrowed until weights_close. */
MUST_CHECK bool weights_open(struct weights **out, const char *dir, const struct model_config *c,
                             struct err *e);
void weights_close(struct weights *w); /* NULL is fine */

/* Identity of the model: hash_fields over config.json's name and content hash (64 hex digits),
 * then the same two of every weight file in order of name. Reads every file that d does not
 * remember; ERR_INPUT when one was changed since weights_open. */
MUST_CHECK bool weights_sha256(const struct weights *w, const struct digests *d, char out[65],
                               struct err *e);
