/* expect: exited
 * take: loot
 * A hard link is no link to whoever opens it: the judge would fetch the file itself out. */
#include <hostile.h>
int main(void)
{
    static const char *const secrets[] = {"/etc/passwd", "/etc/shadow", "/usr/bin/env",
                                          "/proc/self/environ", "/dev/null"};
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        must_fail(secrets[i], link(secrets[i], "loot"));
        must_fail(secrets[i], linkat(AT_FDCWD, secrets[i], AT_FDCWD, "loot", AT_SYMLINK_FOLLOW));
        int fd = open(secrets[i], O_RDONLY);
        must_fail(secrets[i], linkat(fd, "", AT_FDCWD, "loot", AT_EMPTY_PATH));
    }
    MUST_FAIL(linkat(0, "", AT_FDCWD, "loot", AT_EMPTY_PATH)); /* the input */
    MUST_FAIL(linkat(AT_FDCWD, "/proc/self/fd/0", AT_FDCWD, "loot", AT_SYMLINK_FOLLOW));
    return contained();
}
