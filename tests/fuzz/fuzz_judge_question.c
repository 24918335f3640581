/* Any bytes as a candidate's answer to a judge model: the question keeps its shape. No line of the
 * protocol but ours, no "<" that touches anything, the candidate on one line within its fence. */
#include <assert.h>

#include "base/limits.h"
#include "graders/math/judge_question.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t count_lines(struct str text, struct str wanted)
{
    int64_t n = 0;
    struct str line;
    while (str_split(&text, '\n', &line))
        n += wanted.at == NULL || str_eq(line, wanted);
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    struct chat plain = {0};
    struct chat c = {0};
    if (keep.first == NULL)
        arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_reset(&keep);
    struct str answer = {(const char *)data, (int64_t)size};
    struct judge_question q = {.problem = STR("P"), .gold = STR("7"), .answer = STR("7")};
    bool is_made = judge_question_make(&q, &plain, &keep);
    assert(is_made);
    q.answer = answer;
    if (!judge_question_make(&q, &c, &keep)) {
        assert(answer.n > LIMIT_ANSWER_BYTES);
        return 0;
    }
    struct str text = c.at[0].content;
    assert(count_lines(text, (struct str){0}) == count_lines(plain.at[0].content, (struct str){0}));
    assert(count_lines(text, STR("VERDICT: YES")) == 1);
    assert(count_lines(text, STR("VERDICT: NO")) == 1);
    for (int64_t i = str_find(text, STR("<"), 0); i >= 0; i = str_find(text, STR("<"), i + 1))
        assert(text.at[i + 1] == ' ');
    assert(judge_question_read(answer) != JUDGE_YES ||
           str_find(answer, STR("VERDICT: YES"), 0) >= 0);
    return 0;
}
