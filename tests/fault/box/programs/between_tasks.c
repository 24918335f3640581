/* expect: exited
 * beside: own-uid
 * Processes are counted by uid: where two boxes share one, the first takes the second's, which then
 * cannot start a thread, and that is a wrong verdict. */
#include <hostile.h>
int main(int argc, char **argv)
{
    int n = 0;
    if (is_role(argc, argv, "find")) {
        while (n < 24) {
            pid_t pid = fork();
            if (pid == 0) {
                usleep(50000);
                _exit(0);
            }
            if (pid < 0)
                break;
            n++;
        }
        if (n < 24)
            must_fail("too few processes", n);
        return contained();
    }
    while (n < 200) {
        pid_t pid = fork();
        if (pid == 0)
            for (;;)
                pause();
        if (pid < 0)
            break;
        n++;
    }
    return stay(argc, argv);
}
