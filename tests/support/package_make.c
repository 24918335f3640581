#include "tests/support/package_make.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/support/support.h"

static char folder[PATH_MAX];
static struct arena keep;
static struct arena tmp;

const char *package_make(const char *name)
{
    struct err e = {0};
    cr_assert(file_join(support_temp(), name, folder, sizeof folder));
    ASSERT_OK(file_remove_tree(folder, &e), e);
    ASSERT_OK(file_make_dirs(folder, &e), e);
    return folder;
}

static const char *place(const char *rel)
{
    static char path[PATH_MAX];
    struct err e = {0};
    cr_assert(file_join(folder, rel, path, sizeof path));
    char *slash = strrchr(path, '/');
    *slash = 0;
    ASSERT_OK(file_make_dirs(path, &e), e);
    *slash = '/';
    return path;
}

void package_put_bytes(const char *rel, struct str bytes)
{
    struct err e = {0};
    ASSERT_OK(file_write(place(rel), bytes, &e), e);
}

void package_put(const char *rel, const char *text)
{
    package_put_bytes(rel, str_of(text));
}

void package_link(const char *rel, const char *target)
{
    cr_assert_eq(symlink(target, place(rel)), 0);
}

void package_drop(const char *rel)
{
    struct err e = {0};
    ASSERT_OK(file_remove_tree(place(rel), &e), e);
}

bool package_reads(struct task *t, struct err *e)
{
    if (keep.first == NULL) {
        arena_init(&keep, "test", LIMIT_ARENA_RUN);
        arena_init(&tmp, "test tmp", LIMIT_ARENA_TMP);
    }
    arena_reset(&keep);
    *t = (struct task){0};
    *e = (struct err){0};
    return task_read(folder, t, &keep, tmp, e);
}

void package_is_refused(const char *part)
{
    struct task t;
    struct err e;
    cr_assert(!package_reads(&t, &e), "was read, but should not: %s", part);
    cr_assert(strstr(e.text, part) != NULL, "\"%s\" does not say \"%s\"", e.text, part);
    cr_assert(t.n_tests == 0 && t.tests == NULL, "half a task");
}

const struct task_test *package_test(const struct task *t, const char *name)
{
    for (int64_t i = 0; i < t->n_tests; i++)
        if (str_eq(t->tests[i].name, str_of(name)))
            return &t->tests[i];
    cr_assert_fail("no test %s", name);
    return NULL;
}

const struct task_group *package_group(const struct task *t, const char *name)
{
    for (int64_t i = 0; i < t->n_groups; i++)
        if (str_eq(t->groups[i].name, str_of(name)))
            return &t->groups[i];
    cr_assert_fail("no group %s", name);
    return NULL;
}

const struct task_submission *package_submission(const struct task *t, const char *name)
{
    for (int64_t i = 0; i < t->n_submissions; i++)
        if (str_ends(t->submissions[i].name, str_of(name)))
            return &t->submissions[i];
    cr_assert_fail("no submission %s", name);
    return NULL;
}

bool package_notes(const struct task *t, const char *part)
{
    for (int64_t i = 0; i < t->n_notes; i++)
        if (str_find(t->notes[i], str_of(part), 0) >= 0)
            return true;
    return false;
}
