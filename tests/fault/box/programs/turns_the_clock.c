/* expect: exited
 * Whoever sets the clock sets the judge's wall time; whoever wakes the machine keeps it from rest.
 * Reading the time is legal, and must go forward. */
#include <hostile.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <time.h>
int main(void)
{
    struct timespec a;
    struct timespec b;
    struct timespec zero = {1, 0};
    struct timeval tv = {1, 0};
    timer_t t;
    clock_gettime(CLOCK_MONOTONIC, &a);
    MUST_FAIL(clock_settime(CLOCK_REALTIME, &zero));
    MUST_FAIL(clock_settime(CLOCK_MONOTONIC, &zero));
    MUST_FAIL(settimeofday(&tv, NULL));
    MUST_FAIL(syscall(SYS_settimeofday, NULL, NULL));
    MUST_FAIL(timerfd_create(CLOCK_BOOTTIME_ALARM, 0));
    MUST_FAIL(timer_create(CLOCK_REALTIME_ALARM, NULL, &t));
    int offsets = open("/proc/self/timens_offsets", O_WRONLY);
    MUST_FAIL(offsets < 0 ? -1 : write(offsets, "monotonic 1 0", 13));
    MUST_FAIL(open("/dev/rtc0", O_RDWR));
    usleep(2000);
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (b.tv_sec < a.tv_sec || (b.tv_sec == a.tv_sec && b.tv_nsec <= a.tv_nsec))
        MUST_FAIL(0);
    return contained();
}
