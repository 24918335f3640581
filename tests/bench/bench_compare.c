/* Output comparison on 64 MB, against the speed of memcmp on the same bytes. */
#include <stdlib.h>

#include "base/rng.h"
#include "graders/terms/compare.h"
#include "tests/bench/bench.h"

enum { OUTPUT_BYTES = 64 * 1000 * 1000, VARIANTS = 6 };

struct state {
    struct buf want, got;
    struct compare_rule rule;
    bool only_memcmp;
};

static const struct {
    const char *want, *got; /* of one number */
    struct compare_rule rule;
} variants[VARIANTS] = {
    {"%llu ", "%llu ", {0}},
    {"%llu ", "%llu ", {.mode = COMPARE_TOKENS}},
    {"%llu ", "%llu\n", {.mode = COMPARE_TOKENS}},
    {"%llu\n", "%llu \n", {.mode = COMPARE_WHITE}},
    {"0.%llu1 ", "0.%llu2\n", {.has_float = true, .abs_tolerance = 1e-6, .rel_tolerance = 1e-6}},
    {"0.%llu ", "0.%llu000\n", {.has_float = true}},
};

static bool output_open(struct bench_run *r, struct err *e)
{
    struct state *s = calloc(1, sizeof *s);
    (void)e;
    if (s == NULL)
        abort();
    s->only_memcmp = r->variant == 0;
    s->rule = variants[r->variant].rule;
    for (uint64_t i = 0; s->want.n < OUTPUT_BYTES; i++) {
        unsigned long long v = 100000000 + rng_below(1, 2, i, 900000000);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        buf_fmt(&s->want, variants[r->variant].want, v);
        buf_fmt(&s->got, variants[r->variant].got, v);
#pragma GCC diagnostic pop
    }
    r->work = (double)s->want.n;
    r->state = s;
    return true;
}

static bool output_step(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    struct difference d;
    bool is_same = s->only_memcmp
                       ? str_eq(buf_str(&s->want), buf_str(&s->got))
                       : compare_output(&s->rule, buf_str(&s->want), buf_str(&s->got), &d);
    return is_same || FAIL(e, ERR_INPUT, "outputs differ");
}

static void output_close(struct bench_run *r)
{
    struct state *s = r->state;
    buf_free(&s->want);
    buf_free(&s->got);
    free(s);
}

#define ROW(name, i)                                                                               \
    {                                                                                              \
        "compare/" name, "MB/s", 1e6, i, output_open, output_step, output_close                    \
    }
const struct bench bench_compare[] = {ROW("memcmp alone", 0),
                                      ROW("tokens, same bytes", 1),
                                      ROW("tokens, other white space", 2),
                                      ROW("white, other white space", 3),
                                      ROW("numbers, near", 4),
                                      ROW("numbers, exactly at 0", 5),
                                      {0}};
