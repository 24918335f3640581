#include "engine/safetensors.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"

enum { LENGTH_BYTES = 8 };

/* No checkpoint comes near: 100 MB is where the format's own readers stop. */
#define HEADER_BYTES_MAX (100LL * 1000 * 1000)

enum { NAME_BYTES_MAX = 512 };

static const struct {
    const char *name;
    int64_t n_bytes;
} types[] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},   {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"I16", 2},
    {"U16", 2},  {"F16", 2}, {"BF16", 2}, {"I32", 4},     {"U32", 4},     {"F32", 4},
    {"F64", 8},  {"I64", 8}, {"U64", 8},  {"C64", 8},     {"F8_E8M0", 1},
};

/* Static text of a known type, or NULL. */
static const char *type_of(struct str name, int64_t *n_bytes)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (!str_eq(name, str_of(types[i].name)))
            continue;
        *n_bytes = types[i].n_bytes;
        return types[i].name;
    }
    return NULL;
}

/* What the header says of one tensor, its numbers not yet held against the file. */
struct claim {
    struct safetensor t;
    int64_t begin;
    int64_t end;
};

static bool read_shape(const struct json *list, struct safetensor *t, const char *file,
                       struct err *e)
{
    if (json_kind(list) != JSON_ARRAY)
        return FAIL(e, ERR_INPUT, "%s: %s: shape is missing", file, t->name);
    t->n_dims = json_count(list);
    if (t->n_dims > SAFETENSORS_DIMS_MAX)
        return FAIL(e, ERR_INPUT, "%s: %s: %lld dimensions", file, t->name, (long long)t->n_dims);
    int64_t d = 0;
    for (const struct json *m = json_first(list); m != NULL; m = json_next(m), d++)
        if (!json_i64(m, &t->shape[d]) || t->shape[d] < 0)
            return FAIL(e, ERR_INPUT, "%s: %s: shape[%lld] is not a size", file, t->name,
                        (long long)d);
    return true;
}

/* Bytes that type and shape ask for. */
static bool size_of(struct safetensor *t, int64_t n_item, const char *file, struct err *e)
{
    t->n_bytes = n_item;
    for (int64_t d = 0; d < t->n_dims; d++)
        if (__builtin_mul_overflow(t->n_bytes, t->shape[d], &t->n_bytes))
            return FAIL(e, ERR_INPUT, "%s: %s: shape overflows", file, t->name);
    return true;
}

static bool read_range(const struct json *pair, struct claim *c, int64_t n_data, const char *file,
                       struct err *e)
{
    const struct json *first = json_first(pair);
    if (json_kind(pair) != JSON_ARRAY || json_count(pair) != 2 || !json_i64(first, &c->begin) ||
        !json_i64(json_next(first), &c->end))
        return FAIL(e, ERR_INPUT, "%s: %s: data_offsets are not two numbers", file, c->t.name);
    if (c->begin < 0 || c->end < c->begin)
        return FAIL(e, ERR_INPUT, "%s: %s: data_offsets [%lld, %lld] are not a range", file,
                    c->t.name, (long long)c->begin, (long long)c->end);
    if (c->end > n_data)
        return FAIL(e, ERR_INPUT, "%s: %s: ends at byte %lld of the data, the file holds %lld",
                    file, c->t.name, (long long)c->end, (long long)n_data);
    if (c->end - c->begin != c->t.n_bytes)
        return FAIL(e, ERR_INPUT, "%s: %s: has %lld bytes, its type and shape ask for %lld", file,
                    c->t.name, (long long)(c->end - c->begin), (long long)c->t.n_bytes);
    return true;
}

static bool only_known_members(const struct json *m, const char *file, struct err *e)
{
    static const char *known[] = {"dtype", "shape", "data_offsets"};
    bool has[3] = {0};
    for (const struct json *f = json_first(m); f != NULL; f = json_next(f)) {
        int which = 0;
        while (which < 3 && !str_eq(json_key(f), str_of(known[which])))
            which++;
        if (which == 3 || has[which])
            return FAIL(e, ERR_INPUT, "%s: %.*s: member %.*s is %s", file, STR_ARG(json_key(m)),
                        STR_ARG(json_key(f)), which == 3 ? "unknown" : "there twice");
        has[which] = true;
    }
    return true;
}

static bool read_claim(const struct json *m, int64_t n_data, struct claim *c, const char *file,
                       struct arena *keep, struct err *e)
{
    struct str type = {0};
    int64_t n_item = 0;
    if (json_key(m).n > NAME_BYTES_MAX)
        return FAIL(e, ERR_INPUT, "%s: a tensor's name has %lld bytes", file,
                    (long long)json_key(m).n);
    c->t.name = arena_str(keep, json_key(m)).at;
    if (json_kind(m) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: %s: not an object", file, c->t.name);
    TRY(only_known_members(m, file, e));
    if (!json_str(json_get(m, "dtype"), &type))
        return FAIL(e, ERR_INPUT, "%s: %s: dtype is missing", file, c->t.name);
    c->t.dtype = type_of(type, &n_item);
    if (c->t.dtype == NULL)
        return FAIL(e, ERR_INPUT, "%s: %s: unknown dtype %.*s", file, c->t.name, STR_ARG(type));
    TRY(read_shape(json_get(m, "shape"), &c->t, file, e));
    TRY(size_of(&c->t, n_item, file, e));
    return read_range(json_get(m, "data_offsets"), c, n_data, file, e);
}

static int by_place(const void *x, const void *y)
{
    const struct claim *a = x;
    const struct claim *b = y;
    if (a->begin != b->begin)
        return a->begin < b->begin ? -1 : 1;
    return a->end < b->end ? -1 : a->end > b->end;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(((const struct safetensor *)x)->name, ((const struct safetensor *)y)->name);
}

/* The claims, in order of place, must tile [0, n_data). */
static bool covers(const struct claim *c, int64_t n, int64_t n_data, const char *file,
                   struct err *e)
{
    int64_t at = 0;
    for (int64_t i = 0; i < n; i++) {
        if (c[i].begin < at)
            return FAIL(e, ERR_INPUT, "%s: %s: overlaps %s at byte %lld of the data", file,
                        c[i].t.name, c[i - 1].t.name, (long long)c[i].begin);
        if (c[i].begin > at)
            return FAIL(e, ERR_INPUT, "%s: %s: bytes %lld to %lld before it belong to no tensor",
                        file, c[i].t.name, (long long)at, (long long)c[i].begin);
        at = c[i].end;
    }
    if (at != n_data)
        return FAIL(e, ERR_INPUT, "%s: %lld bytes after the last tensor belong to none", file,
                    (long long)(n_data - at));
    return true;
}

static bool names_differ(const struct safetensors *s, struct err *e)
{
    for (int64_t i = 1; i < s->n; i++)
        if (strcmp(s->at[i - 1].name, s->at[i].name) == 0)
            return FAIL(e, ERR_INPUT, "%s: %s: is there twice", s->file, s->at[i].name);
    return true;
}

static bool is_metadata(const struct json *m)
{
    return str_eq(json_key(m), STR("__metadata__"));
}

static bool read_header(const struct json *root, struct str data, struct safetensors *s,
                        struct arena *keep, struct err *e)
{
    int64_t n = 0;
    if (json_kind(root) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "%s: the header is not an object", s->file);
    if (json_count(root) > SAFETENSORS_MAX)
        return FAIL(e, ERR_LIMIT, "%s: %lld tensors", s->file, (long long)json_count(root));
    struct claim *c = NEW(keep, struct claim, json_count(root));
    for (const struct json *m = json_first(root); m != NULL; m = json_next(m))
        if (!is_metadata(m))
            TRY(read_claim(m, data.n, &c[n++], s->file, keep, e));
    if (n > 0)
        qsort(c, (size_t)n, sizeof *c, by_place);
    TRY(covers(c, n, data.n, s->file, e));
    s->n = n;
    s->at = NEW(keep, struct safetensor, n);
    for (int64_t i = 0; i < n; i++) {
        s->at[i] = c[i].t;
        s->at[i].data = (const unsigned char *)data.at + c[i].begin;
    }
    if (n > 0)
        qsort(s->at, (size_t)n, sizeof *s->at, by_name);
    return names_differ(s, e);
}

static void free_json(struct json **j)
{
    json_free(*j);
}

static bool header_length(struct str bytes, const char *file, int64_t *out, struct err *e)
{
    uint64_t n = 0;
    if (bytes.n < LENGTH_BYTES)
        return FAIL(e, ERR_INPUT, "%s: %lld bytes are no safetensors file", file,
                    (long long)bytes.n);
    for (int i = 0; i < LENGTH_BYTES; i++)
        n |= (uint64_t)(unsigned char)bytes.at[i] << (8 * i);
    if (n > (uint64_t)HEADER_BYTES_MAX)
        return FAIL(e, ERR_INPUT, "%s: a header of %llu bytes is not believed", file,
                    (unsigned long long)n);
    if ((int64_t)n > bytes.n - LENGTH_BYTES)
        return FAIL(e, ERR_INPUT, "%s: the header ends at byte %lld, the file at %lld", file,
                    (long long)n + LENGTH_BYTES, (long long)bytes.n);
    *out = (int64_t)n;
    return true;
}

bool safetensors_parse(struct str bytes, const char *file, struct safetensors *out,
                       struct arena *keep, struct err *e)
{
    CLEANUP(free_json) struct json *root = NULL;
    struct safetensors s = {.file = arena_str(keep, str_of(file)).at};
    int64_t n_header = 0;
    TRY(header_length(bytes, file, &n_header, e));
    struct str header = str_sub(bytes, LENGTH_BYTES, LENGTH_BYTES + n_header);
    TRY(json_parse(header, file, &root, e));
    TRY(read_header(root, str_sub(bytes, LENGTH_BYTES + n_header, bytes.n), &s, keep, e));
    *out = s;
    return true;
}

bool safetensors_open(const char *dir, const char *file, struct safetensors *out,
                      struct arena *keep, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    struct file_map map = {0};
    if (!file_join(dir, file, path, sizeof path))
        return FAIL(e, ERR_INPUT, "%s: path too long", file);
    TRY(file_map_open(path, &map, e));
    struct str bytes = {(const char *)map.at, map.n};
    if (!safetensors_parse(bytes, file, out, keep, e)) {
        file_map_close(&map);
        return false;
    }
    out->map = map;
    return true;
}

void safetensors_close(struct safetensors *s)
{
    file_map_close(&s->map);
    *s = (struct safetensors){0};
}

const struct safetensor *safetensors_find(const struct safetensors *s, const char *name)
{
    const struct safetensor key = {.name = name};
    if (s->n == 0)
        return NULL;
    return bsearch(&key, s->at, (size_t)s->n, sizeof *s->at, by_name);
}
