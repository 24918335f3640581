/* expect: exited
 * only: closed-files
 * The program file of the process that started it, through /proc: once a way to take over the host
 * from a container, at the next start. */
#include <hostile.h>
int main(void)
{
    MUST_FAIL(open("/proc/1/exe", O_RDONLY));
    MUST_FAIL(open("/proc/1/exe", O_WRONLY));
    MUST_FAIL(open("/proc/1/map_files", O_RDONLY));
    MUST_FAIL(execl("/proc/1/exe", "x", (char *)NULL));
    char path[64];
    for (int fd = 0; fd < 64; fd++) {
        snprintf(path, sizeof path, "/proc/1/fd/%d", fd);
        MUST_FAIL(open(path, O_RDONLY | O_NONBLOCK));
    }
    return contained();
}
