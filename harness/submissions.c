#include "harness/submissions.h"

#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "graders/judge/fence.h"
#include "graders/task/sources.h"

enum { DEPTH_MAX = 16, SUBMISSIONS_MAX = 65536 };

/* Names under which the parts have been seen, first wins. */
static const char *const code_keys[] = {"code",       "source",     "source_code", "program",
                                        "solution",   "submission", "text",        "answer",
                                        "completion", "response",   NULL};
static const char *const problem_keys[] = {"problem", "problem_id", "problem_name", "task",
                                           "task_id", "name",       "id",           "title",
                                           "label",   NULL};
static const char *const language_keys[] = {"language", "lang", "programming_language", NULL};
static const char *const minutes_keys[] = {"minutes", "minute", "time", "contest_time", NULL};

struct reader {
    struct submission *at;
    int64_t n;
    struct arena *keep;
    bool problem_by_key; /* how it was read, for the one line */
    bool problem_by_member;
    bool has_fences;
    int depth_max;
    struct str keys[DEPTH_MAX + 1];  /* object keys from the root to here; empty for elements */
    struct str named[DEPTH_MAX + 1]; /* what an object on the way says its problem is */
};

/* --- one submission -----------------------------------------------------------------------------
 */

static bool member(const struct json *j, const char *const *names, struct str *out,
                   struct arena *keep)
{
    int64_t number = 0;
    for (; *names != NULL; names++) {
        const struct json *m = json_get(j, *names);
        if (json_str(m, out) && out->n > 0) {
            *out = arena_str(keep, *out);
            return true;
        }
        if (json_i64(m, &number)) {
            *out = arena_fmt(keep, "%lld", (long long)number);
            return true;
        }
    }
    return false;
}

static bool looks_like_code(struct str s)
{
    return s.n >= 8 && str_find(s, STR("\n"), 0) >= 0;
}

/* A model's whole answer instead of a file: the program is its last fenced block. */
static struct str unwrap(struct reader *r, struct str text, struct str *info)
{
    struct fence f;
    if (str_find(text, STR("```"), 0) < 0 || !fence_last(text, &f, r->keep))
        return arena_str(r->keep, text);
    r->has_fences = true;
    *info = f.info;
    return f.text;
}

static bool guess_language(struct str code, enum language *out)
{
    static const struct {
        const char *word;
        enum language language;
    } marks[] = {{"#include", LANGUAGE_CPP},      {"public class", LANGUAGE_JAVA},
                 {"import java.", LANGUAGE_JAVA}, {"fn main", LANGUAGE_RUST},
                 {"package main", LANGUAGE_GO},   {"require(", LANGUAGE_JAVASCRIPT},
                 {"def ", LANGUAGE_PYTHON},       {"import ", LANGUAGE_PYTHON},
                 {"print(", LANGUAGE_PYTHON},     {"input()", LANGUAGE_PYTHON}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (str_find(code, str_of(marks[i].word), 0) >= 0) {
            *out = marks[i].language;
            return true;
        }
    return false;
}

static void set_language(struct submission *s, struct str said, struct str fence_info,
                         struct str code)
{
    if (said.n > 0) {
        s->has_language = language_from_name(said, &s->language);
        s->language_text = said;
        return;
    }
    s->has_language = (fence_info.n > 0 && language_from_name(fence_info, &s->language)) ||
                      guess_language(code, &s->language);
}

/* A key that may name a problem: not a language, not a word for the container itself. */
static bool is_problem_key(struct str key)
{
    static const char *const containers[] = {"submissions", "submission", "solutions", "problems",
                                             "tasks",       "attempts",   "code",      "final",
                                             "results",     "data",       "contest"};
    enum language l;
    int64_t number = 0;
    if (key.n == 0 || str_i64(key, &number) || language_from_name(key, &l))
        return false;
    for (size_t i = 0; i < sizeof containers / sizeof *containers; i++)
        if (str_eq(key, str_of(containers[i])))
            return false;
    return true;
}

/* The nearest name above: what an object says of itself, or the key it stands under. */
static struct str problem_from_above(struct reader *r, int depth)
{
    for (int d = depth; d >= 0; d--) {
        r->problem_by_member = r->problem_by_member || r->named[d].n > 0;
        if (r->named[d].n > 0)
            return r->named[d];
        r->problem_by_key = r->problem_by_key || is_problem_key(r->keys[d]);
        if (is_problem_key(r->keys[d]))
            return r->keys[d];
    }
    for (int d = depth; d >= 0; d--) /* all numbers: then a number is the name */
        if (r->keys[d].n > 0)
            return r->keys[d];
    return (struct str){"", 0};
}

static struct str language_from_above(const struct reader *r, int depth)
{
    enum language l;
    for (int d = depth; d >= 0; d--)
        if (language_from_name(r->keys[d], &l))
            return r->keys[d];
    return (struct str){"", 0};
}

static bool add(struct reader *r, const struct json *object, struct str text, int depth,
                const char *what, struct err *e)
{
    struct str said = {"", 0};
    struct str info = {"", 0};
    if (r->n >= SUBMISSIONS_MAX)
        return FAIL(e, ERR_LIMIT, "%s: more than %d submissions", what, SUBMISSIONS_MAX);
    struct submission *s = &r->at[r->n++];
    struct source *file = NEW(r->keep, struct source, 1);
    file->text = unwrap(r, text, &info);
    if (!member(object, language_keys, &said, r->keep))
        said = language_from_above(r, depth);
    set_language(s, said, info, file->text);
    file->name = sources_file_name(s->language);
    s->files = file;
    s->n_files = 1;
    s->problem = problem_from_above(r, depth);
    for (const char *const *k = minutes_keys; *k != NULL && !s->has_minutes; k++)
        s->has_minutes = json_f64(json_get(object, *k), &s->minutes);
    s->where = arena_fmt(r->keep, "submission %lld", (long long)r->n);
    r->depth_max = depth > r->depth_max ? depth : r->depth_max;
    return true;
}

/* --- JSON
 * ----------------------------------------------------------------------------------------- */

static bool walk(struct reader *r, const struct json *j, int depth, const char *what,
                 struct err *e);

static bool walk_members(struct reader *r, const struct json *j, int depth, const char *what,
                         struct err *e)
{
    for (const struct json *m = json_first(j); m != NULL; m = json_next(m)) {
        r->keys[depth + 1] = arena_str(r->keep, json_key(m));
        TRY(walk(r, m, depth + 1, what, e));
    }
    return true;
}

static bool walk(struct reader *r, const struct json *j, int depth, const char *what, struct err *e)
{
    struct str text = {0};
    if (depth >= DEPTH_MAX)
        return FAIL(e, ERR_LIMIT, "%s: nests deeper than %d", what, DEPTH_MAX);
    r->named[depth] = (struct str){"", 0};
    if (json_kind(j) == JSON_OBJECT) {
        (void)member(j, problem_keys, &r->named[depth], r->keep);
        for (const char *const *k = code_keys; *k != NULL; k++)
            if (json_str(json_get(j, *k), &text) && text.n > 0)
                return add(r, j, text, depth, what, e);
        return walk_members(r, j, depth, what, e);
    }
    if (json_kind(j) == JSON_ARRAY)
        return walk_members(r, j, depth, what, e);
    if (json_str(j, &text) && looks_like_code(text))
        return add(r, NULL, text, depth, what, e);
    return true;
}

static struct str tell(const struct reader *r, struct arena *keep)
{
    const char *where = r->problem_by_member && r->problem_by_key
                            ? "the problem is a member of each or the key above it"
                        : r->problem_by_member ? "the problem is a member of each or above it"
                                               : "the problem is the key above each";
    return arena_fmt(keep, "%lld submissions as JSON, %s%s", (long long)r->n, where,
                     r->has_fences ? "; programs taken from their last fenced block" : "");
}

static bool finish(struct reader *r, const char *what, struct submissions *out, struct err *e)
{
    if (r->n == 0)
        return FAIL(e, ERR_INPUT,
                    "%s: no submissions found; an object with \"problem\", \"language\" and "
                    "\"code\" is one",
                    what);
    *out = (struct submissions){r->at, r->n, tell(r, r->keep)};
    return true;
}

static bool walk_text(struct reader *r, struct str text, const char *what, struct err *e)
{
    struct json *doc = NULL;
    TRY(json_parse(text, what, &doc, e));
    bool ok = walk(r, doc, 0, what, e);
    json_free(doc);
    return ok;
}

static bool is_jsonl(struct str text)
{
    int64_t end = str_find(text, STR("\n"), 0);
    struct json *doc = NULL;
    struct err e = {0};
    bool is_line = end > 0 && str_trim(str_sub(text, end, text.n)).n > 0 &&
                   json_parse(str_sub(text, 0, end), "line", &doc, &e);
    json_free(doc);
    return is_line;
}

bool submissions_parse(struct str text, const char *what, struct submissions *out,
                       struct arena *keep, struct err *e)
{
    struct reader r = {.at = NEW(keep, struct submission, SUBMISSIONS_MAX), .keep = keep};
    struct str line;
    if (!is_jsonl(text)) {
        TRY(walk_text(&r, text, what, e));
        return finish(&r, what, out, e);
    }
    for (int64_t i = 1; str_split(&text, '\n', &line); i++)
        if (str_trim(line).n > 0 && !walk_text(&r, line, what, e))
            return err_wrap(e, "line %lld", (long long)i);
    return finish(&r, what, out, e);
}

/* --- folders
 * -------------------------------------------------------------------------------------- */

static int is_shown(const struct dirent *d)
{
    return d->d_name[0] != '.';
}

static struct str without_ending(struct str name)
{
    int64_t dot = str_rfind(name, STR("."));
    return dot > 0 ? str_sub(name, 0, dot) : name;
}

static bool add_file(struct reader *r, const char *path, struct str problem, struct str shown,
                     struct err *e)
{
    enum language l = LANGUAGE_CPP;
    if (r->n >= SUBMISSIONS_MAX)
        return FAIL(e, ERR_LIMIT, "more than %d submissions", SUBMISSIONS_MAX);
    struct submission *s = &r->at[r->n++];
    *s = (struct submission){.problem = problem, .where = shown};
    s->path = arena_str(r->keep, str_of(path)).at;
    s->has_language = language_from_file(shown, &l);
    s->language = l;
    return true;
}

static bool walk_folder(struct reader *r, const char *path, struct str problem, struct str shown,
                        int depth, struct err *e);

/* A folder of plain files none of which is source is one submission: the outputs of an output-only
 * task. */
static bool holds_only_outputs(const char *path)
{
    struct dirent **entries = NULL;
    int n = scandir(path, &entries, is_shown, alphasort);
    bool only = n > 0;
    char inner[LIMIT_PATH_BYTES];
    for (int i = 0; i < n; i++) {
        enum language l;
        only = only && file_join(path, entries[i]->d_name, inner, sizeof inner) &&
               !file_is_dir(inner) && !language_from_file(str_of(entries[i]->d_name), &l) &&
               str_ends(str_of(entries[i]->d_name), STR(".txt"));
        free(entries[i]);
    }
    free(entries);
    return only;
}

static bool walk_entry(struct reader *r, const char *path, const char *name, struct str problem,
                       struct str shown, int depth, struct err *e)
{
    char inner[LIMIT_PATH_BYTES];
    struct str here = shown.n == 0 ? arena_str(r->keep, str_of(name))
                                   : arena_fmt(r->keep, "%.*s/%s", STR_ARG(shown), name);
    if (!file_join(path, name, inner, sizeof inner))
        return FAIL(e, ERR_INPUT, "%s/%s: path too long", path, name);
    struct str of = problem.n > 0 ? problem : arena_str(r->keep, str_of(name));
    if (!file_is_dir(inner))
        return add_file(r, inner, problem.n > 0 ? problem : without_ending(of), here, e);
    if (holds_only_outputs(inner))
        return add_file(r, inner, of, here, e);
    return walk_folder(r, inner, of, here, depth + 1, e);
}

static bool walk_folder(struct reader *r, const char *path, struct str problem, struct str shown,
                        int depth, struct err *e)
{
    struct dirent **entries = NULL;
    if (depth > DEPTH_MAX)
        return FAIL(e, ERR_LIMIT, "%s: folders nest deeper than %d", path, DEPTH_MAX);
    int n = scandir(path, &entries, is_shown, versionsort);
    if (n < 0)
        return FAIL(e, ERR_INPUT, "%s: %m", path);
    bool ok = true;
    for (int i = 0; i < n; i++) {
        ok = ok && walk_entry(r, path, entries[i]->d_name, problem, shown, depth, e);
        free(entries[i]);
    }
    free(entries);
    return ok;
}

static bool read_folder(const char *path, struct submissions *out, struct arena *keep,
                        struct err *e)
{
    struct reader r = {.at = NEW(keep, struct submission, SUBMISSIONS_MAX), .keep = keep};
    TRY(walk_folder(&r, path, (struct str){"", 0}, (struct str){"", 0}, 0, e));
    if (r.n == 0)
        return FAIL(e, ERR_INPUT, "%s: an empty folder; expected PROBLEM/file.cpp", path);
    *out = (struct submissions){
        r.at, r.n, arena_fmt(keep, "%lld files, the problem is the first folder", (long long)r.n)};
    return true;
}

bool submissions_read(const char *path, struct submissions *out, struct arena *keep, struct err *e)
{
    struct str text;
    if (file_is_dir(path))
        return read_folder(path, out, keep, e);
    TRY(file_read(path, &text, keep, e));
    return submissions_parse(text, path, out, keep, e);
}
