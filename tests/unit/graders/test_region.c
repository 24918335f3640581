/* Sets of reals in their many ways of writing, and statements of several variables. */
#include "graders/math/region.h"
#include "tests/support/infix.h"
#include "tests/support/support.h"

enum { WORK = 200 * 1000 * 1000 };

typedef struct exact comparison(struct exprs *, int32_t, int32_t, struct budget *);

static const char *const truths[] = {"equal", "probable", "different", "undefined", "unknown"};

static void check_by(comparison *compare, const char *a, const char *b, enum exact_truth want)
{
    for (int turn = 0; turn < 2; turn++) {
        struct arena mem = {0};
        arena_init(&mem, "region", 64 << 20);
        struct exprs *x = exprs_open(&mem);
        struct budget budget = {.work = WORK};
        int32_t left = infix(x, turn == 0 ? a : b);
        int32_t right = infix(x, turn == 0 ? b : a);
        struct exact got = compare(x, left, right, &budget);
        cr_expect(got.truth == want, "%s against %s, turn %d: %s (%s, %ld bits), not %s", a, b,
                  turn, truths[got.truth], got.method, (long)got.bits, truths[want]);
        exprs_close(x);
        arena_fini(&mem);
    }
}

static void check(const char *a, const char *b, enum exact_truth want)
{
    check_by(region_compare, a, b, want);
}

static void same(const char *a, const char *b)
{
    check(a, b, EXACT_EQUAL);
}

static void differ(const char *a, const char *b)
{
    check(a, b, EXACT_DIFFERENT);
}

static bool has_region(const char *text, const char *name)
{
    struct arena mem = {0};
    arena_init(&mem, "region", 64 << 20);
    struct exprs *x = exprs_open(&mem);
    struct budget budget = {.work = WORK};
    int32_t symbol = EXPR_NONE;
    bool has = region_of(x, infix(x, text), &symbol, &budget);
    struct str got = symbol == EXPR_NONE ? STR("") : expr_name(x, symbol);
    cr_expect(!has || str_eq(got, str_of(name)), "%s: variable \"%.*s\"", text, STR_ARG(got));
    exprs_close(x);
    arena_fini(&mem);
    return has;
}

Test(region, intervals_touching_and_overlapping_have_one_form)
{
    same("[0,1] U [1,2]", "[0,2]");
    same("[0,1[ U {1} U ]1,2]", "[0,2]");
    same("[0,3[ U [1,2]", "[0,3[");
    same("{3} U [0,1[", "[0,1[ U {3}");
    same("{1,2,2,1}", "{2,1}");
    same("[1,1]", "{1}");
    differ("[0,1[ U ]1,2]", "[0,2]");
    differ("[0,1]", "[0,1[");
    differ("]0,1]", "[0,1[");
    differ("{1,2}", "{1,2,3}");
    differ("{}", "{0}");
    same("]1,2[ \\ ]1,2[", "{}");
}

Test(region, holes_and_infinities)
{
    same("R \\ {0}", "]-inf,0[ U ]0,inf[");
    same("R \\ {0}", "x != 0");
    same("R", "]-inf,inf[");
    same("]-inf,2[ U ]2,3[ U ]3,inf[", "R \\ {2,3}");
    differ("R \\ {0}", "R");
    differ("[0,inf[", "]0,inf[");
    same("x >= 0 & x < inf", "[0,inf[");
}

Test(region, ends_are_constants_that_are_compared_exactly)
{
    same("[sqrt(2)+sqrt(3),4]", "[sqrt(5+2*sqrt(6)),4]");
    same("[0.5,1]", "[1/2,1]");
    differ("[sqrt(2),2]", "[1.41421356237309504880,2]");
    same("]-sqrt(8),sqrt(8)[", "]-2*sqrt(2),2*sqrt(2)[");
    same("{sqrt(4)}", "{2}");
    differ("[1,pi]", "[1,22/7]");
}

Test(region, inequalities_are_solved)
{
    same("1 < x <= 2", "]1,2]");
    same("2 >= x > 1", "1 < x & x <= 2");
    same("2*x+1 > 5", "x > 2");
    same("3-x > 1", "x < 2");
    same("sqrt(2)*x < 2", "x < sqrt(2)");
    same("(1-sqrt(2))*x < 1", "x > -1-sqrt(2)");
    same("x^2 > 4", "x < -2 | x > 2");
    same("x^2 <= 2", "[-sqrt(2),sqrt(2)]");
    same("x^2 > 0", "x != 0");
    same("x^2+1 > 0", "R");
    same("(x-1)^2*(x-3) >= 0", "{1} U [3,inf[");
    same("1/x > 0", "x > 0");
    same("1/x <= 1", "x < 0 | x >= 1");
    same("(x-1)/(x+2) >= 0", "]-inf,-2[ U [1,inf[");
    same("x^3 > 8", "x > 2");
    same("x^3 < 2", "x < root(2,3)");
    same("x^4-5*x^2+6 < 0", "1.4142135623730950488 < 2 & x^2 > 2 & x^2 < 3");
    same("x^2-x-1 < 0", "](1-sqrt(5))/2,(1+sqrt(5))/2[");
    differ("x^2-x-1 < 0", "]-1,2[");
    same("x^2-2*sqrt(2)*x+2 <= 0", "{sqrt(2)}");
    same("0*x < 1 & x > 1", "x > 1");
    differ("x > 3", "x >= 3");
    differ("x < 3", "x > 3");
}

Test(region, absolute_values)
{
    same("abs(x) < 3", "]-3,3[");
    same("abs(x-1) >= 2", "x <= -1 | x >= 3");
    same("abs(2*x-1) = 3", "{-1,2}");
    same("abs(x) < -1", "{}");
    same("abs(x) > -1", "R");
    same("3 > abs(x-5)", "2 < x < 8");
    same("abs(x-1) < abs(x-3)", "x < 2");
    same("abs(x) != 1", "R \\ {-1,1}");
}

Test(region, equations_lists_and_negations)
{
    same("x = 1 | x = 2", "{1,2}");
    same("x^2 = 4", "x = 2 | x = -2");
    same("x = pm(0,2)", "x^2 = 4");
    same("x = pm(1,sqrt(2))", "{1-sqrt(2),1+sqrt(2)}");
    same("not x = 1", "R \\ {1}");
    same("not x > 1", "]-inf,1]");
    same("x in [0,1[", "0 <= x < 1");
    same("x notin {1,2}", "x != 1 & x != 2");
    same("{x : x^2 > 4}", "x^2 > 4");
    same("{x in R : x^3 = 8}", "{2}");
    same("{t : t > 1}", "x > 1");
    differ("x = 1 | x = 2", "x = 1");
    differ("x^2 = 4", "x = 2");
}

Test(region, letters_for_whole_numbers_need_a_whole_witness)
{
    check("n > 3", "n >= 4", EXACT_UNKNOWN);
    check("n > 3", "n >= 3", EXACT_DIFFERENT);
    check("n > 3", "n > 3", EXACT_EQUAL);
    check("2 < n < 5", "{3,4}", EXACT_UNKNOWN);
    check("n < sqrt(10)", "n <= 3", EXACT_UNKNOWN);
    check("n < sqrt(10)", "n < 3", EXACT_DIFFERENT);
}

Test(region, what_is_no_union_of_intervals_has_no_region)
{
    cr_expect(has_region("x > 1", "x"));
    cr_expect(has_region("{x : x > 1}", ""));
    cr_expect(has_region("[0,1]", ""));
    cr_expect(!has_region("x > y", ""));
    cr_expect(!has_region("[a,b]", ""));
    cr_expect(!has_region("x in Z", ""));
    cr_expect(!has_region("{n : n in Z}", ""));
    cr_expect(!has_region("sin(x) > 0", ""));
    cr_expect(!has_region("x^5-x-1 > 0", ""));
    cr_expect(!has_region("x^2 = -1", ""), "its solutions are not real");
    cr_expect(!has_region("[2,1]", ""));
    cr_expect(!has_region("{i, 1}", ""));
    cr_expect(!has_region("x+1", ""));
    cr_expect(!has_region("not 1/x > 0", ""), "at 0 neither is true");
    cr_expect(!has_region("x = 1 (mod 3)", ""));
}
