/* expect: exited
 * only: closed-files
 * Its own entry in /proc has switches as well: to map ids, to be spared when memory is short, to
 * move to another cgroup. */
#include <hostile.h>
int main(void)
{
    static const char *const names[] = {"uid_map",   "gid_map",      "setgroups", "loginuid",
                                        "attr/exec", "attr/current", "projid_map"};
    char path[64];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "/proc/self/%s", names[i]);
        int fd = open(path, O_WRONLY);
        must_fail(path, fd < 0 ? -1 : write(fd, "0 0 1", 5));
    }
    int fd = open("/proc/self/oom_score_adj", O_WRONLY);
    MUST_FAIL(fd < 0 ? -1 : write(fd, "-1000", 5));
    MUST_FAIL(open("/proc/sys/kernel/core_pattern", O_RDWR));
    MUST_FAIL(open("/proc/sys/kernel/pid_max", O_RDWR));
    MUST_FAIL(open("/proc/sysrq-trigger", O_WRONLY));
    MUST_FAIL(open("/proc/self/task/1/mem", O_RDWR));
    MUST_FAIL(open("/proc/1/mem", O_RDWR));
    MUST_FAIL(open("/proc/1/fd/1", O_RDWR));
    MUST_FAIL(open("/proc/1/root"
                   "/box",
                   O_RDONLY));
    MUST_FAIL(open("/sys/fs/cgroup/cgroup.procs", O_WRONLY));
    MUST_FAIL(open("/sys/fs/cgroup/unified/cgroup.procs", O_WRONLY));
    return contained();
}
