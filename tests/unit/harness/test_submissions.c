/* Final submissions in every nesting they have been seen in. */
#include "base/file.h"
#include "base/limits.h"
#include "harness/submissions.h"
#include "tests/support/support.h"

static struct arena keep;
static struct submissions got;

static void setup(void)
{
    arena_init(&keep, "keep", LIMIT_GIB);
}

TestSuite(submissions, .init = setup);

static void read_text(const char *text)
{
    struct err e = {0};
    ASSERT_OK(submissions_parse(str_of(text), "x.json", &got, &keep, &e), e);
}

static void is(int64_t i, const char *problem, int language, const char *code)
{
    const struct submission *s = &got.at[i];
    cr_assert_lt(i, got.n);
    cr_assert(str_eq(s->problem, str_of(problem)), "%.*s", STR_ARG(s->problem));
    cr_assert_eq(s->has_language ? (int)s->language : -1, language, "%s",
                 language_name(s->language));
    cr_assert(str_eq(s->files[0].text, str_of(code)), "%.*s", STR_ARG(s->files[0].text));
}

Test(submissions, a_list_of_objects)
{
    read_text("[{\"problem\":\"p1\",\"language\":\"cpp\",\"code\":\"int main(){}\"},"
              "{\"problem\":\"p2\",\"language\":\"Python 3\",\"code\":\"print(1)\"}]");
    cr_assert_eq(got.n, 2);
    is(0, "p1", LANGUAGE_CPP, "int main(){}");
}

Test(submissions, lists_by_problem)
{
    read_text("{\"festival\":[{\"lang\":\"cpp20\",\"source\":\"a\"},{\"code\":\"#include <x>\"}],"
              "\"souvenirs\":[{\"language\":\"java\",\"code\":\"b\"}]}");
    cr_assert_eq(got.n, 3);
    is(0, "festival", LANGUAGE_CPP20, "a");
    is(1, "festival", LANGUAGE_CPP, "#include <x>");
    is(2, "souvenirs", LANGUAGE_JAVA, "b");
}

Test(submissions, texts_by_problem_and_language)
{
    read_text("{\"A\":{\"cpp\":\"#include <a>\\nint main(){}\"},"
              "\"B\":{\"python\":\"x = 1\\nprint(x)\\n\"}}");
    cr_assert_eq(got.n, 2);
    is(0, "A", LANGUAGE_CPP, "#include <a>\nint main(){}");
    is(1, "B", LANGUAGE_PYTHON, "x = 1\nprint(x)\n");
}

Test(submissions, problems_that_hold_their_submissions)
{
    read_text("{\"contest\":\"x\",\"problems\":[{\"name\":\"orchard\",\"submissions\":"
              "[{\"code\":\"int a;\\n\",\"language\":\"c\"}]}]}");
    cr_assert_eq(got.n, 1);
    is(0, "orchard", LANGUAGE_C, "int a;\n");
}

Test(submissions, lines_of_json)
{
    read_text("{\"problem\":\"a\",\"language\":\"cpp\",\"code\":\"1\"}\n"
              "{\"problem\":\"b\",\"language\":\"cpp\",\"code\":\"2\"}\n");
    cr_assert_eq(got.n, 2);
    is(1, "b", LANGUAGE_CPP, "2");
}

Test(submissions, a_whole_answer_gives_its_last_block)
{
    read_text("[{\"problem\":\"a\",\"response\":\"First\\n```cpp\\nold\\n```\\nthen\\n"
              "```python\\nnew\\n```\\n\"}]");
    is(0, "a", LANGUAGE_PYTHON, "new\n");
    cr_assert(str_find(got.read_as, STR("fenced"), 0) >= 0);
}

Test(submissions, an_unknown_language_is_kept_as_said)
{
    read_text("[{\"problem\":\"a\",\"language\":\"Befunge\",\"code\":\"v\"}]");
    cr_assert_not(got.at[0].has_language);
    cr_assert(str_eq(got.at[0].language_text, STR("Befunge")));
}

Test(submissions, minutes_are_read)
{
    read_text("[{\"problem\":\"a\",\"language\":\"cpp\",\"code\":\"v\",\"minutes\":61.5}]");
    cr_assert(got.at[0].has_minutes);
    cr_assert_eq(got.at[0].minutes, 61.5);
}

Test(submissions, nothing_found_is_an_error_that_says_what_was_looked_for)
{
    struct err e = {0};
    cr_assert_not(submissions_parse(STR("{\"a\":[1,2,{}]}"), "x.json", &got, &keep, &e));
    cr_assert(strstr(e.text, "no submissions found") != NULL, "%s", e.text);
    cr_assert_not(submissions_parse(STR("{\"a\":"), "x.json", &got, &keep, &e));
}

Test(submissions, a_folder_tree)
{
    struct err e = {0};
    const char *top = support_temp();
    static const char *const files[] = {"p1/a.cpp", "p1/b.py", "p2/java/Main.java", "p3.cpp",
                                        "p4/out/output_001.txt"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const char *path = arena_fmt(&keep, "%s/%s", top, files[i]).at;
        char *dir = (char *)(uintptr_t)arena_str(&keep, str_of(path)).at;
        *strrchr(dir, '/') = 0;
        ASSERT_OK(file_make_dirs(dir, &e), e);
        ASSERT_OK(file_write(path, STR("x"), &e), e);
    }
    ASSERT_OK(submissions_read(top, &got, &keep, &e), e);
    cr_assert_eq(got.n, 5);
    static const char *const problems[] = {"p1", "p1", "p2", "p3", "p4"};
    for (int64_t i = 0; i < 5; i++)
        cr_assert(str_eq(got.at[i].problem, str_of(problems[i])), "%.*s",
                  STR_ARG(got.at[i].problem));
    cr_assert_eq(got.at[1].language, LANGUAGE_PYTHON);
    cr_assert(strstr(got.at[4].path, "p4/out") != NULL);
}
