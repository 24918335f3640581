/* box: any command in the sandbox, for people who wonder what a limit does and for tests.
 *
 * The account is JSON either way. By default it holds what the program wrote; with --out the
 * program's own output goes where ours goes and the account stands on standard error, so that
 *     podium box --out --input in.txt -- ./prog > out.txt
 * reads like the program itself. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "graders/sandbox/sandbox.h"
#include "harness/command.h"
#include "harness/workers.h"

enum { EXIT_NO_BOX = 3 };
enum { ENV_OWN = 4 };

struct box_options {
    int64_t cpu_ms, wall_ms, memory_mb, stack_mb;
    int64_t n_processes, n_files, file_mb, disk_mb;
    int64_t stdout_kb, stderr_kb, take_kb;
    int64_t cpu;
    int profile;
    bool no_namespaces, is_json, is_through;
    struct cli_list files, takes, env;
    const char *input;
    const char *into;
};

/* One run with everything it borrows. */
struct boxed {
    struct arena keep;
    struct sandbox *box;
    char work[LIMIT_PATH_BYTES];
    struct sandbox_job job;
    struct sandbox_result result;
    struct str isolation;
    struct str why_not;
};

static void drop_boxed(struct boxed *b)
{
    struct err ignored;
    sandbox_close(b->box);
    if (b->work[0] != 0)
        (void)!file_remove_tree(b->work, &ignored);
    arena_fini(&b->keep);
}

/* --- what goes in --------------------------------------------------------------------------- */

static struct str base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return str_of(slash == NULL ? path : slash + 1);
}

static bool add_file(struct boxed *b, struct sandbox_file *files, const char *path, bool is_program,
                     struct err *e)
{
    struct sandbox_file *f = &files[b->job.n_files];
    f->name = base_name(path);
    f->is_program = is_program;
    TRY(file_read(path, &f->bytes, &b->keep, e));
    b->job.n_files++;
    return true;
}

/* Anywhere but where the box shows the machine's own: a file of the caller's. */
static bool is_callers(const char *command)
{
    static const char *const seen[] = {"/usr/", "/bin/", "/sbin/", "/lib"};
    if (strchr(command, '/') == NULL)
        return false;
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        if (str_starts(str_of(command), str_of(seen[i])))
            return false;
    return true;
}

/* A bare name is looked for where the box will have it. */
static bool find_tool(const char *name, struct arena *keep, struct str *out, struct err *e)
{
    static const char *const folders[] = {"/usr/local/bin", "/usr/bin", "/bin"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        struct str path = arena_fmt(keep, "%s/%s", folders[i], name);
        if (access(path.at, X_OK) == 0) {
            *out = path;
            return true;
        }
    }
    return FAIL(e, ERR_USAGE,
                "box: no command '%s' in /usr/local/bin, /usr/bin, /bin; a program of "
                "your own is given with a slash: ./%s",
                name, name);
}

/* The command itself, which may be a file that is not in the box yet. */
static bool put_command(struct boxed *b, const struct cli *c, struct sandbox_file *files,
                        struct str *argv, struct err *e)
{
    const char *command = c->arguments[0];
    struct str name = base_name(command);
    bool is_given = false;
    for (int64_t i = 0; i < b->job.n_files; i++)
        is_given = is_given || str_eq(files[i].name, name);
    for (int64_t i = 0; i < c->n_arguments; i++)
        argv[i] = str_of(c->arguments[i]);
    b->job.argv = argv;
    b->job.n_argv = c->n_arguments;
    if (!is_callers(command))
        return strchr(command, '/') != NULL || find_tool(command, &b->keep, &argv[0], e);
    argv[0] = arena_fmt(&b->keep, "./%.*s", STR_ARG(name));
    return is_given || add_file(b, files, command, true, e);
}

static bool put_files(struct boxed *b, const struct box_options *o, const struct cli *c,
                      struct err *e)
{
    struct sandbox_file *files = NEW(&b->keep, struct sandbox_file, o->files.n + 1);
    b->job.files = files;
    for (int64_t i = 0; i < o->files.n; i++)
        TRY(add_file(b, files, o->files.at[i], access(o->files.at[i], X_OK) == 0, e));
    return put_command(b, c, files, NEW(&b->keep, struct str, c->n_arguments), e);
}

static bool put_input(struct boxed *b, const struct box_options *o, struct err *e)
{
    if (o->input == NULL)
        return true;
    if (strcmp(o->input, "-") != 0)
        return file_read(o->input, &b->job.input, &b->keep, e);
    struct buf in = {0};
    bool ok = file_read_fd(STDIN_FILENO, "standard input", LIMIT_STDIN_BYTES, &in, e);
    if (ok)
        b->job.input = arena_str(&b->keep, buf_str(&in));
    buf_free(&in);
    return ok;
}

/* The box refuses the others too, but cannot say which. */
static bool is_below_box(struct str name)
{
    struct str piece;
    bool is_good = name.n > 0 && name.at[0] != '/';
    while (is_good && str_split(&name, '/', &piece))
        is_good = piece.n > 0 && !str_eq(piece, STR(".")) && !str_eq(piece, STR(".."));
    return is_good;
}

static bool put_takes(struct boxed *b, const struct box_options *o, struct err *e)
{
    struct sandbox_take *takes = NEW(&b->keep, struct sandbox_take, o->takes.n);
    for (int64_t i = 0; i < o->takes.n; i++)
        if (!is_below_box(str_of(o->takes.at[i])))
            return FAIL(e, ERR_USAGE, "--take %s: must be a path below /box", o->takes.at[i]);
    for (int64_t i = 0; i < o->takes.n; i++)
        takes[i] = (struct sandbox_take){str_of(o->takes.at[i]), o->take_kb * LIMIT_KIB};
    b->job.takes = takes;
    b->job.n_takes = o->takes.n;
    return true;
}

static bool put_env(struct boxed *b, const struct box_options *o, struct err *e)
{
    static const char *const own[ENV_OWN] = {"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/box",
                                             "TMPDIR=/tmp", "LC_ALL=C.UTF-8"};
    struct str *env = NEW(&b->keep, struct str, ENV_OWN + o->env.n);
    for (int64_t i = 0; i < ENV_OWN; i++)
        env[i] = str_of(own[i]);
    for (int64_t i = 0; i < o->env.n; i++) {
        if (strchr(o->env.at[i], '=') == NULL)
            return FAIL(e, ERR_USAGE, "--env %s: must be NAME=VALUE", o->env.at[i]);
        env[ENV_OWN + i] = str_of(o->env.at[i]);
    }
    b->job.env = env;
    b->job.n_env = ENV_OWN + o->env.n;
    return true;
}

static struct sandbox_limits limits_of(const struct box_options *o)
{
    struct sandbox_limits l = sandbox_limits_run(o->cpu_ms, o->memory_mb * LIMIT_KIB);
    if (o->wall_ms > 0)
        l.wall_ms = o->wall_ms;
    l.stack_kib = o->stack_mb * LIMIT_KIB;
    l.n_processes = o->n_processes;
    l.n_files = o->n_files;
    l.file_kib = o->file_mb * LIMIT_KIB;
    l.disk_kib = o->disk_mb * LIMIT_KIB;
    l.n_stdout_max = o->stdout_kb * LIMIT_KIB;
    l.n_stderr_max = o->stderr_kb * LIMIT_KIB;
    return l;
}

/* --- what comes out ------------------------------------------------------------------------- */

static void put_taken(struct json_out *w, const struct boxed *b, bool with_text)
{
    json_put_key(w, "taken");
    json_open(w, '[');
    for (int64_t i = 0; i < b->job.n_takes; i++) {
        struct str bytes = b->result.taken[i];
        json_open(w, '{');
        json_pair_str(w, "name", b->job.takes[i].name);
        json_pair_bool(w, "is_there", bytes.at != NULL);
        json_pair_i64(w, "bytes", bytes.n);
        if (with_text && bytes.at != NULL)
            json_pair_str(w, "text", bytes);
        json_close(w, '}');
    }
    json_close(w, ']');
}

static void put_account(struct json_out *w, const struct boxed *b, const struct box_options *o)
{
    const struct sandbox_result *r = &b->result;
    json_open(w, '{');
    json_pair_str(w, "end", str_of(sandbox_end_name(r->end)));
    json_pair_i64(w, "code", r->code);
    json_pair_i64(w, "signal", r->signal);
    json_pair_f64(w, "cpu_ms", (double)r->cpu_us / 1000);
    json_pair_f64(w, "wall_ms", (double)r->wall_us / 1000);
    json_pair_i64(w, "memory_kib", r->memory_kib);
    json_pair_i64(w, "processes", r->n_processes);
    json_pair_str(w, "isolation", b->isolation);
    if (b->why_not.n > 0)
        json_pair_str(w, "why_not", b->why_not);
    json_pair_str(w, "accounting", r->accounting);
    json_pair_i64(w, "stdout_bytes", r->out.n);
    json_pair_i64(w, "stderr_bytes", r->err.n);
    if (!o->is_through) {
        json_pair_str(w, "stdout", r->out);
        json_pair_str(w, "stderr", r->err);
    }
    if (b->job.n_takes > 0)
        put_taken(w, b, o->into == NULL);
    json_close(w, '}');
}

/* One member a line, for eyes: only members of the outermost object are broken apart. */
static void print_lines(FILE *to, struct str json)
{
    int depth = 0;
    bool is_text = false;
    for (int64_t i = 0; i < json.n; i++) {
        char ch = json.at[i];
        is_text = is_text != (ch == '"');
        if (is_text || strchr("{}[],", ch) == NULL) {
            (void)fputc(ch, to);
            if (ch == '\\' && i + 1 < json.n) /* what is escaped ends no text */
                (void)fputc(json.at[++i], to);
            continue;
        }
        depth -= ch == '}' || ch == ']';
        if (depth == 0 && ch == '}')
            (void)fputc('\n', to);
        (void)fputc(ch, to);
        depth += ch == '{' || ch == '[';
        if (depth != 1 || (ch != '{' && ch != ','))
            continue;
        (void)fputs("\n  ", to);
        i += i + 1 < json.n && json.at[i + 1] == ' ';
    }
    (void)fputc('\n', to);
}

static void print_account(const struct boxed *b, const struct box_options *o)
{
    struct json_out w = {0};
    FILE *to = o->is_through ? stderr : stdout;
    put_account(&w, b, o);
    struct str json = buf_str(&w.text);
    if (o->is_json)
        (void)fprintf(to, "%.*s\n", STR_ARG(json));
    else
        print_lines(to, json);
    json_out_free(&w);
}

static bool write_taken(const struct boxed *b, const char *into, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    for (int64_t i = 0; i < b->job.n_takes; i++) {
        if (b->result.taken[i].at == NULL)
            continue;
        if (!file_join(into, b->job.takes[i].name.at, path, sizeof path))
            return FAIL(e, ERR_USAGE, "--into %s: path too long", into);
        char *slash = strrchr(path, '/');
        *slash = 0;
        TRY(file_make_dirs(path, e));
        *slash = '/';
        TRY(file_write(path, b->result.taken[i], e));
    }
    return true;
}

/* --- the whole ------------------------------------------------------------------------------ */

static bool open_box(struct boxed *b, const struct box_options *o, struct err *e)
{
    char path[LIMIT_PATH_BYTES];
    TRY(workers_beside_us("podium-box", path, e));
    struct sandbox_options options = {.box_path = path, .no_namespaces = o->no_namespaces};
    TRY(sandbox_open(&b->box, &options, e));
    sandbox_isolation(b->box, &b->isolation, &b->why_not);
    TRY(file_temp_dir("/tmp", b->work, sizeof b->work, e));
    /* without namespaces the program's own uid must be able to walk down to its folder */
    (void)chmod(b->work, 0711);
    b->job.work_dir = str_of(b->work);
    return true;
}

static bool run(struct boxed *b, const struct box_options *o, const struct cli *c, int *rc,
                struct err *e)
{
    b->job.limits = limits_of(o);
    b->job.profile = (enum sandbox_profile)o->profile;
    b->job.cpu = o->cpu + 1;
    TRY(put_takes(b, o, e));
    TRY(put_env(b, o, e));
    TRY(put_files(b, o, c, e));
    TRY(put_input(b, o, e));
    TRY(open_box(b, o, e));
    TRY(sandbox_run(b->box, &b->job, &b->result, &b->keep, e));
    if (o->is_through) {
        (void)fwrite(b->result.out.at, 1, (size_t)b->result.out.n, stdout);
        (void)fwrite(b->result.err.at, 1, (size_t)b->result.err.n, stderr);
    }
    if (o->into != NULL)
        TRY(write_taken(b, o->into, e));
    print_account(b, o);
    bool is_fine = b->result.end == SANDBOX_EXITED && b->result.code == 0;
    *rc = is_fine ? EXIT_DONE : EXIT_FAILED;
    return true;
}

static const char *const synopsis =
    "[limits] [--file F]... [--input F] [--take NAME]... -- CMD ARGS";
static const char *const summary =
    "Runs CMD in the sandbox and prints its account as JSON: how it ended, CPU and wall time,\n"
    "memory, processes, and what it wrote. CMD sees /usr and its own empty /box; a CMD with a\n"
    "slash (./prog) is copied in, and so is every --file. Standard input is empty unless --input\n"
    "names a file, or - for podium's own.\n"
    "Exit code: 0 when CMD exited with 0, 1 when it ended in any other way, 2 for a mistake in\n"
    "these words, 3 when it could not be run at all.";
static const char *const example =
    "podium box -- python3 -c 'print(6 * 7)'\n"
    "podium box --cpu-ms 1000 --memory-mb 256 --input in.txt -- ./a.out\n"
    "podium box --out --input in.txt -- ./a.out > out.txt\n"
    "podium box --profile compiler --file a.cpp --take a.out --into . -- g++ -O2 a.cpp\n"
    "podium box --json --processes 4 -- sh -c 'sleep 1 & sleep 1 & wait'";

static bool box_command(struct cli *c, struct box_options *o, int *rc, struct err *e)
{
    CLEANUP(drop_boxed) struct boxed b = {0};
    arena_init(&b.keep, "box", LIMIT_ARENA_RUN);
    if (run(&b, o, c, rc, e))
        return true;
    if (e->cls == ERR_USAGE)
        return false;
    (void)fprintf(stderr, "podium: %s\n", e->text);
    *rc = EXIT_NO_BOX;
    return true;
}

bool command_box(struct cli *c, int *rc, struct err *e)
{
    struct box_options o = {.cpu_ms = 10000,
                            .memory_mb = 1024,
                            .n_processes = 64,
                            .n_files = 64,
                            .file_mb = 64,
                            .disk_mb = 64,
                            .stdout_kb = 64 * LIMIT_KIB,
                            .stderr_kb = LIMIT_KIB,
                            .take_kb = 64 * LIMIT_KIB,
                            .cpu = -1};
    const struct cli_option options[] = {
        OPTION_I64("cpu-ms", &o.cpu_ms, 1, 86400000, "CPU time of everything it starts (10000)"),
        OPTION_I64("wall-ms", &o.wall_ms, 1, 86400000, "time by the clock (3 x CPU + 2000)"),
        OPTION_I64("memory-mb", &o.memory_mb, 1, 1048576, "memory of all its processes (1024)"),
        OPTION_I64("stack-mb", &o.stack_mb, 0, 1048576, "stack; 0: as much as memory (0)"),
        OPTION_I64("processes", &o.n_processes, 1, 100000, "processes and threads at once (64)"),
        OPTION_I64("files", &o.n_files, 4, 100000, "open descriptors of one process (64)"),
        OPTION_I64("file-mb", &o.file_mb, 0, 1048576, "size of one file (64)"),
        OPTION_I64("disk-mb", &o.disk_mb, 1, 1048576, "size of /box and of /tmp (64)"),
        OPTION_I64("stdout-kb", &o.stdout_kb, 0, 1048576, "standard output (65536)"),
        OPTION_I64("stderr-kb", &o.stderr_kb, 0, 1048576, "standard error (1024)"),
        OPTION_WORD("profile", "native|compiler|jvm|interpreter", &o.profile,
                    "what kind of program it is (native)"),
        OPTION_I64("cpu", &o.cpu, 0, 4095, "the processor to stay on (any)"),
        OPTION_FLAG("no-namespaces", &o.no_namespaces, "use the weaker box, as in a container"),
        OPTION_LIST("file", "F", &o.files, "copy F into /box; may be repeated"),
        OPTION_TEXT("input", "F", &o.input, "standard input from F; - for podium's own"),
        OPTION_LIST("env", "NAME=VALUE", &o.env, "set a variable; may be repeated"),
        OPTION_LIST("take", "NAME", &o.takes, "fetch /box/NAME afterwards; may be repeated"),
        OPTION_I64("take-kb", &o.take_kb, 1, 1048576, "largest file to fetch (65536)"),
        OPTION_TEXT("into", "DIR", &o.into, "write fetched files to DIR, not into the account"),
        OPTION_FLAG("out", &o.is_through, "pass the output through; the account to stderr"),
        OPTION_FLAG("json", &o.is_json, "the account on one line"),
    };
    c->synopsis = synopsis;
    c->summary = summary;
    c->example = example;
    c->n_arguments_min = 1;
    c->n_arguments_max = CLI_ARGUMENTS;
    c->is_wrapper = true;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    return c->is_help || box_command(c, &o, rc, e);
}
