/* expect: exited
 * The flags of clone3 lie in memory, where a filter cannot look; and the time namespace has no bit
 * in the old clone, so lists made before Linux 5.6 forget it. */
#include <hostile.h>
int main(void)
{
    static const uint64_t flags[] = {CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWNET,
                                     CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP, 0x80};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        uint64_t args[11] = {flags[i], 0, 0, 0, SIGCHLD};
        long pid = syscall(SYS_clone3, args, sizeof args);
        if (pid == 0)
            _exit(0);
        must_fail("clone3", pid);
        args[0] |= CLONE_NEWUSER;
        pid = syscall(SYS_clone3, args, sizeof args);
        if (pid == 0)
            _exit(0);
        must_fail("clone3 with a user namespace", pid);
    }
    MUST_FAIL(unshare(0x80));
    MUST_FAIL(unshare(CLONE_NEWUSER | CLONE_NEWNS));
    uint64_t into[11] = {1ULL << 33 /* CLONE_INTO_CGROUP */, 0, 0, 0, SIGCHLD};
    MUST_FAIL(syscall(SYS_clone3, into, sizeof into));
    return contained();
}
