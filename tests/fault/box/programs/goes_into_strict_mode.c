/* expect: signalled filtered
 * The oldest mode of the filter kills at the first call that is not read, write or exit: its own
 * doing, and no fault of ours. */
#include <hostile.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
int main(void)
{
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0)
        raise(SIGKILL);
    (void)!syscall(SYS_getppid);
    for (;;)
        ;
}
