#include "graders/sandbox/box_talk.h"

#include <assert.h>

void box_hello_put(struct buf *out, const struct box_hello *h)
{
    int64_t start = wire_open(out);
    const struct sandbox_description *d = &h->machine;
    wire_put_str(out, d->isolation);
    wire_put_str(out, d->why_not);
    wire_put_str(out, d->accounting);
    wire_put_str(out, d->cgroup1);
    wire_put_str(out, d->cgroup2);
    wire_put_i64(out, d->landlock_version);
    wire_put_i64(out, d->is_root);
    wire_put_i64(out, d->has_proc);
    wire_put_i64(out, d->uid_first);
    wire_put_i64(out, d->n_uids);
    wire_put_str(out, h->refusal);
    wire_seal(out, start);
}

bool box_hello_get(struct str frame, struct box_hello *out, struct arena *keep, struct err *e)
{
    struct wire_in in = wire_read(frame);
    struct box_hello h;
    struct sandbox_description *d = &h.machine;
    d->isolation = arena_str(keep, wire_get_str(&in));
    d->why_not = arena_str(keep, wire_get_str(&in));
    d->accounting = arena_str(keep, wire_get_str(&in));
    d->cgroup1 = arena_str(keep, wire_get_str(&in));
    d->cgroup2 = arena_str(keep, wire_get_str(&in));
    d->landlock_version = wire_get_i64(&in);
    d->is_root = wire_get_bool(&in);
    d->has_proc = wire_get_bool(&in);
    d->uid_first = wire_get_i64(&in);
    d->n_uids = wire_get_i64(&in);
    h.refusal = arena_str(keep, wire_get_str(&in));
    if (!wire_is_done(&in))
        return FAIL(e, ERR_IO, "podium-box: malformed hello: another build?");
    *out = h;
    return true;
}

/* The limits travel as a row of numbers, in the order of the struct. */
static_assert(sizeof(struct sandbox_limits) == 10 * sizeof(int64_t), "one number per limit");

static void put_limits(struct buf *out, const struct sandbox_limits *l)
{
    wire_put_i64(out, l->cpu_ms);
    wire_put_i64(out, l->wall_ms);
    wire_put_i64(out, l->memory_kib);
    wire_put_i64(out, l->stack_kib);
    wire_put_i64(out, l->n_processes);
    wire_put_i64(out, l->n_files);
    wire_put_i64(out, l->file_kib);
    wire_put_i64(out, l->disk_kib);
    wire_put_i64(out, l->n_stdout_max);
    wire_put_i64(out, l->n_stderr_max);
}

/* A limit that would overflow when turned into bytes or microseconds is malformed. */
static int64_t get_limit(struct wire_in *in)
{
    int64_t v = wire_get_i64(in);
    if (v < 0 || v > (1LL << 40))
        in->is_bad = true;
    return in->is_bad ? 0 : v;
}

static struct sandbox_limits get_limits(struct wire_in *in)
{
    struct sandbox_limits l = {0};
    l.cpu_ms = get_limit(in);
    l.wall_ms = get_limit(in);
    l.memory_kib = get_limit(in);
    l.stack_kib = get_limit(in);
    l.n_processes = get_limit(in);
    l.n_files = get_limit(in);
    l.file_kib = get_limit(in);
    l.disk_kib = get_limit(in);
    l.n_stdout_max = get_limit(in);
    l.n_stderr_max = get_limit(in);
    return l;
}

static void put_texts(struct buf *out, const struct str *text, int64_t n)
{
    wire_put_i64(out, n);
    for (int64_t i = 0; i < n; i++)
        wire_put_str(out, text[i]);
}

static int64_t get_count(struct wire_in *in, int64_t n_max)
{
    int64_t n = wire_get_i64(in);
    if (n < 0 || n > n_max)
        in->is_bad = true;
    return in->is_bad ? 0 : n;
}

/* Texts for execve: NULL at the end, and a NUL inside one is malformed. */
static char **get_texts(struct wire_in *in, struct arena *keep)
{
    int64_t n = get_count(in, BOX_ARGS_MAX);
    char **at = NEW(keep, char *, n + 1);
    for (int64_t i = 0; i < n; i++) {
        struct str s = wire_get_str(in);
        if (s.n > 0 && memchr(s.at, 0, (size_t)s.n) != NULL)
            in->is_bad = true;
        at[i] = NEW(keep, char, s.n + 1);
        if (s.n > 0)
            memcpy(at[i], s.at, (size_t)s.n);
    }
    return at;
}

/* One path component, so that no request reaches outside /box. */
static struct str get_name(struct wire_in *in, struct arena *keep)
{
    struct str s = wire_get_str(in);
    if (s.n < 1 || s.n > 255 || memchr(s.at, '/', (size_t)s.n) || memchr(s.at, 0, (size_t)s.n))
        in->is_bad = true;
    if (str_eq(s, STR(".")) || str_eq(s, STR("..")))
        in->is_bad = true;
    return arena_str(keep, s);
}

void box_request_put(struct buf *out, const struct sandbox_job *job)
{
    int64_t start = wire_open(out);
    put_limits(out, &job->limits);
    put_texts(out, job->argv, job->n_argv);
    put_texts(out, job->env, job->n_env);
    wire_put_i64(out, job->n_files);
    for (int64_t i = 0; i < job->n_files; i++) {
        wire_put_str(out, job->files[i].name);
        wire_put_i64(out, job->files[i].bytes.n);
        wire_put_i64(out, job->files[i].is_program);
    }
    wire_put_i64(out, job->n_takes);
    for (int64_t i = 0; i < job->n_takes; i++) {
        wire_put_str(out, job->takes[i].name);
        wire_put_i64(out, job->takes[i].n_max);
    }
    wire_put_i64(out, job->input.n);
    wire_put_str(out, job->work_dir);
    wire_seal(out, start);
}

bool box_request_get(struct str frame, struct box_request *out, struct arena *keep, struct err *e)
{
    struct wire_in in = wire_read(frame);
    struct box_request r = {.limits = get_limits(&in)};
    r.argv = get_texts(&in, keep);
    r.env = get_texts(&in, keep);
    r.n_files = get_count(&in, BOX_FILES_MAX);
    r.files = NEW(keep, struct box_file, r.n_files);
    for (int64_t i = 0; i < r.n_files; i++) {
        r.files[i].name = get_name(&in, keep);
        r.files[i].n = get_limit(&in);
        r.files[i].is_program = wire_get_bool(&in);
    }
    r.n_takes = get_count(&in, BOX_FILES_MAX);
    r.takes = NEW(keep, struct sandbox_take, r.n_takes);
    for (int64_t i = 0; i < r.n_takes; i++) {
        r.takes[i].name = get_name(&in, keep);
        r.takes[i].n_max = get_limit(&in);
    }
    r.n_input = get_limit(&in);
    r.work_dir = arena_str(keep, wire_get_str(&in)).at;
    if (!wire_is_done(&in) || r.argv[0] == NULL)
        return FAIL(e, ERR_INPUT, "podium-box: malformed request");
    *out = r;
    return true;
}

void box_reply_put(struct buf *out, bool ok, const struct sandbox_result *r, int64_t n_taken,
                   const struct err *e)
{
    int64_t start = wire_open(out);
    wire_put_i64(out, ok);
    if (!ok) {
        wire_put_i64(out, (int64_t)e->cls);
        wire_put_str(out, str_of(e->text));
        wire_seal(out, start);
        return;
    }
    wire_put_i64(out, (int64_t)r->end);
    wire_put_i64(out, r->code);
    wire_put_i64(out, r->signal);
    wire_put_i64(out, r->cpu_us);
    wire_put_i64(out, r->wall_us);
    wire_put_i64(out, r->memory_kib);
    wire_put_i64(out, r->n_processes);
    wire_put_str(out, r->out);
    wire_put_str(out, r->err);
    for (int64_t i = 0; i < n_taken; i++) {
        wire_put_i64(out, r->taken[i].at != NULL);
        if (r->taken[i].at != NULL)
            wire_put_str(out, r->taken[i]);
    }
    wire_seal(out, start);
}

static bool get_refusal(struct wire_in *in, struct err *e)
{
    int64_t cls = wire_get_i64(in);
    struct str text = wire_get_str(in);
    if (!wire_is_done(in) || cls <= ERR_NONE || cls > ERR_UNSUPPORTED)
        return FAIL(e, ERR_IO, "podium-box: malformed reply");
    return FAIL(e, (enum err_class)cls, "%.*s", STR_ARG(text));
}

bool box_reply_get(struct str frame, int64_t n_taken, struct sandbox_result *out,
                   struct arena *keep, struct err *e)
{
    struct wire_in in = wire_read(frame);
    if (!wire_get_bool(&in))
        return get_refusal(&in, e);
    struct sandbox_result r = {0};
    int64_t end = wire_get_i64(&in);
    if (end < SANDBOX_EXITED || end > SANDBOX_PROCESSES)
        in.is_bad = true;
    r.end = (enum sandbox_end)end;
    r.code = wire_get_i64(&in);
    r.signal = wire_get_i64(&in);
    r.cpu_us = wire_get_i64(&in);
    r.wall_us = wire_get_i64(&in);
    r.memory_kib = wire_get_i64(&in);
    r.n_processes = wire_get_i64(&in);
    r.out = arena_str(keep, wire_get_str(&in));
    r.err = arena_str(keep, wire_get_str(&in));
    r.taken = NEW(keep, struct str, n_taken);
    for (int64_t i = 0; i < n_taken; i++)
        if (wire_get_bool(&in))
            r.taken[i] = arena_str(keep, wire_get_str(&in));
    if (!wire_is_done(&in))
        return FAIL(e, ERR_IO, "podium-box: malformed reply");
    *out = r;
    return true;
}
