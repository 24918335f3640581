/* Any bytes as a message between podium and podium-box: refused with a message, or read into
 * something that keeps its promises and, written again, is the same bytes. The first byte chooses
 * the message, the second how many files were asked for. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "graders/sandbox/box_talk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_same(struct buf *again, struct str frame)
{
    check(str_eq(buf_str(again), frame));
    buf_free(again);
}

static void check_error(const struct err *e)
{
    check(e->cls != ERR_NONE);
    check(e->text[0] != 0);
}

/* No name from the wire may lead out of the folder it is used in. */
static void check_path(struct str name)
{
    struct str piece;
    check(name.n > 0 && name.n <= BOX_NAME_MAX && name.at[name.n] == 0);
    check((int64_t)strlen(name.at) == name.n);
    check(name.at[0] != '/' && name.at[name.n - 1] != '/');
    while (str_split(&name, '/', &piece))
        check(piece.n > 0 && !str_eq(piece, STR(".")) && !str_eq(piece, STR("..")));
}

static void hello(struct str frame, struct arena *keep)
{
    struct box_hello h;
    struct err e = {0};
    struct buf again = {0};
    if (!box_hello_get(frame, &h, keep, &e)) {
        check_error(&e);
        return;
    }
    box_hello_put(&again, &h);
    check_same(&again, frame);
}

static void group(struct str frame, struct arena *keep)
{
    struct box_group g;
    struct err e = {0};
    struct buf again = {0};
    if (!box_group_get(frame, &g, keep, &e)) {
        check_error(&e);
        return;
    }
    check(g.n_jobs >= 1 && g.n_jobs <= SANDBOX_GROUP_MAX);
    for (int64_t i = 0; i < g.n_pipes; i++) {
        const struct sandbox_pipe *p = &g.pipes[i];
        check(p->i_from >= 0 && p->i_from < g.n_jobs && p->i_to >= 0 && p->i_to < g.n_jobs);
        check(p->from_fd >= 0 && p->from_fd < BOX_FDS_MAX && p->to_fd >= 0);
        check(p->to_fd < BOX_FDS_MAX);
    }
    for (int64_t i = 0; i < g.n_fifos; i++) {
        check_path(g.fifos[i]);
        check(memchr(g.fifos[i].at, '/', (size_t)g.fifos[i].n) == NULL);
    }
    struct sandbox_group same = {.n_jobs = g.n_jobs,
                                 .pipes = g.pipes,
                                 .n_pipes = g.n_pipes,
                                 .fifos = g.fifos,
                                 .n_fifos = g.n_fifos};
    box_group_put(&again, &same);
    check_same(&again, frame);
}

static struct str *texts_of(char *const *at, int64_t *n, struct arena *keep)
{
    *n = 0;
    while (at[*n] != NULL)
        *n += 1;
    struct str *out = NEW(keep, struct str, *n);
    for (int64_t i = 0; i < *n; i++)
        out[i] = str_of(at[i]);
    return out;
}

/* The job that would have been sent as this request. */
static void put_again(const struct box_request *r, struct buf *out, struct arena *keep)
{
    struct sandbox_job job = {.limits = r->limits,
                              .takes = r->takes,
                              .n_takes = r->n_takes,
                              .input = {"x", r->has_input},
                              .work_dir = str_of(r->work_dir),
                              .profile = r->profile,
                              .cpu = r->cpu,
                              .n_channel_max = r->n_channel_max,
                              .is_referee = r->is_referee,
                              .ok_code = r->ok_code,
                              .outlive_ms = r->outlive_ms};
    struct sandbox_file *files = NEW(keep, struct sandbox_file, r->n_files);
    for (int64_t i = 0; i < r->n_files; i++)
        files[i] =
            (struct sandbox_file){.name = arena_fmt(keep, "%.*s%s", STR_ARG(r->files[i].name),
                                                    r->files[i].is_folder ? "/" : ""),
                                  .is_program = r->files[i].is_program};
    job.files = files;
    job.n_files = r->n_files;
    job.argv = texts_of(r->argv, &job.n_argv, keep);
    job.env = texts_of(r->env, &job.n_env, keep);
    box_request_put(out, &job);
}

static void request(struct str frame, struct arena *keep)
{
    struct box_request r;
    struct err e = {0};
    struct buf again = {0};
    if (!box_request_get(frame, &r, keep, &e)) {
        check_error(&e);
        return;
    }
    check(r.argv[0] != NULL);
    check(r.profile >= SANDBOX_NATIVE && r.profile <= SANDBOX_INTERPRETER);
    check(r.limits.memory_kib >= 0 && r.limits.memory_kib <= 1LL << 40);
    int64_t n_fds = r.has_input;
    for (int64_t i = 0; i < r.n_files; i++) {
        check_path(r.files[i].name);
        n_fds += !r.files[i].is_folder;
    }
    for (int64_t i = 0; i < r.n_takes; i++)
        check_path(r.takes[i].name);
    check(box_request_fds(&r) == n_fds);
    /* a folder of the host with a NUL in its name is cut there, and would come back shorter */
    put_again(&r, &again, keep);
    if (again.n == frame.n)
        check_same(&again, frame);
    else
        buf_free(&again);
}

static void reply(struct str frame, int64_t n_taken, struct arena *keep)
{
    struct sandbox_result r;
    struct err e = {0};
    struct buf again = {0};
    if (!box_reply_get(frame, n_taken, &r, keep, &e)) {
        check_error(&e);
        return;
    }
    check(sandbox_end_name(r.end)[0] != 0);
    box_reply_put(&again, true, &r, n_taken, &e);
    check_same(&again, frame);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    struct buf frame = {0};
    if (keep.first == NULL)
        arena_init(&keep, "fuzz", LIMIT_GIB);
    if (size < 2 || size > LIMIT_MIB)
        return 0;
    struct str body = {(const char *)data + 2, (int64_t)size - 2};
    int64_t start = wire_open(&frame);
    buf_put(&frame, body);
    wire_seal(&frame, start);
    check(wire_frame_size(buf_str(&frame), LIMIT_MIB) == frame.n);
    switch (data[0] % 4) {
    case 0:
        hello(buf_str(&frame), &keep);
        break;
    case 1:
        group(buf_str(&frame), &keep);
        break;
    case 2:
        request(buf_str(&frame), &keep);
        break;
    default:
        reply(buf_str(&frame), data[1] % 8, &keep);
    }
    buf_free(&frame);
    arena_reset(&keep);
    return 0;
}
