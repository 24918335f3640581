#include "harness/answers.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/limits.h"
#include "graders/math/caches.h"

enum { READ_BYTES = 1 << 15, KEPT_BYTES = 1 << 20, BLOCKS_PER_WORKER = 4 };

struct block {
    struct buf in;
    struct buf out;
    int64_t first_line; /* number of its first line */
    int64_t n_bad;      /* lines refused */
    bool is_too_long;   /* one line, dropped: `in` is empty */
    bool is_done;
};

/* Blocks are numbered as they are read; block i is in place i % n_blocks. */
struct stream {
    pthread_mutex_t lock;
    pthread_cond_t has_work, has_output, has_room;
    struct block *blocks;
    int64_t n_blocks;
    int64_t n_read, n_taken, n_written; /* n_written <= n_taken <= n_read */
    int64_t n_bytes;                    /* of input, read and not written */
    int64_t n_bad;
    bool is_over;   /* nothing more is read */
    bool is_broken; /* standard output takes no more, because of: */
    int broken_errno;
    const struct answer_defaults *defaults;
};

static struct block *place(struct stream *s, int64_t i)
{
    return &s->blocks[i % s->n_blocks];
}

/* ---- workers ---- */

static void answer_block(struct block *b, const struct answer_defaults *d, struct arena *keep,
                         struct arena *tmp)
{
    struct str rest = buf_str(&b->in);
    struct str line;
    int64_t number = b->first_line;
    if (b->is_too_long) {
        answer_line_refuse(number, STR(""), "the line is too long", &b->out);
        b->n_bad++;
    }
    while (str_split(&rest, '\n', &line)) {
        arena_reset(keep);
        bool is_short = line.n <= LIMIT_REPLY_BYTES;
        if (!is_short)
            answer_line_refuse(number, STR(""), "the line is too long", &b->out);
        b->n_bad += !is_short || !answer_line(line, number, d, &b->out, keep, *tmp);
        number++;
    }
}

/* The next block nobody took; NULL when there will be none. Called with the lock. */
static struct block *take(struct stream *s)
{
    while (s->n_taken == s->n_read && !s->is_over)
        (void)pthread_cond_wait(&s->has_work, &s->lock);
    return s->n_taken < s->n_read ? place(s, s->n_taken++) : NULL;
}

static void *work(void *at)
{
    struct stream *s = at;
    struct arena keep;
    struct arena tmp;
    arena_init(&keep, "answers", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "answers, tmp", LIMIT_ARENA_TMP);
    (void)pthread_mutex_lock(&s->lock);
    struct block *b = NULL;
    while ((b = take(s)) != NULL) {
        (void)pthread_mutex_unlock(&s->lock);
        answer_block(b, s->defaults, &keep, &tmp);
        (void)pthread_mutex_lock(&s->lock);
        b->is_done = true;
        (void)pthread_cond_signal(&s->has_output);
    }
    (void)pthread_mutex_unlock(&s->lock);
    caches_drop();
    arena_fini(&keep);
    arena_fini(&tmp);
    return NULL;
}

/* ---- the writer ---- */

static void clear(struct block *b)
{
    struct buf *bufs[] = {&b->in, &b->out};
    for (int i = 0; i < 2; i++) {
        if (bufs[i]->cap > KEPT_BYTES)
            buf_free(bufs[i]);
        buf_clear(bufs[i]);
    }
    b->is_done = false;
    b->is_too_long = false;
    b->n_bad = 0;
}

static bool put_out(const struct block *b, bool is_last)
{
    size_t n = (size_t)b->out.n;
    return fwrite(b->out.at, 1, n, stdout) == n && (!is_last || fflush(stdout) == 0);
}

/* In order; what is there goes out at once when nothing follows yet. */
static void *write_out(void *at)
{
    struct stream *s = at;
    (void)pthread_mutex_lock(&s->lock);
    while (s->n_written < s->n_read || !s->is_over) {
        struct block *b = place(s, s->n_written);
        if (s->n_written == s->n_read || !b->is_done) {
            (void)pthread_cond_wait(&s->has_output, &s->lock);
            continue;
        }
        bool is_last = s->n_written + 1 == s->n_read || !place(s, s->n_written + 1)->is_done;
        bool is_broken = s->is_broken;
        (void)pthread_mutex_unlock(&s->lock);
        bool is_put = !is_broken && put_out(b, is_last);
        int was_errno = errno;
        (void)pthread_mutex_lock(&s->lock);
        if (!is_broken && !is_put)
            s->broken_errno = was_errno;
        s->is_broken = !is_put;
        s->n_bytes -= b->in.n;
        s->n_bad += b->n_bad;
        clear(b);
        s->n_written++;
        (void)pthread_cond_signal(&s->has_room);
    }
    (void)pthread_mutex_unlock(&s->lock);
    return NULL;
}

/* ---- the reader ---- */

struct reader {
    int fd;
    struct buf carry; /* the beginning of a line whose end is not read yet */
    int64_t n_before; /* of it, there before the last read: no line ends in it */
    bool is_skipping; /* that line is too long: dropped up to its end */
    bool is_end;
    int64_t n_lines; /* handed on */
};

/* Appends what one read brings, after waiting for it. */
static bool read_some(struct reader *r, struct err *e)
{
    r->n_before = r->carry.n;
    buf_reserve(&r->carry, READ_BYTES);
    ssize_t n = 0;
    do
        n = read(r->fd, r->carry.at + r->carry.n, READ_BYTES);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return FAIL(e, ERR_IO, "standard input: %m");
    r->carry.n += n;
    r->is_end = n == 0;
    return true;
}

static int64_t last_line_end(const struct reader *r)
{
    struct str s = str_sub(buf_str(&r->carry), r->n_before, r->carry.n);
    const char *at = s.n == 0 ? NULL : memrchr(s.at, '\n', (size_t)s.n);
    return at == NULL ? -1 : at - r->carry.at;
}

static int64_t count_ends(struct str s)
{
    int64_t n = 0;
    for (const char *at = s.at; at != NULL && at < s.at + s.n; n++) {
        at = memchr(at, '\n', (size_t)(s.at + s.n - at));
        if (at == NULL)
            break;
        at++;
    }
    return n;
}

/* A place for the next block, once there is one; NULL when writing has failed. */
static struct block *wait_room(struct stream *s)
{
    (void)pthread_mutex_lock(&s->lock);
    while (s->n_read - s->n_written == s->n_blocks ||
           (s->n_bytes > LIMIT_ANSWERS_BYTES && s->n_written < s->n_read))
        (void)pthread_cond_wait(&s->has_room, &s->lock);
    bool is_broken = s->is_broken;
    (void)pthread_mutex_unlock(&s->lock);
    return is_broken ? NULL : place(s, s->n_read);
}

static void hand_on(struct stream *s, struct block *b)
{
    (void)pthread_mutex_lock(&s->lock);
    s->n_bytes += b->in.n;
    s->n_read++;
    (void)pthread_cond_signal(&s->has_work);
    (void)pthread_mutex_unlock(&s->lock);
}

/* The whole lines of what was read, without the last line end; the rest stays. */
static bool pass_lines(struct stream *s, struct reader *r, int64_t n)
{
    struct block *b = wait_room(s);
    if (b == NULL)
        return false;
    struct str lines = str_sub(buf_str(&r->carry), 0, n);
    b->first_line = r->n_lines + 1;
    r->n_lines += 1 + count_ends(lines);
    buf_put(&b->in, lines);
    if (lines.n == 0) /* one empty line: refused like any other */
        buf_byte(&b->in, ' ');
    int64_t n_rest = r->carry.n > n ? r->carry.n - n - 1 : 0;
    if (n_rest > 0)
        memmove(r->carry.at, r->carry.at + n + 1, (size_t)n_rest);
    r->carry.n = n_rest;
    hand_on(s, b);
    return true;
}

static bool pass_too_long(struct stream *s, struct reader *r)
{
    struct block *b = wait_room(s);
    if (b == NULL)
        return false;
    b->is_too_long = true;
    b->first_line = ++r->n_lines;
    buf_free(&r->carry);
    r->carry = (struct buf){0};
    r->is_skipping = !r->is_end;
    hand_on(s, b);
    return true;
}

/* Drops what belongs to a line that was refused already. */
static void skip(struct reader *r)
{
    const char *end = memchr(r->carry.at, '\n', (size_t)r->carry.n);
    int64_t n = end == NULL ? r->carry.n : end - r->carry.at + 1;
    memmove(r->carry.at, r->carry.at + n, (size_t)(r->carry.n - n));
    r->carry.n -= n;
    r->is_skipping = end == NULL;
}

/* False when there is nobody to read for: standard output is broken, or reading failed (e). */
static bool read_step(struct stream *s, struct reader *r, struct err *e)
{
    TRY(read_some(r, e));
    if (r->is_skipping && r->carry.n > 0)
        skip(r);
    int64_t n = last_line_end(r);
    if (r->is_end && r->carry.n > 0 && n != r->carry.n - 1)
        n = r->carry.n; /* the last line lacks its end */
    if (n >= 0 && !pass_lines(s, r, n))
        return false;
    return r->carry.n <= LIMIT_REPLY_BYTES || pass_too_long(s, r);
}

static bool read_all(struct stream *s, struct reader *r, struct err *e)
{
    bool ok = true;
    while (ok && !r->is_end)
        ok = read_step(s, r, e);
    (void)pthread_mutex_lock(&s->lock);
    s->is_over = true;
    (void)pthread_cond_broadcast(&s->has_work);
    (void)pthread_cond_signal(&s->has_output);
    (void)pthread_mutex_unlock(&s->lock);
    return ok || e->cls == ERR_NONE;
}

/* ---- all together ---- */

static bool start(pthread_t *thread, void *(*run)(void *), struct stream *s, struct err *e)
{
    int rc = pthread_create(thread, NULL, run, s);
    return rc == 0 || FAIL(e, ERR_IO, "a thread cannot be started: %s", strerror(rc));
}

static bool run_threads(struct stream *s, struct reader *r, int64_t n_workers, struct err *e)
{
    pthread_t threads[LIMIT_THREADS + 1];
    int64_t n = 0;
    bool ok = start(&threads[n], write_out, s, e);
    n += ok;
    while (ok && n <= n_workers) {
        ok = start(&threads[n], work, s, e);
        n += ok;
    }
    struct err unread = {0};
    bool is_read = read_all(s, ok ? r : &(struct reader){.fd = -1, .is_end = true}, &unread);
    for (int64_t i = n - 1; i >= 0; i--)
        (void)pthread_join(threads[i], NULL);
    if (ok && !is_read)
        *e = unread;
    else if (ok && s->is_broken)
        (void)FAIL(e, ERR_IO, "standard output: %s", strerror(s->broken_errno));
    return ok && is_read && !s->is_broken;
}

bool answers_run(int fd, int64_t n_workers, const struct answer_defaults *d,
                 struct answers_result *out, struct err *e)
{
    assert(n_workers >= 1);
    assert(n_workers <= LIMIT_THREADS);
    struct stream s = {.lock = PTHREAD_MUTEX_INITIALIZER,
                       .has_work = PTHREAD_COND_INITIALIZER,
                       .has_output = PTHREAD_COND_INITIALIZER,
                       .has_room = PTHREAD_COND_INITIALIZER,
                       .n_blocks = BLOCKS_PER_WORKER * n_workers,
                       .defaults = d};
    struct reader r = {.fd = fd};
    s.blocks = calloc((size_t)s.n_blocks, sizeof *s.blocks);
    if (s.blocks == NULL)
        return FAIL(e, ERR_IO, "out of memory");
    bool ok = run_threads(&s, &r, n_workers, e);
    *out = (struct answers_result){.n_lines = r.n_lines, .n_errors = s.n_bad};
    for (int64_t i = 0; i < s.n_blocks; i++) {
        buf_free(&s.blocks[i].in);
        buf_free(&s.blocks[i].out);
    }
    free(s.blocks);
    buf_free(&r.carry);
    return ok;
}
