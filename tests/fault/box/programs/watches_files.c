/* expect: exited
 * Instances of inotify are counted for the uid that owns the user namespace as well: 128 of them
 * held in a box are 128 that the machine's root does not get. */
#include <hostile.h>
#include <sys/inotify.h>
int main(void)
{
    for (int i = 0; i < 60; i++)
        MUST_FAIL(inotify_init1(0));
    MUST_FAIL(syscall(SYS_inotify_init));
    return contained();
}
