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

#include "base/file.h"
#include "graders/sandbox/box.h"

bool box_dir_make(const struct box_machine *m, int64_t uid, const char *parent, char *out,
                  int64_t n_out, struct err *e)
{
    if (parent[0] == 0)
        return FAIL(e, ERR_USAGE, "no namespaces, and no work folder for the fallback");
    /* The program's uid must be able to walk there: Python opens its script by full path. Work
     * folders, and often the clone, are closed to others; /tmp is what every machine has open. */
    TRY(file_temp_dir(m->is_root ? "/tmp" : parent, out, n_out, e));
    if (m->is_root && chown(out, (uid_t)uid, (gid_t)uid) != 0)
        return FAIL(e, ERR_IO, "cannot give %s away: %m", out);
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

bool box_dir_remove(const char *path, struct err *e)
{
    int64_t n_moved = 0;
    bool ok = chmod(path, 0700) == 0;
    if (!ok && errno == ENOENT)
        return true;
    bool is_empty = false;
    DIR *d = ok ? open_dir(AT_FDCWD, path) : NULL;
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
