#include "graders/task/package.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"

static_assert(PATH_MAX <= LIMIT_PATH_BYTES, "realpath writes up to PATH_MAX bytes");

void *package_grow(struct arena *a, const void *old, int64_t n, int64_t size)
{
    if (n > 0 && (n & (n - 1)) != 0)
        return (void *)(uintptr_t)old;
    char *more = arena_take(a, n == 0 ? 1 : 2 * n, size, _Alignof(max_align_t));
    if (n > 0)
        memcpy(more, old, (size_t)(n * size));
    return more;
}

struct str package_join(struct package *p, struct str folder, struct str name)
{
    if (folder.n == 0)
        return arena_str(p->keep, name);
    return arena_fmt(p->keep, "%.*s/%.*s", STR_ARG(folder), STR_ARG(name));
}

/* Bytes of a character that may be printed as it is, else 0. */
static int plain_at(struct str name, int64_t i)
{
    uint32_t code = 0;
    int n = utf8_decode(name, i, &code);
    bool is_control = code < 0x20 || code == 0x7F || (code >= 0x80 && code < 0xA0);
    bool is_line = code == 0x2028 || code == 0x2029;
    return is_control || is_line ? 0 : n;
}

struct str package_shown(struct package *p, struct str name)
{
    int64_t first = 0;
    for (int n; first < name.n && name.at[first] != '\\'; first += n)
        if ((n = plain_at(name, first)) == 0)
            break;
    if (first == name.n)
        return name;
    CLEANUP(buf_free) struct buf b = {0};
    for (int64_t i = 0; i < name.n;) {
        int n = plain_at(name, i);
        if (n == 0)
            buf_fmt(&b, "\\x%02x", (unsigned char)name.at[i]);
        else if (name.at[i] == '\\')
            buf_put(&b, STR("\\\\"));
        else
            buf_put(&b, str_sub(name, i, i + n));
        i += n == 0 ? 1 : n;
    }
    return arena_str(p->keep, buf_str(&b));
}

void package_note(struct package *p, const char *fmt, ...)
{
    char text[240];
    va_list ap;
    if (p->n_notes >= PACKAGE_NOTES)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    GROW(p->keep, p->notes, p->n_notes);
    p->notes[p->n_notes++] = package_shown(p, arena_str(p->keep, str_of(text)));
}

bool package_name_is_plain(struct str name, const char **why)
{
    if (utf8_first_bad(name) >= 0) {
        *why = "its name is not UTF-8";
        return false;
    }
    for (int64_t i = 0; i < name.n; i++) {
        bool is_first = i == 0 || name.at[i - 1] == '/';
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == 0x7F)
            *why = "its name holds a control character";
        else if (is_first && (name.at[i] == '-' || name.at[i] == '@'))
            *why = "its name begins like an option of a compiler";
        else
            continue;
        return false;
    }
    return true;
}

/* No "..", no ".", no empty component, not absolute. */
static bool is_inside(struct str rel)
{
    struct str rest = rel;
    struct str part;
    if (rel.n == 0 || rel.at[rel.n - 1] == '/' || memchr(rel.at, 0, (size_t)rel.n) != NULL)
        return false;
    while (str_split(&rest, '/', &part))
        if (part.n == 0 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
            return false;
    return true;
}

static bool is_below(const struct package *p, const char *path)
{
    size_t n = strlen(p->real);
    return strncmp(path, p->real, n) == 0 && (path[n] == '/' || path[n] == 0);
}

static bool fail_resolve(const char *full, struct str shown, struct entry *out, struct err *e)
{
    struct stat st;
    int why = errno;
    if ((why == ENOENT || why == ENOTDIR) && lstat(full, &st) != 0) {
        *out = (struct entry){.kind = ENTRY_ABSENT};
        return true;
    }
    if (why == ENOENT || why == ENOTDIR)
        return FAIL(e, ERR_INPUT, "%.*s: a link to a file that is not there", STR_ARG(shown));
    if (why == ELOOP)
        return FAIL(e, ERR_INPUT, "%.*s: a link that goes in circles", STR_ARG(shown));
    errno = why;
    return FAIL(e, ERR_IO, "%.*s: %m", STR_ARG(shown));
}

static bool take_kind(const char *path, struct str shown, struct entry *out, struct err *e)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return FAIL(e, ERR_IO, "%.*s: %m", STR_ARG(shown));
    if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return FAIL(e, ERR_INPUT, "%.*s: a pipe, socket or device where a file is expected",
                    STR_ARG(shown));
    if (access(path, S_ISDIR(st.st_mode) ? R_OK | X_OK : R_OK) != 0)
        return FAIL(e, ERR_IO, "%.*s: %m; make it readable", STR_ARG(shown));
    out->kind = S_ISDIR(st.st_mode) ? ENTRY_FOLDER : ENTRY_FILE;
    out->n_bytes = S_ISREG(st.st_mode) ? st.st_size : 0;
    return true;
}

bool package_look(struct package *p, struct str rel, struct entry *out, struct err *e)
{
    char full[LIMIT_PATH_BYTES];
    char real[LIMIT_PATH_BYTES];
    struct str shown = package_shown(p, rel);
    if (++p->n_entries > LIMIT_PACKAGE_ENTRIES)
        return FAIL(e, ERR_LIMIT, "%.*s: more than %d files and folders", STR_ARG(shown),
                    LIMIT_PACKAGE_ENTRIES);
    if (!is_inside(rel))
        return FAIL(e, ERR_INPUT, "%.*s: not a name inside the package", STR_ARG(shown));
    int n = snprintf(full, sizeof full, "%s/%.*s", p->real, STR_ARG(rel));
    if (n < 0 || n >= (int)sizeof full)
        return FAIL(e, ERR_INPUT, "%.*s: path too long", STR_ARG(shown));
    if (realpath(full, real) == NULL)
        return fail_resolve(full, shown, out, e);
    if (!is_below(p, real))
        return FAIL(e, ERR_INPUT, "%.*s: a link that leaves the package; copy the file in",
                    STR_ARG(shown));
    struct entry found = {.rel = arena_str(p->keep, rel),
                          .path = arena_str(p->keep, str_of(real)).at};
    int64_t slash = str_rfind(found.rel, STR("/"));
    found.name = str_sub(found.rel, slash + 1, found.rel.n);
    TRY(take_kind(real, shown, &found, e));
    *out = found;
    return true;
}

bool package_need(struct package *p, struct str rel, enum entry_kind kind, const char *advice,
                  struct entry *out, struct err *e)
{
    struct entry found = {0};
    TRY(package_look(p, rel, &found, e));
    struct str shown = package_shown(p, rel);
    if (found.kind == ENTRY_ABSENT)
        return FAIL(e, ERR_INPUT, "%.*s: missing; %s", STR_ARG(shown), advice);
    if (found.kind != kind)
        return FAIL(e, ERR_INPUT, "%.*s: is %s; %s", STR_ARG(shown),
                    found.kind == ENTRY_FILE ? "a file, not a folder" : "a folder, not a file",
                    advice);
    *out = found;
    return true;
}

static void close_dir(DIR **d)
{
    if (*d != NULL)
        (void)closedir(*d);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool read_names(struct package *p, const char *path, struct str rel, struct str **out,
                       int64_t *n, struct err *e)
{
    CLEANUP(close_dir) DIR *d = opendir(path);
    struct str *names = NULL;
    int64_t n_names = 0;
    if (d == NULL)
        return FAIL(e, ERR_IO, "%.*s: %m", STR_ARG(rel));
    for (struct dirent *entry; (entry = readdir(d)) != NULL;) {
        if (entry->d_name[0] == '.')
            continue;
        if (n_names > LIMIT_PACKAGE_ENTRIES)
            return FAIL(e, ERR_LIMIT, "%.*s: too many files", STR_ARG(rel));
        GROW(p->keep, names, n_names);
        names[n_names++] = arena_str(p->keep, str_of(entry->d_name));
    }
    if (n_names > 0)
        qsort(names, (size_t)n_names, sizeof *names, by_name);
    *out = names;
    *n = n_names;
    return true;
}

bool package_list(struct package *p, struct str rel, struct entry **out, int64_t *n, struct err *e)
{
    struct entry folder = {.path = p->real, .kind = ENTRY_FOLDER};
    struct str *names = NULL;
    int64_t n_names = 0;
    if (rel.n > 0)
        TRY(package_look(p, rel, &folder, e));
    if (folder.kind != ENTRY_FOLDER)
        return FAIL(e, ERR_INPUT, "%.*s: not a folder", STR_ARG(rel));
    TRY(read_names(p, folder.path, rel, &names, &n_names, e));
    struct entry *found = NEW(p->keep, struct entry, n_names + 1);
    int64_t n_found = 0;
    for (int64_t i = 0; i < n_names; i++) {
        TRY(package_look(p, package_join(p, rel, names[i]), &found[n_found], e));
        n_found += found[n_found].kind != ENTRY_ABSENT; /* gone since: as if it had not been */
    }
    *out = found;
    *n = n_found;
    return true;
}

bool package_text(struct package *p, const struct entry *file, int64_t n_max, struct str *out,
                  struct err *e)
{
    struct str shown = package_shown(p, file->rel);
    if (file->kind != ENTRY_FILE)
        return FAIL(e, ERR_INPUT, "%.*s: a folder where a file is expected", STR_ARG(shown));
    if (file->n_bytes > n_max)
        return FAIL(e, ERR_INPUT, "%.*s: %lld bytes; at most %lld are read here", STR_ARG(shown),
                    (long long)file->n_bytes, (long long)n_max);
    p->n_bytes += file->n_bytes;
    if (p->n_bytes > LIMIT_PACKAGE_TEXT_BYTES)
        return FAIL(e, ERR_LIMIT, "%.*s: sources and settings above %lld bytes in all",
                    STR_ARG(shown), (long long)LIMIT_PACKAGE_TEXT_BYTES);
    return file_read(file->path, out, p->keep, e) || err_wrap(e, "%.*s", STR_ARG(shown));
}

struct gather {
    struct source *files;
    int64_t n;
};

static bool gather_folder(struct package *p, struct str rel, struct str prefix, int depth,
                          struct gather *g, struct err *e)
{
    struct entry *found = NULL;
    int64_t n = 0;
    if (depth > LIMIT_PACKAGE_DEPTH)
        return FAIL(e, ERR_INPUT, "%.*s: folders nested too deep, or a link to a folder above",
                    STR_ARG(package_shown(p, rel)));
    TRY(package_list(p, rel, &found, &n, e));
    for (int64_t i = 0; i < n; i++) {
        struct str name = package_join(p, prefix, found[i].name);
        if (found[i].kind == ENTRY_FOLDER) {
            TRY(gather_folder(p, found[i].rel, name, depth + 1, g, e));
            continue;
        }
        struct source s = {.name = name};
        TRY(package_text(p, &found[i], LIMIT_SOURCE_BYTES, &s.text, e));
        GROW(p->keep, g->files, g->n);
        g->files[g->n++] = s;
    }
    return true;
}

bool package_sources(struct package *p, const struct entry *at, struct source **out, int64_t *n,
                     struct err *e)
{
    struct gather g = {0};
    if (at->kind == ENTRY_FOLDER) {
        TRY(gather_folder(p, at->rel, (struct str){0}, 1, &g, e));
    } else {
        struct source s = {.name = at->name};
        TRY(package_text(p, at, LIMIT_SOURCE_BYTES, &s.text, e));
        GROW(p->keep, g.files, g.n);
        g.files[g.n++] = s;
    }
    *out = g.files;
    *n = g.n;
    return true;
}

bool package_open(const char *folder, struct package *out, struct arena *keep, struct err *e)
{
    char real[LIMIT_PATH_BYTES];
    if (realpath(folder, real) == NULL)
        return FAIL(e, ERR_INPUT, "%m");
    if (!file_is_dir(real))
        return FAIL(e, ERR_INPUT, "not a folder; a task is one, unpack archives first");
    if (strcmp(real, "/") == 0)
        return FAIL(e, ERR_INPUT, "the root of the machine is no task");
    *out = (struct package){.real = arena_str(keep, str_of(real)).at, .keep = keep};
    return true;
}
