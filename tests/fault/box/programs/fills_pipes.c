/* expect: memory exited
 * Bytes in pipes are in nobody's resident set: 16 processes with 28 pipes of a megabyte hold
 * 448 MiB that a limit on address space or on resident pages never sees. */
#include <hostile.h>
int main(void)
{
    static char block[65536];
    long *total = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 16; i++)
        if (fork() == 0) {
            int p[2];
            while (pipe2(p, O_NONBLOCK) == 0) {
                (void)fcntl(p[1], F_SETPIPE_SZ, 1 << 20);
                long n = 0;
                while ((n = write(p[1], block, sizeof block)) > 0)
                    __atomic_add_fetch(total, n, __ATOMIC_SEQ_CST);
            }
            __atomic_add_fetch(total + 1, 1, __ATOMIC_SEQ_CST);
            pause();
        }
    while (__atomic_load_n(total + 1, __ATOMIC_SEQ_CST) < 16)
        usleep(1000);
    if (*total > 128L << 20)
        MUST_FAIL(*total);
    return contained();
}
