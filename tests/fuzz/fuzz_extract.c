/* Any bytes as a reply: the span lies inside and is what was taken, nothing is taken from
 * reasoning, what a lower rank finds never changes what a higher one found, and what was taken is
 * stable when it is put into a box of its own. The first byte chooses the kind of gold. */
#include <assert.h>

#include "base/limits.h"
#include "graders/extract.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena keep;
static struct arena tmp;

static void check(struct str reply, const struct extract *x)
{
    assert(x->why != NULL);
    assert(x->from >= 0 && x->from <= x->to && x->to <= reply.n);
    assert(extract_has_text(x->rule) == (x->text.n > 0));
    assert(x->n_places >= 0 && x->n_places <= EXTRACT_PLACES);
    for (int64_t i = 0; i < x->n_places; i++)
        assert(x->places[i].from >= 0 && x->places[i].from <= x->places[i].to &&
               x->places[i].to <= reply.n);
    if (x->text.n > 0 && x->rule != EXTRACT_BOX_JOINED)
        assert(str_eq(str_sub(reply, x->from, x->to), x->text));
    if (x->text.n > 0)
        assert(str_find(str_sub(reply, x->to, reply.n), STR("</think>"), 0) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (tmp.first == NULL) {
        arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
        arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    }
    struct arena now = keep;
    enum extract_gold gold = data[0] % 2 != 0 ? EXTRACT_LIST : EXTRACT_ONE;
    struct str reply = {(const char *)data + 1, (int64_t)size - 1};
    struct extract boxed = extract_answer(reply, gold, EXTRACT_BOXED, &now, tmp);
    struct extract said = extract_answer(reply, gold, EXTRACT_DECLARED, &now, tmp);
    struct extract any = extract_answer(reply, gold, EXTRACT_ANY, &now, tmp);
    check(reply, &boxed);
    check(reply, &said);
    check(reply, &any);
    if (boxed.rule != EXTRACT_NOTHING)
        assert(boxed.rule == said.rule && str_eq(boxed.text, said.text));
    if (said.rule != EXTRACT_NOTHING)
        assert(said.rule == any.rule && str_eq(said.text, any.text));
    /* a text that itself ends reasoning cannot be quoted back */
    if (boxed.text.n == 0 || str_find(boxed.text, STR("think>"), 0) >= 0)
        return 0;
    struct buf again = {0};
    buf_put(&again, STR("\\boxed{"));
    buf_put(&again, boxed.text);
    buf_put(&again, STR("}"));
    struct extract y = extract_answer(buf_str(&again), EXTRACT_ONE, EXTRACT_BOXED, &now, tmp);
    assert(y.rule == EXTRACT_BOX || y.rule == EXTRACT_TOKEN || y.rule == EXTRACT_BOX_EXACT ||
           y.rule == EXTRACT_EMPTY || y.rule == EXTRACT_UNCLOSED || y.rule == EXTRACT_UNCLEAR);
    buf_free(&again);
    return 0;
}
