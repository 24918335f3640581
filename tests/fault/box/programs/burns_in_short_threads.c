/* expect: cpu
 * Threads that end before anybody looks at them. */
#include <hostile.h>
#include <pthread.h>
#include <time.h>
static void *busy(void *unused)
{
    struct timespec t = {0};
    while (t.tv_nsec < 1000000 && t.tv_sec == 0)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return unused;
}
int main(void)
{
    for (;;) {
        pthread_t t;
        if (pthread_create(&t, NULL, busy, NULL) == 0)
            pthread_join(t, NULL);
    }
}
