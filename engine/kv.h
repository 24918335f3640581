/* The cache of every layer in pages of 64 tokens, shared by all requests.
 *
 * A page number means the same tokens in every layer: one table of pages serves them all. A
 * request reserves every page it can ever need when it is admitted and gives all of them back
 * when it ends, so that nothing can run out in the middle. Two rows per token and layer: the
 * latent with its rotated key (attention), and the indexer's key. */
#pragma once
#include "kernels/kernels.h"

struct kv;

struct kv_shape {
    int64_t n_layers;
    int64_t n_slots;
    int64_t n_pages;
    int64_t n_table;    /* most pages of one slot */
    int64_t latent_dim; /* kv_rank + rope */
    int64_t key_dim;    /* index_dim */
};

/* Borrows k until kv_close. */
MUST_CHECK bool kv_open(struct kv **out, struct kernels *k, const struct kv_shape *shape,
                        struct err *e);
void kv_close(struct kv *c); /* NULL is fine */

int64_t kv_pages_for(int64_t n_tokens);
int64_t kv_n_free(const struct kv *c);

/* Pages for n_tokens of an empty slot. Asks for at most kv_n_free() and n_table pages. */
MUST_CHECK bool kv_reserve(struct kv *c, int64_t slot, int64_t n_tokens, struct err *e);
void kv_release(struct kv *c, int64_t slot); /* of a slot without pages: nothing */

struct kpages kv_latent(const struct kv *c, int64_t layer);
struct kpages kv_key(const struct kv *c, int64_t layer);
