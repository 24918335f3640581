/* Attacks on the box: hostile programs compiled in it, run in it, and what they may leave behind.
 *
 * A program lies in programs/NAME.c and says in its opening comment how it must end:
 *
 *     expect: cpu wall            any of these ends (sandbox_end_name)
 *     code: 42                    exit code when it exits; 0 when not said
 *     take: loot                  this file is asked for and must not come
 *     cpu-min: 100                at least so many milliseconds must be on the account
 *     wall-max: 400               it must be over by then
 *     stdout-max: 0               so many bytes of output and no more
 *     cpu-ms, wall-ms, memory-mb, stack-mb  limits of its own
 *     only: namespaces            no such promise in the fallback
 *     only: closed-files          nor there without Landlock
 *     only: cgroup                only where a cgroup keeps the account
 *     beside: own-uid             no such promise to programs that share a caller's one id
 *
 * and beyond the tags, what a naive sandbox would do with it. */
#pragma once
#include "graders/sandbox/sandbox.h"
#include "tests/support/support.h"

/* One podium-box and what stood on the machine before it was opened. */
struct attack {
    struct sandbox *box;
    struct arena keep;
    struct str isolation;
    int64_t keeper; /* pid */
    int64_t n_mounts;
    int64_t n_files;
    bool no_namespaces;
    bool is_root;      /* programs have ids of their own */
    bool has_cgroups;  /* keeps its account in groups of its own */
    bool seen_cgroups; /* and they were found where attack_close looks for them */
    char marker[64];   /* unique, and in the command line of everything that is run */
};

/* Opens a box, or skips when the machine has no namespaces but they are asked for. */
void attack_open(struct attack *a, bool no_namespaces);

/* The full box, but with CPU and memory polled through /proc even where cgroups work. */
void attack_open_polled(struct attack *a);

/* Closes it, and fails the test when a process, mount, file or cgroup is left. */
void attack_close(struct attack *a);

/* Nothing of a run may live on while the box waits for the next one. */
void attack_nothing_is_left(const struct attack *a);

/* The text of programs/NAME.c, and one tag of it ("" when it has no such line). */
struct str attack_source(struct attack *a, const char *name);
struct str attack_tag(struct attack *a, struct str source, const char *tag);
bool attack_has_word(struct str line, const char *word);

/* Skips the test when the program's promise is not for this box or this accounting. */
void attack_skip_unless_promised(struct attack *a, struct str source);

/* Compiles and runs the program with one argument (NULL: none). An err fails the test. */
struct sandbox_result attack_run(struct attack *a, struct str source, const char *argument);

/* The job that attack_run runs; what it borrows is from a->keep. */
struct sandbox_job attack_job(struct attack *a, struct str source, const char *argument);

/* The same with its err handed out, for boxes that are meant to break. */
MUST_CHECK bool attack_try(struct attack *a, struct str source, const char *argument,
                           struct sandbox_result *out, struct err *e);

/* Fails the test unless it ended as its tags say and nothing of it came through. */
void attack_check(struct attack *a, struct str source, const struct sandbox_result *r);

/* Processes whose command line holds the word. */
int64_t attack_count_processes(const char *word);

/* Folders of cgroups that this keeper made; and whether they are gone within ten seconds. */
int64_t attack_count_own_cgroups(int64_t keeper);
bool attack_own_cgroups_go(int64_t keeper);

/* The child of `of` that is not `but`, or -1. */
int64_t attack_child(int64_t of, int64_t but);

/* Entries of /proc/PID/fd, and resident KiB. */
int64_t attack_count_descriptors(int64_t pid);
int64_t attack_resident_kib(int64_t pid);
