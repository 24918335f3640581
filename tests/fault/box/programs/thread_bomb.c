/* expect: exited
 * The thread beyond the limit must be refused. */
#include <hostile.h>
#include <pthread.h>
static void *wait_forever(void *unused)
{
    pause();
    return unused;
}
int main(void)
{
    pthread_attr_t a;
    pthread_attr_init(&a);
    pthread_attr_setstacksize(&a, 65536);
    int n = 0;
    pthread_t t;
    while (n < 1000 && pthread_create(&t, &a, wait_forever, NULL) == 0)
        n++;
    if (n >= 200)
        MUST_FAIL(n);
    return contained();
}
