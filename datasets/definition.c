#include "datasets/definition.h"

#include <assert.h>

enum { SAMPLES_MAX = 1 << 16, OUT_MAX = 1 << 24 };

bool definition_known_keys(const struct json *object, const char *const *known, const char *what,
                           struct err *e)
{
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
        struct str key = json_key(m);
        const char *nearest = known[0];
        for (int i = 0; known[i] != NULL; i++)
            if (str_distance(key, str_of(known[i])) < str_distance(key, str_of(nearest)))
                nearest = known[i];
        if (!str_eq(key, str_of(nearest)))
            return FAIL(e, ERR_INPUT, "%s: unknown key \"%.60s\"; nearest known: \"%s\"", what,
                        key.at, nearest);
        if (json_get(object, key.at) != m)
            return FAIL(e, ERR_INPUT, "%s: key \"%s\" comes twice", what, key.at);
    }
    return true;
}

static bool need_text(const struct json *object, const char *key, const char *what, struct str *out,
                      struct err *e)
{
    const struct json *j = json_get(object, key);
    if (j == NULL)
        return FAIL(e, ERR_INPUT, "%s: \"%s\" is missing", what, key);
    if (!json_str(j, out) || out->n == 0)
        return FAIL(e, ERR_INPUT, "%s: \"%s\" must be text, and not empty", what, key);
    return true;
}

static bool need_count(const struct json *object, const char *key, int64_t most, const char *what,
                       int64_t *out, struct err *e)
{
    const struct json *j = json_get(object, key);
    int64_t v;
    if (j == NULL)
        return FAIL(e, ERR_INPUT, "%s: \"%s\" is missing", what, key);
    if (!json_i64(j, &v) || v < 1 || v > most)
        return FAIL(e, ERR_INPUT, "%s: \"%s\" must be a whole number from 1 to %lld", what, key,
                    (long long)most);
    *out = v;
    return true;
}

static bool need_real(const struct json *object, const char *key, double least, double most,
                      const char *what, double *out, struct err *e)
{
    const struct json *j = json_get(object, key);
    double v;
    if (j == NULL)
        return FAIL(e, ERR_INPUT, "%s: \"%s\" is missing", what, key);
    if (!json_f64(j, &v) || !(v >= least && v <= most))
        return FAIL(e, ERR_INPUT, "%s: \"%s\" must be a number from %g to %g", what, key, least,
                    most);
    *out = v;
    return true;
}

bool definition_version(const struct json *doc, const char *what, struct str *out,
                        struct arena *keep, struct err *e)
{
    int64_t number;
    if (!json_i64(json_get(doc, "version"), &number))
        return need_text(doc, "version", what, out, e);
    *out = arena_fmt(keep, "%lld", (long long)number);
    return true;
}

static bool read_mode(const struct json *doc, const char *what, bool *thinking, struct err *e)
{
    struct str mode = {0};
    TRY(need_text(doc, "mode", what, &mode, e));
    if (!str_eq(mode, STR("thinking")) && !str_eq(mode, STR("chat")))
        return FAIL(e, ERR_INPUT, "%s: \"mode\" must be \"thinking\" or \"chat\", not \"%.40s\"",
                    what, mode.at);
    *thinking = str_eq(mode, STR("thinking"));
    return true;
}

/* Off unless asked for: a verdict that a model gave is another kind of number. */
static bool read_judge(const struct json *doc, const char *what, bool *has_judge, struct err *e)
{
    struct str judge = STR("none");
    if (json_get(doc, "judge") != NULL)
        TRY(need_text(doc, "judge", what, &judge, e));
    if (!str_eq(judge, STR("none")) && !str_eq(judge, STR("model")))
        return FAIL(e, ERR_INPUT, "%s: \"judge\" must be \"none\" or \"model\", not \"%.40s\"",
                    what, judge.at);
    *has_judge = str_eq(judge, STR("model"));
    return true;
}

static bool check_object(const struct json *doc, const char *key, const char *what, struct err *e)
{
    enum json_kind kind = json_kind(json_get(doc, key));
    if (kind != JSON_OBJECT && kind != JSON_ABSENT)
        return FAIL(e, ERR_INPUT, "%s: \"%s\" must be an object", what, key);
    return true;
}

static bool read_sampling(const struct json *doc, const char *what, struct suite *s, struct err *e)
{
    static const char *const known[] = {"temperature", "top_p", "max_tokens", NULL};
    const struct json *sampling = json_get(doc, "sampling");
    if (json_kind(sampling) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: \"sampling\" must be an object", what);
    TRY(definition_known_keys(sampling, known, what, e));
    TRY(need_real(sampling, "temperature", 0, 100, what, &s->temperature, e));
    TRY(need_real(sampling, "top_p", 0, 1, what, &s->top_p, e));
    return need_count(sampling, "max_tokens", OUT_MAX, what, &s->n_out_max, e);
}

/* {"field": {"value": "shown", ...}, ...} */
static bool check_labels(const struct json *labels, const char *what, struct err *e)
{
    struct str shown = {0};
    if (labels != NULL && json_kind(labels) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: \"labels\" must be an object", what);
    for (const struct json *m = json_first(labels); m != NULL; m = json_next(m)) {
        if (json_kind(m) != JSON_OBJECT)
            return FAIL(e, ERR_INPUT, "%s: \"labels\": \"%.60s\" must be an object", what,
                        json_key(m).at);
        for (const struct json *v = json_first(m); v != NULL; v = json_next(v))
            if (!json_str(v, &shown))
                return FAIL(e, ERR_INPUT, "%s: \"labels\": \"%.60s\" must hold text", what,
                            json_key(m).at);
    }
    return true;
}

static bool check_fields(const struct json *fields, const char *what, struct err *e)
{
    struct str field;
    if (json_kind(fields) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: \"fields\" must be an object", what);
    for (const struct json *m = json_first(fields); m != NULL; m = json_next(m))
        if (!json_str(m, &field) || field.n == 0)
            return FAIL(e, ERR_INPUT, "%s: \"fields\": \"%.60s\" must name a field of the items",
                        what, json_key(m).at);
    return true;
}

static bool is_hex_hash(struct str s)
{
    for (int64_t i = 0; i < s.n; i++)
        if (!((s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f')))
            return false;
    return s.n == 64;
}

static bool read_texts(const struct json *doc, const char *what, struct definition *d,
                       struct suite *s, struct err *e)
{
    TRY(need_text(doc, "name", what, &s->name, e));
    TRY(need_text(doc, "source", what, &s->source, e));
    TRY(need_text(doc, "grader", what, &s->grader, e));
    TRY(need_text(doc, "prompt", what, &d->prompt, e));
    TRY(need_text(doc, "data", what, &d->data, e));
    TRY(need_text(doc, "sha256", what, &d->sha256, e));
    if (!is_hex_hash(d->sha256))
        return FAIL(e, ERR_INPUT, "%s: \"sha256\" must be 64 lower-case hex digits", what);
    return true;
}

bool definition_read(const struct json *doc, const char *what, struct definition *d,
                     struct suite *s, struct arena *keep, struct err *e)
{
    static const char *const known[] = {"name",   "version",    "data", "sha256",   "source",
                                        "prompt", "labels",     "mode", "grader",   "fields",
                                        "limits", "samples",    "note", "sampling", "policies",
                                        "judge",  "extraction", NULL};
    if (json_kind(doc) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: a suite definition must be a JSON object", what);
    TRY(definition_known_keys(doc, known, what, e));
    *d = (struct definition){.labels = json_get(doc, "labels"), .fields = json_get(doc, "fields")};
    TRY(read_texts(doc, what, d, s, e));
    TRY(definition_version(doc, what, &s->version, keep, e));
    TRY(read_mode(doc, what, &s->thinking, e));
    TRY(read_judge(doc, what, &s->has_judge, e));
    TRY(need_count(doc, "samples", SAMPLES_MAX, what, &s->n_samples, e));
    TRY(read_sampling(doc, what, s, e));
    TRY(check_labels(d->labels, what, e));
    TRY(check_fields(d->fields, what, e));
    TRY(check_object(doc, "limits", what, e));
    TRY(check_object(doc, "policies", what, e));
    (void)json_str(json_get(d->fields, "answer"), &d->secret);
    return true;
}
