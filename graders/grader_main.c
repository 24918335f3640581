/* podium-grader: judges replies in a process of its own.
 *
 *     podium-grader --work DIR [--box PATH] [--no-namespaces] [--cpu N] [--quiet P] [--cache DIR]
 *         [--time-scale X] [--machine JSON]
 *
 * DIR of --cache keeps compiled programs between processes and runs; it is made when missing.
 * Requests come on standard input, answers go to standard output (graders/grader_wire.h). Graders
 * read what models wrote and may crash on it: a crash here costs one request and one process, and
 * never the run, the store or the model. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "graders/grader_wire.h"
#include "graders/judge/bench.h"
#include "graders/judge/task_grader.h"
#include "graders/sandbox/wire.h"

struct worker {
    const char *work_dir;
    const char *box_path;
    const char *machine; /* as grader_env has it */
    double time_scale;
    const char *quiet;     /* see judge/quiet.h */
    const char *cache_dir; /* see judge/compile_cache.h */
    bool no_namespaces;
    int64_t cpu;                    /* 1 + the processor of judged programs; 0: any */
    char own_box[LIMIT_PATH_BYTES]; /* podium-box beside this executable */
    struct arena item;
    struct arena tmp;
};

static bool find_own_box(struct worker *w)
{
    ssize_t n = readlink("/proc/self/exe", w->own_box, sizeof w->own_box - 16);
    char *slash = n > 0 ? memrchr(w->own_box, '/', (size_t)n) : NULL;
    if (slash == NULL)
        return false;
    (void)snprintf(slash, 16, "/podium-box");
    return access(w->own_box, X_OK) == 0;
}

/* Where the text after an option goes; NULL: no such option. */
static const char **text_option(struct worker *w, const char *name)
{
    const struct {
        const char *name;
        const char **to;
    } known[] = {{"--work", &w->work_dir},
                 {"--box", &w->box_path},
                 {"--cache", &w->cache_dir},
                 {"--quiet", &w->quiet},
                 {"--machine", &w->machine}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].to;
    return NULL;
}

static bool number_option(struct worker *w, const char *name, struct str value)
{
    if (strcmp(name, "--cpu") == 0)
        return str_i64(value, &w->cpu) && w->cpu >= 0;
    return strcmp(name, "--time-scale") == 0 && str_f64(value, &w->time_scale) && w->time_scale > 0;
}

static bool read_options(int argc, char **argv, struct worker *w, struct err *e)
{
    for (int i = 1; i < argc; i++) {
        const char **text = text_option(w, argv[i]);
        bool has_value = i + 1 < argc;
        if (strcmp(argv[i], "--no-namespaces") == 0)
            w->no_namespaces = true;
        else if (text != NULL && has_value)
            *text = argv[++i];
        else if (has_value && number_option(w, argv[i], str_of(argv[i + 1])))
            i++;
        else
            return FAIL(e, ERR_USAGE, "unknown option %s", argv[i]);
    }
    if (w->work_dir == NULL || !file_is_dir(w->work_dir))
        return FAIL(e, ERR_USAGE, "--work names no folder");
    if (w->cache_dir != NULL)
        TRY(file_make_dirs(w->cache_dir, e));
    if (w->box_path == NULL && find_own_box(w))
        w->box_path = w->own_box;
    return true;
}

static bool judge_in(const char *dir, const struct worker *w, const struct grader *g,
                     const struct grade_request *r, struct grade_answer *a, struct arena *keep,
                     struct arena tmp, struct err *e)
{
    struct json *key = NULL;
    struct json *definition = NULL;
    struct grader_env env = {.box_path = w->box_path,
                             .work_dir = dir,
                             .no_namespaces = w->no_namespaces,
                             .cache_dir = w->cache_dir,
                             .cpu = w->cpu,
                             .time_scale = w->time_scale,
                             .machine = w->machine,
                             .quiet = w->quiet};
    bool ok = json_parse(r->key, "item", &key, e) &&
              json_parse(r->definition, "definition", &definition, e);
    struct grade_in in = {.reply = r->reply,
                          .key = key,
                          .definition = definition,
                          .judged = r->judged,
                          .n_judged = r->n_judged,
                          .may_ask = r->may_ask,
                          .env = &env};
    ok = ok && g->judge(&in, &a->next, &a->grade, &a->question, keep, tmp, e);
    json_free(key);
    json_free(definition);
    return ok;
}

/* The folder goes whatever happened in it. */
static bool judge(const struct worker *w, const struct grader *g, const struct grade_request *r,
                  struct grade_answer *a, struct arena *keep, struct arena tmp, struct err *e)
{
    char dir[LIMIT_PATH_BYTES];
    struct err left = {0};
    TRY(file_temp_dir(w->work_dir, dir, sizeof dir, e));
    bool ok = judge_in(dir, w, g, r, a, keep, tmp, e);
    if (!file_remove_tree(dir, &left) && ok)
        return FAIL(e, left.cls, "%s", left.text);
    return ok;
}

static void answer(struct worker *w, struct str frame, struct buf *out)
{
    struct grade_request r;
    struct grade_answer a = {0};
    if (grade_request_get(frame, &r, &w->item, &a.err)) {
        a.ticket = r.ticket;
        const struct grader *g = grader_find(r.grader);
        a.version = g == NULL ? 0 : g->version;
        if (g == NULL)
            (void)FAIL(&a.err, ERR_USAGE, "no grader is called \"%.*s\"", STR_ARG(r.grader));
        else
            a.ok = judge(w, g, &r, &a, &w->item, w->tmp, &a.err);
    }
    grade_answer_put(out, &a);
}

static bool serve(struct worker *w, int in, int out, struct err *e)
{
    for (;;) {
        struct buf request = {0};
        struct buf reply = {0};
        bool has_frame = false;
        bool ok = wire_recv(in, "harness", GRADE_FRAME_MAX, &request, &has_frame, e);
        if (ok && has_frame) {
            answer(w, buf_str(&request), &reply);
            ok = wire_send(out, "harness", buf_str(&reply), e);
        }
        buf_free(&request);
        buf_free(&reply);
        arena_reset(&w->item);
        arena_reset(&w->tmp);
        if (!ok || !has_frame)
            return ok;
    }
}

/* Answers get a descriptor of their own; anything a library prints goes to standard error. */
static bool take_stdout(int *out, struct err *e)
{
    *out = fcntl(1, F_DUPFD_CLOEXEC, 3);
    if (*out < 0 || dup2(2, 1) < 0)
        return FAIL(e, ERR_IO, "standard output: %m");
    return true;
}

int main(int argc, char **argv)
{
    static struct worker w; /* paths of 4 KiB: too large for comfort on the stack */
    struct err e = {0};
    int out = -1;
    (void)signal(SIGPIPE, SIG_IGN);
    arena_init(&w.item, "item", LIMIT_ARENA_ITEM);
    arena_init(&w.tmp, "tmp", LIMIT_ARENA_TMP);
    bool ok = read_options(argc, argv, &w, &e) && take_stdout(&out, &e) && serve(&w, 0, out, &e);
    task_grader_close();
    bench_close();
    if (!ok)
        (void)fprintf(stderr, "podium-grader: %s\n", e.text);
    return ok ? 0 : e.cls == ERR_USAGE ? 2 : 1;
}
