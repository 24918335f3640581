#include <stdio.h>

#include "base/limits.h"
#include "graders/task/package.h"
#include "tests/support/package_make.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct err e;
static struct task t;

static void open_arenas(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
    arena_init(&tmp, "tmp", LIMIT_GIB);
}

static void plain(void)
{
    (void)package_make("sum");
    package_put("problem.yaml", "validation: custom\n");
    package_put("data/secret/1.in", "1\n");
    package_put("data/secret/1.ans", "1\n");
    package_put("output_validators/v.py", "a");
    package_put("include/cpp/x.h", "a");
}

static struct task_hashes hashes(void)
{
    struct task_hashes h = {0};
    ASSERT_OK(package_reads(&t, &e), e);
    ASSERT_OK(task_hash(&t, &h, tmp, &e), e);
    return h;
}

static bool same(struct hash a, struct hash b)
{
    return memcmp(a.at, b.at, sizeof a.at) == 0;
}

Test(task_hash, names_what_a_verdict_was_made_with, .init = open_arenas)
{
    plain();
    struct task_hashes first = hashes();
    struct task_hashes again = hashes();
    cr_assert(same(first.tests, again.tests) && same(first.judge, again.judge));
    package_put("data/secret/1.ans", "2\n");
    again = hashes();
    cr_assert(!same(first.tests, again.tests) && same(first.judge, again.judge));
    package_put("output_validators/v.py", "b");
    again = hashes();
    cr_assert(!same(first.judge, again.judge) && same(first.graders, again.graders));
    package_put("include/cpp/x.h", "b");
    cr_assert(!same(first.graders, hashes().graders));
    plain();
    package_put("data/secret/testdata.yaml", "output_validator_flags: x\n");
    cr_assert(!same(first.tests, hashes().tests));
    package_drop("data/secret/testdata.yaml");
    package_drop("data/secret/1.in");
    package_drop("data/secret/1.ans");
    package_put("data/secret/2.in", "1\n");
    package_put("data/secret/2.ans", "1\n");
    cr_assert(!same(first.tests, hashes().tests)); /* another name */
}

Test(task_walk, a_contest_is_a_folder_of_tasks_in_order, .init = open_arenas)
{
    const char *const *paths = NULL;
    int64_t n = 0;
    const char *folder = package_make("contest");
    package_put("b/problem.yaml", "");
    package_put("a/problem.json", "");
    package_put("c/task.yaml", "");
    package_put("d/readme", "");
    package_put(".hidden/task.yaml", "");
    ASSERT_OK(task_walk(folder, &paths, &n, &keep, &e), e);
    cr_assert_eq(n, 3);
    cr_assert(str_ends(str_of(paths[0]), STR("contest/a")));
    cr_assert(str_ends(str_of(paths[2]), STR("contest/c")));
    char one[4096];
    (void)snprintf(one, sizeof one, "%s/b", folder);
    ASSERT_OK(task_walk(one, &paths, &n, &keep, &e), e);
    cr_assert(n == 1 && strcmp(paths[0], one) == 0);
    (void)snprintf(one, sizeof one, "%s/d", folder);
    cr_assert(!task_walk(one, &paths, &n, &keep, &e));
    cr_assert(strstr(e.text, "no task in it") != NULL);
    cr_assert(!task_walk("/nowhere/at/all", &paths, &n, &keep, &e));
}

Test(package, shown_names_stay_different, .init = open_arenas)
{
    struct package p = {.keep = &keep};
    cr_assert(str_eq(package_shown(&p, STR("a\nb")), STR("a\\x0ab")));
    cr_assert(str_eq(package_shown(&p, STR("a\\nb")), STR("a\\\\nb")));
    cr_assert(str_eq(package_shown(&p, STR("gr\xc3\xbc\xc3\x9f")), STR("gr\xc3\xbc\xc3\x9f")));
    cr_assert(str_eq(package_shown(&p, STR("\xc3")), STR("\\xc3")));
    cr_assert(str_eq(package_shown(&p, STR("\xe2\x80\xa8")), STR("\\xe2\\x80\\xa8")));
}

Test(package, a_look_never_leaves, .init = open_arenas)
{
    static const char *const bad[] = {"..", "a/../..", "/etc/passwd", "a//b", "", "a/", "./a"};
    struct package p = {0};
    struct entry at;
    const char *folder = package_make("look");
    package_put("a/b", "x");
    ASSERT_OK(package_open(folder, &p, &keep, &e), e);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_assert(!package_look(&p, str_of(bad[i]), &at, &e), "%s", bad[i]);
    cr_assert(!package_look(&p, STR("a\0b"), &at, &e));
    ASSERT_OK(package_look(&p, STR("a/b"), &at, &e), e);
    cr_assert(at.kind == ENTRY_FILE && at.n_bytes == 1 && str_eq(at.name, STR("b")));
    ASSERT_OK(package_look(&p, STR("a/c"), &at, &e), e);
    cr_assert_eq(at.kind, ENTRY_ABSENT);
    ASSERT_OK(package_look(&p, STR("a/b/c"), &at, &e), e);
    cr_assert_eq(at.kind, ENTRY_ABSENT);
    cr_assert(!package_open("/", &p, &keep, &e));
}

Test(package, a_sibling_with_the_same_beginning_is_outside, .init = open_arenas)
{
    struct package p = {0};
    struct entry at;
    (void)package_make("pack-secrets");
    package_put("key", "x");
    const char *folder = package_make("pack");
    package_link("out", "../pack-secrets/key");
    ASSERT_OK(package_open(folder, &p, &keep, &e), e);
    cr_assert(!package_look(&p, STR("out"), &at, &e));
    cr_assert(strstr(e.text, "leaves the package") != NULL);
}
