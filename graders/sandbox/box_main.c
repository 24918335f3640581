/* podium-box: runs foreign programs so that they can use up only what they were given.
 *
 * Theory of operation
 *
 *   podium ──socket──► keeper ──fork──► zygote ──clone──► init ──vfork──► program
 *                      host rights      one per slot,     pid 1, root    a uid of its own,
 *                      sees /proc       in the kept       of a private   no rights,
 *                      and cgroups      namespaces        user ns        filtered
 *                        │
 *                        └─fork─► guard: removes what a killed keeper leaves
 *
 * keeper   This file and box_keeper.c. Started by podium with one socket; lives as long as that.
 *          Reads what is wanted (box_talk.h), opens pipes, has the boxes started, and watches
 *          (box_watch.c): output pipes, the clock, CPU, memory and processes of the whole tree. A
 *          single run is a group of one; the jobs of a group talk over pipes that lead directly
 *          from one to the other, or over FIFOs on a tmpfs that only their boxes have.
 * builder  Before the first run a child makes the namespaces that every run shares and none can
 *          change (box_slot.c): user, network, host name, cgroup, and a mount namespace whose root
 *          is a sealed tmpfs with the toolchain bound read-only (box_mounts.c). It is gone at once;
 *          the keeper holds them by descriptors.
 * slot     A uid for programs, control groups (box_cgroup.c), and a zygote: a process that has
 *          entered all that once, and loaded most of the filter (box_seccomp.c), and makes the
 *          inits (box_zygote.c), which inherit it for nothing. The first one is made while the
 *          builder builds, and told about the namespaces when they are there.
 *          It is small and separately executed on purpose: a program inherits its starter's peak
 *          memory in the kernel's account, and forking a large process is slow. There is a slot for
 *          each profile and one for each further job of a group, opened when first needed.
 * init     box_inside.c. Fresh pid, ipc and mount namespaces for every run; made with CLONE_PARENT,
 *          so that the keeper itself waits for it. Mounts /box, /tmp and /proc afresh, places the
 *          files (box_files.c), starts the program, reaps, and ends the run: when the program ends,
 *          when the keeper says stop, or when the keeper is gone (its socket ends; the death signal
 *          is the second string). Then it kills all, waits for all, and reports. While it takes its
 *          mounts down the keeper answers; nothing is started in the slot before it is gone.
 * program  Between vfork and exec, in the init's memory: descriptors, processor, limits
 *          (box_limits.c), uid, capabilities, no_new_privs, the rest of the filter. Any step that
 *          fails is reported and nothing runs.
 *
 * Two kinds of failure never mix: what the program did is a result; what we could not do is an
 * error, and no result at all. There is no third way in which a run happens unprotected: the
 * isolation is chosen once, at the start, told to podium, and stored with every verdict. So is the
 * accounting: control groups of version 2, of version 1, or, where neither may be used, resource
 * limits and looks into /proc (box_tree.c). The figures are exact with groups; without, a program
 * that makes the kernel forget its children is seen through to some milliseconds.
 *
 * Without namespaces (a container that refuses them) the init is a subreaper instead, the program
 * runs under an unprivileged uid of its own when podium is root, and Landlock, where the kernel
 * has it, closes the file system. This is weaker, and says so.
 *
 * Left behind: nothing. Mounts die with their namespace, processes with their init. SIGKILL to the
 * keeper at any moment closes its sockets, and with them zygotes, inits and all below; the guard,
 * which outlives it for that (box_guard.c), removes control groups and the fallback's folders. When
 * the guard is killed as well, the next podium-box removes the empty groups of keepers that are
 * dead. */
#include <assert.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <malloc.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "graders/sandbox/box.h"

/* Ids outside of what distributions give to people and services. Different boxes need different
 * ones only without namespaces, where the count of processes goes by uid. */
enum { HOST_UID_FIRST = 1200000000, HOST_UID_STEP = 32, HOST_UID_COUNT = 20000 };
enum { HOST_UID_FEW = 200 }; /* boxes told apart where ids are scarce */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
/* The sanitizer keeps freed memory in quarantine, and a program inherits the keeper's size. */
const char *__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier) */
const char *__asan_default_options(void)  /* NOLINT(bugprone-reserved-identifier) */
{
    return "quarantine_size_mb=0:thread_local_quarantine_size_kb=0:detect_leaks=0";
}
#endif
#endif

static_assert(BOX_SLOTS_MAX + 1 <= HOST_UID_STEP, "one id per slot, and one that builds");

struct options {
    bool no_namespaces;
    bool no_cgroups;
};

static bool read_options(int argc, char **argv, struct options *o, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--no-namespaces") == 0)
            o->no_namespaces = true;
        else if (strcmp(argv[i], "--no-cgroups") == 0)
            o->no_cgroups = true;
        else
            return FAIL(e, ERR_USAGE, "unknown option %s", argv[i]);
    }
    struct stat st;
    if (fstat(BOX_FD, &st) != 0 || !S_ISSOCK(st.st_mode))
        return FAIL(e, ERR_USAGE, "descriptor %d is no socket; podium starts this program itself",
                    BOX_FD);
    return true;
}

/* A request may bring a thousand descriptors; what a program may have is set apart. */
static void allow_descriptors(void)
{
    struct rlimit l;
    if (getrlimit(RLIMIT_NOFILE, &l) == 0) {
        l.rlim_cur = l.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &l);
    }
}

/* 0, 1 and 2 are somebody else's or closed; nothing here may ever land on them. */
static bool quiet_descriptors(struct err *e)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0)
        return FAIL(e, ERR_IO, "/dev/null: %m");
    if (fcntl(2, F_GETFD) < 0 && dup2(fd, 2) < 0)
        return FAIL(e, ERR_IO, "/dev/null: %m");
    if (fd > 2)
        (void)close(fd);
    if (fcntl(BOX_FD, F_SETFD, FD_CLOEXEC) != 0 || close_range(BOX_FD + 1, ~0U, 0) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot close descriptors: %m");
    return true;
}

/* Asked, not tried: every run loads its filter or does not begin. */
static bool can_filter(struct err *e)
{
    uint32_t action = SECCOMP_RET_KILL_PROCESS;
    if (syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "this machine refuses seccomp filters: no box");
    return true;
}

/* True when the ids from `first` on exist here: in a rootless container only some do. */
static bool is_mapped(const char *line, int64_t first, int64_t *last_start)
{
    int64_t number[3] = {0};
    struct str rest = str_trim(str_of(line));
    for (int i = 0; i < 3; i++) {
        struct str piece = {0};
        rest = str_trim(rest);
        if (!str_split(&rest, ' ', &piece) || !str_i64(str_trim(piece), &number[i]))
            return false;
    }
    int64_t n_few = (int64_t)HOST_UID_STEP * HOST_UID_FEW;
    if (number[2] > n_few)
        *last_start = number[0] + number[2] - n_few;
    return first >= number[0] && first + HOST_UID_STEP <= number[0] + number[2];
}

/* Ids far from anybody's where they exist, else the last of the largest range there is. */
static int64_t pick_host_uid(void)
{
    char line[128];
    int64_t start = 0;
    int64_t first = HOST_UID_FIRST + HOST_UID_STEP * (int64_t)(getpid() % HOST_UID_COUNT);
    bool is_there = false;
    FILE *f = fopen("/proc/self/uid_map", "re");
    while (f != NULL && !is_there && fgets(line, sizeof line, f) != NULL)
        is_there = is_mapped(line, first, &start);
    if (f != NULL)
        (void)fclose(f);
    return is_there || start == 0 ? first
                                  : start + HOST_UID_STEP * (int64_t)(getpid() % HOST_UID_FEW);
}

/* Those that we may use, and so what we start. */
static int64_t count_processors(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set)
                                                       : sysconf(_SC_NPROCESSORS_ONLN);
}

static struct str isolation_name(const struct box_machine *m)
{
    if (m->has_namespaces)
        return STR("namespaces+seccomp");
    if (m->has_landlock)
        return m->is_root ? STR("landlock+seccomp+uid") : STR("landlock+seccomp");
    return m->is_root ? STR("seccomp+uid") : STR("seccomp");
}

static void open_cgroups(const struct options *o, struct box_machine *m)
{
    m->accounting = STR("wait+proc");
    if (o->no_cgroups) {
        (void)snprintf(m->cg.one_says, sizeof m->cg.one_says, "no: not wanted");
        (void)snprintf(m->cg.two_says, sizeof m->cg.two_says, "no: not wanted");
        return;
    }
    box_cgroups_find(m);
    if (m->has_cgroups)
        box_cgroups_sweep(m, 0);
}

/* Groups that cannot be made after all are groups that there are not. */
static bool start_keeper(struct box_machine *m, struct keeper *k, struct err *e)
{
    struct err why = {0};
    if (box_keeper_start(k, &why))
        return true;
    if (m->has_cgroups) {
        m->has_cgroups = false;
        m->accounting = STR("wait+proc");
        (void)snprintf(m->cg.one_says, sizeof m->cg.one_says, "no: %.150s", why.text);
        (void)snprintf(m->cg.two_says, sizeof m->cg.two_says, "no: %.150s", why.text);
        return box_keeper_start(k, e);
    }
    *e = why;
    return false;
}

/* While the builder builds, everything that does not need its namespaces is made ready. */
static bool open_machine(const struct options *o, struct box_machine *m, struct keeper **k,
                         struct err *e)
{
    struct err why = {0};
    struct box_builder builder = {.tell = -1, .hear = -1};
    *m = (struct box_machine){.is_root = geteuid() == 0, .leash = -1};
    m->host_uid = pick_host_uid() + 1;
    m->n_cpus = count_processors();
    m->has_landlock = box_landlock_version() > 0;
    TRY(can_filter(e));
    if (o->no_namespaces)
        (void)FAIL(&why, ERR_UNSUPPORTED, "not wanted");
    bool is_started = !o->no_namespaces && box_builder_start(m, &builder, &why);
    bool ok = box_keeper_new(m, k, e);
    open_cgroups(o, m);
    /* whatever outlives a kill is guarded before it is made */
    ok = ok && (!m->has_cgroups || box_guard_start(m, e)) && start_keeper(m, *k, e);
    m->has_namespaces = box_builder_finish(m, &builder, is_started, &why);
    (void)snprintf(m->why_not, sizeof m->why_not, "%s", m->has_namespaces ? "" : why.text);
    m->isolation = isolation_name(m);
    if (ok && !m->has_namespaces && prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        return FAIL(e, ERR_UNSUPPORTED, "cannot become a subreaper: %m");
    if (ok && !m->has_namespaces && !m->has_cgroups)
        ok = box_guard_start(m, e);
    return ok && box_keeper_open(*k, e);
}

static bool say_hello(const struct box_machine *m, const struct err *refusal, struct err *e)
{
    struct buf b = {0};
    struct box_hello h = {.machine = {.isolation = m->isolation,
                                      .why_not = str_of(m->why_not),
                                      .accounting = m->accounting,
                                      .cgroup1 = str_of(m->cg.one_says),
                                      .cgroup2 = str_of(m->cg.two_says),
                                      .landlock_version = box_landlock_version(),
                                      .is_root = m->is_root,
                                      .has_proc = m->has_proc,
                                      .uid_first = m->is_root ? m->host_uid : geteuid(),
                                      .n_uids = m->is_root ? BOX_SLOTS_MAX : 1},
                          .refusal = str_of(refusal->text)};
    box_hello_put(&b, &h);
    bool ok = wire_send(BOX_FD, "podium", buf_str(&b), e);
    buf_free(&b);
    return ok;
}

/* After the keeper has removed everything there is nothing left to guard. */
static void dismiss_guard(struct box_machine *m)
{
    if (m->guard <= 0)
        return;
    box_close(&m->leash);
    (void)waitpid(m->guard, NULL, 0);
}

int main(int argc, char **argv)
{
    struct options o = {0};
    struct box_machine m;
    struct keeper *keeper = NULL;
    struct err e = {0};
    struct err refusal = {0};
    /* what is given back must leave: a program inherits the size of whoever starts it */
    (void)mallopt(M_MMAP_THRESHOLD, 128 * 1024);
    (void)signal(SIGPIPE, SIG_IGN);
    allow_descriptors();
    if (!read_options(argc, argv, &o, &e) || !quiet_descriptors(&e)) {
        (void)fprintf(stderr, "podium-box: %s\n", e.text);
        return 2;
    }
    /* from here on podium hears everything through the socket, or is gone and hears nothing */
    bool is_ready = open_machine(&o, &m, &keeper, &refusal);
    bool ok = say_hello(&m, &refusal, &e) && is_ready && box_keeper_serve(keeper, &e);
    dismiss_guard(&m);
    return ok ? 0 : 1;
}
