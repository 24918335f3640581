/* The three messages between podium and podium-box: hello, request, reply.
 *
 *     podium-box --> podium   hello once: what this machine allows
 *     podium --> podium-box   request head, then the bytes of the input and of each file, raw
 *     podium-box --> podium   reply
 *
 * Big bytes follow the head instead of being in it so that the keeper can pass them to the kernel
 * without holding them: what it holds would be counted as memory of the next program it starts. */
#pragma once
#include "graders/sandbox/sandbox.h"
#include "graders/sandbox/wire.h"

enum { BOX_FD = 3 };                  /* the socket, in podium-box */
#define BOX_HEAD_MAX  (4 * LIMIT_MIB) /* argv, env, names */
#define BOX_REPLY_MAX (1 * LIMIT_GIB)
enum { BOX_ARGS_MAX = 4096, BOX_FILES_MAX = 1024 };

struct box_file {
    struct str name;
    int64_t n;
    bool is_program;
};

struct box_request {
    struct sandbox_limits limits;
    char **argv; /* NULL-terminated */
    char **env;
    struct box_file *files;
    int64_t n_files;
    struct sandbox_take *takes;
    int64_t n_takes;
    int64_t n_input;
    const char *work_dir;
};

struct box_hello {
    struct sandbox_description machine;
    struct str refusal; /* not empty: this machine gets no box at all */
};

void box_hello_put(struct buf *out, const struct box_hello *h);
MUST_CHECK bool box_hello_get(struct str frame, struct box_hello *out, struct arena *keep,
                              struct err *e);

void box_request_put(struct buf *out, const struct sandbox_job *job);
MUST_CHECK bool box_request_get(struct str frame, struct box_request *out, struct arena *keep,
                                struct err *e);

/* A run that could not be made: ok is false and *e says why. */
void box_reply_put(struct buf *out, bool ok, const struct sandbox_result *r, int64_t n_taken,
                   const struct err *e);
MUST_CHECK bool box_reply_get(struct str frame, int64_t n_taken, struct sandbox_result *out,
                              struct arena *keep, struct err *e);
