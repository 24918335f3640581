/* expect: exited
 * only: cgroup
 * 40 MiB once, seen by four processes: who adds up what each has resident finds 160 and a limit
 * of 64 exceeded, which is a wrong verdict. */
#include <hostile.h>
int main(void)
{
    size_t n = 40 << 20;
    char *p = malloc(n);
    memset(p, 1, n);
    for (int i = 0; i < 3; i++)
        if (fork() == 0) {
            usleep(150000);
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    return contained();
}
