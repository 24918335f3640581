/* Reading. A recursive descent whose depth is counted, so the stack is bounded; every take from
 * the arena is preceded by a look at its room, because the size of a foreign document is an input
 * condition and not a bug. Positions of errors are those of CPython's scanner, in bytes. */
#include "encoding/pyjson.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"

struct reader {
    struct str s;
    int64_t i;
    int64_t depth;
    struct arena *keep;
    struct arena tmp;
    struct pyjson_fault fault;
};

static const struct {
    const char *name;
    const char *text;
} codes[] = {
    [PYJSON_OK] = {"ok", ""},
    [PYJSON_UTF8] = {"json_utf8", "not UTF-8"},
    [PYJSON_BOM] = {"json_bom", "unexpected byte order mark"},
    [PYJSON_VALUE] = {"json_value", "expecting a value"},
    [PYJSON_EXTRA] = {"json_extra", "extra data"},
    [PYJSON_KEY] = {"json_key", "expecting a property name in double quotes"},
    [PYJSON_COLON] = {"json_colon", "expecting ':'"},
    [PYJSON_COMMA] = {"json_comma", "expecting ','"},
    [PYJSON_STRING] = {"json_string", "unterminated string starting here"},
    [PYJSON_CONTROL] = {"json_control", "control character in a string"},
    [PYJSON_ESCAPE] = {"json_escape", "invalid \\escape"},
    [PYJSON_UNICODE] = {"json_unicode", "invalid \\uXXXX escape"},
    [PYJSON_DEPTH] = {"json_depth", "nested too deep"},
    [PYJSON_TOO_LARGE] = {"json_too_large", "too large for the memory set aside"},
};

const char *pyjson_code_name(enum pyjson_code c)
{
    assert((size_t)c < sizeof codes / sizeof codes[0]);
    return codes[c].name;
}

static bool refuse(struct reader *r, enum pyjson_code code, int64_t at)
{
    r->fault = (struct pyjson_fault){code, at};
    return false;
}

static bool has_room(const struct arena *a, int64_t n)
{
    return a->end - a->next >= n + 64;
}

static char peek(const struct reader *r, int64_t i)
{
    return i < r->s.n ? r->s.at[i] : 0;
}

static void skip_space(struct reader *r)
{
    for (char c = peek(r, r->i); c == ' ' || c == '\t' || c == '\n' || c == '\r';)
        c = peek(r, ++r->i);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    char low = (char)(c | 0x20);
    return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

/* The four digits of a \u escape at s[i], or -1. */
static int32_t hex4(struct str s, int64_t i)
{
    int32_t v = 0;
    if (s.n - i < 4)
        return -1;
    for (int k = 0; k < 4; k++) {
        int digit = hex_value(s.at[i + k]);
        if (digit < 0)
            return -1;
        v = v << 4 | digit;
    }
    return v;
}

/* What a backslash and this letter stand for, 0 when nothing. */
static char escaped_by(char letter)
{
    static const char from[] = "\"\\/bfnrt";
    static const char into[] = "\"\\/\b\f\n\r\t";
    const char *hit = letter == 0 ? NULL : strchr(from, letter);
    return hit == NULL ? 0 : into[hit - from];
}

/* Writes the escape at s[i] (a backslash); returns where it ends. Surrogate halves that do not
 * make a pair are written as the three bytes their code point would have. */
static int64_t unescape(struct str s, int64_t i, char *to, int64_t *n, bool *has_surrogate)
{
    char c = s.at[i + 1];
    if (c != 'u') {
        to[(*n)++] = escaped_by(c);
        return i + 2;
    }
    uint32_t code = (uint32_t)hex4(s, i + 2);
    i += 6;
    if (code >= 0xD800 && code < 0xDC00 && s.n - i >= 6 && s.at[i] == '\\' && s.at[i + 1] == 'u') {
        uint32_t low = (uint32_t)hex4(s, i + 2);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 6;
        }
    }
    if (code < 0xD800 || code > 0xDFFF) {
        *n += utf8_encode(code, to + *n);
        return i;
    }
    *has_surrogate = true;
    to[(*n)++] = (char)0xED;
    to[(*n)++] = (char)(0x80 | (code >> 6 & 0x3F));
    to[(*n)++] = (char)(0x80 | (code & 0x3F));
    return i;
}

/* Position of the closing quote of the string that begins at r->i, or a refusal. */
static bool string_end(struct reader *r, int64_t *end, bool *has_escape)
{
    int64_t i = r->i + 1;
    while (i < r->s.n && r->s.at[i] != '"') {
        unsigned char c = (unsigned char)r->s.at[i];
        if (c < 0x20)
            return refuse(r, PYJSON_CONTROL, i);
        if (c != '\\') {
            i++;
            continue;
        }
        *has_escape = true;
        if (i + 1 >= r->s.n)
            return refuse(r, PYJSON_STRING, r->i);
        char kind = r->s.at[i + 1];
        if (kind != 'u' && escaped_by(kind) == 0)
            return refuse(r, PYJSON_ESCAPE, i);
        if (kind == 'u' && hex4(r->s, i + 2) < 0)
            return refuse(r, PYJSON_UNICODE, i + 1);
        i += kind == 'u' ? 6 : 2;
    }
    if (i >= r->s.n)
        return refuse(r, PYJSON_STRING, r->i);
    *end = i;
    return true;
}

static bool read_string(struct reader *r, struct str *out, bool *has_surrogate)
{
    int64_t end;
    bool has_escape = false;
    TRY(string_end(r, &end, &has_escape));
    struct str raw = str_sub(r->s, r->i + 1, end);
    if (!has_escape) {
        *out = raw;
        r->i = end + 1;
        return true;
    }
    if (!has_room(r->keep, raw.n))
        return refuse(r, PYJSON_TOO_LARGE, r->i);
    char *to = NEW(r->keep, char, raw.n); /* an escape is never shorter than what it names */
    int64_t n = 0;
    for (int64_t i = 0; i < raw.n;) {
        if (raw.at[i] == '\\')
            i = unescape(raw, i, to, &n, has_surrogate);
        else
            to[n++] = raw.at[i++];
    }
    assert(n <= raw.n);
    *out = (struct str){to, n};
    r->i = end + 1;
    return true;
}

static int64_t skip_digits(const struct reader *r, int64_t i)
{
    while (is_digit(peek(r, i)))
        i++;
    return i;
}

static bool read_number(struct reader *r, struct pyval *out)
{
    int64_t from = r->i;
    int64_t i = from + (peek(r, from) == '-');
    if (!is_digit(peek(r, i)))
        return refuse(r, PYJSON_VALUE, from);
    i = peek(r, i) == '0' ? i + 1 : skip_digits(r, i);
    bool is_float = false;
    if (peek(r, i) == '.' && is_digit(peek(r, i + 1))) {
        is_float = true;
        i = skip_digits(r, i + 1);
    }
    if ((peek(r, i) | 0x20) == 'e') {
        int64_t exponent = i + 1 + (peek(r, i + 1) == '-' || peek(r, i + 1) == '+');
        if (is_digit(peek(r, exponent))) {
            is_float = true;
            i = skip_digits(r, exponent);
        }
    }
    struct str text = str_sub(r->s, from, i);
    r->i = i;
    out->kind = is_float ? PY_FLOAT : PY_INT;
    if (!is_float) {
        out->text = str_eq(text, STR("-0")) ? STR("0") : text;
        return true;
    }
    bool ok = str_f64_any(text, &out->real);
    assert(ok);
    return true;
}

/* null, true, false and the three words JSON does not have. False when none stands at r->i. */
static bool read_word(struct reader *r, struct pyval *out)
{
    static const struct {
        const char *word;
        enum pykind kind;
        bool truth;
        double real;
    } words[] = {
        {"null", PY_NONE, false, 0},
        {"true", PY_BOOL, true, 0},
        {"false", PY_BOOL, false, 0},
        {"NaN", PY_FLOAT, false, (double)NAN},
        {"Infinity", PY_FLOAT, false, (double)INFINITY},
        {"-Infinity", PY_FLOAT, false, -(double)INFINITY},
    };
    struct str rest = str_sub(r->s, r->i, r->s.n);
    for (int k = 0; k < (int)(sizeof words / sizeof words[0]); k++)
        if (str_starts(rest, str_of(words[k].word))) {
            out->kind = words[k].kind;
            out->truth = words[k].truth;
            if (out->kind == PY_FLOAT)
                out->real = words[k].real;
            r->i += str_of(words[k].word).n;
            return true;
        }
    return false;
}

static int by_key(const void *a, const void *b, void *keys)
{
    const struct str *key = keys;
    int64_t i = *(const int64_t *)a;
    int64_t j = *(const int64_t *)b;
    int c = str_cmp(key[i], key[j]);
    return c != 0 ? c : (i > j) - (i < j);
}

void pyjson_first_equal(const struct str *key, int64_t n, int64_t *first, struct arena tmp)
{
    enum { FEW = 8 };
    for (int64_t i = 0; i < n && n <= FEW; i++)
        for (first[i] = 0; !str_eq(key[first[i]], key[i]); first[i]++)
            continue;
    if (n <= FEW)
        return;
    int64_t *order = NEW(&tmp, int64_t, n);
    for (int64_t i = 0; i < n; i++)
        order[i] = i;
    qsort_r(order, (size_t)n, sizeof order[0], by_key, (void *)(uintptr_t)key);
    for (int64_t k = 0; k < n; k++) {
        bool is_same = k > 0 && str_eq(key[order[k]], key[order[k - 1]]);
        first[order[k]] = is_same ? first[order[k - 1]] : order[k];
    }
}

/* The value of a later member goes to the place of the first member of that name. */
static void take_value(struct pyval *to, const struct pyval *from)
{
    struct pyval merged = *from;
    merged.key = to->key;
    merged.key_surrogate = to->key_surrogate;
    merged.next = to->next;
    *to = merged;
}

static bool join_duplicates(struct reader *r, struct pyval *dict, struct pyval *first_member)
{
    int64_t n = dict->n;
    struct arena tmp = r->tmp;
    if (!has_room(&tmp, n * 40 + 256))
        return refuse(r, PYJSON_TOO_LARGE, dict->at);
    struct str *key = NEW(&tmp, struct str, n);
    struct pyval **member = NEW(&tmp, struct pyval *, n);
    int64_t *first = NEW(&tmp, int64_t, n);
    struct pyval *m = first_member;
    for (int64_t i = 0; i < n; i++) {
        member[i] = m;
        key[i] = m->key;
        m = (struct pyval *)(uintptr_t)m->next;
    }
    pyjson_first_equal(key, n, first, tmp);
    struct pyval *last = NULL;
    dict->n = 0;
    for (int64_t i = 0; i < n; i++) {
        if (first[i] != i) {
            take_value(member[first[i]], member[i]);
            continue;
        }
        if (last != NULL)
            last->next = member[i];
        last = member[i];
        dict->n++;
    }
    if (last != NULL)
        last->next = NULL;
    return true;
}

static bool read_value(struct reader *r, struct pyval *out);

static bool read_key(struct reader *r, struct pyval *member)
{
    if (peek(r, r->i) != '"')
        return refuse(r, PYJSON_KEY, r->i);
    TRY(read_string(r, &member->key, &member->key_surrogate));
    skip_space(r);
    if (peek(r, r->i) != ':')
        return refuse(r, PYJSON_COLON, r->i);
    r->i++;
    skip_space(r);
    return true;
}

/* List or dict; r->i is at the bracket. */
static bool read_container(struct reader *r, struct pyval *out)
{
    bool is_dict = r->s.at[r->i] == '{';
    char close = is_dict ? '}' : ']';
    struct pyval *head = NULL;
    struct pyval *last = NULL;
    out->kind = is_dict ? PY_DICT : PY_LIST;
    if (++r->depth > LIMIT_JSON_DEPTH)
        return refuse(r, PYJSON_DEPTH, r->i);
    r->i++;
    skip_space(r);
    while (last != NULL || peek(r, r->i) != close) {
        if (!has_room(r->keep, sizeof *last))
            return refuse(r, PYJSON_TOO_LARGE, r->i);
        struct pyval *v = NEW(r->keep, struct pyval, 1);
        if (is_dict)
            TRY(read_key(r, v));
        TRY(read_value(r, v));
        if (last == NULL)
            head = v;
        else
            last->next = v;
        last = v;
        out->n++;
        skip_space(r);
        if (peek(r, r->i) == close)
            break;
        if (peek(r, r->i) != ',')
            return refuse(r, PYJSON_COMMA, r->i);
        r->i++;
        skip_space(r);
    }
    r->i++;
    r->depth--;
    out->first = head;
    return !is_dict || join_duplicates(r, out, head);
}

static bool read_value(struct reader *r, struct pyval *out)
{
    out->at = r->i;
    char c = peek(r, r->i);
    if (c == '{' || c == '[')
        return read_container(r, out);
    if (c == '"') {
        out->kind = PY_STR;
        return read_string(r, &out->text, &out->has_surrogate);
    }
    return read_word(r, out) || read_number(r, out);
}

static bool read_document(struct reader *r, struct pyval *out)
{
    int64_t bad = utf8_first_bad(r->s);
    if (bad >= 0)
        return refuse(r, PYJSON_UTF8, bad);
    if (str_starts(r->s, STR("\xEF\xBB\xBF")))
        return refuse(r, PYJSON_BOM, 0);
    skip_space(r);
    TRY(read_value(r, out));
    skip_space(r);
    return r->i == r->s.n || refuse(r, PYJSON_EXTRA, r->i);
}

bool pyjson_loads(struct str text, const struct pyval **out, struct pyjson_fault *fault,
                  struct arena *keep, struct arena tmp, struct err *e)
{
    struct reader r = {.s = text, .keep = keep, .tmp = tmp};
    struct pyval *v = has_room(keep, sizeof *v) ? NEW(keep, struct pyval, 1) : NULL;
    if (v == NULL)
        (void)refuse(&r, PYJSON_TOO_LARGE, 0);
    if (v != NULL && read_document(&r, v)) {
        *out = v;
        return true;
    }
    enum pyjson_code code = r.fault.code;
    assert(code != PYJSON_OK);
    if (fault != NULL)
        *fault = r.fault;
    bool is_limit = code == PYJSON_DEPTH || code == PYJSON_TOO_LARGE;
    return FAIL(e, is_limit ? ERR_LIMIT : ERR_INPUT, "byte %lld: %s: %s", (long long)r.fault.at,
                codes[code].name, codes[code].text);
}
