/* The strict parser follows upstream step by step: read to a mark, look at what was skipped. Its
 * oddities (a block may end with the text at certain places, one empty line may follow a header)
 * are consequences of the steps and are not spelled out. */
#include "encoding/parse.h"

#include <assert.h>

#include "base/utf8.h"
#include "encoding/dsml.h"
#include "encoding/parse_parts.h"
#include "encoding/pyjson.h"
#include "encoding/special.h"

struct strict {
    struct dsml_cursor c;
    struct dsml_calls calls;
    bool *is_sound;
    struct parse_note fault;
    struct arena *keep;
    struct arena tmp;
};

static bool refuse(struct strict *s, enum parse_code code, int64_t at)
{
    s->fault = (struct parse_note){code, at};
    return false;
}

bool parse_is_json(struct str text, struct arena tmp)
{
    struct err e;
    const struct pyval *v;
    unsigned char *middle = tmp.next + (tmp.end - tmp.next) / 2;
    struct arena values = {.next = middle, .end = tmp.end, .name = "parse values"};
    tmp.end = middle;
    return pyjson_loads(text, &v, NULL, &values, tmp, &e);
}

static bool has_markup(struct str name)
{
    return str_find(name, STR(SPECIAL_DSML), 0) >= 0;
}

static bool is_sound_param(const struct dsml_param *p, struct arena tmp)
{
    return !has_markup(p->name) && (p->is_string || parse_is_json(p->value, tmp));
}

static bool read_params(struct strict *s, struct dsml_params *params)
{
    static const struct str marks[] = {{SPECIAL_PARAM, sizeof SPECIAL_PARAM - 1},
                                       {SPECIAL_INVOKE_END, sizeof SPECIAL_INVOKE_END - 1}};
    struct str end = STR(SPECIAL_PARAM_END);
    struct str before;
    int stop = 0;
    while (stop == 0) {
        struct dsml_param p = {.at = s->c.at};
        (void)dsml_until(&s->c, &end, 1, &before);
        if (!dsml_param(before, &p))
            return refuse(s, PARSE_PARAM_FORMAT, p.at);
        if (s->is_sound != NULL && !is_sound_param(&p, s->tmp))
            *s->is_sound = false;
        dsml_add(params, p, &s->tmp);
        int64_t from = s->c.at;
        stop = dsml_until(&s->c, marks, 2, &before);
        if (!str_eq(before, STR(">\n")))
            return refuse(s, PARSE_PARAM_TAIL, from);
    }
    return true;
}

/* The cursor is behind "<｜DSML｜invoke". A repeated name is looked for once, at the end or at the
 * failure: it stands before either, so it is the one upstream would have named. */
static bool read_call(struct strict *s)
{
    static const struct str marks[] = {{SPECIAL_PARAM, sizeof SPECIAL_PARAM - 1},
                                       {SPECIAL_INVOKE_END, sizeof SPECIAL_INVOKE_END - 1}};
    struct arena before_call = s->tmp;
    struct dsml_params params = {0};
    struct tool_call call;
    struct str header;
    int64_t from = s->c.at;
    int stop = dsml_until(&s->c, marks, 2, &header);
    if (!dsml_name(header, &call.name))
        return refuse(s, PARSE_NAME_FORMAT, from);
    if (s->is_sound != NULL && has_markup(call.name))
        *s->is_sound = false;
    bool ok = stop != 0 || read_params(s, &params);
    const struct dsml_param *repeated = dsml_repeated(&params, s->tmp);
    if (repeated != NULL)
        return refuse(s, PARSE_PARAM_DUPLICATE, repeated->at);
    if (!ok)
        return false;
    call.arguments = dsml_arguments(&params, s->keep);
    s->tmp = before_call;
    dsml_add_call(&s->calls, call, &s->tmp);
    return true;
}

/* The cursor is behind "<｜DSML｜function_calls". */
static bool read_block(struct strict *s, bool *is_closed)
{
    static const struct str marks[] = {{SPECIAL_INVOKE, sizeof SPECIAL_INVOKE - 1},
                                       {SPECIAL_BLOCK_END, sizeof SPECIAL_BLOCK_END - 1}};
    while (s->c.at < s->c.text.n) {
        struct str before;
        int64_t from = s->c.at;
        int stop = dsml_until(&s->c, marks, 2, &before);
        if (!str_eq(before, STR(">\n")))
            return refuse(s, PARSE_CALL_FORMAT, from);
        if (stop == DSML_END)
            return refuse(s, PARSE_MISSING_TOKEN, from);
        if (stop == 1) {
            *is_closed = true;
            return true;
        }
        TRY(read_call(s));
    }
    return true;
}

static bool check_special(struct strict *s, struct str part)
{
    int64_t bad = dsml_forbidden(part);
    if (bad < 0)
        return true;
    return refuse(s, PARSE_SPECIAL_TOKEN, part.at - s->c.text.at + bad);
}

static bool read_all(struct strict *s, bool thinking, struct parsed *out)
{
    static const struct str eos = {SPECIAL_EOS, sizeof SPECIAL_EOS - 1};
    static const struct str block = {"\n\n" SPECIAL_BLOCK, sizeof SPECIAL_BLOCK + 1};
    const struct str think[] = {STR(SPECIAL_THINK_END), block};
    const struct str end[] = {eos, block};
    struct message *m = &out->message;
    *out = (struct parsed){.message.role = ROLE_ASSISTANT,
                           .message.reasoning = str_sub(s->c.text, 0, 0)};
    if (thinking && dsml_until(&s->c, think, 2, &m->reasoning) != 0)
        return refuse(s, PARSE_THINKING_FORMAT, m->reasoning.n);
    int stop = dsml_until(&s->c, end, 2, &m->content);
    if (stop == DSML_END)
        return refuse(s, PARSE_SUMMARY_FORMAT, s->c.text.n);
    out->is_whole = stop == 0;
    if (stop == 1) {
        struct str after;
        TRY(read_block(s, &out->is_whole));
        int64_t from = s->c.at;
        (void)dsml_until(&s->c, &eos, 1, &after);
        if (after.n > 0)
            return refuse(s, PARSE_AFTER_CALLS, from);
    }
    if (s->c.at != s->c.text.n)
        return refuse(s, PARSE_AT_END, s->c.at);
    TRY(check_special(s, m->reasoning));
    TRY(check_special(s, m->content));
    m->calls = dsml_calls(&s->calls, s->keep);
    m->n_calls = s->calls.n;
    return true;
}

bool parse_strict(struct str text, bool thinking, struct parsed *out, bool *is_sound,
                  struct parse_note *fault, struct arena *keep, struct arena tmp)
{
    struct strict s = {.c.text = text, .is_sound = is_sound, .keep = keep, .tmp = tmp};
    struct parsed p;
    int64_t bad = utf8_first_bad(text);
    if (is_sound != NULL)
        *is_sound = true;
    if (bad >= 0)
        (void)refuse(&s, PARSE_UTF8, bad);
    if (bad < 0 && read_all(&s, thinking, &p)) {
        *out = p;
        return true;
    }
    assert(s.fault.code != PARSE_OK);
    *fault = s.fault;
    return false;
}

bool parse_completion(struct str text, struct parse_opts o, struct parsed *out, struct arena *keep,
                      struct arena tmp, struct err *e)
{
    struct parse_note fault = {PARSE_TOO_LONG, LIMIT_REPLY_BYTES};
    if (text.n <= LIMIT_REPLY_BYTES) {
        if (o.recover) {
            parse_recover(text, o.thinking, out, keep, tmp);
            return true;
        }
        if (parse_strict(text, o.thinking, out, NULL, &fault, keep, tmp))
            return true;
    }
    if (o.fault != NULL)
        *o.fault = fault;
    return FAIL(e, fault.code == PARSE_TOO_LONG ? ERR_LIMIT : ERR_INPUT, "byte %lld: %s: %s",
                (long long)fault.at, parse_code_name(fault.code), parse_code_text(fault.code));
}
