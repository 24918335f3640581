#include "datasets/suite.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "datasets/definition.h"
#include "datasets/embedded.h"
#include "datasets/prompt.h"

/* The two files of a suite, wherever they came from. */
struct files {
    const char *path;      /* names the definition in messages */
    const char *data_path; /* names the data */
    const char *errata_path;
    struct str definition;
    struct str data;
    struct str errata; /* empty: there are none */
};

enum { FIELDS_MAX = 256 }; /* members of one item; bounds the search for doubled keys */

/* ------------------------------------------------------------------------- text of a file */

static bool check_text(struct str text, const char *what, struct err *e)
{
    int64_t bad = utf8_first_bad(text);
    const char *zero = text.n == 0 ? NULL : memchr(text.at, 0, (size_t)text.n);
    int64_t at = bad >= 0 ? bad : zero != NULL ? zero - text.at : -1;
    int64_t line = 1;
    int64_t line_start = 0;
    if (at < 0)
        return true;
    for (int64_t i = 0; i < at; i++) {
        if (text.at[i] == '\n') {
            line++;
            line_start = i + 1;
        }
    }
    return FAIL(e, ERR_INPUT, "%s: line %lld: %s at byte %lld of the line (byte %lld of the file)",
                what, (long long)line, bad >= 0 ? "invalid UTF-8" : "a NUL",
                (long long)(at - line_start), (long long)at);
}

/* A NUL written as the escape would cut the string short when read (base/json.h). */
static bool has_nul_escape(struct str s)
{
    for (int64_t i = str_find(s, STR("\\u0000"), 0); i >= 0;
         i = str_find(s, STR("\\u0000"), i + 1)) {
        int64_t n_slashes = 1;
        while (i - n_slashes >= 0 && s.at[i - n_slashes] == '\\')
            n_slashes++;
        if (n_slashes % 2 == 1)
            return true;
    }
    return false;
}

static bool check_hash(const struct definition *d, const struct files *f, struct suite *s,
                       struct err *e)
{
    struct hash h = hash_bytes(f->data);
    hash_hex(&h, s->sha256);
    if (!str_eq(d->sha256, str_of(s->sha256)))
        return FAIL(e, ERR_INPUT, "%s: sha256 is %s, but %s says %.64s", f->data_path, s->sha256,
                    f->path, d->sha256.at);
    struct str all[3] = {f->definition, f->data, f->errata};
    h = hash_fields(all, f->errata.n > 0 ? 3 : 2);
    hash_hex(&h, s->identity);
    return true;
}

/* ------------------------------------------------------------------------------- one item */

static bool check_members(const struct json *doc, const struct definition *d, struct err *e)
{
    struct str field = {0};
    if (json_kind(doc) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "an item must be a JSON object");
    if (json_count(doc) > FIELDS_MAX)
        return FAIL(e, ERR_INPUT, "more than %d fields", FIELDS_MAX);
    for (const struct json *m = json_first(doc); m != NULL; m = json_next(m))
        if (json_get(doc, json_key(m).at) != m)
            return FAIL(e, ERR_INPUT, "field \"%.60s\" comes twice", json_key(m).at);
    for (const struct json *m = json_first(d->fields); m != NULL; m = json_next(m)) {
        bool is_named = json_str(m, &field);
        assert(is_named); /* definition_read saw to it */
        if (json_get(doc, field.at) == NULL)
            return FAIL(e, ERR_INPUT, "field \"%.60s\" is missing", field.at);
    }
    return true;
}

static bool read_item(const struct json *doc, struct str line, const struct definition *d,
                      struct item *out, struct arena *keep, struct err *e)
{
    TRY(check_members(doc, d, e));
    *out = (struct item){.key = doc, .key_text = line};
    if (json_get(doc, "id") == NULL)
        return FAIL(e, ERR_INPUT, "field \"id\" is missing");
    if (!json_str(json_get(doc, "id"), &out->id) || out->id.n == 0)
        return FAIL(e, ERR_INPUT, "field \"id\" must be text, and not empty");
    if (json_get(doc, "kind") != NULL && !json_str(json_get(doc, "kind"), &out->kind))
        return FAIL(e, ERR_INPUT, "field \"kind\" must be text");
    return prompt_render(d->prompt, doc, d->labels, d->secret, &out->prompt, keep, e);
}

static bool read_line(struct str line, const struct definition *d, struct json **doc,
                      struct item *out, struct arena *keep, struct err *e)
{
    if (line.n == 0)
        return FAIL(e, ERR_INPUT, "empty line");
    if (has_nul_escape(line))
        return FAIL(e, ERR_INPUT, "text with \\u0000 is not supported");
    TRY(json_parse(line, "the item", doc, e));
    return read_item(*doc, line, d, out, keep, e);
}

/* ------------------------------------------------------------------------------ all items */

static int64_t count_lines(struct str s)
{
    int64_t n = s.n > 0 && s.at[s.n - 1] != '\n';
    for (int64_t i = 0; i < s.n; i++)
        n += s.at[i] == '\n';
    return n;
}

struct id_line {
    struct str id;
    int64_t line;
};

static int by_id(const void *a, const void *b)
{
    const struct id_line *x = a;
    const struct id_line *y = b;
    int c = str_cmp(x->id, y->id);
    return c != 0 ? c : (x->line > y->line) - (x->line < y->line);
}

static bool check_ids(const struct item *items, int64_t n, const char *what, struct arena tmp,
                      struct err *e)
{
    struct id_line *all = NEW(&tmp, struct id_line, n);
    for (int64_t i = 0; i < n; i++)
        all[i] = (struct id_line){items[i].id, i + 1};
    qsort(all, (size_t)n, sizeof *all, by_id);
    for (int64_t i = 1; i < n; i++)
        if (str_eq(all[i].id, all[i - 1].id))
            return FAIL(e, ERR_INPUT, "%s: line %lld: id \"%.60s\" was already used in line %lld",
                        what, (long long)all[i].line, all[i].id.at, (long long)all[i - 1].line);
    return true;
}

/* ---------------------------------------------------------------------------------- errata */

/* What is wrong with an answer is told where it is set right. */
static bool mend(struct erratum *x, struct item *item, const struct definition *d, struct suite *s,
                 struct arena *keep, struct err *e)
{
    struct json *doc = NULL;
    TRY(errata_mend(x, item->key, d->secret, &item->key_text, keep, e));
    TRY(json_parse(item->key_text, "the mended item", &doc, e));
    s->docs[s->n_docs++] = doc;
    item->key = doc;
    return true;
}

static bool apply_errata(const struct definition *d, const char *what, struct suite *s,
                         struct item *items, int64_t *n_found, struct arena *keep, struct err *e)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n_items; i++) {
        struct erratum *x = errata_find(&s->errata, items[i].id);
        *n_found += x != NULL;
        if (x != NULL && x->answer != NULL && !mend(x, &items[i], d, s, keep, e))
            return err_wrap(e, "%s: item \"%.60s\"", what, x->id.at);
        if (x == NULL || x->answer != NULL)
            items[n++] = items[i];
    }
    s->n_void = s->n_items - n;
    s->n_items = n;
    return n > 0 || FAIL(e, ERR_INPUT, "%s: no item is left", what);
}

static bool fail_unknown_item(const struct erratum *x, const char *what, const struct item *items,
                              int64_t n, struct err *e)
{
    const struct item *nearest = &items[0];
    for (int64_t i = 1; i < n; i++)
        if (str_distance(items[i].id, x->id) < str_distance(nearest->id, x->id))
            nearest = &items[i];
    return FAIL(e, ERR_INPUT, "%s: the suite has no item \"%.60s\"; nearest: \"%.60s\"", what,
                x->id.at, nearest->id.at);
}

static int item_by_id(const void *a, const void *b)
{
    const struct item *x = a;
    const struct item *y = b;
    return str_cmp(x->id, y->id);
}

static bool check_errata_ids(const struct errata *x, const char *what, const struct item *items,
                             int64_t n, struct arena tmp, struct err *e)
{
    struct item *sorted = NEW(&tmp, struct item, n);
    memcpy(sorted, items, (size_t)n * sizeof *items);
    qsort(sorted, (size_t)n, sizeof *sorted, item_by_id);
    for (int64_t i = 0; i < x->n; i++) {
        struct item want = {.id = x->at[i].id};
        if (bsearch(&want, sorted, (size_t)n, sizeof *sorted, item_by_id) == NULL)
            return fail_unknown_item(&x->at[i], what, items, n, e);
    }
    return true;
}

static bool use_errata(const struct definition *d, const struct files *f, struct suite *s,
                       struct item *items, struct arena *keep, struct arena tmp, struct err *e)
{
    struct json *doc = NULL;
    int64_t n_found = 0;
    const char *what = f->errata_path;
    if (f->errata.n == 0)
        return true;
    TRY(check_text(f->errata, what, e));
    if (has_nul_escape(f->errata))
        return FAIL(e, ERR_INPUT, "%s: text with \\u0000 is not supported", what);
    TRY(json_parse(f->errata, what, &doc, e));
    s->docs[s->n_docs++] = doc;
    TRY(errata_read(doc, what, &s->errata, keep, e));
    TRY(check_errata_ids(&s->errata, what, items, s->n_items, tmp, e));
    TRY(apply_errata(d, what, s, items, &n_found, keep, e));
    assert(n_found == s->errata.n);
    s->version =
        arena_fmt(keep, "%.*s+errata.%.*s", STR_ARG(s->version), STR_ARG(s->errata.version));
    return true;
}

static bool read_items(const struct definition *d, const struct files *f, struct suite *s,
                       struct arena *keep, struct arena tmp, struct err *e)
{
    struct str rest = f->data;
    struct str line = {0};
    int64_t n = count_lines(f->data);
    struct item *items = NEW(keep, struct item, n);
    if (n == 0)
        return FAIL(e, ERR_INPUT, "%s: no items", f->data_path);
    for (int64_t i = 0; i < n && str_split(&rest, '\n', &line); i++) {
        bool ok = read_line(str_trim(line), d, &s->docs[s->n_docs], &items[i], keep, e);
        s->n_docs += s->docs[s->n_docs] != NULL;
        if (!ok)
            return err_wrap(e, "%s: line %lld", f->data_path, (long long)i + 1);
    }
    s->items = items;
    s->n_items = n;
    return check_ids(items, n, f->data_path, tmp, e) && use_errata(d, f, s, items, keep, tmp, e);
}

/* ------------------------------------------------------------------------------ definition */

static bool read_definition(struct str text, const char *what, struct definition *d,
                            struct suite *s, struct arena *keep, struct err *e)
{
    TRY(check_text(text, what, e));
    if (has_nul_escape(text))
        return FAIL(e, ERR_INPUT, "%s: text with \\u0000 is not supported", what);
    TRY(json_parse(text, what, &s->docs[0], e));
    s->n_docs = 1;
    s->definition = s->docs[0];
    s->definition_text = text;
    return definition_read(s->definition, what, d, s, keep, e);
}

/* ------------------------------------------------------------------------------- the files */

/* The data beside the definition, unless its path is absolute. */
static bool data_path(const char *definition_path, struct str name, char out[LIMIT_PATH_BYTES],
                      struct err *e)
{
    struct str path = str_of(definition_path);
    int64_t n_dir = name.at[0] == '/' ? 0 : str_rfind(path, STR("/")) + 1;
    if (n_dir + name.n >= LIMIT_PATH_BYTES)
        return FAIL(e, ERR_INPUT, "%s: the path of \"data\" is too long", definition_path);
    memcpy(out, path.at, (size_t)n_dir);
    memcpy(out + n_dir, name.at, (size_t)name.n);
    out[n_dir + name.n] = 0;
    return true;
}

/* "small.json" may have a "small.errata.json" beside it; most have none. */
static bool read_errata(struct files *f, char path[LIMIT_PATH_BYTES], struct arena *keep,
                        struct err *e)
{
    static const char ending[] = ".errata.json";
    int64_t n = (int64_t)strlen(f->path) - (int64_t)strlen(".json");
    if (n + (int64_t)sizeof ending > LIMIT_PATH_BYTES)
        return FAIL(e, ERR_INPUT, "%.80s...: the path of its errata is too long", f->path);
    memcpy(path, f->path, (size_t)n);
    memcpy(path + n, ending, sizeof ending);
    f->errata_path = path;
    if (!file_exists(path))
        return true;
    TRY(file_read(path, &f->errata, keep, e));
    return f->errata.n > 0 || FAIL(e, ERR_INPUT, "%s: the file is empty", path);
}

static bool fail_unknown(const char *name, struct err *e)
{
    struct embedded s;
    struct embedded nearest = {.name = ""};
    for (int64_t i = 0; embedded_at(i, &s); i++)
        if (i == 0 || str_distance(str_of(s.name), str_of(name)) <
                          str_distance(str_of(nearest.name), str_of(name)))
            nearest = s;
    return FAIL(e, ERR_USAGE,
                "no suite \"%.80s\"; nearest: \"%s\" (a file of your own ends in .json)", name,
                nearest.name);
}

static bool find_definition(const char *name_or_path, struct files *f, bool *is_embedded,
                            struct arena *keep, struct err *e)
{
    struct embedded in;
    *is_embedded = !str_ends(str_of(name_or_path), STR(".json"));
    if (!*is_embedded) {
        f->path = name_or_path;
        return file_read(name_or_path, &f->definition, keep, e);
    }
    if (!embedded_find(str_of(name_or_path), &in))
        return fail_unknown(name_or_path, e);
    *f = (struct files){
        .path = in.path, .data_path = in.data_path, .definition = in.definition, .data = in.data};
    return true;
}

static bool read_suite(const char *name_or_path, struct suite *s, struct arena *keep,
                       struct arena tmp, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    char errata_path[LIMIT_PATH_BYTES];
    struct files f = {0};
    struct definition d = {0};
    struct json *first = NULL;
    bool is_embedded;
    TRY(find_definition(name_or_path, &f, &is_embedded, keep, e));
    s->docs = &first;
    bool ok = read_definition(f.definition, f.path, &d, s, keep, e);
    if (ok && !is_embedded) {
        f.data_path = path;
        ok = data_path(f.path, d.data, path, e) && file_read(path, &f.data, keep, e) &&
             read_errata(&f, errata_path, keep, e);
    }
    /* Room for every document is known only now; the first moves over whether or not all is well,
     * so that suite_close finds it. */
    s->docs = NEW(keep, struct json *, 2 + 2 * count_lines(f.data));
    s->docs[0] = first;
    return ok && check_text(f.data, f.data_path, e) && check_hash(&d, &f, s, e) &&
           read_items(&d, &f, s, keep, tmp, e);
}

bool suite_open(struct suite *out, const char *name_or_path, struct arena *keep, struct arena tmp,
                struct err *e)
{
    CLEANUP(suite_close) struct suite s = {0};
    TRY(read_suite(name_or_path, &s, keep, tmp, e));
    assert(s.n_items > 0);
    assert(s.n_docs > s.n_items);
    *out = s;
    s = (struct suite){0};
    return true;
}

void suite_close(struct suite *s)
{
    for (int64_t i = 0; i < s->n_docs; i++)
        json_free(s->docs[i]);
    *s = (struct suite){0};
}

const char *suite_embedded_name(int64_t i)
{
    struct embedded in;
    return embedded_at(i, &in) ? in.name : NULL;
}
