/* expect: exited
 * A signal that is blocked and queued is kernel memory, and so is a timer: without a limit an uid
 * has as many as it likes. */
#include <hostile.h>
#include <time.h>
int main(void)
{
    sigset_t all;
    union sigval v = {0};
    long n_signals = 0;
    long n_timers = 0;
    timer_t t;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    while (n_timers < 100000 && timer_create(CLOCK_MONOTONIC, NULL, &t) == 0)
        n_timers++;
    while (n_signals < 100000 && sigqueue(getpid(), SIGRTMIN + 1, v) == 0)
        n_signals++;
    if (n_signals + n_timers > 4096)
        MUST_FAIL(n_signals + n_timers);
    return contained();
}
