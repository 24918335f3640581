/* expect: cpu
 * Each thread alone stays below the limit. */
#include <hostile.h>
#include <pthread.h>
#include <time.h>
static void *busy(void *unused)
{
    struct timespec t = {0};
    while (t.tv_sec == 0 && t.tv_nsec < 250000000)
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return unused;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, busy, NULL);
    busy(NULL);
    pthread_join(t, NULL);
    return 0;
}
