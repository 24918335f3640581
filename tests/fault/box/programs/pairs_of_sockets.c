/* expect: exited
 * A pair needs no address, so filters forget socketpair; and one that compares 64 bits lets
 * 40 | 1 << 32 through, which the kernel reads as AF_VSOCK: the guest's line to its host. */
#include <hostile.h>
#include <sys/socket.h>
int main(void)
{
    int pair[2];
    for (long family = 0; family < 50; family++)
        for (long type = 1; type < 6; type++) {
            int is_plain = family == AF_UNIX && type == SOCK_STREAM;
            if (!is_plain)
                MUST_FAIL(syscall(SYS_socketpair, family, type, 0, pair));
            MUST_FAIL(syscall(SYS_socketpair, family | 1L << 32, type, 0, pair));
            if (type != SOCK_STREAM)
                MUST_FAIL(syscall(SYS_socketpair, family, type | 1L << 32, 0, pair));
        }
    return contained();
}
