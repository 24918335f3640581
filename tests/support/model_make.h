/* Random models of the architecture as the folder a release would be: config.json, safetensors,
 * index. The twin of tests/reference/model_make.py, byte for byte, so that golden outputs can be
 * committed without the weights they belong to. A model is built in memory first, where a test
 * may spoil it, and then written.
 *
 * Failures end the running test. */
#pragma once
#include "base/arena.h"
#include "base/str.h"
#include "engine/config.h"

/* How the numbers are made and stored; "make" of golden.json. Types as safetensors spells them. */
struct make {
    uint64_t seed;
    const char *matrix; /* the big matrices */
    const char *wide;   /* embedding, head, router, indexer weights, eh_proj */
    const char *norm;   /* norms and the indexer's bias */
    bool is_ue8m0;      /* scales of F8_E4M3 are powers of two */
    bool is_sorted;     /* in a file, wide types first */
    int64_t n_shards;
};

struct made_tensor {
    const char *name;
    const char *dtype;
    int64_t n_dims;
    int64_t shape[2];
    unsigned char *at; /* as stored */
    int64_t n_bytes;
    int64_t shard;
};

struct made {
    struct str config; /* text of config.json */
    struct made_tensor *at;
    int64_t n;
    int64_t n_shards;
    bool is_sorted;
};

/* From text and parameters; everything is taken from *keep. */
void model_build(struct made *out, struct str config, const struct make *how, struct arena *keep);
void model_write(const struct made *m, const char *dir);

/* Builds and writes the model of tests/golden/model/NAME into dir. */
void model_make(const char *name, const char *dir);

/* The same in a temporary folder, whose path stays until the next call. */
const char *model_made(const char *name);

/* The same model's "make" and config.json, for those who want to spoil it first. */
void model_read_golden(const char *name, struct str *config, struct make *how, struct arena *keep);

/* NULL when there is none. */
struct made_tensor *made_find(const struct made *m, const char *name);

/* Name of the i-th weight file of n, in static storage. */
const char *model_file_name(int64_t i, int64_t n);
