/* expect: memory exited
 * A memfd is a file in no file system: no disk limit and no resident set has it. */
#include <hostile.h>
#ifndef SYS_memfd_secret
#define SYS_memfd_secret 447
#endif
int main(void)
{
    static char block[1 << 20];
    long n_written = 0;
    for (int i = 0; i < 40; i++) {
        int fd = (int)syscall(SYS_memfd_create, "m", i % 2 == 0 ? 0 : 4 /* huge pages */);
        while (fd >= 0 && write(fd, block, sizeof block) == (ssize_t)sizeof block)
            n_written++;
    }
    int secret = (int)syscall(SYS_memfd_secret, 0);
    if (secret >= 0 && ftruncate(secret, 8 << 20) == 0)
        MUST_FAIL(mmap(NULL, 8 << 20, PROT_WRITE, MAP_SHARED, secret, 0) == MAP_FAILED ? -1 : 0);
    if (n_written > 80)
        MUST_FAIL(n_written);
    return contained();
}
