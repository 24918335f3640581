/* JSON the way Python's json module reads and writes it, for values whose exact text matters:
 * a tool schema goes into a prompt as json.dumps(json.loads(text)) and one different byte there
 * is a different prompt.
 *
 * Kept as Python keeps it: integers of any length, floats apart from integers, the order of
 * members, the last of duplicate keys at the place of the first, NaN and the infinities, and
 * surrogates: an escaped pair is one character, a lone one stays. A lone surrogate is held as the
 * three bytes UTF-8 would give it and its string says so; it cannot be printed, so dumping a
 * value that holds one escapes every non-ASCII character instead (ensure_ascii=True).
 *
 * Departures, both in what is refused: nesting beyond LIMIT_JSON_DEPTH (CPython stops near 1000),
 * and integers of more than 4300 digits are accepted. */
#pragma once
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum pykind { PY_NONE, PY_BOOL, PY_INT, PY_FLOAT, PY_STR, PY_LIST, PY_DICT };

struct pyval {
    enum pykind kind;
    bool truth;               /* PY_BOOL */
    bool has_surrogate;       /* PY_STR: a lone one is inside */
    bool key_surrogate;       /* the same of .key */
    int64_t at;               /* offset of the first byte in the text it was read from, or -1 */
    struct str key;           /* as a member of a dict */
    const struct pyval *next; /* in the same list or dict */
    union {
        struct str text; /* PY_INT: decimal digits; PY_STR */
        double real;     /* PY_FLOAT */
        struct {
            const struct pyval *first;
            int64_t n;
        }; /* PY_LIST, PY_DICT */
    };
};

enum pyjson_code {
    PYJSON_OK,
    PYJSON_UTF8,      /* not UTF-8 */
    PYJSON_BOM,       /* begins with a byte order mark */
    PYJSON_VALUE,     /* Expecting value */
    PYJSON_EXTRA,     /* Extra data */
    PYJSON_KEY,       /* Expecting property name enclosed in double quotes */
    PYJSON_COLON,     /* Expecting ':' delimiter */
    PYJSON_COMMA,     /* Expecting ',' delimiter */
    PYJSON_STRING,    /* Unterminated string starting at */
    PYJSON_CONTROL,   /* Invalid control character at */
    PYJSON_ESCAPE,    /* Invalid \escape */
    PYJSON_UNICODE,   /* Invalid \uXXXX escape */
    PYJSON_DEPTH,     /* deeper than LIMIT_JSON_DEPTH */
    PYJSON_TOO_LARGE, /* the arena's room is used up */
};
const char *pyjson_code_name(enum pyjson_code c);

struct pyjson_fault {
    enum pyjson_code code;
    int64_t at; /* byte offset */
};

/* Whole text, one value. Values and decoded strings live in *keep; strings without escapes are
 * borrowed from text. Linear in the text but for sorting the keys of each object. fault may be
 * NULL. Fails with ERR_INPUT, or ERR_LIMIT for depth and size. */
MUST_CHECK bool pyjson_loads(struct str text, const struct pyval **out, struct pyjson_fault *fault,
                             struct arena *keep, struct arena tmp, struct err *e);

void pyjson_dumps(const struct pyval *v, struct buf *out); /* ensure_ascii=False, see above */
void pyjson_dumps_str(struct str s, struct buf *out);      /* one string without surrogates */
void pyjson_str(const struct pyval *v, struct buf *out);   /* str(v): a string as it is */
void pyjson_repr(const struct pyval *v, struct buf *out);  /* repr(v) */
void pyjson_float_repr(double v, struct buf *out);         /* 1e-05, 100000.0, nan */
bool pyjson_truth(const struct pyval *v);                  /* bool(v); NULL is None */
bool pyjson_has_surrogate(const struct pyval *v);          /* anywhere inside */
const struct pyval *pyjson_get(const struct pyval *dict, struct str key); /* NULL: not there */

/* For each key the index of the first equal one; first[i] = i when it is new. */
void pyjson_first_equal(const struct str *key, int64_t n, int64_t *first, struct arena tmp);
