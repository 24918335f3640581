/* The two filters of a program against one that libseccomp makes from the same policy, written down
 * here a second time: for every number, with arguments at the edges, both must say the same. */
#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "graders/sandbox/box.h"

enum { STEPS_MAX = 4096, NUMBERS = 1200, X32 = 0x40000000 };

/* --- the policy, for libseccomp ----------------------------------------------------------- */

static const char *const refused[] = {
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "process_mrelease",
    "kcmp",
    "pidfd_open",
    "pidfd_getfd",
    "pidfd_send_signal",
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
    "socket",
    "connect",
    "bind",
    "listen",
    "accept",
    "accept4",
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
    "sched_setaffinity",
    "ioprio_set",
};

static const uint64_t new_namespaces[] = {
    CLONE_NEWUSER, CLONE_NEWNS,  CLONE_NEWPID,    CLONE_NEWNET,
    CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWCGROUP,
};
static const uint64_t lock_questions[] = {F_GETLK, F_OFD_GETLK, F_GETLEASE, F_SETLEASE, F_NOTIFY};
static const uint64_t lock_takings[] = {F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW};

static void rule(scmp_filter_ctx f, const char *name, unsigned as, unsigned n,
                 struct scmp_arg_cmp when)
{
    int nr = seccomp_syscall_resolve_name(name);
    if (nr != __NR_SCMP_ERROR)
        cr_assert_eq(seccomp_rule_add_array(f, SCMP_ACT_ERRNO(as), nr, n, &when), 0, "%s", name);
}

static void refuse(scmp_filter_ctx f, const char *name, unsigned as)
{
    rule(f, name, as, 0, (struct scmp_arg_cmp){0});
}

static void masked(scmp_filter_ctx f, const char *name, unsigned arg, uint64_t mask, uint64_t value,
                   unsigned as)
{
    rule(f, name, as, 1, SCMP_CMP64(arg, SCMP_CMP_MASKED_EQ, mask, value));
}

static void add_all(scmp_filter_ctx f, enum sandbox_profile profile)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        refuse(f, refused[i], EPERM);
    for (int i = 0; i < 2 && profile != SANDBOX_JVM; i++)
        refuse(f, i == 0 ? "mbind" : "set_mempolicy", EPERM);
    for (int i = 0; i < 2 && profile != SANDBOX_COMPILER; i++)
        refuse(f, i == 0 ? "splice" : "tee", EPERM);
    for (size_t i = 0; i < sizeof new_namespaces / sizeof *new_namespaces; i++)
        masked(f, "clone", 0, new_namespaces[i], new_namespaces[i], EPERM);
    refuse(f, "flock", 0);
    for (size_t i = 0; i < sizeof lock_takings / sizeof *lock_takings; i++)
        masked(f, "fcntl", 1, 0xffffffff, lock_takings[i], 0);
    for (size_t i = 0; i < sizeof lock_questions / sizeof *lock_questions; i++)
        masked(f, "fcntl", 1, 0xffffffff, lock_questions[i], EPERM);
    refuse(f, "clone3", ENOSYS);
    rule(f, "socketpair", EPERM, 1, SCMP_CMP64(0, SCMP_CMP_NE, AF_UNIX, 0));
    for (uint64_t type = 0; type < 16; type++)
        if (type != SOCK_STREAM)
            masked(f, "socketpair", 1, 0xf, type, EPERM);
    rule(f, "prlimit64", EPERM, 1, SCMP_CMP64(0, SCMP_CMP_NE, 0, 0));
    masked(f, "ioctl", 1, 0xffffffff, TIOCSTI, EPERM);
    masked(f, "ioctl", 1, 0xffffffff, TIOCLINUX, EPERM);
}

static struct sock_fprog of_libseccomp(enum sandbox_profile profile)
{
    static struct sock_filter steps[STEPS_MAX];
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
    int fd = memfd_create("filter", MFD_CLOEXEC);
    cr_assert(f != NULL);
    cr_assert_eq(seccomp_attr_set(f, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS), 0);
    add_all(f, profile);
    cr_assert_eq(seccomp_export_bpf(f, fd), 0);
    ssize_t n = pread(fd, steps, sizeof steps, 0);
    cr_assert_gt(n, 0);
    cr_assert_lt((size_t)n, sizeof steps);
    seccomp_release(f);
    (void)close(fd);
    return (struct sock_fprog){(unsigned short)((size_t)n / sizeof *steps), steps};
}

/* --- what a filter says ------------------------------------------------------------------- */

static bool is_taken(const struct sock_filter *s, uint32_t a)
{
    switch (BPF_OP(s->code)) {
    case BPF_JEQ:
        return a == s->k;
    case BPF_JGT:
        return a > s->k;
    case BPF_JGE:
        return a >= s->k;
    case BPF_JSET:
        return (a & s->k) != 0;
    default:
        cr_assert_fail("unknown jump %x", s->code);
        return false;
    }
}

static uint32_t ask(const struct sock_fprog *f, const struct seccomp_data *d)
{
    uint32_t a = 0;
    for (unsigned pc = 0; pc < f->len; pc++) {
        const struct sock_filter *s = &f->filter[pc];
        if (s->code == (BPF_LD | BPF_W | BPF_ABS)) {
            cr_assert_leq(s->k + sizeof a, sizeof *d);
            memcpy(&a, (const char *)d + s->k, sizeof a);
        } else if (s->code == (BPF_ALU | BPF_AND | BPF_K)) {
            a &= s->k;
        } else if (s->code == (BPF_JMP | BPF_JA)) {
            pc += s->k;
        } else if (BPF_CLASS(s->code) == BPF_JMP) {
            pc += is_taken(s, a) ? s->jt : s->jf;
        } else {
            cr_assert_eq(s->code, BPF_RET | BPF_K, "unknown step %x", s->code);
            return s->k;
        }
    }
    cr_assert_fail("runs off the end");
    return 0;
}

/* Killing before refusing before allowing, as the kernel decides between filters. */
static uint32_t ask_both(const struct sock_fprog *first, const struct sock_fprog *own,
                         const struct seccomp_data *d)
{
    uint32_t a = ask(first, d);
    uint32_t b = ask(own, d);
    return (int32_t)(a & SECCOMP_RET_ACTION_FULL) < (int32_t)(b & SECCOMP_RET_ACTION_FULL) ? a : b;
}

/* --- the comparison ----------------------------------------------------------------------- */

struct trio {
    struct sock_fprog first, own, oracle;
};

static void compare(const struct trio *t, const struct seccomp_data *d)
{
    uint32_t got = ask_both(&t->first, &t->own, d);
    uint32_t want = ask(&t->oracle, d);
    cr_expect_eq(got, want, "call %d (%llx, %llx) of %x: %x, not %x", d->nr,
                 (unsigned long long)d->args[0], (unsigned long long)d->args[1], d->arch, got,
                 want);
}

static void compare_arguments(const struct trio *t, struct seccomp_data d)
{
    static const uint64_t high[] = {0, 1ULL << 32, 1ULL << 63, 0xffffffff00000000};
    for (int i = 0; i < 2; i++)
        for (uint64_t v = 0; v < 64 + 33; v++)
            for (size_t h = 0; h < sizeof high / sizeof *high; h++) {
                uint64_t low = v < 64 ? v : v < 96 ? 1ULL << (v - 64) : 0xffffffff;
                d.args[i] = low | high[h];
                compare(t, &d);
            }
}

/* Those that some rule looks at, each with its own values and their neighbours. */
static void compare_named(const struct trio *t, uint32_t arch)
{
    static const struct {
        const char *name;
        uint64_t args[2];
        int i;
        uint64_t from, to;
    } some[] = {
        {"fcntl", {0, 0}, 1, 0, 1100},
        {"ioctl", {0, 0}, 1, 0x5400, 0x5500},
        {"socketpair", {AF_UNIX, 0}, 1, 0, 64},
        {"socketpair", {0, SOCK_STREAM | SOCK_CLOEXEC}, 0, 0, 64},
        {"prlimit64", {0, 0}, 0, 0, 64},
        {"clone", {0, 0}, 0, 0x10000, 0x20000},
    };
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        for (uint64_t v = some[i].from; v < some[i].to; v++)
            for (int h = 0; h < 2; h++) {
                struct seccomp_data d = {.nr = seccomp_syscall_resolve_name(some[i].name),
                                         .arch = arch,
                                         .args = {some[i].args[0], some[i].args[1]}};
                d.args[some[i].i] = v | (uint64_t)h << 32;
                compare(t, &d);
            }
}

static void compare_all(enum sandbox_profile profile)
{
    struct arena a;
    struct err e = {0};
    arena_init(&a, "filters", LIMIT_MIB);
    struct trio t = {.oracle = of_libseccomp(profile)};
    cr_assert(box_filter_build_first(&t.first, &a, &e), "%s", e.text);
    cr_assert(box_filter_build(profile, &t.own, &a, &e), "%s", e.text);
    cr_expect_lt(t.own.len, 48, "it is loaded at every start: %d steps", t.own.len);
    uint32_t arch = seccomp_arch_native();
    for (int nr = 0; nr < NUMBERS; nr++)
        compare_arguments(&t, (struct seccomp_data){.nr = nr, .arch = arch});
    compare_named(&t, arch);
    static const int edges[] = {-1, -2, INT32_MIN, INT32_MAX, X32 - 1, X32, X32 + 1, X32 + 512};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++)
        compare(&t, &(struct seccomp_data){.nr = edges[i], .arch = arch});
    static const uint32_t others[] = {AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM, 0};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        for (int nr = 0; others[i] != arch && nr < 600; nr++)
            compare(&t, &(struct seccomp_data){.nr = nr, .arch = others[i]});
    arena_fini(&a);
}

Test(sandbox_filter, of_native_says_what_libseccomp_says)
{
    compare_all(SANDBOX_NATIVE);
}

Test(sandbox_filter, of_compiler_says_what_libseccomp_says)
{
    compare_all(SANDBOX_COMPILER);
}

Test(sandbox_filter, of_jvm_says_what_libseccomp_says)
{
    compare_all(SANDBOX_JVM);
}

Test(sandbox_filter, of_interpreter_says_what_libseccomp_says)
{
    compare_all(SANDBOX_INTERPRETER);
}

/* An init has the first layer, and must be able to make a box. */
Test(sandbox_filter, the_first_layer_lets_a_box_be_built)
{
    static const char *const needed[] = {"mount",   "mount_setattr", "unshare",          "setns",
                                         "seccomp", "clone",         "sched_setaffinity"};
    struct arena a;
    struct err e = {0};
    struct sock_fprog first;
    arena_init(&a, "filters", LIMIT_MIB);
    cr_assert(box_filter_build_first(&first, &a, &e), "%s", e.text);
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        struct seccomp_data d = {.nr = seccomp_syscall_resolve_name(needed[i]),
                                 .arch = seccomp_arch_native(),
                                 .args = {CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC}};
        cr_expect_eq(ask(&first, &d), SECCOMP_RET_ALLOW, "%s", needed[i]);
    }
    arena_fini(&a);
}

Test(sandbox_filter, that_would_be_too_long_is_refused)
{
    static struct box_rule rules[400];
    struct arena a;
    struct err e = {0};
    struct sock_fprog out;
    arena_init(&a, "filters", LIMIT_MIB);
    for (int i = 0; i < 400; i++)
        rules[i] = (struct box_rule){.nr = 2 * i, .action = SECCOMP_RET_ERRNO | EPERM};
    cr_expect(!box_filter_make(rules, 400, &out, &a, &e));
    cr_expect_eq(e.cls, ERR_UNSUPPORTED);
    arena_fini(&a);
}
