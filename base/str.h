/* Borrowed text: a view into bytes someone else keeps alive. Not terminated.
 *
 * `struct str` is passed by value everywhere; `struct buf` is the one growing
 * text, owned by whoever declared it and released by buf_free. Numbers are read
 * here and nowhere else: whole text or nothing, no locale, overflow is refused. */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct str {
    const char *at;
    int64_t n; /* bytes */
};

#define STR(lit)   ((struct str){(lit), (int64_t)sizeof(lit) - 1})
#define STR_ARG(s) (int)(s).n, (s).at /* for "%.*s" */

static inline struct str str_of(const char *z)
{
    return (struct str){z, z == NULL ? 0 : (int64_t)strlen(z)};
}

static inline bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.at, b.at, (size_t)a.n) == 0);
}

/* Bytes [from, to) of s; both are clamped to the text. */
static inline struct str str_sub(struct str s, int64_t from, int64_t to)
{
    from = from < 0 ? 0 : from > s.n ? s.n : from;
    to = to < from ? from : to > s.n ? s.n : to;
    return (struct str){s.at == NULL ? NULL : s.at + from, to - from};
}

int str_cmp(struct str a, struct str b); /* as memcmp, a prefix sorts first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Byte position of the first (last) occurrence at or after `from`, -1 when there is none. */
int64_t str_find(struct str s, struct str needle, int64_t from);
int64_t str_rfind(struct str s, struct str needle);

struct str str_trim(struct str s); /* ASCII white space off both ends */

/* Takes the text up to the separator off the front of *rest. False when *rest is used up. */
bool str_split(struct str *rest, char separator, struct str *piece);

/* The whole text as a number, or false: no white space, no "+", no trailing bytes. */
bool str_i64(struct str s, int64_t *out);
bool str_u64(struct str s, uint64_t *out);
bool str_f64(struct str s, double *out); /* decimal or exponent form; not inf, not nan */

/* As str_f64 for text of any length; what is too large becomes an infinity, as IEEE has it. */
bool str_f64_any(struct str s, double *out);

/* Levenshtein distance, capped at 64 bytes a side: for "did you mean". */
int64_t str_distance(struct str a, struct str b);

/* Growing text. A zeroed buf is empty and valid; after any put, at[n] is NUL. */
struct buf {
    char *at;
    int64_t n;
    int64_t cap;
};

void buf_free(struct buf *b);
void buf_clear(struct buf *b); /* keeps the memory */
void buf_reserve(struct buf *b, int64_t n_more);
void buf_put(struct buf *b, struct str s);
void buf_byte(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static inline struct str buf_str(const struct buf *b)
{
    return (struct str){b->at, b->n};
}
