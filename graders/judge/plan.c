#include "graders/judge/plan.h"

#include <assert.h>

#include "graders/judge/java.h"

enum { NAME_MAX_BYTES = 240, NAME_SHOWN = 60 };

/* A file on its way into the box. */
struct entry {
    struct str name;
    struct str text;
    bool is_source;
};

struct draft {
    const struct compile_in *in;
    const struct recipe *how;
    struct entry *files; /* the task's first */
    int64_t n_task;
    int64_t n;
};

/* --- names -------------------------------------------------------------------------------- */

bool plan_name_is_safe(struct str name)
{
    struct str rest = name;
    struct str part;
    if (name.n < 1 || name.n > NAME_MAX_BYTES || name.at[name.n - 1] == '/')
        return false;
    for (int64_t i = 0; i < name.n; i++)
        if ((unsigned char)name.at[i] < ' ' || name.at[i] == 127)
            return false;
    while (str_split(&rest, '/', &part))
        if (part.n == 0 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
            return false;
    return true;
}

static bool is_compiled(struct str name)
{
    static const char *const known[] = {".gch",  ".pch", ".o",    ".obj",  ".a",     ".so",
                                        ".dll",  ".exe", ".pcm",  ".gcm",  ".class", ".jar",
                                        ".pyc",  ".pyo", ".pyd",  ".rlib", ".rmeta", ".node",
                                        ".wasm", ".lib", ".dylib"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_ends(name, str_of(known[i])))
            return true;
    return false;
}

/* Plain names stay as they are, so that messages and argv[0] look as everywhere. */
static struct str as_argument(struct str name, struct arena *keep)
{
    char c = name.at[0];
    bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    return is_plain ? name : arena_fmt(keep, "./%.*s", STR_ARG(name));
}

static struct str base_of(struct str name)
{
    return str_sub(name, str_rfind(name, STR("/")) + 1, name.n);
}

static struct str stem_of(struct str name)
{
    struct str base = base_of(name);
    int64_t dot = str_rfind(base, STR("."));
    return dot > 0 ? str_sub(base, 0, dot) : base;
}

/* --- Java: a public type must be in the file of its name -------------------------------------- */

static void name_java(struct entry *f, bool is_lone, struct arena *keep)
{
    struct str type = java_public_type(f->text);
    struct str folder = str_sub(f->name, 0, str_rfind(f->name, STR("/")) + 1);
    if (type.n == 0 && !is_lone)
        return;
    if (type.n == 0)
        type = STR("Main");
    f->name = arena_fmt(keep, "%.*s%.*s.java", STR_ARG(folder), STR_ARG(type));
}

/* --- the files ------------------------------------------------------------------------------ */

/* A lone file may have any name, or none: the tool gets one that it likes. A JavaScript module is
 * told by its ending, so an ending of the language stays. */
static void name_lone(const struct draft *d, struct entry *f, struct arena *keep)
{
    int64_t dot = str_rfind(f->name, STR("."));
    if (!language_owns(d->in->language, f->name))
        f->name = str_of(d->how->trivial_name);
    else if (d->in->n_extra == 0)
        f->name = arena_fmt(keep, "prog%.*s", STR_ARG(str_sub(f->name, dot, f->name.n)));
    f->is_source = true;
}

static void take_files(struct draft *d, struct arena *keep)
{
    const struct compile_in *in = d->in;
    bool is_lone = in->n_files == 1;
    for (int64_t i = 0; i < in->n_extra; i++)
        d->files[d->n++] = (struct entry){in->extra[i].name, in->extra[i].text,
                                          language_owns(in->language, in->extra[i].name)};
    d->n_task = d->n;
    for (int64_t i = 0; i < in->n_files; i++) {
        struct entry *f = &d->files[d->n++];
        *f = (struct entry){in->files[i].name, in->files[i].text,
                            language_owns(in->language, in->files[i].name)};
        if (is_lone)
            name_lone(d, f, keep);
        else if (base_of(f->name).n > 0 && str_find(base_of(f->name), STR("."), 0) < 0)
            *f = (struct entry){arena_fmt(keep, "%.*s%s", STR_ARG(f->name), d->how->ending),
                                f->text, true};
    }
    for (int64_t i = 0; i < d->n; i++)
        if (in->language == LANGUAGE_JAVA && d->files[i].is_source)
            name_java(&d->files[i], is_lone && i >= d->n_task, keep);
}

static struct str shown(struct str name, struct arena *keep)
{
    struct str s = arena_str(keep, str_sub(name, 0, NAME_SHOWN));
    for (int64_t i = 0; i < s.n; i++)
        if ((unsigned char)s.at[i] < ' ')
            ((char *)(uintptr_t)s.at)[i] = '?';
    return s;
}

static int64_t find_name(const struct entry *f, int64_t n, struct str name)
{
    for (int64_t i = 0; i < n; i++)
        if (str_eq(f[i].name, name))
            return i;
    return -1;
}

/* What is wrong with a file's name; empty: nothing. */
static struct str fault_of(const struct draft *d, int64_t i, struct arena *keep)
{
    struct str name = d->files[i].name;
    struct str show = shown(name, keep);
    int64_t from = i < d->n_task ? 0 : d->n_task; /* across is no fault: the task's stands */
    if (!plan_name_is_safe(name))
        return arena_fmt(keep, "a file cannot be called \"%.*s\"", STR_ARG(show));
    if (is_compiled(name) && i >= d->n_task)
        return arena_fmt(keep, "%.*s is compiled already: only source text is judged",
                         STR_ARG(show));
    if (find_name(d->files + from, i - from, name) >= 0)
        return arena_fmt(keep, "two files are called %.*s", STR_ARG(show));
    if (str_eq(name, str_of(d->how->made)))
        return arena_fmt(keep, "a file cannot be called %.*s: the program is", STR_ARG(show));
    return (struct str){0};
}

/* Broken names: the task's are an err, the submission's a reason. */
static bool check_names(const struct draft *d, struct str *why_not, struct arena *keep,
                        struct err *e)
{
    for (int64_t i = 0; i < d->n; i++) {
        struct str fault = fault_of(d, i, keep);
        if (fault.n == 0)
            continue;
        if (i < d->n_task)
            return FAIL(e, ERR_INPUT, "the task's own files: %.*s", STR_ARG(fault));
        *why_not = fault;
        return true;
    }
    return true;
}

/* Drops files of the submission that the task has too. True while a source of its own is left. */
static bool drop_hidden(struct draft *d)
{
    int64_t n = d->n_task;
    bool has_own = false;
    for (int64_t i = d->n_task; i < d->n; i++)
        if (find_name(d->files, d->n_task, d->files[i].name) < 0) {
            has_own = has_own || d->files[i].is_source;
            d->files[n++] = d->files[i];
        }
    d->n = n;
    return has_own;
}

/* --- where it begins -------------------------------------------------------------------------- */

static int64_t find_stem(const struct draft *d, int64_t from, struct str stem)
{
    for (int64_t i = from; i < d->n; i++)
        if (d->files[i].is_source && str_eq(stem_of(d->files[i].name), stem))
            return i;
    return -1;
}

/* The entry named; else the task's first source, which is its grader; else main; else the first. */
static int64_t find_main(const struct draft *d)
{
    static const char *const usual[] = {"main", "__main__", "Main"};
    int64_t i = d->in->entry.n > 0 ? find_stem(d, 0, stem_of(d->in->entry)) : -1;
    for (int64_t k = 0; k < d->n_task && i < 0; k++)
        i = d->files[k].is_source ? k : -1;
    for (size_t u = 0; u < sizeof usual / sizeof *usual && i < 0; u++)
        i = find_stem(d, d->n_task, str_of(usual[u]));
    for (int64_t k = d->n_task; k < d->n && i < 0; k++)
        i = d->files[k].is_source ? k : -1;
    assert(i >= 0);
    return i;
}

static bool is_told(const struct recipe *how, const struct entry *f, bool is_main)
{
    if (!f->is_source)
        return false;
    if (how->sources == RECIPE_MAIN)
        return is_main;
    return how->sources == RECIPE_ALL || str_find(f->name, STR("/"), 0) < 0;
}

static void finish(const struct draft *d, struct plan *p, struct arena *keep)
{
    int64_t i_main = find_main(d);
    struct sandbox_file *files = NEW(keep, struct sandbox_file, d->n);
    struct str *sources = NEW(keep, struct str, d->n);
    for (int64_t i = 0; i < d->n; i++) {
        files[i] = (struct sandbox_file){.name = d->files[i].name, .bytes = d->files[i].text};
        if (is_told(p->how, &d->files[i], i == i_main))
            sources[p->n_sources++] = as_argument(d->files[i].name, keep);
    }
    p->files = files;
    p->n_files = d->n;
    p->sources = sources;
    p->main = as_argument(d->files[i_main].name, keep);
}

bool plan_files(const struct compile_in *in, struct plan *out, struct arena *keep, struct err *e)
{
    struct plan p = {.how = recipe_of(in->language)};
    struct draft d = {.in = in, .how = p.how};
    assert(in->n_files > 0);
    if (in->n_extra >= PLAN_FILES_MAX)
        return FAIL(e, ERR_INPUT, "the task has more than %d files of its own", PLAN_FILES_MAX);
    if (in->n_files > PLAN_FILES_MAX - in->n_extra) {
        p.why_not = arena_fmt(keep, "more than %d files", PLAN_FILES_MAX);
        *out = p;
        return true;
    }
    d.files = NEW(keep, struct entry, in->n_files + in->n_extra);
    take_files(&d, keep);
    TRY(check_names(&d, &p.why_not, keep, e));
    if (p.why_not.n == 0 && !drop_hidden(&d))
        p.why_not = arena_fmt(keep, "no file is %s source", language_name(in->language));
    if (p.why_not.n == 0)
        finish(&d, &p, keep);
    *out = p;
    return true;
}
