/* expect: exited
 * Descriptors in flight count for nobody's table: a program that posts them to itself holds as
 * many files as it likes behind a limit of 64. */
#include <hostile.h>
#include <sys/socket.h>
int main(void)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return contained();
    union {
        struct cmsghdr head;
        char space[CMSG_SPACE(32 * sizeof(int))];
    } control = {0};
    char byte = 0;
    struct iovec v = {&byte, 1};
    struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = &control};
    int fds[32];
    long n_posted = 0;
    m.msg_controllen = sizeof control;
    control.head = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(sizeof fds), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    for (int i = 0; i < 200; i++) {
        for (int k = 0; k < 32; k++)
            fds[k] = open("/dev/null", O_RDONLY);
        if (fds[31] < 0)
            break;
        memcpy(CMSG_DATA(&control.head), fds, sizeof fds);
        long n = sendmsg(pair[0], &m, MSG_DONTWAIT | MSG_NOSIGNAL);
        for (int k = 0; k < 32; k++)
            close(fds[k]);
        if (n < 0)
            break;
        n_posted += 32;
    }
    if (n_posted > 512)
        MUST_FAIL(n_posted);
    return contained();
}
