/* expect: cpu
 * A subreaper of its own keeps the orphans from the sandbox's init and never waits for them. */
#include <hostile.h>
#include <sys/prctl.h>
int main(void)
{
    (void)prctl(PR_SET_CHILD_SUBREAPER, 1);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            setsid();
            if (fork() == 0)
                burn();
            _exit(0);
        }
    for (;;)
        pause();
}
