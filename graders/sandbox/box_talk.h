/* The messages between podium and podium-box.
 *
 *     podium-box --> podium   hello once: what this machine allows
 *     podium --> podium-box   group head, one request per job, then descriptors
 *     podium-box --> podium   one reply per job
 *
 * A run is a group of one. Bytes of inputs and files are never in a frame: each travels as a
 * descriptor, in the order input (when there is one), files (folders have none), job by job. So
 * neither side holds them: what the keeper holds would be counted as memory of the next program it
 * starts. A descriptor is a sealed memfd of podium's or a file of the host, opened to be read. */
#pragma once
#include "graders/sandbox/sandbox.h"
#include "graders/sandbox/wire.h"

enum { BOX_FD = 3 };                  /* the socket, in podium-box */
#define BOX_HEAD_MAX  (4 * LIMIT_MIB) /* argv, env, names */
#define BOX_REPLY_MAX (1 * LIMIT_GIB)
enum { BOX_ARGS_MAX = 4096, BOX_FILES_MAX = 1024, BOX_NAME_MAX = 1024 };
enum { BOX_FDS_MAX = 32 };                       /* numbers a pipe may join */
enum { BOX_FIFOS_MAX = 64, BOX_PIPES_MAX = 64 }; /* of one group */
enum { BOX_CHANNEL_FD = 3 };                     /* in the program */

struct box_file {
    struct str name; /* of a folder: without the slash */
    bool is_program;
    bool is_folder;
};

struct box_request {
    struct sandbox_limits limits;
    char **argv; /* NULL-terminated */
    char **env;
    struct box_file *files;
    int64_t n_files;
    struct sandbox_take *takes;
    int64_t n_takes;
    bool has_input;
    const char *work_dir;
    enum sandbox_profile profile;
    int64_t cpu;
    int64_t n_channel_max;
    bool is_referee;
    int64_t ok_code;
    int64_t outlive_ms;
};

struct box_group {
    int64_t n_jobs;
    struct sandbox_pipe *pipes;
    int64_t n_pipes;
    struct str *fifos; /* NUL-terminated */
    int64_t n_fifos;
};

struct box_hello {
    struct sandbox_description machine;
    struct str refusal; /* not empty: this machine gets no box at all */
};

void box_hello_put(struct buf *out, const struct box_hello *h);
MUST_CHECK bool box_hello_get(struct str frame, struct box_hello *out, struct arena *keep,
                              struct err *e);

void box_group_put(struct buf *out, const struct sandbox_group *g);
MUST_CHECK bool box_group_get(struct str frame, struct box_group *out, struct arena *keep,
                              struct err *e);

void box_request_put(struct buf *out, const struct sandbox_job *job);
MUST_CHECK bool box_request_get(struct str frame, struct box_request *out, struct arena *keep,
                                struct err *e);
int64_t box_request_fds(const struct box_request *r); /* how many descriptors belong to it */

/* A run that could not be made: ok is false and *e says why. */
void box_reply_put(struct buf *out, bool ok, const struct sandbox_result *r, int64_t n_taken,
                   const struct err *e);
MUST_CHECK bool box_reply_get(struct str frame, int64_t n_taken, struct sandbox_result *out,
                              struct arena *keep, struct err *e);
