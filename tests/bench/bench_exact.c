/* The prover for constants, by the step of the ladder that settles a pair. A list is read once; a
 * step compares each of its pairs with the budget of one pair. "worst" measures the slowest pair of
 * all lists by itself. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "graders/math/exact.h"
#include "tests/bench/bench.h"
#include "tests/support/exact_read.h"

enum { PAIRS_MAX = 32, N_LISTS = 5, WORST = N_LISTS, WORK_OF_PAIR = 20 * 1000 * 1000 };

static const char *const pairs[N_LISTS][PAIRS_MAX][2] = {
    /* rationals */
    {{"1/2", "2/4"},
     {"10!/7!", "720"},
     {"1/2004!", "1/2006!"},
     {"2^(-99)", "2^(-98)"},
     {"binomial(52,5)", "2598960"},
     {"sum(k,1,100,k^2)", "338350"}},
    /* different */
    {{"1-1/e", "1+1/e"},
     {"4", "4*sqrt(2)"},
     {"e^(pi*sqrt(163))", "640320^3+744"},
     {"22/7", "pi"},
     {"sqrt(17)", "4.123105625617661"},
     {"sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(7))"},
     {"sin(pi/12)", "(sqrt(6)-sqrt(2))/3"},
     {"ln(2)+ln(3)", "ln(7)"},
     {"e^pi", "pi^e"},
     {"cos(1)", "54/100"},
     {"(1+sqrt(5))/2", "1.618"},
     {"3*pi/4", "pi/3"}},
    /* algebraic */
    {{"sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(6))"},
     {"1/(sqrt(2)-1)", "sqrt(2)+1"},
     {"sin(pi/12)", "(sqrt(6)-sqrt(2))/4"},
     {"cos(2*pi/7)+cos(4*pi/7)+cos(6*pi/7)", "-1/2"},
     {"tan(3*pi/11)+4*sin(2*pi/11)", "sqrt(11)"},
     {"1/(2*sin(pi/26))", "1/(2*cos(6*pi/13))"},
     {"cbrt(2+sqrt(5))+cbrt(2-sqrt(5))", "1"},
     {"sqrt(sqrt(11)+sqrt(194))/(2*sqrt(33)+15)", "sqrt(sqrt(194)+sqrt(11))/(15+2*sqrt(33))"},
     {"sqrt(3+2*sqrt(2))", "1+sqrt(2)"},
     {"cbrt(cbrt(2)-1)", "cbrt(1/9)-cbrt(2/9)+cbrt(4/9)"},
     {"(1+i)^8", "16"},
     {"(1/2+i*sqrt(3)/2)^3", "-1"},
     {"cos(pi/5)", "(1+sqrt(5))/4"},
     {"abs(3+4*i)", "5"},
     {"sin(pi/9)*sin(2*pi/9)*sin(4*pi/9)", "sqrt(3)/8"},
     {"cos(pi/24)", "sqrt(2+sqrt(2+sqrt(3)))/2"},
     {"sqrt(12)", "2*sqrt(3)"},
     {"(sqrt(5)-1)/2", "2/(1+sqrt(5))"},
     {"cos(pi/9)*cos(2*pi/9)*cos(4*pi/9)", "1/8"},
     {"sqrt(7+4*sqrt(3))", "2+sqrt(3)"},
     {"1/(cbrt(4)+cbrt(2)+1)", "cbrt(2)-1"},
     {"tan(pi/8)", "sqrt(2)-1"},
     {"sin(pi/5)^2", "(5-sqrt(5))/8"},
     {"cot(pi/7)*cot(2*pi/7)*cot(3*pi/7)", "1/sqrt(7)"}},
    /* elementary */
    {{"ln(8)/ln(4)", "3/2"},
     {"ln(2)+ln(3)", "ln(6)"},
     {"4*atan(1/5)-atan(1/239)", "pi/4"},
     {"sin(1)^2+cos(1)^2", "1"},
     {"e^(i*pi)", "-1"},
     {"(sqrt(2)^sqrt(2))^sqrt(2)", "2"},
     {"i^i", "e^(-pi/2)"},
     {"acos(1/3)", "2*atan(1/sqrt(2))"},
     {"ln(7+4*sqrt(3))", "2*ln(2+sqrt(3))"},
     {"(e^2-1)/(e-1)", "e+1"}},
    /* hostile */
    {{"2003^(2002^2001)", "2003^(2002^2001)+1"},
     {"2003^(2002^2001)", "2003^(2002^2000)"},
     {"9^(9^(9^9))", "9^(9^(9^9))+1"},
     {"100000000!", "100000000!+1"},
     {"sin(10^(10^10))", "1/2"},
     {"e^(e^(e^(e^e)))", "e^(e^(e^(e^e)))+1"},
     {"sum(k,1,20000,1/k)", "10"},
     {"sum(k,1,500,sqrt(k))", "10"},
     {"20000!+1", "20000!"}},
};

struct state {
    struct arena mem;
    struct exprs *x;
    int32_t e[PAIRS_MAX][2];
    int n;
};

static bool read_list(struct state *s, int list, struct err *e)
{
    for (s->n = 0; s->n < PAIRS_MAX && pairs[list][s->n][0] != NULL; s->n++)
        for (int side = 0; side < 2; side++) {
            s->e[s->n][side] = exact_read(s->x, pairs[list][s->n][side]);
            if (s->e[s->n][side] == EXPR_NONE)
                return FAIL(e, ERR_INPUT, "not read: %s", pairs[list][s->n][side]);
        }
    return true;
}

static void close_exact(struct bench_run *r)
{
    struct state *s = r->state;
    exprs_close(s->x);
    arena_fini(&s->mem);
    free(s);
}

static bool open_exact(struct bench_run *r, struct err *e)
{
    struct state *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    arena_init(&s->mem, "bench", LIMIT_ARENA_TMP);
    s->x = exprs_open(&s->mem);
    r->state = s;
    if (r->variant != WORST && !read_list(s, r->variant, e)) {
        close_exact(r);
        return false;
    }
    r->work = (double)s->n;
    return true;
}

static struct exact compare_one(struct state *s, int i)
{
    struct budget budget = {.work = WORK_OF_PAIR};
    return exact_compare(s->x, s->e[i][0], s->e[i][1], &budget);
}

static bool step_exact(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    for (int i = 0; i < s->n; i++)
        if (compare_one(s, i).method == NULL)
            return FAIL(e, ERR_INPUT, "no method");
    return true;
}

static bool step_worst(struct bench_run *r, struct err *e)
{
    struct state *s = r->state;
    int64_t worst = 0;
    for (int list = 0; list < N_LISTS; list++) {
        TRY(read_list(s, list, e));
        for (int i = 0; i < s->n; i++) {
            int64_t from = clock_ns();
            (void)compare_one(s, i);
            int64_t spent = clock_ns() - from;
            worst = spent > worst ? spent : worst;
        }
    }
    r->has_value = true;
    r->value = (double)worst / 1e6;
    return true;
}

const struct bench bench_exact[] = {
    {"exact/equal/rationals", "pairs/s", 1, 0, open_exact, step_exact, close_exact},
    {"exact/different/balls", "pairs/s", 1, 1, open_exact, step_exact, close_exact},
    {"exact/equal/algebraic", "pairs/s", 1, 2, open_exact, step_exact, close_exact},
    {"exact/equal/elementary", "pairs/s", 1, 3, open_exact, step_exact, close_exact},
    {"exact/hostile", "pairs/s", 1, 4, open_exact, step_exact, close_exact},
    {"exact/worst", "ms", 1, WORST, open_exact, step_worst, close_exact},
    {0},
};
