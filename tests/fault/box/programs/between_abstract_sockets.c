/* expect: exited
 * A name without a file, in the network namespace that the runs of one box share. */
#include <hostile.h>
#include <sys/socket.h>
#include <sys/un.h>
int main(int argc, char **argv)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX, .sun_path = "\0left-behind"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (is_role(argc, argv, "find")) {
        MUST_FAIL(connect(fd, (struct sockaddr *)&a, sizeof a));
        return contained();
    }
    (void)!bind(fd, (struct sockaddr *)&a, sizeof a);
    (void)!listen(fd, 5);
    return stay(argc, argv);
}
