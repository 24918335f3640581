/* Final answers: finding the box in a long reply, and comparing pairs of short answers. */
#include <stdlib.h>

#include "base/limits.h"
#include "graders/extract.h"
#include "graders/math/compare.h"
#include "tests/bench/bench.h"

enum { REPLY_BYTES = 10 * 1000 * 1000 };

struct state {
    struct arena tmp;
    struct buf text;
};

/* What replies are made of, and the least favourable: nothing but boxes that open. */
static const char *const kinds[] = {"So \\frac{1}{2} of {x} is $3$, and then we add it up. ",
                                    "\\boxed{"};

static const char *const pairs[][2] = {
    {"42", "42"},
    {"1/2", "\\frac{2}{4}"},
    {"0.5", "\\dfrac12"},
    {"1,234", "1{,}234"},
    {"(1, 2)", "\\left(1,2\\right)"},
    {"1, 2, 3", "\\{3, 2, 1\\}"},
    {"28\\%", "0.28"},
    {"x = 5", "5.0"},
    {"3x-y+13=0", "3x+4y+14=0"},
    {"\\text{Even}", "odd"},
    {"-\\frac{5}{3}", "-1\\frac{2}{3}"},
    {"1267650600228229401496703205376", "2^{100}"},
};

static struct state *new_state(struct bench_run *r)
{
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    arena_init(&s->tmp, "bench", LIMIT_ARENA_TMP);
    r->state = s;
    return s;
}

static bool extract_open(struct bench_run *r, struct err *e)
{
    (void)e;
    struct state *s = new_state(r);
    while (s->text.n < REPLY_BYTES)
        buf_put(&s->text, str_of(kinds[r->variant]));
    buf_put(&s->text, STR("\\boxed{5}"));
    r->work = (double)s->text.n;
    return true;
}

static bool extract_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct extract x = extract_answer(buf_str(&s->text), s->tmp);
    if (!str_eq(x.text, STR("5")))
        return FAIL(e, ERR_INPUT, "the box was not found");
    return true;
}

static bool compare_open(struct bench_run *r, struct err *e)
{
    (void)e;
    (void)new_state(r);
    r->work = (double)(sizeof pairs / sizeof *pairs);
    return true;
}

static bool compare_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct arena tmp = s->tmp;
        struct work w = {&tmp, LIMIT_MATH_STEPS};
        const char *rule = NULL;
        (void)answers_compare(str_of(pairs[i][0]), str_of(pairs[i][1]), &w, NULL, NULL, &rule);
        if (rule == NULL)
            return FAIL(e, ERR_INPUT, "no rule");
    }
    return true;
}

static void close_state(struct bench_run *r)
{
    struct state *s = r->state;
    arena_fini(&s->tmp);
    buf_free(&s->text);
    free(s);
}

const struct bench bench_math[] = {
    {"answers/extract/10 MB of prose", "MB/s", 1e6, 0, extract_open, extract_step, close_state},
    {"answers/extract/10 MB of open boxes", "MB/s", 1e6, 1, extract_open, extract_step,
     close_state},
    {"answers/compare/short pairs", "pairs/s", 1, 0, compare_open, compare_step, close_state},
    {0},
};
