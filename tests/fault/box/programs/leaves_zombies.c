/* expect: exited
 * Children that nobody waits for fill the table of processes of an uid. */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 28; i++)
        if (fork() == 0)
            _exit(i);
    usleep(50000);
    return contained();
}
