/* Regular expressions over UTF-8, compiled once and searched from any thread.
 *
 * PCRE2 stands behind it and is included by pattern.c alone. Matching follows Unicode
 * properties (\p{L}, \s) and runs as machine code where the platform allows, interpreted
 * where it does not; both give the same answer. A search that outgrows the small stack of
 * the machine code is repeated with a large one, then interpreted: a megabyte of one letter
 * is an ordinary subject here, never a failure.
 *
 * A subject must be valid UTF-8 (utf8_first_bad says so): it is not checked again. */
#pragma once
#include "base/err.h"
#include "base/str.h"

struct pattern;      /* immutable; shared by threads */
struct pattern_work; /* scratch of one thread, good for every pattern */

enum pattern_engine {
    PATTERN_FASTEST,     /* machine code where there is some */
    PATTERN_INTERPRETED, /* for tests, and where code must not be generated */
};

/* Compiles a regex in PCRE2's dialect. A bad one is ERR_INPUT naming the byte offset. */
MUST_CHECK bool pattern_open(struct pattern **out, struct str regex, enum pattern_engine engine,
                             struct err *e);
void pattern_close(struct pattern *p); /* NULL is fine */

bool pattern_is_native(const struct pattern *p);     /* runs as machine code */
bool pattern_matches_empty(const struct pattern *p); /* could match without taking a byte */

void pattern_work_open(struct pattern_work **out);
void pattern_work_close(struct pattern_work *w); /* NULL is fine */

/* Steps back that one interpreted search may take before it fails with ERR_LIMIT. The start value
 * is as good as none; tests lower it to prove that a pattern does not go back over its tracks. */
void pattern_work_limit(struct pattern_work *w, uint32_t n_steps);

/* First match, in bytes [from, to). */
struct pattern_hit {
    int64_t from; /* -1 when there is none */
    int64_t to;
};

/* Leftmost match in subject; of several there, the one the alternatives prefer. */
MUST_CHECK bool pattern_find(const struct pattern *p, struct pattern_work *w, struct str subject,
                             struct pattern_hit *out, struct err *e);
