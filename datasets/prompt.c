#include "datasets/prompt.h"

#include <assert.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_byte(char c)
{
    return is_letter(c) || c == '_' || (c >= '0' && c <= '9');
}

/* Length of "{name}" at i, 0 when that is not what stands there. */
static int64_t slot_length(struct str s, int64_t i)
{
    int64_t j = i + 1;
    if (i >= s.n || s.at[i] != '{' || j >= s.n || !(is_letter(s.at[j]) || s.at[j] == '_'))
        return 0;
    while (j < s.n && is_name_byte(s.at[j]))
        j++;
    return j < s.n && s.at[j] == '}' ? j + 1 - i : 0;
}

/* Whether a TeX command ("\boxed") ends right before i. */
static bool follows_command(struct str s, int64_t i)
{
    int64_t j = i;
    while (j > 0 && is_letter(s.at[j - 1]))
        j--;
    return j > 0 && j < i && s.at[j - 1] == '\\';
}

static bool fail_unknown(struct str name, const struct json *item, struct err *e)
{
    struct str nearest = {0};
    int64_t least = INT64_MAX;
    for (const struct json *m = json_first(item); m != NULL; m = json_next(m)) {
        int64_t d = str_distance(name, json_key(m));
        if (d < least) {
            least = d;
            nearest = json_key(m);
        }
    }
    return FAIL(e, ERR_INPUT,
                "the prompt wants field \"%.*s\", which is missing; nearest: \"%.*s\"",
                STR_ARG(name), STR_ARG(nearest));
}

static bool put_field(struct str name, const struct json *item, const struct json *labels,
                      struct buf *out, struct err *e)
{
    const struct json *field = json_get(item, name.at);
    struct str value;
    if (field == NULL)
        return fail_unknown(name, item, e);
    if (!json_str(field, &value))
        return FAIL(e, ERR_INPUT, "field \"%.*s\" must be a string to stand in the prompt",
                    STR_ARG(name));
    const struct json *shown = json_get(labels, name.at);
    if (shown != NULL && !json_str(json_get(shown, value.at), &value))
        return FAIL(e, ERR_INPUT, "field \"%.*s\" holds \"%.60s\", which \"labels\" do not name",
                    STR_ARG(name), value.at);
    buf_put(out, value);
    return true;
}

static bool render(struct str wording, const struct json *item, const struct json *labels,
                   struct str secret, struct arena *tmp, struct buf *out, struct err *e)
{
    for (int64_t i = 0; i < wording.n;) {
        bool is_doubled = wording.at[i] == '{' && i + 1 < wording.n && wording.at[i + 1] == '{';
        int64_t literal = is_doubled ? slot_length(wording, i + 1) : 0;
        int64_t n = slot_length(wording, i);
        if (literal > 0 && i + 1 + literal < wording.n && wording.at[i + 1 + literal] == '}') {
            buf_put(out, str_sub(wording, i + 1, i + 1 + literal));
            i += literal + 2;
        } else if (n > 0 && !follows_command(wording, i)) {
            struct str name = arena_str(tmp, str_sub(wording, i + 1, i + n - 1));
            if (secret.n > 0 && str_eq(name, secret))
                return FAIL(e, ERR_INPUT, "the prompt would show the answer: {%.*s}",
                            STR_ARG(name));
            TRY(put_field(name, item, labels, out, e));
            i += n;
        } else {
            buf_byte(out, wording.at[i++]);
        }
    }
    return true;
}

bool prompt_render(struct str wording, const struct json *item, const struct json *labels,
                   struct str secret, struct str *out, struct arena *keep, struct err *e)
{
    assert(json_kind(item) == JSON_OBJECT);
    CLEANUP(buf_free) struct buf text = {0};
    TRY(render(wording, item, labels, secret, keep, &text, e));
    *out = arena_str(keep, buf_str(&text));
    return true;
}
