/* expect: exited
 * only: namespaces
 * A process of the last run, or of the next box, must be neither seen nor reached. */
#include <dirent.h>
#include <hostile.h>
int main(int argc, char **argv)
{
    if (is_role(argc, argv, "find")) {
        DIR *d = opendir("/proc");
        struct dirent *e;
        while (d != NULL && (e = readdir(d)) != NULL)
            if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && atoi(e->d_name) != getpid() &&
                atoi(e->d_name) != 1)
                must_fail(e->d_name, 0);
        for (int pid = 2; pid < 70000; pid++)
            if (pid != getpid())
                must_fail("a signal", kill(pid, 0));
        return contained();
    }
    for (int i = 0; i < 4; i++)
        if (fork() == 0) {
            setsid();
            if (fork() == 0)
                for (;;)
                    pause();
            _exit(0);
        }
    usleep(20000);
    return stay(argc, argv);
}
