/* expect: memory exited
 * only: cgroup
 * As with pipes, but no limit per user stands behind it: only a cgroup counts these bytes. */
#include <hostile.h>
#include <sys/socket.h>
int main(void)
{
    static char block[65536];
    long *total = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 24; i++)
        if (fork() == 0) {
            int p[2];
            while (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, p) == 0)
                for (int k = 0; k < 2; k++) {
                    int n_wanted = 1 << 20;
                    long n = 0;
                    (void)setsockopt(p[k], SOL_SOCKET, SO_SNDBUF, &n_wanted, sizeof n_wanted);
                    while ((n = write(p[k], block, sizeof block)) > 0)
                        __atomic_add_fetch(total, n, __ATOMIC_SEQ_CST);
                }
            __atomic_add_fetch(total + 1, 1, __ATOMIC_SEQ_CST);
            pause();
        }
    while (__atomic_load_n(total + 1, __ATOMIC_SEQ_CST) < 24)
        usleep(1000);
    if (*total > 128L << 20)
        MUST_FAIL(*total);
    return contained();
}
