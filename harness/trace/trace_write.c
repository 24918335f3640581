/* The writing half: a record is one write at the end of the file. */
#include <assert.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "harness/trace/trace_format.h"

struct trace {
    int fd;
    struct trace_head head; /* sizes only: its text is the caller's */
    struct buf record;
    char path[LIMIT_PATH_BYTES];
};

void trace_put_head(struct buf *out, const struct trace_head *h)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "format", STR("podium trace"));
    json_pair_str(&w, "model", h->model);
    json_pair_i64(&w, "n_vocab", h->n_vocab);
    json_pair_i64(&w, "n_layers", h->n_layers);
    json_pair_i64(&w, "first_layer", h->i_first);
    json_pair_i64(&w, "n_experts", h->n_experts);
    json_pair_i64(&w, "n_used", h->n_used);
    json_close(&w, '}');
    buf_put(out, buf_str(&w.text));
    json_out_free(&w);
}

static bool write_head(struct trace *t, const struct trace_head *h, struct err *e)
{
    CLEANUP(buf_free) struct buf head = {0};
    CLEANUP(buf_free) struct buf all = {0};
    trace_put_head(&head, h);
    struct trace_file_lead lead = {.version = TRACE_VERSION, .n_header = (uint32_t)head.n};
    struct hash sum = hash_bytes(buf_str(&head));
    memcpy(lead.magic, TRACE_MAGIC, sizeof lead.magic);
    memcpy(lead.check, sum.at, sizeof lead.check);
    buf_put(&all, (struct str){(const char *)&lead, sizeof lead});
    buf_put(&all, buf_str(&head));
    return file_write_fd(t->fd, t->path, buf_str(&all), e);
}

static bool check_head(const struct trace_reader *r, const struct trace_head *h, struct err *e)
{
    CLEANUP(buf_free) struct buf theirs = {0};
    CLEANUP(buf_free) struct buf ours = {0};
    trace_put_head(&theirs, &r->head);
    trace_put_head(&ours, h);
    if (str_eq(buf_str(&theirs), buf_str(&ours)))
        return true;
    return FAIL(e, ERR_INPUT,
                "%s holds the trace of another model (%.*s): give another file with --trace",
                r->path, STR_ARG(r->head.model));
}

/* Walks to the last whole record and cuts off what follows it. */
static bool go_on(struct trace *t, const struct trace_head *h, int64_t *n_cut, struct err *e)
{
    CLEANUP(trace_read_close) struct trace_reader r = {0};
    bool has_one = true;
    TRY(trace_read_open(&r, t->path, e));
    TRY(check_head(&r, h, e));
    while (has_one) {
        struct trace_entry unused;
        TRY(trace_next(&r, &unused, &has_one, e));
    }
    *n_cut = r.bytes.n - r.at;
    if (*n_cut > 0 && ftruncate(t->fd, r.at) != 0)
        return FAIL(e, ERR_IO, "%s: %m", t->path);
    return true;
}

bool trace_open(struct trace **out, const char *path, const struct trace_head *h, int64_t *n_cut,
                struct err *e)
{
    struct trace *t = calloc(1, sizeof *t);
    if (t == NULL)
        return FAIL(e, ERR_IO, "out of memory");
    t->head = *h;
    *n_cut = 0;
    int64_t n = (int64_t)strlen(path);
    bool is_open = n < (int64_t)sizeof t->path;
    memcpy(t->path, path, (size_t)(is_open ? n : 0));
    t->fd = is_open ? open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    if (t->fd < 0)
        is_open = FAIL(e, ERR_IO, "%s: %m", path);
    else if (lseek(t->fd, 0, SEEK_END) == 0)
        is_open = write_head(t, h, e);
    else
        is_open = go_on(t, h, n_cut, e);
    if (is_open)
        *out = t;
    else
        trace_close(t);
    return is_open;
}

static void put_body(struct buf *out, const struct trace_entry *r)
{
    struct trace_body_lead lead = {
        .n_prompt = (uint32_t)r->n_prompt,
        .n = (uint32_t)r->n,
        .sample = (int32_t)r->sample,
        .turn = (int32_t)r->turn,
        .n_item = (uint32_t)r->item.n,
        .n_masks = (uint64_t)r->masks.n,
    };
    memcpy(lead.key, r->key, sizeof lead.key);
    buf_put(out, (struct str){(const char *)&lead, sizeof lead});
    buf_put(out, r->item);
    buf_put(out, r->tokens);
    buf_put(out, r->logprobs);
    buf_put(out, r->experts);
    buf_put(out, r->masks);
}

bool trace_put(struct trace *t, const struct trace_entry *r, struct err *e)
{
    struct trace_record_lead lead = {.magic = TRACE_RECORD_MAGIC};
    assert(r->tokens.n == 4 * r->n && r->logprobs.n == 4 * r->n);
    assert(r->experts.n == r->n * trace_expert_bytes(&t->head));
    buf_clear(&t->record);
    buf_put(&t->record, (struct str){(const char *)&lead, sizeof lead});
    put_body(&t->record, r);
    struct str body = str_sub(buf_str(&t->record), sizeof lead, t->record.n);
    struct hash h = hash_bytes(body);
    lead.n_body = (uint64_t)body.n;
    lead.size_check = trace_size_check(lead.n_body);
    memcpy(lead.check, h.at, sizeof lead.check);
    memcpy(t->record.at, &lead, sizeof lead);
    return file_write_fd(t->fd, t->path, buf_str(&t->record), e);
}

void trace_close(struct trace *t)
{
    if (t == NULL)
        return;
    if (t->fd >= 0)
        (void)close(t->fd);
    buf_free(&t->record);
    free(t);
}
