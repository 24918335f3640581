/* expect: exited
 * A POSIX queue needs no mount to be made and none to stay. */
#include <hostile.h>
#include <mqueue.h>
int main(int argc, char **argv)
{
    struct mq_attr a = {.mq_maxmsg = 4, .mq_msgsize = 64};
    if (is_role(argc, argv, "find")) {
        MUST_FAIL(syscall(SYS_mq_open, "podium", O_RDONLY | O_NONBLOCK, 0, NULL));
        MUST_FAIL(open("/dev/mqueue/podium", O_RDONLY));
        return contained();
    }
    int q = (int)syscall(SYS_mq_open, "podium", O_CREAT | O_RDWR, 0666, &a);
    if (q >= 0)
        (void)!syscall(SYS_mq_timedsend, q, "left", 4, 0, NULL);
    return stay(argc, argv);
}
