/* expect: exited
 * only: cgroup
 * 40 MiB once, seen by four processes: who adds up what each has resident finds 160 and a limit
 * of 64 exceeded, which is a wrong verdict. */
#include <hostile.h>
int main(void)
{
    volatile char *p = malloc(40 << 20);
    for (long i = 0; i < 40 << 20; i += 4096)
        p[i] = 1;
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            usleep(150000);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    return contained();
}
