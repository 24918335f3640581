/* expect: exited
 * no_new_privs and nosuid: su runs, and stays nobody. */
#include <hostile.h>
int main(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        execl("/usr/bin/su", "su", "-c", "id", (char *)NULL);
        _exit(1);
    }
    int st = 0;
    waitpid(pid, &st, 0);
    MUST_FAIL(WIFEXITED(st) && WEXITSTATUS(st) == 0 ? 0 : -1);
    return contained();
}
