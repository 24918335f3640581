#include "datasets/embedded.h"

#include <assert.h>

/* Files enter through the assembler's .incbin: gcc 12 and clang 14 have no #embed, and a generated
 * array of a megabyte takes seconds to compile. Paths count from the root of the repository, where
 * make runs; the Makefile names datasets/suites/ as what this object depends on. */
/* NOLINTBEGIN(bugprone-macro-parentheses): a declared name takes none */
#define EMBED_FILE(symbol, path)                                                                   \
    __asm__(".pushsection .rodata, \"a\"\n"                                                        \
            ".balign 16\n" #symbol ":\n"                                                           \
            ".incbin \"" path "\"\n" #symbol "_end:\n"                                             \
            ".byte 0\n"                                                                            \
            ".popsection\n");                                                                      \
    extern const char symbol[];                                                                    \
    extern const char symbol##_end[]

/* NOLINTEND(bugprone-macro-parentheses) */

#define EMBED(name)                                                                                \
    EMBED_FILE(embedded_##name##_json, "datasets/suites/" #name ".json");                          \
    EMBED_FILE(embedded_##name##_jsonl, "datasets/suites/" #name ".jsonl")

/* clang-format off */
#define ROW(name)                                                                                  \
    {#name, "datasets/suites/" #name ".json", "datasets/suites/" #name ".jsonl",                   \
     embedded_##name##_json, embedded_##name##_json_end,                                           \
     embedded_##name##_jsonl, embedded_##name##_jsonl_end}
/* clang-format on */

/* Where a length is needed a second symbol marks the end: the assembler knows it, the compiler
 * does not, so struct embedded is filled on request. */
struct row {
    const char *name;
    const char *path;
    const char *data_path;
    const char *definition;
    const char *definition_end;
    const char *data;
    const char *data_end;
};

EMBED(arith);
EMBED(programs);

static const struct row rows[] = {
    ROW(arith),
    ROW(programs),
    {0},
};

bool embedded_at(int64_t i, struct embedded *out)
{
    assert(i >= 0);
    if (i >= (int64_t)(sizeof rows / sizeof *rows) - 1)
        return false;
    const struct row *r = &rows[i];
    assert(r->definition_end > r->definition);
    *out = (struct embedded){.name = r->name,
                             .path = r->path,
                             .data_path = r->data_path,
                             .definition = {r->definition, r->definition_end - r->definition},
                             .data = {r->data, r->data_end - r->data}};
    return true;
}

bool embedded_find(struct str name, struct embedded *out)
{
    for (int64_t i = 0; embedded_at(i, out); i++)
        if (str_eq(str_of(out->name), name))
            return true;
    return false;
}
