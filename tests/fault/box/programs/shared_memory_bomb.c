/* expect: memory */
#include <hostile.h>
int main(void)
{
    char *p = mmap(NULL, 1UL << 30, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < (1UL << 30); i += 4096)
        p[i] = 1;
    pause();
}
