#include "harness/plan.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/rng.h"

static int by_order(const void *a, const void *b)
{
    const struct planned *x = a;
    const struct planned *y = b;
    if (x->turn != y->turn)
        return x->turn < y->turn ? -1 : 1;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    return x->i_item < y->i_item ? -1 : x->i_item > y->i_item;
}

void plan_make(struct plan *out, const struct strategy *strategy, const struct item *items,
               int64_t n_items, int64_t n_samples, bool thinking, const struct stored *rows,
               int64_t n_rows, struct arena *keep, struct arena tmp)
{
    struct planned *found = NEW(&tmp, struct planned, n_samples + 1);
    *out = (struct plan){.at = NEW(keep, struct planned, n_items * n_samples + 1)};
    for (int64_t i = 0, row = 0; i < n_items; i++) {
        int64_t first = row;
        while (row < n_rows && rows[row].reply.i_item == i)
            row++;
        struct strategy_in in = {.item = &items[i],
                                 .thinking = thinking,
                                 .n_samples = n_samples,
                                 .rows = n_rows > 0 ? rows + first : NULL,
                                 .n_rows = row - first};
        int64_t n = strategy->next(&in, found, n_samples, keep);
        for (int64_t k = 0; k < n; k++) {
            found[k].i_item = i;
            out->at[out->n++] = found[k];
        }
    }
    qsort(out->at, (size_t)out->n, sizeof *out->at, by_order);
}

const struct planned *plan_next(struct plan *p)
{
    return p->i_next < p->n ? &p->at[p->i_next++] : NULL;
}

uint64_t plan_seed(uint64_t run_seed, struct str item_id, int64_t sample, int64_t turn)
{
    uint64_t of_item = 0;
    struct hash h = hash_bytes(item_id);
    memcpy(&of_item, h.at, sizeof of_item);
    return rng_mix(rng_mix(run_seed, of_item), rng_mix((uint64_t)sample, (uint64_t)turn));
}
