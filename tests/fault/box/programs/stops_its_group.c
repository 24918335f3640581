/* expect: wall
 * A stopped process does not die of SIGTERM, nor of a CPU limit. */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 4; i++)
        if (fork() == 0)
            for (;;)
                pause();
    usleep(10000);
    for (;;)
        (void)kill(0, SIGSTOP);
}
