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
    struct sandbox_description d = {0};
    d.isolation = arena_str(keep, wire_get_str(&in));
    d.why_not = arena_str(keep, wire_get_str(&in));
    d.accounting = arena_str(keep, wire_get_str(&in));
    d.cgroup1 = arena_str(keep, wire_get_str(&in));
    d.cgroup2 = arena_str(keep, wire_get_str(&in));
    d.landlock_version = wire_get_i64(&in);
    d.is_root = wire_get_bool(&in);
    d.has_proc = wire_get_bool(&in);
    d.uid_first = wire_get_i64(&in);
    d.n_uids = wire_get_i64(&in);
    struct str refusal = arena_str(keep, wire_get_str(&in));
    if (!wire_is_done(&in))
        return FAIL(e, ERR_IO, "podium-box: malformed hello: another build?");
    *out = (struct box_hello){.machine = d, .refusal = refusal};
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

/* One path component: no slash, no "..", no NUL. */
static bool is_component(struct str s)
{
    return s.n >= 1 && s.n <= 255 && memchr(s.at, '/', (size_t)s.n) == NULL &&
           memchr(s.at, 0, (size_t)s.n) == NULL && !str_eq(s, STR(".")) && !str_eq(s, STR(".."));
}

static struct str get_name(struct wire_in *in, struct arena *keep)
{
    struct str s = wire_get_str(in);
    if (!is_component(s))
        in->is_bad = true;
    return arena_str(keep, s);
}

/* A path that stays below where it starts. */
static struct str check_path(struct wire_in *in, struct str s, struct arena *keep)
{
    struct str rest = s;
    struct str piece = {0};
    if (s.n < 1 || s.n > BOX_NAME_MAX || s.at[s.n - 1] == '/')
        in->is_bad = true;
    while (!in->is_bad && str_split(&rest, '/', &piece))
        if (!is_component(piece))
            in->is_bad = true;
    return arena_str(keep, in->is_bad ? STR("") : s);
}

static void get_file(struct wire_in *in, struct box_file *f, struct arena *keep)
{
    struct str name = wire_get_str(in);
    f->is_folder = str_ends(name, STR("/"));
    f->name = check_path(in, str_sub(name, 0, name.n - (f->is_folder ? 1 : 0)), keep);
    f->is_program = wire_get_bool(in);
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
        wire_put_i64(out, job->files[i].is_program);
    }
    wire_put_i64(out, job->n_takes);
    for (int64_t i = 0; i < job->n_takes; i++) {
        wire_put_str(out, job->takes[i].name);
        wire_put_i64(out, job->takes[i].n_max);
    }
    wire_put_i64(out, job->input_path != NULL || job->input.n > 0);
    wire_put_str(out, job->work_dir);
    wire_put_i64(out, (int64_t)job->profile);
    wire_put_i64(out, job->cpu);
    wire_put_i64(out, job->n_channel_max);
    wire_put_i64(out, job->is_referee);
    wire_put_i64(out, job->ok_code);
    wire_put_i64(out, job->outlive_ms);
    wire_seal(out, start);
}

static void get_custom(struct wire_in *in, struct box_request *r)
{
    r->profile = (enum sandbox_profile)get_count(in, SANDBOX_INTERPRETER);
    r->cpu = get_count(in, 1 << 16);
    r->n_channel_max = get_limit(in);
    r->is_referee = wire_get_bool(in);
    r->ok_code = wire_get_i64(in);
    r->outlive_ms = get_limit(in);
}

bool box_request_get(struct str frame, struct box_request *out, struct arena *keep, struct err *e)
{
    struct wire_in in = wire_read(frame);
    struct box_request r = {.limits = get_limits(&in)};
    r.argv = get_texts(&in, keep);
    r.env = get_texts(&in, keep);
    r.n_files = get_count(&in, BOX_FILES_MAX);
    r.files = NEW(keep, struct box_file, r.n_files);
    for (int64_t i = 0; i < r.n_files; i++)
        get_file(&in, &r.files[i], keep);
    r.n_takes = get_count(&in, BOX_FILES_MAX);
    r.takes = NEW(keep, struct sandbox_take, r.n_takes);
    for (int64_t i = 0; i < r.n_takes; i++) {
        r.takes[i].name = check_path(&in, wire_get_str(&in), keep);
        r.takes[i].n_max = get_limit(&in);
    }
    r.has_input = wire_get_bool(&in);
    r.work_dir = arena_str(keep, wire_get_str(&in)).at;
    get_custom(&in, &r);
    if (!wire_is_done(&in) || r.argv[0] == NULL)
        return FAIL(e, ERR_INPUT, "podium-box: malformed request");
    *out = r;
    return true;
}

int64_t box_request_fds(const struct box_request *r)
{
    int64_t n = r->has_input;
    for (int64_t i = 0; i < r->n_files; i++)
        n += !r->files[i].is_folder;
    return n;
}

void box_group_put(struct buf *out, const struct sandbox_group *g)
{
    int64_t start = wire_open(out);
    wire_put_i64(out, g->n_jobs);
    wire_put_i64(out, g->n_pipes);
    for (int64_t i = 0; i < g->n_pipes; i++) {
        wire_put_i64(out, g->pipes[i].i_from);
        wire_put_i64(out, g->pipes[i].from_fd);
        wire_put_i64(out, g->pipes[i].i_to);
        wire_put_i64(out, g->pipes[i].to_fd);
    }
    put_texts(out, g->fifos, g->n_fifos);
    wire_seal(out, start);
}

/* A descriptor of a job is joined once at most. */
static void get_pipe(struct wire_in *in, int64_t n_jobs, struct sandbox_pipe *p, uint32_t *taken)
{
    p->i_from = get_count(in, n_jobs - 1);
    p->from_fd = get_count(in, BOX_FDS_MAX - 1);
    p->i_to = get_count(in, n_jobs - 1);
    p->to_fd = get_count(in, BOX_FDS_MAX - 1);
    for (int end = 0; end < 2 && !in->is_bad; end++) {
        uint32_t bit = 1U << (end == 0 ? p->from_fd : p->to_fd);
        uint32_t *of = &taken[end == 0 ? p->i_from : p->i_to];
        if (*of & bit)
            in->is_bad = true;
        *of |= bit;
    }
}

bool box_group_get(struct str frame, struct box_group *out, struct arena *keep, struct err *e)
{
    uint32_t taken[SANDBOX_GROUP_MAX] = {0};
    struct wire_in in = wire_read(frame);
    struct box_group g = {.n_jobs = get_count(&in, SANDBOX_GROUP_MAX)};
    if (g.n_jobs < 1)
        in.is_bad = true;
    g.n_pipes = get_count(&in, BOX_PIPES_MAX);
    g.pipes = NEW(keep, struct sandbox_pipe, g.n_pipes);
    for (int64_t i = 0; i < g.n_pipes; i++)
        get_pipe(&in, g.n_jobs, &g.pipes[i], taken);
    g.n_fifos = get_count(&in, BOX_FIFOS_MAX);
    g.fifos = NEW(keep, struct str, g.n_fifos);
    for (int64_t i = 0; i < g.n_fifos; i++)
        g.fifos[i] = get_name(&in, keep);
    if (!wire_is_done(&in))
        return FAIL(e, ERR_INPUT, "podium-box: malformed group");
    *out = g;
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
    wire_put_str(out, r->channel);
    wire_put_i64(out, r->ended_us);
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
    bool is_mute = text.n == 0 || text.at[0] == 0;
    if (!wire_is_done(in) || is_mute || cls <= ERR_NONE || cls > ERR_UNSUPPORTED)
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
    if (end < SANDBOX_EXITED || end > SANDBOX_STOPPED)
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
    r.channel = arena_str(keep, wire_get_str(&in));
    r.ended_us = wire_get_i64(&in);
    r.taken = NEW(keep, struct str, n_taken);
    for (int64_t i = 0; i < n_taken; i++)
        if (wire_get_bool(&in))
            r.taken[i] = arena_str(keep, wire_get_str(&in));
    if (!wire_is_done(&in))
        return FAIL(e, ERR_IO, "podium-box: malformed reply");
    *out = r;
    return true;
}
