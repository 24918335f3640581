/* expect: cpu
 * Nearly all of it system time. */
#include <hostile.h>
int main(void)
{
    for (;;)
        (void)syscall(SYS_getppid);
}
