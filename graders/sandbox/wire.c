#include "graders/sandbox/wire.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void put_le(char at[8], uint64_t v)
{
    for (int i = 0; i < 8; i++)
        at[i] = (char)(unsigned char)(v >> (8 * i));
}

static uint64_t get_le(const char *at)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v |= (uint64_t)(unsigned char)at[i] << (8 * i);
    return v;
}

int64_t wire_open(struct buf *out)
{
    int64_t start = out->n;
    wire_put_i64(out, 0);
    return start;
}

void wire_seal(struct buf *out, int64_t start)
{
    assert(start >= 0);
    assert(out->n >= start + WIRE_HEAD_BYTES);
    put_le(out->at + start, (uint64_t)(out->n - start - WIRE_HEAD_BYTES));
}

void wire_put_i64(struct buf *out, int64_t v)
{
    char bytes[8];
    put_le(bytes, (uint64_t)v);
    buf_put(out, (struct str){bytes, 8});
}

void wire_put_str(struct buf *out, struct str s)
{
    wire_put_i64(out, s.n);
    buf_put(out, s);
}

int64_t wire_frame_size(struct str bytes, int64_t n_max)
{
    if (bytes.n < WIRE_HEAD_BYTES)
        return 0;
    uint64_t n = get_le(bytes.at);
    return n > (uint64_t)n_max ? -1 : (int64_t)n + WIRE_HEAD_BYTES;
}

struct wire_in wire_read(struct str frame)
{
    assert(frame.n >= WIRE_HEAD_BYTES);
    return (struct wire_in){.rest = str_sub(frame, WIRE_HEAD_BYTES, frame.n)};
}

int64_t wire_get_i64(struct wire_in *in)
{
    if (in->is_bad || in->rest.n < 8) {
        in->is_bad = true;
        return 0;
    }
    int64_t v = (int64_t)get_le(in->rest.at);
    in->rest = str_sub(in->rest, 8, in->rest.n);
    return v;
}

struct str wire_get_str(struct wire_in *in)
{
    int64_t n = wire_get_i64(in);
    if (in->is_bad || n < 0 || n > in->rest.n) {
        in->is_bad = true;
        return (struct str){"", 0};
    }
    struct str s = str_sub(in->rest, 0, n);
    in->rest = str_sub(in->rest, n, in->rest.n);
    return s;
}

bool wire_get_bool(struct wire_in *in)
{
    int64_t v = wire_get_i64(in);
    if (v != 0 && v != 1)
        in->is_bad = true;
    return v == 1;
}

bool wire_is_done(const struct wire_in *in)
{
    return !in->is_bad && in->rest.n == 0;
}

/* Waits out a descriptor that somebody made non-blocking. */
static bool may_retry(int fd, short events)
{
    if (errno == EINTR)
        return true;
    if (errno != EAGAIN)
        return false;
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, -1) >= 0 || errno == EINTR;
}

/* Reads until n bytes or the end; returns how many, -1 on error. */
static int64_t read_up_to(int fd, char *at, int64_t n)
{
    int64_t got = 0;
    while (got < n) {
        ssize_t k = read(fd, at + got, (size_t)(n - got));
        if (k == 0)
            return got;
        if (k > 0)
            got += k;
        else if (!may_retry(fd, POLLIN))
            return -1;
    }
    return got;
}

bool wire_recv_bytes(int fd, const char *what, char *at, int64_t n, struct err *e)
{
    int64_t got = read_up_to(fd, at, n);
    if (got < 0)
        return FAIL(e, ERR_IO, "%s: %m", what);
    if (got < n)
        return FAIL(e, ERR_IO, "%s: ended after %lld of %lld bytes", what, (long long)got,
                    (long long)n);
    return true;
}

bool wire_recv(int fd, const char *what, int64_t n_max, struct buf *out, bool *has_frame,
               struct err *e)
{
    char head[WIRE_HEAD_BYTES];
    int64_t got = read_up_to(fd, head, WIRE_HEAD_BYTES);
    if (got < 0)
        return FAIL(e, ERR_IO, "%s: %m", what);
    *has_frame = got != 0;
    if (got == 0)
        return true;
    if (got < WIRE_HEAD_BYTES)
        return FAIL(e, ERR_IO, "%s: ended inside a frame", what);
    int64_t n = wire_frame_size((struct str){head, WIRE_HEAD_BYTES}, n_max);
    if (n < 0)
        return FAIL(e, ERR_LIMIT, "%s: a frame longer than %lld bytes", what, (long long)n_max);
    buf_put(out, (struct str){head, WIRE_HEAD_BYTES});
    n -= WIRE_HEAD_BYTES;
    buf_reserve(out, n);
    TRY(wire_recv_bytes(fd, what, out->at + out->n, n, e));
    out->n += n;
    return true;
}

bool wire_send(int fd, const char *what, struct str bytes, struct err *e)
{
    while (bytes.n > 0) {
        ssize_t k = write(fd, bytes.at, (size_t)bytes.n);
        if (k >= 0)
            bytes = str_sub(bytes, k, bytes.n);
        else if (!may_retry(fd, POLLOUT))
            return FAIL(e, ERR_IO, "%s: %m", what);
    }
    return true;
}

/* The kernel takes at most 253 at once. */
enum { FDS_AT_ONCE = 250 };

union fd_message {
    struct cmsghdr head;
    char bytes[CMSG_SPACE(FDS_AT_ONCE * sizeof(int))];
};

static bool send_some(int fd, const char *what, const int *fds, int64_t n, struct err *e)
{
    union fd_message m = {.bytes = {0}};
    struct iovec byte = {.iov_base = (char[1]){'D'}, .iov_len = 1};
    struct msghdr h = {.msg_iov = &byte, .msg_iovlen = 1, .msg_control = m.bytes};
    h.msg_controllen = CMSG_SPACE((size_t)n * sizeof(int));
    m.head = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    m.head.cmsg_len = CMSG_LEN((size_t)n * sizeof(int));
    memcpy(CMSG_DATA(&m.head), fds, (size_t)n * sizeof(int));
    while (sendmsg(fd, &h, MSG_NOSIGNAL) != 1)
        if (!may_retry(fd, POLLOUT))
            return FAIL(e, ERR_IO, "%s: cannot pass descriptors: %m", what);
    return true;
}

bool wire_send_fds(int fd, const char *what, const int *fds, int64_t n, struct err *e)
{
    for (int64_t at = 0; at < n; at += FDS_AT_ONCE)
        TRY(send_some(fd, what, fds + at, n - at < FDS_AT_ONCE ? n - at : FDS_AT_ONCE, e));
    return true;
}

/* One message, of exactly n; what a wrong one carried is closed. */
static bool recv_some(int fd, const char *what, int *out, int64_t n, struct err *e)
{
    union fd_message m = {.bytes = {0}};
    char byte = 0;
    struct iovec v = {.iov_base = &byte, .iov_len = 1};
    struct msghdr h = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = m.bytes};
    h.msg_controllen = sizeof m.bytes;
    ssize_t k = 0;
    while ((k = recvmsg(fd, &h, MSG_CMSG_CLOEXEC)) < 0)
        if (!may_retry(fd, POLLIN))
            return FAIL(e, ERR_IO, "%s: cannot receive descriptors: %m", what);
    int64_t got = 0;
    bool has_any = k == 1 && h.msg_controllen >= sizeof m.head && m.head.cmsg_type == SCM_RIGHTS;
    if (has_any)
        got = (int64_t)((m.head.cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int64_t i = 0; i < got; i++) {
        int one = -1;
        memcpy(&one, CMSG_DATA(&m.head) + (size_t)i * sizeof(int), sizeof(int));
        if (i < n)
            out[i] = one;
        else
            (void)close(one);
    }
    return got == n || FAIL(e, ERR_IO, "%s: %lld descriptors where %lld belong", what,
                            (long long)got, (long long)n);
}

bool wire_recv_fds(int fd, const char *what, int *out, int64_t n, struct err *e)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = -1;
    for (int64_t at = 0; at < n; at += FDS_AT_ONCE)
        TRY(recv_some(fd, what, out + at, n - at < FDS_AT_ONCE ? n - at : FDS_AT_ONCE, e));
    return true;
}
