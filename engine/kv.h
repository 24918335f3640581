/* The cache of every layer in pages of 64 tokens, shared by all requests.
 *
 * A page number means the same tokens in every layer: one table of pages serves them all. Which
 * page belongs to whom is decided in pages.c; here are the rows, the machine's copy of the table,
 * and the copying of a page. Two rows per token and layer: the latent with its rotated key
 * (attention), and the indexer's key. */
#pragma once
#include "engine/pages.h"
#include "kernels/kernels.h"

struct kv;

struct kv_shape {
    int64_t n_layers;
    int64_t n_slots;
    int64_t n_pages;
    int64_t n_table;     /* most pages of one slot */
    int64_t latent_dim;  /* kv_rank + rope */
    int64_t latent_rank; /* kv_rank */
    int64_t key_dim;     /* index_dim */
    enum kv_type type;
};

/* Borrows k until kv_close. */
MUST_CHECK bool kv_open(struct kv **out, struct kernels *k, const struct kv_shape *shape,
                        struct err *e);
void kv_close(struct kv *c); /* NULL is fine */

/* Who holds which page. The machine learns of changes, and copies pages, in kv_sync: after all
 * changes, before the rows that need them. */
struct pages *kv_pages(struct kv *c);

/* To be copied by kv_sync, in all layers and in the order of the calls; at most one a slot between
 * two of them. A copy from -1 is none. */
void kv_copy_later(struct kv *c, struct pages_copy copy);
MUST_CHECK bool kv_sync(struct kv *c, struct err *e);

/* Bytes of one token in all layers. */
int64_t kv_token_bytes(const struct kv_shape *s);

struct kpages kv_latent(const struct kv *c, int64_t layer);
struct kpages kv_key(const struct kv *c, int64_t layer);
