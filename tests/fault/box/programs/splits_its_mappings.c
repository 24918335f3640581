/* expect: memory exited cpu
 * cpu-ms: 4000
 * Alternating protections make a mapping of every page: 65 thousand a process, each some hundred
 * bytes of the kernel's memory, times 24 processes. */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 24; i++)
        if (fork() == 0) {
            size_t n = 160UL << 20;
            char *p = mmap(NULL, n, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
            for (size_t at = 0; p != MAP_FAILED && at < n; at += 8192)
                if (mprotect(p + at, 4096, PROT_READ) != 0)
                    break;
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    return contained();
}
