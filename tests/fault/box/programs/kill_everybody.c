/* expect: exited */
#include <hostile.h>
int main(void)
{
    signal(SIGTERM, SIG_IGN);
    (void)kill(-1, SIGSTOP);
    (void)kill(-1, SIGKILL);
    (void)kill(1, SIGKILL);
    (void)kill(getppid(), SIGSTOP);
    (void)kill(getppid(), SIGKILL);
    for (int pid = 2; pid < 40000; pid++)
        if (pid != getpid())
            (void)kill(pid, SIGKILL);
    (void)!syscall(SYS_pidfd_send_signal, syscall(SYS_pidfd_open, getppid(), 0), SIGKILL, 0, 0);
    return contained();
}
