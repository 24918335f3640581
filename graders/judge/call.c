#include "graders/judge/call.h"

#include <assert.h>
#include <math.h>

#include "graders/judge/call_data.h"
#include "graders/judge/call_driver.h"

enum { NAME_BYTES = 64, WORD_BYTES = 32, SHOWN_BYTES = 200 };
#define CHANNEL_BYTES (8 * LIMIT_MIB) /* some fifty times that when read as data */

/* --- reading the item ----------------------------------------------------------------------- */

static bool is_identifier(struct str s)
{
    for (int64_t i = 0; i < s.n; i++) {
        char c = s.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && !(i > 0 && c >= '0' && c <= '9'))
            return false;
    }
    return s.n > 0 && s.n <= NAME_BYTES;
}

static bool read_name(const struct json *call, const char *key, bool is_needed, struct str *out,
                      struct err *e)
{
    const struct json *j = json_get(call, key);
    *out = (struct str){0};
    if (j == NULL && !is_needed)
        return true;
    if (!json_str(j, out) || !is_identifier(*out))
        return FAIL(e, ERR_INPUT, "call.%s is not the name of a function or class", key);
    return true;
}

static bool type_from_name(struct str name, struct call_type *out)
{
    static const char *const bases[] = {
        [CALL_INT] = "int",   [CALL_LONG] = "long",     [CALL_DOUBLE] = "double",
        [CALL_BOOL] = "bool", [CALL_STRING] = "string", [CALL_CHAR] = "char"};
    *out = (struct call_type){0};
    for (; str_ends(name, STR("[]")); name.n -= 2)
        if (++out->n_dims > CALL_DIMS_MAX)
            return false;
    for (int i = CALL_INT; i <= CALL_CHAR; i++)
        if (str_eq(name, str_of(bases[i])))
            out->base = (enum call_base)i;
    return out->base != CALL_ANY;
}

static bool read_types(const struct json *call, struct call *c, struct err *e)
{
    static const char types[] = "int, long, double, bool, string, char, and [] of them";
    const struct json *params = json_get(call, "params");
    const struct json *returns = json_get(call, "returns");
    struct str name = {0};
    if (returns != NULL && (!json_str(returns, &name) || !type_from_name(name, &c->returns)))
        return FAIL(e, ERR_INPUT, "call.returns is not one of %s", types);
    if (params == NULL)
        return true;
    if (json_kind(params) != JSON_ARRAY || json_count(params) > CALL_PARAMS_MAX)
        return FAIL(e, ERR_INPUT, "call.params is not an array of at most %d types",
                    CALL_PARAMS_MAX);
    c->has_params = true;
    for (const struct json *j = json_first(params); j != NULL; j = json_next(j))
        if (!json_str(j, &name) || !type_from_name(name, &c->params[c->n_params++]))
            return FAIL(e, ERR_INPUT, "call.params[%lld] is not one of %s",
                        (long long)c->n_params - 1, types);
    return true;
}

static bool read_off(const struct json *compare, const char *key, bool *has, double *out,
                     struct err *e)
{
    const struct json *j = json_get(compare, key);
    if (j == NULL)
        return true;
    if (!json_f64(j, out) || !isfinite(*out) || *out < 0)
        return FAIL(e, ERR_INPUT, "compare.%s is not a number of 0 or more", key);
    *has = true;
    return true;
}

static bool read_compare(const struct json *compare, struct call *c, struct err *e)
{
    static const char *const known[] = {"float_abs", "float_rel", "unordered"};
    double abs = 0;
    double rel = 0;
    if (compare != NULL && json_kind(compare) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "\"compare\" of a call is not an object");
    for (const struct json *j = json_first(compare); j != NULL; j = json_next(j)) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known = is_known || str_eq(json_key(j), str_of(known[i]));
        if (!is_known)
            return FAIL(e, ERR_INPUT, "compare.%.*s is unknown: float_abs, float_rel, unordered",
                        STR_ARG(str_sub(json_key(j), 0, NAME_BYTES)));
    }
    TRY(read_off(compare, "float_abs", &c->has_tolerance, &abs, e));
    TRY(read_off(compare, "float_rel", &c->has_tolerance, &rel, e));
    c->tolerance = tolerance_of(abs, rel);
    const struct json *unordered = json_get(compare, "unordered");
    if (unordered != NULL && !json_bool(unordered, &c->is_unordered))
        return FAIL(e, ERR_INPUT, "compare.unordered is not true or false");
    return true;
}

bool call_read(const struct json *call, const struct json *compare, struct call *out, struct err *e)
{
    static const char *const known[] = {"class", "method", "params", "returns"};
    struct call c = {0};
    if (json_kind(call) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "\"call\" is not an object");
    for (const struct json *j = json_first(call); j != NULL; j = json_next(j)) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            is_known = is_known || str_eq(json_key(j), str_of(known[i]));
        if (!is_known)
            return FAIL(e, ERR_INPUT, "call.%.*s is unknown: class, method, params, returns",
                        STR_ARG(str_sub(json_key(j), 0, NAME_BYTES)));
    }
    TRY(read_name(call, "class", false, &c.class_name, e));
    TRY(read_name(call, "method", true, &c.method, e));
    TRY(read_types(call, &c, e));
    TRY(read_compare(compare, &c, e));
    *out = c;
    return true;
}

bool call_check_args(const struct call *c, struct str args, struct arena tmp, struct err *e)
{
    const struct pyval *v = NULL;
    struct arena left = tmp;
    TRY(data_read(args, &v, &left, e));
    if (v->kind != PY_LIST)
        return FAIL(e, ERR_INPUT, "\"args\" is not an array");
    if (!c->has_params)
        return true;
    if (v->n != c->n_params)
        return FAIL(e, ERR_INPUT, "%lld arguments where call.params has %lld", (long long)v->n,
                    (long long)c->n_params);
    const struct pyval *arg = v->first;
    for (int64_t i = 0; i < v->n; i++, arg = arg->next)
        if (!data_is_of(arg, c->params[i], true))
            return FAIL(e, ERR_INPUT, "args[%lld] is not of its type in call.params", (long long)i);
    return true;
}

bool call_check_result(const struct call *c, struct str result, struct arena tmp, struct err *e)
{
    const struct pyval *v = NULL;
    struct arena left = tmp;
    TRY(data_read(result, &v, &left, e));
    if (!data_is_of(v, c->returns, true))
        return FAIL(e, ERR_INPUT, "\"result\" is not of the type of call.returns");
    if (c->is_unordered && v->kind != PY_LIST)
        return FAIL(e, ERR_INPUT, "\"result\" is no array, and compare.unordered is set");
    return true;
}

/* --- running -------------------------------------------------------------------------------- */

bool call_can(enum language l)
{
    return driver_of(l) != DRIVER_NONE;
}

void call_compile_in(const struct call *c, enum language l, struct str source,
                     struct compile_in *in, struct arena *keep)
{
    in->language = l;
    driver_compile_in(driver_of(l), c->class_name, c->method, source, in, keep);
}

void call_prepare(const struct call *c, const struct program *p, struct str args, struct str word,
                  struct sandbox_job *job, struct arena *keep)
{
    enum driver d = driver_of(p->language);
    struct str class_name = c->class_name;
    if (class_name.n == 0 && d == DRIVER_JAVA)
        class_name = STR("Solution");
    assert(d != DRIVER_NONE);
    assert(word.n == WORD_BYTES);
    struct sandbox_file *files = NEW(keep, struct sandbox_file, p->n_files + 2);
    memcpy(files, p->files, (size_t)p->n_files * sizeof *files);
    files[p->n_files] = (struct sandbox_file){
        .name = STR("call.txt"),
        .bytes = arena_fmt(keep, "%.*s\n%.*s\n%.*s\n%.*s", STR_ARG(word), STR_ARG(class_name),
                           STR_ARG(c->method), STR_ARG(args))};
    job->files = files;
    job->n_files = p->n_files + 1;
    job->n_files += driver_file(d, &files[p->n_files + 1]);
    job->n_channel_max = CHANNEL_BYTES;
    driver_argv(d, p, job, keep);
}

/* --- judging -------------------------------------------------------------------------------- */

/* "WORD LENGTH\n", the bytes, "\nWORD\n", and nothing before or after: of two results or of half a
 * one nobody knows which was meant. */
static bool unframe(struct str channel, struct str word, struct str *out)
{
    struct str rest = channel;
    struct str head = {0};
    struct str tail = {0};
    int64_t n = 0;
    if (rest.n == 0 || !str_split(&rest, '\n', &head))
        return false;
    if (!str_starts(head, word) || !str_i64(str_sub(head, word.n + 1, head.n), &n) || n < 0 ||
        head.at[word.n] != ' ' || n > rest.n)
        return false;
    *out = str_sub(rest, 0, n);
    tail = str_sub(rest, n, rest.n);
    return tail.n == word.n + 2 && tail.at[0] == '\n' && str_ends(tail, STR("\n")) &&
           str_eq(str_sub(tail, 1, tail.n - 1), word);
}

bool call_compare(const struct call *c, struct str want, struct str got, bool *is_same,
                  struct call_said *said, struct arena *keep, struct arena tmp, struct err *e)
{
    const struct pyval *a = NULL;
    const struct pyval *b = NULL;
    struct err ignored = {0};
    struct arena left = tmp;
    TRY(data_read(want, &a, &left, e));
    *said = (struct call_said){.got = arena_str(keep, str_sub(got, 0, SHOWN_BYTES))};
    *is_same = false;
    if (!data_read(got, &b, &left, &ignored))
        said->note = STR("the result is not plain data");
    else if (!data_is_of(b, c->returns, false))
        said->note = STR("the result is not of the declared type");
    else if (!data_equal(a, b, c->has_tolerance ? &c->tolerance : NULL, c->is_unordered, left))
        said->note = STR("another result");
    else
        *is_same = true;
    return true;
}

bool call_judge(const struct call *c, struct str want, struct str word,
                const struct sandbox_result *r, enum outcome *out, struct call_said *said,
                struct arena *keep, struct arena tmp, struct err *e)
{
    struct str got = {0};
    bool is_same = false;
    *said = (struct call_said){0};
    *out = outcome_of_end(r);
    if (*out != OUTCOME_AC)
        return true;
    if (r->channel.n == 0) {
        *out = OUTCOME_RE;
        said->note = STR("ended without giving a result");
        return true;
    }
    *out = OUTCOME_WA;
    if (!unframe(r->channel, word, &got)) {
        said->note = STR("wrote something of its own to descriptor 3");
        return true;
    }
    TRY(call_compare(c, want, got, &is_same, said, keep, tmp, e));
    *out = is_same ? OUTCOME_AC : OUTCOME_WA;
    return true;
}
