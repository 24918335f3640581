#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

int str_cmp(struct str a, struct str b)
{
    int64_t n = a.n < b.n ? a.n : b.n;
    int c = n == 0 ? 0 : memcmp(a.at, b.at, (size_t)n);
    return c != 0 ? c : (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, s.n), suffix);
}

int64_t str_find(struct str s, struct str needle, int64_t from)
{
    assert(from >= 0);
    if (from > s.n || needle.n > s.n - from)
        return -1;
    if (needle.n == 0)
        return from;
    const char *hit = memmem(s.at + from, (size_t)(s.n - from), needle.at, (size_t)needle.n);
    return hit == NULL ? -1 : hit - s.at;
}

int64_t str_rfind(struct str s, struct str needle)
{
    for (int64_t i = s.n - needle.n; i >= 0; i--)
        if (needle.n == 0 || memcmp(s.at + i, needle.at, (size_t)needle.n) == 0)
            return i;
    return -1;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.n > 0 && is_space(s.at[0]))
        s = (struct str){s.at + 1, s.n - 1};
    while (s.n > 0 && is_space(s.at[s.n - 1]))
        s.n--;
    return s;
}

bool str_split(struct str *rest, char separator, struct str *piece)
{
    if (rest->at == NULL)
        return false;
    const char *hit = rest->n == 0 ? NULL : memchr(rest->at, separator, (size_t)rest->n);
    if (hit == NULL) {
        *piece = *rest;
        *rest = (struct str){0};
        return true;
    }
    int64_t n = hit - rest->at;
    *piece = (struct str){rest->at, n};
    *rest = (struct str){hit + 1, rest->n - n - 1};
    return true;
}

bool str_u64(struct str s, uint64_t *out)
{
    uint64_t v = 0;
    if (s.n == 0)
        return false;
    for (int64_t i = 0; i < s.n; i++) {
        if (s.at[i] < '0' || s.at[i] > '9')
            return false;
        uint64_t digit = (uint64_t)(s.at[i] - '0');
        if (v > (UINT64_MAX - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = v;
    return true;
}

bool str_i64(struct str s, int64_t *out)
{
    bool minus = s.n > 0 && s.at[0] == '-';
    uint64_t v = 0;
    if (!str_u64(minus ? str_sub(s, 1, s.n) : s, &v))
        return false;
    if (v > (uint64_t)INT64_MAX + (minus ? 1 : 0))
        return false;
    *out = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

bool str_f64(struct str s, double *out)
{
    char z[64];
    if (s.n == 0 || s.n >= (int64_t)sizeof z)
        return false;
    for (int64_t i = 0; i < s.n; i++)
        if (strchr("0123456789+-.eE", s.at[i]) == NULL || s.at[i] == 0)
            return false;
    if (s.at[0] == '+')
        return false;
    memcpy(z, s.at, (size_t)s.n);
    z[s.n] = 0;
    char *end = NULL;
    double v = strtod(z, &end);
    if (end != z + s.n || !isfinite(v))
        return false;
    *out = v;
    return true;
}

bool str_f64_any(struct str s, double *out)
{
    struct buf z = {0};
    if (s.n < 60 && str_f64(s, out))
        return true;
    if (s.n == 0 || s.at[0] == '+')
        return false;
    for (int64_t i = 0; i < s.n; i++)
        if (s.at[i] == 0 || strchr("0123456789+-.eE", s.at[i]) == NULL)
            return false;
    buf_put(&z, s);
    char *end = NULL;
    double v = strtod(z.at, &end);
    bool is_whole = end == z.at + z.n;
    buf_free(&z);
    if (is_whole)
        *out = v;
    return is_whole;
}

int64_t str_distance(struct str a, struct str b)
{
    enum { CAP = 64 };
    int64_t row[CAP + 1];
    a = str_sub(a, 0, CAP);
    b = str_sub(b, 0, CAP);
    for (int64_t j = 0; j <= b.n; j++)
        row[j] = j;
    for (int64_t i = 1; i <= a.n; i++) {
        int64_t diagonal = row[0];
        row[0] = i;
        for (int64_t j = 1; j <= b.n; j++) {
            int64_t swap = diagonal + (a.at[i - 1] != b.at[j - 1]);
            int64_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;
            diagonal = row[j];
            row[j] = swap < least ? swap : least;
        }
    }
    return row[b.n];
}

void buf_free(struct buf *b)
{
    free(b->at);
    *b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
    b->n = 0;
    if (b->at != NULL)
        b->at[0] = 0;
}

void buf_reserve(struct buf *b, int64_t n_more)
{
    assert(n_more >= 0);
    if (b->cap - b->n > n_more)
        return;
    int64_t cap = b->cap < 64 ? 64 : b->cap;
    while (cap - b->n <= n_more)
        cap *= 2;
    char *at = realloc(b->at, (size_t)cap);
    if (at == NULL) {
        (void)fprintf(stderr, "buf: cannot grow to %lld bytes\n", (long long)cap);
        abort();
    }
    b->at = at;
    b->cap = cap;
}

void buf_put(struct buf *b, struct str s)
{
    buf_reserve(b, s.n);
    if (s.n > 0)
        memcpy(b->at + b->n, s.at, (size_t)s.n);
    b->n += s.n;
    b->at[b->n] = 0;
}

void buf_byte(struct buf *b, char c)
{
    buf_put(b, (struct str){&c, 1});
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
    va_list ap;
    va_list again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    assert(n >= 0);
    buf_reserve(b, (int64_t)n + 1);
    (void)vsnprintf(b->at + b->n, (size_t)n + 1, fmt, again);
    va_end(again);
    b->n += n;
}
