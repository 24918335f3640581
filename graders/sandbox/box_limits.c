/* Resource limits and privileges: what the program cannot exceed or do even if the keeper slept.
 *
 * The keeper enforces cpu, wall and memory of the whole tree; the limits here are the backstop per
 * process, set a little above. There is no tight RLIMIT_AS: address space is not memory, and
 * programs that reserve much and touch little are legal. */
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "graders/sandbox/box.h"

static bool set_limit(int what, int64_t soft, int64_t hard, struct err *e)
{
    struct rlimit now;
    if (getrlimit((__rlimit_resource_t)what, &now) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot read resource limit %d: %m", what);
    /* an unprivileged caller cannot raise what it was given less of */
    struct rlimit l = {soft == INT64_MAX ? RLIM_INFINITY : (rlim_t)soft,
                       hard == INT64_MAX ? RLIM_INFINITY : (rlim_t)hard};
    if (l.rlim_max > now.rlim_max)
        l.rlim_max = now.rlim_max;
    if (l.rlim_cur > l.rlim_max)
        l.rlim_cur = l.rlim_max;
    if (setrlimit((__rlimit_resource_t)what, &l) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot set resource limit %d: %m", what);
    return true;
}

/* A thread's default stack is this large, and a JVM or a compiler has dozens. */
static int64_t stack_size(const struct box_run *run)
{
    const struct sandbox_limits *l = &run->r->limits;
    int64_t n = (l->stack_kib > 0 ? l->stack_kib : l->memory_kib) * LIMIT_KIB;
    bool has_threads = run->r->profile == SANDBOX_JVM || run->r->profile == SANDBOX_COMPILER;
    return has_threads && n > 64 * LIMIT_MIB ? 64 * LIMIT_MIB : n;
}

/* Address space is not memory. Runtimes that reserve it by the terabyte and touch little get no
 * bound: JVM (javac is one), node, go's cages. Every thread reserves the whole stack limit, so a
 * program must have room for as many as it may start: with a gibibyte of each, four times the
 * memory was four threads and a crash. */
static int64_t address_space(const struct box_run *run)
{
    const struct sandbox_limits *l = &run->r->limits;
    int64_t n = l->memory_kib * LIMIT_KIB;
    if (run->r->profile != SANDBOX_NATIVE)
        return INT64_MAX;
    int64_t stacks_max = (INT64_MAX >> 2) / (l->n_processes + 1);
    int64_t stack = stack_size(run) < stacks_max ? stack_size(run) : stacks_max;
    int64_t heap = n * 4 > n + 4 * LIMIT_GIB ? n * 4 : n + 4 * LIMIT_GIB;
    return heap + stack * l->n_processes;
}

/* Processes and threads of this uid on the whole host, ours among them. */
static int64_t count_own_tasks(void)
{
    struct stat st;
    char path[300];
    int64_t n = 0;
    DIR *d = opendir("/proc");
    const struct dirent *entry = NULL;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        (void)snprintf(path, sizeof path, "/proc/%s/task", entry->d_name);
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && stat(path, &st) == 0 &&
            st.st_uid == geteuid())
            n += (int64_t)st.st_nlink - 2; /* a folder has a link from each of its folders */
    }
    if (d != NULL)
        (void)closedir(d);
    return n;
}

/* How many tasks the kernel may count for the program's uid. Root gives each box one of its own.
 * An unprivileged caller has one for all: zygotes, inits and the other programs of a group have it,
 * too; and without namespaces the count begins with everything else that runs under it. */
static int64_t task_limit(const struct box_run *run)
{
    int64_t n = run->r->limits.n_processes;
    if (run->m->is_root)
        return n;
    return n + (run->m->has_namespaces ? run->n_beside : count_own_tasks());
}

bool box_limits_set(const struct box_run *run, struct err *e)
{
    const struct sandbox_limits *l = &run->r->limits;
    int64_t cpu_s = (l->cpu_ms + 999) / 1000 + 1;
    int64_t stack = stack_size(run);
    int64_t space = address_space(run);
    int64_t n_tasks = task_limit(run);
    TRY(set_limit(RLIMIT_CPU, cpu_s, cpu_s + 1, e));
    TRY(set_limit(RLIMIT_AS, space, space, e));
    TRY(set_limit(RLIMIT_FSIZE, l->file_kib * LIMIT_KIB, l->file_kib * LIMIT_KIB, e));
    TRY(set_limit(RLIMIT_STACK, stack, stack, e));
    TRY(set_limit(RLIMIT_NOFILE, l->n_files, l->n_files, e));
    TRY(set_limit(RLIMIT_NPROC, n_tasks, n_tasks, e));
    TRY(set_limit(RLIMIT_CORE, 0, 0, e));
    TRY(set_limit(RLIMIT_MEMLOCK, 0, 0, e));
    TRY(set_limit(RLIMIT_MSGQUEUE, 0, 0, e));
    TRY(set_limit(RLIMIT_SIGPENDING, 1024, 1024, e));
    TRY(set_limit(RLIMIT_NICE, 0, 0, e));
    return set_limit(RLIMIT_RTPRIO, 0, 0, e);
}

static bool drop_capabilities(struct err *e)
{
    struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {0};
    if (syscall(SYS_capset, &head, none) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot drop capabilities: %m");
    return true;
}

/* Once for all runs of a slot. An unprivileged caller without namespaces has nothing to drop. */
bool box_drop_bounding_set(const struct box_machine *m, struct err *e)
{
    if (!m->has_namespaces && !m->is_root)
        return true;
    int cap = 0;
    while (prctl(PR_CAPBSET_DROP, cap) == 0)
        cap++;
    if (errno != EINVAL || cap == 0) /* beyond the last one */
        return FAIL(e, ERR_UNSUPPORTED, "cannot drop capability %d: %m", cap);
    unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                         SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED;
    if (prctl(PR_SET_SECUREBITS, bits) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot lock secure bits: %m");
    return true;
}

static bool switch_uid(const struct box_run *run, struct err *e)
{
    if (!run->m->is_root)
        return true;
    uid_t id = (uid_t)box_program_uid(run);
    if (setgroups(0, NULL) != 0 || setresgid(id, id, id) != 0 || setresuid(id, id, id) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot become an unprivileged user: %m");
    return true;
}

bool box_drop_privileges(const struct box_run *run, struct err *e)
{
    TRY(switch_uid(run, e));
    TRY(drop_capabilities(e));
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot set no_new_privs: %m");
    return true;
}
