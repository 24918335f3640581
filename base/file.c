#include "base/file.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"

static void close_fd(const int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
}

bool file_read_fd(int fd, const char *what, int64_t n_max, struct buf *out, struct err *e)
{
    enum { BLOCK = 1 << 16 };
    int64_t n_before = out->n;
    for (;;) {
        buf_reserve(out, BLOCK);
        ssize_t got = read(fd, out->at + out->n, BLOCK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FAIL(e, ERR_IO, "%s: %m", what);
        if (got == 0)
            break;
        out->n += got;
        if (out->n - n_before > n_max)
            return FAIL(e, ERR_LIMIT, "%s: longer than %lld bytes", what, (long long)n_max);
    }
    out->at[out->n] = 0;
    return true;
}

bool file_read(const char *path, struct str *out, struct arena *keep, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    if (S_ISDIR(st.st_mode))
        return FAIL(e, ERR_IO, "%s: is a folder, not a file", path);
    CLEANUP(buf_free) struct buf b = {0};
    if (!file_read_fd(fd, path, LIMIT_FILE_BYTES, &b, e))
        return false;
    *out = arena_str(keep, buf_str(&b));
    return true;
}

bool file_write_fd(int fd, const char *what, struct str bytes, struct err *e)
{
    for (int64_t done = 0; done < bytes.n;) {
        ssize_t n = write(fd, bytes.at + done, (size_t)(bytes.n - done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return FAIL(e, ERR_IO, "%s: %m", what);
        done += n;
    }
    return true;
}

static bool write_synced(const char *path, struct str bytes, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    TRY(file_write_fd(fd, path, bytes, e));
    if (fsync(fd) != 0 && errno != EINVAL)
        return FAIL(e, ERR_IO, "%s: %m", path);
    return true;
}

/* A device or a pipe stays what it is: renaming over it would leave a file in its place. */
static bool write_through(const char *path, struct str bytes, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    return file_write_fd(fd, path, bytes, e);
}

bool file_write(const char *path, struct str bytes, struct err *e)
{
    char beside[LIMIT_PATH_BYTES];
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return write_through(path, bytes, e);
    int n = snprintf(beside, sizeof beside, "%s.new-%ld", path, (long)getpid());
    if (n < 0 || n >= (int)sizeof beside)
        return FAIL(e, ERR_INPUT, "%s: path too long", path);
    if (!write_synced(beside, bytes, e)) {
        (void)unlink(beside);
        return false;
    }
    if (rename(beside, path) != 0) {
        (void)FAIL(e, ERR_IO, "%s: %m", path);
        (void)unlink(beside);
        return false;
    }
    return true;
}

bool file_map_open(const char *path, struct file_map *out, struct err *e)
{
    CLEANUP(close_fd) int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    if (!S_ISREG(st.st_mode))
        return FAIL(e, ERR_IO, "%s: not a regular file", path);
    *out = (struct file_map){0};
    if (st.st_size == 0)
        return true;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (p == MAP_FAILED)
        return FAIL(e, ERR_IO, "%s: cannot map: %m", path);
    *out = (struct file_map){p, st.st_size};
    return true;
}

void file_map_close(struct file_map *m)
{
    if (m->n > 0)
        (void)munmap((void *)(uintptr_t)m->at, (size_t)m->n);
    *m = (struct file_map){0};
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_join(const char *dir, const char *name, char *out, int64_t n_out)
{
    int n = snprintf(out, (size_t)n_out, "%s/%s", dir, name);
    return n >= 0 && n < n_out;
}

bool file_make_dirs(const char *path, struct err *e)
{
    char part[LIMIT_PATH_BYTES];
    size_t n = strlen(path);
    if (n >= sizeof part)
        return FAIL(e, ERR_INPUT, "%s: path too long", path);
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != 0)
            continue;
        memcpy(part, path, i);
        part[i] = 0;
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return FAIL(e, ERR_IO, "%s: %m", part);
    }
    return true;
}

static void close_dir(DIR **d)
{
    if (*d != NULL)
        (void)closedir(*d);
}

static bool is_dots(const char *name)
{
    return name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0));
}

/* Removes everything inside an open folder; `fd` is taken. Depth is bounded by open descriptors. */
static bool empty_folder(int fd, const char *what, struct err *e)
{
    CLEANUP(close_dir) DIR *d = fdopendir(fd);
    if (d == NULL) {
        (void)close(fd);
        return FAIL(e, ERR_IO, "%s: %m", what);
    }
    struct dirent *entry;
    while ((entry = readdir(d)) != NULL) {
        if (is_dots(entry->d_name) || unlinkat(dirfd(d), entry->d_name, 0) == 0)
            continue;
        if (errno != EISDIR && errno != EPERM)
            return FAIL(e, ERR_IO, "%s/%s: %m", what, entry->d_name);
        int inner =
            openat(dirfd(d), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (inner < 0)
            return FAIL(e, ERR_IO, "%s/%s: %m", what, entry->d_name);
        TRY(empty_folder(inner, what, e));
        if (unlinkat(dirfd(d), entry->d_name, AT_REMOVEDIR) != 0)
            return FAIL(e, ERR_IO, "%s/%s: %m", what, entry->d_name);
    }
    return true;
}

bool file_remove_tree(const char *path, struct err *e)
{
    if (unlink(path) == 0 || errno == ENOENT)
        return true;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    TRY(empty_folder(fd, path, e));
    if (rmdir(path) != 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    return true;
}

bool file_temp_dir(const char *parent, char *out, int64_t n_out, struct err *e)
{
    int n = snprintf(out, (size_t)n_out, "%s/podium-XXXXXX", parent);
    if (n < 0 || n >= n_out)
        return FAIL(e, ERR_INPUT, "%s: path too long", parent);
    if (mkdtemp(out) == NULL)
        return FAIL(e, ERR_IO, "%s: %m", out);
    return true;
}
