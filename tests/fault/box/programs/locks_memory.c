/* expect: exited
 * Locked pages cannot be reclaimed: with the usual limit of 8 MiB a process, and 32 processes. */
#include <hostile.h>
int main(void)
{
    size_t n = 1 << 20;
    void *p = malloc(n);
    memset(p, 1, n);
    MUST_FAIL(mlock(p, n));
    MUST_FAIL(syscall(SYS_mlock2, p, n, 1));
    MUST_FAIL(mlockall(MCL_CURRENT | MCL_FUTURE));
    MUST_FAIL(mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1,
                   0) == MAP_FAILED
                  ? -1
                  : 0);
    return contained();
}
