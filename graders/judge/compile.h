/* From source to something that can be run. Compilers are foreign programs reading foreign text:
 * they run in the box with limits of their own, see no file of the machine beyond the toolchain,
 * and what they make is fetched out as bytes.
 *
 * C++      g++ -O2 -std=gnu++17
 * Python   python3; "compiling" is a syntax check, so that a file that cannot be parsed is CE,
 *          once, and not RE on every test
 *
 * Running out of a compiler's limits (an endless include, a giant template) is the source's fault
 * and CE. A missing or broken compiler is ours: an error, after a trivial program has failed too.
 */
#pragma once
#include "graders/judge/bench.h"

enum language { LANGUAGE_CPP, LANGUAGE_PYTHON };

/* As written on a fence or in an item: "cpp", "c++", "py", ... in any case. */
bool language_from_name(struct str name, enum language *out);
const char *language_name(enum language l); /* "cpp", "python" */

struct program {
    enum language language;
    bool is_ok;          /* false: CE, and only messages counts */
    struct str messages; /* the compiler's, or why it was stopped; cut to a few KiB */
    struct str tool;     /* "g++ (Debian ...) 12.2.0" */
    struct str bytes;    /* the file to place in the box */
    const char *file;    /* its name there */
    struct str argv[4];  /* how to start it */
    int64_t n_argv;
    bool was_cached;
};

/* Texts from *keep. */
MUST_CHECK bool compile(struct bench *b, const struct grader_env *env, enum language l,
                        struct str source, struct program *out, struct arena *keep,
                        struct arena tmp, struct err *e);

/* The environment every judged program and compiler sees. Static. */
const struct str *compile_env(int64_t *n);
