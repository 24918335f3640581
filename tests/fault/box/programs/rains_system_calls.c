/* expect: cpu wall exited signalled memory output processes filtered
 * Every call with every kind of argument, from a fixed seed. Whatever it ends with, nothing may be
 * left and the box must serve the next. */
#include <hostile.h>
static uint64_t state = 0x9e3779b97f4a7c15;
static uint64_t next(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
static long argument(void)
{
    static char room[65536];
    switch (next() % 8) {
    case 0:
        return 0;
    case 1:
        return -1;
    case 2:
        return (long)(next() % 8);
    case 3:
        return 1L << next() % 64;
    case 4:
        return (long)next();
    case 5:
        return (long)"/box";
    default:
        return (long)(room + next() % 32768);
    }
}
int main(void)
{
    for (int i = 0; i < 20; i++)
        if (fork() == 0) {
            state += (uint64_t)i * 7919;
            for (int k = 0; k < 20000; k++) {
                long nr = (long)(next() % 470);
                if (nr == SYS_exit || nr == SYS_exit_group || nr == SYS_rt_sigreturn)
                    continue;
                alarm(1); /* out of calls that wait */
                (void)!syscall(nr, argument(), argument(), argument(), argument(), argument(),
                               argument());
            }
            _exit(0);
        }
    while (wait(NULL) > 0)
        ;
    return 0;
}
