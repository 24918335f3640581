/* What judging keeps from one reply to the next: the open box, what is known of the compilers, and
 * the programs compiled last.
 *
 * A grader is a function without state, and a worker process judges thousands of replies; opening
 * a box costs some milliseconds and a compiler most of a second. So there is one bench per process,
 * and this is the only static memory in graders/. Nothing in it can change a verdict. */
#pragma once
#include "graders/grader.h"
#include "graders/sandbox/sandbox.h"
#include "graders/terms/language.h"

enum { BENCH_TOOLS = 16, BENCH_PROGRAMS = 256, BENCH_STYLES = 3 };
#define BENCH_BYTES_MAX (128 * LIMIT_MIB) /* of all programs kept */

struct bench_tool {
    char path[64];
    char version[96];               /* as it names itself; empty: not asked yet */
    bool is_proved[LANGUAGE_COUNT]; /* has compiled something trivial */
    bool has_static;                /* has linked something static */
    bool no_static;                 /* has refused to: there are no static libraries */
};

struct bench_program {
    char key[65];     /* hash of language, flags, tool and source */
    struct buf entry; /* compile_entry.h */
};

/* A precompiled header (compile_pch.h) for one language and style. */
struct bench_header {
    int64_t n_wanted; /* programs that could have used it */
    bool is_there;
    bool is_given_up;
    int64_t n_bytes;
    char path[LIMIT_PATH_BYTES];
};

struct bench {
    struct sandbox *box; /* NULL: not open */
    struct bench_header headers[LANGUAGE_COUNT][BENCH_STYLES];
    struct bench_tool tools[BENCH_TOOLS];
    struct bench_program programs[BENCH_PROGRAMS];
    int64_t n_programs; /* ever stored; the oldest goes first */
    int64_t n_bytes;    /* of all entries */
};

/* The process's bench with its box open. */
MUST_CHECK bool bench_get(const struct grader_env *env, struct bench **out, struct err *e);

/* Runs a job; a box that broke is closed, so that the next reply gets a new one. */
MUST_CHECK bool bench_run(struct bench *b, const struct sandbox_job *job,
                          struct sandbox_result *out, struct arena *keep, struct err *e);

/* The same for several jobs at once; out has one result each. */
MUST_CHECK bool bench_run_group(struct bench *b, const struct sandbox_group *g,
                                struct sandbox_result *out, struct arena *keep, struct err *e);

/* The tool's record by name ("g++"), found in /usr/bin or /usr/local/bin, where the box can see
 * it; its version asked inside the box once. ERR_UNSUPPORTED when there is none. */
MUST_CHECK bool bench_tool(struct bench *b, const char *name, const struct grader_env *env,
                           struct bench_tool **out, struct err *e);

/* The entry kept under that key; empty: none. Borrowed until the next bench_store. */
struct str bench_find(const struct bench *b, const char key[65]);
void bench_store(struct bench *b, const char key[65], struct str entry);
void bench_forget(struct bench *b); /* all programs; for tests and measurements */
void bench_close(void);             /* for tests, and for a worker that ends */
