#include "base/json.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"

static const cJSON *node(const struct json *j)
{
    return (const cJSON *)(const void *)j;
}

static const struct json *view(const cJSON *c)
{
    return (const struct json *)(const void *)c;
}

static int64_t skip_space(struct str s, int64_t i)
{
    while (i < s.n && (s.at[i] == ' ' || s.at[i] == '\t' || s.at[i] == '\n' || s.at[i] == '\r'))
        i++;
    return i;
}

/* Fails naming the place: a byte, and the line too when there are several. */
static bool fail_at(struct str text, int64_t at, const char *what, const char *why, struct err *e)
{
    int64_t line = 1;
    for (int64_t i = 0; i < at && i < text.n; i++)
        line += text.at[i] == '\n';
    if (memchr(text.at, '\n', (size_t)text.n) == NULL)
        return FAIL(e, ERR_INPUT, "%s: %s at byte %lld", what, why, (long long)at);
    return FAIL(e, ERR_INPUT, "%s: %s at byte %lld, line %lld", what, why, (long long)at,
                (long long)line);
}

bool json_parse(struct str text, const char *what, struct json **out, struct err *e)
{
    const char *end = NULL;
    if (text.n == 0)
        return FAIL(e, ERR_INPUT, "%s: empty where JSON was expected", what);
    cJSON *c = cJSON_ParseWithLengthOpts(text.at, (size_t)text.n, &end, 0);
    int64_t at = end == NULL ? 0 : end - text.at;
    if (c == NULL)
        return fail_at(text, at, what, "not valid JSON", e);
    at = skip_space(text, at);
    if (at < text.n) {
        cJSON_Delete(c);
        return fail_at(text, at, what, "text after the JSON value", e);
    }
    *out = (struct json *)(void *)c;
    return true;
}

void json_free(struct json *j)
{
    cJSON_Delete((cJSON *)(void *)j);
}

enum json_kind json_kind(const struct json *j)
{
    if (j == NULL)
        return JSON_ABSENT;
    switch (node(j)->type & 0xFF) {
    case cJSON_False:
    case cJSON_True:
        return JSON_BOOL;
    case cJSON_Number:
        return JSON_NUMBER;
    case cJSON_String:
        return JSON_STRING;
    case cJSON_Array:
        return JSON_ARRAY;
    case cJSON_Object:
        return JSON_OBJECT;
    default:
        return JSON_NULL;
    }
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (json_kind(object) != JSON_OBJECT)
        return NULL;
    return view(cJSON_GetObjectItemCaseSensitive(node(object), key));
}

const struct json *json_first(const struct json *container)
{
    enum json_kind k = json_kind(container);
    return k == JSON_ARRAY || k == JSON_OBJECT ? view(node(container)->child) : NULL;
}

const struct json *json_next(const struct json *member)
{
    return member == NULL ? NULL : view(node(member)->next);
}

struct str json_key(const struct json *member)
{
    return member == NULL ? (struct str){0} : str_of(node(member)->string);
}

int64_t json_count(const struct json *container)
{
    int64_t n = 0;
    for (const struct json *m = json_first(container); m != NULL; m = json_next(m))
        n++;
    return n;
}

bool json_str(const struct json *j, struct str *out)
{
    if (json_kind(j) != JSON_STRING)
        return false;
    *out = str_of(node(j)->valuestring);
    return true;
}

bool json_f64(const struct json *j, double *out)
{
    if (json_kind(j) != JSON_NUMBER)
        return false;
    *out = node(j)->valuedouble;
    return true;
}

bool json_i64(const struct json *j, int64_t *out)
{
    double v;
    if (!json_f64(j, &v) || v != floor(v) || fabs(v) > 0x1p53)
        return false;
    *out = (int64_t)v;
    return true;
}

bool json_bool(const struct json *j, bool *out)
{
    if (json_kind(j) != JSON_BOOL)
        return false;
    *out = (node(j)->type & 0xFF) == cJSON_True;
    return true;
}

void json_print(const struct json *j, struct buf *out)
{
    char *text = cJSON_PrintUnformatted(node(j));
    assert(text != NULL);
    buf_put(out, str_of(text));
    cJSON_free(text);
}

void json_out_free(struct json_out *w)
{
    buf_free(&w->text);
    *w = (struct json_out){0};
}

static void before_value(struct json_out *w)
{
    if (w->after_key)
        w->after_key = false;
    else if (w->has_item[w->depth])
        buf_put(&w->text, STR(", "));
    w->has_item[w->depth] = true;
}

void json_open(struct json_out *w, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    assert(w->depth + 1 < JSON_OUT_DEPTH);
    before_value(w);
    buf_byte(&w->text, bracket);
    w->has_item[++w->depth] = false;
}

void json_close(struct json_out *w, char bracket)
{
    assert(bracket == '}' || bracket == ']');
    assert(w->depth > 0);
    w->depth--;
    buf_byte(&w->text, bracket);
}

void json_quote(struct buf *out, struct str s)
{
    static const char short_form[] = "\b\t\n\f\r";
    static const char short_name[] = "btnfr";
    struct buf clean = {0};
    if (utf8_first_bad(s) >= 0) {
        utf8_replace_bad(&clean, s);
        s = buf_str(&clean);
    }
    buf_byte(out, '"');
    for (int64_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.at[i];
        const char *hit = c == 0 ? NULL : strchr(short_form, c);
        if (c == '"' || c == '\\')
            buf_fmt(out, "\\%c", c);
        else if (hit != NULL)
            buf_fmt(out, "\\%c", short_name[hit - short_form]);
        else if (c < 0x20)
            buf_fmt(out, "\\u%04x", c);
        else
            buf_byte(out, (char)c);
    }
    buf_byte(out, '"');
    buf_free(&clean);
}

void json_put_key(struct json_out *w, const char *key)
{
    before_value(w);
    json_quote(&w->text, str_of(key));
    buf_put(&w->text, STR(": "));
    w->after_key = true;
}

void json_put_str(struct json_out *w, struct str s)
{
    before_value(w);
    json_quote(&w->text, s);
}

void json_put_i64(struct json_out *w, int64_t v)
{
    before_value(w);
    buf_fmt(&w->text, "%lld", (long long)v);
}

void json_put_f64(struct json_out *w, double v)
{
    char text[40];
    before_value(w);
    if (!isfinite(v)) {
        buf_put(&w->text, STR("null"));
        return;
    }
    for (int digits = 1; digits <= 17; digits++) {
        double back = 0;
        (void)snprintf(text, sizeof text, "%.*g", digits, v);
        if (str_f64(str_of(text), &back) && back == v)
            break;
    }
    buf_put(&w->text, str_of(text));
}

void json_put_bool(struct json_out *w, bool v)
{
    before_value(w);
    buf_put(&w->text, v ? STR("true") : STR("false"));
}

void json_put_null(struct json_out *w)
{
    before_value(w);
    buf_put(&w->text, STR("null"));
}

void json_put_raw(struct json_out *w, struct str json)
{
    before_value(w);
    buf_put(&w->text, json);
}

void json_pair_str(struct json_out *w, const char *key, struct str s)
{
    json_put_key(w, key);
    json_put_str(w, s);
}

void json_pair_i64(struct json_out *w, const char *key, int64_t v)
{
    json_put_key(w, key);
    json_put_i64(w, v);
}

void json_pair_f64(struct json_out *w, const char *key, double v)
{
    json_put_key(w, key);
    json_put_f64(w, v);
}

void json_pair_bool(struct json_out *w, const char *key, bool v)
{
    json_put_key(w, key);
    json_put_bool(w, v);
}
