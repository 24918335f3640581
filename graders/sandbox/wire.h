/* Frames of numbers and texts between podium's own processes.
 *
 * Both ends are the same build on the same machine, so the form is the plainest one that needs no
 * escaping and keeps every byte, NUL included: a frame is an 8-byte length and that many bytes;
 * inside, a number is 8 bytes and a text is its length and its bytes. Everything is little-endian.
 *
 * Reading never trusts the other end: a short or over-long field makes the reader `bad`, every
 * later read gives zero, and one check at the end is enough. */
#pragma once
#include "base/err.h"
#include "base/str.h"

enum { WIRE_HEAD_BYTES = 8 };

/* Begins a frame in *out and returns where; wire_seal fills in its length. */
int64_t wire_open(struct buf *out);
void wire_seal(struct buf *out, int64_t start);
void wire_put_i64(struct buf *out, int64_t v);
void wire_put_str(struct buf *out, struct str s);

struct wire_in {
    struct str rest;
    bool is_bad;
};

/* Size of the first frame in bytes, head included; 0 when even its head is not all there; -1 when
 * it claims more than n_max. The frame is whole when the result is > 0 and <= bytes.n. */
int64_t wire_frame_size(struct str bytes, int64_t n_max);
struct wire_in wire_read(struct str frame); /* reader of one whole frame, head skipped */
int64_t wire_get_i64(struct wire_in *in);
struct str wire_get_str(struct wire_in *in); /* borrowed from the frame */
bool wire_get_bool(struct wire_in *in);
bool wire_is_done(const struct wire_in *in); /* read to its end, nothing bad */

/* One frame from a descriptor, appended to *out (head included). *has_frame is false on a clean
 * end before the first byte. `what` names the other end in errors. */
MUST_CHECK bool wire_recv(int fd, const char *what, int64_t n_max, struct buf *out, bool *has_frame,
                          struct err *e);

/* Exactly n bytes, or an error. */
MUST_CHECK bool wire_recv_bytes(int fd, const char *what, char *at, int64_t n, struct err *e);
MUST_CHECK bool wire_send(int fd, const char *what, struct str bytes, struct err *e);

/* Descriptors over a Unix socket, any number, apart from the frames. They arrive close-on-exec, in
 * order; both sides know how many. After a failure out[] holds those that came; the rest is -1. */
MUST_CHECK bool wire_send_fds(int fd, const char *what, const int *fds, int64_t n, struct err *e);
MUST_CHECK bool wire_recv_fds(int fd, const char *what, int *out, int64_t n, struct err *e);
