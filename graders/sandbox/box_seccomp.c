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
 * There are two layers, and a program has both. The first is everything that neither a zygote nor
 * an init ever needs: each zygote loads it once, and all it makes inherit it for nothing. The
 * second, a few calls, is loaded in each run by the program's own process. (One filter with all of
 * it cost a run 70 us more: the kernel compiles what it is given each time.) Calls of another
 * instruction set (int 0x80, x32) kill the process. */
#include <assert.h>
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
    "ioprio_set",
};

/* What makes a box, and nothing that is done in one. */
static const char *const refused_to_programs[] = {"mount", "mount_setattr", "unshare",
                                                  "setns", "seccomp",       "sched_setaffinity"};

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

enum {
    NEW_NAMESPACES = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
                     CLONE_NEWUTS | CLONE_NEWCGROUP
};

/* A lock needs no right to write, so two boxes could talk over a compiler that both see. Asking
 * who else has one is refused; taking one is granted and nothing is done, since there is nobody
 * else: a JVM that is told "no" complains on standard output. */
static const int lock_questions[] = {F_GETLK, F_OFD_GETLK, F_GETLEASE, F_SETLEASE, F_NOTIFY};
static const int lock_takings[] = {F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW};

enum { RULES_MAX = 256 };

struct policy {
    struct box_rule rules[RULES_MAX];
    int64_t n;
};

static void drop_filter(scmp_filter_ctx *f)
{
    if (*f != NULL)
        seccomp_release(*f);
}

/* Names unknown to this libseccomp or architecture have no number that could be called. */
static void add(struct policy *p, const char *name, struct box_rule rule)
{
    rule.nr = seccomp_syscall_resolve_name(name);
    if (rule.nr < 0)
        return;
    assert(p->n < RULES_MAX);
    p->rules[p->n++] = rule;
}

static void refuse(struct policy *p, const char *name, unsigned as)
{
    add(p, name, (struct box_rule){.when = BOX_ALWAYS, .action = SECCOMP_RET_ERRNO | as});
}

static void answer_if(struct policy *p, const char *name, unsigned arg, int value, unsigned as)
{
    add(p, name,
        (struct box_rule){.when = BOX_IF_EQUAL,
                          .arg = arg,
                          .mask = UINT32_MAX,
                          .value = (uint32_t)value,
                          .action = SECCOMP_RET_ERRNO | as});
}

static void refuse_unless(struct policy *p, const char *name, unsigned arg, uint32_t mask,
                          uint32_t value)
{
    add(p, name,
        (struct box_rule){.when = BOX_UNLESS,
                          .arg = arg,
                          .mask = mask,
                          .value = value,
                          .action = SECCOMP_RET_ERRNO | EPERM});
}

static void refuse_locks(struct policy *p)
{
    refuse(p, "flock", 0);
    for (size_t i = 0; i < sizeof lock_takings / sizeof *lock_takings; i++)
        answer_if(p, "fcntl", 1, lock_takings[i], 0);
    for (size_t i = 0; i < sizeof lock_questions / sizeof *lock_questions; i++)
        answer_if(p, "fcntl", 1, lock_questions[i], EPERM);
}

bool box_filter_build_first(struct sock_fprog *out, struct arena *keep, struct err *e)
{
    struct policy p = {0};
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuse(&p, refused[i], EPERM);
    refuse_locks(&p);
    /* its flags lie in memory, where a filter cannot look; libc falls back to clone */
    refuse(&p, "clone3", ENOSYS);
    /* a stream pair can reach nothing else; a datagram pair can be sent to any address */
    refuse_unless(&p, "socketpair", 0, UINT32_MAX, AF_UNIX);
    refuse_unless(&p, "socketpair", 1, 0xf, SOCK_STREAM);
    refuse_unless(&p, "prlimit64", 0, UINT32_MAX, 0); /* own limits only */
    answer_if(&p, "ioctl", 1, TIOCSTI, EPERM);
    answer_if(&p, "ioctl", 1, TIOCLINUX, EPERM);
    return box_filter_make(p.rules, p.n, out, keep, e);
}

bool box_filter_build(enum sandbox_profile profile, struct sock_fprog *out, struct arena *keep,
                      struct err *e)
{
    struct policy p = {0};
    for (size_t i = 0; i < sizeof refused_to_programs / sizeof *refused_to_programs; i++)
        refuse(&p, refused_to_programs[i], EPERM);
    for (size_t i = 0; i < sizeof refused_to_some / sizeof *refused_to_some; i++)
        if (!(refused_to_some[i].allowed & PROFILE_BIT(profile)))
            refuse(&p, refused_to_some[i].name, EPERM);
    add(&p, "clone",
        (struct box_rule){
            .when = BOX_IF_ANY, .mask = NEW_NAMESPACES, .action = SECCOMP_RET_ERRNO | EPERM});
    return box_filter_make(p.rules, p.n, out, keep, e);
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
        rc |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), seccomp_syscall_resolve_name(calls[i]), 1,
                               SCMP_CMP64(0, SCMP_CMP_NE, (uint64_t)getpid(), 0));
    rc |= seccomp_rule_add(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(setpriority), 0);
    if (rc != 0 || seccomp_load(f) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "seccomp: cannot restrict signals");
    return true;
}
