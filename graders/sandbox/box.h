/* Inside of podium-box: what its files share. Theory of operation: box_main.c.
 *
 * Nothing here prints. A step that fails fills an err, and whoever runs the step reports it: a box
 * that could not be built whole is never entered. */
#pragma once
#include <linux/filter.h>
#include <sys/types.h>
#include <unistd.h>

#include "graders/sandbox/box_talk.h"

enum { BOX_UID = 1000, BOX_GID = 1000 }; /* the program's, as seen inside */

/* Which namespaces are kept between runs, in the order they are entered. */
enum { BOX_NS_USER, BOX_NS_MNT, BOX_NS_NET, BOX_NS_UTS, BOX_NS_CGROUP, BOX_NS_COUNT };

static inline void box_close(int *fd)
{
    if (*fd >= 0)
        (void)close(*fd);
    *fd = -1;
}

/* What the keeper found out once, and every run uses. */
struct box_machine {
    bool is_root;        /* may switch to unprivileged uids */
    bool has_namespaces; /* false: the fallback */
    bool has_landlock;   /* used in the fallback only */
    bool has_proc;       /* a private /proc may be mounted inside */
    int ns_fd[BOX_NS_COUNT];
    int64_t host_uid; /* host id of the program when is_root; host_uid + 1 builds the box */
    struct sock_fprog filter;
    struct str isolation;
    struct str accounting;
    char why_not[200]; /* why there are no namespaces */
};

/* One run's descriptors. [0] is the reading end. */
struct box_run {
    const struct box_machine *m;
    const struct box_request *r;
    int input;
    int *files; /* one per request file */
    int out[2];
    int err[2];
    int control[2]; /* keeper -> inside: a byte, or its end, means stop */
    int report[2];  /* inside -> keeper: frames below */
    char dir[256];  /* fallback: the host folder that is /box */
};

/* First number of a report frame. */
enum { BOX_REPORT_STARTED, BOX_REPORT_FAILED, BOX_REPORT_DONE };

/* box_seccomp.c: the finished filter, from *keep. Fails where libseccomp or the kernel cannot. */
MUST_CHECK bool box_filter_build(struct sock_fprog *out, struct arena *keep, struct err *e);
MUST_CHECK bool box_filter_load(const struct sock_fprog *filter, struct err *e);
/* Without a pid namespace: the calling process may signal only itself. Built for its pid. */
MUST_CHECK bool box_filter_signals(struct err *e);

/* box_mounts.c: a private root with the toolchain read-only, then pivot_root into it; and what
 * every run gets fresh on top of it. */
/* *has_proc: a run may mount its own /proc; not so where a container hides parts of it. */
MUST_CHECK bool box_root_build(bool *has_proc, struct err *e);
MUST_CHECK bool box_fresh_mounts(const struct box_run *run, struct err *e);

/* box_slot.c: the namespaces that outlive a run. */
MUST_CHECK bool box_slot_open(struct box_machine *m, struct err *e);
/* Puts the calling process into them and makes it root there. */
MUST_CHECK bool box_slot_enter(const struct box_machine *m, struct err *e);
pid_t box_clone(uint64_t flags); /* fork with namespaces; 0 in the child, -1 failed */

/* box_limits.c */
MUST_CHECK bool box_limits_set(const struct box_run *run, struct err *e);
MUST_CHECK bool box_drop_privileges(const struct box_run *run, struct err *e);

/* box_landlock.c: 0 where the kernel has none */
int64_t box_landlock_version(void);
MUST_CHECK bool box_landlock_enter(struct err *e); /* the current folder stays open */

/* box_inside.c: pid 1 of the box (or its stand-in). Never returns. */
_Noreturn void box_inside(struct box_run *run);
void box_kill_below(int64_t pid); /* every descendant that /proc shows, stopped first */

/* Releases of Java whose settings, /etc/java-N-openjdk, are shown in the box. */
enum { BOX_JAVA_FIRST = 8, BOX_JAVA_LAST = 40 };

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

/* box_dir.c: the fallback's /box on the host */
MUST_CHECK bool box_dir_make(const struct box_machine *m, const char *parent, char *out,
                             int64_t n_out, struct err *e);
MUST_CHECK bool box_dir_remove(const char *path, struct err *e);

/* box_keeper.c: one request, from the socket to the reply in *out. False: the other end is gone or
 * talks nonsense, and podium-box ends. */
MUST_CHECK bool box_keep(const struct box_machine *m, struct str head, struct buf *out,
                         struct err *e);
