#include "harness/answer_line.h"

#include "base/limits.h"
#include "encoding/pyjson.h"

/* ---- members ---- */

static const char *const known[] = {"gold",    "pred",     "response",   "id", "kind",
                                    "options", "policies", "extraction", NULL};

static bool check_keys(const struct pyval *line, struct err *e)
{
    for (const struct pyval *m = line->first; m != NULL; m = m->next) {
        const char *nearest = known[0];
        for (int i = 0; known[i] != NULL; i++)
            if (str_distance(m->key, str_of(known[i])) < str_distance(m->key, str_of(nearest)))
                nearest = known[i];
        if (!str_eq(m->key, str_of(nearest)))
            return FAIL(e, ERR_INPUT, "unknown key \"%.*s\"; nearest known: \"%s\"",
                        (int)(m->key.n < 60 ? m->key.n : 60), m->key.at, nearest);
    }
    return true;
}

static bool is_text(const struct pyval *v)
{
    return v != NULL && v->kind == PY_STR;
}

static bool is_whole(const struct pyval *v)
{
    return v != NULL && v->kind == PY_INT;
}

static bool need_answer(const struct pyval *line, const char *key, struct str *out, struct err *e)
{
    const struct pyval *v = pyjson_get(line, str_of(key));
    if (!is_text(v) && !is_whole(v))
        return FAIL(e, ERR_INPUT, "\"%s\" must be given, as text or a whole number", key);
    *out = v->text;
    return true;
}

static bool read_kind(const struct pyval *line, enum answer_kind *out, struct err *e)
{
    const struct pyval *v = pyjson_get(line, STR("kind"));
    if (v == NULL)
        return true;
    bool is_choice = is_text(v) && str_eq(v->text, STR("choice"));
    if (!is_choice && (!is_text(v) || !str_eq(v->text, STR("math"))))
        return FAIL(e, ERR_INPUT, "\"kind\" must be \"math\" or \"choice\"");
    *out = is_choice ? ANSWER_CHOICE : ANSWER_MATH;
    return true;
}

static bool list_options(const struct pyval *v, struct answer_ask *a, struct arena *keep,
                         struct err *e)
{
    if (v->kind != PY_LIST || v->n < 1 || v->n > CHOICE_OPTIONS)
        return FAIL(e, ERR_INPUT, "\"options\" must be 1 to %d texts, or their number",
                    CHOICE_OPTIONS);
    struct str *texts = NEW(keep, struct str, v->n);
    int64_t n = 0;
    for (const struct pyval *o = v->first; o != NULL; o = o->next) {
        if (!is_text(o))
            return FAIL(e, ERR_INPUT, "\"options\" must be texts");
        texts[n++] = o->text;
    }
    a->options = texts;
    a->n_options = n;
    return true;
}

static bool read_options(const struct pyval *line, struct answer_ask *a, struct arena *keep,
                         struct err *e)
{
    const struct pyval *v = pyjson_get(line, STR("options"));
    if (v == NULL)
        return true;
    if (pyjson_get(line, STR("kind")) == NULL)
        a->kind = ANSWER_CHOICE;
    if (a->kind != ANSWER_CHOICE)
        return FAIL(e, ERR_INPUT, "\"options\" are of \"kind\": \"choice\"");
    if (!is_whole(v))
        return list_options(v, a, keep, e);
    if (!str_i64(v->text, &a->n_options) || a->n_options < 1 || a->n_options > CHOICE_OPTIONS)
        return FAIL(e, ERR_INPUT, "\"options\" must be from 1 to %d", CHOICE_OPTIONS);
    return true;
}

/* ---- policies ---- */

static bool read_policies(const struct pyval *line, struct answer_ask *a, struct err *e)
{
    CLEANUP(buf_free) struct buf text = {0};
    const struct pyval *v = pyjson_get(line, STR("policies"));
    struct json *j = NULL;
    if (v == NULL)
        return true;
    if (v->kind != PY_DICT)
        return FAIL(e, ERR_INPUT, "\"policies\" must be an object");
    pyjson_dumps(v, &text);
    TRY(json_parse(buf_str(&text), "policies", &j, e));
    bool ok = equal_policy_read(j, &a->policy, e);
    json_free(j);
    return ok;
}

static bool read_reach(const struct pyval *line, enum extract_reach *out, struct err *e)
{
    const struct pyval *v = pyjson_get(line, STR("extraction"));
    return v == NULL || (is_text(v) && extract_reach_from_name(v->text, out)) ||
           FAIL(e, ERR_INPUT, "\"extraction\" must be \"boxed\", \"declared\" or \"any\"");
}

/* ---- the line ---- */

static bool read_text(const struct pyval *line, struct answer_ask *a, struct err *e)
{
    const struct pyval *response = pyjson_get(line, STR("response"));
    bool has_pred = pyjson_get(line, STR("pred")) != NULL;
    if (has_pred == (response != NULL))
        return FAIL(e, ERR_INPUT, "either \"pred\" or \"response\" must be given");
    if (has_pred)
        return need_answer(line, "pred", &a->text, e);
    if (!is_text(response))
        return FAIL(e, ERR_INPUT, "\"response\" must be text");
    a->text = response->text;
    a->is_response = true;
    return true;
}

/* As JSON, when it may be repeated in the output; kept also when the rest of the line is wrong. */
static bool read_id(const struct pyval *line, struct buf *id, struct err *e)
{
    const struct pyval *v = pyjson_get(line, STR("id"));
    if (v == NULL)
        return true;
    if (!is_text(v) && !is_whole(v))
        return FAIL(e, ERR_INPUT, "\"id\" must be text or a whole number");
    pyjson_dumps(v, id);
    return true;
}

static bool read_line(struct str text, const struct answer_defaults *d, struct answer_ask *a,
                      struct buf *id, struct arena *keep, struct arena tmp, struct err *e)
{
    const struct pyval *line = NULL;
    *a = (struct answer_ask){.kind = d->kind, .reach = d->reach, .policy = d->policy};
    if (text.n == 0)
        return FAIL(e, ERR_INPUT, "the line is empty");
    TRY(pyjson_loads(text, &line, NULL, keep, tmp, e));
    if (line->kind != PY_DICT)
        return FAIL(e, ERR_INPUT, "a line must be a JSON object");
    TRY(read_id(line, id, e));
    TRY(check_keys(line, e));
    TRY(need_answer(line, "gold", &a->gold, e));
    TRY(read_text(line, a, e));
    TRY(read_kind(line, &a->kind, e));
    TRY(read_options(line, a, keep, e));
    TRY(read_reach(line, &a->reach, e));
    return read_policies(line, a, e);
}

static void put_id(struct json_out *w, struct str id)
{
    if (id.n == 0)
        return;
    json_put_key(w, "id");
    json_put_raw(w, id);
}

static void put_end(struct json_out *w, struct buf *out)
{
    json_close(w, '}');
    buf_put(out, buf_str(&w->text));
    buf_byte(out, '\n');
}

void answer_line_refuse(int64_t number, struct str id, const char *why, struct buf *out)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '{');
    put_id(&w, id);
    json_pair_str(&w, "error", str_of(why));
    json_pair_i64(&w, "line", number);
    put_end(&w, out);
}

bool answer_line(struct str line, int64_t number, const struct answer_defaults *d, struct buf *out,
                 struct arena *keep, struct arena tmp)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    CLEANUP(buf_free) struct buf id = {0};
    struct answer_ask a;
    struct answer_said s;
    struct err e = {0};
    if (!read_line(str_trim(line), d, &a, &id, keep, tmp, &e) ||
        !answer_decide(&a, &s, keep, tmp, &e)) {
        answer_line_refuse(number, buf_str(&id), e.text, out);
        return false;
    }
    json_open(&w, '{');
    put_id(&w, buf_str(&id));
    answer_json(&s, &w);
    put_end(&w, out);
    return true;
}
