/* expect: wall
 * Four threads asleep in four calls; none uses any time. */
#include <hostile.h>
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>
static void *in_select(void *unused)
{
    for (;;)
        select(0, NULL, NULL, NULL, NULL);
    return unused;
}
static void *in_poll(void *unused)
{
    for (;;)
        poll(NULL, 0, -1);
    return unused;
}
static void *in_epoll(void *unused)
{
    struct epoll_event e;
    int fd = epoll_create1(0);
    for (;;)
        epoll_wait(fd, &e, 1, -1);
    return unused;
}
int main(void)
{
    pthread_t t;
    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
    pthread_create(&t, NULL, in_select, NULL);
    pthread_create(&t, NULL, in_poll, NULL);
    pthread_create(&t, NULL, in_epoll, NULL);
    pthread_mutex_lock(&m);
    pthread_mutex_lock(&m);
    return 0;
}
