/* What comes back from compilers and caches, and what is asked of source text: archives of class
 * files, kept entries, names, Java's public type. The first byte says which. */
#include <stdlib.h>

#include "base/limits.h"
#include "graders/judge/compile_entry.h"
#include "graders/judge/compile_pch.h"
#include "graders/judge/java.h"
#include "graders/judge/plan.h"
#include "graders/judge/tar.h"

static void classes(struct str bytes, struct arena *keep)
{
    struct tar_file *files = NULL;
    struct err e = {0};
    struct str name = {0};
    int64_t n = 0;
    if (!tar_read(bytes, &files, &n, keep, &e))
        return;
    struct sandbox_file *given = NEW(keep, struct sandbox_file, n);
    for (int64_t i = 0; i < n; i++)
        given[i] = (struct sandbox_file){.name = files[i].name, .bytes = files[i].bytes};
    if (java_main_class(given, n, STR("grader"), STR("Main"), &name, keep) && name.n == 0)
        abort();
}

static void one_class(struct str bytes, struct arena *keep)
{
    struct sandbox_file file = {.name = STR("A.class"), .bytes = bytes};
    struct str name = {0};
    (void)java_main_class(&file, 1, (struct str){0}, STR("Main"), &name, keep);
}

/* An entry that is taken is written as it was read. */
static void entry(struct str bytes, struct arena *keep)
{
    struct program p = {0};
    struct buf again = {0};
    if (!entry_get(bytes, &p, keep))
        return;
    entry_put(&again, &p);
    if (!str_eq(buf_str(&again), bytes))
        abort();
    buf_free(&again);
}

/* Files of one submission: name, newline, text up to a NUL. */
static void plan(struct str bytes, enum language l, struct arena *keep)
{
    struct source files[8];
    struct compile_in in = {.language = l, .files = files, .extra = files};
    struct plan p;
    struct err e = {0};
    struct str piece;
    while (in.n_files < 8 && str_split(&bytes, 0, &piece)) {
        struct str name = {0};
        (void)str_split(&piece, '\n', &name);
        files[in.n_files++] = (struct source){name, piece};
    }
    in.n_extra = in.n_files / 3;
    in.files += in.n_extra;
    in.n_files -= in.n_extra;
    if (in.n_files == 0 || !plan_files(&in, &p, keep, &e) || p.why_not.n > 0)
        return;
    for (int64_t i = 0; i < p.n_files; i++)
        if (!plan_name_is_safe(p.files[i].name))
            abort();
    for (int64_t i = 0; i < p.n_sources; i++)
        if (p.sources[i].n == 0 || p.sources[i].at[0] == '-' || p.sources[i].at[0] == '@')
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 1)
        return 0;
    struct arena keep;
    struct str bytes = {(const char *)data + 1, (int64_t)n - 1};
    arena_init(&keep, "fuzz", LIMIT_GIB);
    switch (data[0] % 16) {
    case 10:
        classes(bytes, &keep);
        break;
    case 11:
        one_class(bytes, &keep);
        break;
    case 12:
        entry(bytes, &keep);
        break;
    case 13:
        (void)java_public_type(bytes);
        break;
    case 14:
        (void)pch_fits(bytes);
        break;
    default:
        plan(bytes, (enum language)(data[0] % 16 % LANGUAGE_COUNT), &keep);
    }
    arena_fini(&keep);
    return 0;
}
