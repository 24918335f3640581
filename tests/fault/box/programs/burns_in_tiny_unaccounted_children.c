/* expect: cpu
 * only: cgroup
 * With SIGCHLD ignored the kernel forgets what a child used, and each is gone before a poller
 * comes round. Only a cgroup has the sum. */
#include <hostile.h>
#include <time.h>
int main(void)
{
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 600; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            struct timespec t = {0};
            while (t.tv_nsec < 2000000 && t.tv_sec == 0)
                clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
            _exit(0);
        }
        waitpid(pid, NULL, 0);
    }
    return 0;
}
