/* A model's weights the way the kernels want them.
 *
 * weights.h binds names to mapped bytes; this binds them to a machine. Large matrices stay where
 * they are in the type they are stored in, unless the caller wants them narrower (enum
 * weight_mode): then they are made so, 128 rows at a time, in memory of the machine. Norms and
 * biases become f32. kv_b, which the absorbed form of MLA needs once as it is and once transposed,
 * is expanded into two f32 stacks of heads.
 *
 * Pointers named float are machine memory (kernels.h), owned here. */
#pragma once
#include "engine/config.h"
#include "engine/engine.h"
#include "engine/weights.h"
#include "kernels/kernels.h"

struct model_layer {
    float *input_norm; /* [H] */
    float *post_norm;  /* [H] */

    struct kweight q_a;
    float *q_a_norm; /* [q_rank] */
    struct kweight q_b;
    struct kweight kv_a;
    float *kv_a_norm;        /* [kv_rank] */
    struct kweight key_up;   /* [n_heads * kv_rank][nope]: W_UK transposed, query to latent */
    struct kweight value_up; /* [n_heads * v][kv_rank]: W_UV, latent to value */
    struct kweight o;

    struct kweight idx_q;
    struct kweight idx_k;
    struct kweight idx_weights;
    float *idx_norm_w; /* [index_dim] */
    float *idx_norm_b; /* [index_dim] */

    bool is_dense;
    struct kmlp mlp; /* dense, or the shared expert */
    struct kweight router;
    float *router_bias;   /* [n_experts] */
    struct kmlp *experts; /* [n_experts], host */
};

struct model_mtp {
    float *enorm;     /* [H] */
    float *hnorm;     /* [H] */
    float *head_norm; /* [H] */
    struct kweight eh_proj;
    struct kweight embed;
    struct kweight head;
};

struct model {
    struct model_config config;
    struct weights *weights;
    struct kernels *k;
    struct kweight embed;
    struct kweight head;
    float *final_norm;          /* [H] */
    float *speed;               /* [rope / 2] radians per position */
    float index_scale;          /* index_n_heads^-0.5 * index_dim^-0.5 */
    struct model_layer *layers; /* [n_layers + 1]; the last is the MTP layer's, if has_mtp */
    bool has_mtp;
    struct model_mtp mtp;
    enum weight_mode mode;
    unsigned char *room; /* machine memory for narrowed matrices: what is left of the last piece */
    int64_t n_room;
    void **owned; /* machine memory to give back */
    int64_t n_owned;
    int64_t cap_owned;
};

/* Borrows k until model_close. */
MUST_CHECK bool model_open(struct model **out, const char *dir, enum weight_mode mode,
                           struct kernels *k, struct err *e);
void model_close(struct model *m); /* NULL is fine */

/* Machine memory that lives as long as the model. */
MUST_CHECK bool model_alloc(struct model *m, int64_t n_floats, float **out, struct err *e);

/* model_narrow.c: a matrix as the mode wants it; as it is bound, when that is narrow enough. */
MUST_CHECK bool model_narrow(struct model *m, struct kweight *w, const char *name, struct err *e);

static inline int64_t model_n_caches(const struct model *m)
{
    return m->config.n_layers + (m->has_mtp ? 1 : 0);
}
