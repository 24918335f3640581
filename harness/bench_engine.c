/* A decoding row first feeds a prompt of C tokens, which its B requests share and which may take
 * long: the rate of prefill measured just before says how long, and a row beyond the budget is
 * skipped with that reason.
 * Requests sample at temperature 1, each with a seed of its own, so that they part ways at once. */
#include "harness/bench_engine.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/rng.h"
#include "harness/bench_watch.h"
#include "kernels/kernels.h"

enum { N_SLOTS = 32, WARM = 3, STEPS_MOST = 64, SEED = 11, PROBE = 64 };

static const double repeat_s = 0.15; /* of one repeat of decoding, if steps are shorter */

struct session {
    struct bench_engine *b;
    struct kernels *k;
    struct engine *g;
    struct engine_info info;
    int n_threads;
    double prefill_rate; /* tokens a second on the wall, the last measured; 0: none yet */
    int32_t *ids;        /* [n_context_max] */
    float *logits;
    int64_t n; /* tokens of the prompt being measured */
    /* decoding */
    int64_t B;
    int64_t C;
    int64_t n_out;
    uint64_t n_submitted;
    bool has_ended; /* a request ended by itself, and its context cannot be had again at once */
};

void bench_ids(int32_t *out, int64_t n, int64_t n_vocab, uint64_t seed)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = (int32_t)rng_below(seed, 2, (uint64_t)i, (uint64_t)n_vocab);
}

static void close_session(struct session *s)
{
    engine_close(s->g);
    bench_watch_end(s->k);
    kernels_close(s->k);
    free(s->ids);
    free(s->logits);
}

static bool open_session(struct session *s, struct bench_engine *b, int n_threads, struct err *e)
{
    struct engine_config cfg = b->config;
    cfg.weights_dir = b->o->model;
    cfg.n_slots = N_SLOTS;
    *s = (struct session){.b = b, .n_threads = n_threads};
    TRY(kernels_cpu_open(&s->k, n_threads, NULL, e));
    bench_watch_begin(s->k);
    TRY(engine_open(&s->g, s->k, &cfg, e));
    engine_describe(s->g, &s->info);
    s->ids = calloc((size_t)s->info.n_context_max, sizeof *s->ids);
    s->logits = calloc((size_t)s->info.n_vocab, sizeof *s->logits);
    if (s->ids == NULL || s->logits == NULL)
        return FAIL(e, ERR_IO, "no memory to measure with");
    bench_ids(s->ids, s->info.n_context_max, s->info.n_vocab, SEED);
    return true;
}

static void set_floor(struct session *s, struct bench_row *r)
{
    r->floor_s = bench_floor(s->b->most, r->gbytes, r->gflop, s->n_threads > 1, &r->bound);
}

/* ---- prompts */

static bool prefill(void *ctx, struct err *e)
{
    struct session *s = ctx;
    return engine_logits(s->g, s->ids, s->n, false, s->logits, e);
}

static bool prefill_row(struct session *s, int64_t n, struct err *e)
{
    struct bench_row r = {.n_threads = s->n_threads, .unit = "tokens/s", .work = (double)n};
    (void)snprintf(r.name, sizeof r.name, "prefill %lld", (long long)n);
    if (!bench_table_wants(s->b->table, r.name) || n > s->info.n_context_max)
        return true;
    s->n = n;
    TRY(bench_measure(&r.time, s->n_threads, s->b->o->n_repeats, repeat_s, prefill, s, e));
    s->prefill_rate = (double)n / r.time.wall_s;
    r.n_tokens = (double)n;
    bench_cost_prefill(s->b->cost, n, &r.gbytes, &r.gflop);
    set_floor(s, &r);
    (void)snprintf(r.note, sizeof r.note, "%.1f GFLOP/s", r.gflop / r.time.seconds);
    bench_table_put(s->b->table, &r);
    return true;
}

/* A rate is needed even where no row of prompts was asked for. */
static bool probe(struct session *s, struct err *e)
{
    if (s->prefill_rate > 0)
        return true;
    s->n = PROBE < s->info.n_context_max ? PROBE : s->info.n_context_max;
    TRY(prefill(s, e)); /* fetches the pages */
    int64_t from = clock_ns();
    TRY(prefill(s, e));
    s->prefill_rate = (double)s->n * 1e9 / (double)(clock_ns() - from);
    return true;
}

/* ---- single steps */

static bool submit(struct session *s, struct err *e)
{
    struct sampling how = {.temperature = 1, .top_p = 1, .n_out_max = s->n_out};
    how.seed = s->n_submitted++;
    return engine_submit(s->g, s->ids, s->C > 0 ? s->C : 1, &how, how.seed, e);
}

/* Every step is exactly B tokens: one that ends is followed by the next, if its prompt is short. */
static bool decode(void *ctx, struct err *e)
{
    struct session *s = ctx;
    struct finished done;
    while (engine_take(s->g, &done)) {
        s->has_ended = s->has_ended || s->C > 1;
        if (!s->has_ended)
            TRY(submit(s, e));
    }
    return engine_step(s->g, e);
}

static bool fill(struct session *s, struct err *e)
{
    int64_t n_events = 0;
    for (int64_t i = 0; i < s->B; i++)
        TRY(submit(s, e));
    while (n_events < s->B && !s->has_ended) {
        TRY(decode(s, e));
        (void)engine_events(s->g, &n_events);
    }
    for (int i = 0; i < WARM; i++)
        TRY(decode(s, e));
    return true;
}

static void drain(struct session *s)
{
    struct finished done;
    for (uint64_t i = 0; i < s->n_submitted; i++)
        engine_cancel(s->g, i);
    while (engine_take(s->g, &done))
        continue;
    s->n_submitted = 0;
}

static int64_t steps_for(struct session *s, int64_t took_ns)
{
    int64_t n = s->b->o->is_quick ? 1 : (int64_t)(repeat_s * 1e9) / (took_ns > 0 ? took_ns : 1) + 1;
    return n < STEPS_MOST ? n : STEPS_MOST;
}

static bool time_decode(struct session *s, struct bench_row *r, struct err *e)
{
    int64_t from = clock_ns();
    TRY(decode(s, e));
    int64_t n_steps = steps_for(s, clock_ns() - from);
    bench_watch_reset();
    TRY(bench_measure_steps(&r->time, s->n_threads, s->b->o->n_repeats, n_steps, decode, s, e));
    double before = (double)s->C + (double)(n_steps * s->b->o->n_repeats) / 2;
    double distinct = bench_watch_distinct();
    bench_cost_decode(s->b->cost, (double)s->B, before, distinct, &r->gbytes, &r->gflop);
    set_floor(s, r);
    (void)snprintf(r->note, sizeof r->note, "%.1f GB/s, %.1f experts a layer",
                   r->gbytes / r->time.seconds, distinct);
    r->skipped = s->has_ended ? "a request ended by itself" : NULL;
    return true;
}

/* Tokens that early requests may sample while the prompts of late ones are still fed. */
static int64_t n_out_of(const struct session *s)
{
    return WARM + 2 + STEPS_MOST * s->b->o->n_repeats + s->B * s->C / 64 + s->B;
}

/* Why this row cannot be had, or NULL. */
static const char *unfit(const struct session *s, char why[120])
{
    double wait_s = (double)(s->C + s->B) / s->prefill_rate; /* equal prompts are fed once */
    int64_t n = s->C + s->n_out;
    if (s->B > s->info.n_slots || n > s->info.n_context_max)
        (void)snprintf(why, 120, "the context holds %lld tokens", (long long)s->info.n_context_max);
    else if (wait_s > (double)s->b->o->budget_s)
        (void)snprintf(why, 120, "its prompts would take %.0f s (--budget %lld)", wait_s,
                       (long long)s->b->o->budget_s);
    else
        return NULL;
    return why;
}

static bool decode_row(struct session *s, int64_t B, int64_t C, struct err *e)
{
    char why[120];
    struct bench_row r = {.n_threads = s->n_threads, .unit = "tokens/s", .work = (double)B};
    (void)snprintf(r.name, sizeof r.name, "decode batch %lld, context %lld", (long long)B,
                   (long long)C);
    if (!bench_table_wants(s->b->table, r.name))
        return true;
    TRY(probe(s, e));
    s->B = B;
    s->C = C;
    s->has_ended = false;
    s->n_out = n_out_of(s);
    r.n_tokens = (double)B;
    r.skipped = unfit(s, why);
    struct err full = {0};
    bool is_done = r.skipped != NULL || (fill(s, &full) && time_decode(s, &r, &full));
    drain(s);
    if (!is_done && full.cls == ERR_LIMIT) { /* the cache is what it is */
        r.skipped = full.text;
        is_done = true;
    }
    if (!is_done) {
        *e = full;
        return false;
    }
    bench_table_put(s->b->table, &r);
    return true;
}

/* ---- the rows */

static bool all_rows(struct session *s, struct err *e)
{
    static const int64_t prompt[] = {128, 512, 2048};
    static const int64_t batch[] = {1, 8, 32};
    static const int64_t context[] = {0, 1024, 4096, 16384, 32768};
    bool is_quick = s->b->o->is_quick;
    TRY(bench_refresh_most(s->b->most, s->b->ceilings, e));
    bench_table_head(s->b->table, "prompts");
    for (int i = 0; i < (is_quick ? 1 : 3); i++)
        TRY(prefill_row(s, prompt[i], e));
    for (int b = 0; b < (is_quick ? 2 : 3); b++) {
        TRY(bench_refresh_most(s->b->most, s->b->ceilings, e));
        if (b == 0)
            bench_table_head(s->b->table, "decoding");
        for (int c = 0; c < (is_quick ? 1 : 5); c++)
            TRY(decode_row(s, batch[b], context[c], e));
    }
    return true;
}

bool bench_engine_rows(struct bench_engine *b, int n_threads, struct err *e)
{
    struct session s;
    bool is_done = open_session(&s, b, n_threads, e) && all_rows(&s, e);
    close_session(&s);
    return is_done;
}
