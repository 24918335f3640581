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

/* A file in /box, the program's working folder. The name is one path component. */
struct sandbox_file {
    struct str name;
    struct str bytes;
    bool is_program; /* mode 0555 instead of 0444 */
};

/* A file to fetch from /box when everything is dead. Links, pipes, devices and files above n_max
 * are as if absent. */
struct sandbox_take {
    struct str name;
    int64_t n_max;
};

enum sandbox_end {
    SANDBOX_EXITED,    /* code */
    SANDBOX_SIGNALLED, /* signal */
    SANDBOX_CPU,       /* stopped: cpu_ms */
    SANDBOX_WALL,      /* stopped: wall_ms */
    SANDBOX_MEMORY,    /* stopped, or ended above memory_kib */
    SANDBOX_OUTPUT,    /* stopped: stdout, stderr, or a file beyond its cap */
    SANDBOX_PROCESSES, /* stopped: more than n_processes got through the kernel's own limit */
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
    struct str input;    /* standard input: a file that cannot be written to */
    struct str work_dir; /* an existing folder; used only without namespaces. When the program's
                          * uid could not walk down to it, a private folder of /tmp serves */
    struct sandbox_limits limits;
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
    struct str *taken;     /* one per take; .at is NULL when there was no such file */
    struct str isolation;  /* "namespaces+seccomp", "landlock+seccomp+uid", "landlock+seccomp",
                            * "seccomp+uid", "seccomp" */
    struct str accounting; /* how cpu and memory were measured */
};

/* Starts podium-box, which tries out what this machine allows. Namespaces that are refused give
 * the fallback, and sandbox_isolation says why; a filter that cannot be loaded is an error. */
MUST_CHECK bool sandbox_open(struct sandbox **out, const struct sandbox_options *o, struct err *e);
void sandbox_close(struct sandbox *s); /* NULL is fine */

/* Borrowed until sandbox_close. why_not is empty with full isolation. */
void sandbox_isolation(const struct sandbox *s, struct str *isolation, struct str *why_not);

/* Texts of *out are from *keep. After an error the box is no longer used: close it. */
MUST_CHECK bool sandbox_run(struct sandbox *s, const struct sandbox_job *job,
                            struct sandbox_result *out, struct arena *keep, struct err *e);
