/* expect: exited
 * And nothing of them is left; the caller looks. */
#include <hostile.h>
int main(void)
{
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            setsid();
            if (fork() == 0)
                for (;;)
                    usleep(1000);
            _exit(0);
        }
    usleep(30000);
    return contained();
}
