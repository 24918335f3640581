/* expect: exited
 * wall-max: 4000
 * Who reads until the end of the pipe waits for a daemon that sleeps for ever with it. */
#include <hostile.h>
int main(void)
{
    if (fork() == 0) {
        setsid();
        signal(SIGTERM, SIG_IGN);
        for (;;)
            sleep(1000);
    }
    return contained();
}
