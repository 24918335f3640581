/* The filter: the second wall, behind the namespaces.
 *
 * Everything is allowed but what has no place in a contest, which is refused by name with EPERM. A
 * tight list of allowed calls breaks with every libc; this one breaks with none, and refuses the
 * calls through which kernels have been taken.
 *
 * Two rules keep it honest. Integer arguments are compared under a 32-bit mask, because the kernel
 * looks at 32 bits where a 64-bit comparison can be fooled by setting bit 32. And exit calls are
 * never touched: a process that cannot exit cannot be killed politely either.
 *
 * A profile's filter is compiled once, when it is first wanted, and loaded as finished BPF in each
 * run: building it costs half a millisecond, loading it a tenth of one. Calls of another
 * instruction set (int 0x80, x32) kill the process. */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "graders/sandbox/box.h"

static const char *const refused[] = {
    /* other processes */
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "process_mrelease",
    "kcmp",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
    /* large doors into the kernel */
    "bpf",
    "perf_event_open",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "userfaultfd",
    "add_key",
    "request_key",
    "keyctl",
    "fanotify_init",
    "fanotify_mark",
    "open_by_handle_at",
    "name_to_handle_at",
    "seccomp",
    "remap_file_pages",
    "modify_ldt",
    "uselib",
    "personality",
    "lookup_dcookie",
    "nfsservctl",
    "sysfs",
    "_sysctl",
    "vmsplice",
    /* counted for the machine's root as well, who has 128 of the first, or for the whole machine;
     * and what makes everybody wait for every disk */
    "inotify_init",
    "inotify_init1",
    "io_setup",
    "io_submit",
    "io_getevents",
    "io_pgetevents",
    "io_cancel",
    "io_destroy",
    "sync",
    "syncfs",
    /* mounts and namespaces */
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "mount_setattr",
    "unshare",
    "setns",
    "quotactl",
    "quotactl_fd",
    /* the machine */
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "query_module",
    "get_kernel_syms",
    "acct",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "stime",
    "vhangup",
    "syslog",
    "sethostname",
    "setdomainname",
    "iopl",
    "ioperm",
    /* the network: none, and no way to build one from a pair */
    "socket",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
    /* memory and messages that no limit of ours would see */
    "memfd_create",
    "memfd_secret",
    "shmget",
    "shmat",
    "shmctl",
    "shmdt",
    "semget",
    "semop",
    "semctl",
    "semtimedop",
    "msgget",
    "msgsnd",
    "msgrcv",
    "msgctl",
    "mq_open",
    "mq_unlink",
    "mq_timedsend",
    "mq_timedreceive",
    "mq_notify",
    "mq_getsetattr",
    "migrate_pages",
    "move_pages",
    "set_mempolicy_home_node",
    /* where it runs is decided outside */
    "sched_setaffinity",
    "ioprio_set",
};

/* Refused but to those that cannot do without. */
#define PROFILE_BIT(p) (1U << (p))
static const struct {
    const char *name;
    unsigned allowed; /* bits of profiles */
} refused_to_some[] = {
    /* runtimes ask for the memory next to them, and complain when refused */
    {"mbind", PROFILE_BIT(SANDBOX_JVM)},
    {"set_mempolicy", PROFILE_BIT(SANDBOX_JVM)},
    /* pages that move between pipes and files: large doors of the past; copying tools fall back */
    {"splice", PROFILE_BIT(SANDBOX_COMPILER)},
    {"tee", PROFILE_BIT(SANDBOX_COMPILER)},
};

static const uint64_t new_namespaces[] = {
    CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWNET,
    CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP,
};

/* A lock needs no right to write, so two boxes could talk over a compiler that both see. Asking
 * who else has one is refused; taking one is granted and nothing is done, since there is nobody
 * else: a JVM that is told "no" complains on standard output. */
static const uint64_t lock_questions[] = {F_GETLK, F_OFD_GETLK, F_GETLEASE, F_SETLEASE, F_NOTIFY};
static const uint64_t lock_takings[] = {F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW};

static void drop_filter(scmp_filter_ctx *f)
{
    if (*f != NULL)
        seccomp_release(*f);
}

/* Names unknown to this libseccomp or architecture have no number that could be called. */
static int refuse(scmp_filter_ctx f, const char *name, unsigned as, unsigned n,
                  const struct scmp_arg_cmp *when)
{
    int nr = seccomp_syscall_resolve_name(name);
    if (nr == __NR_SCMP_ERROR)
        return 0;
    return seccomp_rule_add_array(f, SCMP_ACT_ERRNO(as), nr, n, when);
}

static int answer_masked(scmp_filter_ctx f, const char *name, unsigned arg, uint64_t mask,
                         uint64_t value, unsigned as)
{
    struct scmp_arg_cmp when = SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, value);
    return refuse(f, name, as, 1, &when);
}

static int refuse_masked(scmp_filter_ctx f, const char *name, unsigned arg, uint64_t mask,
                         uint64_t value)
{
    return answer_masked(f, name, arg, mask, value, EPERM);
}

static int refuse_locks(scmp_filter_ctx f)
{
    int rc = refuse(f, "flock", 0, 0, NULL);
    for (size_t i = 0; i < sizeof lock_takings / sizeof *lock_takings; i++)
        rc |= answer_masked(f, "fcntl", 1, 0xffffffff, lock_takings[i], 0);
    for (size_t i = 0; i < sizeof lock_questions / sizeof *lock_questions; i++)
        rc |= refuse_masked(f, "fcntl", 1, 0xffffffff, lock_questions[i]);
    return rc;
}

/* 64-bit on purpose: a value with high bits set differs from every allowed one, and is refused. */
static int refuse_unless(scmp_filter_ctx f, const char *name, unsigned arg, uint64_t value)
{
    struct scmp_arg_cmp when = SCMP_CMP64(arg, SCMP_CMP_NE, value, 0);
    return refuse(f, name, EPERM, 1, &when);
}

static int add_rules(scmp_filter_ctx f, enum sandbox_profile profile)
{
    int rc = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    /* a tree instead of a row: the program pays for each of its system calls */
    rc |= seccomp_attr_set(f, SCMP_FLTATR_CTL_OPTIMIZE, 2);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        rc |= refuse(f, refused[i], EPERM, 0, NULL);
    for (size_t i = 0; i < sizeof refused_to_some / sizeof *refused_to_some; i++)
        if (!(refused_to_some[i].allowed & PROFILE_BIT(profile)))
            rc |= refuse(f, refused_to_some[i].name, EPERM, 0, NULL);
    for (size_t i = 0; i < sizeof new_namespaces / sizeof *new_namespaces; i++)
        rc |= refuse_masked(f, "clone", 0, new_namespaces[i], new_namespaces[i]);
    rc |= refuse_locks(f);
    /* its flags lie in memory, where a filter cannot look; libc falls back to clone */
    rc |= refuse(f, "clone3", ENOSYS, 0, NULL);
    /* a stream pair can reach nothing else; a datagram pair can be sent to any address */
    rc |= refuse_unless(f, "socketpair", 0, AF_UNIX);
    for (uint64_t type = 0; type < 16; type++)
        if (type != SOCK_STREAM)
            rc |= refuse_masked(f, "socketpair", 1, 0xf, type);
    rc |= refuse_unless(f, "prlimit64", 0, 0); /* own limits only */
    rc |= refuse_masked(f, "ioctl", 1, 0xffffffff, TIOCSTI);
    rc |= refuse_masked(f, "ioctl", 1, 0xffffffff, TIOCLINUX);
    return rc;
}

bool box_filter_build(enum sandbox_profile profile, struct sock_fprog *out, struct arena *keep,
                      struct err *e)
{
    CLEANUP(drop_filter) scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    CLEANUP(box_close) int fd = memfd_create("filter", MFD_CLOEXEC);
    if (f == NULL || fd < 0)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: cannot begin a filter");
    if (add_rules(f, profile) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: a rule is refused by libseccomp");
    if (seccomp_export_bpf(f, fd) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: cannot compile the filter");
    off_t n = lseek(fd, 0, SEEK_END);
    int64_t n_steps = n / (off_t)sizeof(struct sock_filter);
    if (n_steps < 1 || n_steps > UINT16_MAX)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: a filter of %lld steps", (long long)n_steps);
    struct sock_filter *at = NEW(keep, struct sock_filter, n_steps);
    if (pread(fd, at, (size_t)n, 0) != n)
        return FAIL(e, ERR_IO, "seccomp: cannot read the filter back");
    *out = (struct sock_fprog){.len = (unsigned short)n_steps, .filter = at};
    return true;
}

bool box_filter_load(const struct sock_fprog *filter, struct err *e)
{
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: the kernel refuses the filter: %m");
    return true;
}

bool box_filter_signals(struct err *e)
{
    static const char *const calls[] = {"kill", "tkill", "tgkill", "rt_sigqueueinfo",
                                        "rt_tgsigqueueinfo"};
    CLEANUP(drop_filter) scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    if (f == NULL)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: cannot begin a filter");
    int rc = seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        rc |= refuse_unless(f, calls[i], 0, (uint64_t)getpid());
    rc |= refuse(f, "setpriority", EPERM, 0, NULL);
    if (rc != 0 || seccomp_load(f) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: cannot restrict signals");
    return true;
}
