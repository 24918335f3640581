/* Whole sequences through the forward pass, outside any request: for tests, measurements, and
 * those who want logits. They borrow slot 0 of an idle engine. */
#include <assert.h>

#include "engine/debug.h"
#include "engine/inside.h"

/* Slot 0 with room for n tokens; the engine must be idle. */
static bool begin_sequence(struct engine *g, const int32_t *tokens, int64_t n, struct err *e)
{
    for (int64_t i = 0; i < g->sched.shape.n_slots; i++)
        if (g->sched.slot[i].state != SLOT_FREE)
            return FAIL(e, ERR_USAGE, "the engine is busy with requests");
    TRY(engine_check_tokens(g, tokens, n, e));
    if (n > g->sched.shape.n_context)
        return FAIL(e, ERR_INPUT, "%lld tokens: %lld fit", (long long)n,
                    (long long)g->sched.shape.n_context);
    bool has_room = pages_grow(kv_pages(g->kv), 0, n);
    assert(has_room); /* nobody holds any page */
    return kv_sync(g->kv, e);
}

/* Feeds tokens [from, to) of slot 0. */
static bool feed(struct engine *g, const int32_t *tokens, int64_t from, int64_t to, struct err *e)
{
    struct batch *b = &g->sched.batch;
    b->T = to - from;
    for (int64_t i = from; i < to; i++) {
        b->id[i - from] = tokens[i];
        b->slot[i - from] = 0;
        b->position[i - from] = (int32_t)i;
    }
    return forward_run(g->forward, b, e);
}

/* Logits of rows [from, to) of the last batch. */
static bool read_logits(struct engine *g, int64_t from, int64_t to, float *out, struct err *e)
{
    int32_t row[LIMIT_BATCH];
    int64_t V = g->model->config.n_vocab;
    for (int64_t i = from; i < to; i += g->sched.shape.n_slots) {
        int64_t n = to - i < g->sched.shape.n_slots ? to - i : g->sched.shape.n_slots;
        for (int64_t j = 0; j < n; j++)
            row[j] = (int32_t)(i + j);
        TRY(forward_logits(g->forward, row, n, out + (i - from) * V, e));
    }
    return true;
}

static bool all_chunks(struct engine *g, const int32_t *tokens, int64_t n, bool all, float *out,
                       struct err *e)
{
    int64_t V = g->model->config.n_vocab;
    for (int64_t from = 0; from < n; from += g->sched.shape.n_step) {
        int64_t to = n - from < g->sched.shape.n_step ? n : from + g->sched.shape.n_step;
        TRY(feed(g, tokens, from, to, e));
        if (all)
            TRY(read_logits(g, 0, to - from, out + from * V, e));
        else if (to == n)
            TRY(read_logits(g, to - from - 1, to - from, out, e));
    }
    return true;
}

bool engine_logits(struct engine *g, const int32_t *tokens, int64_t n, bool all, float *out,
                   struct err *e)
{
    TRY(begin_sequence(g, tokens, n, e));
    bool is_done = all_chunks(g, tokens, n, all, out, e);
    pages_release(kv_pages(g->kv), 0);
    return is_done;
}

/* What the MTP layer makes of the last batch, tokens [from, to) of the sequence. */
static bool mtp_chunk(struct engine *g, const int32_t *tokens, int64_t from, int64_t to, float *out,
                      struct err *e)
{
    int32_t row[LIMIT_BATCH];
    int64_t V = g->model->config.n_vocab;
    g->mtp.batch.T = 0;
    for (int64_t i = from; i < to; i++)
        mtp_add(&g->mtp, tokens[i + 1], 0, (int32_t)i, (int32_t)(i - from));
    TRY(mtp_feed(&g->mtp, g->forward, MTP_FROM_MODEL, e));
    for (int64_t i = 0; i < to - from; i += g->sched.shape.n_slots) {
        int64_t n = to - from - i;
        n = n < g->sched.shape.n_slots ? n : g->sched.shape.n_slots;
        for (int64_t j = 0; j < n; j++)
            row[j] = (int32_t)(i + j);
        TRY(mtp_logits(g->forward, row, n, out + i * V, e));
    }
    return true;
}

static bool mtp_chunks(struct engine *g, const int32_t *tokens, int64_t n, float *out,
                       struct err *e)
{
    int64_t V = g->model->config.n_vocab;
    for (int64_t from = 0; from + 1 < n; from += g->sched.shape.n_step) {
        int64_t to = n - 1 - from < g->sched.shape.n_step ? n - 1 : from + g->sched.shape.n_step;
        TRY(feed(g, tokens, from, to, e));
        TRY(mtp_chunk(g, tokens, from, to, out + from * V, e));
    }
    return true;
}

bool engine_mtp_logits(struct engine *g, const int32_t *tokens, int64_t n, float *out,
                       struct err *e)
{
    if (!g->model->has_mtp)
        return FAIL(e, ERR_UNSUPPORTED, "this model has no MTP layer");
    TRY(begin_sequence(g, tokens, n, e));
    bool is_done = mtp_chunks(g, tokens, n, out, e);
    pages_release(kv_pages(g->kv), 0);
    return is_done;
}
