/* expect: exited
 * only: namespaces
 * Blocks taken without a byte written, and beyond the end of the file, where its size shows
 * nothing. */
#include <hostile.h>
int main(void)
{
    long n_mib = 0;
    signal(SIGXFSZ, SIG_IGN);
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        int fd = open(name, O_CREAT | O_RDWR, 0666);
        MUST_FAIL(fallocate(fd, 0, 0, 64L << 20));
        if (fallocate(fd, 1 /* keep size */, 0, 4L << 20) == 0)
            n_mib += 4;
        MUST_FAIL(ftruncate(fd, 64L << 20));
        MUST_FAIL(pwrite(fd, "x", 1, 64L << 20));
        close(fd);
    }
    if (n_mib > 16)
        MUST_FAIL(n_mib);
    return contained();
}
