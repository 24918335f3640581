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

/* ---------------------------------------------------------------------------- statements */

static void say(const char *a, const char *b, enum exact_truth want)
{
    check_by(relation_compare, a, b, want);
}

Test(region, lines_and_conics)
{
    say("2*x+4*y-3 = 0", "y = -x/2+3/4", EXACT_EQUAL);
    say("3*x-y+13 = 0", "3*x+4*y+14 = 0", EXACT_DIFFERENT);
    say("x^2+y^2 = 1", "2*y^2 = 2-2*x^2", EXACT_EQUAL);
    say("x^2+y^2 = 1", "x^2+y^2 = 2", EXACT_DIFFERENT);
    say("x^2/4+y^2/9 = 1", "9*x^2+4*y^2 = 36", EXACT_EQUAL);
    say("x^2/4+y^2/9 = 1", "x^2/9+y^2/4 = 1", EXACT_DIFFERENT);
    say("x^2/4-y^2/5 = 1", "5*x^2-4*y^2-20 = 0", EXACT_EQUAL);
    say("y^2 = 4*x", "y^2 = -4*x", EXACT_DIFFERENT);
    say("y = 2*x+1", "2*x-y+1 = 0", EXACT_EQUAL);
    say("x/y = 1", "x = y", EXACT_EQUAL);
    say("y = (x^2-1)/(x-1)", "y = x+1", EXACT_EQUAL);
    say("sqrt(2)*x+y = sqrt(6)", "x+y/sqrt(2) = sqrt(3)", EXACT_EQUAL);
    say("y = sin(2*x)", "y-2*sin(x)*cos(x) = 0", EXACT_PROBABLE);
    say("y = sin(x)", "y = cos(x)", EXACT_DIFFERENT);
    say("y = e^x", "y = e^(-x)", EXACT_DIFFERENT);
    say("(x-1)^2+(y-2)^2+z^2 = 9", "x^2+y^2+z^2-2*x-4*y = 4", EXACT_EQUAL);
    say("x+y = 1", "x+z = 1", EXACT_UNKNOWN);
}

Test(region, the_same_curve_is_never_called_another)
{
    say("x^2 = 2*x*y-y^2", "x = y", EXACT_UNKNOWN);
    say("(x^2+1)*(x-y) = 0", "x = y", EXACT_UNKNOWN);
    say("sqrt(x^2+y^2) = 1", "x^2+y^2 = 1", EXACT_UNKNOWN);
    say("abs(x) = abs(y)", "x^2 = y^2", EXACT_UNKNOWN);
    say("ln(x)+ln(y) = 0", "x*y = 1 & x > 0", EXACT_UNKNOWN);
    say("x*y = 1 & x > 0", "y = 1/x & x > 0", EXACT_EQUAL);
}

Test(region, inequalities_of_several_variables)
{
    say("x < y", "y > x", EXACT_EQUAL);
    say("2*x-4*y < 6", "x-3 < 2*y", EXACT_EQUAL);
    say("x < y", "x > y", EXACT_DIFFERENT);
    say("x < y", "x < y+1", EXACT_DIFFERENT);
    say("x-y < 0", "y-x <= 0", EXACT_DIFFERENT);
    say("x < y", "x-y <= 0", EXACT_DIFFERENT);
    say("0 < x < y", "x > 0 & y > x", EXACT_EQUAL);
    say("0 < x < y", "y > x", EXACT_DIFFERENT);
    say("a+b >= 2*sqrt(a*b)", "2*sqrt(a*b) <= b+a", EXACT_EQUAL);
    say("-2*x < y", "2*x > -y", EXACT_EQUAL);
    say("x != y", "y != x", EXACT_EQUAL);
    say("not x = y", "x != y", EXACT_EQUAL);
    say("not x < y", "x >= y", EXACT_EQUAL);
    say("m < n", "m <= n-1", EXACT_UNKNOWN);
    say("m < n", "m <= n", EXACT_DIFFERENT);
}

Test(region, statements_about_one_variable)
{
    say("x = 1 | x = 2", "x^2-3*x+2 = 0", EXACT_EQUAL);
    say("x = 3", "3 = x", EXACT_EQUAL);
    say("x = 3", "x = 4", EXACT_DIFFERENT);
    say("x = 3", "y = 3", EXACT_UNKNOWN);
    say("x > 1", "y > 1", EXACT_UNKNOWN);
    say("x > 1", "2*x-2 > 0", EXACT_EQUAL);
    say("n > 3", "n >= 4", EXACT_UNKNOWN);
    say("x = sqrt(2)+sqrt(3)", "x = sqrt(5+2*sqrt(6))", EXACT_EQUAL);
    say("x^2 = -1", "x^2 = -2", EXACT_UNKNOWN);
    say("z^2+1 = 0", "z = i | z = -i", EXACT_UNKNOWN);
    say("x in [0,1]", "0 <= x <= 1", EXACT_EQUAL);
    say("x in [0,1]", "0 <= x < 1", EXACT_DIFFERENT);
    say("x in Z", "x in Z", EXACT_EQUAL);
    say("x in Z", "x in Q", EXACT_UNKNOWN);
    say("(x-1)^5 = 0", "x = 1", EXACT_EQUAL);
}

Test(region, systems)
{
    say("x = 1 & y = 2", "y = 2 & x = 1", EXACT_EQUAL);
    say("x = 1 & y = 2", "x+y = 3 & x-y = -1", EXACT_EQUAL);
    say("x = 1 & y = 2", "x = 1 & y = 3", EXACT_DIFFERENT);
    say("x = 1 & y = 2", "x = 2 & y = 1", EXACT_DIFFERENT);
    say("x = sqrt(2) & y = pi", "y = pi & x = sqrt(3)", EXACT_DIFFERENT);
    say("n = 1 & m = 2", "n = 2 & m = 1", EXACT_DIFFERENT);
    say("x+y = 3 & z = 1", "z = 1 & 2*x+2*y-6 = 0", EXACT_EQUAL);
    say("x = y & y = z", "x = z & z = y", EXACT_EQUAL);
    say("x = y = z", "x-z = 0 & y-x = 0", EXACT_EQUAL);
    say("x^2+y^2 = 1 & x = y", "y = x & y^2 = 1-x^2", EXACT_EQUAL);
    say("(x = 1 & y = 2) | (x = 2 & y = 1)", "(y = 1 & x = 2) | (y = 2 & x = 1)", EXACT_EQUAL);
    say("(x = 1 & y = 2) | (x = 2 & y = 1)", "(y = 2 & x = 2) | (y = 1 & x = 1)", EXACT_DIFFERENT);
    say("(x = 1 & y = 2) | (x = 2 & y = 1)", "y = 2 & x = 1", EXACT_DIFFERENT);
    say("(m = 1 & n = 2) | (m = 2 & n = 1)", "n = 2 & m = 1", EXACT_DIFFERENT);
}

Test(region, families_are_not_told_apart_by_points)
{
    say("n = 3*k", "k = n/3", EXACT_EQUAL);
    say("n = 3*k+1", "n = 3*k-2", EXACT_UNKNOWN);
    say("x = k*pi", "x = n*pi", EXACT_UNKNOWN);
    say("x = 2*k*pi+pi", "x = 2*k*pi-pi", EXACT_UNKNOWN);
    say("y = x+C", "y = x-C", EXACT_UNKNOWN);
    say("n = 3*k", "3", EXACT_UNKNOWN);
}

Test(region, definitions_of_functions_and_sequences)
{
    say("f(x) = x^2", "f(t) = t^2", EXACT_EQUAL);
    say("f(x) = (x+1)^2", "f(t) = t^2+2*t+1", EXACT_EQUAL);
    say("f(x) = x^2", "f(x) = x^3", EXACT_DIFFERENT);
    say("f(x) = x^2", "g(x) = x^2", EXACT_UNKNOWN);
    say("f(x) = c*x", "f(x) = -c*x", EXACT_UNKNOWN);
    say("f(x) = x+x", "f(t) = t+x", EXACT_UNKNOWN);
    say("f(x,y) = x-y", "f(y,x) = y-x", EXACT_EQUAL);
    say("f(x,y) = x-y", "f(y,x) = x-y", EXACT_DIFFERENT);
    say("x^2 = f(x)", "f(x) = x^2", EXACT_EQUAL);
    say("a_n = 2*n+1", "a_n = 1+2*n", EXACT_EQUAL);
    say("a_n = 2*n+1", "a_k = 1+2*k", EXACT_EQUAL);
    say("a_n = 2*n+1", "a_n = 2*n-1", EXACT_DIFFERENT);
    say("a_n = 2^n", "a_n = 2^(n+1)/2", EXACT_EQUAL);
    say("f(x) = 2*f(x-1)", "f(x) = 3*f(x-1)", EXACT_UNKNOWN);
}

Test(region, congruences_are_tried_out)
{
    say("x = 1 (mod 3)", "x = 4 (mod 3)", EXACT_EQUAL);
    say("x = 1 (mod 3)", "x = 2 (mod 3)", EXACT_DIFFERENT);
    say("2*x = 2 (mod 3)", "x = 1 (mod 3)", EXACT_EQUAL);
    say("2*x = 2 (mod 4)", "x = 1 (mod 2)", EXACT_EQUAL);
    say("x = 1 (mod 3)", "x = 1 (mod 6)", EXACT_DIFFERENT);
    say("3 divides n", "n = 0 (mod 3)", EXACT_EQUAL);
    say("n^2 = 1 (mod 3)", "n != 0 & 3 divides n^2-1", EXACT_UNKNOWN);
    say("x+y = 0 (mod 2)", "x-y = 0 (mod 2)", EXACT_EQUAL);
    say("x = 1 (mod 3)", "y = 1 (mod 3)", EXACT_UNKNOWN);
}
