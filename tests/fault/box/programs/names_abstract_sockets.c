/* expect: exited
 * Abstract names belong to the network namespace and outlive a chroot: in a sandbox without its
 * own, two programs (or one and the machine's message bus) meet under them. */
#include <hostile.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(void)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0podium"};
    struct sockaddr_un bus = {.sun_family = AF_UNIX, .sun_path = "/run/dbus/system_bus_socket"};
    int pair[2];
    for (int type = 1; type < 6; type++) {
        int fd = socket(AF_UNIX, type, 0);
        MUST_FAIL(bind(fd, (struct sockaddr *)&a, sizeof a));
        MUST_FAIL(connect(fd, (struct sockaddr *)&bus, sizeof bus));
    }
    /* a half of a pair may be given a name too */
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0) {
        MUST_FAIL(bind(pair[0], (struct sockaddr *)&a, sizeof a));
        MUST_FAIL(listen(pair[0], 5));
        MUST_FAIL(connect(pair[1], (struct sockaddr *)&bus, sizeof bus));
        MUST_FAIL(sendto(pair[0], "x", 1, MSG_NOSIGNAL, (struct sockaddr *)&bus, sizeof bus));
    }
    return contained();
}
