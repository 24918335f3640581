/* Whether two expressions are the same function: cases with their truth, both ways round. */
#include "graders/math/identity.h"
#include "tests/support/infix.h"
#include "tests/support/support.h"

enum { WORK = 200 * 1000 * 1000 };

static struct exact compare(const char *a, const char *b)
{
    struct arena mem = {0};
    arena_init(&mem, "identity", 64 << 20);
    struct exprs *x = exprs_open(&mem);
    struct budget budget = {.work = WORK};
    int32_t left = infix(x, a);
    int32_t right = infix(x, b);
    struct exact got = identity_compare(x, left, right, &budget);
    exprs_close(x);
    arena_fini(&mem);
    return got;
}

static const char *const truths[] = {"equal", "probable", "different", "undefined", "unknown"};

static void check(const char *a, const char *b, enum exact_truth want)
{
    for (int turn = 0; turn < 2; turn++) {
        struct exact got = turn == 0 ? compare(a, b) : compare(b, a);
        cr_expect(got.truth == want, "%s against %s: %s (%s, %ld bits), not %s", turn == 0 ? a : b,
                  turn == 0 ? b : a, truths[got.truth], got.method, (long)got.bits, truths[want]);
    }
}

Test(identity, rational_functions_are_proved)
{
    check("(x+1)^2", "x^2+2*x+1", EXACT_EQUAL);
    check("(a+b+c)^8", "(c+a+b)^2*(b+c+a)^6", EXACT_EQUAL);
    check("1/(x-1)-1/(x+1)", "2/(x^2-1)", EXACT_EQUAL);
    check("(x^2-1)/(x-1)", "x+1", EXACT_EQUAL);
    check("0.5*x", "x/2", EXACT_EQUAL);
    check("binom(n,2)", "n*(n-1)/2", EXACT_EQUAL);
    check("x-x", "0", EXACT_EQUAL);
    check("x^0", "1", EXACT_EQUAL);
    check("(x+1)^1000*(x+1)^-999", "x+1", EXACT_EQUAL);
}

Test(identity, names_must_match)
{
    check("x+y", "x+z", EXACT_DIFFERENT);
    check("a+b", "b+c", EXACT_DIFFERENT);
    check("x", "3", EXACT_DIFFERENT);
    check("x_1", "x_2", EXACT_DIFFERENT);
    check("x*y*z", "z*y*x", EXACT_EQUAL);
}

Test(identity, small_differences_are_seen)
{
    check("(x+1)^2", "x^2+2*x+2", EXACT_DIFFERENT);
    check("x+1/1000000000000000000000000000000", "x", EXACT_DIFFERENT);
    check("2305843009213693951*x", "0", EXACT_DIFFERENT);
    check("x^2305843009213693951", "x", EXACT_DIFFERENT);
    check("sin(x)+10^-200", "sin(x)", EXACT_DIFFERENT);
    check("sin(x)*(1+2^-99)", "sin(x)*(1+2^-98)", EXACT_DIFFERENT);
    check("x/2004!", "x/2006!", EXACT_DIFFERENT);
}

Test(identity, algebraic_constants_are_settled_exactly)
{
    check("sqrt(2)*x*sqrt(3)", "sqrt(6)*x", EXACT_EQUAL);
    check("(x+sqrt(2))*(x-sqrt(2))", "x^2-2", EXACT_EQUAL);
    check("x/(sqrt(2)-1)", "x*(sqrt(2)+1)", EXACT_EQUAL);
    check("4*x", "4*sqrt(2)*x", EXACT_DIFFERENT);
    check("(x+i)*(x-i)", "x^2+1", EXACT_EQUAL);
    check("pi*r^2", "r^2*pi", EXACT_EQUAL);
    check("pi*r^2", "3.14159265358979*r^2", EXACT_DIFFERENT);
    check("root(2,3)^3*x", "2*x", EXACT_EQUAL);
}

Test(identity, roots_and_powers_of_variables)
{
    check("sqrt(x)*sqrt(x)", "x", EXACT_EQUAL);
    check("x^(3/2)", "x*sqrt(x)", EXACT_EQUAL);
    check("(1+sqrt(x))*(1-sqrt(x))", "1-x", EXACT_EQUAL);
    check("sqrt(x+1)^2-1", "x", EXACT_EQUAL);
    check("1/(sqrt(x+1)-sqrt(x))", "sqrt(x+1)+sqrt(x)", EXACT_EQUAL);
    check("sqrt(1/n)", "1/sqrt(n)", EXACT_PROBABLE);
    check("sqrt(x*y)", "sqrt(x)*sqrt(y)", EXACT_PROBABLE);
    check("root(x^3,3)", "x", EXACT_PROBABLE);
    check("sqrt(x)", "x", EXACT_DIFFERENT);
    check("sqrt(x+1)^5", "(x+1)^2*sqrt(x+1)", EXACT_EQUAL);
    check("sqrt(x+1)^4", "(x+1)^2", EXACT_EQUAL);
    check("x^(1/2)*x^(1/3)", "x^(5/6)", EXACT_PROBABLE);
}

Test(identity, symbolic_exponents)
{
    check("2^(n+1)-2^n", "2^n", EXACT_EQUAL);
    check("4^n", "2^(2*n)", EXACT_EQUAL);
    check("6^n", "2^n*3^n", EXACT_EQUAL);
    check("(2/3)^n", "2^n/3^n", EXACT_EQUAL);
    check("2^n", "2^(n+1)", EXACT_DIFFERENT);
    check("2^n", "2*n", EXACT_DIFFERENT);
    check("x^(a+b)", "x^a*x^b", EXACT_EQUAL);
    check("e^(x/2)*e^(x/2)", "e^x", EXACT_EQUAL);
    check("(-1)^(2*n)", "1", EXACT_EQUAL);
    check("(-1)^n", "1", EXACT_DIFFERENT);
    check("(-1)^(n+1)", "-(-1)^n", EXACT_EQUAL);
    check("(1+(-1)^n)/2", "cos(pi*n/2)^2", EXACT_PROBABLE);
    check("2^(n*(n+1))", "2^(n^2+n)", EXACT_PROBABLE);
}

Test(identity, elementary_functions)
{
    check("1/cos(y)^2", "tan(y)^2+1", EXACT_PROBABLE);
    check("sec(y)^2", "tan(y)^2+1", EXACT_PROBABLE);
    check("ln(x)+ln(y)", "ln(x*y)", EXACT_PROBABLE);
    check("log(x,2)", "ln(x)/ln(2)", EXACT_EQUAL);
    check("sin(2*x)", "2*sin(x)*cos(x)", EXACT_PROBABLE);
    check("sin(2*x)", "2*sin(x)", EXACT_DIFFERENT);
    check("sin(x)+sin(x)", "2*sin(x)", EXACT_EQUAL);
    check("sin(x+x)", "sin(2.0*x)", EXACT_EQUAL);
    check("e^(i*x)", "cos(x)+i*sin(x)", EXACT_PROBABLE);
    check("asin(x)+acos(x)", "pi/2", EXACT_PROBABLE);
    check("acosh(x)", "ln(x+sqrt(x^2-1))", EXACT_PROBABLE);
    check("ln(x-1000)+ln(2)", "ln(2*x-2000)", EXACT_PROBABLE);
    check("sin(pi*n)", "0", EXACT_UNKNOWN);
    check("sin(pi*x)", "0", EXACT_DIFFERENT);
}

Test(identity, factorials_binomials_and_sums)
{
    check("(n+1)!", "(n+1)*n!", EXACT_EQUAL);
    check("(n+2)!/n!", "(n+1)*(n+2)", EXACT_EQUAL);
    check("n!", "(n+1)!", EXACT_DIFFERENT);
    check("n!/(n-1)!", "n", EXACT_EQUAL);
    check("binom(n,k)", "binom(n,n-k)", EXACT_EQUAL);
    check("binom(n,k)", "binom(n,k+1)", EXACT_DIFFERENT);
    check("binom(n,k)+binom(n,k-1)", "binom(n+1,k)", EXACT_EQUAL);
    check("sum(k,k,1,n)", "n*(n+1)/2", EXACT_PROBABLE);
    check("sum(k^2,k,1,n)", "n*(n+1)*(2*n+1)/6", EXACT_PROBABLE);
    check("sum(k^2,k,1,n)", "n*(n+1)*(2*n+1)/3", EXACT_DIFFERENT);
    check("sum(j,j,1,n)", "sum(k,k,1,n)", EXACT_PROBABLE);
    check("sum(1,k,m,n)", "n-m+1", EXACT_PROBABLE);
    check("prod(k,k,1,n)", "n!", EXACT_PROBABLE);
    check("sum(binom(n,k),k,0,n)", "2^n", EXACT_PROBABLE);
}

Test(identity, steps_are_looked_at_from_many_sides)
{
    check("floor(n/2)+ceil(n/2)", "n", EXACT_PROBABLE);
    check("floor(x)", "x", EXACT_DIFFERENT);
    check("floor(n/2)", "n/2", EXACT_DIFFERENT);
    check("floor(x)+floor(x+1/2)", "floor(2*x)", EXACT_PROBABLE);
    check("max(x,100)", "100", EXACT_DIFFERENT);
    check("max(x,y)", "x", EXACT_DIFFERENT);
    check("max(x,10^20)", "10^20", EXACT_DIFFERENT);
    check("max(x,e^20)", "e^20", EXACT_DIFFERENT);
    check("max(1000000*abs(x),1)", "1000000*abs(x)", EXACT_DIFFERENT);
    check("max(x,10^1000)", "10^1000", EXACT_UNKNOWN);
    check("mod(n,1000)", "n", EXACT_DIFFERENT);
    check("gcd(n,1009)", "1", EXACT_DIFFERENT);
    check("floor(n/5000)", "0", EXACT_DIFFERENT);
    check("max(x,y)+min(x,y)", "x+y", EXACT_PROBABLE);
    check("abs(x-1000000)", "x-1000000", EXACT_DIFFERENT);
    check("gcd(n,6)", "1", EXACT_DIFFERENT);
    check("gcd(n,n+1)", "1", EXACT_PROBABLE);
    check("mod(n,2)", "(1-(-1)^n)/2", EXACT_PROBABLE);
}

Test(identity, where_the_domain_decides_nothing_is_claimed)
{
    check("sqrt(x^2)", "x", EXACT_UNKNOWN);
    check("sqrt(x^2)", "-x", EXACT_UNKNOWN);
    check("sqrt(x^2)", "abs(x)", EXACT_PROBABLE);
    check("abs(x)", "x", EXACT_UNKNOWN);
    check("sqrt(x^2*y^2)", "x*y", EXACT_UNKNOWN);
    check("x*conj(x)", "x^2", EXACT_UNKNOWN);
    check("x*conj(x)", "abs(x)^2", EXACT_PROBABLE);
    check("sqrt(-1-x^2)", "i*sqrt(1+x^2)", EXACT_PROBABLE);
}

Test(identity, no_value_is_said_so)
{
    check("1/(x-x)", "1/(2*x-2*x)", EXACT_UNDEFINED);
    check("x/(sqrt(2)*sqrt(3)-sqrt(6))", "x", EXACT_UNDEFINED);
    check("pm(x,1)", "x", EXACT_UNKNOWN);
    check("sum(1/k^2,k,1,inf)*x", "pi^2/6*x", EXACT_UNKNOWN);
}

Test(identity, named_functions_are_told_apart_by_their_arguments)
{
    check("f(2*x)", "f(x+x)", EXACT_EQUAL);
    check("f(x)+1", "1+f(x)", EXACT_EQUAL);
    check("f(x)", "g(x)", EXACT_DIFFERENT);
    check("f(x)", "f(x+1)", EXACT_DIFFERENT);
    check("f(x)", "f(y)", EXACT_DIFFERENT);
    check("f(sqrt(x^2))", "f(x)", EXACT_UNKNOWN);
    check("f(sin(x)^2)", "f(1-cos(x)^2)+0*x", EXACT_EQUAL);
    check("sin(f(x)+f(x))", "2*sin(f(x))*cos(f(x))", EXACT_PROBABLE);
}

Test(identity, constants_go_to_the_constants)
{
    check("4", "4*sqrt(2)", EXACT_DIFFERENT);
    check("2+2", "4", EXACT_EQUAL);
}

static void check_ratio(const char *a, const char *b, enum exact_truth want, int want_sign)
{
    for (int turn = 0; turn < 2; turn++) {
        struct arena mem = {0};
        arena_init(&mem, "identity", 64 << 20);
        struct exprs *x = exprs_open(&mem);
        struct budget budget = {.work = WORK};
        int sign;
        int32_t left = infix(x, turn == 0 ? a : b);
        int32_t right = infix(x, turn == 0 ? b : a);
        struct exact got = identity_proportional(x, left, right, &sign, &budget);
        cr_expect(got.truth == want && (want == EXACT_DIFFERENT || sign == want_sign),
                  "%s to %s, turn %d: %s (%s), sign %d", a, b, turn, truths[got.truth], got.method,
                  sign);
        exprs_close(x);
        arena_fini(&mem);
    }
}

Test(identity, proportional_functions)
{
    check_ratio("2*x+4*y-3", "-x/2-y+3/4", EXACT_EQUAL, -1);
    check_ratio("3*x-y+13", "3*x+4*y+14", EXACT_DIFFERENT, 0);
    check_ratio("x^2+y^2-1", "2*y^2+2*x^2-2", EXACT_EQUAL, 1);
    check_ratio("x^2+y^2-1", "2*y^2+2*x^2-3", EXACT_DIFFERENT, 0);
    check_ratio("sqrt(2)*x-sqrt(6)", "x-sqrt(3)", EXACT_EQUAL, 1);
    check_ratio("sqrt(2)*x-sqrt(6)", "x-sqrt(5)", EXACT_DIFFERENT, 0);
    check_ratio("x^2/4+y^2/9-1", "9*x^2+4*y^2-36", EXACT_EQUAL, 1);
    check_ratio("x", "x^2", EXACT_DIFFERENT, 0);
    check_ratio("x/y-1", "x-y", EXACT_DIFFERENT, 0);
    check_ratio("y-sin(2*x)", "4*sin(x)*cos(x)-2*y", EXACT_PROBABLE, -1);
    check_ratio("y-sin(x)", "y-cos(x)", EXACT_DIFFERENT, 0);
    check_ratio("(1-sqrt(2))*x", "x", EXACT_EQUAL, -1);
    check_ratio("x+y+1", "x+y", EXACT_DIFFERENT, 0);
}
