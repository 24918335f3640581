/* What the harness and a podium-grader worker say to each other.
 *
 * A worker is started as
 *     podium-grader --work DIR [--box PATH] [--no-namespaces] [--cpu N] [--quiet P] [--cache DIR]
 *         [--time-scale X] [--machine JSON]
 * and reads requests from standard input, one frame each, answering each with one frame on
 * standard output, in order, until its input ends. It may be sent the next request before
 * the last answer is read. It makes a fresh folder under DIR for each request and removes it. When
 * it dies (a grader's bug), the request in flight is unanswered: start another worker, and count
 * the item as ungraded if it kills that one too.
 *
 * The harness side with a poll loop: append what was read to a buf; while grade_frame_size says a
 * whole frame is there, decode it and drop it from the front.
 *
 *     struct buf out = {0};
 *     grade_request_put(&out, &request);             write out to the worker's input
 *     int64_t n = grade_frame_size(buf_str(&in));    0: read more; -1: the worker talks nonsense
 *     if (n > 0 && n <= in.n) grade_answer_get(str_sub(buf_str(&in), 0, n), &answer, ...)
 *
 * A frame is an 8-byte little-endian length and that many bytes (graders/sandbox/wire.h); texts
 * keep every byte, NUL included. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/limits.h"
#include "graders/grader.h"

#define GRADE_FRAME_MAX (4 * LIMIT_REPLY_BYTES) /* a request or an answer */

struct grade_request {
    int64_t ticket;        /* the caller's; comes back unchanged */
    struct str grader;     /* registry name */
    struct str reply;      /* visible text, reasoning removed */
    struct str key;        /* JSON text of the suite item */
    struct str definition; /* JSON text of the suite definition */
    const struct str *judged;
    int64_t n_judged;
    bool may_ask;
};

struct grade_answer {
    int64_t ticket;
    bool ok;              /* false: err tells why the item could not be graded */
    enum grade_next next; /* when ok */
    struct grade grade;   /* GRADE_DONE */
    struct chat question; /* GRADE_ASK; tool calls are not carried */
    int64_t version;      /* of the grader that judged; 0 when there is none of that name */
    struct err err;
};

/* Append one whole frame. */
void grade_request_put(struct buf *out, const struct grade_request *r);
void grade_answer_put(struct buf *out, const struct grade_answer *a);

/* Decode one whole frame. Texts are copied into *keep. Malformed frames are ERR_INPUT. */
MUST_CHECK bool grade_request_get(struct str frame, struct grade_request *out, struct arena *keep,
                                  struct err *e);
MUST_CHECK bool grade_answer_get(struct str frame, struct grade_answer *out, struct arena *keep,
                                 struct err *e);

/* Bytes of the frame that begins `bytes`: 0 when its head is not whole yet, -1 when it claims more
 * than GRADE_FRAME_MAX. It is whole when 0 < size <= bytes.n. */
int64_t grade_frame_size(struct str bytes);
