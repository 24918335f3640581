/* Compiling and running programs as the judge does, for tests and benchmarks of languages. */
#pragma once
#include "graders/judge/compile.h"

/* The process's bench and its arenas; open before, close after each test. */
struct compile_fixture {
    struct arena keep;
    struct arena tmp;
    struct grader_env env;
    struct bench *bench;
};
extern struct compile_fixture fixture;

void fixture_open(void);
void fixture_close(void);

/* Compiles, or skips the test with the reason when this machine has no such tool. */
struct program fixture_compile(const struct compile_in *in);
struct program fixture_compile_text(enum language l, const char *text);

/* The err of a compile that must fail as ours. */
struct err fixture_compile_fails(const struct compile_in *in);

/* Runs it with cpu and memory limits as the judge would, words after its command line. */
struct sandbox_result fixture_run(const struct program *p, struct str input, int64_t cpu_ms,
                                  int64_t memory_mib, const char *const *words);

/* Skips unless this box takes files in folders. */
void fixture_needs_folders(void);
