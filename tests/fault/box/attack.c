#include "tests/fault/box/attack.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"

enum { CGROUP_DEPTH_MAX = 8 };

/* --- looking at the machine ----------------------------------------------------------------- */

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

int64_t attack_count_processes(const char *word)
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

static int64_t count_cgroups_below(const char *path, const char *word, int depth)
{
    char below[2048];
    int64_t n = 0;
    DIR *d = depth > CGROUP_DEPTH_MAX ? NULL : opendir(path);
    const struct dirent *entry = NULL;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
            continue;
        (void)snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
        n += strstr(entry->d_name, word) != NULL;
        n += count_cgroups_below(below, word, depth + 1);
    }
    if (d != NULL)
        (void)closedir(d);
    return n;
}

int64_t attack_child(int64_t of, int64_t but)
{
    char path[64];
    int64_t found = -1;
    long long child = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/task/%lld/children", (long long)of,
                   (long long)of);
    FILE *f = fopen(path, "r");
    while (f != NULL && found < 0 && fscanf(f, "%lld", &child) == 1)
        found = child != but ? child : -1;
    if (f != NULL)
        (void)fclose(f);
    return found;
}

int64_t attack_count_descriptors(int64_t pid)
{
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%lld/fd", (long long)pid);
    return count_files(path);
}

int64_t attack_resident_kib(int64_t pid)
{
    char path[64];
    long long n_pages = 0;
    (void)snprintf(path, sizeof path, "/proc/%lld/statm", (long long)pid);
    FILE *f = fopen(path, "r");
    if (f == NULL || fscanf(f, "%*d %lld", &n_pages) != 1)
        n_pages = -1;
    if (f != NULL)
        (void)fclose(f);
    return n_pages * (sysconf(_SC_PAGESIZE) / 1024);
}

/* --- the box -------------------------------------------------------------------------------- */

/* Something an answer could be called; nothing inside may ever see it. */
static void lay_bait(void)
{
    struct err e = {0};
    char path[4200];
    cr_assert(file_join(support_temp(), "EXPECTED", path, sizeof path));
    ASSERT_OK(file_write(path, STR("the answer"), &e), e);
}

static void open_as(struct attack *a, bool no_namespaces, bool no_cgroups)
{
    static char path[1024];
    struct err e = {0};
    struct str why;
    *a = (struct attack){.no_namespaces = no_namespaces};
    arena_init(&a->keep, "attack", 4 * LIMIT_GIB);
    lay_bait();
    (void)snprintf(path, sizeof path, "%s/podium-box", support_build());
    (void)snprintf(a->marker, sizeof a->marker, "./h%d_%d", (int)getpid(), no_namespaces);
    a->n_mounts = count_mounts();
    a->n_files = count_files(support_temp());
    int64_t before = attack_child(getpid(), 0); /* a second box of this test is another child */
    struct sandbox_options o = {
        .box_path = path, .no_namespaces = no_namespaces, .no_cgroups = no_cgroups};
    ASSERT_OK(sandbox_open(&a->box, &o, &e), e);
    a->keeper = attack_child(getpid(), before);
    cr_assert_gt(a->keeper, 0);
    struct sandbox_description d;
    sandbox_describe(a->box, &d);
    a->is_root = d.is_root;
    a->has_cgroups = str_starts(d.accounting, STR("cgroup"));
    sandbox_isolation(a->box, &a->isolation, &why);
    if (!no_namespaces && !str_starts(a->isolation, STR("namespaces")))
        support_skip("namespaces", arena_fmt(&a->keep, "no namespaces: %.*s", STR_ARG(why)).at);
}

void attack_open(struct attack *a, bool no_namespaces)
{
    open_as(a, no_namespaces, false);
}

void attack_open_polled(struct attack *a)
{
    open_as(a, false, true);
}

void attack_nothing_is_left(const struct attack *a)
{
    cr_expect_eq(attack_count_processes(a->marker), 0, "processes are left");
    /* fewer is another box of this test that went meanwhile */
    cr_expect_leq(count_mounts(), a->n_mounts, "mounts are left");
    cr_expect_leq(count_files(support_temp()), a->n_files, "files are left");
}

int64_t attack_count_own_cgroups(int64_t keeper)
{
    char word[48];
    (void)snprintf(word, sizeof word, "podium-box-%lld-", (long long)keeper);
    return count_cgroups_below("/sys/fs/cgroup", word, 0);
}

/* Whoever was killed leaves them to a guard, which needs a moment. */
bool attack_own_cgroups_go(int64_t keeper)
{
    int64_t until = clock_ns() + 10000000000LL;
    while (attack_count_own_cgroups(keeper) > 0) {
        if (clock_ns() > until)
            return false;
        (void)usleep(20000);
    }
    return true;
}

void attack_close(struct attack *a)
{
    attack_nothing_is_left(a);
    sandbox_close(a->box);
    cr_expect(attack_own_cgroups_go(a->keeper), "cgroups are left");
    arena_fini(&a->keep);
}

/* --- the program ---------------------------------------------------------------------------- */

struct str attack_source(struct attack *a, const char *name)
{
    return support_read(arena_fmt(&a->keep, "tests/fault/box/programs/%s.c", name).at, &a->keep);
}

struct str attack_tag(struct attack *a, struct str source, const char *tag)
{
    struct str head = str_sub(source, 0, str_find(source, STR("*/"), 0));
    struct str label = arena_fmt(&a->keep, " %s: ", tag);
    int64_t at = str_find(head, label, 0);
    if (at < 0)
        return (struct str){"", 0};
    int64_t end = str_find(source, STR("\n"), at);
    struct str line = str_trim(str_sub(source, at + label.n, end));
    return str_ends(line, STR("*/")) ? str_trim(str_sub(line, 0, line.n - 2)) : line;
}

static int64_t number_tag(struct attack *a, struct str source, const char *tag, int64_t otherwise)
{
    int64_t v = 0;
    return str_i64(attack_tag(a, source, tag), &v) ? v : otherwise;
}

bool attack_has_word(struct str line, const char *word)
{
    struct str piece;
    while (str_split(&line, ' ', &piece))
        if (str_eq(piece, str_of(word)))
            return true;
    return false;
}

void attack_skip_unless_promised(struct attack *a, struct str source)
{
    struct str only = attack_tag(a, source, "only");
    bool is_full = str_starts(a->isolation, STR("namespaces"));
    bool is_closed = is_full || str_starts(a->isolation, STR("landlock"));
    if (attack_has_word(only, "namespaces") && !is_full)
        support_skip("namespaces", "not promised without namespaces");
    if (attack_has_word(only, "closed-files") && !is_closed)
        support_skip("landlock", "not promised without namespaces or Landlock");
}

static struct sandbox_limits limits_for(struct attack *a, struct str source)
{
    /* short only where the limit is what must strike: the machine may be busy */
    struct str expect = attack_tag(a, source, "expect");
    int64_t cpu_ms = attack_has_word(expect, "cpu") ? 300 : 4000;
    int64_t wall_ms = attack_has_word(expect, "wall") ? 800 : 15000;
    return (struct sandbox_limits){.cpu_ms = number_tag(a, source, "cpu-ms", cpu_ms),
                                   .wall_ms = number_tag(a, source, "wall-ms", wall_ms),
                                   .memory_kib = number_tag(a, source, "memory-mb", 64) * LIMIT_KIB,
                                   .stack_kib = number_tag(a, source, "stack-mb", 32) * LIMIT_KIB,
                                   .n_processes = 32,
                                   .n_files = 64,
                                   .file_kib = 8 * LIMIT_KIB,
                                   .disk_kib = 16 * LIMIT_KIB,
                                   .n_stdout_max = LIMIT_MIB,
                                   .n_stderr_max = 64 * LIMIT_KIB};
}

/* Where the test stands tells a program what it must have inherited. */
static void put_environment(struct sandbox_job *job)
{
    static struct str env[4];
    static char nice_text[32];
    static char cpus_text[32];
    cpu_set_t cpus;
    CPU_ZERO(&cpus);
    (void)sched_getaffinity(0, sizeof cpus, &cpus);
    (void)snprintf(nice_text, sizeof nice_text, "NICE=%d", getpriority(PRIO_PROCESS, 0));
    (void)snprintf(cpus_text, sizeof cpus_text, "PROCESSORS=%d", CPU_COUNT(&cpus));
    env[0] = STR("PATH=/usr/bin:/bin");
    env[1] = STR("TMPDIR=.");
    env[2] = str_of(nice_text);
    env[3] = str_of(cpus_text);
    job->env = env;
    job->n_env = 4;
    job->work_dir = str_of(support_temp());
}

/* The program's bytes, made in the box as well. */
static struct str build(struct attack *a, struct str source, struct str header)
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
                              .profile = SANDBOX_COMPILER,
                              .limits = sandbox_limits_run(20000, 1024 * 1024)};
    struct sandbox_result r;
    struct err e = {0};
    put_environment(&job);
    ASSERT_OK(sandbox_run(a->box, &job, &r, &a->keep, &e), e);
    cr_assert(r.taken[0].at != NULL, "does not compile (%s): %.*s", sandbox_end_name(r.end),
              STR_ARG(r.err));
    return r.taken[0];
}

/* Compiled once for both boxes and for the next run: most of a test's time would go there. */
static struct str build_once(struct attack *a, struct str source)
{
    char hex[65];
    struct err e = {0};
    struct str text[] = {source, support_read("tests/fault/box/programs/hostile.h", &a->keep)};
    struct hash h = hash_fields(text, 2);
    hash_hex(&h, hex);
    const char *path = arena_fmt(&a->keep, "build/tmp/hostile-%s", hex).at;
    if (file_exists(path))
        return support_read(path, &a->keep);
    struct str bytes = build(a, source, text[1]);
    ASSERT_OK(file_write(path, bytes, &e), e);
    return bytes;
}

struct sandbox_job attack_job(struct attack *a, struct str source, const char *argument)
{
    static char input[4 << 20];
    struct str *argv = NEW(&a->keep, struct str, 2);
    struct sandbox_file *file = NEW(&a->keep, struct sandbox_file, 1);
    struct sandbox_take *take = NEW(&a->keep, struct sandbox_take, 1);
    argv[0] = str_of(a->marker);
    argv[1] = str_of(argument);
    *file = (struct sandbox_file){
        .name = str_of(a->marker + 2), .bytes = build_once(a, source), .is_program = true};
    *take = (struct sandbox_take){attack_tag(a, source, "take"), LIMIT_MIB};
    struct sandbox_job job = {.argv = argv,
                              .n_argv = argument == NULL ? 1 : 2,
                              .files = file,
                              .n_files = 1,
                              .takes = take,
                              .n_takes = take->name.n > 0,
                              .input = {input, sizeof input},
                              .limits = limits_for(a, source)};
    put_environment(&job);
    return job;
}

bool attack_try(struct attack *a, struct str source, const char *argument,
                struct sandbox_result *out, struct err *e)
{
    struct sandbox_job job = attack_job(a, source, argument);
    return sandbox_run(a->box, &job, out, &a->keep, e);
}

struct sandbox_result attack_run(struct attack *a, struct str source, const char *argument)
{
    struct err e = {0};
    struct sandbox_result r;
    ASSERT_OK(attack_try(a, source, argument, &r, &e), e);
    if (a->has_cgroups && !a->seen_cgroups)
        cr_expect_gt(attack_count_own_cgroups(a->keeper), 0, "cgroups are elsewhere");
    a->seen_cgroups = true;
    if (attack_has_word(attack_tag(a, source, "only"), "cgroup") &&
        !str_starts(r.accounting, STR("cgroup")))
        support_skip("cgroup", "not promised without cgroups");
    return r;
}

static void check_end(struct attack *a, struct str source, const struct sandbox_result *r)
{
    struct str expect = attack_tag(a, source, "expect");
    cr_expect(attack_has_word(expect, sandbox_end_name(r->end)),
              "ended %s (code %lld, signal %lld, %lld us, %lld KiB), expected %.*s\n%.*s%.*s",
              sandbox_end_name(r->end), (long long)r->code, (long long)r->signal,
              (long long)r->cpu_us, (long long)r->memory_kib, STR_ARG(expect),
              STR_ARG(str_sub(r->out, 0, 400)), STR_ARG(str_sub(r->err, 0, 400)));
    if (r->end == SANDBOX_EXITED)
        cr_expect_eq(r->code, number_tag(a, source, "code", 0), "exit code %lld: %.*s",
                     (long long)r->code, STR_ARG(str_sub(r->out, 0, 1000)));
}

void attack_check(struct attack *a, struct str source, const struct sandbox_result *r)
{
    check_end(a, source, r);
    cr_expect(str_find(r->out, STR("ESCAPED"), 0) < 0, "%.*s", STR_ARG(str_sub(r->out, 0, 1000)));
    cr_expect_leq(r->out.n, number_tag(a, source, "stdout-max", LIMIT_MIB));
    cr_expect_leq(r->err.n, 64 * LIMIT_KIB);
    cr_expect_geq(r->cpu_us, 1000 * number_tag(a, source, "cpu-min", 0), "%lld us of CPU",
                  (long long)r->cpu_us);
    cr_expect_leq(r->wall_us, 1000 * number_tag(a, source, "wall-max", 60000), "%lld us",
                  (long long)r->wall_us);
    struct str take = attack_tag(a, source, "take");
    cr_expect(take.n == 0 || r->taken[0].at == NULL, "took %.*s", STR_ARG(take));
}
