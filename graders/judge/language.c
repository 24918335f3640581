#include "graders/judge/language.h"

#include <assert.h>

static const char *const names[LANGUAGE_COUNT] = {"cpp",  "python", "c",    "cpp20", "cpp23",
                                                  "pypy", "java",   "rust", "go",    "javascript"};

bool language_from_name(struct str name, enum language *out)
{
    static const struct {
        const char *name;
        enum language language;
    } known[] = {
        {"cpp", LANGUAGE_CPP},   {"c++", LANGUAGE_CPP},        {"cc", LANGUAGE_CPP},
        {"cxx", LANGUAGE_CPP},   {"cpp17", LANGUAGE_CPP},      {"c++17", LANGUAGE_CPP},
        {"cpp20", LANGUAGE_CPP}, {"c++20", LANGUAGE_CPP},      {"python", LANGUAGE_PYTHON},
        {"py", LANGUAGE_PYTHON}, {"python3", LANGUAGE_PYTHON},
    };
    char low[16] = {0};
    if (name.n >= (int64_t)sizeof low)
        return false;
    for (int64_t i = 0; i < name.n; i++)
        low[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] + 32) : name.at[i];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq((struct str){low, name.n}, str_of(known[i].name))) {
            *out = known[i].language;
            return true;
        }
    return false;
}

bool language_from_file(struct str file, enum language *out)
{
    static const struct {
        const char *ending;
        enum language language;
    } known[] = {{".cpp", LANGUAGE_CPP}, {".cc", LANGUAGE_CPP},    {".cxx", LANGUAGE_CPP},
                 {".c", LANGUAGE_C},     {".py", LANGUAGE_PYTHON}, {".java", LANGUAGE_JAVA},
                 {".rs", LANGUAGE_RUST}, {".go", LANGUAGE_GO},     {".js", LANGUAGE_JAVASCRIPT}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_ends(file, str_of(known[i].ending))) {
            *out = known[i].language;
            return true;
        }
    return false;
}

const char *language_name(enum language l)
{
    assert((int)l >= 0);
    assert(l < LANGUAGE_COUNT);
    return names[l];
}

const char *language_folder(enum language l)
{
    static const char *const folders[LANGUAGE_COUNT] = {"cpp",  "py",   "c",    "cpp", "cpp",
                                                        "pypy", "java", "rust", "go",  "js"};
    assert((int)l >= 0);
    assert(l < LANGUAGE_COUNT);
    return folders[l];
}
