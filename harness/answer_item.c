#include "harness/answer_item.h"

#include "graders/math/math.h"

bool answer_item_knows(struct str grader)
{
    return str_eq(grader, STR("math")) || str_eq(grader, STR("choice"));
}

static bool read_reach(const struct json *definition, enum extract_reach *out, struct err *e)
{
    struct str name = STR("declared");
    const struct json *j = json_get(definition, "extraction");
    if ((j == NULL || json_str(j, &name)) && extract_reach_from_name(name, out))
        return true;
    return FAIL(e, ERR_INPUT,
                "the definition's \"extraction\" must be \"boxed\", \"declared\" or \"any\"");
}

static bool read_math(const struct json *key, const struct json *definition, struct answer_ask *out,
                      struct arena *keep, struct err *e)
{
    TRY(math_gold(key, definition, &out->gold, keep, e));
    TRY(read_reach(definition, &out->reach, e));
    return equal_policy_read(json_get(definition, "policies"), &out->policy, e);
}

/* ---- options: the fields of graders/choice_grader.h ---- */

static bool read_text(const struct json *j, struct str *out, struct arena *keep)
{
    int64_t whole;
    if (!json_i64(j, &whole))
        return json_str(j, out);
    *out = arena_fmt(keep, "%lld", (long long)whole);
    return true;
}

static bool read_options(const struct json *list, struct answer_ask *out, struct arena *keep,
                         struct err *e)
{
    int64_t n = json_count(list);
    if (json_kind(list) != JSON_ARRAY || n < 1 || n > CHOICE_OPTIONS)
        return FAIL(e, ERR_INPUT, "the item's options must be a list of 1 to %d", CHOICE_OPTIONS);
    struct str *texts = NEW(keep, struct str, n);
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o))
        if (!read_text(o, &texts[out->n_options++], keep))
            return FAIL(e, ERR_INPUT, "the item's options must be texts or whole numbers");
    out->options = texts;
    return true;
}

static bool read_choice(const struct json *key, const struct json *definition,
                        struct answer_ask *out, struct arena *keep, struct err *e)
{
    const struct json *fields = json_get(definition, "fields");
    struct str answer = STR("answer");
    struct str options = {0};
    (void)json_str(json_get(fields, "answer"), &answer);
    out->kind = ANSWER_CHOICE;
    if (!read_text(json_get(key, answer.at), &out->gold, keep))
        return FAIL(e, ERR_INPUT, "the item's \"%.60s\" must be text", answer.at);
    return !json_str(json_get(fields, "options"), &options) ||
           read_options(json_get(key, options.at), out, keep, e);
}

bool answer_item_read(struct str grader, const struct json *key, const struct json *definition,
                      struct answer_ask *out, struct arena *keep, struct err *e)
{
    *out = (struct answer_ask){.is_response = true};
    if (str_eq(grader, STR("choice")))
        return read_choice(key, definition, out, keep, e);
    return read_math(key, definition, out, keep, e);
}
