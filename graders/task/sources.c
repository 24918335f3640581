#include "graders/task/sources.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"

enum { DEPTH_MAX = 8 };
#define SOURCE_FILE_MAX (64 * LIMIT_MIB) /* outputs of an output-only task may be large */

struct walk {
    struct source *files;
    int64_t n;
    struct arena *keep;
};

static bool read_one(const char *path, struct str name, struct walk *w, struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return FAIL(e, ERR_INPUT, "%s: %m", path);
    if (!S_ISREG(st.st_mode))
        return FAIL(e, ERR_INPUT, "%s is no plain file", path);
    if (st.st_size > SOURCE_FILE_MAX)
        return FAIL(e, ERR_LIMIT, "%s is larger than %lld MiB", path, SOURCE_FILE_MAX / LIMIT_MIB);
    if (w->n >= SOURCES_MAX)
        return FAIL(e, ERR_LIMIT, "more than %d files at %s", SOURCES_MAX, path);
    struct source *s = &w->files[w->n];
    TRY(file_read(path, &s->text, w->keep, e));
    s->name = arena_str(w->keep, name);
    w->n++;
    return true;
}

static int is_shown(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static bool read_folder(const char *path, struct str prefix, int depth, struct walk *w,
                        struct err *e);

static bool read_entry(const char *path, const char *entry, struct str prefix, int depth,
                       struct walk *w, struct err *e)
{
    char inner[LIMIT_PATH_BYTES];
    struct stat st;
    struct str name =
        prefix.n == 0 ? str_of(entry) : arena_fmt(w->keep, "%.*s/%s", STR_ARG(prefix), entry);
    if (!file_join(path, entry, inner, sizeof inner) || lstat(inner, &st) != 0)
        return FAIL(e, ERR_INPUT, "%s/%s: cannot be read", path, entry);
    if (S_ISDIR(st.st_mode))
        return read_folder(inner, name, depth + 1, w, e);
    if (S_ISLNK(st.st_mode))
        return FAIL(e, ERR_INPUT, "%s is a link; a submission is plain files", inner);
    return read_one(inner, name, w, e);
}

static bool read_folder(const char *path, struct str prefix, int depth, struct walk *w,
                        struct err *e)
{
    struct dirent **entries = NULL;
    if (depth > DEPTH_MAX)
        return FAIL(e, ERR_LIMIT, "%s: folders nest deeper than %d", path, DEPTH_MAX);
    int n = scandir(path, &entries, is_shown, alphasort);
    if (n < 0)
        return FAIL(e, ERR_INPUT, "%s: %m", path);
    bool ok = true;
    for (int i = 0; i < n; i++) {
        ok = ok && read_entry(path, entries[i]->d_name, prefix, depth, w, e);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

bool sources_read(const char *path, const struct source **out, int64_t *n_out, struct arena *keep,
                  struct err *e)
{
    struct walk w = {.files = NEW(keep, struct source, SOURCES_MAX), .keep = keep};
    const char *slash = strrchr(path, '/');
    struct str base = str_of(slash == NULL ? path : slash + 1);
    if (file_is_dir(path))
        TRY(read_folder(path, (struct str){"", 0}, 0, &w, e));
    else
        TRY(read_one(path, base, &w, e));
    if (w.n == 0)
        return FAIL(e, ERR_INPUT, "%s holds no files", path);
    *out = w.files;
    *n_out = w.n;
    return true;
}

bool sources_language(const struct source *files, int64_t n, enum language *out)
{
    bool has_one = false;
    enum language found = LANGUAGE_CPP;
    for (int64_t i = 0; i < n; i++) {
        enum language l;
        if (!language_from_file(files[i].name, &l))
            continue;
        if (has_one && l != found)
            return false;
        found = l;
        has_one = true;
    }
    if (has_one)
        *out = found;
    return has_one;
}

struct str sources_file_name(enum language l)
{
    static const char *const names[LANGUAGE_COUNT] = {
        "prog.cpp", "prog.py",   "prog.c",  "prog.cpp", "prog.cpp",
        "prog.py",  "Main.java", "prog.rs", "prog.go",  "prog.js"};
    assert((int)l >= 0);
    assert(l < LANGUAGE_COUNT);
    return str_of(names[l]);
}
