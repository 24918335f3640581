/* expect: exited
 * sync waits for every disk of the machine, and makes every other program wait with it. */
#include <hostile.h>
int main(void)
{
    MUST_FAIL(syscall(SYS_sync));
    MUST_FAIL(syscall(SYS_syncfs, open("/usr", O_RDONLY)));
    MUST_FAIL(syscall(SYS_syncfs, open(".", O_RDONLY)));
    return contained();
}
