/* expect: cpu
 * /proc/PID/stat holds the name between brackets and unescaped: one that closes the bracket shifts
 * every figure behind it for a careless reader. */
#include <hostile.h>
#include <sys/prctl.h>
int main(void)
{
    (void)prctl(PR_SET_NAME, ") Z 0 0 0 0 0 0");
    if (fork() == 0) {
        (void)prctl(PR_SET_NAME, "(\n)) S 1 (");
        burn();
    }
    for (;;)
        pause();
}
