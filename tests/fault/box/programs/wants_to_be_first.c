/* expect: exited
 * Real-time classes starve the judge; input and output of the idle class or the first one starve
 * its disk; and what it does to others' priorities must not reach anybody. */
#include <hostile.h>
int main(void)
{
    struct sched_param p = {.sched_priority = 1};
    struct {
        uint32_t size, policy;
        uint64_t flags;
        int32_t nice;
        uint32_t priority;
        uint64_t runtime, deadline, period;
    } deadline = {48, 6, 0, 0, 0, 10000000, 30000000, 30000000};
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    MUST_FAIL(sched_setscheduler(0, SCHED_FIFO, &p));
    MUST_FAIL(sched_setscheduler(0, SCHED_RR, &p));
    MUST_FAIL(syscall(SYS_sched_setattr, 0, &deadline, 0));
    MUST_FAIL(setpriority(PRIO_PROCESS, 0, -1));
    MUST_FAIL(setpriority(PRIO_PROCESS, 1, 19));
    MUST_FAIL(setpriority(PRIO_USER, 0 + 1, -20));
    MUST_FAIL(syscall(SYS_ioprio_set, 1, 0, 1 << 13)); /* real time */
    MUST_FAIL(syscall(SYS_ioprio_set, 1, 1, 3 << 13)); /* of the init */
    MUST_FAIL(sched_setaffinity(1, sizeof one, &one));
    MUST_FAIL(sched_setaffinity(getppid(), sizeof one, &one));
    return contained();
}
