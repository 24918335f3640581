#include "base/utf8.h"

#include <assert.h>

static unsigned byte_at(struct str s, int64_t i)
{
    return i < s.n ? (unsigned char)s.at[i] : 0;
}

/* Length announced by a first byte, and the range its second byte must lie in. */
static int lead(unsigned b, unsigned *low, unsigned *high)
{
    *low = b == 0xE0 ? 0xA0 : b == 0xF0 ? 0x90 : 0x80;
    *high = b == 0xED ? 0x9F : b == 0xF4 ? 0x8F : 0xBF;
    if (b < 0x80)
        return 1;
    if (b < 0xC2 || b > 0xF4)
        return 0;
    return b < 0xE0 ? 2 : b < 0xF0 ? 3 : 4;
}

/* Bytes at s[i] that agree with a valid sequence, at most *n_want of them. */
static int agreeing(struct str s, int64_t i, int *n_want)
{
    unsigned low;
    unsigned high;
    *n_want = lead(byte_at(s, i), &low, &high);
    if (*n_want == 0)
        return 0;
    int n = 1;
    while (n < *n_want && i + n < s.n) {
        unsigned b = byte_at(s, i + n);
        if (b < (n == 1 ? low : 0x80) || b > (n == 1 ? high : 0xBF))
            break;
        n++;
    }
    return n;
}

int utf8_decode(struct str s, int64_t i, uint32_t *code_point)
{
    static const unsigned char mask[5] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    assert(i >= 0);
    assert(i < s.n);
    int n_want;
    int n = agreeing(s, i, &n_want);
    if (n == 0 || n != n_want)
        return 0;
    uint32_t c = byte_at(s, i) & mask[n];
    for (int k = 1; k < n; k++)
        c = c << 6 | (byte_at(s, i + k) & 0x3F);
    *code_point = c;
    return n;
}

int utf8_encode(uint32_t c, char out[4])
{
    static const unsigned char first[5] = {0, 0, 0xC0, 0xE0, 0xF0};
    assert(c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF));
    int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (int k = n - 1; k > 0; k--, c >>= 6)
        out[k] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)(first[n] | c);
    return n;
}

int64_t utf8_first_bad(struct str s)
{
    for (int64_t i = 0; i < s.n;) {
        int n_want;
        if ((unsigned char)s.at[i] < 0x80) {
            i++;
            continue;
        }
        int n = agreeing(s, i, &n_want);
        if (n == 0 || n != n_want)
            return i;
        i += n;
    }
    return -1;
}

void utf8_replace_bad(struct buf *out, struct str s)
{
    for (int64_t i = 0; i < s.n;) {
        int n_want;
        int n = agreeing(s, i, &n_want);
        if (n != 0 && n == n_want)
            buf_put(out, str_sub(s, i, i + n));
        else
            buf_put(out, STR("\xEF\xBF\xBD"));
        i += n == 0 ? 1 : n;
    }
}

int64_t utf8_open_tail(struct str s)
{
    for (int64_t back = 1; back <= 3 && back <= s.n; back++) {
        int n_want;
        int n = agreeing(s, s.n - back, &n_want);
        if (n == back && n < n_want)
            return back;
    }
    return 0;
}
