/* expect: exited
 * only: closed-files */
#include <hostile.h>
int main(void)
{
    static const char *const paths[] = {
        "/x",      "/usr/x",      "/usr/bin/x",       "/etc/x",      "/dev/x",
        "/proc/x", "/bin/x",      "/lib/x",           "/var/tmp/x",  "/run/x",
        "/home/x", "/etc/passwd", "/etc/ld.so.cache", "/usr/bin/env"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        must_fail(paths[i], open(paths[i], O_WRONLY | O_CREAT, 0666));
        must_fail(paths[i], mkdir(paths[i], 0777));
        must_fail(paths[i], unlink(paths[i]));
        must_fail(paths[i], rename("/usr/bin/env", paths[i]));
        must_fail(paths[i], chmod(paths[i], 0777));
    }
    return contained();
}
