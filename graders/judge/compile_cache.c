#include "graders/judge/compile_cache.h"

#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"

/* "podium-program 1\n", 64 hex digits, "\n", the entry */
#define HEAD_WORD "podium-program 1\n"
enum { HEAD_BYTES = sizeof HEAD_WORD - 1 + 64 + 1, NAME_BYTES = 80 };

struct cache_file {
    char name[NAME_BYTES];
    int64_t n;
    int64_t used_ns;
};

static void close_dir(DIR **d)
{
    if (*d != NULL)
        (void)closedir(*d);
}

/* Content and key, so that a file under another's name is no hit either. */
static void seal_of(const char key[65], struct str entry, char hex[65])
{
    struct str fields[] = {str_of(key), entry};
    struct hash h = hash_fields(fields, 2);
    hash_hex(&h, hex);
}

static bool folder_of(const char *dir, const char key[65], char out[LIMIT_PATH_BYTES])
{
    char name[2] = {key[0], 0};
    return file_join(dir, name, out, LIMIT_PATH_BYTES);
}

static bool path_of(const char *dir, const char key[65], char out[LIMIT_PATH_BYTES])
{
    char folder[LIMIT_PATH_BYTES];
    return folder_of(dir, key, folder) && file_join(folder, key, out, LIMIT_PATH_BYTES);
}

static bool is_whole(struct str file, const char key[65], struct str *entry)
{
    char hex[65];
    int64_t at = (int64_t)sizeof HEAD_WORD - 1;
    if (file.n < HEAD_BYTES || !str_starts(file, STR(HEAD_WORD)))
        return false;
    *entry = str_sub(file, HEAD_BYTES, file.n);
    seal_of(key, *entry, hex);
    return str_eq(str_sub(file, at, at + 64), str_of(hex));
}

bool cache_find(const char *dir, const char key[65], struct str *out, struct arena *keep)
{
    char path[LIMIT_PATH_BYTES];
    struct arena before = *keep;
    struct str file;
    struct err none = {0};
    assert(strlen(key) == 64);
    if (!path_of(dir, key, path) || !file_exists(path) || !file_read(path, &file, keep, &none))
        return false;
    if (!is_whole(file, key, out)) {
        (void)unlink(path);
        *keep = before;
        return false;
    }
    (void)utimensat(AT_FDCWD, path, NULL, 0); /* used now */
    return true;
}

/* --- keeping it small --------------------------------------------------------------------- */

static int by_use(const void *x, const void *y)
{
    const struct cache_file *a = x;
    const struct cache_file *b = y;
    return (a->used_ns > b->used_ns) - (a->used_ns < b->used_ns);
}

static bool is_half_written(const char *name)
{
    return strchr(name, '-') != NULL;
}

/* Files of the folder, without half-written ones; old ones of those are removed. */
static int64_t list_files(DIR *d, struct cache_file *files, int64_t n_max)
{
    int64_t stale_ns = (clock_unix_ms() - CACHE_STALE_SEC * 1000LL) * 1000000;
    const struct dirent *entry = NULL;
    struct stat st;
    int64_t n = 0;
    while (n < n_max && (entry = readdir(d)) != NULL) {
        if (strlen(entry->d_name) < 64 || strlen(entry->d_name) >= NAME_BYTES ||
            fstatat(dirfd(d), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        int64_t used_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
        if (is_half_written(entry->d_name)) {
            if (used_ns < stale_ns)
                (void)unlinkat(dirfd(d), entry->d_name, 0);
            continue;
        }
        (void)snprintf(files[n].name, NAME_BYTES, "%s", entry->d_name);
        files[n].n = st.st_size;
        files[n++].used_ns = used_ns;
    }
    return n;
}

/* Down to three quarters, so that not every store has to remove something. */
static void shrink(const char *folder, struct arena tmp)
{
    enum { FILES = CACHE_FILES_MAX / CACHE_FOLDERS };
    const int64_t n_bytes_max = CACHE_BYTES_MAX / CACHE_FOLDERS;
    CLEANUP(close_dir) DIR *d = opendir(folder);
    if (d == NULL)
        return;
    struct cache_file *files = NEW(&tmp, struct cache_file, FILES + 1);
    int64_t n = list_files(d, files, FILES + 1);
    int64_t n_bytes = 0;
    for (int64_t i = 0; i < n; i++)
        n_bytes += files[i].n;
    if (n <= FILES && n_bytes <= n_bytes_max)
        return;
    qsort(files, (size_t)n, sizeof *files, by_use);
    for (int64_t i = 0; i < n && (n - i > FILES / 4 * 3 || n_bytes > n_bytes_max / 4 * 3); i++) {
        (void)unlinkat(dirfd(d), files[i].name, 0);
        n_bytes -= files[i].n;
    }
}

/* --- writing ------------------------------------------------------------------------------ */

static bool write_all(int fd, const char key[65], struct str entry)
{
    char hex[65];
    struct err none = {0};
    seal_of(key, entry, hex);
    return file_write_fd(fd, key, STR(HEAD_WORD), &none) &&
           file_write_fd(fd, key, str_of(hex), &none) && file_write_fd(fd, key, STR("\n"), &none) &&
           file_write_fd(fd, key, entry, &none);
}

/* Not synced: after a crash of the machine the hash tells, and a program is cheap to make again. */
void cache_store(const char *dir, const char key[65], struct str entry, struct arena tmp)
{
    char folder[LIMIT_PATH_BYTES];
    char path[LIMIT_PATH_BYTES];
    char beside[LIMIT_PATH_BYTES];
    struct err none = {0};
    assert(strlen(key) == 64);
    if (entry.n > CACHE_BYTES_MAX / CACHE_FOLDERS / 4 || !folder_of(dir, key, folder) ||
        !path_of(dir, key, path) || !file_make_dirs(folder, &none))
        return;
    int n = snprintf(beside, sizeof beside, "%s-XXXXXX", path);
    int fd = n < (int)sizeof beside ? mkostemp(beside, O_CLOEXEC) : -1;
    if (fd < 0)
        return;
    bool ok = write_all(fd, key, entry);
    ok = close(fd) == 0 && ok && rename(beside, path) == 0;
    if (!ok)
        (void)unlink(beside);
    shrink(folder, tmp);
}
