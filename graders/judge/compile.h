/* From source to something that can be run. Compilers are foreign programs reading foreign text:
 * they run in the box with limits of their own, see no file of the machine beyond the toolchain,
 * and what they make is fetched as bytes.
 *
 * A compiler that refuses, crashes, floods or runs out of its limits is CE: the source is to blame,
 * or cannot be told apart from it. A tool that is not there, or that cannot compile a trivial
 * program, is an err and nobody's verdict. So is a task's own program that does not compile: that
 * is the caller's to say (is_ok is false, and the caller knows whose it was).
 *
 * Results are cached by content: in the process (bench.h), and in a folder when the env names one
 * (compile_cache.h). A compiler that was stopped at a limit is asked again in the next process:
 * what a limit cuts may differ from machine to machine. */
#pragma once
#include "graders/judge/bench.h"
#include "graders/terms/language.h"

enum compile_style {
    COMPILE_SUBMISSION, /* -O2, the contest's usual flags */
    COMPILE_CMS,        /* -DEVAL -O2 -static -s, as CMS does for graders and stubs */
    COMPILE_TASK,       /* checkers, managers, generators: -O2, larger limits */
};

struct compile_in {
    enum language language;
    enum compile_style style;
    const struct source *files; /* the program: all files with the language's ending are compiled */
    int64_t n_files;
    const struct source *extra; /* placed beside it and compiled before it: graders, headers */
    int64_t n_extra;
    struct str entry;   /* main class (Java) or main file without ending; empty: found by itself */
    int64_t compile_ms; /* CPU; 0: the usual limit, 30 s, and 60 s for the task's own */
};

enum { PROGRAM_ARGS = 24 };

struct program {
    enum language language;
    bool is_ok;                       /* false: CE, and only messages counts */
    struct str messages;              /* the compiler's, or why it was stopped; cut to a few KiB */
    struct str tool;                  /* "g++ (Debian ...) 12.2.0" */
    const struct sandbox_file *files; /* to place in the box */
    int64_t n_files;
    struct str argv[PROGRAM_ARGS]; /* how to start it; the caller may append */
    int64_t n_argv;
    enum sandbox_profile profile;
    int64_t
        n_processes; /* threads that the runtime itself needs: to add to a tight limit; 0: none */
    int64_t memory_more_kib; /* what the runtime reserves beyond the limit told to it (JVM) */
    char hash[65];           /* of language, flags, tool and sources: names the program */
    bool was_cached;
};

/* Texts from *keep. */
MUST_CHECK bool compile(struct bench *b, const struct grader_env *env, const struct compile_in *in,
                        struct program *out, struct arena *keep, struct arena tmp, struct err *e);

/* Some runtimes must be told the limit: Java's and JavaScript's heap and stack. Puts into argv what
 * memory_kib needs; the box then gets memory_kib + p->memory_more_kib. Call it before appending
 * arguments of the program's own, once per copy of *p. */
void compile_tell_memory(struct program *p, int64_t memory_kib, struct arena *keep);

/* The environment every judged program and compiler sees. Static. */
const struct str *compile_env(int64_t *n);
