/* expect: exited
 * memory-mb: 1024
 * stack-mb: 0
 * Not hostile at all: with a stack as large as the memory, every thread reserves a gibibyte of
 * addresses and touches a page. A limit on addresses that was meant for memory stops the fourth. */
#include <hostile.h>
#include <pthread.h>
static void *wait_a_little(void *unused)
{
    usleep(100000);
    return unused;
}
int main(void)
{
    pthread_t t;
    for (int i = 0; i < 24; i++)
        if (pthread_create(&t, NULL, wait_a_little, NULL) != 0)
            must_fail("a thread was refused", i);
    return contained();
}
