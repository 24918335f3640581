/* The graph of expressions: equal parts are one node, and nothing is evaluated that could be large.
 */
#include "base/limits.h"
#include "graders/math/expr.h"
#include "tests/support/support.h"

static struct arena mem;
static struct exprs *x;

static void open_graph(void)
{
    arena_init(&mem, "test", LIMIT_ARENA_TMP);
    x = exprs_open(&mem);
}

static void close_graph(void)
{
    exprs_close(x);
    arena_fini(&mem);
}

TestSuite(expr, .init = open_graph, .fini = close_graph);

Test(expr, equal_parts_are_one_node)
{
    int32_t a = expr_add(x, expr_sqrt(x, expr_int(x, 2)), expr_symbol(x, STR("y")));
    int32_t b = expr_add(x, expr_symbol(x, STR("y")), expr_sqrt(x, expr_int(x, 2)));
    cr_assert_eq(a, b);
    cr_assert_neq(a, expr_add(x, expr_symbol(x, STR("z")), expr_sqrt(x, expr_int(x, 2))));
}

Test(expr, sums_are_flat_and_their_numbers_added)
{
    int32_t y = expr_symbol(x, STR("y"));
    int32_t e = expr_add(x, expr_add(x, expr_ratio(x, 1, 3), y), expr_ratio(x, 2, 3));
    cr_assert_eq(e, expr_add(x, y, expr_int(x, 1)));
    cr_assert_eq(expr_n_args(x, e), 2);
    cr_assert_eq(expr_sub(x, e, expr_int(x, 1)), y, "a zero goes");
    cr_assert_eq(expr_mul(x, expr_int(x, 2), expr_div(x, y, expr_int(x, 2))), y, "a one goes");
    cr_assert_neq(expr_mul(x, expr_int(x, 0), y), expr_int(x, 0), "0 times what may be undefined");
}

Test(expr, decimals_are_remembered_and_survive_a_sign)
{
    int32_t half = expr_digits(x, STR("0.50"));
    cr_assert_neq(half, expr_ratio(x, 1, 2));
    cr_assert(fmpq_equal(expr_number(x, half), expr_number(x, expr_ratio(x, 1, 2))));
    cr_assert_eq(expr_decimals(x, half), 2);
    cr_assert_eq(expr_decimals(x, expr_neg(x, half)), 2);
    cr_assert_eq(expr_decimals(x, expr_digits(x, STR("7."))), EXPR_EXACT);
    cr_assert_eq(expr_decimals(x, expr_add(x, half, half)), EXPR_EXACT);
}

Test(expr, long_digits_are_exact)
{
    int32_t a = expr_digits(x, STR("123456789012345678901234567890"));
    int32_t b = expr_add(x,
                         expr_mul(x, expr_digits(x, STR("123456789012345")),
                                  expr_digits(x, STR("1000000000000000"))),
                         expr_digits(x, STR("678901234567890")));
    cr_assert_eq(a, b);
}

Test(expr, small_powers_are_numbers_and_large_ones_stay)
{
    cr_assert(expr_is_int(x, expr_pow(x, expr_int(x, 2), expr_int(x, 10)), 1024));
    cr_assert(expr_is(x, expr_pow(x, expr_int(x, 0), expr_int(x, -1)), EXPR_POW));
    cr_assert(expr_is(x, expr_pow(x, expr_int(x, 0), expr_int(x, 0)), EXPR_POW));
    int32_t tower =
        expr_pow(x, expr_int(x, 2003), expr_pow(x, expr_int(x, 2002), expr_int(x, 2001)));
    cr_assert(expr_is(x, tower, EXPR_POW));
}

Test(expr, a_bound_symbol_is_not_free)
{
    int32_t k = expr_symbol(x, STR("k"));
    int32_t n = expr_symbol(x, STR("n"));
    int32_t args[] = {expr_mul(x, k, k), k, expr_int(x, 1), expr_int(x, 9)};
    int32_t e = expr_make(x, EXPR_SUM, 0, STR(""), args, 4);
    cr_assert_eq(expr_has(x, e) & EXPR_HAS_SYMBOL, 0);
    args[3] = n;
    cr_assert_eq(expr_free(x, expr_make(x, EXPR_SUM, 0, STR(""), args, 4)), expr_free(x, n));
}

Test(expr, sets_have_no_order_and_no_repeats)
{
    int32_t a[] = {expr_int(x, 2), expr_int(x, 1), expr_int(x, 2)};
    int32_t b[] = {expr_int(x, 1), expr_int(x, 2)};
    cr_assert_eq(expr_make(x, EXPR_SET, 0, STR(""), a, 3),
                 expr_make(x, EXPR_SET, 0, STR(""), b, 2));
    cr_assert_neq(expr_make(x, EXPR_TUPLE, 0, STR(""), a, 2),
                  expr_make(x, EXPR_TUPLE, 0, STR(""), b, 2));
}

Test(expr, replacing_rebuilds_what_changed)
{
    int32_t y = expr_symbol(x, STR("y"));
    int32_t e = expr_add(x, expr_pow(x, y, expr_int(x, 2)), expr_call(x, EXPR_SIN, y));
    int32_t three = expr_int(x, 3);
    cr_assert_eq(expr_replace(x, e, y, three),
                 expr_add(x, expr_int(x, 9), expr_call(x, EXPR_SIN, three)));
    cr_assert_eq(expr_replace(x, e, expr_symbol(x, STR("z")), three), e);
}

Test(expr, what_is_too_large_is_none_and_stays_none)
{
    int32_t e = expr_int(x, 3);
    for (int i = 0; i < LIMIT_MATH_NODES; i++)
        e = expr_call(x, EXPR_SIN, e);
    cr_assert_eq(e, EXPR_NONE, "too deep");
    cr_assert_eq(expr_add(x, e, expr_int(x, 1)), EXPR_NONE);
    e = expr_digits(x, STR("3"));
    for (int i = 0; e != EXPR_NONE; i++) {
        cr_assert_lt(i, 64);
        e = expr_mul(x, e, e);
    }
}

Test(expr, a_thousand_nodes_are_found_again)
{
    int32_t first[1000];
    for (int i = 0; i < 1000; i++)
        first[i] = expr_call(x, EXPR_COS, expr_int(x, i));
    for (int i = 0; i < 1000; i++)
        cr_assert_eq(first[i], expr_call(x, EXPR_COS, expr_int(x, i)));
}
