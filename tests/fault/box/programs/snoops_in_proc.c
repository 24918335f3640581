/* expect: exited
 * only: closed-files
 * Only its own process may be seen, and nothing of the kernel. */
#include <dirent.h>
#include <hostile.h>
static void look_at(const char *pid)
{
    static const char *const names[] = {"mem", "environ", "maps", "fd", "root", "cwd"};
    char path[300];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/%s/%s", pid, names[i]);
        must_fail(path, open(path, O_RDONLY | O_NONBLOCK));
    }
}
int main(void)
{
    char own[32];
    snprintf(own, sizeof own, "%d", getpid());
    DIR *d = opendir("/proc");
    struct dirent *e;
    while (d != NULL && (e = readdir(d)) != NULL)
        if (e->d_name[0] >= '0' && e->d_name[0] <= '9' && strcmp(e->d_name, own) != 0)
            look_at(e->d_name);
    look_at("1");
    MUST_FAIL(open("/proc/kcore", O_RDONLY));
    MUST_FAIL(open("/proc/sys/kernel/core_pattern", O_WRONLY));
    MUST_FAIL(open("/proc/sysrq-trigger", O_WRONLY));
    MUST_FAIL(open("/proc/kmsg", O_RDONLY));
    MUST_FAIL(open("/proc/1/oom_score_adj", O_WRONLY));
    return contained();
}
