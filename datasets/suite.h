/* A benchmark as data: a definition (JSON) and its items, pinned by hash, in a fixed order.
 *
 * Suites that ship with podium are inside the binary; a path to a definition file works the
 * same way, and may have errata beside it (errata.h). What is right for an item (`key`) is opaque
 * here: only the grader reads it. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "datasets/errata.h"

struct item {
    struct str id;
    struct str kind;        /* family within the suite, may be empty */
    struct str prompt;      /* the user message, wording applied */
    const struct json *key; /* the item's JSON object with the grader's fields; borrowed */
    struct str key_text;    /* the same as text, one line */
};

struct suite {
    struct str name;
    struct str version;            /* with errata "1+errata.2": theirs is the second number */
    struct str source;             /* where the data came from */
    char sha256[65];               /* of the data file's bytes, verified against the definition */
    char identity[65];             /* hash over definition, data and errata */
    struct str grader;             /* registry name: "math", "code" */
    const struct json *definition; /* the whole definition, for the grader's limits */
    struct str definition_text;
    bool thinking;
    bool has_judge; /* "judge": "model" */
    int64_t n_samples;
    double temperature;
    double top_p;
    int64_t n_out_max;        /* tokens */
    const struct item *items; /* without the void ones */
    int64_t n_items;
    struct errata errata; /* none: n is 0 */
    int64_t n_void;       /* items of the data that they take out */
    struct json **docs;   /* owned: the definition and one document an item, for suite_close */
    int64_t n_docs;
};

/* Opens an embedded suite by name, or a definition file by path (ends in .json). An unknown name
 * is ERR_USAGE naming the nearest known one; a bad line is ERR_INPUT naming file and line. */
MUST_CHECK bool suite_open(struct suite *out, const char *name_or_path, struct arena *keep,
                           struct arena tmp, struct err *e);
void suite_close(struct suite *s); /* zeroed is fine */

/* Names of the embedded suites, in order; NULL past the end. */
const char *suite_embedded_name(int64_t i);
