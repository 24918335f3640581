/* YAML of contest packages: one document to a tree, in an arena, read like base/json.h's.
 *
 * Packages are foreign, so this is the careful part of YAML: keys are scalars and never twice in a
 * map, an alias may stand for what was complete before it and the whole tree, written out, stays
 * below LIMIT_YAML_NODES, tags beyond the core ones and a second document are refused. Failures say
 * where, as file:line:column.
 *
 * A scalar stays the text that was written. What it means is the reader's to ask: `name: no` is a
 * good name, and `on: no` a good boolean. Only text without quotes is a number, a boolean or null.
 */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum yaml_kind { YAML_ABSENT, YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
    enum yaml_kind kind;
    struct str text; /* of a scalar */
    bool is_plain;   /* no quotes, no block: may be a number or a boolean */
    struct str key;  /* of a map's member */
    int64_t line;    /* of the value; from 1 */
    int64_t column;
    int64_t key_line;
    int64_t key_column;
    const struct yaml *first; /* members, in the order written */
    const struct yaml *next;
    int64_t n;       /* members */
    int64_t n_nodes; /* of the whole tree below and with this one, aliases written out */
};

/* The text's one document; an empty text gives a node of kind YAML_NULL. `what` (a file name) is
 * put before messages. The tree is from *keep. */
MUST_CHECK bool yaml_parse(struct str text, const char *what, const struct yaml **out,
                           struct arena *keep, struct err *e);

enum yaml_kind yaml_kind(const struct yaml *y); /* NULL is fine, here and below */
const struct yaml *yaml_get(const struct yaml *map, const char *key); /* NULL: not there */
const struct yaml *yaml_first(const struct yaml *container);
const struct yaml *yaml_next(const struct yaml *member);

/* True and *out set when y is such a scalar. */
bool yaml_str(const struct yaml *y, struct str *out);
bool yaml_i64(const struct yaml *y,
              int64_t *out); /* decimal, no zero in front: 010 is two numbers */
bool yaml_f64(const struct yaml *y, double *out); /* finite */
bool yaml_bool(const struct yaml *y, bool *out);  /* true, false, yes, no, on, off */

/* Fails with "what:line:column: ..." of the value, or of the key when the member itself is wrong.
 */
bool yaml_refuse(const struct yaml *at, const char *what, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
bool yaml_refuse_key(const struct yaml *at, const char *what, struct err *e, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
