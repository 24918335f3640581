/* expect: wall
 * Every signal blocked and ignored. */
#include <hostile.h>
int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    for (int s = 1; s < NSIG; s++)
        signal(s, SIG_IGN);
    for (;;)
        pause();
}
