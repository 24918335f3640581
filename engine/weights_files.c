#include "engine/weights_files.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/limits.h"

enum { SHARDS_MAX = 4096, ALIGN_MAX = 8 };

static const char single_name[] = "model.safetensors";
static const char index_name[] = "model.safetensors.index.json";

/* One line of the index. */
struct place {
    const char *name;
    const char *file;
};

static int by_place_name(const void *x, const void *y)
{
    return strcmp(((const struct place *)x)->name, ((const struct place *)y)->name);
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int by_found_name(const void *x, const void *y)
{
    return strcmp(((const struct found *)x)->t->name, ((const struct found *)y)->t->name);
}

/* A name in this very folder: an index must not lead out of it. */
static bool is_plain_file_name(struct str s)
{
    return s.n > 0 && str_ends(s, STR(".safetensors")) && str_find(s, STR("/"), 0) < 0;
}

static bool read_places(const struct json *map, struct place *out, struct arena *keep,
                        struct err *e)
{
    int64_t n = 0;
    for (const struct json *m = json_first(map); m != NULL; m = json_next(m)) {
        struct str file = {0};
        if (!json_str(m, &file) || !is_plain_file_name(file))
            return FAIL(e, ERR_INPUT, "%s: %.*s: not the name of a .safetensors file", index_name,
                        STR_ARG(json_key(m)));
        out[n++] = (struct place){arena_str(keep, json_key(m)).at, arena_str(keep, file).at};
    }
    qsort(out, (size_t)n, sizeof *out, by_place_name);
    for (int64_t i = 1; i < n; i++)
        if (strcmp(out[i - 1].name, out[i].name) == 0)
            return FAIL(e, ERR_INPUT, "%s: %s: is there twice", index_name, out[i].name);
    return true;
}

/* The files named, each once, in order of name. */
static int64_t distinct_files(const struct place *p, int64_t n, const char **out)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < n; i++)
        out[i] = p[i].file;
    qsort((void *)out, (size_t)n, sizeof *out, by_text);
    for (int64_t i = 0; i < n; i++)
        if (kept == 0 || strcmp(out[kept - 1], out[i]) != 0)
            out[kept++] = out[i];
    return kept;
}

static bool stamp_file(const struct weights_files *f, const char *name, struct stamp *out,
                       struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    if (!file_join(f->dir, name, path, sizeof path))
        return FAIL(e, ERR_INPUT, "%s: path too long", f->dir);
    return stamp_of(path, out, e);
}

bool weights_files_hold(const struct weights_files *f, struct err *e)
{
    for (int64_t i = -1; i < f->n_shards; i++) {
        const struct stamp *was = i < 0 ? &f->config : &f->stamps[i];
        const char *name = i < 0 ? "config.json" : f->shards[i].file;
        struct stamp now = {0};
        TRY(stamp_file(f, name, &now, e));
        if (!stamp_eq(&now, was))
            return FAIL(e, ERR_INPUT, "%s: was changed while it was in use", name);
    }
    return true;
}

static bool open_shards(struct weights_files *f, const char *const *names, int64_t n, struct err *e)
{
    int64_t n_tensors = 0;
    if (n > SHARDS_MAX)
        return FAIL(e, ERR_LIMIT, "%s: %lld files", index_name, (long long)n);
    f->shards = NEW(&f->keep, struct safetensors, n);
    f->stamps = NEW(&f->keep, struct stamp, n);
    for (; f->n_shards < n; f->n_shards++) {
        struct safetensors *s = &f->shards[f->n_shards];
        TRY(stamp_file(f, names[f->n_shards], &f->stamps[f->n_shards], e));
        TRY(safetensors_open(f->dir, names[f->n_shards], s, &f->keep, e));
        n_tensors += s->n;
        if (n_tensors > SAFETENSORS_MAX)
            return FAIL(e, ERR_LIMIT, "%s: %lld tensors", f->dir, (long long)n_tensors);
    }
    return true;
}

static bool shards_hold(const struct weights_files *f, const struct place *p, int64_t n,
                        struct err *e)
{
    for (int64_t i = 0; i < n; i++) {
        int64_t s = 0;
        while (strcmp(f->shards[s].file, p[i].file) != 0) /* one of them: they came from p */
            s++;
        if (safetensors_find(&f->shards[s], p[i].name) == NULL)
            return FAIL(e, ERR_INPUT, "%s: %s: missing, though %s places it here", p[i].file,
                        p[i].name, index_name);
    }
    return true;
}

static bool index_lists(const struct weights_files *f, const struct place *p, int64_t n,
                        struct err *e)
{
    for (int64_t i = 0; i < f->n_shards; i++) {
        const struct safetensors *s = &f->shards[i];
        for (int64_t t = 0; t < s->n; t++) {
            const struct place key = {.name = s->at[t].name};
            const struct place *hit = bsearch(&key, p, (size_t)n, sizeof *p, by_place_name);
            if (hit == NULL)
                return FAIL(e, ERR_INPUT, "%s: %s: not listed in %s", s->file, key.name,
                            index_name);
            if (strcmp(hit->file, s->file) != 0)
                return FAIL(e, ERR_INPUT, "%s: %s: %s places it in %s", s->file, key.name,
                            index_name, hit->file);
        }
    }
    return true;
}

static void free_json(struct json **j)
{
    json_free(*j);
}

static bool open_listed(struct weights_files *f, const char *path, struct arena *tmp, struct err *e)
{
    CLEANUP(free_json) struct json *root = NULL;
    struct str text = {0};
    TRY(file_read(path, &text, tmp, e));
    TRY(json_parse(text, index_name, &root, e));
    const struct json *map = json_get(root, "weight_map");
    int64_t n = json_count(map);
    if (json_kind(map) != JSON_OBJECT || n == 0)
        return FAIL(e, ERR_INPUT, "%s: weight_map is missing or empty", index_name);
    if (n > SAFETENSORS_MAX)
        return FAIL(e, ERR_LIMIT, "%s: %lld tensors", index_name, (long long)n);
    struct place *places = NEW(tmp, struct place, n);
    const char **names = NEW(tmp, const char *, n);
    TRY(read_places(map, places, &f->keep, e));
    TRY(open_shards(f, names, distinct_files(places, n, names), e));
    TRY(shards_hold(f, places, n, e));
    return index_lists(f, places, n, e);
}

static bool open_files(struct weights_files *f, struct arena *tmp, struct err *e)
{
    char single[LIMIT_PATH_BYTES];
    char listed[LIMIT_PATH_BYTES];
    if (!file_join(f->dir, single_name, single, sizeof single) ||
        !file_join(f->dir, index_name, listed, sizeof listed))
        return FAIL(e, ERR_INPUT, "%s: path too long", f->dir);
    if (file_exists(single) && file_exists(listed))
        return FAIL(e, ERR_INPUT, "%s: both %s and %s are there: which one counts?", f->dir,
                    single_name, index_name);
    f->listing = file_exists(listed) ? index_name : single_name;
    if (f->listing == index_name)
        return open_listed(f, listed, tmp, e);
    const char *one = single_name;
    return open_shards(f, &one, 1, e);
}

/* Largest power of two up to 8 that an item of this tensor may need. */
static int64_t alignment(const struct safetensor *t)
{
    int64_t n_items = 1;
    for (int64_t d = 0; d < t->n_dims; d++)
        n_items *= t->shape[d];
    return n_items == 0 ? 1 : t->n_bytes / n_items;
}

static bool is_odd(const struct safetensor *t)
{
    return (int64_t)((uintptr_t)t->data % (uintptr_t)alignment(t)) != 0;
}

static void list_all(struct weights_files *f)
{
    int64_t n_odd_bytes = 0;
    for (int64_t s = 0; s < f->n_shards; s++)
        f->n += f->shards[s].n;
    f->at = NEW(&f->keep, struct found, f->n);
    int64_t n = 0;
    for (int64_t s = 0; s < f->n_shards; s++)
        for (int64_t t = 0; t < f->shards[s].n; t++) {
            const struct safetensor *one = &f->shards[s].at[t];
            f->at[n++] = (struct found){one, f->shards[s].file, one->data, false};
            n_odd_bytes += is_odd(one) ? one->n_bytes + ALIGN_MAX : 0;
        }
    if (n > 0)
        qsort(f->at, (size_t)n, sizeof *f->at, by_found_name);
    if (n_odd_bytes == 0)
        return;
    arena_init(&f->copies, "unaligned weights", n_odd_bytes);
    for (int64_t i = 0; i < n; i++)
        if (is_odd(f->at[i].t)) {
            f->at[i].data = f->copies.next + (-(uintptr_t)f->copies.next & (ALIGN_MAX - 1));
            f->copies.next = (unsigned char *)(uintptr_t)f->at[i].data + f->at[i].t->n_bytes;
        }
}

void weights_files_align(struct weights_files *f)
{
    for (int64_t i = 0; i < f->n; i++)
        if (f->at[i].data != f->at[i].t->data)
            memcpy((void *)(uintptr_t)f->at[i].data, f->at[i].t->data, (size_t)f->at[i].t->n_bytes);
}

static void free_arena(struct arena *a)
{
    arena_fini(a);
}

bool weights_files_open(struct weights_files **out, const char *dir, struct err *e)
{
    CLEANUP(free_arena) struct arena tmp = {0};
    struct weights_files *f = calloc(1, sizeof *f);
    if (f == NULL)
        return FAIL(e, ERR_IO, "%s: out of memory", dir);
    arena_init(&tmp, "weight index", LIMIT_ARENA_RUN);
    arena_init(&f->keep, "weight table", LIMIT_ARENA_RUN);
    f->dir = (char *)(uintptr_t)arena_str(&f->keep, str_of(dir)).at;
    if (!stamp_file(f, "config.json", &f->config, e) || !open_files(f, &tmp, e)) {
        weights_files_close(f);
        return false;
    }
    list_all(f);
    *out = f;
    return true;
}

void weights_files_close(struct weights_files *f)
{
    if (f == NULL)
        return;
    for (int64_t i = 0; i < f->n_shards; i++)
        safetensors_close(&f->shards[i]);
    arena_fini(&f->copies);
    arena_fini(&f->keep);
    free(f);
}

struct found *weights_files_find(const struct weights_files *f, const char *name)
{
    const struct safetensor t = {.name = name};
    const struct found key = {.t = &t};
    if (f->n == 0)
        return NULL;
    return bsearch(&key, f->at, (size_t)f->n, sizeof *f->at, by_found_name);
}
