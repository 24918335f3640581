#include <assert.h>

#include "base/json.h"
#include "graders/math/equal.h"

/* Every switch whose value is a word: its place, and its words in the order of its enum. */
struct word_switch {
    const char *name;
    const char *words[4];
};

static const struct word_switch units = {"units", {"optional", "strict", "ignore"}};
static const struct word_switch percent = {"percent", {"exact", "loose"}};
static const struct word_switch rounding = {"rounding", {"gold", "none", "pred"}};

static bool read_word(const struct json *j, const struct word_switch *s, int *out, struct err *e)
{
    struct str got;
    if (!json_str(j, &got))
        return FAIL(e, ERR_INPUT, "policy \"%s\" must be text", s->name);
    for (int i = 0; s->words[i] != NULL; i++) {
        if (!str_eq(got, str_of(s->words[i])))
            continue;
        *out = i;
        return true;
    }
    return FAIL(e, ERR_INPUT, "policy \"%s\" cannot be \"%.40s\"; it is one of: %s, %s%s%s",
                s->name, got.at, s->words[0], s->words[1], s->words[2] == NULL ? "" : ", ",
                s->words[2] == NULL ? "" : s->words[2]);
}

static bool read_bool(const struct json *j, const char *name, bool *out, struct err *e)
{
    if (!json_bool(j, out))
        return FAIL(e, ERR_INPUT, "policy \"%s\" must be true or false", name);
    return true;
}

static bool read_digits(const struct json *j, int32_t *out, struct err *e)
{
    enum { MAX_DIGITS = 30 };
    int64_t v;
    if (!json_i64(j, &v) || v < 1 || v > MAX_DIGITS)
        return FAIL(e, ERR_INPUT, "policy \"rounding_digits\" must be from 1 to %d", MAX_DIGITS);
    *out = (int32_t)v;
    return true;
}

static bool read_one(struct str name, const struct json *j, struct equal_policy *p, struct err *e)
{
    int word = 0;
    if (str_eq(name, STR("units"))) {
        TRY(read_word(j, &units, &word, e));
        p->units = (unsigned)word;
    } else if (str_eq(name, STR("percent"))) {
        TRY(read_word(j, &percent, &word, e));
        p->percent = (unsigned)word;
    } else if (str_eq(name, STR("rounding"))) {
        TRY(read_word(j, &rounding, &word, e));
        p->rounding = (unsigned)word;
    } else if (str_eq(name, STR("rounding_digits"))) {
        return read_digits(j, &p->rounding_digits, e);
    } else if (str_eq(name, STR("list_order"))) {
        return read_bool(j, name.at, &p->lists_ordered, e);
    } else if (str_eq(name, STR("interval_inequality"))) {
        bool is_allowed = true;
        TRY(read_bool(j, name.at, &is_allowed, e));
        p->intervals_strict = !is_allowed;
    } else if (str_eq(name, STR("rename"))) {
        return read_bool(j, name.at, &p->may_rename, e);
    } else {
        return FAIL(e, ERR_INPUT,
                    "no policy \"%.60s\"; there are units, percent, rounding, rounding_digits, "
                    "list_order, interval_inequality, rename",
                    name.at);
    }
    return true;
}

bool equal_policy_read(const struct json *j, struct equal_policy *out, struct err *e)
{
    struct equal_policy p = {0};
    if (j != NULL && json_kind(j) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "\"policies\" must be an object");
    for (const struct json *m = json_first(j); m != NULL; m = json_next(m))
        TRY(read_one(json_key(m), m, &p, e));
    *out = p;
    return true;
}

void equal_policy_print(const struct equal_policy *p, struct buf *out)
{
    assert(units.words[p->units] != NULL);
    assert(rounding.words[p->rounding] != NULL);
    CLEANUP(json_out_free) struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "units", str_of(units.words[p->units]));
    json_pair_str(&w, "percent", str_of(percent.words[p->percent]));
    json_pair_str(&w, "rounding", str_of(rounding.words[p->rounding]));
    if (p->rounding_digits != 0)
        json_pair_i64(&w, "rounding_digits", p->rounding_digits);
    json_pair_bool(&w, "list_order", p->lists_ordered);
    json_pair_bool(&w, "interval_inequality", !p->intervals_strict);
    json_pair_bool(&w, "rename", p->may_rename);
    json_close(&w, '}');
    buf_put(out, buf_str(&w.text));
}
