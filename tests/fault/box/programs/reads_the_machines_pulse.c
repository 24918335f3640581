/* expect: exited
 * only: closed-files
 * What the machine does is a channel between two programs that run at the same time, and tells
 * where and how the judge is built. */
#include <hostile.h>
int main(void)
{
    static const char *const paths[] = {
        "/proc/loadavg",      "/proc/stat",      "/proc/meminfo",     "/proc/uptime",
        "/proc/interrupts",   "/proc/softirqs",  "/proc/vmstat",      "/proc/diskstats",
        "/proc/pressure/cpu", "/proc/locks",     "/proc/keys",        "/proc/key-users",
        "/proc/timer_list",   "/proc/modules",   "/proc/kallsyms",    "/proc/cmdline",
        "/proc/version",      "/proc/config.gz", "/proc/schedstat",   "/proc/slabinfo",
        "/proc/net/unix",     "/proc/bus",       "/proc/sysvipc/shm", "/proc/sys/kernel/hostname",
        "/sys/class/net",     "/sys/kernel",     "/sys/fs/cgroup",    "/sys/devices/system/cpu",
        "/var/run/utmp",      "/etc/hostname",   "/etc/machine-id",   "/run/systemd"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        must_fail(paths[i], open(paths[i], O_RDONLY));
    return contained();
}
