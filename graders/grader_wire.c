#include "graders/grader_wire.h"

#include <assert.h>
#include <string.h>

#include "graders/sandbox/wire.h"

enum { JUDGED_MAX = 4096, MESSAGES_MAX = 4096 };

int64_t grade_frame_size(struct str bytes)
{
    return wire_frame_size(bytes, GRADE_FRAME_MAX);
}

void grade_request_put(struct buf *out, const struct grade_request *r)
{
    assert(r->n_judged >= 0);
    assert(r->n_judged <= JUDGED_MAX);
    int64_t start = wire_open(out);
    wire_put_i64(out, r->ticket);
    wire_put_str(out, r->grader);
    wire_put_str(out, r->reply);
    wire_put_str(out, r->key);
    wire_put_str(out, r->definition);
    wire_put_i64(out, r->n_judged);
    for (int64_t i = 0; i < r->n_judged; i++)
        wire_put_str(out, r->judged[i]);
    wire_put_i64(out, r->may_ask);
    wire_seal(out, start);
}

static struct str kept_str(struct wire_in *in, struct arena *keep)
{
    return arena_str(keep, wire_get_str(in));
}

static int64_t count_within(struct wire_in *in, int64_t n_max)
{
    int64_t n = wire_get_i64(in);
    if (n < 0 || n > n_max)
        in->is_bad = true;
    return in->is_bad ? 0 : n;
}

/* A frame is whole by the caller's word; a wrong word is the caller's bug in the length only. */
static bool begin(struct str frame, struct wire_in *in, struct err *e)
{
    if (grade_frame_size(frame) != frame.n || frame.n == 0)
        return FAIL(e, ERR_INPUT, "grader: not one whole frame");
    *in = wire_read(frame);
    return true;
}

bool grade_request_get(struct str frame, struct grade_request *out, struct arena *keep,
                       struct err *e)
{
    struct wire_in in;
    TRY(begin(frame, &in, e));
    struct grade_request r = {.ticket = wire_get_i64(&in)};
    r.grader = kept_str(&in, keep);
    r.reply = kept_str(&in, keep);
    r.key = kept_str(&in, keep);
    r.definition = kept_str(&in, keep);
    r.n_judged = count_within(&in, JUDGED_MAX);
    struct str *judged = NEW(keep, struct str, r.n_judged);
    for (int64_t i = 0; i < r.n_judged; i++)
        judged[i] = kept_str(&in, keep);
    r.judged = judged;
    r.may_ask = wire_get_bool(&in);
    if (!wire_is_done(&in))
        return FAIL(e, ERR_INPUT, "grader: malformed request");
    *out = r;
    return true;
}

static void put_grade(struct buf *out, const struct grade *g)
{
    int64_t score = 0;
    static_assert(sizeof score == sizeof g->score, "a double travels as its 8 bytes");
    memcpy(&score, &g->score, sizeof score);
    wire_put_str(out, verdict_name(g->verdict));
    wire_put_i64(out, score);
    wire_put_str(out, g->answer);
    wire_put_str(out, g->reason);
    wire_put_str(out, g->evidence);
}

static struct grade get_grade(struct wire_in *in, struct arena *keep)
{
    struct grade g = {0};
    if (!verdict_from_name(wire_get_str(in), &g.verdict))
        in->is_bad = true;
    int64_t score = wire_get_i64(in);
    memcpy(&g.score, &score, sizeof score);
    if (!(g.score >= 0 && g.score <= 1))
        in->is_bad = true;
    g.answer = kept_str(in, keep);
    g.reason = kept_str(in, keep);
    g.evidence = kept_str(in, keep);
    return g;
}

static void put_question(struct buf *out, const struct chat *c)
{
    assert(c->n <= MESSAGES_MAX);
    wire_put_i64(out, c->thinking);
    wire_put_i64(out, c->n);
    for (int64_t i = 0; i < c->n; i++) {
        assert(c->at[i].n_calls == 0);
        wire_put_i64(out, (int64_t)c->at[i].role);
        wire_put_str(out, c->at[i].content);
        wire_put_str(out, c->at[i].reasoning);
    }
}

static struct chat get_question(struct wire_in *in, struct arena *keep)
{
    struct chat c = {.thinking = wire_get_bool(in)};
    c.n = count_within(in, MESSAGES_MAX);
    struct message *at = NEW(keep, struct message, c.n);
    for (int64_t i = 0; i < c.n; i++) {
        int64_t role = wire_get_i64(in);
        if (role < ROLE_SYSTEM || role > ROLE_TOOL)
            in->is_bad = true;
        else
            at[i].role = (enum role)role;
        at[i].content = kept_str(in, keep);
        at[i].reasoning = kept_str(in, keep);
    }
    c.at = at;
    return c;
}

void grade_answer_put(struct buf *out, const struct grade_answer *a)
{
    int64_t start = wire_open(out);
    wire_put_i64(out, a->ticket);
    wire_put_i64(out, a->version);
    wire_put_i64(out, a->ok);
    wire_put_i64(out, a->ok ? (int64_t)a->next : (int64_t)a->err.cls);
    if (!a->ok)
        wire_put_str(out, str_of(a->err.text));
    else if (a->next == GRADE_DONE)
        put_grade(out, &a->grade);
    else
        put_question(out, &a->question);
    wire_seal(out, start);
}

/* The origin (file, line) stays in the worker: its text is what a person needs. */
static void get_err(struct wire_in *in, int64_t cls, struct err *out)
{
    struct str text = wire_get_str(in);
    if (cls <= ERR_NONE || cls > ERR_UNSUPPORTED || text.n >= (int64_t)sizeof out->text) {
        in->is_bad = true;
        return;
    }
    *out = (struct err){.cls = (enum err_class)cls, .file = __FILE__, .line = __LINE__};
    memcpy(out->text, text.at, (size_t)text.n);
}

bool grade_answer_get(struct str frame, struct grade_answer *out, struct arena *keep, struct err *e)
{
    struct wire_in in;
    TRY(begin(frame, &in, e));
    struct grade_answer a = {.ticket = wire_get_i64(&in)};
    a.version = wire_get_i64(&in);
    a.ok = wire_get_bool(&in);
    int64_t what = wire_get_i64(&in);
    a.next = a.ok && what == GRADE_ASK ? GRADE_ASK : GRADE_DONE;
    if (!a.ok)
        get_err(&in, what, &a.err);
    else if (what == GRADE_DONE)
        a.grade = get_grade(&in, keep);
    else if (what == GRADE_ASK)
        a.question = get_question(&in, keep);
    else
        in.is_bad = true;
    if (!wire_is_done(&in))
        return FAIL(e, ERR_INPUT, "grader: malformed answer");
    *out = a;
    return true;
}
