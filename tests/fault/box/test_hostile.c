/* Hostile programs: each is compiled in the box, run in the box, and must end as the comment on
 * its first lines says, leaving nothing.
 *
 *     expect: cpu wall            any of these ends (sandbox_end_name)
 *     code: 42                    exit code when it exits; 0 when not said
 *     take: loot                  this file is asked for and must not come
 *     only: namespaces            no such promise in the fallback
 *     only: closed-files          nor there without Landlock
 *
 * Every program runs twice: in the full box, and in the fallback without namespaces. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "graders/sandbox/sandbox.h"
#include "tests/support/support.h"

static struct arena keep;
static struct sandbox *box;
static struct str isolation;
static char program_name[64]; /* unique: how leftovers are recognised */

static struct str source_of(const char *name)
{
    char path[512];
    (void)snprintf(path, sizeof path, "tests/fault/box/programs/%s", name);
    return support_read(path, &keep);
}

/* The rest of the line after "tag:" in the opening comment. */
static struct str tag(struct str source, const char *name)
{
    struct str head = str_sub(source, 0, str_find(source, STR("*/"), 0));
    struct str label = arena_fmt(&keep, " %s: ", name);
    int64_t at = str_find(head, label, 0);
    if (at < 0)
        return (struct str){"", 0};
    int64_t end = str_find(source, STR("\n"), at);
    struct str line = str_trim(str_sub(source, at + label.n, end));
    return str_ends(line, STR("*/")) ? str_trim(str_sub(line, 0, line.n - 2)) : line;
}

static bool has_word(struct str line, const char *word)
{
    struct str piece;
    while (str_split(&line, ' ', &piece))
        if (str_eq(piece, str_of(word)))
            return true;
    return false;
}

static void open_box(bool no_namespaces)
{
    static char path[1024];
    struct err e = {0};
    struct str why;
    (void)snprintf(path, sizeof path, "%s/podium-box", support_build());
    struct sandbox_options o = {.box_path = path, .no_namespaces = no_namespaces};
    ASSERT_OK(sandbox_open(&box, &o, &e), e);
    sandbox_isolation(box, &isolation, &why);
    if (!no_namespaces && !str_eq(isolation, STR("namespaces+seccomp")))
        support_skip("namespaces", arena_fmt(&keep, "no namespaces: %.*s", STR_ARG(why)).at);
}

static struct sandbox_result run_job(struct sandbox_job *job)
{
    struct err e = {0};
    struct sandbox_result r;
    struct str env[] = {STR("PATH=/usr/bin:/bin"), STR("TMPDIR=.")};
    job->env = env;
    job->n_env = 2;
    job->work_dir = str_of(support_temp());
    ASSERT_OK(sandbox_run(box, job, &r, &keep, &e), e);
    return r;
}

/* The program's bytes, made in the box as well. */
static struct str build(struct str source, struct str header)
{
    if (access("/usr/bin/gcc", X_OK) != 0)
        support_skip("gcc", "no gcc on this machine");
    struct str argv[] = {STR("/usr/bin/gcc"),  STR("-O1"), STR("-w"),   STR("-pthread"), STR("-I."),
                         STR("-D_GNU_SOURCE"), STR("-o"),  STR("prog"), STR("prog.c")};
    struct sandbox_file files[] = {{.name = STR("prog.c"), .bytes = source},
                                   {.name = STR("hostile.h"), .bytes = header}};
    struct sandbox_take take = {STR("prog"), LIMIT_MIB};
    struct sandbox_job job = {.argv = argv,

                              .n_argv = 9,
                              .files = files,
                              .n_files = 2,
                              .takes = &take,
                              .n_takes = 1,
                              .limits = sandbox_limits_run(20000, 1024 * 1024)};
    struct sandbox_result r = run_job(&job);
    cr_assert(r.taken[0].at != NULL, "does not compile (%s): %.*s", sandbox_end_name(r.end),
              STR_ARG(r.err));
    return r.taken[0];
}

/* Compiled once for both boxes and for the next run: most of a test's time would go there. */
static struct str build_once(struct str source)
{
    char hex[65];
    struct err e = {0};
    struct str text[] = {source, source_of("hostile.h")};
    struct hash h = hash_fields(text, 2);
    hash_hex(&h, hex);
    const char *path = arena_fmt(&keep, "build/tmp/hostile-%s", hex).at;
    if (file_exists(path))
        return support_read(path, &keep);
    struct str bytes = build(source, text[1]);
    ASSERT_OK(file_write(path, bytes, &e), e);
    return bytes;
}

static struct sandbox_limits limits_for(struct str expect)
{
    /* short only where the limit is what must strike: the machine may be busy */
    return (struct sandbox_limits){.cpu_ms = has_word(expect, "cpu") ? 300 : 4000,
                                   .wall_ms = has_word(expect, "wall") ? 800 : 15000,
                                   .memory_kib = 64 * 1024,
                                   .stack_kib = 32 * 1024,
                                   .n_processes = 32,
                                   .n_files = 64,
                                   .file_kib = 8 * 1024,
                                   .disk_kib = 16 * 1024,
                                   .n_stdout_max = LIMIT_MIB,
                                   .n_stderr_max = 64 * 1024};
}

/* --- what may be left ----------------------------------------------------------------------- */

static int64_t count_mounts(void)
{
    char line[4096];
    int64_t n = 0;
    FILE *f = fopen("/proc/self/mounts", "r");
    while (f != NULL && fgets(line, sizeof line, f) != NULL)
        n += strncmp(line, "box ", 4) == 0; /* as ours are called */
    if (f != NULL)
        (void)fclose(f);
    return n;
}

/* Processes whose command line holds the word. */
static int64_t count_processes(const char *word)
{
    char path[300];
    char line[1024];
    int64_t n_found = 0;
    DIR *d = opendir("/proc");
    const struct dirent *entry = NULL;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        (void)snprintf(path, sizeof path, "/proc/%s/cmdline", entry->d_name);
        FILE *f = fopen(path, "r");
        size_t n = f == NULL ? 0 : fread(line, 1, sizeof line, f);
        n_found += memmem(line, n, word, strlen(word)) != NULL;
        if (f != NULL)
            (void)fclose(f);
    }
    if (d != NULL)
        (void)closedir(d);
    return n_found;
}

static int64_t count_files(const char *path)
{
    int64_t n = 0;
    DIR *d = opendir(path);
    const struct dirent *entry = NULL;
    while (d != NULL && (entry = readdir(d)) != NULL)
        n += entry->d_name[0] != '.';
    if (d != NULL)
        (void)closedir(d);
    return n;
}

/* --- one program ---------------------------------------------------------------------------- */

static void check_result(struct str source, const struct sandbox_result *r)
{
    int64_t code = 0;
    (void)str_i64(tag(source, "code"), &code);
    cr_expect(has_word(tag(source, "expect"), sandbox_end_name(r->end)),
              "ended %s (code %lld, signal %lld), expected %.*s\n%.*s%.*s",
              sandbox_end_name(r->end), (long long)r->code, (long long)r->signal,
              STR_ARG(tag(source, "expect")), STR_ARG(str_sub(r->out, 0, 400)),
              STR_ARG(str_sub(r->err, 0, 400)));
    if (r->end == SANDBOX_EXITED)
        cr_expect_eq(r->code, code, "exit code %lld: %.*s", (long long)r->code,
                     STR_ARG(str_sub(r->out, 0, 1000)));
    cr_expect(str_find(r->out, STR("ESCAPED"), 0) < 0, "%.*s", STR_ARG(str_sub(r->out, 0, 1000)));
    cr_expect(r->out.n <= LIMIT_MIB);
    cr_expect(r->err.n <= 64 * 1024);
}

static bool is_promised(struct str source)
{
    struct str only = tag(source, "only");
    bool is_full = str_eq(isolation, STR("namespaces+seccomp"));
    if (has_word(only, "namespaces"))
        return is_full;
    if (has_word(only, "closed-files"))
        return is_full || str_starts(isolation, STR("landlock"));
    return true;
}

static void run_hostile(const char *name, bool no_namespaces)
{
    struct err e = {0};
    char answers[1200];
    arena_init(&keep, "hostile", LIMIT_GIB);
    open_box(no_namespaces);
    struct str source = source_of(arena_fmt(&keep, "%s.c", name).at);
    if (!is_promised(source))
        support_skip("namespaces", "not promised without namespaces");
    (void)snprintf(program_name, sizeof program_name, "./h%d_%d", (int)getpid(), no_namespaces);
    (void)snprintf(answers, sizeof answers, "%s/EXPECTED", support_temp());
    ASSERT_OK(file_write(answers, STR("the answer"), &e), e);
    struct str argv[] = {str_of(program_name)};
    struct sandbox_file file = {
        .name = str_of(program_name + 2), .bytes = build_once(source), .is_program = true};
    struct sandbox_take take = {tag(source, "take"), LIMIT_MIB};
    static char input[4 << 20];
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 1,
                              .files = &file,
                              .n_files = 1,
                              .takes = &take,
                              .n_takes = take.name.n > 0,
                              .input = {input, sizeof input},
                              .limits = limits_for(tag(source, "expect"))};
    int64_t n_mounts = count_mounts();
    struct sandbox_result r = run_job(&job);
    check_result(source, &r);
    cr_expect(job.n_takes == 0 || r.taken[0].at == NULL, "took %.*s", STR_ARG(take.name));
    cr_expect_eq(count_processes(program_name), 0, "processes are left");
    cr_expect_eq(count_mounts(), n_mounts, "mounts are left");
    cr_expect_eq(count_files(support_temp()), 1, "files are left");
    sandbox_close(box);
}

#define HOSTILE(name)                                                                              \
    Test(hostile, name)                                                                            \
    {                                                                                              \
        run_hostile(#name, false);                                                                 \
    }                                                                                              \
    Test(hostile_fallback, name)                                                                   \
    {                                                                                              \
        run_hostile(#name, true);                                                                  \
    }

HOSTILE(closes_everything_and_burns)
HOSTILE(closes_everything_and_leaves)
HOSTILE(daemons_burn_while_main_sleeps)
HOSTILE(daemons_outlive_main)
HOSTILE(deaf_and_asleep)
HOSTILE(dies_of_any_signal)
HOSTILE(digs_deep_folders)
HOSTILE(dumps_core)
HOSTILE(enters_by_int_0x80)
HOSTILE(enters_by_x32)
HOSTILE(exhausts_descriptors)
HOSTILE(fills_the_disk)
HOSTILE(floods_inodes)
HOSTILE(forges_its_exit)
HOSTILE(fork_bomb)
HOSTILE(fork_bomb_of_children_that_exit)
HOSTILE(heap_bomb)
HOSTILE(huge_static_array)
HOSTILE(infinite_loop)
HOSTILE(inherits_descriptors)
HOSTILE(kill_everybody)
HOSTILE(knocks_at_kernel_doors)
HOSTILE(leaves_a_folder_to_take)
HOSTILE(leaves_a_link_to_take)
HOSTILE(leaves_a_pipe_to_take)
HOSTILE(leaves_too_much_to_take)
HOSTILE(locks_its_folders)
HOSTILE(makes_namespaces)
HOSTILE(memory_over_several_processes)
HOSTILE(mounts_things)
HOSTILE(never_reads_its_input)
HOSTILE(opens_devices)
HOSTILE(opens_sockets)
HOSTILE(populate_bomb)
HOSTILE(raises_its_limits)
HOSTILE(reads_secrets)
HOSTILE(runs_a_setuid_program)
HOSTILE(searches_for_the_answers)
HOSTILE(shared_memory_bomb)
HOSTILE(sleep_forever)
HOSTILE(snoops_in_proc)
HOSTILE(sparse_file)
HOSTILE(stack_bomb)
HOSTILE(stderr_flood)
HOSTILE(stdout_flood)
HOSTILE(stop_itself)
HOSTILE(stop_itself_and_children)
HOSTILE(syscall_burner)
HOSTILE(thread_bomb)
HOSTILE(traces_others)
HOSTILE(two_threads_burn)
HOSTILE(unaccounted_children_burn)
HOSTILE(vfork_bomb)
HOSTILE(waited_children_burn)
HOSTILE(wants_to_be_root)
HOSTILE(writes_outside)
HOSTILE(writes_to_its_input)

/* --- the keeper itself dies ------------------------------------------------------------------ */

static pid_t only_child(pid_t of)
{
    char path[64];
    int child = -1;
    (void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)of, (int)of);
    FILE *f = fopen(path, "r");
    if (f == NULL || fscanf(f, "%d", &child) != 1)
        child = -1;
    if (f != NULL)
        (void)fclose(f);
    return child;
}

static bool comes_true_within(int64_t ms, const char *word, bool is_there)
{
    int64_t until = clock_ns() + ms * 1000000;
    while (clock_ns() < until) {
        if ((count_processes(word) > 0) == is_there)
            return true;
        (void)usleep(5000);
    }
    return false;
}

static void kill_keeper(bool no_namespaces)
{
    static char script[256];
    struct err e = {0};
    arena_init(&keep, "hostile", LIMIT_GIB);
    open_box(no_namespaces);
    pid_t keeper = only_child(getpid());
    cr_assert_gt(keeper, 0);
    /* the word only stands in the command lines of the program and its daemon */
    (void)snprintf(program_name, sizeof program_name, "marker_%d_%d", (int)getpid(), no_namespaces);
    (void)snprintf(script, sizeof script,
                   "(setsid sh -c 'while :; do :; done #%s' &); while :; do :; done #%s",
                   program_name, program_name);
    struct str argv[] = {STR("/bin/sh"), STR("-c"), str_of(script)};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = 3,
                              .work_dir = str_of(support_temp()),
                              .limits = sandbox_limits_run(60000, 64 * 1024)};
    pid_t killer = fork();
    if (killer == 0) {
        bool ran = comes_true_within(10000, program_name, true);
        (void)usleep(100000);
        (void)kill(keeper, SIGKILL);
        _exit(ran ? 0 : 1);
    }
    struct sandbox_result r;
    cr_expect_not(sandbox_run(box, &job, &r, &keep, &e));
    int status = 1;
    cr_assert_eq(waitpid(killer, &status, 0), killer);
    cr_expect_eq(status, 0, "the program was never seen");
    cr_expect(comes_true_within(5000, program_name, false), "processes outlive the keeper");
    cr_expect_not(sandbox_run(box, &job, &r, &keep, &e), "a dead box must stay dead");
    sandbox_close(box);
}

Test(hostile, a_killed_keeper_leaves_nothing)
{
    kill_keeper(false);
}

Test(hostile_fallback, a_killed_keeper_leaves_nothing)
{
    kill_keeper(true);
}
