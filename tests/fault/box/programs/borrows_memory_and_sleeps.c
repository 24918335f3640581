/* expect: wall
 * The parent waits in vfork, where no signal but SIGKILL reaches it. */
#include <hostile.h>
int main(void)
{
    if (vfork() == 0)
        for (;;)
            pause();
    return 0;
}
