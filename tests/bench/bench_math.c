/* Final answers: comparing pairs of short answers. */
#include <stdlib.h>

#include "base/limits.h"
#include "graders/math/compare.h"
#include "tests/bench/bench.h"

struct state {
    struct arena tmp;
};

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
    free(s);
}

const struct bench bench_math[] = {
    {"answers/compare/short pairs", "pairs/s", 1, 0, compare_open, compare_step, close_state},
    {0},
};
