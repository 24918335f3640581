/* Two texts, split at the first newline: comparing never crashes, is symmetric, every text is the
 * same as itself, and the budget bounds the work. */
#include <assert.h>

#include "base/clock.h"
#include "base/limits.h"
#include "graders/math/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum sameness compare(struct str a, struct str b, struct arena tmp)
{
    struct work w = {&tmp, LIMIT_MATH_STEPS};
    struct value va;
    struct value vb;
    const char *rule = NULL;
    enum sameness s = answers_compare(a, b, &w, &va, &vb, &rule);
    assert(rule != NULL);
    struct buf shown = {0};
    value_print(&va, &shown);
    value_print(&vb, &shown);
    buf_free(&shown);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena tmp;
    struct str a;
    struct str b = {(const char *)data, (int64_t)size};
    if (tmp.first == NULL)
        arena_init(&tmp, "fuzz", LIMIT_ARENA_TMP);
    if (size > LIMIT_ANSWER_BYTES || !str_split(&b, '\n', &a))
        return 0;
    assert(compare(a, b, tmp) == compare(b, a, tmp));
    assert(compare(a, a, tmp) == SAME);
    return 0;
}
