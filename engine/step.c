/* One step: plan, feed, draw, settle, guess.
 *
 * Draws go through a request's wanted rows in order. The first is the row of its last known token;
 * each further one is the row of a guess, and counts iff the draw before it gave that very token.
 * Then its hidden state, its cache rows and its logits are those the token would have had alone,
 * so what is drawn there is right as well. Behind the first wrong guess nothing is looked at: its
 * rows lie behind n_fed, where nobody reads before they are written again. */
#include <assert.h>

#include "engine/draft.h"
#include "engine/inside.h"

/* -- drawing ------------------------------------------------------------------------------------
 */

static bool is_end(const struct model_config *c, int32_t token)
{
    for (int64_t i = 0; i < c->n_eos; i++)
        if (c->eos[i] == token)
            return true;
    return false;
}

static int64_t n_out_left(const struct slot *r)
{
    return r->n_prompt + r->how.n_out_max - r->n_tokens;
}

/* What a drawn token means for its request, and whether the next guess was right. */
static void judge(struct engine *g, struct slot *r, int32_t token)
{
    int64_t i = r->n_drawn++;
    bool is_eos = is_end(&g->model->config, token);
    r->is_ending = is_eos || n_out_left(r) == 0;
    r->stop = is_eos ? STOP_EOS : STOP_LENGTH;
    bool is_right = i < r->n_draft_rows && r->draft[i] == token;
    r->is_closed = r->is_ending || !is_right;
    r->n_accepted += is_right;
    g->stats.n_accepted += is_right;
}

/* Draws the next token of a request from a row that is known to be right. */
static bool draw(struct engine *g, const struct wanted *w, const float *logits, struct err *e)
{
    struct slot *r = &g->sched.slot[w->slot];
    struct sampled s = {0};
    assert(w->row == r->row + r->n_rows - r->n_draft_rows - 1 + r->n_drawn);
    TRY(sampler_draw(logits, g->model->config.n_vocab, &r->how, r->n_tokens, g->work, &s, e));
    sched_append(&g->sched, w->slot, s.token, s.logprob);
    struct engine_event *ev = &g->events[g->n_events++];
    *ev = (struct engine_event){.ticket = r->ticket, .token = s.token, .logprob = s.logprob};
    trace_log_add(&g->trace, g->forward, w->row, &r->how, g->work, ev);
    g->stats.n_sampled++;
    judge(g, r, s.token);
    return true;
}

/* Through the wanted rows, as many at a time as the head takes. */
static bool draw_all(struct engine *g, struct err *e)
{
    int32_t row[LIMIT_BATCH];
    struct sched *s = &g->sched;
    int64_t V = g->model->config.n_vocab;
    for (int64_t from = 0; from < s->n_wanted; from += s->shape.n_slots) {
        int64_t n = s->n_wanted - from;
        n = n < s->shape.n_slots ? n : s->shape.n_slots;
        for (int64_t i = 0; i < n; i++)
            row[i] = s->wanted[from + i].row;
        TRY(forward_logits(g->forward, row, n, g->logits, e));
        for (int64_t i = 0; i < n; i++)
            if (!s->slot[s->wanted[from + i].slot].is_closed)
                TRY(draw(g, &s->wanted[from + i], g->logits + i * V, e));
    }
    return true;
}

/* -- settling -----------------------------------------------------------------------------------
 */

/* Here every accepted row of the step is known: rows r->row ... of the batch are tokens n_fed - n
 * ... n_fed - 1 of their request, and the token after each is known too. */
static void settle(struct engine *g, int64_t slot)
{
    struct slot *r = &g->sched.slot[slot];
    int64_t n = sched_settle(&g->sched, slot);
    r->n_drafts = 0;
    r->n_drafted += r->n_draft_rows;
    g->stats.n_drafted += r->n_draft_rows;
    for (int64_t i = 0; g->draft == DRAFT_MTP && i < n; i++) {
        int64_t at = r->n_fed - n + i;
        mtp_add(&g->mtp, r->token[at + 1], (int32_t)slot, (int32_t)at, (int32_t)(r->row + i));
    }
}

/* -- guessing -----------------------------------------------------------------------------------
 */

/* How many guesses a request may have: none when it is at its end, or not yet through its prompt.
 * One token is always left to be drawn. */
static int64_t n_guesses(const struct engine *g, const struct slot *r)
{
    if (r->state != SLOT_FEEDING || r->is_ending || r->n_drawn == 0)
        return 0;
    return n_out_left(r) - 1 < g->n_draft ? n_out_left(r) - 1 : g->n_draft;
}

static void guess_ngram(struct engine *g)
{
    for (int64_t i = 0; i < g->sched.shape.n_slots; i++) {
        struct slot *r = &g->sched.slot[i];
        r->n_drafts = draft_ngram(r->token, r->n_tokens, r->draft, n_guesses(g, r));
    }
}

static int32_t argmax(const float *v, int64_t n)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++)
        if (v[i] > v[best])
            best = i;
    return (int32_t)best;
}

/* Takes a guess from each of n rows of the layer's output: the likeliest. Drawing with the
 * request's own random number, which would be right wherever the two distributions agree, was
 * tried: 49 % of the shipped model's guesses were right at temperature 1, against 55 % of these. */
static bool guess_rows(struct engine *g, const int32_t *row, const int64_t *slot, int64_t n,
                       struct err *e)
{
    int64_t V = g->model->config.n_vocab;
    TRY(mtp_logits(g->forward, row, n, g->logits, e));
    for (int64_t i = 0; i < n; i++) {
        struct slot *r = &g->sched.slot[slot[i]];
        r->draft[r->n_drafts++] = argmax(g->logits + i * V, V);
    }
    return true;
}

/* Whether a request goes on guessing: it may have more, and has a page for the row at which the
 * last guess would be fed. */
static bool goes_on(struct engine *g, int64_t slot, int64_t n_had)
{
    const struct slot *r = &g->sched.slot[slot];
    return n_had < n_guesses(g, r) &&
           sched_reach(&g->sched, slot, r->n_tokens - 1 + n_had) >= r->n_tokens - 1 + n_had;
}

/* Feeds the layer its own guesses: those of n requests, whose last rows are row[]. */
static bool chain(struct engine *g, int32_t *row, int64_t *slot, int64_t n, struct err *e)
{
    for (int64_t n_had = 1; n_had < g->n_draft && n > 0; n_had++) {
        int64_t n_kept = 0;
        g->mtp.batch.T = 0;
        for (int64_t i = 0; i < n; i++) {
            const struct slot *r = &g->sched.slot[slot[i]];
            if (!goes_on(g, slot[i], n_had))
                continue;
            mtp_add(&g->mtp, r->draft[n_had - 1], (int32_t)slot[i],
                    (int32_t)(r->n_tokens - 2 + n_had), row[i]);
            slot[n_kept] = slot[i];
            row[n_kept] = (int32_t)n_kept;
            n_kept++;
        }
        n = n_kept;
        if (n == 0)
            break;
        TRY(kv_sync(g->kv, e));
        TRY(mtp_feed(&g->mtp, g->forward, MTP_FROM_SELF, e));
        TRY(guess_rows(g, row, slot, n, e));
    }
    return true;
}

/* The layer sees every accepted row, or its cache would have holes; guesses come from the last
 * row of each request that wants some. */
static bool guess_mtp(struct engine *g, struct err *e)
{
    int32_t row[LIMIT_BATCH];
    int64_t slot[LIMIT_BATCH];
    int64_t n = 0;
    const struct batch *b = &g->mtp.batch;
    TRY(mtp_feed(&g->mtp, g->forward, MTP_FROM_MODEL, e));
    for (int64_t i = 0; i < b->T; i++) {
        const struct slot *r = &g->sched.slot[b->slot[i]];
        if (b->position[i] == r->n_fed - 1 && n_guesses(g, r) > 0) {
            row[n] = (int32_t)i;
            slot[n++] = b->slot[i];
        }
    }
    if (n == 0)
        return true;
    TRY(guess_rows(g, row, slot, n, e));
    return chain(g, row, slot, n, e);
}

/* -- the step -----------------------------------------------------------------------------------
 */

bool engine_step(struct engine *g, struct err *e)
{
    struct sched *s = &g->sched;
    g->n_events = 0;
    trace_log_begin(&g->trace);
    g->mtp.batch.T = 0;
    sched_plan(s);
    if (s->batch.T == 0)
        return true;
    g->stats.n_steps++;
    g->stats.n_rows += s->batch.T;
    TRY(kv_sync(g->kv, e));
    TRY(forward_run(g->forward, &s->batch, e));
    TRY(draw_all(g, e));
    for (int64_t i = 0; i < s->shape.n_slots; i++)
        if (s->slot[i].n_rows > 0)
            settle(g, i);
    if (g->draft == DRAFT_NGRAM)
        guess_ngram(g);
    else if (g->draft == DRAFT_MTP)
        TRY(guess_mtp(g, e));
    for (int64_t i = 0; i < s->n_alive; i++)
        if (s->slot[s->order[i]].is_ending)
            sched_finish(s, s->order[i], s->slot[s->order[i]].stop);
    return true;
}
