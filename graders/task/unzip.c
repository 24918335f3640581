#include "graders/task/unzip.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zip.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "graders/task/package.h"

enum { LINK_BYTES_MAX = 1024 };

struct unzip {
    const char *archive;
    const char *folder;
    zip_t *z;
    int64_t n_entries;
    struct str *names; /* by index */
    bool *is_link;
    struct package p; /* for package_shown */
    int64_t n_written;
    struct err *e;
};

static void close_zip(zip_t **z)
{
    if (*z != NULL)
        zip_discard(*z);
}

static void close_entry(zip_file_t **f)
{
    if (*f != NULL)
        (void)zip_fclose(*f);
}

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

static bool fail_entry(struct unzip *u, struct str name, const char *why)
{
    return FAIL(u->e, ERR_INPUT, "%s: %.*s: %s", u->archive,
                STR_ARG(str_sub(package_shown(&u->p, name), 0, 100)), why);
}

/* "dir/" is a folder; its slash is no part of the name. */
static struct str without_slash(struct str name)
{
    return name.n > 0 && name.at[name.n - 1] == '/' ? str_sub(name, 0, name.n - 1) : name;
}

static bool check_name(struct unzip *u, struct str name)
{
    struct str rest = without_slash(name);
    struct str part;
    if (utf8_first_bad(name) >= 0)
        return fail_entry(u, name, "its name is not UTF-8");
    if (rest.n == 0 || rest.at[0] == '/')
        return fail_entry(u, name, "an absolute name");
    if (memchr(name.at, '\\', (size_t)name.n) != NULL)
        return fail_entry(u, name, "a backslash in its name");
    while (str_split(&rest, '/', &part))
        if (part.n == 0 || part.n > 255 || str_eq(part, STR(".")) || str_eq(part, STR("..")))
            return fail_entry(u, name, "its name would leave the folder, or is none");
    for (int64_t i = 0; i < name.n; i++)
        if ((unsigned char)name.at[i] < 0x20 || name.at[i] == 0x7F)
            return fail_entry(u, name, "a control character in its name");
    return true;
}

/* What the entry was on a Unix machine: a file, a folder or a link. */
static bool check_kind(struct unzip *u, int64_t i)
{
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    if (zip_file_get_external_attributes(u->z, (zip_uint64_t)i, 0, &system, &attributes) != 0)
        return fail_entry(u, u->names[i], "its attributes cannot be read");
    uint32_t kind = (attributes >> 16) & S_IFMT;
    u->is_link[i] = system == ZIP_OPSYS_UNIX && kind == S_IFLNK;
    if (system == ZIP_OPSYS_UNIX && kind != 0 && kind != S_IFREG && kind != S_IFDIR &&
        kind != S_IFLNK)
        return fail_entry(u, u->names[i], "a device, pipe or socket");
    return true;
}

static bool check_entry(struct unzip *u, int64_t i, int64_t *n_total, int64_t *n_packed)
{
    zip_stat_t st;
    if (zip_stat_index(u->z, (zip_uint64_t)i, ZIP_FL_ENC_RAW, &st) != 0 || st.name == NULL ||
        (st.valid & ZIP_STAT_SIZE) == 0)
        return FAIL(u->e, ERR_INPUT, "%s: entry %lld cannot be read", u->archive, (long long)i);
    u->names[i] = arena_str(u->p.keep, str_of(st.name));
    TRY(check_name(u, u->names[i]));
    TRY(check_kind(u, i));
    if (st.encryption_method != ZIP_EM_NONE)
        return fail_entry(u, u->names[i], "encrypted");
    if (st.size > LIMIT_ZIP_BYTES || (int64_t)st.size > LIMIT_ZIP_BYTES - *n_total)
        return FAIL(u->e, ERR_LIMIT, "%s: holds more than %lld bytes", u->archive,
                    (long long)LIMIT_ZIP_BYTES);
    *n_total += (int64_t)st.size;
    *n_packed += st.comp_size > LIMIT_ZIP_BYTES ? 0 : (int64_t)st.comp_size;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool check_twins(struct unzip *u)
{
    struct str *sorted = NEW(u->p.keep, struct str, u->n_entries);
    for (int64_t i = 0; i < u->n_entries; i++)
        sorted[i] = without_slash(u->names[i]);
    if (u->n_entries > 0)
        qsort(sorted, (size_t)u->n_entries, sizeof *sorted, by_name);
    for (int64_t i = 1; i < u->n_entries; i++)
        if (str_eq(sorted[i - 1], sorted[i]))
            return fail_entry(u, sorted[i], "is in the archive twice");
    return true;
}

/* Tests of one repeated number do pack a thousandfold, so a ratio alone is no bomb. */
static bool check_all(struct unzip *u)
{
    int64_t n_total = 0;
    int64_t n_packed = 0;
    u->n_entries = zip_get_num_entries(u->z, 0);
    if (u->n_entries > LIMIT_ZIP_ENTRIES)
        return FAIL(u->e, ERR_LIMIT, "%s: more than %d entries", u->archive, LIMIT_ZIP_ENTRIES);
    u->names = NEW(u->p.keep, struct str, u->n_entries);
    u->is_link = NEW(u->p.keep, bool, u->n_entries);
    for (int64_t i = 0; i < u->n_entries; i++)
        TRY(check_entry(u, i, &n_total, &n_packed));
    if (n_total > LIMIT_ZIP_FREE_BYTES && n_total / LIMIT_ZIP_RATIO > n_packed)
        return FAIL(u->e, ERR_LIMIT,
                    "%s: %lld bytes packed into %lld; unpack it by hand if you "
                    "trust it",
                    u->archive, (long long)n_total, (long long)n_packed);
    return check_twins(u);
}

static bool place(struct unzip *u, struct str name, char path[LIMIT_PATH_BYTES])
{
    int n = snprintf(path, LIMIT_PATH_BYTES, "%s/%.*s", u->folder, STR_ARG(without_slash(name)));
    if (n < 0 || n >= LIMIT_PATH_BYTES)
        return fail_entry(u, name, "path too long");
    char *slash = strrchr(path, '/');
    *slash = 0;
    TRY(file_make_dirs(path, u->e));
    *slash = '/';
    return true;
}

static bool copy_entry(struct unzip *u, struct str name, zip_file_t *from, int to)
{
    char block[1 << 16];
    for (;;) {
        zip_int64_t n = zip_fread(from, block, sizeof block);
        if (n < 0)
            return fail_entry(u, name, "damaged: it does not unpack");
        if (n == 0)
            return true;
        u->n_written += n; /* what is there, not what the directory says */
        if (u->n_written > LIMIT_ZIP_BYTES)
            return FAIL(u->e, ERR_LIMIT, "%s: unpacks to more than it says", u->archive);
        TRY(file_write_fd(to, u->folder, (struct str){block, n}, u->e));
    }
}

static bool write_entry(struct unzip *u, int64_t i)
{
    char path[LIMIT_PATH_BYTES];
    struct str name = u->names[i];
    TRY(place(u, name, path));
    if (name.at[name.n - 1] == '/')
        return file_make_dirs(path, u->e);
    CLEANUP(close_entry) zip_file_t *from = zip_fopen_index(u->z, (zip_uint64_t)i, 0);
    if (from == NULL)
        return fail_entry(u, name, zip_strerror(u->z));
    CLEANUP(close_fd)
    int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (to < 0)
        return FAIL(u->e, ERR_IO, "%s: %m", path);
    return copy_entry(u, name, from, to);
}

/* Only ".." at the front, and not more of them than folders above: the folders are real ones, and
 * every link that the rest may pass is such a link too. */
static bool stays_inside(struct str name, struct str target)
{
    struct str part;
    int64_t n_above = 0;
    bool has_begun = false;
    if (target.n == 0 || target.at[0] == '/' || memchr(target.at, 0, (size_t)target.n) != NULL)
        return false;
    for (int64_t i = 0; i < name.n; i++)
        n_above += name.at[i] == '/';
    while (str_split(&target, '/', &part)) {
        bool is_up = str_eq(part, STR(".."));
        if (part.n == 0 || (is_up && (has_begun || n_above-- == 0)))
            return false;
        has_begun |= !is_up;
    }
    return true;
}

static bool make_link(struct unzip *u, int64_t i)
{
    char path[LIMIT_PATH_BYTES];
    char target[LINK_BYTES_MAX + 1] = {0};
    CLEANUP(close_entry) zip_file_t *from = zip_fopen_index(u->z, (zip_uint64_t)i, 0);
    if (from == NULL)
        return fail_entry(u, u->names[i], zip_strerror(u->z));
    zip_int64_t n = zip_fread(from, target, sizeof target);
    if (n <= 0 || n > LINK_BYTES_MAX ||
        !stays_inside(without_slash(u->names[i]), (struct str){target, n}))
        return fail_entry(u, u->names[i], "a link that leaves the folder");
    TRY(place(u, u->names[i], path));
    return symlink(target, path) == 0 || FAIL(u->e, ERR_IO, "%s: %m", path);
}

static bool write_all(struct unzip *u)
{
    for (int64_t i = 0; i < u->n_entries; i++)
        if (!u->is_link[i])
            TRY(write_entry(u, i));
    for (int64_t i = 0; i < u->n_entries; i++)
        if (u->is_link[i])
            TRY(make_link(u, i));
    return true;
}

static bool fail_open(const char *archive, int code, struct err *e)
{
    zip_error_t error;
    if (code == ZIP_ER_EXISTS)
        return FAIL(e, ERR_INPUT, "%s: an entry is in the archive twice", archive);
    zip_error_init_with_code(&error, code);
    (void)FAIL(e, ERR_INPUT, "%s: not an archive that can be read: %s", archive,
               zip_error_strerror(&error));
    zip_error_fini(&error);
    return false;
}

bool task_unzip(const char *archive, const char *folder, struct arena tmp, struct err *e)
{
    int why = 0;
    struct err ignored;
    CLEANUP(close_zip) zip_t *z = zip_open(archive, ZIP_RDONLY | ZIP_CHECKCONS, &why);
    struct unzip u = {.archive = archive, .folder = folder, .z = z, .p = {.keep = &tmp}, .e = e};
    if (z == NULL)
        return fail_open(archive, why, e);
    TRY(check_all(&u));
    if (mkdir(folder, 0755) != 0)
        return FAIL(e, ERR_IO, "%s: %m", folder);
    if (write_all(&u))
        return true;
    if (!file_remove_tree(folder, &ignored))
        (void)err_wrap(e, "and %s is left behind", folder);
    return false;
}
