/* Any bytes as a reply to a question with options: the letter exists, the span lies inside, and
 * knowing the options' texts is all that the texts can change. The first byte is their number, the
 * text of each option is a line. */
#include <assert.h>

#include "base/limits.h"
#include "graders/choice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct str reply, const struct choice *c, int64_t n_options)
{
    assert(c->why != NULL && c->rule != NULL);
    assert(c->from >= 0 && c->from <= c->to && c->to <= reply.n);
    assert((c->found == CHOICE_LETTER) == (c->letter != 0));
    assert(c->letter == 0 || (c->letter >= 'A' && c->letter < 'A' + n_options));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    static struct arena tmp;
    struct str options[CHOICE_OPTIONS];
    if (size == 0)
        return 0;
    if (tmp.first == NULL) {
        arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
        arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    }
    int64_t n = 1 + data[0] % CHOICE_OPTIONS;
    struct str rest = {(const char *)data + 1, (int64_t)size - 1};
    for (int64_t i = 0; i < n; i++)
        if (!str_split(&rest, '\n', &options[i]))
            return 0;
    if (rest.at == NULL)
        return 0;
    struct choice with = choice_extract(rest, options, n, &keep, tmp);
    struct choice without = choice_extract(rest, NULL, n, &keep, tmp);
    struct choice unknown = choice_extract(rest, NULL, 0, &keep, tmp);
    check(rest, &with, n);
    check(rest, &without, n);
    check(rest, &unknown, CHOICE_OPTIONS_UNKNOWN);
    for (int64_t i = 0; i < n; i++) {
        int64_t gold = choice_gold(options[i], options, n);
        assert(gold >= -1 && gold < n);
    }
    return 0;
}
