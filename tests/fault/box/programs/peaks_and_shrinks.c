/* expect: memory
 * Gone again before anybody looks: only a peak that the kernel keeps shows it. */
#include <hostile.h>
int main(void)
{
    size_t n = 80UL << 20;
    char *p =
        mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (p == MAP_FAILED)
        return 1;
    munmap(p, n);
    return 0;
}
