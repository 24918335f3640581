/* Any bytes as a reply: the span lies inside and is what was taken, and what was taken is stable
 * when it is put into a box of its own. */
#include <assert.h>

#include "base/limits.h"
#include "graders/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena tmp;
    if (tmp.first == NULL)
        arena_init(&tmp, "fuzz", LIMIT_ARENA_TMP);
    struct str reply = {(const char *)data, (int64_t)size};
    struct extract x = extract_answer(reply, tmp);
    assert(x.from >= 0 && x.from <= x.to && x.to <= reply.n);
    bool has_text = x.rule == EXTRACT_BOX || x.rule == EXTRACT_TOKEN;
    assert(has_text == (x.text.n > 0));
    if (!has_text)
        return 0;
    assert(str_eq(str_sub(reply, x.from, x.to), x.text));
    assert(str_find(str_sub(reply, x.to, reply.n), STR("</think>"), 0) < 0);
    struct buf again = {0};
    buf_fmt(&again, "\\boxed{%.*s}", STR_ARG(x.text));
    /* a text that itself ends reasoning cannot be quoted back */
    if (again.n == x.text.n + 8 && str_find(x.text, STR("think>"), 0) < 0) {
        struct extract y = extract_answer(buf_str(&again), tmp);
        assert(y.rule == EXTRACT_BOX || y.rule == EXTRACT_TOKEN || y.rule == EXTRACT_EMPTY ||
               y.rule == EXTRACT_UNCLOSED || y.rule == EXTRACT_UNCLEAR);
    }
    buf_free(&again);
    return 0;
}
