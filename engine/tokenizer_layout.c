#include "engine/tokenizer_layout.h"

#include <stdio.h>

bool layout_only(const struct json *object, const char *name, const char *const *known,
                 struct err *e)
{
    if (json_kind(object) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: not an object", name);
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
        struct str key = json_key(m);
        int64_t i = 0;
        while (known[i] != NULL && !str_eq(key, str_of(known[i])))
            i++;
        if (known[i] == NULL)
            return FAIL(e, ERR_UNSUPPORTED, "%s: field \"%.*s\" is not known here", name,
                        STR_ARG(str_sub(key, 0, 40)));
        if (json_get(object, known[i]) != m)
            return FAIL(e, ERR_INPUT, "%s: field \"%s\" comes twice", name, known[i]);
    }
    return true;
}

bool layout_bool(const struct json *object, const char *name, const char *key, bool *out,
                 struct err *e)
{
    if (!json_bool(json_get(object, key), out))
        return FAIL(e, ERR_INPUT, "%s.%s: not true or false", name, key);
    return true;
}

static bool is(const struct json *object, const char *name, const char *key, bool want,
               struct err *e)
{
    bool has;
    TRY(layout_bool(object, name, key, &has, e));
    if (has != want)
        return FAIL(e, ERR_UNSUPPORTED, "%s.%s: %s is not supported", name, key,
                    has ? "true" : "false");
    return true;
}

static bool is_text(const struct json *object, const char *name, const char *key, const char *want,
                    struct err *e)
{
    struct str has;
    if (!json_str(json_get(object, key), &has))
        return FAIL(e, ERR_INPUT, "%s.%s: not a string", name, key);
    if (!str_eq(has, str_of(want)))
        return FAIL(e, ERR_UNSUPPORTED, "%s.%s: \"%.*s\" is not supported, only \"%s\"", name, key,
                    STR_ARG(str_sub(has, 0, 40)), want);
    return true;
}

/* Absent or null: switched off. */
static bool is_off(const struct json *object, const char *name, const char *key, struct err *e)
{
    enum json_kind k = json_kind(json_get(object, key));
    if (k != JSON_ABSENT && k != JSON_NULL)
        return FAIL(e, ERR_UNSUPPORTED, "%s.%s: only null is supported", name, key);
    return true;
}

/* null, absent, or a Sequence of none. */
static bool check_normalizer(const struct json *file, struct err *e)
{
    static const char *const known[] = {"type", "normalizers", NULL};
    const struct json *n = json_get(file, "normalizer");
    if (n == NULL || json_kind(n) == JSON_NULL)
        return true;
    TRY(layout_only(n, "normalizer", known, e));
    TRY(is_text(n, "normalizer", "type", "Sequence", e));
    const struct json *list = json_get(n, "normalizers");
    if (json_kind(list) != JSON_ARRAY)
        return FAIL(e, ERR_INPUT, "normalizer.normalizers: not an array");
    if (json_count(list) > 0)
        return FAIL(e, ERR_UNSUPPORTED, "normalizer.normalizers: only an empty one is supported");
    return true;
}

static bool check_split(const struct json *s, const char *name, struct str *regex, struct err *e)
{
    static const char *const known[] = {"type", "pattern", "behavior", "invert", NULL};
    static const char *const known_pattern[] = {"Regex", NULL};
    char pattern[80];
    (void)snprintf(pattern, sizeof pattern, "%s.pattern", name);
    TRY(layout_only(s, name, known, e));
    TRY(is_text(s, name, "type", "Split", e));
    TRY(is_text(s, name, "behavior", "Isolated", e));
    TRY(is(s, name, "invert", false, e));
    TRY(layout_only(json_get(s, "pattern"), pattern, known_pattern, e));
    if (!json_str(json_get(json_get(s, "pattern"), "Regex"), regex))
        return FAIL(e, ERR_INPUT, "%s.Regex: not a string", pattern);
    return true;
}

static const char *const known_byte_level[] = {"type", "add_prefix_space", "trim_offsets",
                                               "use_regex", NULL};

static bool check_pre_tokenizer(const struct json *file, struct layout *out, struct err *e)
{
    static const char *const known[] = {"type", "pretokenizers", NULL};
    const struct json *p = json_get(file, "pre_tokenizer");
    char name[64];
    TRY(layout_only(p, "pre_tokenizer", known, e));
    TRY(is_text(p, "pre_tokenizer", "type", "Sequence", e));
    const struct json *list = json_get(p, "pretokenizers");
    if (json_kind(list) != JSON_ARRAY || json_count(list) != LAYOUT_SPLITS + 1)
        return FAIL(e, ERR_UNSUPPORTED,
                    "pre_tokenizer.pretokenizers: only %d Split and a ByteLevel are supported",
                    LAYOUT_SPLITS);
    const struct json *step = json_first(list);
    for (int i = 0; i < LAYOUT_SPLITS; i++, step = json_next(step)) {
        (void)snprintf(name, sizeof name, "pre_tokenizer.pretokenizers[%d]", i);
        TRY(check_split(step, name, &out->split[i], e));
    }
    (void)snprintf(name, sizeof name, "pre_tokenizer.pretokenizers[%d]", LAYOUT_SPLITS);
    TRY(layout_only(step, name, known_byte_level, e));
    TRY(is_text(step, name, "type", "ByteLevel", e));
    TRY(is(step, name, "add_prefix_space", false, e));
    return is(step, name, "use_regex", false, e);
}

/* ByteLevel only trims offsets here; any other post-processor would add tokens. */
static bool check_post_processor(const struct json *file, struct err *e)
{
    const struct json *p = json_get(file, "post_processor");
    if (p == NULL || json_kind(p) == JSON_NULL)
        return true;
    TRY(layout_only(p, "post_processor", known_byte_level, e));
    return is_text(p, "post_processor", "type", "ByteLevel", e);
}

static bool check_decoder(const struct json *file, struct err *e)
{
    const struct json *d = json_get(file, "decoder");
    TRY(layout_only(d, "decoder", known_byte_level, e));
    return is_text(d, "decoder", "type", "ByteLevel", e);
}

static bool is_off_or_false(const struct json *model, const char *key, struct err *e)
{
    bool has;
    if (json_kind(json_get(model, key)) == JSON_BOOL && json_bool(json_get(model, key), &has))
        return is(model, "model", key, false, e);
    return is_off(model, "model", key, e);
}

static bool check_model(const struct json *file, struct layout *out, struct err *e)
{
    static const char *const known[] = {"type",
                                        "dropout",
                                        "unk_token",
                                        "continuing_subword_prefix",
                                        "end_of_word_suffix",
                                        "fuse_unk",
                                        "byte_fallback",
                                        "ignore_merges",
                                        "vocab",
                                        "merges",
                                        NULL};
    const struct json *m = json_get(file, "model");
    TRY(layout_only(m, "model", known, e));
    TRY(is_text(m, "model", "type", "BPE", e));
    TRY(is_off(m, "model", "dropout", e));
    TRY(is_off(m, "model", "unk_token", e));
    TRY(is_off(m, "model", "continuing_subword_prefix", e));
    TRY(is_off(m, "model", "end_of_word_suffix", e));
    TRY(is_off_or_false(m, "fuse_unk", e));
    TRY(is_off_or_false(m, "byte_fallback", e));
    TRY(is_off_or_false(m, "ignore_merges", e));
    out->vocab = json_get(m, "vocab");
    out->merges = json_get(m, "merges");
    if (json_kind(out->vocab) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "model.vocab: not an object");
    if (json_kind(out->merges) != JSON_ARRAY)
        return FAIL(e, ERR_INPUT, "model.merges: not an array");
    return true;
}

bool layout_check(const struct json *file, struct layout *out, struct err *e)
{
    static const char *const known[] = {
        "version",       "truncation",     "padding", "added_tokens", "normalizer",
        "pre_tokenizer", "post_processor", "decoder", "model",        NULL};
    TRY(layout_only(file, "the file", known, e));
    TRY(is_text(file, "the file", "version", "1.0", e));
    TRY(is_off(file, "the file", "truncation", e));
    TRY(is_off(file, "the file", "padding", e));
    TRY(check_normalizer(file, e));
    TRY(check_pre_tokenizer(file, out, e));
    TRY(check_post_processor(file, e));
    TRY(check_decoder(file, e));
    TRY(check_model(file, out, e));
    out->added = json_get(file, "added_tokens");
    if (out->added != NULL && json_kind(out->added) != JSON_ARRAY)
        return FAIL(e, ERR_INPUT, "added_tokens: not an array");
    return true;
}
