/* Named sizes of the architecture, for models that are made and not downloaded.
 *
 * A shape is every size that config.json states. It is turned into the text of a config.json and
 * read back by engine/config.c like anybody's, so a shape that the engine could not run is refused
 * in the same words. engine/random_model.h fills one with weights; `podium bench` measures it. */
#pragma once
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "engine/config.h"

/* How the big matrices are stored. Embedding, head, router, indexer weights and norms are BF16
 * (F32 under SHAPE_F32), the router's bias is always F32: as in the released checkpoint. */
enum shape_store { SHAPE_BF16, SHAPE_F32, SHAPE_FP8 };

/* Fields as in engine/config.h. */
struct shape {
    const char *name;
    const char *says; /* what it is for, one line */
    int64_t n_vocab;
    int64_t n_hidden;
    int64_t n_layers;
    int64_t n_dense_layers;
    int64_t n_mtp;
    int64_t n_heads;
    int64_t q_rank;
    int64_t kv_rank;
    int64_t nope_dim;
    int64_t rope_dim;
    int64_t v_dim;
    int64_t index_n_heads;
    int64_t index_dim;
    int64_t index_topk;
    int64_t dense_inner;
    int64_t expert_inner;
    int64_t n_shared;
    int64_t n_experts;
    int64_t n_experts_used;
    int64_t n_groups;
    int64_t n_groups_used;
    int64_t n_original_context; /* YaRN stretches this ... */
    int64_t yarn_factor;        /* ... by this; together the longest request */
};

/* The i-th of them, NULL past the last. */
const struct shape *shape_at(int64_t i);

/* ERR_USAGE lists the names there are. */
MUST_CHECK bool shape_find(const char *name, struct shape *out, struct err *e);

/* "n_layers=4": one size by its name above. ERR_USAGE names the ones there are. */
MUST_CHECK bool shape_set(struct shape *s, const char *assignment, struct err *e);

/* The shape as the text of config.json, and the same read back. ERR_USAGE when the sizes do not
 * go together. */
MUST_CHECK bool shape_config(const struct shape *s, enum shape_store store, struct buf *text,
                             struct model_config *out, struct err *e);

/* Numbers stored, and numbers that one token uses: all of attention, norms and routers, the
 * experts chosen, the head; of the embedding nothing, it is looked up. */
struct shape_count {
    int64_t n_params;
    int64_t n_active;
};
struct shape_count shape_count(const struct model_config *c);
