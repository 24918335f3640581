/* What is placed in /box before a run and taken from it afterwards.
 *
 * Placing: nothing foreign has run in the folder yet, so paths mean what they say. Bytes are copied
 * from descriptors, never linked: no program gets at a file of the host.
 *
 * Taking: everything is dead, so nothing changes under our hands; but what lies there is hostile.
 * A path is walked one component at a time without following a link, and what it ends at must be a
 * plain file. (openat2 could do it at once, but containers that refuse namespaces often refuse
 * that, too, and the fallback is for those.) */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/sendfile.h>
#include <sys/stat.h>

#include "graders/sandbox/box.h"

/* The program may write in every folder but not to the files that were placed. */
static bool make_folder(const struct box_run *run, const char *path, struct err *e)
{
    if (mkdir(path, 0755) != 0)
        return errno == EEXIST || FAIL(e, ERR_IO, "cannot make /box/%s: %m", path);
    if (!run->m->is_root)
        return true;
    uid_t uid = (uid_t)box_program_uid(run);
    return chown(path, uid, uid) == 0 || FAIL(e, ERR_IO, "cannot give away /box/%s: %m", path);
}

static bool make_folders_above(const struct box_run *run, struct str name, struct err *e)
{
    char path[BOX_NAME_MAX + 1];
    for (int64_t at = str_find(name, STR("/"), 0); at >= 0; at = str_find(name, STR("/"), at + 1)) {
        (void)snprintf(path, sizeof path, "%.*s", (int)at, name.at);
        TRY(make_folder(run, path, e));
    }
    return true;
}

static bool copy_file(int from, const char *to, mode_t mode, struct err *e)
{
    CLEANUP(box_close)
    int fd = open(to, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return FAIL(e, ERR_IO, "cannot make /box/%s: %m", to);
    off_t at = 0;
    ssize_t n = 1;
    while (n > 0)
        n = sendfile(fd, from, &at, 1 << 30);
    if (n < 0)
        return FAIL(e, errno == ENOSPC ? ERR_LIMIT : ERR_IO, "cannot fill /box/%s: %m", to);
    /* the umask must not decide what the program may read */
    return fchmod(fd, mode) == 0 || FAIL(e, ERR_IO, "cannot set the mode of /box/%s: %m", to);
}

bool box_files_place(const struct box_run *run, struct err *e)
{
    for (int64_t i = 0; i < run->r->n_files; i++) {
        const struct box_file *f = &run->r->files[i];
        TRY(make_folders_above(run, f->name, e));
        if (f->is_folder)
            TRY(make_folder(run, f->name.at, e));
        else
            TRY(copy_file(run->files[i], f->name.at, f->is_program ? 0555 : 0444, e));
    }
    return true;
}

/* -1 when there is no such file, or a link stands on the way. */
static int open_below(struct str path)
{
    char name[256];
    struct str piece;
    int at = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    while (at >= 0 && str_split(&path, '/', &piece)) {
        int flags = O_NOFOLLOW | O_CLOEXEC;
        flags |= path.n > 0 ? O_PATH | O_DIRECTORY : O_RDONLY | O_NONBLOCK;
        (void)snprintf(name, sizeof name, "%.*s", STR_ARG(piece));
        int next = openat(at, name, flags);
        (void)close(at);
        at = next;
    }
    return at;
}

/* On the host's own disk a second name may belong to a file that was never the program's. */
static bool may_take(const struct box_run *run, int fd, int64_t n_max, struct stat *st)
{
    return fstat(fd, st) == 0 && S_ISREG(st->st_mode) && st->st_size <= n_max &&
           (run->m->has_namespaces || st->st_nlink == 1);
}

void box_files_take(const struct box_run *run, const struct sandbox_take *t, struct buf *out)
{
    struct stat st;
    struct err e = {0};
    struct buf bytes = {0};
    CLEANUP(box_close) int fd = open_below(t->name);
    bool ok = fd >= 0 && may_take(run, fd, t->n_max, &st);
    if (ok) {
        buf_reserve(&bytes, st.st_size);
        ok = wire_recv_bytes(fd, "taken", bytes.at, st.st_size, &e);
        bytes.n = ok ? st.st_size : 0;
    }
    wire_put_i64(out, ok);
    if (ok)
        wire_put_str(out, buf_str(&bytes));
    buf_free(&bytes);
}
