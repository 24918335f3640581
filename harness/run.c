#include "harness/run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/hash.h"
#include "harness/command.h"
#include "harness/grading.h"
#include "harness/interrupt.h"
#include "harness/plan.h"
#include "harness/progress.h"

enum { NOTES_MAX = 64, IDLE_WAIT_MS = 100 };

/* One ask on its way; the ticket is its place in the plan, or behind the plan the place of the
 * grader's question it is. */
struct flight {
    struct reply_row row;
    int64_t started_ns;
};

struct run {
    const struct run_config *c;
    struct plan plan;
    struct flight *flights; /* [plan.n + LIMIT_ASKED] */
    int64_t n_flying;
    int64_t n_asking; /* questions of graders on their way */
    struct grading grading;
    struct progress progress;
    struct run_result result;
    struct buf prompt;
    int64_t started_ns;
    int64_t model_ns; /* spent while replies were being generated */
};

static struct work_time time_of(const struct run *r)
{
    return (struct work_time){.wall_ms = (clock_ns() - r->started_ns) / 1000000,
                              .model_ms = r->model_ns / 1000000};
}

/* ---- what identifies ---- */

static struct run_row run_row_of(const struct run_config *c)
{
    const struct suite *s = c->suite;
    return (struct run_row){.suite = s->name,
                            .suite_version = s->version,
                            .suite_identity = str_of(s->identity),
                            .suite_sha256 = str_of(s->sha256),
                            .model = c->model->ops->identity(c->model),
                            .strategy = str_of(c->strategy->name),
                            .thinking = s->thinking,
                            .n_items = c->n_items,
                            .n_samples = c->n_samples,
                            .seed = c->seed,
                            .temperature = c->temperature,
                            .top_p = c->top_p,
                            .n_out_max = c->n_out_max,
                            .suite_source = s->source,
                            .definition = s->definition_text,
                            .grader = s->grader,
                            .model_dir = c->model_dir,
                            .podium = STR(PODIUM_VERSION),
                            .n_void = s->n_void,
                            .created_ms = clock_unix_ms()};
}

static struct ask ask_of(const struct run_config *c, const struct planned *p, uint64_t ticket)
{
    struct str id = c->suite->items[p->i_item].id;
    return (struct ask){.ticket = ticket,
                        .chat = p->chat,
                        .temperature = (float)c->temperature,
                        .top_p = (float)c->top_p,
                        .seed = plan_seed(c->seed, id, p->sample, p->turn),
                        .n_out_max = c->n_out_max};
}

/* A question is asked once, whoever raised it: its seed comes from itself, and it is answered
 * greedily. */
static struct ask ask_about(const struct run_config *c, const struct question *q, uint64_t ticket)
{
    return (struct ask){.ticket = ticket,
                        .chat = q->chat,
                        .temperature = 0,
                        .top_p = 1,
                        .seed = plan_seed(c->seed, str_of(q->hash), 0, 0),
                        .n_out_max = c->n_out_max};
}

/* Everything the reply depends on, and nothing else. */
static bool key_of(struct run *r, const struct planned *p, const struct ask *a, char key[65],
                   struct err *e)
{
    struct model *m = r->c->model;
    char sampling[128];
    char number[3][24];
    buf_clear(&r->prompt);
    TRY(m->ops->prompt(m, a, &r->prompt, e));
    (void)snprintf(sampling, sizeof sampling, "temperature=%.9g top_p=%.9g max_tokens=%" PRId64,
                   (double)a->temperature, (double)a->top_p, a->n_out_max);
    (void)snprintf(number[0], sizeof number[0], "%" PRIu64, a->seed);
    (void)snprintf(number[1], sizeof number[1], "%" PRId64, p->sample);
    (void)snprintf(number[2], sizeof number[2], "%" PRId64, p->turn);
    struct str fields[] = {m->ops->identity(m), buf_str(&r->prompt), str_of(sampling),
                           str_of(number[0]),   str_of(number[1]),   str_of(number[2])};
    struct hash h = hash_fields(fields, sizeof fields / sizeof *fields);
    hash_hex(&h, key);
    return true;
}

/* ---- what is stored already ---- */

/* A stored reply is believed only when its key is the one this run would compute for it. */
static bool check_key(struct run *r, const struct stored *row, struct arena tmp, struct err *e)
{
    const struct run_config *c = r->c;
    struct strategy_in in = {.item = &c->suite->items[row->reply.i_item],
                             .thinking = c->suite->thinking,
                             .n_samples = c->n_samples};
    struct planned *asks = NEW(&tmp, struct planned, c->n_samples);
    int64_t n = c->strategy->next(&in, asks, c->n_samples, &tmp);
    for (int64_t i = 0; i < n; i++) {
        char key[65];
        asks[i].i_item = row->reply.i_item;
        if (asks[i].sample != row->reply.sample || asks[i].turn != row->reply.turn)
            continue;
        struct ask a = ask_of(c, &asks[i], 0);
        TRY(key_of(r, &asks[i], &a, key, e));
        if (strcmp(key, row->reply.key) == 0)
            return true;
        break;
    }
    return FAIL(e, ERR_INPUT, "item %.*s, sample %lld was stored under another key: not reused",
                STR_ARG(in.item->id), (long long)row->reply.sample);
}

/* Undecided with a judge that was not asked: judged again without the model, in between. */
static bool lacks_judge(const struct run *r, const struct stored *row)
{
    return r->c->suite->has_judge && row->grade.verdict == VERDICT_UNDECIDED &&
           row->grade.n_judged == 0;
}

static bool needs_grade(const struct run *r, const struct stored *row)
{
    return row->reply.end == REPLY_WHOLE &&
           (!row->has_grade || row->grade.trouble.n > 0 || lacks_judge(r, row));
}

static void count_stored(struct run *r, const struct stored *row)
{
    if (needs_grade(r, row))
        return;
    r->progress.n_done++;
    r->progress.n_before++;
    r->progress.n_scored++;
    r->progress.score_sum += row->reply.end == REPLY_WHOLE ? row->grade.score : 0;
}

static bool resume(struct run *r, const struct stored *rows, int64_t n_rows, struct arena tmp,
                   struct err *e)
{
    for (int64_t i = 0; i < n_rows; i++) {
        TRY(check_key(r, &rows[i], tmp, e));
        count_stored(r, &rows[i]);
        if (needs_grade(r, &rows[i]))
            grading_put(&r->grading, rows[i].reply.id, rows[i].reply.i_item);
    }
    r->result.n_reused = n_rows;
    return true;
}

/* ---- the loop ---- */

static bool submit_one(struct run *r, struct err *e)
{
    struct model *m = r->c->model;
    int64_t i = r->plan.i_next;
    const struct planned *p = plan_next(&r->plan);
    struct flight *f = &r->flights[i];
    struct ask a = ask_of(r->c, p, (uint64_t)i);
    f->started_ns = clock_ns();
    f->row = (struct reply_row){
        .i_item = p->i_item, .sample = p->sample, .turn = p->turn, .seed = a.seed};
    TRY(key_of(r, p, &a, f->row.key, e));
    TRY(m->ops->submit(m, &a, e));
    r->n_flying++;
    return true;
}

/* The same key as an answer's, of a place that no answer has: turn -1. */
static bool ask_one(struct run *r, const struct question *q, struct err *e)
{
    static const struct planned judging = {.turn = -1};
    struct model *m = r->c->model;
    int64_t ticket = r->plan.n + grading_place(&r->grading, q);
    struct ask a = ask_about(r->c, q, (uint64_t)ticket);
    struct flight *f = &r->flights[ticket];
    *f = (struct flight){.started_ns = clock_ns(), .row.seed = a.seed};
    TRY(key_of(r, &judging, &a, f->row.key, e));
    TRY(m->ops->submit(m, &a, e));
    r->n_asking++;
    return true;
}

/* Questions first: they finish items. */
static bool feed(struct run *r, struct err *e)
{
    struct model *m = r->c->model;
    while (m->ops->has_room(m)) {
        const struct question *q = grading_question(&r->grading);
        if (q == NULL)
            break;
        if (!ask_one(r, q, e))
            return err_wrap(e, "a question of grader %.*s", STR_ARG(r->c->suite->grader));
    }
    while (r->plan.i_next < r->plan.n && m->ops->has_room(m)) {
        int64_t i_item = r->plan.at[r->plan.i_next].i_item;
        if (!submit_one(r, e))
            return err_wrap(e, "item %.*s", STR_ARG(r->c->suite->items[i_item].id));
    }
    return true;
}

static struct reply_text land(struct flight *f, const struct reply *reply)
{
    f->row.end = reply->end;
    f->row.n_prompt_tokens = reply->n_prompt_tokens;
    f->row.n_out_tokens = reply->n_out_tokens;
    f->row.n_thinking_tokens = reply->n_thinking_tokens;
    f->row.logprob_sum = reply->logprob_sum;
    f->row.latency_ms = (clock_ns() - f->started_ns) / 1000000;
    return (struct reply_text){.raw = reply->raw,
                               .content = reply->message.content,
                               .reasoning = reply->message.reasoning,
                               .trouble = reply->trouble};
}

static bool store_judgement(struct run *r, const struct reply *reply, struct err *e)
{
    struct flight *f = &r->flights[reply->ticket];
    struct reply_text text = land(f, reply);
    int64_t place = (int64_t)reply->ticket - r->plan.n;
    r->progress.n_tokens += reply->n_out_tokens;
    r->n_asking--;
    return grading_answer(&r->grading, place, &f->row, &text, e);
}

/* Before the reply is stored: a stored reply is never asked for again. */
static bool trace_reply(struct run *r, const struct flight *f, const struct reply *reply,
                        struct err *e)
{
    struct hash key;
    if (r->c->trace == NULL)
        return true;
    if (!hash_from_hex(f->row.key, &key))
        return FAIL(e, ERR_INPUT, "the reply's key is no hash");
    int64_t n_bytes = reply->n_out_tokens * 4;
    struct trace_entry entry = {.key = key.at,
                                .item = r->c->suite->items[f->row.i_item].id,
                                .sample = f->row.sample,
                                .turn = f->row.turn,
                                .n_prompt = reply->n_prompt_tokens,
                                .n = reply->n_out_tokens,
                                .tokens = {(const char *)reply->tokens, n_bytes},
                                .logprobs = {(const char *)reply->logprobs, n_bytes},
                                .experts = reply->experts,
                                .masks = reply->masks};
    return trace_put(r->c->trace, &entry, e);
}

static bool store_reply(struct run *r, const struct reply *reply, struct err *e)
{
    struct flight *f = &r->flights[reply->ticket];
    struct reply_text text = land(f, reply);
    TRY(trace_reply(r, f, reply, e));
    TRY(store_put_reply(r->c->store, &f->row, &text, e));
    r->progress.n_tokens += reply->n_out_tokens;
    r->progress.n_done += reply->end != REPLY_WHOLE; /* the others are done when judged */
    r->progress.n_scored += reply->end != REPLY_WHOLE;
    r->result.n_new++;
    r->n_flying--;
    if (reply->end == REPLY_WHOLE)
        grading_put(&r->grading, f->row.id, f->row.i_item);
    return true;
}

/* All that is finished, in one transaction. The graders read it back after the commit. */
static bool collect(struct run *r, struct err *e)
{
    struct model *m = r->c->model;
    bool is_open = false;
    for (;;) {
        struct reply reply = {0};
        bool is_taken = false;
        TRY(m->ops->take(m, &reply, e, &is_taken));
        if (!is_taken)
            break;
        if (!is_open)
            TRY(store_begin(r->c->store, e));
        is_open = true;
        if (reply.ticket < (uint64_t)r->plan.n)
            TRY(store_reply(r, &reply, e));
        else
            TRY(store_judgement(r, &reply, e));
    }
    if (!is_open)
        return true;
    TRY(store_put_time(r->c->store, time_of(r), e));
    return store_commit(r->c->store, e);
}

static bool judge(struct run *r, struct err *e)
{
    struct grading_note notes[NOTES_MAX];
    int64_t n = 0;
    int wait_ms = r->n_flying + r->n_asking > 0 ? 0 : IDLE_WAIT_MS;
    TRY(grading_step(&r->grading, wait_ms, time_of(r), notes, NOTES_MAX, &n, e));
    r->progress.n_done += n;
    for (int64_t i = 0; i < n; i++) {
        r->progress.n_scored += notes[i].is_graded;
        r->progress.score_sum += notes[i].is_graded ? notes[i].score : 0;
        r->progress.n_ungraded += !notes[i].is_graded;
    }
    return true;
}

static int64_t n_left(const struct run *r)
{
    return r->plan.n - r->plan.i_next + r->n_flying + grading_n_left(&r->grading);
}

static bool turn(struct run *r, struct err *e)
{
    struct model *m = r->c->model;
    int64_t began_ns = clock_ns();
    TRY(feed(r, e));
    if (r->n_flying + r->n_asking > 0) {
        TRY(m->ops->step(m, e));
        r->model_ns += clock_ns() - began_ns;
    }
    TRY(collect(r, e));
    if (grading_n_left(&r->grading) > 0)
        TRY(judge(r, e));
    r->progress.model_s = (double)r->model_ns / 1e9;
    progress_show(&r->progress);
    return true;
}

static bool work(struct run *r, struct err *e)
{
    progress_begin(&r->progress, r->c->is_quiet || n_left(r) == 0);
    bool ok = true;
    while (ok && n_left(r) > 0 && !interrupt_came())
        ok = turn(r, e);
    progress_end(&r->progress);
    return ok;
}

static bool prepare(struct run *r, struct arena *keep, struct arena tmp, struct err *e)
{
    const struct run_config *c = r->c;
    struct run_row row = run_row_of(c);
    struct stored *rows = NULL;
    int64_t n_rows = 0;
    TRY(store_set_run(c->store, &row, c->suite->items, c->argv, e));
    TRY(store_get_all(c->store, &rows, &n_rows, keep, e));
    TRY(resume(r, rows, n_rows, tmp, e));
    enum plan_order order = c->model->ops->is_grouping ? PLAN_GROUPED : PLAN_SPREAD;
    plan_make(&r->plan, order, c->strategy, c->suite->items, c->n_items, c->n_samples,
              c->suite->thinking, rows, n_rows, keep, tmp);
    r->flights = NEW(keep, struct flight, r->plan.n + LIMIT_ASKED);
    return true;
}

bool run_all(const struct run_config *c, struct run_result *out, struct arena *keep,
             struct arena tmp, struct err *e)
{
    assert(c->n_items >= 0 && c->n_items <= c->suite->n_items);
    assert(c->n_samples >= 1);
    struct run r = {.c = c,
                    .grading = {.store = c->store,
                                .pool = c->pool,
                                .grader = c->suite->grader,
                                .definition = c->suite->definition_text,
                                .items = c->suite->items,
                                .has_judge = c->suite->has_judge,
                                .has_model = true,
                                .judge = c->model->ops->identity(c->model)},
                    .progress = {.name = c->suite->name, .n_total = c->n_items * c->n_samples},
                    .started_ns = clock_ns()};
    grading_init(&r.grading, c->n_items * c->n_samples, keep);
    bool ok = prepare(&r, keep, tmp, e) && work(&r, e);
    r.result.n_left = n_left(&r);
    r.result.is_interrupted = interrupt_came() && r.result.n_left > 0;
    *out = r.result;
    grading_fini(&r.grading);
    buf_free(&r.prompt);
    return ok;
}
