/* expect: exited
 * cpu-min: 150
 * The main process leaves at once and with 0; what its orphan burnt is the program's all the same,
 * and whoever kills the orphan from outside loses the account. */
#include <hostile.h>
#include <time.h>
int main(void)
{
    clockid_t clock;
    struct timespec t = {0};
    pid_t pid = fork();
    if (pid == 0) {
        setsid();
        burn();
    }
    if (clock_getcpuclockid(pid, &clock) != 0)
        return 1;
    while (t.tv_nsec < 160000000 && t.tv_sec == 0) {
        usleep(5000);
        clock_gettime(clock, &t);
    }
    return 0;
}
