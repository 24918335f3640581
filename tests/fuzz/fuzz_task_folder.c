/* A whole package from one string: refused with a message, or a task whose parts point at each
 * other as task.h says. Records end with byte 1; each is a path, byte 2 and the content; a path
 * that begins with '>' becomes a link to the content, one that begins with '|' a pipe. */
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "graders/task/task.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RECORDS_MAX = 40 };

static char folder[64];
static struct arena keep;
static struct arena tmp;

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void remove_folder(void)
{
    struct err e;
    if (!file_remove_tree(folder, &e))
        (void)fprintf(stderr, "%s\n", e.text);
}

/* Paths are made harmless here: the reader's own refusals are for links and for names in texts. */
static bool is_harmless(struct str path)
{
    return path.n > 0 && path.n < 200 && path.at[0] != '/' && str_find(path, STR(".."), 0) < 0 &&
           memchr(path.at, 0, (size_t)path.n) == NULL;
}

/* Unlike file_write, without waiting for the disk. */
static bool write_plain(const char *path, struct str bytes)
{
    FILE *f = fopen(path, "wbx");
    if (f == NULL)
        return false;
    bool ok = fwrite(bytes.at, 1, (size_t)bytes.n, f) == (size_t)bytes.n;
    return fclose(f) == 0 && ok;
}

static void put(struct str record)
{
    char path[512];
    struct err e;
    struct str name;
    if (!str_split(&record, 2, &name))
        return;
    char kind = name.n > 0 ? name.at[0] : 0;
    if (kind == '>' || kind == '|')
        name = str_sub(name, 1, name.n);
    if (!is_harmless(name))
        return;
    (void)snprintf(path, sizeof path, "%s/%.*s", folder, STR_ARG(name));
    char *slash = strrchr(path, '/');
    *slash = 0;
    bool ok = file_make_dirs(path, &e);
    *slash = '/';
    if (kind == '>') {
        char target[256];
        (void)snprintf(target, sizeof target, "%.*s", (int)(record.n < 200 ? record.n : 200),
                       record.n > 0 ? record.at : "");
        ok = ok && symlink(target, path) == 0;
    } else if (kind == '|') {
        ok = ok && mkfifo(path, 0600) == 0;
    } else {
        ok = ok && write_plain(path, record);
    }
    (void)ok;
}

static void check_group(const struct task *t, int64_t i)
{
    const struct task_group *g = &t->groups[i];
    check(g->i_parent < i && (i == 0) == (g->i_parent < 0) && g->n_members > 0);
    for (int64_t k = 0; k < g->n_members; k++) {
        int64_t n = g->members[k].is_group ? t->n_groups : t->n_tests;
        check(g->members[k].i >= 0 && g->members[k].i < n);
        check(!g->members[k].is_group || t->groups[g->members[k].i].i_parent == i);
    }
    for (int64_t k = 0; k < g->n_needs; k++)
        check(g->needs[k] > 0 && g->needs[k] < i); /* earlier: no circles */
    check(isfinite(g->points) && isfinite(g->accept_score) && g->range_min <= g->range_max);
}

static void check_submission(const struct task *t, const struct task_submission *s)
{
    check(s->has_language || s->why_not.n > 0 || t->kind == TASK_OUTPUT_ONLY);
    for (int64_t i = 0; i < s->n_expects; i++) {
        const struct expectation *x = &s->expects[i];
        check(x->i_group >= -1 && x->i_group < t->n_groups && x->label.n > 0);
        for (int64_t k = 0; k < x->n_tests; k++)
            check(x->tests[k] >= 0 && x->tests[k] < t->n_tests);
    }
}

static void check_task(const struct task *t)
{
    struct task_hashes h;
    struct err e;
    char real[LIMIT_PATH_BYTES];
    check(realpath(folder, real) != NULL);
    check(t->n_tests > 0 && t->n_groups > 0 && t->memory_kib > 0 && t->time_ms >= 0);
    check(t->kind != TASK_COMMUNICATION || t->manager.n_files > 0);
    check((t->protocol == CHECKER_NONE) == (t->checker.n_files == 0));
    for (int64_t i = 0; i < t->n_tests; i++) {
        check(t->can_generate || t->tests[i].input != NULL);
        check(t->tests[i].input == NULL || str_starts(str_of(t->tests[i].input), str_of(real)));
    }
    for (int64_t i = 0; i < t->n_groups; i++)
        check_group(t, i);
    for (int64_t i = 0; i < t->n_submissions; i++)
        check_submission(t, &t->submissions[i]);
    for (int64_t i = 0; i < t->n_recipes; i++)
        check(t->recipes[i].manual != NULL || t->recipes[i].i_generator < t->n_generators);
    check(task_hash(t, &h, tmp, &e));
}

static void start(void)
{
    struct err e;
    if (keep.first != NULL)
        return;
    arena_init(&keep, "fuzz", LIMIT_ARENA_TMP);
    arena_init(&tmp, "fuzz tmp", LIMIT_ARENA_TMP);
    check(file_temp_dir("/tmp", folder, sizeof folder, &e));
    (void)atexit(remove_folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct task t = {0};
    struct err e = {0};
    struct str text = {(const char *)data, (int64_t)size};
    struct str record;
    start();
    arena_reset(&keep);
    remove_folder();
    check(file_make_dirs(folder, &e));
    for (int i = 0; i < RECORDS_MAX && str_split(&text, 1, &record); i++)
        put(record);
    if (task_read(folder, &t, &keep, tmp, &e))
        check_task(&t);
    else
        check(e.cls != ERR_NONE && e.text[0] != 0 && t.n_tests == 0);
    return 0;
}
