/* expect: exited
 * only: namespaces
 * The list of its own mounts must not tell which folder of the machine stands behind them, and its
 * working folder must not be one of the machine. */
#include <hostile.h>
int main(void)
{
    char line[4096];
    char root[1024];
    char here[1024] = "";
    FILE *f = fopen("/proc/self/mountinfo", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL) {
        static const char *const private[] = {"/home", "/root", "/work", "/var/",
                                              "/tmp/", "/srv",  "/build"};
        if (sscanf(line, "%*s %*s %*s %1023s", root) != 1)
            continue;
        for (size_t i = 0; i < sizeof private / sizeof *private; i++)
            if (strncmp(root, private[i], strlen(private[i])) == 0)
                must_fail(line, 0);
    }
    if (getcwd(here, sizeof here) == NULL || strcmp(here, "/box") != 0)
        must_fail(here, 0);
    MUST_FAIL(gethostname(line, sizeof line) == 0 && strcmp(line, "box") != 0 ? 0 : -1);
    return contained();
}
