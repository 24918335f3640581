/* A program of a Kattis package that brings its own scripts: `build`, when there is one, makes what
 * `run`, then or already there, starts. Both run in the box, like any foreign program; nothing of
 * the machine's is theirs but the toolchains.
 *
 * The files stand in a folder of their own, program/, and `run` is started from beside it: what a
 * script wants of its neighbours it must find by its own name ($0), as with the reference tools.
 * What a build makes may depend on any tool, so it is kept for this process only. */
#pragma once
#include "graders/judge/compile.h"

/* is_ok false: the build script refused, failed or left no `run`; messages says which. */
MUST_CHECK bool compile_scripts(struct bench *b, const struct grader_env *env,
                                const struct source *files, int64_t n_files, struct program *out,
                                struct arena *keep, struct arena tmp, struct err *e);
