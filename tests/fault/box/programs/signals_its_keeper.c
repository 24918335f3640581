/* expect: exited
 * only: namespaces
 * Every number, by every call that sends one, to everything that is not itself. A judge that uses a
 * signal for its own ends (SIGUSR1 is a system error, SIGALRM the wall) believes it. */
#include <hostile.h>
int main(void)
{
    siginfo_t info = {0};
    info.si_code = SI_QUEUE;
    for (int s = 1; s < NSIG; s++) {
        pid_t targets[] = {1, getppid(), -1, 2, 3};
        (void)signal(s, SIG_IGN);
        for (size_t i = 0; i < sizeof targets / sizeof *targets; i++) {
            if (targets[i] == getpid())
                continue;
            (void)kill(targets[i], s);
            (void)!syscall(SYS_tkill, targets[i], s);
            (void)!syscall(SYS_tgkill, targets[i], targets[i], s);
            info.si_signo = s;
            (void)!syscall(SYS_rt_sigqueueinfo, targets[i], s, &info);
            (void)!syscall(SYS_rt_tgsigqueueinfo, targets[i], targets[i], s, &info);
        }
        MUST_FAIL(syscall(SYS_pidfd_send_signal, open("/proc/1", O_RDONLY), s, NULL, 0));
    }
    return contained();
}
