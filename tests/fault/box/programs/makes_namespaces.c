/* expect: exited */
#include <hostile.h>
int main(void)
{
    static const long flags[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,   CLONE_NEWNET,
                                 CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        MUST_FAIL(unshare((int)flags[i]));
        MUST_FAIL(syscall(SYS_clone, flags[i] | SIGCHLD, 0, 0, 0, 0));
        MUST_FAIL(syscall(SYS_clone, flags[i] | SIGCHLD | 1L << 32, 0, 0, 0, 0));
        MUST_FAIL(setns(open("/proc/self/ns/user", O_RDONLY), 0));
    }
    MUST_FAIL(syscall(SYS_clone3, NULL, 0));
    return contained();
}
