/* expect: exited */
#include <grp.h>
#include <hostile.h>
#include <linux/capability.h>
#include <sys/prctl.h>
int main(void)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct caps[2] = {0};
    MUST_FAIL(setuid(0));
    MUST_FAIL(setresuid(0, 0, 0));
    MUST_FAIL(setgid(0));
    MUST_FAIL(setgroups(0, NULL));
    MUST_FAIL(getuid() == 0 ? 0 : -1);
    syscall(SYS_capget, &head, caps);
    MUST_FAIL((caps[0].effective | caps[0].permitted | caps[1].effective) != 0 ? 0 : -1);
    MUST_FAIL(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? -1 : 0);
    MUST_FAIL(prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN) == 1 && getuid() == 0 ? 0 : -1);
    return contained();
}
