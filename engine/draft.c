#include "engine/draft.h"

#include <assert.h>

enum { NGRAM_LEAST = 2, NGRAM_MOST = 8 };

/* How many tokens before a and b agree, those at a and b included; a < b. */
static int64_t n_same(const int32_t *token, int64_t a, int64_t b)
{
    int64_t n = 0;
    while (n < NGRAM_MOST && a - n >= 0 && token[a - n] == token[b - n])
        n++;
    return n;
}

/* One look at every earlier token: some microseconds in a text of 100000, far below a step. */
int64_t draft_ngram(const int32_t *token, int64_t n, int32_t *out, int64_t n_max)
{
    int64_t best = 0;
    int64_t at = 0;
    assert(n >= 0 && n_max >= 0);
    for (int64_t i = n - 2; i >= 0 && best < NGRAM_MOST; i--) {
        int64_t same = token[i] == token[n - 1] ? n_same(token, i, n - 1) : 0;
        if (same > best) {
            best = same;
            at = i;
        }
    }
    if (best < NGRAM_LEAST)
        return 0;
    for (int64_t i = 0; i < n_max; i++) {
        int64_t from = at + 1 + i;
        out[i] = from < n ? token[from] : out[from - n];
    }
    return n_max;
}
