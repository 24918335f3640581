/* What a program sees of the disk: /usr and its links, the dynamic linker's cache, the folders of
 * alternatives and of a JDK's configuration, five devices, a made-up /etc/passwd; and its own empty
 * /box and /tmp.
 *
 * The root is built once for all runs of a podium-box and sealed read-only; every run copies the
 * mount namespace and gets fresh tmpfs on top. The mount calls with descriptors (open_tree,
 * mount_setattr, move_mount; Linux 5.12) set read-only on a whole tree before it becomes visible
 * anywhere, and keep the flags that a user namespace must not drop. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <stdio.h>

#include "graders/sandbox/box.h"

/* Any folder that exists will do: only this namespace sees what is mounted on it. */
static const char *const build_at[] = {"/tmp", "/mnt", "/var/tmp"};

static const char *const top_folders[] = {"usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32"};
static const char *const more_binds[] = {"etc/alternatives", "etc/ld.so.cache"};
static const char *const devices[] = {"dev/null", "dev/zero", "dev/full", "dev/random",
                                      "dev/urandom"};

/* `path` relative to the new root, which is the current folder; the source is the same under /. */
static bool bind_read_only(const char *path, uint64_t more_flags, struct err *e)
{
    char from[300];
    (void)snprintf(from, sizeof from, "/%s", path);
    CLEANUP(box_close)
    int tree = open_tree(AT_FDCWD, from, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
    if (tree < 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot clone the tree %s: %m", from);
    struct mount_attr a = {.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | more_flags};
    if (mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &a, sizeof a) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot make %s read-only: %m", from);
    if (move_mount(tree, "", AT_FDCWD, path, MOVE_MOUNT_F_EMPTY_PATH) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot bind %s: %m", from);
    return true;
}

static bool make_file(const char *path, struct str bytes, struct err *e)
{
    CLEANUP(box_close) int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0444);
    if (fd < 0)
        return FAIL(e, ERR_IO, "cannot make %s: %m", path);
    return wire_send(fd, path, bytes, e);
}

/* A link into /usr stays a link; a folder of its own (no merged /usr) is bound. */
static bool put_top_folder(const char *name, struct err *e)
{
    char from[64];
    char to[256];
    struct stat st;
    (void)snprintf(from, sizeof from, "/%s", name);
    if (lstat(from, &st) != 0)
        return true;
    if (S_ISLNK(st.st_mode)) {
        ssize_t n = readlink(from, to, sizeof to - 1);
        to[n > 0 ? n : 0] = 0;
        if (symlink(to, name) != 0)
            return FAIL(e, ERR_IO, "cannot link %s: %m", name);
        return true;
    }
    if (mkdir(name, 0755) != 0)
        return FAIL(e, ERR_IO, "cannot make %s: %m", name);
    return bind_read_only(name, MOUNT_ATTR_NODEV, e);
}

static bool put_bind(const char *path, struct err *e)
{
    char from[300];
    struct stat st;
    (void)snprintf(from, sizeof from, "/%s", path);
    if (stat(from, &st) != 0)
        return true;
    if (S_ISDIR(st.st_mode) && mkdir(path, 0755) != 0)
        return FAIL(e, ERR_IO, "cannot make %s: %m", path);
    if (!S_ISDIR(st.st_mode))
        TRY(make_file(path, (struct str){0}, e));
    return bind_read_only(path, MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, e);
}

/* Debian keeps a JDK's own configuration, without which it does not start, in /etc/java-VERSION. */
static bool put_java(struct err *e)
{
    char path[300];
    bool ok = true;
    DIR *d = opendir("/etc");
    const struct dirent *entry = NULL;
    while (ok && d != NULL && (entry = readdir(d)) != NULL) {
        if (strncmp(entry->d_name, "java-", 5) != 0)
            continue;
        (void)snprintf(path, sizeof path, "etc/%s", entry->d_name);
        ok = put_bind(path, e);
    }
    if (d != NULL)
        (void)closedir(d);
    return ok;
}

static bool put_devices(struct err *e)
{
    for (size_t i = 0; i < sizeof devices / sizeof *devices; i++) {
        TRY(make_file(devices[i], (struct str){0}, e));
        TRY(bind_read_only(devices[i], MOUNT_ATTR_NOEXEC, e));
    }
    static const char *const links[][2] = {{"/proc/self/fd", "dev/fd"},
                                           {"/proc/self/fd/0", "dev/stdin"},
                                           {"/proc/self/fd/1", "dev/stdout"},
                                           {"/proc/self/fd/2", "dev/stderr"},
                                           {"/tmp", "dev/shm"}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        if (symlink(links[i][0], links[i][1]) != 0)
            return FAIL(e, ERR_IO, "cannot link %s: %m", links[i][1]);
    return true;
}

static bool fill_root(struct err *e)
{
    static const char *const folders[] = {"etc", "dev", "box", "tmp", "proc", "fifo"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (mkdir(folders[i], 0755) != 0)
            return FAIL(e, ERR_IO, "cannot make %s: %m", folders[i]);
    for (size_t i = 0; i < sizeof top_folders / sizeof *top_folders; i++)
        TRY(put_top_folder(top_folders[i], e));
    for (size_t i = 0; i < sizeof more_binds / sizeof *more_binds; i++)
        TRY(put_bind(more_binds[i], e));
    TRY(put_java(e));
    TRY(make_file("etc/passwd", STR("root:x:0:0::/:/bin/false\nbox:x:1000:1000::/box:/bin/false\n"),
                  e));
    return put_devices(e);
}

static bool enter_empty_root(struct err *e)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot make mounts private: %m");
    for (size_t i = 0; i < sizeof build_at / sizeof *build_at; i++) {
        if (access(build_at[i], F_OK) != 0)
            continue;
        if (mount("box", build_at[i], "tmpfs", MS_NOSUID | MS_NODEV,
                  "mode=0755,size=64k,nr_inodes=128") != 0)
            return FAIL(e, ERR_UNSUPPORTED, "cannot mount a tmpfs: %m");
        if (chdir(build_at[i]) != 0)
            return FAIL(e, ERR_IO, "cannot enter the new root: %m");
        return true;
    }
    return FAIL(e, ERR_UNSUPPORTED, "no folder to build a root on");
}

/* Own processes only, and nothing of the machine: no /proc/sys, no cpuinfo, no keys. */
static bool mount_proc(const char *at)
{
    return mount("proc", at, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC,
                 "subset=pid,hidepid=ptraceable") == 0;
}

bool box_root_build(bool *has_proc, struct err *e)
{
    (void)umask(022);
    TRY(enter_empty_root(e));
    TRY(fill_root(e));
    /* The kernel allows a new /proc only where one is visible already, and the host's is about to
     * go. This one, of a pid namespace that ends with its builder, stays below as the licence. */
    bool may_mount_proc = mount_proc("proc");
    /* the old root ends up on top of the new one, and is taken off */
    if (syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot change the root: %m");
    struct mount_attr a = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(AT_FDCWD, "/", 0, &a, sizeof a) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot make the root read-only: %m");
    *has_proc = may_mount_proc;
    return true;
}

static bool mount_scratch(const char *at, const char *mode, int64_t kib, int uid, struct err *e)
{
    char options[128];
    /* an inode costs the kernel about a KiB, so a flood of empty files has a price too */
    int64_t n_inodes = kib / 4 < 1024 ? 1024 : kib / 4;
    (void)snprintf(options, sizeof options, "mode=%s,uid=%d,gid=%d,size=%lldk,nr_inodes=%lld", mode,
                   uid, uid, (long long)(kib < 4 ? 4 : kib), (long long)n_inodes);
    if (mount("box", at, "tmpfs", MS_NOSUID | MS_NODEV, options) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot mount %s: %m", at);
    return true;
}

bool box_fresh_mounts(const struct box_run *run, struct err *e)
{
    if (run->m->has_namespaces) {
        int uid = (int)box_program_uid(run);
        TRY(mount_scratch("/box", "0700", run->r->limits.disk_kib, uid, e));
        TRY(mount_scratch("/tmp", "1777", run->r->limits.disk_kib, uid, e));
        if (run->m->has_proc && !mount_proc("/proc"))
            return FAIL(e, ERR_UNSUPPORTED, "cannot mount /proc: %m");
    }
    if (chdir(run->m->has_namespaces ? "/box" : run->dir) != 0)
        return FAIL(e, ERR_IO, "cannot enter the working folder: %m");
    return true;
}

/* The folder belongs to root, so a program can neither take a FIFO away nor put one; and it is
 * read-only, because an unprivileged caller's programs have the id of the init. What flows through
 * a FIFO is not written to its file system. */
bool box_fifos_mount(const struct str *names, int64_t n, struct err *e)
{
    char path[300];
    if (mount("box", "/fifo", "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC,
              "mode=0555,size=4k,nr_inodes=128") != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot mount /fifo: %m");
    for (int64_t i = 0; i < n; i++) {
        (void)snprintf(path, sizeof path, "/fifo/%.*s", STR_ARG(names[i]));
        /* the umask must not decide who may open it */
        if (mkfifo(path, 0666) != 0 || chmod(path, 0666) != 0)
            return FAIL(e, ERR_IO, "cannot make %s: %m", path);
    }
    struct mount_attr a = {.attr_set = MOUNT_ATTR_RDONLY};
    if (mount_setattr(AT_FDCWD, "/fifo", 0, &a, sizeof a) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot make /fifo read-only: %m");
    return true;
}
