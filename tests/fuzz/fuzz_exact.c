/* Bytes as a program for a stack machine that builds two constants. Whatever they are: comparing
 * ends within its budget and is symmetric, a number equals itself or has no value, an identity is
 * never called different, its disturbed twin never equal, and order is antisymmetric. */
#include <assert.h>

#include "base/limits.h"
#include "graders/math/exact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { WORK_OF_PAIR = 1000 * 1000, STACK = 16, MAX_PROGRAM = 64 };

struct machine {
    struct exprs *x;
    int32_t at[STACK];
    int n;
};

static void push(struct machine *m, int32_t e)
{
    if (m->n < STACK && e != EXPR_NONE)
        m->at[m->n++] = e;
}

static int32_t pop(struct machine *m)
{
    return m->n > 0 ? m->at[--m->n] : expr_int(m->x, 2);
}

static void push_atom(struct machine *m, uint8_t what)
{
    static const int64_t large[] = {2004, 1000003, 163, 640320};
    struct exprs *x = m->x;
    if (what < 16)
        push(m, expr_int(x, what));
    else if (what < 32)
        push(m, expr_ratio(x, what % 16 - 8, 1 + what % 7));
    else if (what < 48)
        push(m, expr_mul(x, expr_ratio(x, what % 16, 1 + what % 13), expr_constant(x, EXPR_PI)));
    else if (what < 56)
        push(m, expr_int(x, large[what % 4]));
    else
        push(m, expr_constant(x, (enum expr_constant)(what % 3)));
}

static void push_operation(struct machine *m, uint8_t what)
{
    struct exprs *x = m->x;
    int32_t a = pop(m);
    switch (what % 8) {
    case 0:
    case 1:
        push(m, expr_add(x, a, pop(m)));
        break;
    case 2:
    case 3:
        push(m, expr_mul(x, a, pop(m)));
        break;
    case 4:
        push(m, expr_sqrt(x, a));
        break;
    case 5:
        push(m, expr_div(x, pop(m), a));
        break;
    case 6:
        push(m, expr_pow(x, pop(m), a));
        break;
    default: /* again, for both sides to share it */
        push(m, a);
        push(m, a);
    }
}

static void push_call(struct machine *m, uint8_t what)
{
    enum expr_function f = (enum expr_function)(what % EXPR_N_FUNCTIONS);
    int32_t a = pop(m);
    bool has_two = f == EXPR_LOG || f == EXPR_ROOT || f == EXPR_BINOMIAL || f == EXPR_MIN ||
                   f == EXPR_MAX || f == EXPR_GCD || f == EXPR_LCM || f == EXPR_MOD;
    push(m, has_two ? expr_call2(m->x, f, a, pop(m)) : expr_call(m->x, f, a));
}

static void push_sum(struct machine *m, uint8_t what)
{
    struct exprs *x = m->x;
    int32_t k = expr_symbol(x, STR("k"));
    int32_t body = expr_add(x, expr_mul(x, pop(m), k), expr_pow(x, k, expr_ratio(x, -1, 2)));
    int32_t args[] = {body, k, expr_int(x, 1), what % 8 == 0 ? pop(m) : expr_int(x, what % 32)};
    push(m, expr_make(x, what % 2 == 0 ? EXPR_SUM : EXPR_PRODUCT, 0, STR(""), args, 4));
}

static int32_t build(struct machine *m, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size && i < MAX_PROGRAM; i++) {
        if (data[i] < 64)
            push_atom(m, data[i]);
        else if (data[i] < 160)
            push_operation(m, data[i]);
        else if (data[i] < 240)
            push_call(m, data[i]);
        else
            push_sum(m, data[i]);
    }
    return pop(m);
}

static enum exact_truth truth_of(struct exprs *x, int32_t a, int32_t b)
{
    struct budget budget = {.work = WORK_OF_PAIR};
    struct exact got = exact_compare(x, a, b, &budget);
    assert(got.method != NULL);
    return got.truth;
}

/* (a + b)^2 = a^2 + 2ab + b^2, and not with a little more. */
static void check_identity(struct exprs *x, int32_t a, int32_t b)
{
    int32_t two = expr_int(x, 2);
    int32_t left = expr_pow(x, expr_add(x, a, b), two);
    int32_t squares = expr_add(x, expr_pow(x, a, two), expr_pow(x, b, two));
    int32_t right = expr_add(x, squares, expr_mul(x, two, expr_mul(x, a, b)));
    int32_t tiny = expr_pow(x, expr_int(x, 10), expr_int(x, -30));
    int32_t more = expr_add(x, right, tiny);
    if (left == EXPR_NONE || more == EXPR_NONE)
        return;
    assert(truth_of(x, left, right) != EXACT_DIFFERENT);
    enum exact_truth apart = truth_of(x, left, more);
    assert(apart != EXACT_EQUAL);
    assert(apart != EXACT_PROBABLE);
}

static void check_order(struct exprs *x, int32_t a, int32_t b)
{
    int one = 0;
    int other = 0;
    struct budget budget = {.work = WORK_OF_PAIR};
    struct exact left = exact_order(x, a, b, &one, &budget);
    budget.work = WORK_OF_PAIR;
    struct exact right = exact_order(x, b, a, &other, &budget);
    if (left.truth == EXACT_DIFFERENT && right.truth == EXACT_DIFFERENT)
        assert(one == -other && one != 0);
    fmpq_t q;
    fmpq_init(q);
    budget.work = WORK_OF_PAIR;
    if (exact_rational(x, a, q, &budget))
        assert(truth_of(x, a, expr_fmpq(x, q, EXPR_EXACT)) != EXACT_DIFFERENT);
    fmpq_clear(q);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena mem;
    if (mem.first == NULL)
        arena_init(&mem, "fuzz", LIMIT_ARENA_TMP);
    struct arena before = mem;
    struct machine m = {.x = exprs_open(&mem)};
    size_t half = size / 2;
    int32_t a = build(&m, data, half);
    int32_t b = build(&m, data + half, size - half);
    enum exact_truth truth = truth_of(m.x, a, b);
    assert(truth == truth_of(m.x, b, a));
    enum exact_truth self = truth_of(m.x, a, a);
    assert(self == EXACT_EQUAL || self == EXACT_UNDEFINED || self == EXACT_UNKNOWN);
    check_identity(m.x, a, b);
    check_order(m.x, a, b);
    exprs_close(m.x);
    mem = before;
    return 0;
}
