#include "graders/task/task.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "graders/task/italy.h"
#include "graders/task/kattis.h"
#include "graders/task/package.h"
#include "graders/task/tps.h"

static const struct format {
    const char *file; /* there is one in every task of the format */
    bool (*read)(struct package *p, struct task *out, struct err *e);
} formats[] = {
    {"problem.yaml", kattis_read},
    {"problem.json", tps_read},
    {"task.yaml", italy_read},
};

enum { N_FORMATS = sizeof formats / sizeof *formats };

static bool find_format(struct package *p, const struct format **out, struct err *e)
{
    *out = NULL;
    for (int i = 0; i < N_FORMATS && *out == NULL; i++) {
        struct entry at = {0};
        TRY(package_look(p, str_of(formats[i].file), &at, e));
        if (at.kind == ENTRY_FILE)
            *out = &formats[i];
    }
    return true;
}

static bool read_package(struct package *p, struct task *out, struct err *e)
{
    const struct format *f = NULL;
    TRY(find_format(p, &f, e));
    if (f == NULL)
        return FAIL(e, ERR_INPUT,
                    "no task of a known format; expected problem.yaml (Kattis), "
                    "problem.json (tps, CMS) or task.yaml (italy_yaml) in it");
    return f->read(p, out, e);
}

bool task_read(const char *folder, struct task *out, struct arena *keep, struct arena tmp,
               struct err *e)
{
    struct package p = {0};
    struct task t = {0};
    (void)tmp;
    if (!package_open(folder, &p, keep, e) || !read_package(&p, &t, e))
        return err_wrap(e, "%s", folder);
    t.folder = arena_str(keep, str_of(folder)).at;
    *out = t;
    return true;
}

bool task_is_there(const char *folder)
{
    char path[LIMIT_PATH_BYTES];
    for (int i = 0; i < N_FORMATS; i++)
        if (file_join(folder, formats[i].file, path, sizeof path) && file_exists(path))
            return true;
    return false;
}

static void close_dir(DIR **d)
{
    if (*d != NULL)
        (void)closedir(*d);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool walk_children(const char *folder, const char ***paths, int64_t *n, struct arena *keep,
                          struct err *e)
{
    CLEANUP(close_dir) DIR *d = opendir(folder);
    if (d == NULL)
        return FAIL(e, ERR_INPUT, "%s: %m", folder);
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        const char *path = arena_fmt(keep, "%s/%s", folder, entry->d_name).at;
        if (entry->d_name[0] == '.' || !task_is_there(path))
            continue;
        GROW(keep, *paths, *n);
        (*paths)[(*n)++] = path;
    }
    return true;
}

bool task_walk(const char *folder, const char *const **out, int64_t *n, struct arena *keep,
               struct err *e)
{
    const char **paths = NULL;
    int64_t n_paths = 0;
    if (task_is_there(folder)) {
        paths = NEW(keep, const char *, 1);
        paths[n_paths++] = arena_str(keep, str_of(folder)).at;
    } else {
        TRY(walk_children(folder, &paths, &n_paths, keep, e));
    }
    if (n_paths == 0)
        return FAIL(e, ERR_INPUT, "%s: no task in it, nor in the folders in it", folder);
    qsort((void *)paths, (size_t)n_paths, sizeof *paths, by_path);
    *out = paths;
    *n = n_paths;
    return true;
}

/* Texts of a hash, collected: borders count, since hash_fields puts lengths before them. */
struct fields {
    struct str *at;
    int64_t n;
};

static void put_field(struct fields *f, struct arena *a, struct str s)
{
    GROW(a, f->at, f->n);
    f->at[f->n++] = s;
}

static void put_sources(struct fields *f, struct arena *a, const struct source *files, int64_t n)
{
    put_field(f, a, arena_fmt(a, "%lld files", (long long)n));
    for (int64_t i = 0; i < n; i++) {
        put_field(f, a, files[i].name);
        put_field(f, a, files[i].text);
    }
}

static bool put_content(struct fields *f, struct arena *a, const char *path, struct err *e)
{
    char hex[65] = "none";
    struct hash h;
    if (path != NULL) {
        TRY(hash_file(path, &h, e));
        hash_hex(&h, hex);
    }
    put_field(f, a, arena_str(a, str_of(hex)));
    return true;
}

static bool hash_tests(const struct task *t, struct hash *out, struct arena tmp, struct err *e)
{
    struct fields f = {0};
    for (int64_t i = 0; i < t->n_tests; i++) {
        const struct task_test *test = &t->tests[i];
        put_field(&f, &tmp, test->name);
        TRY(put_content(&f, &tmp, test->input, e));
        TRY(put_content(&f, &tmp, test->answer, e));
        put_field(&f, &tmp, arena_fmt(&tmp, "%lld flags", (long long)test->n_flags));
        for (int64_t k = 0; k < test->n_flags; k++)
            put_field(&f, &tmp, test->flags[k]);
    }
    *out = hash_fields(f.at, f.n);
    return true;
}

bool task_hash(const struct task *t, struct task_hashes *out, struct arena tmp, struct err *e)
{
    struct fields judge = {0};
    struct fields graders = {0};
    struct task_hashes h;
    TRY(hash_tests(t, &h.tests, tmp, e));
    put_sources(&judge, &tmp, t->checker.files, t->checker.n_files);
    for (int64_t i = 0; i < t->n_other_checkers; i++)
        put_sources(&judge, &tmp, t->other_checkers[i].files, t->other_checkers[i].n_files);
    if (t->group_grader.n_files > 0)
        put_sources(&judge, &tmp, t->group_grader.files, t->group_grader.n_files);
    put_sources(&judge, &tmp, t->manager.files, t->manager.n_files);
    for (int64_t i = 0; i < t->n_graders; i++) {
        put_field(&graders, &tmp, str_of(language_name(t->graders[i].language)));
        put_sources(&graders, &tmp, t->graders[i].files, t->graders[i].n_files);
    }
    h.judge = hash_fields(judge.at, judge.n);
    h.graders = hash_fields(graders.at, graders.n);
    *out = h;
    return true;
}
