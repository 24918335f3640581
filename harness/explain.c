#include "harness/explain.h"

#include "base/json.h"
#include "harness/answer_item.h"

/* One item of a stored run. */
struct subject {
    struct store *store;
    struct run_row run;
    struct item item;
    struct json *definition;
    struct json *key;
    struct answer_ask ask;
    bool has_ask; /* false: another grader, or trouble says what is wrong with the item */
    struct err trouble;
};

/* One of its replies. */
struct told {
    const struct stored *row;
    struct reply_text text;
    struct grade_row grade;
    bool has_grade;
    bool has_said; /* decided here, again */
    struct answer_said said;
};

static void close_subject(struct subject *x)
{
    json_free(x->definition);
    json_free(x->key);
}

/* ---- reading ---- */

static bool find_item(struct subject *x, struct str id, int64_t *i_item, struct arena *keep,
                      struct err *e)
{
    struct item *items = NULL;
    int64_t n = 0;
    const char *nearest = "";
    int64_t least = INT64_MAX;
    TRY(store_get_items(x->store, &items, &n, keep, e));
    for (int64_t i = 0; i < n; i++) {
        int64_t d = str_distance(items[i].id, id);
        if (str_eq(items[i].id, id)) {
            x->item = items[i];
            *i_item = i;
            return true;
        }
        if (d < least) {
            least = d;
            nearest = items[i].id.at;
        }
    }
    return FAIL(e, ERR_USAGE, "the run has no item \"%.60s\"; nearest: \"%.60s\"", id.at, nearest);
}

static bool read_subject(struct subject *x, struct str id, int64_t *i_item, struct arena *keep,
                         struct err *e)
{
    TRY(store_get_run(x->store, &x->run, keep, e));
    TRY(find_item(x, id, i_item, keep, e));
    TRY(json_parse(x->run.definition, "the stored definition", &x->definition, e));
    TRY(json_parse(x->item.key_text, "the stored item", &x->key, e));
    if (answer_item_knows(x->run.grader))
        x->has_ask =
            answer_item_read(x->run.grader, x->key, x->definition, &x->ask, keep, &x->trouble);
    return true;
}

static bool read_told(const struct subject *x, const struct stored *row, struct told *t,
                      struct arena *keep, struct arena tmp, struct err *e)
{
    *t = (struct told){.row = row};
    TRY(store_get_text(x->store, row->reply.id, &t->text, keep, e));
    TRY(store_get_grade(x->store, row->reply.id, &t->grade, &t->has_grade, keep, e));
    if (!x->has_ask || row->reply.end != REPLY_WHOLE)
        return true;
    struct answer_ask a = x->ask;
    struct err trouble = {0};
    a.text = t->text.content;
    t->has_said = answer_decide(&a, &t->said, keep, tmp, &trouble);
    return true;
}

/* ---- the stored verdict and the one found here ---- */

static struct str stored_verdict(const struct told *t)
{
    if (t->row->reply.end != REPLY_WHOLE)
        return STR("not judged");
    if (!t->has_grade)
        return STR("not judged yet");
    return t->grade.trouble.n > 0 ? STR("ungraded") : verdict_name(t->grade.verdict);
}

/* Whether the stored verdict is what these steps come to; a model's verdict never is. */
static bool agrees(const struct told *t)
{
    static const enum verdict verdicts[] = {[ANSWER_EQUAL] = VERDICT_RIGHT,
                                            [ANSWER_DIFFERENT] = VERDICT_WRONG,
                                            [ANSWER_UNDECIDED] = VERDICT_UNDECIDED,
                                            [ANSWER_NONE] = VERDICT_NO_ANSWER};
    return t->has_grade && t->grade.trouble.n == 0 && t->grade.verdict == verdicts[t->said.verdict];
}

/* ---- for people ---- */

static void show_erratum(const struct subject *x, struct buf *out)
{
    const struct json *erratum = json_get(x->key, "erratum");
    struct str reason = {0};
    if (!json_str(json_get(erratum, "reason"), &reason))
        return;
    buf_put(out, STR("  erratum     the answer was "));
    json_print(json_get(erratum, "was"), out);
    buf_fmt(out, ": %.*s\n", STR_ARG(reason));
}

static void show_grade(const struct told *t, struct buf *out)
{
    const struct grade_row *g = &t->grade;
    if (!t->has_grade)
        return;
    buf_fmt(out, "    %-11s %.*s %lld: %.*s\n", "grader", STR_ARG(g->grader), (long long)g->version,
            STR_ARG(g->trouble.n > 0 ? g->trouble : g->reason));
    if (t->row->grade.n_judged > 0)
        buf_fmt(out, "    %-11s %lld replies of a judge model went into it\n", "judge",
                (long long)t->row->grade.n_judged);
    if (!t->has_said && g->evidence.n > 0)
        buf_fmt(out, "    %-11s %.*s\n", "evidence", STR_ARG(g->evidence));
}

static void show_told(const struct subject *x, const struct told *t, struct buf *out)
{
    const struct reply_row *r = &t->row->reply;
    struct str verdict = stored_verdict(t);
    buf_fmt(out, "\n  sample %lld: %.*s\n", (long long)r->sample, STR_ARG(verdict));
    if (r->end != REPLY_WHOLE)
        buf_fmt(out, "    %-11s %.*s\n", "reply", STR_ARG(reply_end_name(r->end)));
    show_grade(t, out);
    if (!t->has_said)
        return;
    if (t->has_grade && t->row->grade.n_judged == 0 && !agrees(t))
        buf_put(out,
                STR("    NOTE        this podium comes to another verdict than the one stored; "
                    "`podium grade` judges again\n"));
    struct answer_ask a = x->ask;
    a.text = t->text.content;
    answer_show(&a, &t->said, 4, out);
}

static void show_subject(const struct subject *x, struct buf *out)
{
    buf_fmt(out, "%.*s, item %.*s%s%.*s%s\n", STR_ARG(x->run.suite), STR_ARG(x->item.id),
            x->item.kind.n > 0 ? " (" : "", STR_ARG(x->item.kind), x->item.kind.n > 0 ? ")" : "");
    buf_fmt(out, "  grader      %.*s\n", STR_ARG(x->run.grader));
    if (x->has_ask)
        buf_fmt(out, "  gold        %.*s\n", STR_ARG(x->ask.gold));
    if (x->trouble.text[0] != 0)
        buf_fmt(out, "  TROUBLE     %s\n", x->trouble.text);
    show_erratum(x, out);
}

/* ---- JSON ---- */

static void json_grade(struct json_out *w, const struct told *t)
{
    json_put_key(w, "grade");
    if (!t->has_grade) {
        json_put_null(w);
        return;
    }
    json_open(w, '{');
    json_pair_str(w, "grader", t->grade.grader);
    json_pair_i64(w, "version", t->grade.version);
    json_pair_str(w, "answer", t->grade.answer);
    json_pair_str(w, "reason", t->grade.trouble.n > 0 ? t->grade.trouble : t->grade.reason);
    json_pair_i64(w, "judged", t->row->grade.n_judged);
    if (t->grade.evidence.n > 0) {
        json_put_key(w, "evidence");
        json_put_raw(w, t->grade.evidence);
    }
    json_close(w, '}');
}

static void json_told(struct json_out *w, const struct subject *x, const struct told *t)
{
    json_open(w, '{');
    json_pair_i64(w, "sample", t->row->reply.sample);
    json_pair_str(w, "reply", reply_end_name(t->row->reply.end));
    json_pair_str(w, "stored", stored_verdict(t));
    json_grade(w, t);
    if (t->has_said) {
        struct answer_ask a = x->ask;
        a.text = t->text.content;
        json_put_key(w, "now");
        json_open(w, '{');
        answer_json(&t->said, w);
        answer_json_details(&a, &t->said, w);
        json_close(w, '}');
        json_pair_bool(w, "agrees", agrees(t));
    }
    json_close(w, '}');
}

static void json_subject(struct json_out *w, const struct subject *x)
{
    CLEANUP(buf_free) struct buf erratum = {0};
    json_pair_str(w, "suite", x->run.suite);
    json_pair_str(w, "item", x->item.id);
    json_pair_str(w, "grader", x->run.grader);
    if (x->has_ask)
        json_pair_str(w, "gold", x->ask.gold);
    if (x->trouble.text[0] != 0)
        json_pair_str(w, "trouble", str_of(x->trouble.text));
    if (json_get(x->key, "erratum") == NULL)
        return;
    json_print(json_get(x->key, "erratum"), &erratum);
    json_put_key(w, "erratum");
    json_put_raw(w, buf_str(&erratum));
}

/* ---- all of it ---- */

static bool tell_rows(const struct subject *x, int64_t i_item, int64_t sample, struct json_out *w,
                      struct buf *out, struct arena *keep, struct arena tmp, struct err *e)
{
    struct stored *rows = NULL;
    int64_t n = 0;
    TRY(store_get_all(x->store, &rows, &n, keep, e));
    for (int64_t i = 0; i < n; i++) {
        struct told t;
        bool is_wanted = sample < 0 || rows[i].reply.sample == sample;
        if (rows[i].reply.i_item != i_item || !is_wanted)
            continue;
        TRY(read_told(x, &rows[i], &t, keep, tmp, e));
        json_told(w, x, &t);
        show_told(x, &t, out);
    }
    return true;
}

bool explain_item(struct store *s, struct str item, int64_t sample, bool is_json, struct buf *out,
                  struct arena *keep, struct arena tmp, struct err *e)
{
    CLEANUP(close_subject) struct subject x = {.store = s};
    CLEANUP(json_out_free) struct json_out w = {0};
    CLEANUP(buf_free) struct buf page = {0};
    int64_t i_item = -1;
    TRY(read_subject(&x, item, &i_item, keep, e));
    json_open(&w, '{');
    json_subject(&w, &x);
    json_put_key(&w, "samples");
    json_open(&w, '[');
    show_subject(&x, &page);
    TRY(tell_rows(&x, i_item, sample, &w, &page, keep, tmp, e));
    json_close(&w, ']');
    json_close(&w, '}');
    buf_put(out, buf_str(is_json ? &w.text : &page));
    if (is_json)
        buf_byte(out, '\n');
    return true;
}
