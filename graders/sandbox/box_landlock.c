/* The file system in the fallback, where there is no private root to hide behind.
 *
 * Landlock (Linux 5.13) lets any process give up rights for good. The program keeps reading and
 * executing under /usr and its companions, four devices, and everything in its own folder; all
 * else on the host, /proc included, is refused. It also forbids looking into processes outside,
 * which matters when the program runs under the caller's own uid. */
#include <dirent.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "graders/sandbox/box.h"

static const uint64_t may_read =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
/* All thirteen rights of the first version. */
static const uint64_t may_all = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

int64_t box_landlock_version(void)
{
    long v = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return v < 0 ? 0 : v;
}

/* A path that does not exist needs no rule. */
static bool allow(int rules, const char *path, uint64_t rights, struct err *e)
{
    CLEANUP(box_close) int fd = open(path, O_PATH | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return true;
    if (fstat(fd, &st) != 0)
        return FAIL(e, ERR_IO, "%s: %m", path);
    if (!S_ISDIR(st.st_mode))
        rights &= LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                  LANDLOCK_ACCESS_FS_WRITE_FILE;
    struct landlock_path_beneath_attr a = {.allowed_access = rights, .parent_fd = fd};
    if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &a, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "landlock: %s: %m", path);
    return true;
}

/* The same folders that box_mounts.c binds. */
static bool allow_java(int rules, struct err *e)
{
    char path[300];
    bool ok = true;
    DIR *d = opendir("/etc");
    const struct dirent *entry = NULL;
    while (ok && d != NULL && (entry = readdir(d)) != NULL) {
        (void)snprintf(path, sizeof path, "/etc/%s", entry->d_name);
        if (strncmp(entry->d_name, "java-", 5) == 0)
            ok = allow(rules, path, may_read, e);
    }
    if (d != NULL)
        (void)closedir(d);
    return ok;
}

static bool add_rules(int rules, struct err *e)
{
    static const char *const read_only[] = {"/usr",
                                            "/bin",
                                            "/sbin",
                                            "/lib",
                                            "/lib32",
                                            "/lib64",
                                            "/libx32",
                                            "/etc/alternatives",
                                            "/etc/ld.so.cache",
                                            "/dev/zero",
                                            "/dev/full",
                                            "/dev/random",
                                            "/dev/urandom"};
    for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++)
        TRY(allow(rules, read_only[i], may_read, e));
    TRY(allow_java(rules, e));
    TRY(allow(rules, "/dev/null", may_read | LANDLOCK_ACCESS_FS_WRITE_FILE, e));
    return allow(rules, ".", may_all, e);
}

bool box_landlock_rules(int *rules, struct err *e)
{
    struct landlock_ruleset_attr a = {.handled_access_fs = may_all};
    *rules = (int)syscall(SYS_landlock_create_ruleset, &a, sizeof a.handled_access_fs, 0);
    if (*rules < 0)
        return FAIL(e, ERR_UNSUPPORTED, "landlock: %m");
    return add_rules(*rules, e);
}

bool box_landlock_enter(int rules, struct err *e)
{
    if (syscall(SYS_landlock_restrict_self, rules, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "landlock: %m");
    return true;
}
