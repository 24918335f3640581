/* expect: exited */
#include <hostile.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
int main(void)
{
    char byte;
    struct iovec v = {&byte, 1};
    MUST_FAIL(ptrace(PTRACE_TRACEME, 0, 0, 0));
    MUST_FAIL(ptrace(PTRACE_ATTACH, 1, 0, 0));
    MUST_FAIL(ptrace(PTRACE_SEIZE, getppid(), 0, 0));
    MUST_FAIL(process_vm_readv(getpid(), &v, 1, &v, 1, 0));
    MUST_FAIL(process_vm_writev(getpid(), &v, 1, &v, 1, 0));
    MUST_FAIL(syscall(SYS_pidfd_open, getpid(), 0));
    MUST_FAIL(syscall(SYS_pidfd_getfd, 0, 0, 0));
    MUST_FAIL(syscall(SYS_kcmp, getpid(), getpid(), 0, 0, 0));
    return contained();
}
