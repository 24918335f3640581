/* Finding the answer in a reply of 10 MB, whatever it is made of: the target is 50 ms, 200 MB/s.
 * Each row is a filler, repeated, with an answer at the end; the extractor may look everywhere. */
#include <stdlib.h>

#include "base/limits.h"
#include "graders/choice.h"
#include "graders/extract.h"
#include "tests/bench/bench.h"

enum { REPLY_BYTES = 10 * 1000 * 1000, CHOICE = 100 };

struct state {
    struct arena keep;
    struct arena tmp;
    struct buf text;
    struct str answer;
};

static const struct {
    const char *filler;
    const char *end;
    const char *answer;
} kinds[] = {
    {"So \\frac{1}{2} of {x} is $3$, and then we add it up. ", "\\boxed{5}", "5"},
    {"So \\frac{1}{2} of {x} is $3$, and then we add it up. ", "\nThe answer is 5.", "5"},
    {"\\boxed{", "\\boxed{5}", "5"},
    {"\\boxed{1} ", "\\boxed{5}", "5"},
    {"{", "\\boxed{5}", "5"},
    {"</think>", "\\boxed{5}", "5"},
    {"answer:", "\nThe answer is 5.", "5"},
    {"if the answer is 7, ", "", ""},
    {"wwwwp", "\nThe answer is 5.", "5"},
    {"$", "\n\n5", "5"},
    {"答案", "\n答案是5。", "5"},
};

static bool extract_open(struct bench_run *r, struct err *e)
{
    (void)e;
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    arena_init(&s->keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&s->tmp, "tmp", LIMIT_ARENA_TMP);
    r->state = s;
    while (s->text.n < REPLY_BYTES)
        buf_put(&s->text, str_of(kinds[r->variant % CHOICE].filler));
    buf_put(&s->text, str_of(kinds[r->variant % CHOICE].end));
    s->answer = str_of(kinds[r->variant % CHOICE].answer);
    r->work = (double)s->text.n;
    return true;
}

static bool extract_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct arena keep = s->keep;
    struct extract x = extract_answer(buf_str(&s->text), EXTRACT_ONE, EXTRACT_ANY, &keep, s->tmp);
    if (s->answer.n > 0 && !str_eq(x.text, s->answer))
        return FAIL(e, ERR_INPUT, "found \"%.*s\"", STR_ARG(str_sub(x.text, 0, 60)));
    return true;
}

static bool choice_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct arena keep = s->keep;
    struct choice c = choice_extract(buf_str(&s->text), NULL, 4, &keep, s->tmp);
    if (c.found == CHOICE_LETTER)
        return FAIL(e, ERR_INPUT, "found %c where there is none", c.letter);
    return true;
}

static void close_state(struct bench_run *r)
{
    struct state *s = r->state;
    arena_fini(&s->keep);
    arena_fini(&s->tmp);
    buf_free(&s->text);
    free(s);
}

#define EXTRACT(what, i)                                                                           \
    {                                                                                              \
        "extract/10 MB of " what, "MB/s", 1e6, i, extract_open, extract_step, close_state          \
    }
#define LETTER(what, i)                                                                            \
    {                                                                                              \
        "choice/10 MB of " what, "MB/s", 1e6, i, extract_open, choice_step, close_state            \
    }

const struct bench bench_extract[] = {
    EXTRACT("prose, boxed", 0),  EXTRACT("prose, declared", 1), EXTRACT("open boxes", 2),
    EXTRACT("boxes", 3),         EXTRACT("braces", 4),          EXTRACT("ends of reasoning", 5),
    EXTRACT("announcements", 6), EXTRACT("conditions", 7),      EXTRACT("rare letters", 8),
    EXTRACT("dollars", 9),       EXTRACT("Chinese", 10),        LETTER("prose", 0),
    LETTER("conditions", 7),     LETTER("rare letters", 8),     {0},
};
