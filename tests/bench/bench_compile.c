/* Compiling a typical program of a contest: from nothing, and out of each place where the result
 * may be kept. One step is one compile() in a box that stands open. */
#include <stdio.h>

#include "tests/bench/bench.h"
#include "tests/bench/compile_steps.h"

/* The variant counts languages and, in its last digit, where the result comes from. */
static bool open_one(struct bench_run *r, struct err *e)
{
    static char why[sizeof e->text];
    struct compile_steps *s = NULL;
    r->work = 1;
    if (compile_steps_open(&s, (enum language)(r->variant / 10),
                           (enum compile_from)(r->variant % 10), e)) {
        r->state = s;
        return true;
    }
    (void)snprintf(why, sizeof why, "%s", e->text);
    if (e->cls == ERR_UNSUPPORTED)
        r->skip = why;
    return r->skip != NULL;
}

static bool step(struct bench_run *r, struct err *e)
{
    return compile_steps_one(r->state, e);
}

static void close_one(struct bench_run *r)
{
    compile_steps_close(r->state);
}

#define ROW(name, language, variant)                                                               \
    {                                                                                              \
        name, "/s", 1, (language)*10 + (variant), open_one, step, close_one                        \
    }
const struct bench bench_compile[] = {
    ROW("compile/c++ 17/from nothing", LANGUAGE_CPP, COMPILE_COLD),
    ROW("compile/c++ 17/with the header read", LANGUAGE_CPP, COMPILE_HEADER),
    ROW("compile/c++ 17/from the folder", LANGUAGE_CPP, COMPILE_FOLDER),
    ROW("compile/c++ 17/from the process", LANGUAGE_CPP, COMPILE_PROCESS),
    ROW("compile/python/from nothing", LANGUAGE_PYTHON, COMPILE_COLD),
    ROW("compile/java/from nothing", LANGUAGE_JAVA, COMPILE_COLD),
    ROW("compile/java/from the folder", LANGUAGE_JAVA, COMPILE_FOLDER),
    ROW("compile/rust/from nothing", LANGUAGE_RUST, COMPILE_COLD),
    ROW("compile/go/from nothing", LANGUAGE_GO, COMPILE_COLD),
    ROW("compile/javascript/from nothing", LANGUAGE_JAVASCRIPT, COMPILE_COLD),
    {0},
};
