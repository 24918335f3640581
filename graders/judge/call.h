/* Function calls: the submission is a function or a class, not a program.
 *
 * A driver of ours runs inside the box together with the submission. It reads the arguments from
 * a file, calls, and writes the result as JSON to descriptor 3, framed by a word that is new for
 * every run. What is right never enters the box: the result is compared here, as plain data, so
 * that no __eq__, no patched json module and no exit code of the submission can say that it is
 * right. Standard output is free for the program's prints.
 *
 * The submission shares a process with the driver and may do all that the driver may. That gives
 * it nothing: a frame that it forges is a result that it might as well have returned. So the frame
 * is there against accidents (garbage, half a result, two results), not as a secret.
 *
 * Every test is a process of its own: nothing that one call leaves behind (globals, threads, a
 * patched library, a crash) reaches the next, and each has its own limits and its own verdict.
 *
 * How results compare: arrays in order, objects by their members, text byte for byte. Numbers by
 * their exact decimal value, 1 and 1.0 alike, unless "returns" declares a type; a tolerance makes
 * them near instead. true is never 1, null is never 0, text is never a number. NaN and the
 * infinities equal only themselves. */
#pragma once
#include "base/json.h"
#include "encoding/pyjson.h"
#include "graders/judge/compile.h"
#include "graders/terms/decimal.h"
#include "graders/terms/outcome.h"

enum call_base { CALL_ANY, CALL_INT, CALL_LONG, CALL_DOUBLE, CALL_BOOL, CALL_STRING, CALL_CHAR };

/* "int[][]": base CALL_INT, 2 dimensions. */
struct call_type {
    enum call_base base;
    int n_dims;
};

enum { CALL_PARAMS_MAX = 16, CALL_DIMS_MAX = 4 };

struct call {
    struct str class_name; /* empty: a function of the module */
    struct str method;
    bool has_params; /* params were declared */
    struct call_type params[CALL_PARAMS_MAX];
    int64_t n_params;
    struct call_type returns; /* CALL_ANY: not declared */
    bool has_tolerance;
    struct tolerance tolerance;
    bool is_unordered; /* the result is an array whose order does not count */
};

/* {"class": "Solution", "method": "twoSum", "params": ["int[]", "int"], "returns": "int[]"}; all
 * but method optional. `compare` is the item's, or NULL: {"float_abs", "float_rel", "unordered"}.
 * Names must be plain identifiers. Texts are borrowed from the JSON. */
MUST_CHECK bool call_read(const struct json *call, const struct json *compare, struct call *out,
                          struct err *e);

/* Whether there is a driver for the language. */
bool call_can(enum language l);

/* Arguments and results as texts. ERR_INPUT when they are not JSON or not of the declared types. */
MUST_CHECK bool call_check_args(const struct call *c, struct str args, struct arena tmp,
                                struct err *e);
MUST_CHECK bool call_check_result(const struct call *c, struct str result, struct arena tmp,
                                  struct err *e);

/* What to compile for a submission: in->files, in->extra and in->entry are filled. */
void call_compile_in(const struct call *c, enum language l, struct str source,
                     struct compile_in *in, struct arena *keep);

/* Turns a job that would run the program into one that runs the call: files and argv are replaced,
 * descriptor 3 is asked for. `word` frames the result: 32 characters, new for every run. */
void call_prepare(const struct call *c, const struct program *p, struct str args, struct str word,
                  struct sandbox_job *job, struct arena *keep);

/* How a test went, beside its outcome. */
struct call_said {
    struct str got;  /* the result, cut, or empty */
    struct str note; /* what was wrong with it; empty when it was right */
};

/* AC, WA, or RE when the program ended well but never gave a result. `want` is JSON. */
MUST_CHECK bool call_judge(const struct call *c, struct str want, struct str word,
                           const struct sandbox_result *r, enum outcome *out,
                           struct call_said *said, struct arena *keep, struct arena tmp,
                           struct err *e);

/* The same on texts: is `got`, which anybody may have written, the wanted result? */
MUST_CHECK bool call_compare(const struct call *c, struct str want, struct str got, bool *is_same,
                             struct call_said *said, struct arena *keep, struct arena tmp,
                             struct err *e);
