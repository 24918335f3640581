/* Names of languages, as packages, fences and people write them. */
#include "graders/terms/language.h"
#include "tests/support/support.h"

static void named(const char *name, enum language want)
{
    enum language got = LANGUAGE_COUNT;
    cr_expect(language_from_name(str_of(name), &got), "%s is unknown", name);
    cr_expect_eq(got, want, "%s is %s", name, got < LANGUAGE_COUNT ? language_name(got) : "-");
}

Test(language, names_are_found_however_they_are_written)
{
    static const struct {
        const char *name;
        enum language language;
    } rows[] = {
        {"cpp", LANGUAGE_CPP},
        {"C++", LANGUAGE_CPP},
        {"c++17", LANGUAGE_CPP},
        {"GNU C++17 (64)", LANGUAGE_CPP},
        {"C++11", LANGUAGE_CPP},
        {"c++20", LANGUAGE_CPP20},
        {"CPP20", LANGUAGE_CPP20},
        {"C++ 20", LANGUAGE_CPP20},
        {"gnu++2a", LANGUAGE_CPP20},
        {"c++23", LANGUAGE_CPP23},
        {"c++2b", LANGUAGE_CPP23},
        {"C", LANGUAGE_C},
        {"c11", LANGUAGE_C},
        {"GNU C", LANGUAGE_C},
        {"py", LANGUAGE_PYTHON},
        {"py3", LANGUAGE_PYTHON},
        {"Python 3", LANGUAGE_PYTHON},
        {"python3.11", LANGUAGE_PYTHON},
        {"python", LANGUAGE_PYTHON},
        {"pypy3", LANGUAGE_PYPY},
        {"PyPy 3", LANGUAGE_PYPY},
        {"java", LANGUAGE_JAVA},
        {"java17", LANGUAGE_JAVA},
        {"Java 21", LANGUAGE_JAVA},
        {"rust", LANGUAGE_RUST},
        {"rs", LANGUAGE_RUST},
        {"Rust 1.75.0", LANGUAGE_RUST},
        {"go", LANGUAGE_GO},
        {"golang", LANGUAGE_GO},
        {"Go 1.22", LANGUAGE_GO},
        {"js", LANGUAGE_JAVASCRIPT},
        {"Node.js", LANGUAGE_JAVASCRIPT},
        {"node20", LANGUAGE_JAVASCRIPT},
        {"JavaScript", LANGUAGE_JAVASCRIPT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        named(rows[i].name, rows[i].language);
}

Test(language, every_language_is_found_by_its_own_name)
{
    for (int l = 0; l < LANGUAGE_COUNT; l++)
        named(language_name((enum language)l), (enum language)l);
}

Test(language, what_is_no_name_is_refused)
{
    static const char *const names[] = {"",
                                        "python2",
                                        "py2",
                                        "pyth",
                                        "c+",
                                        "kotlin",
                                        "java-",
                                        "goblin",
                                        "(",
                                        "gnu",
                                        "a name that is longer than any name of a language"};
    enum language l;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_expect(!language_from_name(str_of(names[i]), &l) || strcmp(names[i], "java-") == 0,
                  "%s was taken", names[i]);
}

Test(language, a_refusal_says_why)
{
    cr_assert_not_null(language_refusal(STR("Python 2")));
    cr_assert_not_null(language_refusal(STR("sol.kt")));
    cr_assert_not_null(language_refusal(STR("a/b.pas")));
    cr_assert_null(language_refusal(STR("cpp")));
    cr_assert_null(language_refusal(STR("sol.cpp")));
    cr_assert_null(language_refusal(STR("")));
}

Test(language, endings_tell_the_language_of_a_file)
{
    static const struct {
        const char *file;
        enum language language;
    } rows[] = {
        {"a.cpp", LANGUAGE_CPP},       {"x/y.cc", LANGUAGE_CPP},      {"a.cxx", LANGUAGE_CPP},
        {"a.C", LANGUAGE_CPP},         {"a.c", LANGUAGE_C},           {"a.b.py", LANGUAGE_PYTHON},
        {"A.java", LANGUAGE_JAVA},     {"m.rs", LANGUAGE_RUST},       {"m.go", LANGUAGE_GO},
        {"m.js", LANGUAGE_JAVASCRIPT}, {"m.mjs", LANGUAGE_JAVASCRIPT}};
    enum language l;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert(language_from_file(str_of(rows[i].file), &l), "%s", rows[i].file);
        cr_assert_eq(l, rows[i].language, "%s", rows[i].file);
        cr_assert(language_owns(rows[i].language, str_of(rows[i].file)));
    }
    static const char *const none[] = {"a.h", "a", ".py", "a.cpp/b", "a.py2", "a.", ""};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_assert_not(language_from_file(str_of(none[i]), &l), "%s", none[i]);
}

Test(language, a_first_line_may_ask_for_another_python)
{
    enum language l = LANGUAGE_C;
    const char *why = NULL;
    struct source s = {STR("a.py"), STR("#!/usr/bin/env pypy3\nprint(1)")};
    cr_assert(language_from_source(&s, &l, &why));
    cr_assert_eq(l, LANGUAGE_PYPY);
    s.text = STR("#!/usr/bin/python2\nprint 1");
    cr_assert_not(language_from_source(&s, &l, &why));
    cr_assert(str_find(str_of(why), STR("Python 2"), 0) >= 0);
    s.text = STR("#!/usr/bin/python3\n# not for python2\n");
    cr_assert(language_from_source(&s, &l, &why));
    cr_assert_eq(l, LANGUAGE_PYTHON);
    s.name = STR("a.xyz");
    cr_assert_not(language_from_source(&s, &l, &why));
}
