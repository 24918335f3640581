#include <assert.h>

#include "base/err.h"
#include "graders/math/expr.h"

/* How tightly a node holds together; what is looser than its place gets brackets. */
enum level { LEVEL_STATEMENT, LEVEL_SET, LEVEL_SUM, LEVEL_PRODUCT, LEVEL_POWER, LEVEL_ATOM };

struct printer {
    const struct exprs *x;
    struct buf *out;
    int64_t from;
    int64_t n_max;
    bool is_full;
};

static void print(struct printer *p, int32_t e, enum level level);

static void put(struct printer *p, struct str s)
{
    if (p->is_full)
        return;
    if (p->out->n - p->from + s.n > p->n_max) {
        p->is_full = true;
        s = STR("\xe2\x80\xa6");
    }
    buf_put(p->out, s);
}

static void put_z(struct printer *p, const char *z)
{
    put(p, str_of(z));
}

static void put_args(struct printer *p, int32_t e, const char *between, enum level level)
{
    for (int32_t i = 0; i < expr_n_args(p->x, e) && !p->is_full; i++) {
        put_z(p, i > 0 ? between : "");
        print(p, expr_arg(p->x, e, i), level);
    }
}

const char *expr_function_name(enum expr_function f)
{
    static const char *const names[EXPR_N_FUNCTIONS] = {
        [EXPR_SIN] = "sin",           [EXPR_COS] = "cos",       [EXPR_TAN] = "tan",
        [EXPR_COT] = "cot",           [EXPR_SEC] = "sec",       [EXPR_CSC] = "csc",
        [EXPR_ASIN] = "arcsin",       [EXPR_ACOS] = "arccos",   [EXPR_ATAN] = "arctan",
        [EXPR_ACOT] = "arccot",       [EXPR_ASEC] = "arcsec",   [EXPR_ACSC] = "arccsc",
        [EXPR_SINH] = "sinh",         [EXPR_COSH] = "cosh",     [EXPR_TANH] = "tanh",
        [EXPR_COTH] = "coth",         [EXPR_ASINH] = "arcsinh", [EXPR_ACOSH] = "arccosh",
        [EXPR_ATANH] = "arctanh",     [EXPR_LN] = "ln",         [EXPR_LOG] = "log",
        [EXPR_ROOT] = "root",         [EXPR_FACTORIAL] = "!",   [EXPR_DOUBLE_FACTORIAL] = "!!",
        [EXPR_BINOMIAL] = "binomial", [EXPR_FLOOR] = "floor",   [EXPR_CEIL] = "ceil",
        [EXPR_ABS] = "abs",           [EXPR_SIGN] = "sign",     [EXPR_MIN] = "min",
        [EXPR_MAX] = "max",           [EXPR_GCD] = "gcd",       [EXPR_LCM] = "lcm",
        [EXPR_MOD] = "Mod",           [EXPR_RE] = "Re",         [EXPR_IM] = "Im",
        [EXPR_CONJ] = "conj",         [EXPR_ARG] = "arg",       [EXPR_DET] = "det",
        [EXPR_PHI] = "totient"};
    assert(f < EXPR_N_FUNCTIONS);
    return names[f];
}

/* --------------------------------------------------------------------------------- numbers */

/* The digits of |v|; "…" for numbers that would not fit anyway. */
static void put_integer(struct printer *p, const fmpz_t v)
{
    enum { ROOM = 256 };
    char text[ROOM];
    if ((int64_t)fmpz_sizeinbase(v, 10) + 2 <= ROOM) {
        (void)fmpz_get_str(text, 10, v);
        put_z(p, text[0] == '-' ? text + 1 : text);
        return;
    }
    int64_t n = (int64_t)fmpz_sizeinbase(v, 10) + 2;
    if (p->out->n - p->from + n > p->n_max + ROOM) {
        put_z(p, "\xe2\x80\xa6");
        p->is_full = true;
        return;
    }
    struct buf big = {0};
    buf_reserve(&big, n);
    (void)fmpz_get_str(big.at, 10, v);
    put_z(p, big.at[0] == '-' ? big.at + 1 : big.at);
    buf_free(&big);
}

/* |v| with its decimals: 0.50, 12.0e4. */
static void put_decimal(struct printer *p, const fmpq *v, int32_t decimals)
{
    fmpz_t scaled;
    fmpz_t ten;
    fmpz_t low;
    fmpz_init(scaled);
    fmpz_init(low);
    fmpz_init_set_ui(ten, 10);
    int64_t k = decimals < 0 ? -(int64_t)decimals : decimals;
    fmpz_pow_ui(ten, ten, (ulong)k);
    if (decimals >= 0)
        fmpz_mul(scaled, fmpq_numref(v), ten);
    else
        fmpz_set(scaled, fmpq_numref(v));
    if (decimals < 0)
        fmpz_mul(ten, ten, fmpq_denref(v));
    fmpz_divexact(scaled, scaled, decimals < 0 ? ten : fmpq_denref(v));
    fmpz_abs(scaled, scaled);
    int64_t n_digits = (int64_t)fmpz_sizeinbase(scaled, 10);
    int64_t n_after = decimals > 0 ? decimals : n_digits > 2 ? n_digits - 1 : 1; /* 6.02e23 */
    fmpz_set_ui(ten, 10);
    fmpz_pow_ui(ten, ten, (ulong)n_after);
    fmpz_fdiv_qr(scaled, low, scaled, ten);
    put_integer(p, scaled);
    put_z(p, ".");
    int64_t n_low = fmpz_is_zero(low) ? 1 : (int64_t)fmpz_sizeinbase(low, 10);
    for (int64_t i = n_low; i < n_after && !p->is_full; i++)
        put_z(p, "0");
    put_integer(p, low);
    if (decimals <= 0) {
        CLEANUP(buf_free) struct buf power = {0};
        buf_fmt(&power, "e%lld", (long long)n_after - decimals);
        put(p, buf_str(&power));
    }
    fmpz_clear(scaled);
    fmpz_clear(ten);
    fmpz_clear(low);
}

static bool is_decimal(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_NUMBER) && expr_decimals(x, e) != EXPR_EXACT;
}

/* A decimal factor keeps its own sign: -(2.5 x) would be read as an exact -5/2 times x. */
static bool is_negative(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_NUMBER))
        return fmpq_sgn(expr_number(x, e)) < 0;
    if (expr_is(x, e, EXPR_MUL))
        for (int32_t i = 0; i < expr_n_args(x, e); i++)
            if (expr_is(x, expr_arg(x, e, i), EXPR_NUMBER))
                return !is_decimal(x, expr_arg(x, e, i)) &&
                       fmpq_sgn(expr_number(x, expr_arg(x, e, i))) < 0;
    return false;
}

/* |v|, a fraction only when asked for. */
static void put_number(struct printer *p, int32_t e)
{
    const fmpq *v = expr_number(p->x, e);
    if (is_decimal(p->x, e)) {
        put_decimal(p, v, expr_decimals(p->x, e));
        return;
    }
    put_integer(p, fmpq_numref(v));
    if (fmpz_is_one(fmpq_denref(v)))
        return;
    put_z(p, "/");
    put_integer(p, fmpq_denref(v));
}

/* ---------------------------------------------------------------------- sums and products */

static bool is_inverse(const struct exprs *x, int32_t e)
{
    return expr_is(x, e, EXPR_POW) && expr_is_int(x, expr_arg(x, e, 1), -1);
}

/* The factors above the bar: |numerator| unless it is 1, and all that is no inverse. */
static bool put_numerator(struct printer *p, int32_t e)
{
    bool is_any = false;
    int32_t n = expr_n_args(p->x, e);
    for (int32_t i = 0; i < n; i++) {
        int32_t a = expr_arg(p->x, e, i);
        if (!expr_is(p->x, a, EXPR_NUMBER))
            continue;
        const fmpq *v = expr_number(p->x, a);
        if (!is_decimal(p->x, a) && fmpz_is_pm1(fmpq_numref(v)))
            continue;
        if (is_decimal(p->x, a))
            print(p, a, LEVEL_PRODUCT);
        else
            put_integer(p, fmpq_numref(v));
        is_any = true;
    }
    for (int32_t i = 0; i < n; i++) {
        int32_t a = expr_arg(p->x, e, i);
        if (expr_is(p->x, a, EXPR_NUMBER) || is_inverse(p->x, a))
            continue;
        put_z(p, is_any ? "*" : "");
        print(p, a, LEVEL_POWER);
        is_any = true;
    }
    return is_any;
}

static void put_denominator(struct printer *p, int32_t e)
{
    for (int32_t i = 0; i < expr_n_args(p->x, e); i++) {
        int32_t a = expr_arg(p->x, e, i);
        if (is_inverse(p->x, a)) {
            put_z(p, "/");
            print(p, expr_arg(p->x, a, 0), LEVEL_POWER);
        } else if (expr_is(p->x, a, EXPR_NUMBER) && !is_decimal(p->x, a) &&
                   !fmpz_is_one(fmpq_denref(expr_number(p->x, a)))) {
            put_z(p, "/");
            put_integer(p, fmpq_denref(expr_number(p->x, a)));
        }
    }
}

static void put_product(struct printer *p, int32_t e)
{
    if (!put_numerator(p, e))
        put_z(p, "1");
    put_denominator(p, e);
}

/* Without its sign. */
static void put_term(struct printer *p, int32_t e)
{
    if (expr_is(p->x, e, EXPR_NUMBER))
        put_number(p, e);
    else if (expr_is(p->x, e, EXPR_MUL))
        put_product(p, e);
    else
        print(p, e, LEVEL_PRODUCT);
}

static void put_sum(struct printer *p, int32_t e)
{
    for (int32_t i = 0; i < expr_n_args(p->x, e) && !p->is_full; i++) {
        int32_t a = expr_arg(p->x, e, i);
        bool is_minus = is_negative(p->x, a);
        put_z(p, i == 0 ? (is_minus ? "-" : "") : is_minus ? " - " : " + ");
        put_term(p, a);
    }
}

static bool is_plain_exponent(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_SYMBOL))
        return expr_name(x, e).n == 1 && expr_name(x, e).at[0] != 'e' &&
               expr_name(x, e).at[0] != 'i';
    return expr_is(x, e, EXPR_NUMBER) && !is_decimal(x, e) &&
           fmpz_is_one(fmpq_denref(expr_number(x, e))) && !is_negative(x, e);
}

static void put_power(struct printer *p, int32_t e)
{
    int32_t base = expr_arg(p->x, e, 0);
    int32_t exponent = expr_arg(p->x, e, 1);
    bool is_half = expr_is(p->x, exponent, EXPR_NUMBER) && !is_decimal(p->x, exponent) &&
                   fmpz_is_one(fmpq_numref(expr_number(p->x, exponent))) &&
                   fmpz_equal_ui(fmpq_denref(expr_number(p->x, exponent)), 2);
    if (is_half) {
        put_z(p, "sqrt(");
        print(p, base, LEVEL_SUM);
        put_z(p, ")");
        return;
    }
    bool is_choose =
        expr_is(p->x, base, EXPR_SYMBOL) && str_starts(expr_name(p->x, base), STR("C_"));
    put_z(p, is_choose ? "(" : "");
    print(p, base, LEVEL_ATOM);
    put_z(p, is_choose ? ")^" : "^");
    bool is_plain = is_plain_exponent(p->x, exponent);
    put_z(p, is_plain ? "" : "(");
    print(p, exponent, LEVEL_SUM);
    put_z(p, is_plain ? "" : ")");
}

/* ----------------------------------------------------------------------------------- names */

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void put_symbol(struct printer *p, struct str name)
{
    bool is_constant = name.n == 1 && (name.at[0] == 'e' || name.at[0] == 'i');
    bool is_plain =
        name.at[0] == '\\' ||
        (is_letter(name.at[0]) && (name.n == 1 || name.at[1] == '_' || name.at[1] == '\''));
    if (is_plain && !is_constant) {
        put(p, name);
        return;
    }
    put_z(p, "\\mathit{");
    put(p, name);
    put_z(p, "}");
}

static void put_constant(struct printer *p, int32_t which)
{
    static const char *const names[EXPR_N_CONSTANTS] = {
        [EXPR_PI] = "\xcf\x80",
        [EXPR_E] = "e",
        [EXPR_I] = "i",
        [EXPR_INFINITY] = "\xe2\x88\x9e",
        [EXPR_GOLDEN] = "golden ratio",
        [EXPR_GAMMA] = "euler gamma",
        [EXPR_NATURALS] = "\xe2\x84\x95",
        [EXPR_INTEGERS] = "\xe2\x84\xa4",
        [EXPR_RATIONALS] = "\xe2\x84\x9a",
        [EXPR_REALS] = "\xe2\x84\x9d",
        [EXPR_COMPLEXES] = "\xe2\x84\x82",
    };
    put_z(p, names[which]);
}

static void put_call(struct printer *p, int32_t e)
{
    enum expr_function f = (enum expr_function)expr_which(p->x, e);
    if (f == EXPR_FACTORIAL || f == EXPR_DOUBLE_FACTORIAL) {
        print(p, expr_arg(p->x, e, 0), LEVEL_ATOM);
        put_z(p, expr_function_name(f));
        return;
    }
    put_z(p, expr_function_name(f));
    put_z(p, "(");
    put_args(p, e, ", ", LEVEL_SUM);
    put_z(p, ")");
}

static void put_apply(struct printer *p, int32_t e)
{
    print(p, expr_arg(p->x, e, 0), LEVEL_ATOM);
    put_z(p, "(");
    for (int32_t i = 1; i < expr_n_args(p->x, e); i++) {
        put_z(p, i > 1 ? ", " : "");
        print(p, expr_arg(p->x, e, i), LEVEL_STATEMENT);
    }
    put_z(p, ")");
}

static void put_big(struct printer *p, int32_t e)
{
    bool is_set = expr_n_args(p->x, e) == 3;
    put_z(p, expr_op(p->x, e) == EXPR_SUM ? "\\sum_{" : "\\prod_{");
    put_symbol(p, expr_name(p->x, expr_arg(p->x, e, 1)));
    put_z(p, is_set ? " \xe2\x88\x88 " : " = ");
    print(p, expr_arg(p->x, e, 2), LEVEL_SET);
    put_z(p, "}");
    if (!is_set) {
        put_z(p, "^{");
        print(p, expr_arg(p->x, e, 3), LEVEL_SUM);
        put_z(p, "}");
    }
    put_z(p, " (");
    print(p, expr_arg(p->x, e, 0), LEVEL_SUM);
    put_z(p, ")");
}

static void put_measure(struct printer *p, int32_t e)
{
    static const struct {
        const char *unit;
        const char *before;
        const char *after;
    } signs[] = {{"%", "", "%"},
                 {"deg", "", "\xc2\xb0"},
                 {"degC", "",
                  "\xc2\xb0"
                  "C"},
                 {"degF", "",
                  "\xc2\xb0"
                  "F"},
                 {"$", "\\$", ""},
                 {"euro", "\xe2\x82\xac", ""},
                 {"gbp", "\xc2\xa3", ""},
                 {"yen", "\xc2\xa5", ""}};
    int32_t value = expr_arg(p->x, e, 0);
    struct str unit = expr_name(p->x, e);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_eq(unit, str_of(signs[i].unit))) {
            put_z(p, signs[i].before);
            print(p, value, LEVEL_ATOM);
            put_z(p, signs[i].after);
            return;
        }
    print(p, value, LEVEL_PRODUCT);
    put_z(p, " \\text{");
    put(p, unit);
    put_z(p, "}");
}

/* ----------------------------------------------------------------------------- collections */

static bool is_infinite(const struct exprs *x, int32_t e)
{
    if (expr_is(x, e, EXPR_MUL))
        for (int32_t i = 0; i < expr_n_args(x, e); i++)
            if (expr_is_constant(x, expr_arg(x, e, i), EXPR_INFINITY))
                return true;
    return expr_is_constant(x, e, EXPR_INFINITY);
}

/* ]0, 1[ because (0, 1) is a pair. */
static void put_interval(struct printer *p, int32_t e)
{
    int32_t open = expr_which(p->x, e);
    bool is_line =
        is_infinite(p->x, expr_arg(p->x, e, 0)) || is_infinite(p->x, expr_arg(p->x, e, 1));
    bool is_outward = open == (EXPR_OPEN_FROM | EXPR_OPEN_TO) && !is_line;
    put_z(p, is_outward ? "]" : (open & EXPR_OPEN_FROM) != 0 ? "(" : "[");
    put_args(p, e, ", ", LEVEL_SUM);
    put_z(p, is_outward ? "[" : (open & EXPR_OPEN_TO) != 0 ? ")" : "]");
}

static void put_set(struct printer *p, int32_t e)
{
    bool is_one = expr_n_args(p->x, e) == 1; /* {5} may only group */
    put_z(p, is_one ? "\\{" : "{");
    put_args(p, e, ", ", LEVEL_STATEMENT);
    put_z(p, is_one ? "\\}" : "}");
}

static void put_matrix(struct printer *p, int32_t e)
{
    int32_t n_columns = expr_which(p->x, e);
    put_z(p, "[");
    for (int32_t i = 0; i < expr_n_args(p->x, e) && !p->is_full; i++) {
        put_z(p, i % n_columns != 0 ? ", " : i > 0 ? "], [" : "[");
        print(p, expr_arg(p->x, e, i), LEVEL_STATEMENT);
    }
    put_z(p, "]]");
}

static bool are_cases(const struct exprs *x, int32_t e)
{
    return expr_n_args(x, e) > 0 && expr_is(x, expr_arg(x, e, 0), EXPR_FOR_ALL);
}

static void put_cases(struct printer *p, int32_t e)
{
    put_z(p, "\\begin{cases} ");
    for (int32_t i = 0; i < expr_n_args(p->x, e) && !p->is_full; i++) {
        int32_t a = expr_arg(p->x, e, i);
        put_z(p, i > 0 ? " \\\\ " : "");
        if (expr_is(p->x, a, EXPR_FOR_ALL))
            put_args(p, a, " & ", LEVEL_STATEMENT);
    }
    put_z(p, " \\end{cases}");
}

static void put_list(struct printer *p, int32_t e)
{
    struct str name = expr_name(p->x, e);
    if (str_eq(name, STR("or")) && are_cases(p->x, e))
        put_cases(p, e);
    else
        put_args(p, e,
                 str_eq(name, STR("+"))     ? " + "
                 : str_eq(name, STR("*"))   ? "*"
                 : str_eq(name, STR("or"))  ? " or "
                 : str_eq(name, STR("and")) ? " and "
                                            : ", ",
                 str_eq(name, STR("*"))   ? LEVEL_POWER
                 : str_eq(name, STR("+")) ? LEVEL_PRODUCT
                                          : LEVEL_STATEMENT);
}

/* ------------------------------------------------------------------------------ statements */

static const char *relation_sign(char c)
{
    switch (c) {
    case EXPR_EQ:
        return " = ";
    case EXPR_NE:
        return " \xe2\x89\xa0 ";
    case EXPR_LT:
        return " < ";
    case EXPR_LE:
        return " \xe2\x89\xa4 ";
    case EXPR_GT:
        return " > ";
    case EXPR_GE:
        return " \xe2\x89\xa5 ";
    case EXPR_IN:
        return " \xe2\x88\x88 ";
    case EXPR_NOT_IN:
        return " \xe2\x88\x89 ";
    case EXPR_SUBSET:
        return " \xe2\x8a\x82 ";
    case EXPR_APPROX:
        return " \xe2\x89\x88 ";
    case EXPR_DIVIDES:
        return " \xe2\x88\xa3 ";
    default:
        return " \xe2\x89\xa1 ";
    }
}

static void put_relation(struct printer *p, int32_t e)
{
    struct str names = expr_name(p->x, e);
    bool is_modulus = str_eq(names, STR("c")) && expr_n_args(p->x, e) == 3;
    int32_t n = is_modulus ? 2 : expr_n_args(p->x, e);
    for (int32_t i = 0; i < n && !p->is_full; i++) {
        put_z(p, i > 0 ? relation_sign(i - 1 < names.n ? names.at[i - 1] : '=') : "");
        int32_t a = expr_arg(p->x, e, i);
        bool is_list = expr_is(p->x, a, EXPR_LIST); /* x = 1, 2 */
        print(p, a, is_list ? LEVEL_STATEMENT : LEVEL_SET);
    }
    if (!is_modulus)
        return;
    put_z(p, " (mod ");
    print(p, expr_arg(p->x, e, 2), LEVEL_SUM);
    put_z(p, ")");
}

/* ----------------------------------------------------------------------------------- nodes */

static enum level level_of(const struct exprs *x, int32_t e)
{
    switch (expr_op(x, e)) {
    case EXPR_NUMBER:
        if (is_negative(x, e))
            return LEVEL_SUM;
        return is_decimal(x, e) || fmpz_is_one(fmpq_denref(expr_number(x, e))) ? LEVEL_ATOM
                                                                               : LEVEL_PRODUCT;
    case EXPR_ADD:
    case EXPR_PLUS_MINUS:
        return LEVEL_SUM;
    case EXPR_MUL:
        return is_negative(x, e) ? LEVEL_SUM : LEVEL_PRODUCT;
    case EXPR_SUM:
    case EXPR_PRODUCT:
    case EXPR_MEASURE:
        return LEVEL_PRODUCT;
    case EXPR_POW:
        return is_inverse(x, e) ? LEVEL_PRODUCT : LEVEL_POWER;
    case EXPR_CALL:
        return expr_is_call(x, e, EXPR_FACTORIAL) || expr_is_call(x, e, EXPR_DOUBLE_FACTORIAL)
                   ? LEVEL_POWER
                   : LEVEL_ATOM;
    case EXPR_UNION:
    case EXPR_INTERSECTION:
    case EXPR_DIFFERENCE:
        return LEVEL_SET;
    case EXPR_RELATION:
    case EXPR_NOT:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_FOR_ALL:
        return LEVEL_STATEMENT;
    default:
        return LEVEL_ATOM;
    }
}

static void put_plus_minus(struct printer *p, int32_t e)
{
    if (!expr_is_int(p->x, expr_arg(p->x, e, 0), 0)) {
        print(p, expr_arg(p->x, e, 0), LEVEL_SUM);
        put_z(p, " ");
    }
    put_z(p, expr_which(p->x, e) == 0 ? "\xc2\xb1 " : "\xe2\x88\x93 ");
    print(p, expr_arg(p->x, e, 1), LEVEL_PRODUCT);
}

static void put_inverse_or_power(struct printer *p, int32_t e)
{
    if (!is_inverse(p->x, e)) {
        put_power(p, e);
        return;
    }
    put_z(p, "1/");
    print(p, expr_arg(p->x, e, 0), LEVEL_POWER);
}

static void put_scalar(struct printer *p, int32_t e)
{
    switch (expr_op(p->x, e)) {
    case EXPR_NUMBER:
        put_z(p, is_negative(p->x, e) ? "-" : "");
        put_number(p, e);
        break;
    case EXPR_CONSTANT:
        put_constant(p, expr_which(p->x, e));
        break;
    case EXPR_SYMBOL:
        put_symbol(p, expr_name(p->x, e));
        break;
    case EXPR_ADD:
        put_sum(p, e);
        break;
    case EXPR_MUL:
        put_z(p, is_negative(p->x, e) ? "-" : "");
        put_product(p, e);
        break;
    case EXPR_POW:
        put_inverse_or_power(p, e);
        break;
    case EXPR_CALL:
        put_call(p, e);
        break;
    case EXPR_APPLY:
        put_apply(p, e);
        break;
    case EXPR_SUM:
    case EXPR_PRODUCT:
        put_big(p, e);
        break;
    case EXPR_PLUS_MINUS:
        put_plus_minus(p, e);
        break;
    case EXPR_MEASURE:
        put_measure(p, e);
        break;
    default:
        put_z(p, "...");
        break;
    }
}

static void put_tuple(struct printer *p, int32_t e)
{
    if (expr_name(p->x, e).n > 0) { /* shares of a ratio */
        put_args(p, e, " : ", LEVEL_SUM);
        return;
    }
    put_z(p, "(");
    put_args(p, e, ", ", LEVEL_STATEMENT);
    put_z(p, ")");
}

static void put_collection(struct printer *p, int32_t e)
{
    switch (expr_op(p->x, e)) {
    case EXPR_LIST:
        put_list(p, e);
        break;
    case EXPR_TUPLE:
        put_tuple(p, e);
        break;
    case EXPR_SET:
        put_set(p, e);
        break;
    case EXPR_INTERVAL:
        put_interval(p, e);
        break;
    case EXPR_UNION:
        put_args(p, e, " \xe2\x88\xaa ", LEVEL_SUM);
        break;
    case EXPR_INTERSECTION:
        put_args(p, e, " \xe2\x88\xa9 ", LEVEL_SUM);
        break;
    case EXPR_DIFFERENCE:
        put_args(p, e, " \xe2\x88\x96 ", LEVEL_SUM);
        break;
    case EXPR_BUILDER:
        put_z(p, "{");
        put_args(p, e, " | ", LEVEL_STATEMENT);
        put_z(p, "}");
        break;
    default:
        put_matrix(p, e);
        break;
    }
}

static void put_statement(struct printer *p, int32_t e)
{
    switch (expr_op(p->x, e)) {
    case EXPR_RELATION:
        put_relation(p, e);
        break;
    case EXPR_NOT:
        put_z(p, "\xc2\xac");
        put_args(p, e, ", ", LEVEL_ATOM);
        break;
    case EXPR_AND:
        put_args(p, e, " \xe2\x88\xa7 ", LEVEL_SET);
        break;
    case EXPR_OR:
        put_args(p, e, " or ", LEVEL_SET);
        break;
    case EXPR_FOR_ALL:
        put_args(p, e, " for all ", LEVEL_STATEMENT);
        break;
    case EXPR_TEXT:
        put_z(p, "\"");
        put(p, expr_name(p->x, e));
        put_z(p, "\"");
        break;
    default:
        put(p, expr_name(p->x, e));
        break;
    }
}

static void put_node(struct printer *p, int32_t e)
{
    enum expr_op op = expr_op(p->x, e);
    if (op < EXPR_LIST)
        put_scalar(p, e);
    else if (op < EXPR_RELATION)
        put_collection(p, e);
    else
        put_statement(p, e);
}

static void print(struct printer *p, int32_t e, enum level level)
{
    if (p->is_full)
        return;
    bool is_loose = level_of(p->x, e) < level;
    put_z(p, is_loose ? "(" : "");
    put_node(p, e);
    put_z(p, is_loose ? ")" : "");
}

void expr_print(const struct exprs *x, int32_t e, int64_t n_max, struct buf *out)
{
    struct printer p = {x, out, out->n, n_max, false};
    if (e == EXPR_NONE)
        put_z(&p, "(nothing)");
    else
        print(&p, e, LEVEL_STATEMENT);
}
