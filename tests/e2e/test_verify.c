/* `podium verify` over the submissions of assets/olympiad_cases/verify: three forms of the same
 * finals, a contest with penalties, and what does not match. */
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

#define FOLDER "assets/olympiad_cases/verify"
#define SHOWN(s)                                                                                   \
    "exit %d\n%.*s\n%.*s", (s).rc, STR_ARG(buf_str(&(s).out)), STR_ARG(buf_str(&(s).err))

static struct arena keep;

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_GIB);
    (void)setenv("PODIUM_CACHE", "build/tmp/cache", 0);
}

TestSuite(verify, .init = setup, .timeout = 600);

static bool says(const struct shell *s, const char *text)
{
    return str_find(buf_str(&s->out), str_of(text), 0) >= 0 ||
           str_find(buf_str(&s->err), str_of(text), 0) >= 0;
}

static struct shell verify(const char *what, const char *tasks, const char *more)
{
    struct shell s = shell_podium(
        arena_fmt(&keep, "verify %s --tasks assets/olympiad_cases/%s %s", what, tasks, more).at,
        STR(""));
    if (s.rc == 3 && says(&s, "on this machine"))
        support_skip("toolchain", "a toolchain of these submissions is missing");
    return s;
}

static void finals(const char *what, const char *read_as)
{
    struct shell s = verify(what, "ioi", "--expect " FOLDER "/EXPECTED.json");
    cr_assert_eq(s.rc, 0, SHOWN(s));
    cr_assert(says(&s, read_as), SHOWN(s));
    cr_assert(says(&s, "total 217"), SHOWN(s));
    cr_assert(says(&s, "as expected"), SHOWN(s));
    shell_free(&s);
}

Test(verify, a_list_of_submissions)
{
    finals(FOLDER "/submissions.json", "the problem is a member of each");
}

Test(verify, submissions_nested_by_problem)
{
    finals(FOLDER "/submissions_nested.json", "the problem is the key above each");
}

Test(verify, a_folder_tree)
{
    finals(FOLDER "/tree", "the problem is the first folder");
}

Test(verify, a_contest_with_penalties_and_a_medal)
{
    struct shell s = verify(FOLDER "/contest.json", "icpc",
                            "--expect " FOLDER "/CONTEST_EXPECTED.json --medals 4,3,2 --json");
    struct json *doc = NULL;
    struct err e = {0};
    struct str medal = {0};
    double penalty = 0;
    cr_assert_eq(s.rc, 0, SHOWN(s));
    ASSERT_OK(json_parse(buf_str(&s.out), "verify", &doc, &e), e);
    cr_assert(json_f64(json_get(doc, "penalty"), &penalty));
    cr_assert_eq(penalty, 220);
    cr_assert(json_str(json_get(doc, "medal"), &medal));
    cr_assert(str_eq(medal, STR("silver")));
    cr_assert_eq(json_count(json_get(doc, "differences")), 0);
    cr_assert(json_get(doc, "machine") != NULL);
    json_free(doc);
    shell_free(&s);
}

static const char *file(const char *name, const char *text)
{
    struct err e = {0};
    const char *path = arena_fmt(&keep, "%s/%s", support_temp(), name).at;
    ASSERT_OK(file_write(path, str_of(text), &e), e);
    return path;
}

Test(verify, a_score_that_differs_is_exit_1)
{
    const char *subs = file("s.json", "[{\"problem\":\"Streak\",\"language\":\"python\","
                                      "\"code\":\"print(1)\\n\"}]");
    const char *want = file("x.json", "{\"problems\":{\"streak\":{\"solved\":true}}}");
    struct shell s = verify(subs, "icpc", arena_fmt(&keep, "--expect %s", want).at);
    cr_assert_eq(s.rc, 1, SHOWN(s));
    cr_assert(says(&s, "differs: streak, solved: expected 1, got 0"), SHOWN(s));
    shell_free(&s);
}

Test(verify, an_unknown_problem_or_language_is_not_judged)
{
    const char *subs =
        file("s.json", "[{\"problem\":\"unheard of\",\"language\":\"cpp\",\"code\":\"x\"},"
                       "{\"problem\":\"streak\",\"language\":\"befunge\",\"code\":\"x\"}]");
    struct shell s = verify(subs, "icpc", "");
    cr_assert_eq(s.rc, 3, SHOWN(s));
    cr_assert(says(&s, "no task is called \"unheard of\""), SHOWN(s));
    cr_assert(says(&s, "not judged in language \"befunge\""), SHOWN(s));
    cr_assert(says(&s, "2 submissions could not be judged"), SHOWN(s));
    shell_free(&s);
}

Test(verify, a_folder_without_tasks_is_exit_3)
{
    const char *subs = file("s.json", "[{\"problem\":\"a\",\"code\":\"x\"}]");
    struct shell s =
        shell_podium(arena_fmt(&keep, "verify %s --tasks %s", subs, support_temp()).at, STR(""));
    cr_assert_eq(s.rc, 3, SHOWN(s));
    shell_free(&s);
}
