/* The fallback's /box: a folder of the host that a program may have filled with anything.
 *
 * Removing it must not depend on what was done in it. Folders without rights get them back. And
 * depth costs nothing: a folder found inside another is first moved to the top, so neither the
 * stack, nor open descriptors, nor the length of a path bounds how deep a program may have dug.
 * Everything that could race with this is dead by now. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "graders/sandbox/box.h"

bool box_dir_make(const struct box_run *run, const char *parent, char *out, int64_t n_out,
                  struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    uid_t uid = (uid_t)box_program_uid(run);
    if (parent[0] == 0)
        return FAIL(e, ERR_USAGE, "no namespaces, and no work folder for the fallback");
    /* The program's uid must be able to walk there: Python opens its script by full path. Work
     * folders, and often the clone, are closed to others; /tmp is what every machine has open. */
    (void)snprintf(path, sizeof path, "%s/podium-box-%d-%lld-%llx",
                   run->m->is_root ? "/tmp" : parent, (int)getpid(), (long long)run->slot->i,
                   (unsigned long long)clock_ns());
    TRY(box_guard_tell(run->m, run->slot->i, path, e));
    if (mkdir(path, 0700) != 0)
        return FAIL(e, ERR_IO, "cannot make %s: %m", path);
    (void)snprintf(out, (size_t)n_out, "%s", path);
    if (run->m->is_root && lchown(path, uid, uid) != 0)
        return FAIL(e, ERR_IO, "cannot give %s away: %m", path);
    return true;
}

/* In the first box of a group they are made, in the others linked to: a FIFO is its inode. */
static bool put_fifo(const char *dir, const char *first, struct str name, struct err *e)
{
    char path[600];
    char from[600];
    (void)snprintf(path, sizeof path, "%s/fifo/%.*s", dir, STR_ARG(name));
    (void)snprintf(from, sizeof from, "%s/fifo/%.*s", first, STR_ARG(name));
    if (strcmp(dir, first) != 0)
        return link(from, path) == 0 || FAIL(e, ERR_UNSUPPORTED, "cannot share %s: %m", from);
    /* the umask must not decide who may open it */
    if (mkfifo(path, 0666) != 0 || chmod(path, 0666) != 0)
        return FAIL(e, ERR_IO, "cannot make %s: %m", path);
    return true;
}

bool box_dir_fifos(const char *dir, const char *first, const struct box_group *g, struct err *e)
{
    char path[600];
    (void)snprintf(path, sizeof path, "%s/fifo", dir);
    if (mkdir(path, 0755) != 0 || chmod(path, 0755) != 0)
        return FAIL(e, ERR_IO, "cannot make %s: %m", path);
    for (int64_t i = 0; i < g->n_fifos; i++)
        TRY(put_fifo(dir, first, g->fifos[i], e));
    return true;
}

static DIR *open_dir(int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *d = fd < 0 ? NULL : fdopendir(fd);
    if (d == NULL)
        box_close(&fd);
    return d;
}

static bool is_folder(int parent, const char *name)
{
    struct stat st;
    return fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode);
}

/* Next entry that is a folder; files on the way are removed. NULL at the end. */
static const char *next_folder(DIR *d, bool *ok)
{
    const struct dirent *entry = NULL;
    while ((entry = readdir(d)) != NULL) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (is_folder(dirfd(d), name)) {
            *ok = fchmodat(dirfd(d), name, 0700, 0) == 0 && *ok;
            return name;
        }
        *ok = unlinkat(dirfd(d), name, 0) == 0 && *ok;
    }
    return NULL;
}

/* Empties one folder of the top, moving its folders up, and removes it. */
static bool remove_one(int top, const char *name, int64_t *n_moved)
{
    bool ok = true;
    char up[32];
    const char *inner = NULL;
    DIR *d = open_dir(top, name);
    if (d == NULL)
        return false;
    while ((inner = next_folder(d, &ok)) != NULL) {
        if (unlinkat(dirfd(d), inner, AT_REMOVEDIR) == 0)
            continue;
        do
            (void)snprintf(up, sizeof up, "podium-%lld", (long long)(*n_moved)++);
        while (is_folder(top, up));
        ok = renameat(dirfd(d), inner, top, up) == 0 && ok;
    }
    (void)closedir(d);
    return unlinkat(top, name, AT_REMOVEDIR) == 0 && ok;
}

/* False: it is not there. Never through a link: what a program could put in its folder's place
 * would lend root's hand to it. */
static bool reopen_rights(const char *path)
{
    char self[64];
    int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return errno != ENOENT;
    (void)snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        (void)chmod(self, 0700);
    (void)close(fd);
    return true;
}

bool box_dir_remove(const char *path, struct err *e)
{
    int64_t n_moved = 0;
    if (!reopen_rights(path))
        return true;
    bool ok = true;
    bool is_empty = false;
    DIR *d = open_dir(AT_FDCWD, path);
    while (d != NULL && ok && !is_empty) {
        const char *name = NULL;
        is_empty = true;
        rewinddir(d); /* again from the start until a round finds nothing: moved ones are new */
        while ((name = next_folder(d, &ok)) != NULL) {
            is_empty = false;
            ok = remove_one(dirfd(d), name, &n_moved) && ok;
        }
    }
    if (d != NULL)
        (void)closedir(d);
    if (!ok || d == NULL || rmdir(path) != 0)
        return FAIL(e, ERR_IO, "cannot remove %s: %m", path);
    return true;
}
