/* expect: exited
 * A filter of its own that allows everything: filters add up, and none of ours is lifted. */
#include <hostile.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
int main(void)
{
    struct sock_filter allow = {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
    struct sock_fprog all = {1, &allow};
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    (void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &all);
    MUST_FAIL(
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &all));
    MUST_FAIL(socket(AF_INET, SOCK_STREAM, 0));
    MUST_FAIL(syscall(SYS_ptrace, 0, 0, 0, 0));
    MUST_FAIL(unshare(CLONE_NEWUSER));
    MUST_FAIL(syscall(SYS_add_key, "user", "podium", "x", 1L, -3));
    return contained();
}
