#include "engine/kv.h"

#include <assert.h>
#include <stdlib.h>

struct kv {
    struct kernels *k;
    struct kv_shape shape;
    struct pages *pages;
    unsigned char *latent;   /* machine [n_layers][n_pages][64] rows */
    unsigned char *key;      /* machine [n_layers][n_pages][64] rows */
    int32_t *table;          /* machine [n_slots][n_table] */
    struct pages_copy *copy; /* [n_slots] to be made */
    int64_t n_copies;
};

struct pages *kv_pages(struct kv *c)
{
    return c->pages;
}

void kv_copy_later(struct kv *c, struct pages_copy copy)
{
    if (copy.from < 0)
        return;
    assert(c->n_copies < c->shape.n_slots);
    c->copy[c->n_copies++] = copy;
}

static struct kpages latent_rows(const struct kv_shape *s)
{
    return (struct kpages){.dim = s->latent_dim, .type = s->type, .rank = s->latent_rank};
}

/* A key is E4M3 from end to end where the cache is FP8. */
static struct kpages key_rows(const struct kv_shape *s)
{
    return (struct kpages){.dim = s->key_dim, .type = s->type, .rank = s->key_dim};
}

static int64_t page_bytes(struct kpages rows)
{
    return KERNEL_PAGE * kpages_row_bytes(&rows);
}

int64_t kv_token_bytes(const struct kv_shape *s)
{
    return s->n_layers * (page_bytes(latent_rows(s)) + page_bytes(key_rows(s))) / KERNEL_PAGE;
}

/* One page of one pool, in all layers. */
static bool copy_page(struct kv *c, unsigned char *pool, int64_t n, struct pages_copy copy,
                      struct err *e)
{
    for (int64_t i = 0; i < c->shape.n_layers; i++) {
        unsigned char *layer = pool + i * c->shape.n_pages * n;
        TRY(c->k->ops->copy(c->k, layer + copy.to * n, layer + copy.from * n, n, e));
    }
    return true;
}

bool kv_sync(struct kv *c, struct err *e)
{
    for (int64_t i = 0; i < c->n_copies; i++)
        TRY(copy_page(c, c->latent, page_bytes(latent_rows(&c->shape)), c->copy[i], e) &&
            copy_page(c, c->key, page_bytes(key_rows(&c->shape)), c->copy[i], e));
    c->n_copies = 0;
    for (int64_t s = 0; s < c->shape.n_slots; s++) {
        int64_t n = 0;
        const int32_t *at = pages_of(c->pages, s, &n);
        if (pages_was_changed(c->pages, s))
            TRY(c->k->ops->put(c->k, c->table + s * c->shape.n_table, at, n * (int64_t)sizeof *at,
                               e));
    }
    return true;
}

static struct kpages view(const struct kv *c, unsigned char *pool, int64_t layer,
                          struct kpages rows)
{
    assert(layer >= 0 && layer < c->shape.n_layers);
    rows.pool = pool + layer * c->shape.n_pages * page_bytes(rows);
    rows.table = c->table;
    rows.n_table = c->shape.n_table;
    return rows;
}

struct kpages kv_latent(const struct kv *c, int64_t layer)
{
    return view(c, c->latent, layer, latent_rows(&c->shape));
}

struct kpages kv_key(const struct kv *c, int64_t layer)
{
    return view(c, c->key, layer, key_rows(&c->shape));
}

void kv_close(struct kv *c)
{
    if (c == NULL)
        return;
    c->k->ops->release(c->k, c->latent);
    c->k->ops->release(c->k, c->key);
    c->k->ops->release(c->k, c->table);
    pages_close(c->pages);
    free(c->copy);
    free(c);
}

static bool take(struct kv *c, int64_t n_bytes, void *out, struct err *e)
{
    return c->k->ops->alloc(c->k, n_bytes, (void **)out, e);
}

static bool fill(struct kv *c, struct err *e)
{
    const struct kv_shape *s = &c->shape;
    int64_t n_pages = s->n_layers * s->n_pages;
    c->copy = calloc((size_t)s->n_slots, sizeof *c->copy);
    if (c->copy == NULL)
        return FAIL(e, ERR_IO, "no memory for the cache");
    TRY(pages_open(&c->pages, s->n_pages, s->n_slots, s->n_table, e));
    return take(c, n_pages * page_bytes(latent_rows(s)), &c->latent, e) &&
           take(c, n_pages * page_bytes(key_rows(s)), &c->key, e) &&
           take(c, s->n_slots * s->n_table * (int64_t)sizeof(int32_t), &c->table, e);
}

bool kv_open(struct kv **out, struct kernels *k, const struct kv_shape *shape, struct err *e)
{
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
