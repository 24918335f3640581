/* expect: memory
 * One byte in every 2 MiB: where huge pages are given on request, 60 touches are 120 MiB. Where
 * they are not, it touches the rest by hand. Pages of the reserved pool must not come at all. */
#include <hostile.h>
int main(void)
{
    size_t n = 240UL << 20;
    if (mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_HUGETLB, -1, 0) !=
        MAP_FAILED)
        MUST_FAIL(0);
    char *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)madvise(p, n, MADV_HUGEPAGE);
    for (size_t i = 0; i < n; i += 2 << 20)
        p[i] = 1;
    for (size_t i = 0; i < n; i += 4096)
        p[i] = 1;
    usleep(200000);
    return 0;
}
