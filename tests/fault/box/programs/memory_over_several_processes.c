/* expect: memory
 * Each child stays below the limit; together they do not. */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 6; i++)
        if (fork() == 0) {
            char *p = malloc(24 << 20);
            memset(p, 1, 24 << 20);
            pause();
        }
    pause();
}
