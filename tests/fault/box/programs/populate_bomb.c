/* expect: memory exited
 * One system call that would touch 3 GiB. Refused outright or stopped: both contain it. */
#include <hostile.h>
int main(void)
{
    void *p = mmap(NULL, 3UL << 30, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    return p == MAP_FAILED ? 0 : 1;
}
