/* expect: cpu
 * CLONE_PARENT makes a brother instead of a child: waiting for the program's children misses it. */
#include <hostile.h>
int main(void)
{
    long pid = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, NULL);
    if (pid <= 0)
        burn();
    pause();
}
