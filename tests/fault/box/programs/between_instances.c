/* expect: exited
 * beside: own-uid
 * Things that the kernel gives each uid only so many of: one box takes all it gets, and the other
 * must still have its own. */
#include <hostile.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <time.h>
int main(int argc, char **argv)
{
    timer_t t;
    union sigval v = {0};
    if (is_role(argc, argv, "find")) {
        int fd = inotify_init1(0);
        if (fd < 0 && errno == EMFILE)
            must_fail("no instance of inotify is left", 0);
        if (epoll_create1(0) < 0)
            must_fail("no epoll is left", 0);
        if (timer_create(CLOCK_MONOTONIC, NULL, &t) != 0)
            must_fail("no timer is left", 0);
        signal(SIGUSR1, SIG_IGN);
        if (sigqueue(getpid(), SIGUSR1, v) != 0)
            must_fail("no signal is left", 0);
        int p[2];
        if (pipe(p) != 0 || write(p[1], "x", 1) != 1)
            must_fail("no pipe is left", 0);
        return contained();
    }
    for (int i = 0; i < 8; i++)
        if (fork() == 0) {
            while (inotify_init1(0) >= 0)
                ;
            while (timer_create(CLOCK_MONOTONIC, NULL, &t) == 0)
                ;
            for (;;)
                pause();
        }
    usleep(30000);
    return stay(argc, argv);
}
