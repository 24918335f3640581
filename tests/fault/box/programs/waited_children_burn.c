/* expect: cpu
 * The time of children that are gone counts. */
#include <hostile.h>
#include <time.h>
int main(void)
{
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            struct timespec t = {0};
            while (t.tv_nsec < 100000000 && t.tv_sec == 0)
                clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
            _exit(0);
        }
        wait(NULL);
    }
    return 0;
}
