#include "harness/model_local.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "encoding/parse.h"

/* What the engine does not keep about a request. */
struct pending {
    bool is_used;
    bool thinking;
    uint64_t ticket;
    struct buf experts, masks; /* traced so far */
};

struct model_local {
    struct model model; /* first */
    struct local *l;
    struct pending pending[LIMIT_BATCH];
    struct trace_head shape; /* of what is traced */
    /* of the reply taken last */
    struct buf raw;
    struct buf experts, masks;
    struct err trouble;
    struct arena keep, tmp;
};

static struct model_local *self(struct model *m)
{
    return (struct model_local *)m;
}

static struct str identity(struct model *m)
{
    assert(self(m)->l->identity[0] != 0); /* whoever asks has had it named: local_identify() */
    return str_of(self(m)->l->identity);
}

static bool prompt(struct model *m, const struct ask *a, struct buf *out, struct err *e)
{
    return local_prompt(self(m)->l, &a->chat, a->document, out, NULL, e);
}

/* ---- submit ---- */

static struct pending *find(struct model_local *m, bool is_used, uint64_t ticket)
{
    for (int64_t i = 0; i < LIMIT_BATCH; i++) {
        struct pending *p = &m->pending[i];
        if (p->is_used == is_used && (!is_used || p->ticket == ticket))
            return p;
    }
    return NULL;
}

static bool has_room(struct model *m)
{
    return engine_has_room(self(m)->l->engine) && find(self(m), false, 0) != NULL;
}

static bool submit(struct model *m, const struct ask *a, struct err *e)
{
    struct model_local *s = self(m);
    CLEANUP(buf_free) struct buf text = {0};
    CLEANUP(tokens_free) struct tokens ids = {0};
    struct pending *p = find(s, false, 0);
    if (p == NULL)
        return FAIL(e, ERR_LIMIT, "the engine is full");
    TRY(local_prompt(s->l, &a->chat, a->document, &text, &ids, e));
    struct sampling how = {.temperature = a->temperature,
                           .top_p = a->top_p,
                           .seed = a->seed,
                           .n_out_max = a->n_out_max};
    TRY(engine_submit(s->l->engine, ids.at, ids.n, &how, a->ticket, e));
    p->is_used = true;
    p->thinking = a->chat.thinking;
    p->ticket = a->ticket;
    buf_clear(&p->experts);
    buf_clear(&p->masks);
    return true;
}

/* What the step drew, packed behind what its requests have so far. */
static void trace_step(struct model_local *s)
{
    int64_t n = 0;
    const struct engine_event *ev = engine_events(s->l->engine, &n);
    for (int64_t i = 0; i < n; i++) {
        struct pending *p = find(s, true, ev[i].ticket);
        assert(p != NULL);
        trace_put_experts(&p->experts, &s->shape, ev[i].experts);
        trace_put_mask(&p->masks, &s->shape, ev[i].kept, ev[i].n_kept);
    }
}

static bool step(struct model *m, struct err *e)
{
    struct model_local *s = self(m);
    TRY(engine_step(s->l->engine, e));
    if (s->l->config.is_traced)
        trace_step(s);
    return true;
}

/* ---- take ---- */

/* As far as it got: for a person to read, never for a grader. */
static struct message cut_message(struct str raw, bool thinking)
{
    struct str end = STR("</think>");
    struct message m = {.role = ROLE_ASSISTANT, .content = raw};
    int64_t at = thinking ? str_find(raw, end, 0) : -1;
    if (!thinking)
        return m;
    m.reasoning = str_sub(raw, 0, at < 0 ? raw.n : at);
    m.content = at < 0 ? STR("") : str_sub(raw, at + end.n, raw.n);
    return m;
}

static void read_reply(struct model_local *s, enum stop stop, bool thinking, struct reply *out)
{
    struct parsed parsed = {0};
    struct parse_opts o = {.thinking = thinking};
    out->raw = buf_str(&s->raw);
    out->message = cut_message(out->raw, thinking);
    out->end = REPLY_CUT;
    if (stop != STOP_EOS)
        return;
    s->trouble = (struct err){0};
    if (parse_completion(out->raw, o, &parsed, &s->keep, s->tmp, &s->trouble)) {
        out->end = REPLY_WHOLE;
        out->message = parsed.message;
    } else {
        out->end = REPLY_MALFORMED;
        out->trouble = str_of(s->trouble.text);
    }
}

/* The reply borrows what its place held; the place gets the memory of the reply before. */
static void swap(struct buf *a, struct buf *b)
{
    struct buf t = *a;
    *a = *b;
    *b = t;
}

static bool take(struct model *m, struct reply *out, struct err *e, bool *is_taken)
{
    struct model_local *s = self(m);
    struct finished f = {0};
    *is_taken = engine_take(s->l->engine, &f);
    if (!*is_taken)
        return true;
    struct pending *p = find(s, true, f.ticket);
    assert(p != NULL);
    p->is_used = false;
    swap(&p->experts, &s->experts);
    swap(&p->masks, &s->masks);
    buf_clear(&s->raw);
    arena_reset(&s->keep);
    TRY(tokenizer_decode(s->l->tokenizer, f.tokens, f.n, false, &s->raw, e));
    *out = (struct reply){.ticket = f.ticket,
                          .n_prompt_tokens = f.n_prompt,
                          .n_out_tokens = f.n,
                          .n_thinking_tokens = local_n_thinking(s->l, f.tokens, f.n, p->thinking),
                          .tokens = f.tokens,
                          .logprobs = f.logprobs,
                          .experts = buf_str(&s->experts),
                          .masks = buf_str(&s->masks)};
    for (int64_t i = 0; i < f.n; i++)
        out->logprob_sum += (double)f.logprobs[i];
    read_reply(s, f.stop, p->thinking, out);
    return true;
}

static void close_model(struct model *m)
{
    struct model_local *s = self(m);
    for (int64_t i = 0; i < LIMIT_BATCH; i++) {
        buf_free(&s->pending[i].experts);
        buf_free(&s->pending[i].masks);
    }
    buf_free(&s->experts);
    buf_free(&s->masks);
    buf_free(&s->raw);
    arena_fini(&s->keep);
    arena_fini(&s->tmp);
    free(s);
}

static const struct model_ops ops = {
    .is_grouping = true,
    .identity = identity,
    .prompt = prompt,
    .submit = submit,
    .has_room = has_room,
    .step = step,
    .take = take,
    .close = close_model,
};

bool model_local_open(struct model **out, struct local *l, struct err *e)
{
    struct model_local *s = calloc(1, sizeof *s);
    if (s == NULL)
        return FAIL(e, ERR_IO, "out of memory");
    s->model.ops = &ops;
    s->l = l;
    s->shape = local_trace_head(l);
    arena_init(&s->keep, "reply", LIMIT_ARENA_ITEM);
    arena_init(&s->tmp, "reply, tmp", LIMIT_ARENA_TMP);
    *out = &s->model;
    return true;
}
