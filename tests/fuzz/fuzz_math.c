/* Two texts, split at the first newline: deciding never crashes, no side contradicts the other, no
 * text differs from itself, and the budget bounds the work. */
#include <assert.h>

#include "base/limits.h"
#include "graders/math/equal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum equal_verdict compare(struct str a, struct str b, struct arena *keep, struct arena tmp)
{
    struct arena mine = *keep;
    struct equal q = equal_decide(a, b, NULL, &mine, tmp);
    assert(q.method != NULL);
    assert(q.why.n > 0);
    assert((q.verdict == EQUAL_UNDECIDED) == (q.level == LEVEL_U));
    return q.verdict;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena tmp;
    static struct arena keep;
    struct str a;
    struct str b = {(const char *)data, (int64_t)size};
    if (tmp.first == NULL) {
        arena_init(&tmp, "fuzz", LIMIT_ARENA_TMP);
        arena_init(&keep, "keep", LIMIT_ARENA_TMP);
    }
    if (size > LIMIT_ANSWER_BYTES || !str_split(&b, '\n', &a))
        return 0;
    enum equal_verdict there = compare(a, b, &keep, tmp);
    enum equal_verdict back = compare(b, a, &keep, tmp);
    /* rounding belongs to the gold, so a yes by policy may be undecided the other way round */
    assert(!(there == EQUAL_YES && back == EQUAL_NO));
    assert(!(there == EQUAL_NO && back == EQUAL_YES));
    assert(compare(a, a, &keep, tmp) != EQUAL_NO);
    return 0;
}
