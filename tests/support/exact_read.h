/* A small reader and printer of formulas for tests and benchmarks of the prover, which must not
 * depend on the reader of answers: digits, pi e i gamma inf, + - * / ^ !, sqrt cbrt, calls by the
 * names below, sum(k, from, to, body), prod likewise, and single letters as variables. In a header,
 * because benchmarks are linked without tests/support.
 *
 *     int32_t e = exact_read(x, "sqrt(2)+sqrt(3)");     EXPR_NONE where the text makes no sense */
#pragma once
#include <ctype.h>

#include "graders/math/expr.h"

struct reader {
    struct exprs *x;
    const char *at;
    bool is_bad;
};

static inline int32_t read_sum(struct reader *r);

static inline bool take(struct reader *r, char c)
{
    while (*r->at == ' ')
        r->at++;
    if (*r->at != c)
        return false;
    r->at++;
    return true;
}

static inline void need(struct reader *r, char c)
{
    r->is_bad |= !take(r, c);
}

static inline const char *function_name(int32_t f)
{
    static const char *const names[EXPR_N_FUNCTIONS] = {
        "sin",  "cos",  "tan",  "cot",   "sec",      "csc",   "asin",  "acos",  "atan",  "acot",
        "asec", "acsc", "sinh", "cosh",  "tanh",     "coth",  "asinh", "acosh", "atanh", "ln",
        "log",  "root", "fact", "dfact", "binomial", "floor", "ceil",  "abs",   "sign",  "min",
        "max",  "gcd",  "lcm",  "mod",   "re",       "im",    "conj",  "arg",   "det",   "phi",
    };
    return names[f];
}

static inline int32_t function_named(struct str name)
{
    for (int32_t i = 0; i < EXPR_N_FUNCTIONS; i++)
        if (str_eq(name, str_of(function_name(i))))
            return i;
    return -1;
}

static inline int32_t read_call(struct reader *r, struct str name)
{
    int32_t args[16] = {0};
    int32_t n = 0;
    need(r, '(');
    do {
        args[n++] = read_sum(r);
    } while (n < 16 && take(r, ','));
    need(r, ')');
    if (str_eq(name, STR("sqrt")))
        return expr_sqrt(r->x, args[0]);
    if (str_eq(name, STR("cbrt")))
        return expr_call2(r->x, EXPR_ROOT, args[0], expr_int(r->x, 3));
    bool is_sum = str_eq(name, STR("sum"));
    if (is_sum || str_eq(name, STR("prod"))) {
        r->is_bad |= n != 4;
        int32_t ordered[4] = {args[3], args[0], args[1], args[2]};
        return expr_make(r->x, is_sum ? EXPR_SUM : EXPR_PRODUCT, 0, STR(""), ordered, 4);
    }
    int32_t f = function_named(name);
    r->is_bad |= f < 0;
    return f < 0 ? EXPR_NONE : expr_make(r->x, EXPR_CALL, f, STR(""), args, n);
}

static inline int32_t read_name(struct reader *r)
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
    r->is_bad |= name.n != 1;
    return name.n == 1 ? expr_symbol(r->x, name) : EXPR_NONE;
}

static inline int32_t read_atom(struct reader *r)
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

static inline int32_t read_power(struct reader *r)
{
    if (take(r, '-'))
        return expr_neg(r->x, read_power(r));
    int32_t base = read_atom(r);
    return take(r, '^') ? expr_pow(r->x, base, read_power(r)) : base;
}

static inline int32_t read_product(struct reader *r)
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

static inline int32_t read_sum(struct reader *r)
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

static inline int32_t exact_read(struct exprs *x, const char *text)
{
    struct reader r = {x, text, false};
    int32_t made = read_sum(&r);
    return r.is_bad || *r.at != 0 ? EXPR_NONE : made;
}

/* In the same syntax, for messages of failed tests. */
static inline void exact_print(const struct exprs *x, int32_t e, struct buf *out)
{
    static const char *const constants[EXPR_N_CONSTANTS] = {"pi", "e", "i", "inf"};
    enum expr_op op = expr_op(x, e);
    char *number = op == EXPR_NUMBER ? fmpq_get_str(NULL, 10, expr_number(x, e)) : NULL;
    if (op == EXPR_NUMBER)
        buf_fmt(out, "(%s)", number);
    if (op == EXPR_CONSTANT)
        buf_put(out, str_of(constants[expr_which(x, e)]));
    if (op == EXPR_CALL)
        buf_put(out, str_of(function_name(expr_which(x, e))));
    int32_t n = expr_n_args(x, e);
    for (int32_t i = 0; i < n; i++) {
        buf_put(out, str_of(i == 0           ? "("
                            : op == EXPR_ADD ? "+"
                            : op == EXPR_MUL ? "*"
                            : op == EXPR_POW ? "^"
                                             : ","));
        exact_print(x, expr_arg(x, e, i), out);
    }
    buf_put(out, str_of(n > 0 ? ")" : ""));
    flint_free(number);
}
