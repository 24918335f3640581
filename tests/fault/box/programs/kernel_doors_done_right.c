/* expect: exited
 * The large doors with arguments that would work: zeros are refused by the call itself, and a
 * sandbox that lets it through looks closed. */
#include <hostile.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/swap.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <time.h>
int main(void)
{
    uint32_t ring[30] = {0};
    union bpf_attr map = {0};
    struct perf_event_attr perf = {.type = PERF_TYPE_SOFTWARE, .size = sizeof perf};
    struct timeval now = {1, 0};
    struct timex t = {0};
    map.map_type = BPF_MAP_TYPE_ARRAY;
    map.key_size = map.value_size = 4;
    map.max_entries = 1;
    perf.exclude_kernel = perf.exclude_hv = 1;
    MUST_FAIL(syscall(SYS_io_uring_setup, 4, ring));
    MUST_FAIL(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
    MUST_FAIL(syscall(SYS_perf_event_open, &perf, 0, -1, -1, 0));
    MUST_FAIL(syscall(SYS_userfaultfd, O_CLOEXEC | 1));
    MUST_FAIL(open("/dev/userfaultfd", O_RDWR));
    MUST_FAIL(syscall(SYS_add_key, "user", "podium", "x", 1L, -3));
    MUST_FAIL(syscall(SYS_keyctl, 1 /* join a session */, NULL));
    MUST_FAIL(syscall(SYS_keyctl, 0 /* the id of */, -4 /* the user's keyring */, 1));
    MUST_FAIL(syscall(SYS_reboot, 0xfee1dead, 672274793, 0 /* Ctrl-Alt-Del off */, NULL));
    MUST_FAIL(swapon("swap", 0));
    MUST_FAIL(settimeofday(&now, NULL));
    t.modes = ADJ_TICK;
    t.tick = 10000;
    MUST_FAIL(adjtimex(&t));
    MUST_FAIL(clock_adjtime(CLOCK_MONOTONIC, &t));
    MUST_FAIL(syscall(SYS_fanotify_init, 0x600, 0));
    MUST_FAIL(syscall(SYS_finit_module, open("/dev/null", O_RDONLY), "", 0));
    MUST_FAIL(syscall(SYS_syslog, 3, ring, 64));
    return contained();
}
