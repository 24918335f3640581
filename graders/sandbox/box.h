/* Inside of podium-box: what its files share. Theory of operation: box_main.c.
 *
 * Nothing here prints. A step that fails fills an err, and whoever runs the step reports it: a box
 * that could not be built whole is never entered. */
#pragma once
#include <linux/filter.h>
#include <sys/types.h>
#include <unistd.h>

#include "graders/sandbox/box_talk.h"

/* A program's ids as seen inside: BOX_UID and upwards, one for each slot. */
enum { BOX_UID = 1000, BOX_SLOTS_MAX = 4 + SANDBOX_GROUP_MAX };

/* Which namespaces are kept between runs, in the order they are entered. */
enum { BOX_NS_USER, BOX_NS_MNT, BOX_NS_NET, BOX_NS_UTS, BOX_NS_CGROUP, BOX_NS_COUNT };

static inline void box_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* The control groups of a machine, as found at the start. Empty: not used. */
enum { BOX_CG_MEMORY, BOX_CG_PIDS, BOX_CG_CPU, BOX_CG_TWO, BOX_CG_COUNT };
struct box_cgroups {
    char parent[BOX_CG_COUNT][512]; /* folder that ours are made in */
    bool two_has_memory;            /* version 2 has the controllers, version 1 is not needed */
    char one_says[160];             /* for people: what is used, or why not */
    char two_says[160];
};

/* What the keeper found out once, and every run uses. */
struct box_machine {
    bool is_root;        /* may switch to unprivileged uids */
    bool has_namespaces; /* false: the fallback */
    bool has_landlock;   /* used in the fallback only */
    bool has_proc;       /* a private /proc may be mounted inside */
    bool has_cgroups;    /* CPU and memory are the kernel's own accounts */
    int ns_fd[BOX_NS_COUNT];
    struct sock_fprog filter; /* the first layer, every zygote's */
    int64_t host_uid; /* host id of slot 0's program when is_root; the one before builds boxes */
    int64_t n_cpus;
    pid_t guard; /* 0: none */
    int leash;   /* its end means that the keeper is gone */
    struct box_cgroups cg;
    struct str isolation;
    struct str accounting;
    char why_not[200]; /* why there are no namespaces */
};

/* One slot's control groups: kept while the slot lives, never attached to by a run. */
struct box_cgroup {
    char dir[BOX_CG_COUNT][560];
    bool is_two;     /* files of version 2 */
    bool cpu_is_two; /* cpu.stat in microseconds, else cpuacct.usage in nanoseconds */
    bool can_forget; /* the peak; else it is only looked for now and then */
    int cpu, usage, peak, limit, pressed, killed, pids, tasks, empty;
    int64_t memory_kib; /* limit written last */
    int64_t n_tasks;
    int64_t n_killed; /* counters at the last look */
    int64_t n_pressed;
};

/* What an init tells while it runs; the keeper maps the same page. */
struct box_board {
    _Atomic pid_t init;         /* host view, written by the kernel; 0: not made */
    _Atomic int64_t started_ns; /* the program has begun; 0 before */
    int64_t setup_us; /* CPU of the program's process before exec: ours, and in its clock */
    int64_t base_kib; /* charged to the slot before the program began */
};

/* A slot: a process that sits in the kept namespaces and in control groups of its own, and makes
 * the init of each run. */
struct box_slot {
    int64_t i;
    pid_t pid;     /* of the zygote; 0: not open */
    pid_t leaving; /* an init that has reported and is not waited for yet; 0: none */
    int socket;    /* to it */
    bool has_cgroup;
    struct box_cgroup cg;
    struct box_board *board;
    int64_t zygote_ns; /* its CPU at the last look */
    int64_t cpu_ns;    /* of the control group, likewise */
};

/* A zygote keeps its socket and, with groups, what an init needs of them, from BOX_FD on.
 * Everything from here on belongs to a run. */
static inline unsigned box_run_fds(const struct box_slot *s)
{
    return BOX_FD + (s->has_cgroup ? 3 : 1);
}

/* What a run's init gets. */
struct box_run {
    const struct box_machine *m;
    const struct box_slot *slot;
    const struct box_request *r;
    struct sock_fprog filter;
    int report;       /* socket: frames below go out; its end, or the keeper's, means stop */
    int64_t cpu;      /* 1 + the processor to stay on; 0: any */
    int64_t n_beside; /* processes that share the program's id and are not its own */
    bool has_fifos;
    int fifo_ns; /* mount namespace of the group, or -1 */
    int n_fds;
    int n_joined;         /* the first ones lead to other boxes: closed here at once */
    int fds[BOX_FDS_MAX]; /* what becomes ... */
    int to[BOX_FDS_MAX];  /* ... which descriptor of the program */
    int *files;           /* one per request file; -1 for a folder */
    char dir[256];        /* fallback: the host folder that is /box */
};

/* First number of a report frame. */
enum { BOX_REPORT_FAILED, BOX_REPORT_DONE };

/* What a filter says to one system call; the rules of a call are asked in their order. */
enum box_when { BOX_ALWAYS, BOX_IF_EQUAL, BOX_IF_ANY, BOX_UNLESS };
struct box_rule {
    int nr;
    enum box_when when;
    unsigned arg;
    /* of the argument's lower half: equal under the mask, or any bit of it. UNLESS with a full mask
     * looks at all 64 bits, and takes what it does not know for different. */
    uint32_t mask;
    uint32_t value;
    uint32_t action;
};

/* box_filter.c: BPF that allows everything but what the rules say, from *keep. Calls of another
 * instruction set kill. */
MUST_CHECK bool box_filter_make(const struct box_rule *rules, int64_t n_rules,
                                struct sock_fprog *out, struct arena *keep, struct err *e);

/* box_seccomp.c: a program has both layers: the first from its slot's zygote, the second is its
 * profile's own. */
MUST_CHECK bool box_filter_build_first(struct sock_fprog *out, struct arena *keep, struct err *e);
MUST_CHECK bool box_filter_build(enum sandbox_profile profile, struct sock_fprog *out,
                                 struct arena *keep, struct err *e);
MUST_CHECK bool box_filter_load(const struct sock_fprog *filter, struct err *e);
/* Without a pid namespace: the calling process may signal only itself. Built for its pid. */
MUST_CHECK bool box_filter_signals(struct err *e);

/* box_mounts.c: a private root with the toolchain read-only, then pivot_root into it; and what
 * every run gets fresh on top of it. */
/* *has_proc: a run may mount its own /proc; not so where a container hides parts of it. */
MUST_CHECK bool box_root_build(bool *has_proc, struct err *e);
MUST_CHECK bool box_fresh_mounts(const struct box_run *run, struct err *e);
/* FIFOs on a tmpfs at /fifo of the calling process's own mount namespace. */
MUST_CHECK bool box_fifos_mount(const struct str *names, int64_t n, struct err *e);

/* box_slot.c: the namespaces that outlive a run, and the slots. */
struct box_builder {
    pid_t pid;
    int tell;
    int hear;
};
/* It builds while the keeper does other things; finish must follow, whether or not it started. */
MUST_CHECK bool box_builder_start(const struct box_machine *m, struct box_builder *b,
                                  struct err *e);
MUST_CHECK bool box_builder_finish(struct box_machine *m, struct box_builder *b, bool is_started,
                                   struct err *e);
/* Starting needs no namespaces; finish must follow, and tells what there are. A slot that cannot be
 * opened is closed. */
MUST_CHECK bool box_slot_start(const struct box_machine *m, struct box_slot *s, struct err *e);
MUST_CHECK bool box_slot_finish(const struct box_machine *m, struct box_slot *s, struct err *e);
void box_slot_see_off(struct box_slot *s); /* waits for the one that is leaving */
void box_slot_close(struct box_slot *s);   /* kills its zygote; a zeroed one is fine */
pid_t box_clone(uint64_t flags);           /* fork with namespaces; 0 in the child, -1 failed */

/* box_zygote.c: the slot's process, and the keeper's words to it. */
_Noreturn void box_zygote(const struct box_machine *m, const struct box_slot *s, int socket);
/* Says a pid, or why there is none; box_zygote_launched hears it. */
MUST_CHECK bool box_zygote_answer(int socket, pid_t pid, const struct err *why, struct err *e);
/* Descriptors of *run are passed and stay the caller's; request is its frame. */
MUST_CHECK bool box_zygote_launch(const struct box_slot *s, const struct box_run *run,
                                  struct str request, struct err *e);
MUST_CHECK bool box_zygote_launched(const struct box_slot *s, pid_t *init, struct err *e);
/* A mount namespace with FIFOs at /fifo, held by the descriptor. */
MUST_CHECK bool box_zygote_fifos(const struct box_slot *s, const struct box_group *g, int *ns,
                                 struct err *e);

/* box_cgroup.c: what the kernel's control groups limit and count. */
void box_cgroups_find(struct box_machine *m);
MUST_CHECK bool box_cgroup_open(const struct box_machine *m, int64_t i_slot, struct box_cgroup *c,
                                struct err *e);
MUST_CHECK bool box_cgroup_enter(const struct box_cgroup *c, pid_t pid, struct err *e);
void box_cgroup_close(struct box_cgroup *c);
MUST_CHECK bool box_cgroup_limit(struct box_cgroup *c, int64_t memory_kib, int64_t n_processes,
                                 struct err *e);
/* Forgets the peak; what is charged now, in KiB. */
int64_t box_cgroup_begin(const struct box_cgroup *c);
int64_t box_cgroup_usage_kib(const struct box_cgroup *c);
int64_t box_cgroup_cpu_ns(const struct box_cgroup *c);
int64_t box_cgroup_tasks(const struct box_cgroup *c); /* processes and threads in it now */
int64_t box_cgroup_peak_kib(const struct box_cgroup *c);
/* Since the last call: how many processes the kernel killed for want of memory, and whether it had
 * to take pages back. */
int64_t box_cgroup_killed(struct box_cgroup *c, bool *was_pressed);
/* Removes the groups of a dead keeper; of: 0 for whoever is dead, and then only empty ones. */
void box_cgroups_sweep(const struct box_machine *m, pid_t of);

/* box_guard.c: who removes what a killed keeper leaves. */
MUST_CHECK bool box_guard_start(struct box_machine *m, struct err *e);
/* The folder that is about to be made for the slot's run; it takes the place of the one before. */
MUST_CHECK bool box_guard_tell(const struct box_machine *m, int64_t i_slot, const char *path,
                               struct err *e);

/* box_limits.c */
MUST_CHECK bool box_limits_set(const struct box_run *run, struct err *e);
MUST_CHECK bool box_drop_bounding_set(const struct box_machine *m, struct err *e);
MUST_CHECK bool box_drop_privileges(const struct box_run *run, struct err *e);
static inline int64_t box_program_uid(const struct box_run *run)
{
    int64_t first = run->m->has_namespaces ? BOX_UID : run->m->host_uid;
    return first + (run->m->is_root ? run->slot->i : 0);
}

/* box_landlock.c: 0 where the kernel has none */
int64_t box_landlock_version(void);
MUST_CHECK bool box_landlock_rules(int *rules, struct err *e); /* the current folder stays open */
MUST_CHECK bool box_landlock_enter(int rules, struct err *e);

/* box_files.c: what is placed in /box, and what is taken from it. The current folder is /box. */
MUST_CHECK bool box_files_place(const struct box_run *run, struct err *e);
void box_files_take(const struct box_run *run, const struct sandbox_take *t, struct buf *out);

/* box_inside.c: pid 1 of the box (or its stand-in). Never returns. */
_Noreturn void box_inside(struct box_run *run);
/* Every descendant that /proc shows, stopped first; not those spared and below. How many children
 * there were. */
int64_t box_kill_below(int64_t pid, const pid_t *spared, int64_t n_spared);

/* box_tree.c: what the processes of a run use, while they run. */
struct box_seen {
    int64_t pid;
    int64_t cpu_ns;
};
enum { BOX_SEEN_MAX = 1024 };
struct box_tree {
    int64_t root;       /* pid of the init, host view */
    int64_t cpu_us;     /* of everything below it, dead or alive, as far as seen */
    int64_t memory_kib; /* now */
    int64_t memory_peak_kib;
    int64_t n_tasks;
    int64_t n_tasks_peak;
    int64_t dead_ns; /* own CPU of processes that were seen and are gone */
    struct box_seen live[BOX_SEEN_MAX];
    int64_t n_live;
};
void box_tree_sample(struct box_tree *t);
int64_t box_clock_of(int64_t pid); /* own CPU of a process in ns; 0 when it is gone */

/* box_dir.c: the fallback's /box on the host */
MUST_CHECK bool box_dir_make(const struct box_run *run, const char *parent, char *out,
                             int64_t n_out, struct err *e);
/* A folder "fifo" in dir, with the group's FIFOs shared with the group's first folder. */
MUST_CHECK bool box_dir_fifos(const char *dir, const char *first, const struct box_group *g,
                              struct err *e);
MUST_CHECK bool box_dir_remove(const char *path, struct err *e);

/* box_watch.c: one run, seen from outside. */
struct box_watch {
    const struct box_machine *m;
    struct box_slot *slot;
    struct box_request request;
    struct str frame; /* of the request, for the zygote */
    struct box_run run;
    struct box_tree *tree; /* without control groups */
    bool is_launched;      /* the zygote was told */
    int report;            /* the keeper's end */
    int out, err, channel;
    struct buf out_text, err_text, channel_text, report_text;
    int64_t born_ns;    /* the box */
    int64_t group_ns;   /* the first of its group's programs began */
    int64_t ended_ns;   /* the report is whole; 0 before */
    int64_t stopped_ns; /* when stop was said; 0 before */
    int64_t placed_kib; /* of files in /box, charged to the slot */
    int64_t seen_us;    /* CPU at the last look */
    int64_t n_tasks_peak;
    int64_t seen_kib;  /* most memory at any look, where the kernel's peak cannot be used */
    int64_t n_drained; /* thrown away because its reader is gone */
    int64_t init_us;   /* CPU of the init and what it waited for; 0: it may be leaving still */
    enum sandbox_end stop_reason;
};
void box_watch_stop(struct box_watch *w, enum sandbox_end why);
void box_watch_settle(struct box_slot *s); /* its next run's account begins here */
/* Reads what is there; at the end of file the descriptor is closed. False: more than n_max. */
bool box_watch_drain(int *fd, int64_t n_max, struct buf *into);
void box_watch_read(struct box_watch *w);  /* outputs and report */
void box_watch_check(struct box_watch *w); /* limits */
int64_t box_watch_tick_ms(const struct box_watch *w);
/* The report is here: whatever ran in the box is dead. */
bool box_watch_is_done(const struct box_watch *w);
/* A referee that did not say ok; or no program ever began. */
bool box_watch_ends_group(const struct box_watch *w);
bool box_watch_is_stuck(const struct box_watch *w);
MUST_CHECK bool box_watch_result(struct box_watch *w, struct sandbox_result *r, struct arena *keep,
                                 struct err *e);

/* box_keeper.c: from *keep of its own; lives as long as podium-box. */
struct keeper;
MUST_CHECK bool box_keeper_new(struct box_machine *m, struct keeper **out, struct err *e);
MUST_CHECK bool box_keeper_start(struct keeper *k,
                                 struct err *e); /* the first slot; open follows */
MUST_CHECK bool box_keeper_open(struct keeper *k, struct err *e);
MUST_CHECK bool box_keeper_serve(struct keeper *k, struct err *e); /* until podium is gone */
