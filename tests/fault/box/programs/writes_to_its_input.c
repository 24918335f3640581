/* expect: exited
 * The input must not change, not even for itself. */
#include <hostile.h>
int main(void)
{
    MUST_FAIL(write(0, "x", 1));
    MUST_FAIL(ftruncate(0, 0));
    MUST_FAIL(ftruncate(0, 6 << 20));
    MUST_FAIL(mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, 0, 0) == MAP_FAILED ? -1 : 0);
    int fd = open("/proc/self/fd/0", O_RDWR);
    if (fd >= 0)
        MUST_FAIL(write(fd, "x", 1));
    return contained();
}
