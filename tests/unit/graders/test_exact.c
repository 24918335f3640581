/* The prover for constants on pairs whose truth is known: identities from textbooks, near misses,
 * and numbers made to hurt. Which step of the ladder decides is part of what is tested. */
#include "base/limits.h"
#include "graders/math/exact.h"
#include "tests/support/exact_read.h"
#include "tests/support/support.h"

static struct arena mem;
static struct exprs *x;

static void set_up(void)
{
    arena_init(&mem, "mem", LIMIT_ARENA_TMP);
    x = exprs_open(&mem);
}

static void tear_down(void)
{
    exprs_close(x);
    arena_fini(&mem);
}

TestSuite(exact, .init = set_up, .fini = tear_down);

enum { DEFAULT_WORK = 20 * 1000 * 1000 };

static struct exact compare(const char *a, const char *b)
{
    struct budget budget = {.work = DEFAULT_WORK};
    int32_t left = exact_read(x, a);
    int32_t right = exact_read(x, b);
    cr_assert(left != EXPR_NONE && right != EXPR_NONE, "%s = %s was not read", a, b);
    struct exact one = exact_compare(x, left, right, &budget);
    budget.work = DEFAULT_WORK;
    struct exact other = exact_compare(x, right, left, &budget);
    cr_assert(one.truth == other.truth, "%s = %s is not symmetric: %d (%s), %d (%s)", a, b,
              one.truth, one.method, other.truth, other.method);
    return one;
}

static void is(enum exact_truth truth, const char *method, const char *a, const char *b)
{
    struct exact got = compare(a, b);
    cr_expect(got.truth == truth && (method == NULL || str_eq(str_of(method), str_of(got.method))),
              "%s = %s: truth %d by \"%s\" (%lld bits)", a, b, got.truth, got.method,
              (long long)got.bits);
}

static void equal(const char *method, const char *a, const char *b)
{
    is(EXACT_EQUAL, method, a, b);
}

static void differ(const char *a, const char *b)
{
    is(EXACT_DIFFERENT, NULL, a, b);
}

Test(exact, rationals_are_exact)
{
    equal("rationals", "10!/7!", "720");
    equal("rationals", "binomial(52,5)", "2598960");
    equal("rationals", "gcd(84,36)+lcm(4,6)", "24");
    equal("rationals", "floor(-7/2)+ceil(7/2)", "0");
    equal("rationals", "mod(-7,3)", "2");
    equal("rationals", "sum(k,1,100,k^2)", "338350");
    equal("rationals", "prod(k,1,10,k/(k+1))", "1/11");
    equal("rationals", "sum(k,1,0,k)", "0");
    equal("rationals", "0^0", "1");
    equal("rationals", "phi(12)", "4");
    differ("1/2004!", "1/2006!");
    differ("2^(-99)", "2^(-98)");
    differ("(2^2005+1)/(3*2^2006)", "1/(3*2^2006)");
    differ("1-1/e", "1+1/e");
    differ("4", "4*sqrt(2)");
}

Test(exact, algebraic_numbers_are_proved_equal)
{
    equal("separation bound", "sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(6))");
    equal(NULL, "1/(sqrt(2)-1)", "sqrt(2)+1");
    equal(NULL, "sin(pi/12)", "(sqrt(6)-sqrt(2))/4");
    equal("separation bound", "cos(2*pi/7)+cos(4*pi/7)+cos(6*pi/7)", "-1/2");
    equal("separation bound", "tan(3*pi/11)+4*sin(2*pi/11)", "sqrt(11)");
    equal(NULL, "1/(2*sin(pi/26))", "1/(2*cos(6*pi/13))");
    equal("separation bound", "cbrt(2+sqrt(5))+cbrt(2-sqrt(5))", "1");
    equal(NULL, "sqrt(sqrt(11)+sqrt(194))/(2*sqrt(33)+15)",
          "sqrt(sqrt(194)+sqrt(11))/(15+2*sqrt(33))");
    equal("separation bound", "sqrt(3+2*sqrt(2))", "1+sqrt(2)");
    equal("separation bound", "cbrt(cbrt(2)-1)", "cbrt(1/9)-cbrt(2/9)+cbrt(4/9)");
    equal("separation bound", "(1+i)^8", "16");
    equal("separation bound", "(1/2+i*sqrt(3)/2)^3", "-1");
    equal(NULL, "cos(pi/5)", "(1+sqrt(5))/4");
    equal(NULL, "abs(3+4*i)", "5");
    equal("separation bound", "sin(pi/9)*sin(2*pi/9)*sin(4*pi/9)", "sqrt(3)/8");
    equal("separation bound", "cos(pi/24)", "sqrt(2+sqrt(2+sqrt(3)))/2");
    equal(NULL, "8^(1/3)", "2");
    equal(NULL, "floor((1+sqrt(2))^2)", "5");
    equal(NULL, "floor((sqrt(2)+sqrt(3))^2-2*sqrt(6))", "5");
    equal(NULL, "ceil((sqrt(2)+sqrt(3))^2-2*sqrt(6))", "5");
    equal(NULL, "floor(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6))+3-10^(-30))", "2");
    equal(NULL, "floor(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6))+3+10^(-30))", "3");
    equal(NULL, "ceil(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6))+3+10^(-30))", "4");
    equal(NULL, "floor(ln(8)/ln(2)-e^(-100))", "2");
    equal(NULL, "sign(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6)))", "0");
    equal(NULL, "re((2+3*i)/(1-i))", "-1/2");
    equal(NULL, "im((2+3*i)/(1-i))", "5/2");
    equal(NULL, "binomial(1/2,3)", "1/16");
    equal(NULL, "max(sqrt(2),3/2,1.4142)", "3/2");
}

Test(exact, roots_of_many_numbers_are_written_out)
{
    equal("rationals", "sum(k,1,99,1/(sqrt(k)+sqrt(k+1)))", "9");
    equal("normal form", "1/(sqrt(7)-2)", "(sqrt(7)+2)/3");
    /* of degree 9317: no bound within the limit */
    equal("normal form", "(2^(1/11)+3^(1/11)+5^(1/11)+7^(1/7))^2",
          "2^(2/11)+3^(2/11)+5^(2/11)+7^(2/7)+2*(6^(1/11)+10^(1/11)+15^(1/11))"
          "+2*7^(1/7)*(2^(1/11)+3^(1/11)+5^(1/11))");
    is(EXACT_DIFFERENT, "balls", "(2^(1/11)+3^(1/11)+5^(1/11)+7^(1/7))^2",
       "2^(2/11)+3^(2/11)+5^(2/11)+7^(2/7)+2*(6^(1/11)+10^(1/11)+15^(1/11))"
       "+2*7^(1/7)*(2^(1/11)+3^(1/11)+5^(1/11))+10^(-100)");
    is(EXACT_UNDEFINED, "division by zero", "1/(sqrt(12)-2*sqrt(3))", "1");
}

Test(exact, order_is_proved)
{
    static const struct {
        const char *a;
        const char *b;
        int order;
    } cases[] = {
        {"sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(6))", 0},
        {"sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(6))+10^(-60)", -1},
        {"pi", "22/7", -1},
        {"-inf", "-2003^(2002^2001)", -1},
        {"inf", "pi", 1},
        {"-inf", "inf", -1},
        {"2003^(2002^2001)", "2003^(2002^2000)", 1},
        {"cbrt(-8)", "-2", 0},
        {"ln(8)/ln(2)", "3", 0},
        {"e^pi", "pi^e", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct budget budget = {.work = DEFAULT_WORK};
        int32_t a = exact_read(x, cases[i].a);
        int32_t b = exact_read(x, cases[i].b);
        int one = 9;
        int other = 9;
        struct exact got = exact_order(x, a, b, &one, &budget);
        cr_expect(got.truth == (cases[i].order == 0 ? EXACT_EQUAL : EXACT_DIFFERENT),
                  "%s, %s: %d %s", cases[i].a, cases[i].b, got.truth, got.method);
        (void)exact_order(x, b, a, &other, &budget);
        cr_expect(one == cases[i].order && other == -one, "%s, %s: %d %d", cases[i].a, cases[i].b,
                  one, other);
    }
    int order = 9;
    struct budget budget = {.work = DEFAULT_WORK};
    int32_t i = exact_read(x, "i");
    cr_expect_eq(exact_order(x, i, exact_read(x, "1"), &order, &budget).truth, EXACT_UNKNOWN);
}

static enum exact_truth within(const char *a, int64_t centre, int64_t below, int64_t radius)
{
    struct budget budget = {.work = DEFAULT_WORK};
    fmpq_t c;
    fmpq_t r;
    fmpq_init(c);
    fmpq_init(r);
    fmpq_set_si(c, centre, (ulong)below);
    fmpq_set_si(r, radius, (ulong)below);
    enum exact_truth got = exact_within(x, exact_read(x, a), c, r, &budget).truth;
    fmpq_clear(c);
    fmpq_clear(r);
    return got;
}

Test(exact, distance_is_closed_at_both_ends)
{
    cr_expect_eq(within("pi", 314, 100, 1), EXACT_EQUAL);
    cr_expect_eq(within("pi", 313, 100, 1), EXACT_DIFFERENT);
    cr_expect_eq(within("sqrt(4)", 1, 1, 1), EXACT_EQUAL);
    cr_expect_eq(within("-sqrt(4)", -1, 1, 1), EXACT_EQUAL);
    cr_expect_eq(within("ln(8)/ln(2)+10^(-50)", 2, 1, 1), EXACT_DIFFERENT);
    cr_expect_eq(within("3+4*i", 0, 1, 5), EXACT_EQUAL);
    cr_expect_eq(within("3+4*i", 0, 1, 4), EXACT_DIFFERENT);
    cr_expect_eq(within("1/0", 0, 1, 4), EXACT_UNDEFINED);
}

Test(exact, rationals_are_recognised)
{
    static const char *const cases[][2] = {
        {"8^(1/3)", "2"},
        {"10!/7!", "720"},
        {"log(8,2)", "3"},
        {"sin(pi/6)", "1/2"},
        {"cos(2*pi/7)+cos(4*pi/7)+cos(6*pi/7)", "-1/2"},
        {"e^ln(7/3)", "7/3"},
        {"(sqrt(2)^sqrt(2))^sqrt(2)", "2"},
        {"(1+i)^4", "-4"},
        {"sqrt(2)", NULL},
        {"pi", NULL},
        {"22/7+10^(-100)*sqrt(2)", NULL},
        {"1/0", NULL},
        {"i", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct budget budget = {.work = DEFAULT_WORK};
        fmpq_t q;
        fmpq_init(q);
        bool is_one = exact_rational(x, exact_read(x, cases[i][0]), q, &budget);
        cr_expect(is_one == (cases[i][1] != NULL), "%s", cases[i][0]);
        if (is_one && cases[i][1] != NULL) {
            int32_t e = exact_read(x, cases[i][1]);
            e = expr_is(x, e, EXPR_NUMBER) ? e : expr_int(x, 0);
            cr_expect(fmpq_equal(q, expr_number(x, e)), "%s", cases[i][0]);
        }
        fmpq_clear(q);
    }
}

Test(exact, a_budget_ends_everything)
{
    for (int64_t work = 0; work < 60000; work += 500 + work / 4) {
        struct budget budget = {.work = work};
        int32_t a = exact_read(x, "4*atan(1/5)-atan(1/239)");
        struct exact got = exact_compare(x, a, exact_read(x, "pi/4"), &budget);
        cr_expect(got.truth == EXACT_UNKNOWN || got.truth == EXACT_EQUAL);
        cr_expect(budget.work >= 0 || got.truth == EXACT_UNKNOWN);
    }
}

Test(exact, elementary_numbers_are_proved_equal)
{
    equal(NULL, "ln(8)/ln(4)", "3/2");
    equal(NULL, "log(8,4)", "3/2");
    equal(NULL, "ln(2)+ln(3)", "ln(6)");
    equal("generators", "4*atan(1/5)-atan(1/239)", "pi/4");
    equal("generators", "atan(1/2)+atan(1/3)", "pi/4");
    equal("generators", "atan(1)+atan(2)+atan(3)", "pi");
    equal("normal form", "sin(1)^2+cos(1)^2", "1");
    equal(NULL, "e^(i*pi)", "-1");
    equal(NULL, "e^(i*pi/3)", "1/2+i*sqrt(3)/2");
    equal(NULL, "(sqrt(2)^sqrt(2))^sqrt(2)", "2");
    equal(NULL, "i^i", "e^(-pi/2)");
    equal("normal form", "sin(2)", "2*sin(1)*cos(1)");
    equal("normal form", "sin(1+sqrt(2))", "sin(1)*cos(sqrt(2))+cos(1)*sin(sqrt(2))");
    equal("generators", "tan(1/2)", "(1-cos(1))/sin(1)");
    equal("rationals", "cosh(ln(2))", "5/4");
    equal("generators", "asin(1/2)", "pi/6");
    equal("generators", "acos(-1/2)", "2*pi/3");
    equal("generators", "acos(1/3)", "2*atan(1/sqrt(2))");
    equal(NULL, "cos(acos(1/3)/2)", "sqrt(2/3)");
    equal(NULL, "sin(asin(1/3)+acos(1/4))", "1/12+sqrt(15)*sqrt(8)/12");
    equal("generators", "ln(1+sqrt(2))", "-ln(sqrt(2)-1)");
    equal("normal form", "asinh(1)", "ln(1+sqrt(2))");
    equal("generators", "acosh(3)", "2*ln(1+sqrt(2))");
    equal("normal form", "atanh(1/3)", "ln(2)/2");
    equal("generators", "ln(7+4*sqrt(3))", "2*ln(2+sqrt(3))");
    equal(NULL, "e^(2*ln(3))", "9");
    equal(NULL, "e^(ln(2)/2)", "sqrt(2)");
    equal("generators", "(e^2-1)/(e-1)", "e+1");
    equal("generators", "(pi^2-1)/(pi-1)", "pi+1");
    equal("generators", "(e^(1/2)+e^(1/3))*(e^(1/2)-e^(1/3))", "e-e^(2/3)");
    equal("normal form", "2^(1+sqrt(2))-2^sqrt(2)", "2^sqrt(2)");
    equal("normal form", "4^sqrt(2)", "(2^sqrt(2))^2");
    equal("normal form", "6^sqrt(2)", "2^sqrt(2)*3^sqrt(2)");
    equal("separation bound", "e^(ln(1+sqrt(2))*2)", "3+2*sqrt(2)");
    equal("generators", "ln(2)/ln(10)+ln(5)/ln(10)", "1");
    equal(NULL, "floor(4*atan(1)/pi)", "1");
    equal(NULL, "floor(log(1000,2))", "9");
    equal(NULL, "1/log(6,2)+1/log(6,3)", "1");
}

Test(exact, elementary_numbers_apart_stay_apart)
{
    differ("4*atan(1/5)-atan(1/238)", "pi/4");
    differ("sin(1)^2+cos(1)^2", "1+10^(-30)");
    differ("ln(2)+ln(3)", "ln(7)");
    differ("e^pi", "pi^e");
    differ("atan(1)+atan(2)+atan(3)", "pi-10^(-60)");
    differ("e^e", "15."
                  "15426224147926418976043027262991190552854853685613976914074640591483097373093443"
                  "260845696835787");
    /* so near that a relation is guessed, which then must not be proved */
    differ("ln(1+sqrt(2)+10^(-100))", "ln(1+sqrt(2))");
    differ("ln(1+sqrt(2)+10^(-100))/ln(1+sqrt(2))", "1");
    differ("atan(2+10^(-100))", "atan(2)");
    differ("atan(sqrt(2)+10^(-100))+acos(1/3)", "atan(sqrt(2))+acos(1/3)");
    differ("e^(sqrt(2)*(1+10^(-100)))", "e^sqrt(2)");
    differ("e^sqrt(2+10^(-100))", "e^sqrt(2)");
    is(EXACT_PROBABLE, NULL, "sqrt(pi^2+2*pi+1)", "pi+1");
}

Test(exact, near_misses_are_proved_different)
{
    differ("sqrt(2)+sqrt(3)", "sqrt(5+2*sqrt(6))+10^(-40)");
    differ("sqrt(2)", "1.41421356237309504880168872420969807856967187537694");
    differ("e^(pi*sqrt(163))", "640320^3+744");
    differ("sqrt(1000001)+sqrt(1000025)+sqrt(1000031)+sqrt(1000084)+sqrt(1000087)",
           "sqrt(1000002)+sqrt(1000018)+sqrt(1000042)+sqrt(1000065)+sqrt(1000101)");
    differ("22/7", "pi");
    differ("sqrt(17)", "4.123105625617661");
    differ("10^(10^10)", "10^(10^10-1)");
    differ("2003^(2002^2001)", "2003^(2002^2000)");
    differ("2003^(2002^2001)", "5");
}

Test(exact, values_that_do_not_exist_are_undefined)
{
    is(EXACT_UNDEFINED, "division by zero", "1/0", "1");
    is(EXACT_UNDEFINED, "division by zero", "1/(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6)))", "1");
    is(EXACT_UNDEFINED, "division by zero",
       "(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6)))/(sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6)))", "1");
    is(EXACT_UNDEFINED, "the logarithm of zero", "ln(0)", "1");
    is(EXACT_UNDEFINED, "division by zero", "tan(pi/2)", "1");
    is(EXACT_UNDEFINED, "division by zero", "log(2,1)", "1");
    is(EXACT_UNDEFINED, NULL, "asin(2)", "1");
    is(EXACT_UNDEFINED, NULL, "(-1)!", "1");
    is(EXACT_UNDEFINED, "a variable", "y+1", "1");
    is(EXACT_UNDEFINED, "division by zero", "1/0", "1/0");
}

Test(exact, roots_of_negative_numbers_have_two_readings)
{
    equal(NULL, "cbrt(-8)", "-2");
    equal(NULL, "(-8)^(1/3)", "-2");
    equal(NULL, "(-8)^(2/3)", "4");
    equal(NULL, "sqrt(-4)", "2*i");
    is(EXACT_UNKNOWN, "odd roots of negative numbers", "(-8)^(1/3)", "1+i*sqrt(3)");
    differ("(-8)^(1/3)", "3");
    differ("sqrt(-4)", "-2*i");
}

Test(exact, towers_end_at_once)
{
    is(EXACT_EQUAL, NULL, "2003^(2002^2001)", "2003^(2002^2001)");
    equal(NULL, "2^(10^10)", "2*2^(10^10-1)");
    equal(NULL, "4^(10^10)", "2^(2*10^10)");
    equal(NULL, "mod(2003^(2002^2001),1000)", "241");
    (void)compare("2003^(2002^2001)", "2003^(2002^2001)+1");
    (void)compare("9^(9^(9^9))", "9^(9^(9^9))+1");
    (void)compare("e^(e^(e^(e^e)))", "e^(e^(e^(e^e)))+1");
    (void)compare("100000000!", "100000000!+1");
    (void)compare("sin(10^(10^10))", "1/2");
    (void)compare("sqrt(2)^(10^12)", "1/2");
    (void)compare("((100!)!)!", "7");
}
