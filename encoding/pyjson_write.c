/* Writing: json.dumps, str() and repr() of the same values. Depth is bounded by what pyjson_loads
 * admits, so the recursion here is too. */
#include <assert.h>
#include <math.h>
#include <stdio.h>

#include "base/utf8.h"
#include "encoding/printable.h"
#include "encoding/pyjson.h"

const struct pyval *pyjson_get(const struct pyval *dict, struct str key)
{
    if (dict == NULL || dict->kind != PY_DICT)
        return NULL;
    for (const struct pyval *m = dict->first; m != NULL; m = m->next)
        if (str_eq(m->key, key))
            return m;
    return NULL;
}

bool pyjson_truth(const struct pyval *v)
{
    if (v == NULL)
        return false;
    switch (v->kind) {
    case PY_NONE:
        return false;
    case PY_BOOL:
        return v->truth;
    case PY_INT:
        return !str_eq(v->text, STR("0"));
    case PY_FLOAT:
        return v->real != 0; /* not a number is true */
    case PY_STR:
        return v->text.n > 0;
    case PY_LIST:
    case PY_DICT:
        return v->n > 0;
    }
    return false;
}

bool pyjson_has_surrogate(const struct pyval *v)
{
    if (v->kind == PY_STR)
        return v->has_surrogate;
    if (v->kind != PY_LIST && v->kind != PY_DICT)
        return false;
    for (const struct pyval *m = v->first; m != NULL; m = m->next)
        if (m->key_surrogate || pyjson_has_surrogate(m))
            return true;
    return false;
}

/* The code point at s[i], counting the three-byte form of a lone surrogate as one. */
static int decode(struct str s, int64_t i, uint32_t *code)
{
    int n = utf8_decode(s, i, code);
    if (n > 0)
        return n;
    if (s.n - i >= 3 && (unsigned char)s.at[i] == 0xED) {
        *code = 0xD000 | (uint32_t)(s.at[i + 1] & 0x3F) << 6 | (uint32_t)(s.at[i + 2] & 0x3F);
        return 3;
    }
    *code = 0xFFFD; /* only a text that never was UTF-8 comes here */
    return 1;
}

/* A character that ensure_ascii=True does not let through: one \u escape, or a pair. */
static void put_escaped(struct buf *out, uint32_t code)
{
    if (code < 0x10000) {
        buf_fmt(out, "\\u%04x", code);
        return;
    }
    code -= 0x10000;
    buf_fmt(out, "\\u%04x\\u%04x", 0xD800 + (code >> 10), 0xDC00 + (code & 0x3FF));
}

static bool put_short(struct buf *out, unsigned char c)
{
    static const char from[] = "\"\\\b\f\n\r\t";
    static const char into[] = "\"\\bfnrt";
    const char *hit = memchr(from, c, sizeof from - 1);
    if (hit == NULL)
        return false;
    char pair[2] = {'\\', into[hit - from]};
    buf_put(out, (struct str){pair, 2});
    return true;
}

static void dump_string(struct str s, bool ascii, struct buf *out)
{
    buf_byte(out, '"');
    for (int64_t i = 0, from = 0; i <= s.n;) {
        unsigned char c = i < s.n ? (unsigned char)s.at[i] : 0;
        if (i < s.n && c >= 0x20 && c != '"' && c != '\\' && (!ascii || c < 0x7F)) {
            i++;
            continue;
        }
        buf_put(out, str_sub(s, from, i));
        if (i == s.n)
            break;
        uint32_t code = c;
        int n = c < 0x80 ? 1 : decode(s, i, &code);
        if (!put_short(out, c))
            put_escaped(out, code);
        i += n;
        from = i;
    }
    buf_byte(out, '"');
}

static void dump_float(double v, struct buf *out)
{
    if (isfinite(v))
        pyjson_float_repr(v, out);
    else
        buf_put(out, isnan(v) ? STR("NaN") : v > 0 ? STR("Infinity") : STR("-Infinity"));
}

static void dump(const struct pyval *v, bool ascii, struct buf *out)
{
    switch (v->kind) {
    case PY_NONE:
        buf_put(out, STR("null"));
        return;
    case PY_BOOL:
        buf_put(out, v->truth ? STR("true") : STR("false"));
        return;
    case PY_INT:
        buf_put(out, v->text);
        return;
    case PY_FLOAT:
        dump_float(v->real, out);
        return;
    case PY_STR:
        dump_string(v->text, ascii, out);
        return;
    case PY_LIST:
    case PY_DICT:
        break;
    }
    buf_byte(out, v->kind == PY_DICT ? '{' : '[');
    for (const struct pyval *m = v->first; m != NULL; m = m->next) {
        if (v->kind == PY_DICT) {
            dump_string(m->key, ascii, out);
            buf_put(out, STR(": "));
        }
        dump(m, ascii, out);
        if (m->next != NULL)
            buf_put(out, STR(", "));
    }
    buf_byte(out, v->kind == PY_DICT ? '}' : ']');
}

void pyjson_dumps(const struct pyval *v, struct buf *out)
{
    dump(v, pyjson_has_surrogate(v), out);
}

void pyjson_dumps_str(struct str s, struct buf *out)
{
    dump_string(s, false, out);
}

/* The next decimal above digits[0..n), as a number of n digits; false when it has one more. */
static bool next_up(char *digits, int n)
{
    for (int i = n - 1; i >= 0; i--) {
        if (digits[i] != '9') {
            digits[i]++;
            return true;
        }
        digits[i] = '0';
    }
    return false;
}

static bool reads_back(const char *digits, int n, int exponent, double v)
{
    char text[64];
    double back;
    (void)snprintf(text, sizeof text, "%c.%.*se%d", digits[0], n - 1, digits + 1, exponent);
    if (n == 1)
        (void)snprintf(text, sizeof text, "%ce%d", digits[0], exponent);
    return str_f64_any(str_of(text), &back) && back == v;
}

/* The fewest digits that read back as v > 0, nearest to it among those. At a power of two the
 * numbers below lie closer than those above, so the n digits nearest to v may belong to its
 * neighbour below while the next decimal up is still v's: 2^-44 is 5.684341886080802e-14. */
static int shortest_digits(double v, char digits[20], int *exponent)
{
    int power;
    bool is_power = frexp(v, &power) == 0.5;
    for (int n = 1;; n++) {
        char text[40];
        assert(n <= 17); /* as many always read back */
        (void)snprintf(text, sizeof text, "%.*e", n - 1, v);
        struct str e = str_of(strchr(text, 'e') + 1);
        int64_t ten = 0;
        bool ok = str_i64(e.at[0] == '+' ? str_sub(e, 1, e.n) : e, &ten);
        assert(ok);
        *exponent = (int)ten;
        digits[0] = text[0];
        memcpy(digits + 1, text + 2, (size_t)n - 1);
        if (reads_back(digits, n, *exponent, v))
            return n;
        if (is_power && next_up(digits, n) && reads_back(digits, n, *exponent, v))
            return n;
    }
}

void pyjson_float_repr(double v, struct buf *out)
{
    char digits[20];
    int exponent;
    if (isnan(v)) {
        buf_put(out, STR("nan"));
        return;
    }
    if (signbit(v))
        buf_byte(out, '-');
    v = fabs(v);
    if (isinf(v) || v == 0) {
        buf_put(out, v == 0 ? STR("0.0") : STR("inf"));
        return;
    }
    int n = shortest_digits(v, digits, &exponent);
    while (n > 1 && digits[n - 1] == '0')
        n--;
    if (exponent < -4 || exponent >= 16) {
        buf_byte(out, digits[0]);
        if (n > 1)
            buf_fmt(out, ".%.*s", n - 1, digits + 1);
        buf_fmt(out, "e%+03d", exponent);
    } else if (exponent < 0) {
        buf_fmt(out, "0.%.*s%.*s", -exponent - 1, "000", n, digits);
    } else if (n <= exponent + 1) {
        buf_fmt(out, "%.*s%.*s.0", n, digits, exponent + 1 - n, "0000000000000000");
    } else {
        buf_fmt(out, "%.*s.%.*s", exponent + 1, digits, n - exponent - 1, digits + exponent + 1);
    }
}

static void repr_char(uint32_t code, char quote, struct str raw, struct buf *out)
{
    if (code == (unsigned char)quote || code == '\\')
        buf_fmt(out, "\\%c", (int)code);
    else if (code == '\t' || code == '\n' || code == '\r')
        buf_fmt(out, "\\%c", code == '\t' ? 't' : code == '\n' ? 'n' : 'r');
    else if (printable(code))
        buf_put(out, raw);
    else if (code < 0x100)
        buf_fmt(out, "\\x%02x", code);
    else
        buf_fmt(out, code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
}

static void repr_string(struct str s, struct buf *out)
{
    bool has_single = s.n > 0 && memchr(s.at, '\'', (size_t)s.n) != NULL;
    bool has_double = s.n > 0 && memchr(s.at, '"', (size_t)s.n) != NULL;
    char quote = has_single && !has_double ? '"' : '\'';
    buf_byte(out, quote);
    for (int64_t i = 0; i < s.n;) {
        uint32_t code;
        int n = decode(s, i, &code);
        repr_char(code, quote, str_sub(s, i, i + n), out);
        i += n;
    }
    buf_byte(out, quote);
}

void pyjson_repr(const struct pyval *v, struct buf *out)
{
    switch (v->kind) {
    case PY_NONE:
        buf_put(out, STR("None"));
        return;
    case PY_BOOL:
        buf_put(out, v->truth ? STR("True") : STR("False"));
        return;
    case PY_INT:
        buf_put(out, v->text);
        return;
    case PY_FLOAT:
        pyjson_float_repr(v->real, out);
        return;
    case PY_STR:
        repr_string(v->text, out);
        return;
    case PY_LIST:
    case PY_DICT:
        break;
    }
    buf_byte(out, v->kind == PY_DICT ? '{' : '[');
    for (const struct pyval *m = v->first; m != NULL; m = m->next) {
        if (v->kind == PY_DICT) {
            repr_string(m->key, out);
            buf_put(out, STR(": "));
        }
        pyjson_repr(m, out);
        if (m->next != NULL)
            buf_put(out, STR(", "));
    }
    buf_byte(out, v->kind == PY_DICT ? '}' : ']');
}

void pyjson_str(const struct pyval *v, struct buf *out)
{
    if (v != NULL && v->kind == PY_STR)
        buf_put(out, v->text);
    else if (v != NULL)
        pyjson_repr(v, out);
    else
        buf_put(out, STR("None"));
}
