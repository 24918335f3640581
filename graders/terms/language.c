#include "graders/terms/language.h"

#include <assert.h>

enum { NAME_BYTES = 32 };

static const char *const names[LANGUAGE_COUNT] = {"cpp",  "python", "c",    "cpp20", "cpp23",
                                                  "pypy", "java",   "rust", "go",    "javascript"};

struct word {
    const char *word;
    enum language language;
};

/* Compared without blanks, "-", "_", "." and "gnu", in lower case: "GNU C++ 17" is "c++17". C++
 * before 17 is compiled as 17: what a contest accepted then compiles now, with rare exceptions. */
static const struct word known_names[] = {
    {"cpp", LANGUAGE_CPP},
    {"c++", LANGUAGE_CPP},
    {"cc", LANGUAGE_CPP},
    {"cxx", LANGUAGE_CPP},
    {"g++", LANGUAGE_CPP},
    {"cpp98", LANGUAGE_CPP},
    {"c++98", LANGUAGE_CPP},
    {"cpp03", LANGUAGE_CPP},
    {"c++03", LANGUAGE_CPP},
    {"cpp11", LANGUAGE_CPP},
    {"c++11", LANGUAGE_CPP},
    {"cpp14", LANGUAGE_CPP},
    {"c++14", LANGUAGE_CPP},
    {"cpp17", LANGUAGE_CPP},
    {"c++17", LANGUAGE_CPP},
    {"++17", LANGUAGE_CPP},
    {"++14", LANGUAGE_CPP},
    {"++11", LANGUAGE_CPP},
    {"c++1z", LANGUAGE_CPP},
    {"cpp20", LANGUAGE_CPP20},
    {"c++20", LANGUAGE_CPP20},
    {"++20", LANGUAGE_CPP20}, /* gnu++20, as compilers write it */
    {"++2a", LANGUAGE_CPP20},
    {"c++2a", LANGUAGE_CPP20},
    {"cpp23", LANGUAGE_CPP23},
    {"c++23", LANGUAGE_CPP23},
    {"++23", LANGUAGE_CPP23},
    {"++2b", LANGUAGE_CPP23},
    {"c++2b", LANGUAGE_CPP23},
    {"c", LANGUAGE_C},
    {"gcc", LANGUAGE_C},
    {"c89", LANGUAGE_C},
    {"c90", LANGUAGE_C},
    {"c99", LANGUAGE_C},
    {"c11", LANGUAGE_C},
    {"c17", LANGUAGE_C},
    {"c18", LANGUAGE_C},
    {"py", LANGUAGE_PYTHON},
    {"py3", LANGUAGE_PYTHON},
    {"python", LANGUAGE_PYTHON},
    {"python3", LANGUAGE_PYTHON},
    {"cpython", LANGUAGE_PYTHON},
    {"cpython3", LANGUAGE_PYTHON},
    {"pypy", LANGUAGE_PYPY},
    {"pypy3", LANGUAGE_PYPY},
    {"java", LANGUAGE_JAVA},
    {"openjdk", LANGUAGE_JAVA},
    {"rust", LANGUAGE_RUST},
    {"rs", LANGUAGE_RUST},
    {"go", LANGUAGE_GO},
    {"golang", LANGUAGE_GO},
    {"js", LANGUAGE_JAVASCRIPT},
    {"javascript", LANGUAGE_JAVASCRIPT},
    {"node", LANGUAGE_JAVASCRIPT},
    {"nodejs", LANGUAGE_JAVASCRIPT},
    {"ecmascript", LANGUAGE_JAVASCRIPT},
};

static const struct word endings[] = {
    {".cpp", LANGUAGE_CPP},        {".cc", LANGUAGE_CPP},         {".cxx", LANGUAGE_CPP},
    {".c++", LANGUAGE_CPP},        {".C", LANGUAGE_CPP},          {".cpp17", LANGUAGE_CPP},
    {".cpp20", LANGUAGE_CPP20},    {".cpp23", LANGUAGE_CPP23},    {".c", LANGUAGE_C},
    {".py", LANGUAGE_PYTHON},      {".py3", LANGUAGE_PYTHON},     {".java", LANGUAGE_JAVA},
    {".rs", LANGUAGE_RUST},        {".go", LANGUAGE_GO},          {".js", LANGUAGE_JAVASCRIPT},
    {".mjs", LANGUAGE_JAVASCRIPT}, {".cjs", LANGUAGE_JAVASCRIPT},
};

/* What exists, is met in packages, and is not judged. */
static const struct {
    const char *word;
    const char *why;
} refusals[] = {
    {"python2", "Python 2 is not judged: it is not Python 3, and has had no releases since 2020"},
    {"py2", "Python 2 is not judged: it is not Python 3, and has had no releases since 2020"},
    {"pypy2", "Python 2 is not judged: it is not Python 3, and has had no releases since 2020"},
    {".py2", "Python 2 is not judged: it is not Python 3, and has had no releases since 2020"},
    {"kotlin", "Kotlin is not judged"},
    {".kt", "Kotlin is not judged"},
    {"scala", "Scala is not judged"},
    {".scala", "Scala is not judged"},
    {"pascal", "Pascal is not judged"},
    {".pas", "Pascal is not judged"},
    {"haskell", "Haskell is not judged"},
    {".hs", "Haskell is not judged"},
    {"c#", "C# is not judged"},
    {"csharp", "C# is not judged"},
    {".cs", "C# is not judged"},
    {"typescript", "TypeScript is not judged"},
    {".ts", "TypeScript is not judged"},
    {"ruby", "Ruby is not judged"},
    {".rb", "Ruby is not judged"},
    {"php", "PHP is not judged"},
    {".php", "PHP is not judged"},
    {"ocaml", "OCaml is not judged"},
    {".ml", "OCaml is not judged"},
    {"swift", "Swift is not judged"},
    {".swift", "Swift is not judged"},
    {"d", "D is not judged"},
    {".d", "D is not judged"},
};

/* As known_names says. False when nothing is left, or too much. */
static bool plain_name(struct str name, char low[NAME_BYTES], struct str *out)
{
    int64_t n = 0;
    int64_t end = str_find(name, STR("("), 0); /* "C++17 (64 bits)" */
    name = str_sub(name, 0, end > 0 ? end : name.n);
    for (int64_t i = 0; i < name.n; i++) {
        char c = name.at[i];
        if (c == ' ' || c == '-' || c == '_' || c == '.')
            continue;
        if (n + 1 >= NAME_BYTES)
            return false;
        low[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
    }
    struct str s = {low, n};
    *out = s.n > 3 && str_starts(s, STR("gnu")) ? str_sub(s, 3, s.n) : s;
    return out->n > 0;
}

static bool is_number(struct str s)
{
    for (int64_t i = 0; i < s.n; i++)
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
    return s.n > 0;
}

/* "java17", "python311", "node20", "rust1750", "go119": whatever release this machine has. */
static bool with_release(struct str s, enum language *out)
{
    static const struct word words[] = {
        {"java", LANGUAGE_JAVA},       {"openjdk", LANGUAGE_JAVA},  {"python3", LANGUAGE_PYTHON},
        {"pypy3", LANGUAGE_PYPY},      {"rust", LANGUAGE_RUST},     {"go", LANGUAGE_GO},
        {"node", LANGUAGE_JAVASCRIPT}, {"es", LANGUAGE_JAVASCRIPT}, {"nodejs", LANGUAGE_JAVASCRIPT},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str word = str_of(words[i].word);
        if (str_starts(s, word) && is_number(str_sub(s, word.n, s.n))) {
            *out = words[i].language;
            return true;
        }
    }
    return false;
}

bool language_from_name(struct str name, enum language *out)
{
    char low[NAME_BYTES];
    struct str s;
    if (!plain_name(name, low, &s))
        return false;
    for (size_t i = 0; i < sizeof known_names / sizeof *known_names; i++)
        if (str_eq(s, str_of(known_names[i].word))) {
            *out = known_names[i].language;
            return true;
        }
    return with_release(s, out);
}

/* From the last dot of the last component: "a.b/c.tar" has ".tar"; "" when there is none. */
static struct str ending_of(struct str file)
{
    struct str base = str_sub(file, str_rfind(file, STR("/")) + 1, file.n);
    int64_t dot = str_rfind(base, STR("."));
    return dot < 1 ? (struct str){"", 0} : str_sub(base, dot, base.n);
}

bool language_from_file(struct str file, enum language *out)
{
    struct str ending = ending_of(file);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_eq(ending, str_of(endings[i].word))) {
            *out = endings[i].language;
            return true;
        }
    return false;
}

const char *language_refusal(struct str name)
{
    char low[NAME_BYTES];
    struct str s = ending_of(name);
    if (s.n == 0 && str_starts(name, STR(".")))
        s = name;
    if (s.n == 0 && !plain_name(name, low, &s))
        return NULL;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
        if (str_eq(s, str_of(refusals[i].word)))
            return refusals[i].why;
    return NULL;
}

bool language_from_source(const struct source *s, enum language *out, const char **why_not)
{
    struct str head = str_sub(s->text, 0, 200);
    struct str first = {0};
    enum language l = LANGUAGE_CPP;
    (void)str_split(&head, '\n', &first);
    if (!language_from_file(s->name, &l)) {
        const char *why = language_refusal(s->name);
        *why_not = why != NULL ? why : "no language is known by this ending";
        return false;
    }
    if (l == LANGUAGE_PYTHON && str_starts(first, STR("#!"))) {
        if (str_find(first, STR("python2"), 0) > 0) {
            *why_not = language_refusal(STR("python2"));
            return false;
        }
        if (str_find(first, STR("pypy"), 0) > 0)
            l = LANGUAGE_PYPY;
    }
    *out = l;
    return true;
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

bool language_is_cpp(enum language l)
{
    return l == LANGUAGE_CPP || l == LANGUAGE_CPP20 || l == LANGUAGE_CPP23;
}

bool language_owns(enum language l, struct str file)
{
    enum language of = LANGUAGE_CPP;
    if (!language_from_file(file, &of))
        return false;
    if (language_is_cpp(l))
        return language_is_cpp(of);
    return of == (l == LANGUAGE_PYPY ? LANGUAGE_PYTHON : l);
}
