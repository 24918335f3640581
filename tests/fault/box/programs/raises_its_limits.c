/* expect: exited */
#include <hostile.h>
int main(void)
{
    for (int what = 0; what < 16; what++) {
        struct rlimit l;
        if (getrlimit(what, &l) != 0 || l.rlim_max == RLIM_INFINITY)
            continue;
        l.rlim_max++;
        l.rlim_cur = l.rlim_max;
        MUST_FAIL(setrlimit(what, &l));
        MUST_FAIL(prlimit(1, what, &l, NULL));
        MUST_FAIL(prlimit(getppid(), what, &l, NULL));
    }
    struct rlimit none = {0, 0};
    MUST_FAIL(prlimit(getppid(), RLIMIT_CPU, &none, NULL));
    MUST_FAIL(nice(-5) == -1 ? -1 : 0);
    struct sched_param p = {.sched_priority = 1};
    MUST_FAIL(sched_setscheduler(0, SCHED_FIFO, &p));
    return contained();
}
