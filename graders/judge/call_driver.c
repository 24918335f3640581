#include "graders/judge/call_driver.h"

#include <assert.h>

/* The texts enter through the assembler's .incbin, as suites do (datasets/embedded.c); the Makefile
 * names the folder as what this object depends on. */
#define EMBED(symbol, file)                                                                        \
    __asm__(".pushsection .rodata, \"a\"\n" #symbol ":\n"                                          \
            ".incbin \"graders/judge/drivers/" file "\"\n" #symbol "_end:\n"                       \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char symbol[];                                                                    \
    extern const char symbol##_end[] /* NOLINT(bugprone-macro-parentheses) */

EMBED(call_py, "call.py");
EMBED(call_js, "call.js");
EMBED(call_hpp, "call.hpp");
EMBED(call_java, "call.java");

#define TEXT(symbol) ((struct str){symbol, symbol##_end - symbol})

/* What LeetCode's Java has imported; on the submission's first line, so that lines keep their
 * numbers. */
#define JAVA_IMPORTS                                                                               \
    "import java.io.*; import java.math.*; import java.util.*; import java.util.function.*; "      \
    "import java.util.stream.*; "

/* A submission may have #defined any of these; "#define int long long" is common. */
#define CPP_UNDEF                                                                                  \
    "#undef main\n#undef int\n#undef signed\n#undef return\n#undef podium_call\n#undef run\n"

enum driver driver_of(enum language l)
{
    switch (l) {
    case LANGUAGE_PYTHON:
    case LANGUAGE_PYPY:
        return DRIVER_PYTHON;
    case LANGUAGE_JAVASCRIPT:
        return DRIVER_JAVASCRIPT;
    case LANGUAGE_CPP:
    case LANGUAGE_CPP20:
    case LANGUAGE_CPP23:
        return DRIVER_CPP;
    case LANGUAGE_JAVA:
        return DRIVER_JAVA;
    case LANGUAGE_C:
    case LANGUAGE_RUST:
    case LANGUAGE_GO:
    case LANGUAGE_COUNT:
        break;
    }
    return DRIVER_NONE;
}

/* Around the submission in one file: what it needs before it, main after it. */
static struct str cpp_source(struct str class_name, struct str method, struct str source,
                             struct arena *keep)
{
    struct str head = TEXT(call_hpp);
    const char *colons = class_name.n > 0 ? "::" : "";
    return arena_fmt(keep,
                     "%.*s#line 1 \"prog.cpp\"\n%.*s\n#line 1 \"call.cpp\"\n" CPP_UNDEF
                     "int main() { return ::podium_call::run(&%.*s%s%.*s); }\n",
                     STR_ARG(head), STR_ARG(source), STR_ARG(class_name), colons, STR_ARG(method));
}

void driver_compile_in(enum driver d, struct str class_name, struct str method, struct str source,
                       struct compile_in *in, struct arena *keep)
{
    struct source *files = NEW(keep, struct source, 2);
    files[0] = (struct source){STR("prog"), source};
    in->files = files;
    in->n_files = 1;
    if (d == DRIVER_CPP)
        files[0].text = cpp_source(class_name, method, source, keep);
    if (d != DRIVER_JAVA)
        return;
    struct str name = class_name.n > 0 ? class_name : STR("Solution");
    files[0] = (struct source){arena_fmt(keep, "%.*s.java", STR_ARG(name)),
                               arena_fmt(keep, JAVA_IMPORTS "%.*s", STR_ARG(source))};
    files[1] = (struct source){STR("PodiumCall.java"), TEXT(call_java)};
    in->extra = &files[1];
    in->n_extra = 1;
    in->entry = STR("PodiumCall");
}

int64_t driver_file(enum driver d, struct sandbox_file *out)
{
    if (d == DRIVER_PYTHON)
        *out = (struct sandbox_file){.name = STR("call_driver.py"), .bytes = TEXT(call_py)};
    else if (d == DRIVER_JAVASCRIPT)
        *out = (struct sandbox_file){.name = STR("call_driver.js"), .bytes = TEXT(call_js)};
    else
        return 0;
    return 1;
}

/* The submission's own file, which the interpreter would have been given. */
static bool is_script(const struct program *p, struct str arg)
{
    for (int64_t i = 0; i < p->n_files; i++)
        if (str_eq(p->files[i].name, arg))
            return true;
    return false;
}

void driver_argv(enum driver d, const struct program *p, struct sandbox_job *job,
                 struct arena *keep)
{
    struct str *argv = NEW(keep, struct str, p->n_argv + 2);
    int64_t n = 0;
    for (int64_t i = 0; i < p->n_argv; i++) {
        if (d == DRIVER_PYTHON && is_script(p, p->argv[i]))
            argv[n++] = STR("call_driver.py");
        if (d == DRIVER_JAVASCRIPT && is_script(p, p->argv[i]))
            argv[n++] = STR("call_driver.js");
        argv[n++] = p->argv[i];
        if (d == DRIVER_JAVA && i == 0)
            argv[n++] = STR("--add-opens=java.base/java.io=ALL-UNNAMED");
    }
    assert(n <= p->n_argv + 1);
    job->argv = argv;
    job->n_argv = n;
}
