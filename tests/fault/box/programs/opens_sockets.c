/* expect: exited */
#include <hostile.h>
int main(void)
{
    for (long family = 0; family < 50; family++)
        for (long type = 1; type < 6; type++) {
            MUST_FAIL(syscall(SYS_socket, family, type, 0));
            /* the kernel looks at 32 bits; a filter that looks at 64 is fooled */
            MUST_FAIL(syscall(SYS_socket, family | 1L << 32, type, 0));
            MUST_FAIL(syscall(SYS_socket, family, type | 1L << 32, 0));
        }
    int pair[2];
    MUST_FAIL(syscall(SYS_socketpair, 1L, 2L, 0L, pair));
    MUST_FAIL(syscall(SYS_socketpair, 1L, 2L | 1L << 32, 0L, pair));
    MUST_FAIL(syscall(SYS_socketpair, 1L, 5L, 0L, pair));
    return contained();
}
