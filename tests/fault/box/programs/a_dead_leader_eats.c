/* expect: memory
 * wall-max: 6000
 * The first thread ends, and /proc/PID shows a zombie of size nothing; another thread eats on. A
 * watcher that asks for the process and not for its threads sees 0 KiB until the wall. */
#include <hostile.h>
#include <pthread.h>
static void *eat(void *unused)
{
    usleep(50000);
    for (int i = 0; i < 400; i++) {
        volatile char *p = malloc(1 << 20);
        for (int k = 0; p != NULL && k < 1 << 20; k += 4096)
            p[k] = 1;
    }
    for (;;)
        pause();
    return unused;
}
int main(void)
{
    pthread_t t;
    pthread_create(&t, NULL, eat, NULL);
    pthread_exit(NULL);
}
