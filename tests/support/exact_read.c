#include "tests/support/exact_read.h"

#include <ctype.h>

#include "tests/support/support.h"

struct reader {
    struct exprs *x;
    const char *all;
    const char *at;
};

static int32_t read_sum(struct reader *r);

static bool take(struct reader *r, char c)
{
    while (*r->at == ' ')
        r->at++;
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

static void need(struct reader *r, char c)
{
    cr_assert(take(r, c), "%s: '%c' expected at %s", r->all, c, r->at);
}

static int32_t function_named(struct str name)
{
    static const char *const names[EXPR_N_FUNCTIONS] = {
        "sin",  "cos",  "tan",  "cot",   "sec",      "csc",   "asin",  "acos",  "atan",  "acot",
        "asec", "acsc", "sinh", "cosh",  "tanh",     "coth",  "asinh", "acosh", "atanh", "ln",
        "log",  "root", "fact", "dfact", "binomial", "floor", "ceil",  "abs",   "sign",  "min",
        "max",  "gcd",  "lcm",  "mod",   "re",       "im",    "conj",  "arg",   "det",   "phi",
    };
    for (int32_t i = 0; i < EXPR_N_FUNCTIONS; i++)
        if (str_eq(name, str_of(names[i])))
            return i;
    return -1;
}

static int32_t read_call(struct reader *r, struct str name)
{
    int32_t args[16];
    int32_t n = 0;
    need(r, '(');
    do {
        cr_assert_lt(n, 16);
        args[n++] = read_sum(r);
    } while (take(r, ','));
    need(r, ')');
    if (str_eq(name, STR("sqrt")))
        return expr_sqrt(r->x, args[0]);
    if (str_eq(name, STR("cbrt")))
        return expr_call2(r->x, EXPR_ROOT, args[0], expr_int(r->x, 3));
    bool is_sum = str_eq(name, STR("sum"));
    if (is_sum || str_eq(name, STR("prod"))) {
        cr_assert_eq(n, 4);
        int32_t ordered[4] = {args[3], args[0], args[1], args[2]};
        return expr_make(r->x, is_sum ? EXPR_SUM : EXPR_PRODUCT, 0, STR(""), ordered, 4);
    }
    int32_t f = function_named(name);
    cr_assert(f >= 0, "%s: no function %.*s", r->all, STR_ARG(name));
    return expr_make(r->x, EXPR_CALL, f, STR(""), args, n);
}

static int32_t read_name(struct reader *r)
{
    struct str name = {r->at, 0};
    while (isalpha((unsigned char)*r->at) != 0) {
        r->at++;
        name.n++;
    }
    if (*r->at == '(')
        return read_call(r, name);
    if (str_eq(name, STR("pi")))
        return expr_constant(r->x, EXPR_PI);
    if (str_eq(name, STR("e")))
        return expr_constant(r->x, EXPR_E);
    if (str_eq(name, STR("i")))
        return expr_constant(r->x, EXPR_I);
    if (str_eq(name, STR("inf")))
        return expr_constant(r->x, EXPR_INFINITY);
    if (str_eq(name, STR("gamma")))
        return expr_constant(r->x, EXPR_GAMMA);
    cr_assert_eq(name.n, 1, "%s: no name %.*s", r->all, STR_ARG(name));
    return expr_symbol(r->x, name);
}

static int32_t read_atom(struct reader *r)
{
    int32_t made;
    if (take(r, '(')) {
        made = read_sum(r);
        need(r, ')');
    } else if (isdigit((unsigned char)*r->at) != 0) {
        struct str digits = {r->at, 0};
        while (isdigit((unsigned char)*r->at) != 0 || *r->at == '.') {
            r->at++;
            digits.n++;
        }
        made = expr_digits(r->x, digits);
    } else {
        made = read_name(r);
    }
    while (take(r, '!'))
        made = expr_call(r->x, EXPR_FACTORIAL, made);
    return made;
}

static int32_t read_power(struct reader *r)
{
    if (take(r, '-'))
        return expr_neg(r->x, read_power(r));
    int32_t base = read_atom(r);
    return take(r, '^') ? expr_pow(r->x, base, read_power(r)) : base;
}

static int32_t read_product(struct reader *r)
{
    int32_t made = read_power(r);
    for (;;) {
        if (take(r, '*'))
            made = expr_mul(r->x, made, read_power(r));
        else if (take(r, '/'))
            made = expr_div(r->x, made, read_power(r));
        else
            return made;
    }
}

static int32_t read_sum(struct reader *r)
{
    int32_t made = read_product(r);
    for (;;) {
        if (take(r, '+'))
            made = expr_add(r->x, made, read_product(r));
        else if (take(r, '-'))
            made = expr_sub(r->x, made, read_product(r));
        else
            return made;
    }
}

int32_t exact_read(struct exprs *x, const char *text)
{
    struct reader r = {x, text, text};
    int32_t made = read_sum(&r);
    cr_assert_eq(*r.at, 0, "%s: more than a formula at %s", text, r.at);
    return made;
}
