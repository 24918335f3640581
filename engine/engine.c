/* The engine's front: opening, admission, steps, results. The work is in sched.c (who is next),
 * forward.c (the arithmetic), kv.c (the cache) and sampler.c (the draw). */
#include "engine/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/debug.h"
#include "engine/sampler.h"
#include "engine/sched.h"

enum { DEFAULT_SLOTS = 64, DEFAULT_STEP = 256 };

struct engine {
    struct kernels *k;
    struct model *model;
    struct kv *kv;
    struct forward *forward;
    struct sched sched;
    struct sampler_work work;
    float *logits;               /* [n_slots][n_vocab] */
    struct engine_event *events; /* [n_slots] of the last step */
    int64_t n_events;
    int32_t *taken_tokens; /* [n_context] of the last take */
    float *taken_logprobs;
};

/* -- opening ------------------------------------------------------------------------------------
 */

/* Bytes of cache that one token takes in all layers. */
static int64_t token_bytes(const struct model *m)
{
    const struct model_config *c = &m->config;
    return model_n_caches(m) * (c->kv_rank + c->rope_dim + c->index_dim) * (int64_t)sizeof(float);
}

/* A cache as large as the requests could ever need, within a quarter of the memory. */
static int64_t default_kv_tokens(const struct model *m, int64_t n_slots)
{
    int64_t memory = (int64_t)sysconf(_SC_PHYS_PAGES) * (int64_t)sysconf(_SC_PAGESIZE);
    int64_t fits = memory / 4 / token_bytes(m);
    int64_t wanted = n_slots * kv_pages_for(m->config.n_context) * KERNEL_PAGE;
    return fits < wanted ? fits : wanted;
}

static bool check_config(const struct engine_config *c, struct err *e)
{
    if (c->n_slots < 0 || c->n_slots > LIMIT_BATCH)
        return FAIL(e, ERR_USAGE, "%lld requests at once: 1 to %d are possible",
                    (long long)c->n_slots, LIMIT_BATCH);
    if (c->n_kv_tokens < 0 || c->n_kv_tokens > (int64_t)INT32_MAX)
        return FAIL(e, ERR_USAGE, "a cache of %lld tokens is not possible",
                    (long long)c->n_kv_tokens);
    if (c->n_step_tokens < 0 || c->n_step_tokens > LIMIT_STEP_TOKENS)
        return FAIL(e, ERR_USAGE, "%lld tokens a step: 1 to %d are possible",
                    (long long)c->n_step_tokens, LIMIT_STEP_TOKENS);
    return true;
}

static bool open_cache(struct engine *g, const struct engine_config *cfg, int64_t n_slots,
                       int64_t *n_context, struct err *e)
{
    const struct model_config *c = &g->model->config;
    int64_t n_tokens =
        cfg->n_kv_tokens > 0 ? cfg->n_kv_tokens : default_kv_tokens(g->model, n_slots);
    struct kv_shape shape = {
        .n_layers = model_n_caches(g->model),
        .n_slots = n_slots,
        .n_pages = n_tokens / KERNEL_PAGE > 0 ? n_tokens / KERNEL_PAGE : 1,
        .n_table = kv_pages_for(c->n_context),
        .latent_dim = c->kv_rank + c->rope_dim,
        .key_dim = c->index_dim,
    };
    int64_t n_pool = shape.n_pages * KERNEL_PAGE;
    *n_context = c->n_context < n_pool ? c->n_context : n_pool;
    return kv_open(&g->kv, g->k, &shape, e);
}

static bool take(int64_t n, int64_t size, void *out, struct err *e)
{
    void *p = calloc((size_t)n, (size_t)size);
    if (p == NULL)
        return FAIL(e, ERR_IO, "no memory for the engine's results");
    *(void **)out = p;
    return true;
}

static bool open_parts(struct engine *g, const struct engine_config *cfg, struct err *e)
{
    int64_t n_slots = cfg->n_slots > 0 ? cfg->n_slots : DEFAULT_SLOTS;
    int64_t n_step = cfg->n_step_tokens > 0 ? cfg->n_step_tokens : DEFAULT_STEP;
    int64_t n_context = 0;
    n_step = n_step < n_slots ? n_slots : n_step;
    TRY(model_open(&g->model, cfg->weights_dir, g->k, e));
    int64_t V = g->model->config.n_vocab;
    TRY(open_cache(g, cfg, n_slots, &n_context, e));
    TRY(forward_open(&g->forward, g->model, g->kv, cfg->quant, n_step, n_slots, n_context, e));
    TRY(sched_open(&g->sched, n_slots, n_step, n_context, e));
    return take(n_slots * V, sizeof(float), &g->logits, e) &&
           take(V, sizeof(double), &g->work.p, e) && take(V, sizeof(int32_t), &g->work.heap, e) &&
           take(n_slots, sizeof *g->events, &g->events, e) &&
           take(n_context, sizeof(int32_t), &g->taken_tokens, e) &&
           take(n_context, sizeof(float), &g->taken_logprobs, e);
}

void engine_close(struct engine *g)
{
    if (g == NULL)
        return;
    sched_close(&g->sched);
    forward_close(g->forward);
    kv_close(g->kv);
    model_close(g->model);
    free(g->logits);
    free(g->work.p);
    free(g->work.heap);
    free(g->events);
    free(g->taken_tokens);
    free(g->taken_logprobs);
    free(g);
}

bool engine_open(struct engine **out, struct kernels *k, const struct engine_config *cfg,
                 struct err *e)
{
    assert(cfg->weights_dir != NULL);
    TRY(check_config(cfg, e));
    struct engine *g = calloc(1, sizeof *g);
    if (g == NULL)
        return FAIL(e, ERR_IO, "no memory for an engine");
    g->k = k;
    if (!open_parts(g, cfg, e)) {
        engine_close(g);
        return false;
    }
    *out = g;
    return true;
}

void engine_describe(const struct engine *g, struct engine_info *out)
{
    const struct model_config *c = &g->model->config;
    *out = (struct engine_info){
        .n_vocab = c->n_vocab,
        .n_context_max = g->sched.n_context,
        .n_layers = c->n_layers,
        .n_params = g->model->weights->n_params,
        .n_slots = g->sched.n_slots,
        .eos = c->n_eos > 0 ? c->eos[0] : -1,
        .bos = c->bos,
        .kernels = g->k->name,
    };
}

bool engine_sha256(const struct engine *g, const struct digests *d, char out[65], struct err *e)
{
    return weights_sha256(g->model->weights, d, out, e);
}

/* -- requests ------------------------------------------------------------------------------------
 */

static bool check_tokens(const struct engine *g, const int32_t *token, int64_t n, struct err *e)
{
    int64_t V = g->model->config.n_vocab;
    if (n < 1)
        return FAIL(e, ERR_INPUT, "a prompt needs at least one token");
    for (int64_t i = 0; i < n; i++)
        if (token[i] < 0 || token[i] >= V)
            return FAIL(e, ERR_INPUT, "token %d at position %lld: the vocabulary ends at %lld",
                        token[i], (long long)i, (long long)V - 1);
    return true;
}

static bool check_request(const struct engine *g, const int32_t *prompt, int64_t n,
                          const struct sampling *how, struct err *e)
{
    TRY(check_tokens(g, prompt, n, e));
    if (!(how->top_p > 0.0F && how->top_p <= 1.0F))
        return FAIL(e, ERR_INPUT, "top_p %g is not in (0, 1]", (double)how->top_p);
    if (!(how->temperature >= 0.0F && how->temperature < 1e6F))
        return FAIL(e, ERR_INPUT, "temperature %g is not in [0, 1e6)", (double)how->temperature);
    if (how->n_out_max < 1)
        return FAIL(e, ERR_INPUT, "n_out_max %lld: at least one token", (long long)how->n_out_max);
    if (n > g->sched.n_context || how->n_out_max > g->sched.n_context - n)
        return FAIL(e, ERR_INPUT, "%lld prompt tokens and %lld more: %lld fit", (long long)n,
                    (long long)how->n_out_max, (long long)g->sched.n_context);
    return true;
}

bool engine_submit(struct engine *g, const int32_t *prompt, int64_t n, const struct sampling *how,
                   uint64_t ticket, struct err *e)
{
    TRY(check_request(g, prompt, n, how, e));
    int64_t slot = sched_find(&g->sched, SLOT_FREE);
    if (slot < 0)
        return FAIL(e, ERR_LIMIT, "all %lld slots are in use", (long long)g->sched.n_slots);
    if (kv_pages_for(n + how->n_out_max) > kv_n_free(g->kv))
        return FAIL(e, ERR_LIMIT, "the cache has no room for %lld tokens now",
                    (long long)(n + how->n_out_max));
    TRY(kv_reserve(g->kv, slot, n + how->n_out_max, e));
    sched_admit(&g->sched, slot, prompt, n, how, ticket);
    return true;
}

bool engine_has_room(const struct engine *g)
{
    return sched_find(&g->sched, SLOT_FREE) >= 0 && kv_n_free(g->kv) > 0;
}

int64_t engine_n_alive(const struct engine *g)
{
    return sched_count(&g->sched, SLOT_FEEDING);
}

static void finish(struct engine *g, int64_t slot, enum stop why)
{
    kv_release(g->kv, slot);
    sched_finish(&g->sched, slot, why);
}

void engine_cancel(struct engine *g, uint64_t ticket)
{
    for (int64_t i = 0; i < g->sched.n_slots; i++)
        if (g->sched.slot[i].state == SLOT_FEEDING && g->sched.slot[i].ticket == ticket)
            finish(g, i, STOP_CANCELLED);
}

static bool is_end(const struct model_config *c, int32_t token)
{
    for (int64_t i = 0; i < c->n_eos; i++)
        if (c->eos[i] == token)
            return true;
    return false;
}

/* Draws the next token of a request, reports it, and ends the request when it is time. */
static bool advance(struct engine *g, int64_t slot, const float *logits, struct err *e)
{
    const struct model_config *c = &g->model->config;
    struct slot *r = &g->sched.slot[slot];
    struct sampled s = {0};
    TRY(sampler_draw(logits, c->n_vocab, &r->how, r->n_tokens, g->work, &s, e));
    sched_append(&g->sched, slot, s.token, s.logprob);
    g->events[g->n_events++] = (struct engine_event){r->ticket, s.token, s.logprob};
    if (is_end(c, s.token))
        finish(g, slot, STOP_EOS);
    else if (r->n_tokens - r->n_prompt == r->how.n_out_max)
        finish(g, slot, STOP_LENGTH);
    return true;
}

bool engine_step(struct engine *g, struct err *e)
{
    int32_t row[LIMIT_BATCH];
    struct sched *s = &g->sched;
    int64_t V = g->model->config.n_vocab;
    g->n_events = 0;
    sched_plan(s);
    if (s->batch.T == 0)
        return true;
    TRY(forward_run(g->forward, &s->batch, e));
    if (s->n_wanted == 0)
        return true;
    for (int64_t i = 0; i < s->n_wanted; i++)
        row[i] = s->wanted[i].row;
    TRY(forward_logits(g->forward, row, s->n_wanted, g->logits, e));
    for (int64_t i = 0; i < s->n_wanted; i++)
        TRY(advance(g, s->wanted[i].slot, g->logits + i * V, e));
    return true;
}

const struct engine_event *engine_events(const struct engine *g, int64_t *n)
{
    *n = g->n_events;
    return g->events;
}

bool engine_take(struct engine *g, struct finished *out)
{
    int64_t slot = sched_first_done(&g->sched);
    if (slot < 0)
        return false;
    const struct slot *r = &g->sched.slot[slot];
    int64_t n = r->n_tokens - r->n_prompt;
    memcpy(g->taken_tokens, r->token + r->n_prompt, (size_t)n * sizeof(int32_t));
    memcpy(g->taken_logprobs, r->logprob, (size_t)n * sizeof(float));
    *out = (struct finished){
        .ticket = r->ticket,
        .stop = r->stop,
        .tokens = g->taken_tokens,
        .logprobs = g->taken_logprobs,
        .n = n,
        .n_prompt = r->n_prompt,
    };
    sched_free(&g->sched, slot);
    return true;
}

/* -- whole sequences ------------------------------------------------------------------------------
 */

/* Slot 0 with room for n tokens; the engine must be idle. */
static bool begin_sequence(struct engine *g, const int32_t *tokens, int64_t n, struct err *e)
{
    if (sched_count(&g->sched, SLOT_FREE) != g->sched.n_slots)
        return FAIL(e, ERR_USAGE, "the engine is busy with requests");
    TRY(check_tokens(g, tokens, n, e));
    if (n > g->sched.n_context)
        return FAIL(e, ERR_INPUT, "%lld tokens: %lld fit", (long long)n,
                    (long long)g->sched.n_context);
    return kv_reserve(g->kv, 0, n, e);
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
    for (int64_t i = from; i < to; i += g->sched.n_slots) {
        int64_t n = to - i < g->sched.n_slots ? to - i : g->sched.n_slots;
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
    for (int64_t from = 0; from < n; from += g->sched.n_step) {
        int64_t to = n - from < g->sched.n_step ? n : from + g->sched.n_step;
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
    kv_release(g->kv, 0);
    return is_done;
}

static bool mtp_chunks(struct engine *g, const int32_t *tokens, int64_t n, float *out,
                       struct err *e)
{
    int64_t V = g->model->config.n_vocab;
    for (int64_t from = 0; from + 1 < n; from += g->sched.n_step) {
        int64_t to = n - 1 - from < g->sched.n_step ? n - 1 : from + g->sched.n_step;
        TRY(feed(g, tokens, from, to, e));
        TRY(mtp_forward(g->forward, tokens + from + 1, to - from, out + from * V, e));
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
    kv_release(g->kv, 0);
    return is_done;
}

void engine_tap(struct engine *g,
                void (*fn)(void *ctx, int64_t layer, int64_t position, const float *hidden,
                           int64_t n),
                void *ctx)
{
    g->forward->tap = fn;
    g->forward->tap_ctx = ctx;
}
