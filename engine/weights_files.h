/* The weight files of one folder as one table of tensors by name. Used by weights.c only.
 *
 * Either model.safetensors alone, or the shards that model.safetensors.index.json lists. The
 * index and the shards must tell the same story: a tensor is where the index says, and nowhere
 * else. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "engine/digests.h"
#include "engine/safetensors.h"

struct found {
    const struct safetensor *t;
    const char *file; /* that holds it */
    const void *data; /* aligned to its dtype: in the file, or a copy that fill() makes */
    bool is_used;     /* bound to the architecture */
};

struct weights_files {
    char *dir;
    const char *listing; /* the file that says which tensors there are, for messages */
    struct arena keep;
    struct arena copies;
    struct safetensors *shards; /* [n_shards], by file name */
    struct stamp *stamps;       /* [n_shards], taken before each was mapped */
    struct stamp config;        /* of config.json */
    int64_t n_shards;
    struct found *at; /* [n], by name */
    int64_t n;
};

MUST_CHECK bool weights_files_open(struct weights_files **out, const char *dir, struct err *e);
void weights_files_close(struct weights_files *f); /* NULL is fine */

/* Every file is still the one that was mapped: its stamp is what it was. ERR_INPUT names it. */
MUST_CHECK bool weights_files_hold(const struct weights_files *f, struct err *e);

/* NULL when there is none of that name. */
struct found *weights_files_find(const struct weights_files *f, const char *name);

/* A file may place a tensor at an odd byte. Those few are copied to where they are aligned: only
 * now, when every shape was found right, is data read. */
void weights_files_align(struct weights_files *f);
