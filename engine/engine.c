/* The engine's front: opening, admission, results. A step is in step.c; behind it are sched.c (who
 * is next), pages.c and kv.c (the cache), forward.c (the arithmetic), sampler.c (the draw), draft.c
 * and mtp.c (guesses). */
#include "engine/engine.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "engine/debug.h"
#include "engine/inside.h"

enum { DEFAULT_SLOTS = 64, DEFAULT_STEP = 512, DEFAULT_DRAFT_NGRAM = 4, DEFAULT_DRAFT_MTP = 1 };

/* -- opening ------------------------------------------------------------------------------------
 */

static struct kv_shape shape_of_cache(const struct model *m, enum kv_type type, int64_t n_slots)
{
    const struct model_config *c = &m->config;
    return (struct kv_shape){
        .n_layers = model_n_caches(m),
        .n_slots = n_slots,
        .n_table = pages_for(c->n_context),
        .latent_dim = c->kv_rank + c->rope_dim,
        .latent_rank = c->kv_rank,
        .key_dim = c->index_dim,
        .type = type,
    };
}

/* A cache as large as the requests could ever need, within a quarter of the memory. */
static int64_t default_kv_tokens(const struct kv_shape *s)
{
    int64_t memory = (int64_t)sysconf(_SC_PHYS_PAGES) * (int64_t)sysconf(_SC_PAGESIZE);
    int64_t fits = memory / 4 / kv_token_bytes(s);
    int64_t wanted = s->n_slots * s->n_table * KERNEL_PAGE;
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
    if (c->n_draft < 0 || c->n_draft > LIMIT_DRAFT)
        return FAIL(e, ERR_USAGE, "%lld tokens guessed ahead: 1 to %d are possible",
                    (long long)c->n_draft, LIMIT_DRAFT);
    return true;
}

static bool open_cache(struct engine *g, const struct engine_config *cfg, int64_t n_slots,
                       int64_t *n_context, struct err *e)
{
    const struct model_config *c = &g->model->config;
    struct kv_shape shape = shape_of_cache(g->model, cfg->kv, n_slots);
    int64_t n_tokens = cfg->n_kv_tokens > 0 ? cfg->n_kv_tokens : default_kv_tokens(&shape);
    shape.n_pages = n_tokens / KERNEL_PAGE > 0 ? n_tokens / KERNEL_PAGE : 1;
    int64_t n_pool = shape.n_pages * KERNEL_PAGE;
    *n_context = c->n_context < n_pool ? c->n_context : n_pool;
    g->n_token_bytes = kv_token_bytes(&shape);
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

static bool open_drafts(struct engine *g, const struct engine_config *cfg, int64_t n_step,
                        struct err *e)
{
    static const int64_t usual[] = {0, DEFAULT_DRAFT_NGRAM, DEFAULT_DRAFT_MTP};
    if (cfg->draft == DRAFT_MTP && !g->model->has_mtp)
        return FAIL(e, ERR_UNSUPPORTED, "this model has no MTP layer to guess with");
    g->draft = cfg->draft;
    g->n_draft = cfg->draft == DRAFT_NONE ? 0 : cfg->n_draft > 0 ? cfg->n_draft : usual[cfg->draft];
    return mtp_open(&g->mtp, n_step, e);
}

/* A step draws one token a request, and one more for each guess that was right. */
static bool open_trace(struct engine *g, struct err *e)
{
    int64_t n = g->sched.shape.n_slots * (1 + g->n_draft);
    n = n < g->sched.shape.n_step ? n : g->sched.shape.n_step;
    return trace_log_open(&g->trace, g->forward, n, e);
}

static bool open_results(struct engine *g, int64_t n_slots, int64_t n_step, int64_t n_context,
                         struct err *e)
{
    int64_t V = g->model->config.n_vocab;
    return take(n_slots * V, sizeof(float), &g->logits, e) &&
           take(V, sizeof(double), &g->work.p, e) && take(V, sizeof(int32_t), &g->work.heap, e) &&
           take(n_step, sizeof *g->events, &g->events, e) &&
           take(n_context, sizeof(int32_t), &g->taken_tokens, e) &&
           take(n_context, sizeof(float), &g->taken_logprobs, e);
}

static bool open_parts(struct engine *g, const struct engine_config *cfg, struct err *e)
{
    struct sched_shape shape = {
        .n_slots = cfg->n_slots > 0 ? cfg->n_slots : DEFAULT_SLOTS,
        .n_step = cfg->n_step_tokens > 0 ? cfg->n_step_tokens : DEFAULT_STEP,
        .is_unshared = cfg->is_unshared,
        .is_mtp = cfg->draft == DRAFT_MTP,
    };
    if (shape.n_step < shape.n_slots)
        shape.n_step = shape.n_slots;
    TRY(model_open(&g->model, cfg->weights_dir, cfg->weights, g->k, e));
    TRY(open_cache(g, cfg, shape.n_slots, &shape.n_context, e));
    TRY(forward_open(&g->forward, g->model, g->kv, cfg->quant, shape.n_step, shape.n_slots,
                     shape.n_context, e));
    TRY(sched_open(&g->sched, g->kv, &shape, e));
    TRY(open_drafts(g, cfg, shape.n_step, e));
    if (cfg->is_traced)
        TRY(open_trace(g, e));
    return open_results(g, shape.n_slots, shape.n_step, shape.n_context, e);
}

void engine_close(struct engine *g)
{
    if (g == NULL)
        return;
    sched_close(&g->sched);
    mtp_close(&g->mtp);
    trace_log_close(&g->trace);
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
        .n_context_max = g->sched.shape.n_context,
        .n_layers = c->n_layers,
        .n_params = g->model->weights->n_params,
        .n_slots = g->sched.shape.n_slots,
        .n_dense_layers = c->n_dense_layers,
        .n_experts = c->n_experts,
        .n_experts_used = c->n_experts_used,
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

bool engine_check_tokens(const struct engine *g, const int32_t *token, int64_t n, struct err *e)
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
    TRY(engine_check_tokens(g, prompt, n, e));
    if (!(how->top_p > 0.0F && how->top_p <= 1.0F))
        return FAIL(e, ERR_INPUT, "top_p %g is not in (0, 1]", (double)how->top_p);
    if (!(how->temperature >= 0.0F && how->temperature < 1e6F))
        return FAIL(e, ERR_INPUT, "temperature %g is not in [0, 1e6)", (double)how->temperature);
    if (how->n_out_max < 1)
        return FAIL(e, ERR_INPUT, "n_out_max %lld: at least one token", (long long)how->n_out_max);
    if (n > g->sched.shape.n_context || how->n_out_max > g->sched.shape.n_context - n)
        return FAIL(e, ERR_INPUT, "%lld prompt tokens and %lld more: %lld fit", (long long)n,
                    (long long)how->n_out_max, (long long)g->sched.shape.n_context);
    return true;
}

bool engine_submit(struct engine *g, const int32_t *prompt, int64_t n, const struct sampling *how,
                   uint64_t ticket, struct err *e)
{
    TRY(check_request(g, prompt, n, how, e));
    int64_t slot = sched_find(&g->sched, SLOT_FREE);
    if (slot < 0)
        return FAIL(e, ERR_LIMIT, "all %lld slots are in use", (long long)g->sched.shape.n_slots);
    sched_admit(&g->sched, slot, prompt, n, how, ticket);
    return true;
}

bool engine_has_room(const struct engine *g)
{
    return sched_find(&g->sched, SLOT_FREE) >= 0;
}

int64_t engine_n_alive(const struct engine *g)
{
    return sched_n_alive(&g->sched);
}

void engine_cancel(struct engine *g, uint64_t ticket)
{
    for (int64_t i = 0; i < g->sched.shape.n_slots; i++) {
        const struct slot *r = &g->sched.slot[i];
        if (r->ticket == ticket && (r->state == SLOT_WAITING || r->state == SLOT_FEEDING))
            sched_finish(&g->sched, i, STOP_CANCELLED);
    }
}

const struct engine_event *engine_events(const struct engine *g, int64_t *n)
{
    *n = g->n_events;
    return g->events;
}

void engine_stats(const struct engine *g, struct engine_stats *out)
{
    *out = g->stats;
    out->n_shared = g->sched.n_shared;
    out->n_preempted = g->sched.n_preempted;
    out->n_pages = pages_n(g->sched.pages);
    out->n_pages_held = pages_n_held(g->sched.pages);
    out->n_pages_peak = g->sched.n_pages_peak;
    out->n_cache_bytes = g->n_token_bytes;
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
        .n_shared = r->n_shared,
        .n_drafted = r->n_drafted,
        .n_accepted = r->n_accepted,
    };
    sched_free(&g->sched, slot);
    return true;
}

void engine_tap(struct engine *g,
                void (*fn)(void *ctx, int64_t layer, int64_t position, const float *hidden,
                           int64_t n),
                void *ctx)
{
    g->forward->tap = fn;
    g->forward->tap_ctx = ctx;
}

void engine_check(const struct engine *g)
{
    pages_check(g->sched.pages);
    assert(sched_n_alive(&g->sched) > 0 || pages_n_held(g->sched.pages) == 0);
}
