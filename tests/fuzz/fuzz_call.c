/* A rule (two bytes), then the wanted and the given result, split at the first 0xFF: to compare
 * never crashes, every result that is data is equal to itself, and without a tolerance or a
 * declared type, to swap changes nothing. The given one, framed, is judged alike. */
#include <assert.h>

#include "base/limits.h"
#include "graders/judge/call.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char word[] = "0123456789abcdef0123456789abcdef";

static struct call call_of(const uint8_t *bits)
{
    static const double off[] = {0, 1e-6, 0.5, 1e300};
    return (struct call){.method = STR("f"),
                         .returns = {(enum call_base)(bits[0] % 7), bits[0] / 7 % 3},
                         .has_tolerance = (bits[1] & 1) != 0,
                         .tolerance = tolerance_of(off[bits[1] >> 1 & 3], off[bits[1] >> 3 & 3]),
                         .is_unordered = (bits[1] & 32) != 0};
}

static bool compare(const struct call *c, struct str want, struct str got, bool *is_same,
                    struct arena tmp)
{
    struct call_said said;
    struct err e = {0};
    struct arena keep = tmp;
    struct arena rest = tmp;
    keep.end = keep.next + LIMIT_MIB;
    rest.next = keep.end;
    return call_compare(c, want, got, is_same, &said, &keep, rest, &e);
}

static enum outcome judge(const struct call *c, struct str want, struct str channel,
                          struct arena tmp)
{
    struct call_said said;
    struct err e = {0};
    struct arena keep = tmp;
    struct arena rest = tmp;
    enum outcome o = OUTCOME_CE;
    struct sandbox_result r = {.channel = channel};
    keep.end = keep.next + LIMIT_MIB;
    rest.next = keep.end;
    bool ok = call_judge(c, want, STR(word), &r, &o, &said, &keep, rest, &e);
    assert(ok);
    assert(o == OUTCOME_AC || o == OUTCOME_WA || o == OUTCOME_RE);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena tmp;
    struct str a;
    struct str b = {(const char *)data + 2, (int64_t)size - 2};
    bool is_same = false;
    bool is_back = false;
    if (size < 2 || !str_split(&b, '\xff', &a) || b.at == NULL)
        return 0;
    if (tmp.first == NULL)
        arena_init(&tmp, "fuzz", LIMIT_GIB);
    struct call c = call_of(data);
    if (!compare(&c, a, b, &is_same, tmp))
        return 0;
    if (compare(&c, b, a, &is_back, tmp) && !c.has_tolerance && c.returns.base == CALL_ANY)
        assert(is_same == is_back);
    if (c.returns.base == CALL_ANY && compare(&c, b, b, &is_back, tmp))
        assert(is_back);
    struct buf framed = {0};
    buf_fmt(&framed, "%s %lld\n", word, (long long)b.n);
    buf_put(&framed, b);
    buf_fmt(&framed, "\n%s\n", word);
    assert((judge(&c, a, buf_str(&framed), tmp) == OUTCOME_AC) == is_same);
    if (!str_starts(b, STR(word)))
        assert(judge(&c, a, b, tmp) != OUTCOME_AC);
    buf_free(&framed);
    return 0;
}
