#include "engine/kv.h"

#include <assert.h>
#include <stdlib.h>

struct kv {
    struct kernels *k;
    struct kv_shape shape;
    float *latent;       /* machine [n_layers][n_pages][64][latent_dim] */
    float *key;          /* machine [n_layers][n_pages][64][key_dim] */
    int32_t *table;      /* machine [n_slots][n_table] */
    int32_t *host_table; /* the same */
    int64_t *n_held;     /* [n_slots] pages of a slot */
    int32_t *free_page;  /* [n_pages] a stack */
    int64_t n_free;
};

int64_t kv_pages_for(int64_t n_tokens)
{
    return (n_tokens + KERNEL_PAGE - 1) / KERNEL_PAGE;
}

int64_t kv_n_free(const struct kv *c)
{
    return c->n_free;
}

bool kv_reserve(struct kv *c, int64_t slot, int64_t n_tokens, struct err *e)
{
    int64_t n = kv_pages_for(n_tokens);
    assert(slot >= 0 && slot < c->shape.n_slots);
    assert(c->n_held[slot] == 0);
    assert(n <= c->n_free && n <= c->shape.n_table);
    int64_t at = slot * c->shape.n_table;
    for (int64_t i = 0; i < n; i++)
        c->host_table[at + i] = c->free_page[--c->n_free];
    c->n_held[slot] = n;
    return c->k->ops->put(c->k, c->table + at, c->host_table + at, n * (int64_t)sizeof(int32_t), e);
}

void kv_release(struct kv *c, int64_t slot)
{
    assert(slot >= 0 && slot < c->shape.n_slots);
    for (; c->n_held[slot] > 0; c->n_held[slot]--)
        c->free_page[c->n_free++] = c->host_table[slot * c->shape.n_table + c->n_held[slot] - 1];
    assert(c->n_free <= c->shape.n_pages);
}

static struct kpages view(const struct kv *c, float *pool, int64_t layer, int64_t dim)
{
    assert(layer >= 0 && layer < c->shape.n_layers);
    float *at = pool + layer * c->shape.n_pages * KERNEL_PAGE * dim;
    return (struct kpages){at, c->table, c->shape.n_table, dim};
}

struct kpages kv_latent(const struct kv *c, int64_t layer)
{
    return view(c, c->latent, layer, c->shape.latent_dim);
}

struct kpages kv_key(const struct kv *c, int64_t layer)
{
    return view(c, c->key, layer, c->shape.key_dim);
}

void kv_close(struct kv *c)
{
    if (c == NULL)
        return;
    c->k->ops->release(c->k, c->latent);
    c->k->ops->release(c->k, c->key);
    c->k->ops->release(c->k, c->table);
    free(c->host_table);
    free(c->n_held);
    free(c->free_page);
    free(c);
}

static bool take(struct kv *c, int64_t n_bytes, void *out, struct err *e)
{
    return c->k->ops->alloc(c->k, n_bytes, (void **)out, e);
}

static bool fill(struct kv *c, struct err *e)
{
    const struct kv_shape *s = &c->shape;
    int64_t rows = s->n_layers * s->n_pages * KERNEL_PAGE * (int64_t)sizeof(float);
    c->host_table = calloc((size_t)(s->n_slots * s->n_table), sizeof *c->host_table);
    c->n_held = calloc((size_t)s->n_slots, sizeof *c->n_held);
    c->free_page = calloc((size_t)s->n_pages, sizeof *c->free_page);
    if (c->host_table == NULL || c->n_held == NULL || c->free_page == NULL)
        return FAIL(e, ERR_IO, "no memory for the page table");
    for (int64_t i = 0; i < s->n_pages; i++)
        c->free_page[c->n_free++] = (int32_t)(s->n_pages - 1 - i);
    return take(c, rows * s->latent_dim, &c->latent, e) && take(c, rows * s->key_dim, &c->key, e) &&
           take(c, s->n_slots * s->n_table * (int64_t)sizeof(int32_t), &c->table, e);
}

bool kv_open(struct kv **out, struct kernels *k, const struct kv_shape *shape, struct err *e)
{
    assert(shape->n_pages > 0 && shape->n_pages < INT32_MAX);
    struct kv *c = calloc(1, sizeof *c);
    if (c == NULL)
        return FAIL(e, ERR_IO, "no memory for the cache");
    c->k = k;
    c->shape = *shape;
    if (!fill(c, e)) {
        kv_close(c);
        return false;
    }
    *out = c;
    return true;
}
