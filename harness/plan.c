#include "harness/plan.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/rng.h"

uint64_t plan_seed(uint64_t run_seed, struct str item_id, int64_t sample, int64_t turn)
{
    uint64_t of_item = 0;
    struct hash h = hash_bytes(item_id);
    memcpy(&of_item, h.at, sizeof of_item);
    return rng_mix(rng_mix(run_seed, of_item), rng_mix((uint64_t)sample, (uint64_t)turn));
}

/* An ask with what decides its turn. */
struct place {
    struct planned what;
    double n_tokens; /* expected */
    uint64_t lot;    /* of its item */
};

static int by_sample(const void *a, const void *b)
{
    const struct planned *x = &((const struct place *)a)->what;
    const struct planned *y = &((const struct place *)b)->what;
    if (x->turn != y->turn)
        return x->turn < y->turn ? -1 : 1;
    if (x->sample != y->sample)
        return x->sample < y->sample ? -1 : 1;
    return x->i_item < y->i_item ? -1 : x->i_item > y->i_item;
}

static int by_group(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    if (x->what.turn != y->what.turn)
        return x->what.turn < y->what.turn ? -1 : 1;
    if (x->n_tokens < y->n_tokens || x->n_tokens > y->n_tokens)
        return x->n_tokens > y->n_tokens ? -1 : 1;
    if (x->what.i_item != y->what.i_item && x->lot != y->lot)
        return x->lot < y->lot ? -1 : 1;
    if (x->what.i_item != y->what.i_item)
        return x->what.i_item < y->what.i_item ? -1 : 1;
    return x->what.sample < y->what.sample ? -1 : x->what.sample > y->what.sample;
}

static double mean_tokens(const struct stored *rows, int64_t n, double otherwise)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)rows[i].reply.n_out_tokens;
    return n > 0 ? sum / (double)n : otherwise;
}

void plan_make(struct plan *out, enum plan_order order, const struct strategy *strategy,
               const struct item *items, int64_t n_items, int64_t n_samples, bool thinking,
               const struct stored *rows, int64_t n_rows, struct arena *keep, struct arena tmp)
{
    struct planned *found = NEW(&tmp, struct planned, n_samples + 1);
    struct place *places = NEW(&tmp, struct place, n_items * n_samples + 1);
    double usual = mean_tokens(rows, n_rows, 0);
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
            places[out->n++] = (struct place){.what = found[k],
                                              .n_tokens = mean_tokens(in.rows, in.n_rows, usual),
                                              .lot = plan_seed(0, items[i].id, 0, 0)};
        }
    }
    qsort(places, (size_t)out->n, sizeof *places, order == PLAN_SPREAD ? by_sample : by_group);
    for (int64_t i = 0; i < out->n; i++)
        out->at[i] = places[i].what;
}

const struct planned *plan_next(struct plan *p)
{
    return p->i_next < p->n ? &p->at[p->i_next++] : NULL;
}
