#include "graders/judge/compile_entry.h"

#include <assert.h>

#include "graders/sandbox/wire.h"

void entry_put(struct buf *out, const struct program *p)
{
    int64_t start = wire_open(out);
    wire_put_i64(out, p->is_ok);
    wire_put_str(out, p->messages);
    wire_put_str(out, p->tool);
    wire_put_i64(out, p->n_files);
    for (int64_t i = 0; i < p->n_files; i++) {
        wire_put_str(out, p->files[i].name);
        wire_put_i64(out, p->files[i].is_program);
        wire_put_str(out, p->files[i].bytes);
    }
    wire_put_i64(out, p->n_argv);
    for (int64_t i = 0; i < p->n_argv; i++)
        wire_put_str(out, p->argv[i]);
    wire_seal(out, start);
}

static int64_t get_count(struct wire_in *in, int64_t most)
{
    int64_t n = wire_get_i64(in);
    if (n < 0 || n > most)
        in->is_bad = true;
    return in->is_bad ? 0 : n;
}

bool entry_get(struct str bytes, struct program *p, struct arena *keep)
{
    if (wire_frame_size(bytes, bytes.n) != bytes.n || bytes.n == 0)
        return false;
    struct wire_in in = wire_read(bytes);
    struct program q = *p;
    q.is_ok = wire_get_bool(&in);
    q.messages = arena_str(keep, wire_get_str(&in));
    q.tool = arena_str(keep, wire_get_str(&in));
    q.n_files = get_count(&in, ENTRY_FILES_MAX);
    struct sandbox_file *files = NEW(keep, struct sandbox_file, q.n_files);
    for (int64_t i = 0; i < q.n_files; i++) {
        files[i].name = arena_str(keep, wire_get_str(&in));
        files[i].is_program = wire_get_bool(&in);
        files[i].bytes = arena_str(keep, wire_get_str(&in));
    }
    q.files = files;
    q.n_argv = get_count(&in, PROGRAM_ARGS);
    for (int64_t i = 0; i < q.n_argv; i++)
        q.argv[i] = arena_str(keep, wire_get_str(&in));
    if (!wire_is_done(&in) || (q.is_ok && (q.n_argv == 0 || q.n_files == 0)))
        return false;
    *p = q;
    return true;
}
