/* JSON of our own files: configs, suites, tokenizers, reports. (Messages of a model go through
 * encoding/pyjson, which keeps Python's semantics.)
 *
 * Reading is cJSON behind an opaque name; a document is one json_parse and one json_free, and
 * every `const struct json *` is borrowed from it. A missing member is NULL, and every reader
 * accepts NULL, so a chain of json_get needs one check at its end. Strings end at an embedded
 * NUL, and integers are exact up to 2^53: both are limits of the library, and no file of ours
 * needs more.
 *
 * Writing is `struct json_out`: commas and nesting are kept by it, bytes go to its buf. */
#pragma once
#include "base/err.h"
#include "base/str.h"

struct json;

enum json_kind {
    JSON_ABSENT,
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

/* Whole text, one value, nothing after it but white space. On failure names the byte offset.
 * `what` (a file name) starts the message. */
MUST_CHECK bool json_parse(struct str text, const char *what, struct json **out, struct err *e);
void json_free(struct json *j); /* NULL is fine */

enum json_kind json_kind(const struct json *j);
const struct json *json_get(const struct json *object, const char *key); /* first of duplicates */
const struct json *json_first(const struct json *container);             /* member or element */
const struct json *json_next(const struct json *member);
struct str json_key(const struct json *member); /* empty for an array's element */
int64_t json_count(const struct json *container);

/* True and *out set when j has that kind (and, for i64, is integral and within +-2^53). */
bool json_str(const struct json *j, struct str *out);
bool json_i64(const struct json *j, int64_t *out);
bool json_f64(const struct json *j, double *out);
bool json_bool(const struct json *j, bool *out);

/* Text of a value, compact, appended. */
void json_print(const struct json *j, struct buf *out);

enum { JSON_OUT_DEPTH = 32 };

struct json_out {
    struct buf text;
    int depth;
    bool has_item[JSON_OUT_DEPTH];
    bool after_key;
};

void json_out_free(struct json_out *w);
void json_open(struct json_out *w, char bracket); /* '{' or '[' */
void json_close(struct json_out *w, char bracket);
void json_put_key(struct json_out *w, const char *key);
void json_put_str(struct json_out *w, struct str s); /* invalid UTF-8 becomes U+FFFD */
void json_put_i64(struct json_out *w, int64_t v);
void json_put_f64(struct json_out *w, double v); /* shortest that reads back; not finite: null */
void json_put_bool(struct json_out *w, bool v);
void json_put_null(struct json_out *w);
void json_put_raw(struct json_out *w, struct str json); /* already JSON */

/* Key and value in one call. */
void json_pair_str(struct json_out *w, const char *key, struct str s);
void json_pair_i64(struct json_out *w, const char *key, int64_t v);
void json_pair_f64(struct json_out *w, const char *key, double v);
void json_pair_bool(struct json_out *w, const char *key, bool v);

/* A JSON string literal, with its quotes, appended to any text. */
void json_quote(struct buf *out, struct str s);
