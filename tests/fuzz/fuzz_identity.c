/* Any bytes as a stack machine that builds expressions, sets and statements; the last two are
 * compared in every way there is. Nothing may crash, hang or go over a limit; nothing may be proved
 * equal one way round and different the other; nothing differs from itself. */
#include <stdlib.h>

#include "base/limits.h"
#include "graders/math/region.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { STACK = 32, WORK = 20 * 1000 * 1000, STEPS = 200 };

struct machine {
    struct exprs *x;
    int32_t stack[STACK];
    int n;
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static int32_t pop(struct machine *m)
{
    return m->n > 0 ? m->stack[--m->n] : expr_int(m->x, 1);
}

static void push(struct machine *m, int32_t e)
{
    if (m->n < STACK && e != EXPR_NONE)
        m->stack[m->n++] = e;
}

static void make(struct machine *m, enum expr_op op, int32_t which, const char *name, int n)
{
    int32_t args[4];
    for (int i = n - 1; i >= 0; i--)
        args[i] = pop(m);
    push(m, expr_make(m->x, op, which, str_of(name), args, n));
}

static void relation(struct machine *m, uint8_t which)
{
    static const char ops[] = "=!<l>gensc~|";
    char name[2] = {ops[which % (sizeof ops - 1)], 0};
    make(m, EXPR_RELATION, 0, name, name[0] == EXPR_CONGRUENT ? 3 : 2);
}

static void leaf(struct machine *m, uint8_t b)
{
    static const char *const names[] = {"x", "y", "n", "k", "a_n", "C"};
    int32_t big = expr_pow(m->x, expr_int(m->x, 10), expr_int(m->x, 1 << (b % 16)));
    switch (b % 4) {
    case 0:
        push(m, expr_symbol(m->x, str_of(names[b / 4 % 6])));
        break;
    case 1:
        push(m, expr_ratio(m->x, b / 4 - 30, 1 + b % 5));
        break;
    case 2:
        push(m, expr_constant(m->x, (enum expr_constant)(b / 4 % EXPR_N_CONSTANTS)));
        break;
    default:
        push(m, b % 8 == 3 ? big : expr_digits(m->x, STR("0.50")));
        break;
    }
}

static void scalar(struct machine *m, uint8_t op, uint8_t b)
{
    static const int arity[] = {
        [EXPR_LOG] = 2, [EXPR_ROOT] = 2, [EXPR_BINOMIAL] = 2, [EXPR_MIN] = 2,        [EXPR_MAX] = 2,
        [EXPR_GCD] = 2, [EXPR_LCM] = 2,  [EXPR_MOD] = 2,      [EXPR_N_FUNCTIONS] = 0};
    int32_t f = b % EXPR_N_FUNCTIONS;
    switch (op) {
    case 6:
        make(m, EXPR_ADD, 0, "", 2);
        break;
    case 7:
        make(m, EXPR_MUL, 0, "", 2);
        break;
    case 8:
        make(m, EXPR_POW, 0, "", 2);
        break;
    case 9:
        push(m, expr_neg(m->x, pop(m)));
        break;
    case 10:
        push(m, expr_pow(m->x, pop(m), expr_ratio(m->x, b % 9 - 4, 1 + b % 3)));
        break;
    case 13: {
        int32_t args[2] = {expr_symbol(m->x, STR("f")), pop(m)};
        push(m, expr_make(m->x, EXPR_APPLY, 0, STR(""), args, 2));
        break;
    }
    case 14: {
        int32_t args[4] = {pop(m), expr_symbol(m->x, STR("k")), expr_int(m->x, b % 3), pop(m)};
        push(m, expr_make(m->x, b % 2 == 0 ? EXPR_SUM : EXPR_PRODUCT, 0, STR(""), args, 4));
        break;
    }
    case 15:
        make(m, EXPR_PLUS_MINUS, 0, "", 2);
        break;
    default:
        make(m, EXPR_CALL, f, "", arity[f] > 0 ? arity[f] : 1);
        break;
    }
}

static void collection(struct machine *m, uint8_t op, uint8_t b)
{
    switch (op) {
    case 19:
        make(m, b % 2 == 0 ? EXPR_AND : EXPR_OR, 0, "", 2);
        break;
    case 20:
        make(m, b % 2 == 0 ? EXPR_NOT : EXPR_SET, 0, "", 1);
        break;
    case 21:
        make(m, EXPR_INTERVAL, b % 4, "", 2);
        break;
    case 22:
        make(m, (enum expr_op)(EXPR_UNION + b % 4), 0, "", 2); /* to EXPR_BUILDER */
        break;
    default:
        make(m, b % 2 == 0 ? EXPR_TUPLE : EXPR_FOR_ALL, 0, "", 2);
        break;
    }
}

/* The numbers are the corpus's: 0 to 5 leaves, to 15 scalars, to 18 relations, to 23 the rest. */
static void step(struct machine *m, uint8_t op, uint8_t b)
{
    enum { OPS = 24, LEAVES = 6, SCALARS = 16, RELATIONS = 19 };
    op %= OPS;
    if (op < LEAVES)
        leaf(m, b);
    else if (op < SCALARS)
        scalar(m, op, b);
    else if (op < RELATIONS)
        relation(m, b);
    else
        collection(m, op, b);
}

typedef struct exact comparison(struct exprs *, int32_t, int32_t, struct budget *);

static struct exact proportional(struct exprs *x, int32_t a, int32_t b, struct budget *budget)
{
    int sign;
    return identity_proportional(x, a, b, &sign, budget);
}

static bool contradict(enum exact_truth a, enum exact_truth b)
{
    return (a == EXACT_EQUAL && b == EXACT_DIFFERENT) || (a == EXACT_DIFFERENT && b == EXACT_EQUAL);
}

static void check_pair(struct exprs *x, int32_t a, int32_t b)
{
    static comparison *const ways[] = {identity_compare, proportional, region_compare,
                                       relation_compare};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct budget budget[3] = {{.work = WORK}, {.work = WORK}, {.work = WORK}};
        enum exact_truth there = ways[i](x, a, b, &budget[0]).truth;
        enum exact_truth back = ways[i](x, b, a, &budget[1]).truth;
        check(!contradict(there, back));
        check(ways[i](x, a, a, &budget[2]).truth != EXACT_DIFFERENT);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena mem;
    if (mem.first == NULL)
        arena_init(&mem, "fuzz", LIMIT_ARENA_TMP);
    struct machine m = {.x = exprs_open(&mem)};
    for (size_t i = 0; i + 1 < size && i < (size_t)2 * STEPS; i += 2)
        step(&m, data[i], data[i + 1]);
    int32_t a = pop(&m);
    int32_t b = pop(&m);
    check_pair(m.x, a, b);
    exprs_close(m.x);
    arena_reset(&mem);
    return 0;
}
