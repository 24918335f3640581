/* What answers say: the first reading of each text, written out by hand, and where reading ends for
 * what is not understood. The texts are of the kinds that AIME, HMMT, MATH, olympiad and school
 * suites use. */
#include <criterion/criterion.h>

#include "base/limits.h"
#include "graders/math/latex.h"
#include "graders/math/latex_token.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct exprs *x;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "test tmp", LIMIT_ARENA_TMP);
    x = exprs_open(&keep);
}

static void stop(void)
{
    exprs_close(x);
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(latex, .init = start, .fini = stop);

static struct str shown(int32_t e)
{
    CLEANUP(buf_free) struct buf out = {0};
    expr_print(x, e, LIMIT_KIB, &out);
    return arena_str(&keep, buf_str(&out));
}

/* The first reading as it is printed; "?" when there is none. Each text in a graph of its own,
 * because the order of terms is their age. */
static struct str first(const char *text)
{
    exprs_close(x);
    x = exprs_open(&keep);
    struct latex r = latex_read(x, str_of(text), tmp);
    return r.end == LATEX_READ ? shown(r.readings[0].root) : STR("?");
}

static int32_t root_of(const char *text)
{
    struct latex r = latex_read(x, str_of(text), tmp);
    cr_assert_eq(r.end, LATEX_READ, "%s: %s at %lld", text, r.why, (long long)r.at);
    return r.readings[0].root;
}

static bool has_reading(const char *text, int32_t e)
{
    struct latex r = latex_read(x, str_of(text), tmp);
    for (int32_t i = 0; i < r.n; i++)
        if (r.readings[i].root == e)
            return true;
    return false;
}

struct pair {
    const char *text;
    const char *says;
};

static void check(const struct pair *at, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct str got = first(at[i].text);
        cr_expect(str_eq(got, str_of(at[i].says)), "%s\n  is read as  %.*s\n  and says    %s",
                  at[i].text, STR_ARG(got), at[i].says);
    }
}

#define CHECK(table) check(table, sizeof(table) / sizeof *(table))

static const struct pair scalars[] = {
    {"\\sqrt3", "sqrt(3)"},
    {"\\sqrt3x", "sqrt(3)*x"},
    {"\\sqrt12", "sqrt(12)"},
    {"\\sqrt[3]{x}", "root(x, 3)"},
    {"\\sqrt[n]{2}", "root(2, n)"},
    {"2\\sqrt3", "2*sqrt(3)"},
    {"2sqrt3", "2*sqrt(3)"},
    {"sqrt(2)/2", "sqrt(2)/2"},
    {"\xe2\x88\x9a"
     "2/2",
     "sqrt(2)/2"},
    {"\xe2\x88\x9b(x+1)", "root(x + 1, 3)"},
    {"\\frac{\\sqrt3}2", "sqrt(3)/2"},
    {"\\binom52", "binomial(5, 2)"},
    {"\\binom{n}{k}", "binomial(n, k)"},
    {"{n \\choose 2}", "binomial(n, 2)"},
    {"C(n, k)", "binomial(n, k)"},
    {"{}_nC_k", "binomial(n, k)"},
    {"^nC_k", "binomial(n, k)"},
    {"5C2", "binomial(5, 2)"},
    {"binomial(2n, n)", "binomial(2*n, n)"},
    {"C_5^2", "binomial(5, 2)"},
    {"n!", "n!"},
    {"(2n-1)!!", "(2*n - 1)!!"},
    {"9!!", "9!!"},
    {"5!=120", "5! = 120"},
    {"\\frac{n!}{k!(n-k)!}", "n!/(k!*(n - k)!)"},
    {"\\lfloor x \\rfloor", "floor(x)"},
    {"\\left\\lceil\\frac n2\\right\\rceil", "ceil(n/2)"},
    {"\xe2\x8c\x8ax\xe2\x8c\x8b", "floor(x)"},
    {"|x-1|", "abs(x - 1)"},
    {"||x|-1|", "abs(abs(x) - 1)"},
    {"2|x|", "2*abs(x)"},
    {"\\left|x\\right|+|y|", "abs(x) + abs(y)"},
    {"\\lvert z\\rvert", "abs(z)"},
    {"\\log_2 8", "log(8, 2)"},
    {"\\log_{10}(x+1)", "log(x + 1, 10)"},
    {"log2(8)", "log(8, 2)"},
    {"\\log_2^3 x", "log(x, 2)^3"},
    {"\\ln 2", "ln(2)"},
    {"\\lg 5", "log(5, 10)"},
    {"ln(2)/3", "ln(2)/3"},
    {"\\ln 2/3", "ln(2)/3"},
    {"\\sin x", "sin(x)"},
    {"sin(x)", "sin(x)"},
    {"sinx", "sin(x)"},
    {"2xsin(x)", "2*x*sin(x)"},
    {"\\sin 2x\\cos y", "sin(2*x)*cos(y)"},
    {"\\sin^2 x", "sin(x)^2"},
    {"\\sin^2(2x)", "sin(2*x)^2"},
    {"\\sin(x)^2", "sin(x)^2"},
    {"\\sin^{-1}x", "arcsin(x)"},
    {"\\tan^{-1}\\frac12", "arctan(1/2)"},
    {"\\arccos x", "arccos(x)"},
    {"\\sin\\pi/4", "sin(\xcf\x80/4)"},
    {"\\sin 30^\\circ", "sin(\xcf\x80/6)"},
    {"tan(45\xc2\xb0)", "tan(\xcf\x80/4)"},
    {"\\operatorname{lcm}(4,6)", "lcm(4, 6)"},
    {"\\max\\{a,b\\}", "max(a, b)"},
    {"\\gcd(m,n)", "gcd(m, n)"},
    {"exp(2x)", "e^(2*x)"},
    {"e^{i\\pi}", "e^(i*\xcf\x80)"},
    {"3+4i", "3 + 4*i"},
    {"\\bar z", "conj(z)"},
    {"\\overline{AB}", "\\overline{AB}"},
    {"\\operatorname{Re}(z)", "Re(z)"},
    {"7 \\bmod 3", "Mod(7, 3)"},
    {"\\varphi(12)", "totient(12)"},
    {"\\pi r^2", "\xcf\x80*r^2"},
    {"ab", "a*b"},
    {"2xy", "2*x*y"},
    {"a(b+c)", "a*(b + c)"},
    {"n(n+1)/2", "n*(n + 1)/2"},
    {"(x+1)(x-1)", "(x + 1)*(x - 1)"},
    {"1/2x", "x/2"},
    {"x^2y", "x^2*y"},
    {"x^-1", "1/x"},
    {"x**2", "x^2"},
    {"x^{2^3}", "x^8"},
    {"x\xc2\xb2+1", "x^2 + 1"},
    {"x\xe2\x81\xbb\xc2\xb9", "1/x"},
    {"x\xe2\x82\x81\xe2\x82\x82", "x_12"},
    {"-x^2", "-x^2"},
    {"2^{-n}", "2^(-n)"},
    {"2003^{2002^{2001}}", "2003^(2002^2001)"},
    {"a_{n+1}", "a_{n+1}"},
    {"x1+x2", "x_1 + x_2"},
    {"\\alpha\\beta", "\\alpha*\\beta"},
    {"\xce\xb1+\xce\xb2", "\\alpha + \\beta"},
    {"f'(0)", "f'(0)"},
    {"\\vec{v}", "\\vec{v}"},
    {"\\sum_{k=1}^{n} k^2", "\\sum_{k = 1}^{n} (k^2)"},
    {"\\sum_{k=1}^n k + 1", "1 + \\sum_{k = 1}^{n} (k)"},
    {"\\prod_{p \\in S} p", "\\prod_{p \xe2\x88\x88 S} (p)"},
    {"1+2+\\cdots+n", "1 + 2 + ... + n"},
    {"\\frac{-b\\pm\\sqrt{b^2-4ac}}{2a}", "(-b \xc2\xb1 sqrt(b^2 - 4*a*c))/(2*a)"},
    {"\\pm 5", "\xc2\xb1 5"},
    {"1 \xc2\xb1 2", "1 \xc2\xb1 2"},
    {"3:2", "3/2"},
    {"2\\text{cis}(60^\\circ)", "2*(cos(\xcf\x80/3) + sin(\xcf\x80/3)*i)"},
    {"\\overline{ab}", "\\overline{ab}"},
    {"re^{i\\theta}", "r*e^(i*\\theta)"},
    {"xi", "x*i"},
    {"O(n)", "O(n)"},
    {"{}\\frac12{}", "1/2"},
    {"\\infty", "\xe2\x88\x9e"},
    {"-oo", "-\xe2\x88\x9e"},
    {"\\angle ABC", "\\angle{ABC}"},
};

Test(latex, scalars_are_read)
{
    CHECK(scalars);
}

Test(latex, measures_are_read)
{
    static const struct pair all[] = {
        {"28\\%", "28%"},
        {"28 percent", "28%"},
        {"33\\frac13\\%", "(100/3)%"},
        {"5^\\circ", "5\xc2\xb0"},
        {"5^{\\circ}", "5\xc2\xb0"},
        {"5 degrees", "5\xc2\xb0"},
        {"2 \\cdot 30^\\circ", "60\xc2\xb0"},
        {"12^\\circ 30'", "(25/2)\xc2\xb0"},
        {"30^\\circ\\text{C}", "30\xc2\xb0"
                               "C"},
        {"$5", "\\$5"},
        {"\\$1,234.50", "\\$1234.50"},
        {"-\\$5", "\\$(-5)"},
        {"5 dollars", "\\$5"},
        {"5\xe2\x82\xac", "\xe2\x82\xac"
                          "5"},
        {"50 cents", "50 \\text{cent}"},
        {"\\$3.5 \\text{ million}", "\\$3500000"},
        {"5\\text{ cm}", "5 \\text{cm}"},
        {"5\\,\\mathrm{cm}", "5 \\text{cm}"},
        {"5 cm", "5 \\text{cm}"},
        {"5 cm^2", "5 \\text{cm^2}"},
        {"5\\text{ cm}^{2}", "5 \\text{cm^2}"},
        {"5 square centimeters", "5 \\text{cm^2}"},
        {"36\\text{ sq. in}", "36 \\text{in^2}"},
        {"36 \\text{ cubic feet}", "36 \\text{ft^3}"},
        {"10 \\text{ m/s}", "10 \\text{m/s}"},
        {"9.8 \\text{ m/s}^2", "9.8 \\text{m/s^2}"},
        {"60 miles per hour", "60 \\text{mi/h}"},
        {"60 mph", "60 \\text{mi/h}"},
        {"2\\sqrt3 + 1 \\text{ cm}", "(2*sqrt(3) + 1) \\text{cm}"},
        {"3 cm + 5 cm", "8 \\text{cm}"},
        {"12 apples", "12 \\text{apple}"},
        {"7 red apples", "7 \\text{red apple}"},
        {"30 min", "30 \\text{min}"},
        {"2 hours", "2 \\text{h}"},
        {"5th", "5 \\text{th}"},
    };
    CHECK(all);
}

Test(latex, collections_are_read)
{
    static const struct pair all[] = {
        {"1, 2", "1, 2"},
        {"1; 2; 3", "1, 2, 3"},
        {"1 or 2", "1 or 2"},
        {"1 \\text{ and } 2", "1 and 2"},
        {"1, 2, \\text{ or } 3", "1 or 2 or 3"},
        {"(1,2)", "(1, 2)"},
        {"\\left(3,\\frac{\\pi}{2}\\right)", "(3, \xcf\x80/2)"},
        {"(1,2),(3,4)", "(1, 2), (3, 4)"},
        {"\\langle 1,2,3\\rangle", "(1, 2, 3)"},
        {"\\{1,2\\}", "{1, 2}"},
        {"{1, 2}", "{1, 2}"},
        {"\\left\\{ 3 \\right\\}", "\\{3\\}"},
        {"\\emptyset", "{}"},
        {"\\{\\}", "{}"},
        {"\xe2\x88\x85", "{}"},
        {"[0,1]", "[0, 1]"},
        {"[0,1)", "[0, 1)"},
        {"(0,1]", "(0, 1]"},
        {"]0,1[", "]0, 1["},
        {"[0,1[", "[0, 1)"},
        {"]0,1]", "(0, 1]"},
        {"[0;1]", "[0, 1]"},
        {"(-\\infty, 2)", "(-\xe2\x88\x9e, 2)"},
        {"(0,1)\\cup(2,3)", "]0, 1[ \xe2\x88\xaa ]2, 3["},
        {"[0,1)\\cup\\{3\\}", "[0, 1) \xe2\x88\xaa \\{3\\}"},
        {"(-\xe2\x88\x9e,1) \xe2\x88\xaa [2,\xe2\x88\x9e)",
         "(-\xe2\x88\x9e, 1) \xe2\x88\xaa [2, \xe2\x88\x9e)"},
        {"[1,2)\\cap(1,3)", "[1, 2) \xe2\x88\xa9 ]1, 3["},
        {"\\mathbb{R}\\setminus\\{0\\}", "\xe2\x84\x9d \xe2\x88\x96 \\{0\\}"},
        {"\\mathbb R \\backslash \\{0\\}", "\xe2\x84\x9d \xe2\x88\x96 \\{0\\}"},
        {"\xe2\x84\x9d - {0}", "\xe2\x84\x9d \xe2\x88\x96 \\{0\\}"},
        {"R \\ {0}", "\xe2\x84\x9d \xe2\x88\x96 \\{0\\}"},
        {"\\mathbb{Z}^+", "\xe2\x84\x95"},
        {"\\mathbb{R}_{\\ge 0}", "[0, \xe2\x88\x9e)"},
        {"\\{x | x>0\\}", "{x | x > 0}"},
        {"\\{x : x>0\\}", "{x | x > 0}"},
        {"\\{ |x| : x>0\\}", "{abs(x) | x > 0}"},
        {"\\{x \\in \\mathbb{R} \\mid x > 2\\}", "{x \xe2\x88\x88 \xe2\x84\x9d | x > 2}"},
        {"\\{2k+1 \\mid k\\in\\mathbb{Z}\\}", "{2*k + 1 | k \xe2\x88\x88 \xe2\x84\xa4}"},
        {"\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", "[[1, 2], [3, 4]]"},
        {"\\left[\\begin{array}{c}1\\\\2\\end{array}\\right]", "[[1], [2]]"},
        {"[[1,2],[3,4]]", "[[1, 2], [3, 4]]"},
        {"\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}", "det([[1, 2], [3, 4]])"},
        {"1,2,\\ldots,n", "1, 2, ..., n"},
        {"5:3:2", "5/2 : 3/2 : 1"},
        {"1:2:3:\\ldots", "1 : 2 : 3 : ..."},
        {"1\\cdot 2\\cdots n", "1*2*...*n"},
        {"a_1+\\dots+a_n", "a_1 + ... + a_n"},
        {"(-oo, 1) U (2, oo)", "(-\xe2\x88\x9e, 1) \xe2\x88\xaa (2, \xe2\x88\x9e)"},
        {"[1,1]", "[1, 1]"},
        {"Matrix([[1,2],[3,4]])", "[[1, 2], [3, 4]]"},
        {"\\{1\\pm\\sqrt5, -2\\}", "{1 \xc2\xb1 sqrt(5), -2}"},
        {"\\text{A and C}", "A and C"},
    };
    CHECK(all);
}

Test(latex, statements_are_read)
{
    static const struct pair all[] = {
        {"x=5", "x = 5"},
        {"f(x)=x^2", "f(x) = x^2"},
        {"A(n)=2n", "A(n) = 2*n"},
        {"1<x\\le 2", "1 < x \xe2\x89\xa4 2"},
        {"1 <= x < 2", "1 \xe2\x89\xa4 x < 2"},
        {"x \\ne 1", "x \xe2\x89\xa0 1"},
        {"x != 1", "x \xe2\x89\xa0 1"},
        {"x\\not=1", "x \xe2\x89\xa0 1"},
        {"x\\neq 0,1", "(x \xe2\x89\xa0 0) \xe2\x88\xa7 (x \xe2\x89\xa0 1)"},
        {"x\\in[0,1]", "x \xe2\x88\x88 [0, 1]"},
        {"x \\in (0,1)", "x \xe2\x88\x88 ]0, 1["},
        {"x \\notin \\{1\\}", "x \xe2\x88\x89 \\{1\\}"},
        {"k in Z", "k \xe2\x88\x88 \xe2\x84\xa4"},
        {"x=1 or x=2", "(x = 1) or (x = 2)"},
        {"x = 1 \\lor x = 2", "(x = 1) or (x = 2)"},
        {"x<1 \\text{ or } x>2", "(x < 1) or (x > 2)"},
        {"x>1 \\text{ and } y<3", "(x > 1) \xe2\x88\xa7 (y < 3)"},
        {"x=1, y=2", "x = 1, y = 2"},
        {"x=1, 2", "x = 1, 2"},
        {"x=1 \\text{ or } 2", "x = 1 or 2"},
        {"x=\\pm 1", "x = \xc2\xb1 1"},
        {"(x,y)=(1,2),(2,1)", "(x, y) = (1, 2), (2, 1)"},
        {"3x-y+13=0", "3*x - y + 13 = 0"},
        {"x = 2k\\pi, k \\in \\mathbb{Z}", "x = 2*k*\xcf\x80 for all k \xe2\x88\x88 \xe2\x84\xa4"},
        {"f(x)=cx \\text{ for all } x", "f(x) = x*c for all x"},
        {"g(x)=x^a for some $a>0$", "g(x) = x^a for all a > 0"},
        {"(n, n+1), \\text{ where } n \\ge 2", "(n, n + 1) for all n \xe2\x89\xa5 2"},
        {"a^2 (a \\ge 2)", "a^2 for all a \xe2\x89\xa5 2"},
        {"\\forall n, n>0", "n > 0 for all n"},
        {"n \\text{ is even}", "n \xe2\x88\x88 \"even\""},
        {"odd $n$", "n \xe2\x88\x88 \"odd\""},
        {"p \\equiv 1 \\pmod 4", "p \xe2\x89\xa1 1 (mod 4)"},
        {"n \\equiv 0, 1 \\pmod{4}", "(n \xe2\x89\xa1 0 (mod 4)) or (n \xe2\x89\xa1 1 (mod 4))"},
        {"a \\mid b", "a \xe2\x88\xa3 b"},
        {"a|b", "a \xe2\x88\xa3 b"},
        {"f \\equiv 0", "f = 0"},
        {"\\begin{cases} x=1 \\\\ y=2 \\end{cases}", "(x = 1) \xe2\x88\xa7 (y = 2)"},
        {"\\begin{cases} x, & x>0 \\\\ 0 & \\text{otherwise} \\end{cases}",
         "\\begin{cases} x & x > 0 \\\\ 0 & \"otherwise\" \\end{cases}"},
        {"\\text{Area} = 5", "\\mathit{area} = 5"},
    };
    CHECK(all);
}

Test(latex, words_and_letters_are_read)
{
    static const struct pair all[] = {
        {"\\text{Even}", "\"even\""},
        {"yes", "\"yes\""},
        {"No solution.", "\"no solution\""},
        {"\\text{infinitely many}", "\"infinitely many\""},
        {"DNE", "\"dne\""},
        {"Alice", "\"alice\""},
        {"Alice and Bob", "\"alice\" and \"bob\""},
        {"The function is even", "\"the function is even\""},
        {"all real numbers", "\xe2\x84\x9d"},
        {"seven", "7"},
        {"3:30 PM", "\"3:30 pm\""},
        {"12:00", "\"12:00\""},
        {"alice and bob", "\"alice\" and \"bob\""},
        {"\\text{All}", "\"all\""},
        {"A", "A"},
        {"(B)", "B"},
        {"(b)", "B"},
        {"\\text{E}", "E"},
        {"\\textbf{(C)}", "C"},
        {"\\textbf{(C) } 7", "C"},
        {"$\\boxed{\\text{A}}$", "A"},
    };
    CHECK(all);
    first("A");
    cr_assert(expr_is(x, root_of("\\text{(D)}"), EXPR_LETTER));
    cr_assert(expr_is(x, root_of("x"), EXPR_SYMBOL));
    cr_assert(expr_is(x, root_of("K"), EXPR_SYMBOL), "no suite has eleven options");
    cr_assert(expr_is(x, root_of("A+B"), EXPR_ADD));
}

/* ------------------------------------------------------------------------------ the nodes */

Test(latex, nodes_are_those_other_parts_rely_on)
{
    int32_t one = expr_int(x, 1);
    int32_t two = expr_int(x, 2);
    int32_t s = expr_symbol(x, STR("x"));
    int32_t both[] = {one, two};
    cr_assert_eq(root_of("28\\%"),
                 expr_make(x, EXPR_MEASURE, 0, STR("%"), (int32_t[]){expr_int(x, 28)}, 1));
    cr_assert_eq(root_of("2^\\circ"), expr_make(x, EXPR_MEASURE, 0, STR("deg"), &two, 1));
    cr_assert_eq(root_of("\\$2"), expr_make(x, EXPR_MEASURE, 0, STR("$"), &two, 1));
    cr_assert_eq(root_of("\\emptyset"), expr_make(x, EXPR_SET, 0, STR(""), both, 0));
    cr_assert_eq(root_of("x=2"), expr_make(x, EXPR_RELATION, 0, STR("="), (int32_t[]){s, two}, 2));
    cr_assert_eq(root_of("1<x<=2"),
                 expr_make(x, EXPR_RELATION, 0, STR("<l"), (int32_t[]){one, s, two}, 3));
    cr_assert_eq(root_of("1, 2"), expr_make(x, EXPR_LIST, 0, STR(""), both, 2));
    cr_assert_eq(root_of("1 or 2"), expr_make(x, EXPR_LIST, 0, STR("or"), both, 2));
    cr_assert_eq(root_of("(1,2)"), expr_make(x, EXPR_TUPLE, 0, STR(""), both, 2));
    cr_assert_eq(root_of("[1,2)"), expr_make(x, EXPR_INTERVAL, EXPR_OPEN_TO, STR(""), both, 2));
    cr_assert_eq(root_of("1\\pm 2"), expr_make(x, EXPR_PLUS_MINUS, 0, STR(""), both, 2));
    cr_assert_eq(root_of("\\mp 2"),
                 expr_make(x, EXPR_PLUS_MINUS, 1, STR(""), (int32_t[]){expr_int(x, 0), two}, 2));
    int32_t f = expr_symbol(x, STR("f"));
    int32_t call = expr_make(x, EXPR_APPLY, 0, STR(""), (int32_t[]){f, s}, 2);
    cr_assert_eq(expr_arg(x, root_of("f(x)=x^2"), 0), call);
    int32_t in = root_of("x \\in [1,2]");
    cr_assert(str_eq(expr_name(x, in), STR("e")));
    cr_assert_eq(expr_arg(x, in, 1), expr_make(x, EXPR_INTERVAL, 0, STR(""), both, 2));
    int32_t cong = root_of("x \\equiv 1 \\pmod 2");
    cr_assert_eq(cong, expr_make(x, EXPR_RELATION, 0, STR("c"), (int32_t[]){s, one, two}, 3));
    int32_t or = root_of("x=1 or x=2");
    cr_assert(expr_is(x, or, EXPR_OR));
    cr_assert_eq(expr_arg(x, or, 1), root_of("x=2"));
    int32_t m = root_of("\\begin{bmatrix}1&2\\end{bmatrix}");
    cr_assert_eq(m, expr_make(x, EXPR_MATRIX, 2, STR(""), both, 2));
    cr_assert_eq(root_of("\\alpha"), expr_symbol(x, STR("\\alpha")));
    cr_assert_eq(root_of("No Solution"), expr_make(x, EXPR_TEXT, 0, STR("no solution"), both, 0));
    cr_assert_eq(root_of("A"), expr_make(x, EXPR_LETTER, 0, STR("A"), both, 0));
    cr_assert_eq(root_of("9!!"), expr_call(x, EXPR_DOUBLE_FACTORIAL, expr_int(x, 9)));
}

Test(latex, other_readings_are_kept)
{
    cr_assert(has_reading("1,234", root_of("1, 234")));
    cr_assert(has_reading("(1,2)", root_of("]1,2[")));
    cr_assert(has_reading("[1,2]", root_of("(1,2)")));
    cr_assert(has_reading("1\\frac12", root_of("1 \\cdot \\frac12")));
    cr_assert(has_reading("f(x)", root_of("f \\cdot x")));
    cr_assert(has_reading("f(x)", root_of("f(x)")));
    cr_assert(has_reading("x^12", root_of("x \\cdot 2")));
    cr_assert(has_reading("1/2x", root_of("\\frac{1}{2x}")));
    cr_assert(has_reading("\\log 5", root_of("\\log_{10} 5")));
    cr_assert(has_reading("\\log 5", root_of("\\ln 5")));
    cr_assert(has_reading("A", root_of("\\mathit{A}")));
    cr_assert(has_reading("e", root_of("\\mathit{e}")));
    cr_assert(has_reading("2*E", root_of("2e")));
    cr_assert(has_reading("5m", root_of("5\\text{ m}")));
    cr_assert(has_reading("9.8 m/s^2", root_of("9.8 \\text{m/s}^2")));
    cr_assert(has_reading("\\sin\\pi/4", root_of("(\\sin\\pi)/4")));
    cr_assert(has_reading("5\\sqrt3 \\approx 8.66", root_of("5\\sqrt3")));
    cr_assert(has_reading("{5}", root_of("\\{5\\}")));
    cr_assert(has_reading("0.333...", root_of("0.333")));
}

Test(latex, plain_texts_have_one_reading)
{
    static const char *const plain[] = {"5",       "\\frac{1}{2}", "x^2+1",     "\\sqrt{2}",
                                        "[0,1)",   "x=1",          "\\{1,2\\}", "\\text{Even}",
                                        "(1,2,3)", "2\\pi",        "1, 2"};
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        cr_expect_eq(latex_read(x, str_of(plain[i]), tmp).n, 1, "%s", plain[i]);
}

/* ------------------------------------------------------------------------ not understood */

Test(latex, what_is_not_understood_is_named_by_its_byte)
{
    static const struct {
        const char *text;
        int64_t at;
    } all[] = {{"x \\foo y", 2},
               {"\\int_0^1 x\\,dx", 0},
               {"\\lim_{n\\to\\infty} a_n", 0},
               {"(1,2", 4},
               {"1,2)", 3},
               {"\\frac{1}{2", 10},
               {"x + ", 3},
               {"x = = 2", 4},
               {"2 # 3", 2},
               {"|x", 2},
               {"\\sqrt", 5},
               {"\xef\xbc\x91 @", 4},
               {"\\begin{cases} x", 15},
               {"n \\text{ not divisible by } 3", 9},
               {"x \xe2\x8a\x97 y", 2},
               {"\xff", 0},
               {"\\text{the number } 5 \\text{ if it is large}", 6}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        struct latex r = latex_read(x, str_of(all[i].text), tmp);
        cr_expect_eq(r.end, LATEX_UNKNOWN, "%s", all[i].text);
        cr_expect_eq(r.at, all[i].at, "%s: %s at %lld", all[i].text, r.why, (long long)r.at);
    }
}

Test(latex, space_alone_is_empty)
{
    static const char *const none[] = {"", " \n\t", "$$", "\\,", "~"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        cr_expect_eq(latex_read(x, str_of(none[i]), tmp).end, LATEX_EMPTY, "%s", none[i]);
}

Test(latex, arithmetic_with_collections_is_refused)
{
    static const char *const bad[] = {
        "2[0,1)",     "\\overline{53}", "\\begin{pmatrix}1\\end{pmatrix}^x",
        "\\{1\\}^2",  "x + \\{1,2\\}",  "\\text{yes} + 1",
        "2\\{1,2\\}", "\\mathbb{R} x"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        cr_expect_eq(latex_read(x, str_of(bad[i]), tmp).end, LATEX_UNKNOWN, "%s", bad[i]);
}

Test(latex, names_are_in_the_order_their_search_needs)
{
    cr_assert(latex_names_are_sorted());
}
