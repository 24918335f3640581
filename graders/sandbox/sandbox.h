/* The box, seen from podium: a program, its files and its input go in; how it ended, what it
 * used and what it wrote come out. Nothing of the machine is reachable from inside, and nothing
 * is left when a run is over: no process, no mount, no file.
 *
 * One `struct sandbox` is one podium-box process, started by exec, so that foreign programs are
 * never children of a process that holds a model. It serves one run at a time; a caller that wants
 * several at once opens several.
 *
 * False always means that *we* failed (no box, no namespace, no disk). A program that crashes,
 * loops or floods is a result with an `end`, never an error; and a result never depends on what the
 * program prints about itself. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"

struct sandbox;

struct sandbox_options {
    const char *box_path; /* the podium-box executable */
    bool no_namespaces;   /* take the fallback even where namespaces work: for tests */
    bool no_cgroups;      /* measure without them even where they work: for tests */
};

/* Every field counts; zero means zero except where said. */
struct sandbox_limits {
    int64_t cpu_ms;      /* user + system of everything that ran */
    int64_t wall_ms;     /* from exec to the last process gone */
    int64_t memory_kib;  /* peak of the whole tree */
    int64_t stack_kib;   /* 0: as much as memory_kib */
    int64_t n_processes; /* processes and threads at once */
    int64_t n_files;     /* open descriptors of one process */
    int64_t file_kib;    /* one file */
    int64_t disk_kib;    /* /box and /tmp, each */
    int64_t n_stdout_max;
    int64_t n_stderr_max;
};

/* A program of a contest: cpu and memory as given, everything else by custom. */
struct sandbox_limits sandbox_limits_run(int64_t cpu_ms, int64_t memory_kib);

/* A file in /box, the program's working folder. The name is a relative path ("prog", "pkg/A.java");
 * its folders are made. "feedback/" with a slash at its end is an empty folder that the program may
 * write to. Never "..", never absolute. */
struct sandbox_file {
    struct str name;
    struct str bytes;
    const char *path; /* not NULL: a file of the host, copied in place of bytes */
    bool is_program;  /* mode 0555 instead of 0444 */
};

/* A file to fetch from /box when everything is dead, by relative path. Links (also on the way
 * there), pipes, devices and files above n_max are as if absent. */
struct sandbox_take {
    struct str name;
    int64_t n_max;
};

/* What a program needs from the filter and the limits beside it. */
enum sandbox_profile {
    SANDBOX_NATIVE,      /* compiled, one of ours or of a contestant */
    SANDBOX_COMPILER,    /* gcc, rustc, javac: may start programs */
    SANDBOX_JVM,         /* reserves much address space, many threads */
    SANDBOX_INTERPRETER, /* python, node */
};

enum sandbox_end {
    SANDBOX_EXITED,    /* code */
    SANDBOX_SIGNALLED, /* signal */
    SANDBOX_CPU,       /* stopped: cpu_ms */
    SANDBOX_WALL,      /* stopped: wall_ms */
    SANDBOX_MEMORY,    /* stopped, or ended above memory_kib */
    SANDBOX_OUTPUT,    /* stopped: stdout, stderr, or a file beyond its cap */
    SANDBOX_PROCESSES, /* stopped: more than n_processes got through the kernel's own limit */
    SANDBOX_FILTERED,  /* killed by the filter (SIGSYS): a call of another instruction set */
    SANDBOX_STOPPED,   /* stopped because its group was over: nothing it did */
};
const char *sandbox_end_name(enum sandbox_end end); /* "exited", "cpu", ... */

struct sandbox_job {
    const struct str *argv; /* argv[0] is a path: "/usr/bin/g++", "./prog" */
    int64_t n_argv;
    const struct str *env; /* "NAME=value"; nothing is inherited */
    int64_t n_env;
    const struct sandbox_file *files;
    int64_t n_files;
    const struct sandbox_take *takes;
    int64_t n_takes;
    struct str input;       /* standard input: a file that cannot be written to */
    const char *input_path; /* not NULL: a file of the host, copied in place of input */
    struct str work_dir;    /* an existing folder; used only without namespaces. When the program's
                             * uid could not walk down to it, a private folder of /tmp serves */
    struct sandbox_limits limits;
    enum sandbox_profile profile;
    int64_t cpu;           /* 1 + the processor to stay on; 0: any */
    int64_t n_channel_max; /* not 0: descriptor 3 is a pipe to us, and at most so much comes back */
    /* in a group only */
    bool is_referee;    /* when it ends otherwise than by exiting with ok_code, all others stop */
    int64_t ok_code;    /* of a referee */
    int64_t outlive_ms; /* not 0: how long it may go on after every other job has ended */
};

struct sandbox_result {
    enum sandbox_end end;
    int64_t code;
    int64_t signal;
    int64_t cpu_us;
    int64_t wall_us;
    int64_t memory_kib;    /* peak */
    int64_t n_processes;   /* most seen at once, threads included */
    struct str out;        /* at most n_stdout_max bytes */
    struct str err;        /* at most n_stderr_max bytes */
    struct str channel;    /* what was written to descriptor 3 */
    int64_t ended_us;      /* when, since its group (or it) was started */
    struct str *taken;     /* one per take; .at is NULL when there was no such file */
    struct str isolation;  /* "namespaces+seccomp", "landlock+seccomp+uid", "landlock+seccomp",
                            * "seccomp+uid", "seccomp" */
    struct str accounting; /* how cpu and memory were measured: "cgroup1+cgroup2", "cgroup2",
                            * "wait+proc" */
};

/* Starts podium-box, which tries out what this machine allows. Namespaces that are refused give
 * the fallback, and sandbox_isolation says why; a filter that cannot be loaded is an error. */
MUST_CHECK bool sandbox_open(struct sandbox **out, const struct sandbox_options *o, struct err *e);
void sandbox_close(struct sandbox *s); /* NULL is fine */

/* Borrowed until sandbox_close. why_not is empty with full isolation. */
void sandbox_isolation(const struct sandbox *s, struct str *isolation, struct str *why_not);

/* What this machine gives, and why not more: for people who set one up. Texts borrowed until
 * sandbox_close. */
struct sandbox_description {
    struct str isolation;     /* as in a result */
    struct str why_not;       /* why there are no namespaces; empty when there are */
    struct str accounting;    /* as in a result */
    struct str cgroup1;       /* what is used of version 1 ("memory pids"), or "no: ..." */
    struct str cgroup2;       /* likewise */
    int64_t landlock_version; /* 0: this kernel has none; used without namespaces only */
    bool is_root;             /* programs get ids of their own */
    bool has_proc;            /* a box has a /proc of its own */
    int64_t uid_first;        /* programs run as one of n_uids ids of the host from here */
    int64_t n_uids;
};
void sandbox_describe(const struct sandbox *s, struct sandbox_description *out);

/* Programs that talk to each other: each in a box of its own, with its own uid, pid namespace and
 * files, all on one processor (job.cpu of the first; crossing processors would be charged to them).
 *
 * A pipe joins a descriptor of one job to a descriptor of another, directly: no byte passes through
 * us. When a reader is gone its writer neither dies of SIGPIPE nor blocks: what it writes is thrown
 * away. A referee's end is no end of input: its reader sees one when the referee has closed its
 * output and lives on, or is over and said ok, and is stopped otherwise.
 * FIFOs are
 * for programs that want names: each stands as /fifo/NAME in every box. (Without namespaces only an
 * argument that begins with "/fifo/" means one.) A descriptor that no pipe names is as in a single
 * run (input, captured stdout, captured stderr).
 *
 * Each job has its own limits. A group is over when all jobs are; see is_referee, outlive_ms. */
struct sandbox_pipe {
    int64_t i_from; /* job that writes */
    int64_t from_fd;
    int64_t i_to; /* job that reads */
    int64_t to_fd;
};

enum { SANDBOX_GROUP_MAX = 16 };

struct sandbox_group {
    const struct sandbox_job *jobs;
    int64_t n_jobs; /* at most SANDBOX_GROUP_MAX */
    const struct sandbox_pipe *pipes;
    int64_t n_pipes;
    const struct str *fifos; /* names, one path component each */
    int64_t n_fifos;
};

/* out has one result per job. Otherwise as sandbox_run. */
MUST_CHECK bool sandbox_run_group(struct sandbox *s, const struct sandbox_group *g,
                                  struct sandbox_result *out, struct arena *keep, struct err *e);

/* Texts of *out are from *keep. After an error the box is no longer used: close it. */
MUST_CHECK bool sandbox_run(struct sandbox *s, const struct sandbox_job *job,
                            struct sandbox_result *out, struct arena *keep, struct err *e);
