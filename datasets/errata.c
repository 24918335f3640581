#include "datasets/errata.h"

#include <stdlib.h>

#include "base/limits.h"
#include "datasets/definition.h"

static const char MEMBER[] = "erratum"; /* of a mended item */

static int by_id(const void *a, const void *b)
{
    const struct erratum *x = a;
    const struct erratum *y = b;
    return str_cmp(x->id, y->id);
}

static bool read_one(const struct json *m, struct erratum *out, struct err *e)
{
    static const char *const known[] = {"answer", "void", "reason", NULL};
    bool is_void = false;
    *out = (struct erratum){.id = json_key(m), .answer = json_get(m, "answer")};
    if (json_kind(m) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "an erratum must be an object");
    TRY(definition_known_keys(m, known, "erratum", e));
    if (!json_str(json_get(m, "reason"), &out->reason) || str_trim(out->reason).n == 0)
        return FAIL(e, ERR_INPUT, "\"reason\" must be given, as text");
    if (json_get(m, "void") != NULL && (!json_bool(json_get(m, "void"), &is_void) || !is_void))
        return FAIL(e, ERR_INPUT, "\"void\" can only be true");
    if (is_void == (out->answer != NULL))
        return FAIL(e, ERR_INPUT, "either \"answer\" or \"void\": true must be given");
    return true;
}

static bool read_all(const struct json *items, const char *what, struct errata *out,
                     struct arena *keep, struct err *e)
{
    int64_t n = json_count(items);
    if (json_kind(items) != JSON_OBJECT || n == 0)
        return FAIL(e, ERR_INPUT, "%s: \"items\" must be an object, and not empty", what);
    if (n > LIMIT_ERRATA)
        return FAIL(e, ERR_LIMIT, "%s: more than %d errata", what, LIMIT_ERRATA);
    out->at = NEW(keep, struct erratum, n);
    for (const struct json *m = json_first(items); m != NULL; m = json_next(m))
        if (!read_one(m, &out->at[out->n++], e))
            return err_wrap(e, "%s: item \"%.60s\"", what, json_key(m).at);
    qsort(out->at, (size_t)n, sizeof *out->at, by_id);
    for (int64_t i = 1; i < n; i++)
        if (by_id(&out->at[i - 1], &out->at[i]) == 0)
            return FAIL(e, ERR_INPUT, "%s: item \"%.60s\" comes twice", what, out->at[i].id.at);
    return true;
}

bool errata_read(const struct json *doc, const char *what, struct errata *out, struct arena *keep,
                 struct err *e)
{
    static const char *const known[] = {"version", "items", "note", NULL};
    struct errata x = {0};
    if (json_kind(doc) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: errata must be a JSON object", what);
    TRY(definition_known_keys(doc, known, what, e));
    TRY(definition_version(doc, what, &x.version, keep, e));
    TRY(read_all(json_get(doc, "items"), what, &x, keep, e));
    *out = x;
    return true;
}

struct erratum *errata_find(const struct errata *x, struct str id)
{
    struct erratum want = {.id = id};
    return x->n == 0 ? NULL : bsearch(&want, x->at, (size_t)x->n, sizeof *x->at, by_id);
}

static struct str printed(const struct json *j, struct arena *keep)
{
    CLEANUP(buf_free) struct buf text = {0};
    json_print(j, &text);
    return arena_str(keep, buf_str(&text));
}

static void put_member(struct json_out *w, const struct json *m, struct arena *keep)
{
    json_put_key(w, json_key(m).at);
    json_put_raw(w, printed(m, keep));
}

static void put_change(struct json_out *w, const struct erratum *x)
{
    json_put_key(w, MEMBER);
    json_open(w, '{');
    json_put_key(w, "was");
    json_put_raw(w, x->was);
    json_pair_str(w, "reason", x->reason);
    json_close(w, '}');
}

static bool check_mend(const struct erratum *x, const struct json *item, struct str field,
                       struct arena *keep, struct err *e)
{
    struct str text;
    int64_t whole;
    if (field.n == 0)
        return FAIL(e, ERR_INPUT, "the definition's \"fields\" name no \"answer\" to replace");
    if (!json_str(x->answer, &text) && !json_i64(x->answer, &whole))
        return FAIL(e, ERR_INPUT, "\"answer\" must be text or a whole number");
    if (str_eq(x->was, printed(x->answer, keep)))
        return FAIL(e, ERR_INPUT, "the answer is %.60s already", x->was.at);
    if (json_get(item, MEMBER) != NULL)
        return FAIL(e, ERR_INPUT, "the item has a field \"%s\" of its own", MEMBER);
    return true;
}

bool errata_mend(struct erratum *x, const struct json *item, struct str field, struct str *out,
                 struct arena *keep, struct err *e)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    x->was = field.n == 0 ? STR("") : printed(json_get(item, field.at), keep);
    TRY(check_mend(x, item, field, keep, e));
    json_open(&w, '{');
    for (const struct json *m = json_first(item); m != NULL; m = json_next(m)) {
        if (!str_eq(json_key(m), field)) {
            put_member(&w, m, keep);
            continue;
        }
        json_put_key(&w, field.at);
        json_put_raw(&w, printed(x->answer, keep));
    }
    put_change(&w, x);
    json_close(&w, '}');
    *out = arena_str(keep, buf_str(&w.text));
    return true;
}
