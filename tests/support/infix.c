#include "tests/support/infix.h"

#include <criterion/criterion.h>

struct infix {
    struct exprs *x;
    const char *text;
    const char *at;
};

static int32_t sum(struct infix *p);
static int32_t statement(struct infix *p);

static void skip(struct infix *p)
{
    while (*p->at == ' ')
        p->at++;
}

static bool take(struct infix *p, const char *word)
{
    skip(p);
    size_t n = strlen(word);
    if (strncmp(p->at, word, n) != 0)
        return false;
    p->at += n;
    return true;
}

static void need(struct infix *p, const char *word)
{
    cr_assert(take(p, word), "%s: \"%s\" expected at \"%s\"", p->text, word, p->at);
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static struct str name(struct infix *p)
{
    skip(p);
    struct str s = {p->at, 0};
    while (is_letter(s.at[s.n]) ||
           (s.n > 0 && (s.at[s.n] == '_' || (s.at[s.n] >= '0' && s.at[s.n] <= '9'))))
        s.n++;
    return s;
}

static int32_t arguments(struct infix *p, int32_t *args, int32_t n, const char *end)
{
    while (!take(p, end)) {
        cr_assert(n < 16);
        args[n++] = statement(p);
        take(p, ",");
    }
    return n;
}

static int32_t constant(struct infix *p, struct str word)
{
    static const struct {
        const char *name;
        enum expr_constant c;
    } known[] = {{"pi", EXPR_PI},        {"e", EXPR_E},         {"i", EXPR_I},
                 {"inf", EXPR_INFINITY}, {"R", EXPR_REALS},     {"Z", EXPR_INTEGERS},
                 {"Q", EXPR_RATIONALS},  {"NN", EXPR_NATURALS}, {"phi", EXPR_GOLDEN}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(word, str_of(known[i].name)))
            return expr_constant(p->x, known[i].c);
    return EXPR_NONE;
}

static int32_t call(struct infix *p, struct str word)
{
    static const char *const functions[EXPR_N_FUNCTIONS] = {
        "sin",  "cos",  "tan",  "cot",   "sec",   "csc",   "asin",  "acos",  "atan",  "acot",
        "asec", "acsc", "sinh", "cosh",  "tanh",  "coth",  "asinh", "acosh", "atanh", "ln",
        "log",  "root", "fact", "dfact", "binom", "floor", "ceil",  "abs",   "sign",  "min",
        "max",  "gcd",  "lcm",  "mod",   "re",    "im",    "conj",  "arg",   "det",   "totient"};
    int32_t args[16];
    int32_t n = arguments(p, args + 1, 0, ")");
    struct exprs *x = p->x;
    if (str_eq(word, STR("sqrt")))
        return expr_sqrt(x, args[1]);
    if (str_eq(word, STR("sum")) || str_eq(word, STR("prod")))
        return expr_make(x, str_eq(word, STR("sum")) ? EXPR_SUM : EXPR_PRODUCT, 0, STR(""),
                         args + 1, n);
    if (str_eq(word, STR("pm")))
        return expr_make(x, EXPR_PLUS_MINUS, 0, STR(""), args + 1, n);
    for (int f = 0; f < EXPR_N_FUNCTIONS; f++)
        if (str_eq(word, str_of(functions[f])))
            return expr_make(x, EXPR_CALL, f, STR(""), args + 1, n);
    cr_assert(word.n == 1 && word.at[0] >= 'f' && word.at[0] <= 'h', "%s: what is %.*s?", p->text,
              STR_ARG(word));
    args[0] = expr_symbol(x, word);
    return expr_make(x, EXPR_APPLY, 0, STR(""), args, n + 1);
}

static int32_t interval(struct infix *p, bool is_open)
{
    int32_t args[2] = {sum(p), EXPR_NONE};
    need(p, ",");
    args[1] = sum(p);
    int32_t which = is_open ? EXPR_OPEN_FROM : 0;
    if (take(p, "["))
        which |= EXPR_OPEN_TO;
    else
        need(p, "]");
    return expr_make(p->x, EXPR_INTERVAL, which, STR(""), args, 2);
}

static int32_t set(struct infix *p)
{
    int32_t args[16] = {0};
    if (take(p, "}"))
        return expr_make(p->x, EXPR_SET, 0, STR(""), args, 0);
    args[0] = statement(p);
    if (take(p, ":")) {
        args[1] = statement(p);
        need(p, "}");
        return expr_make(p->x, EXPR_BUILDER, 0, STR(""), args, 2);
    }
    take(p, ",");
    int32_t n = arguments(p, args, 1, "}");
    return expr_make(p->x, EXPR_SET, 0, STR(""), args, n);
}

static int32_t number(struct infix *p)
{
    struct str s = {p->at, 0};
    while ((s.at[s.n] >= '0' && s.at[s.n] <= '9') || s.at[s.n] == '.')
        s.n++;
    cr_assert(s.n > 0, "%s: what is \"%s\"?", p->text, p->at);
    p->at += s.n;
    return expr_digits(p->x, s);
}

static int32_t atom(struct infix *p)
{
    skip(p);
    if (take(p, "(")) {
        int32_t e = statement(p);
        need(p, ")");
        return e;
    }
    if (take(p, "["))
        return interval(p, false);
    if (take(p, "]"))
        return interval(p, true);
    if (take(p, "{"))
        return set(p);
    if (!is_letter(*p->at))
        return number(p);
    struct str word = name(p);
    p->at += word.n;
    int32_t c = constant(p, word);
    if (c != EXPR_NONE)
        return c;
    return take(p, "(") ? call(p, word) : expr_symbol(p->x, word);
}

static int32_t power(struct infix *p)
{
    int32_t e = atom(p);
    for (skip(p); p->at[0] == '!' && p->at[1] != '='; skip(p)) {
        p->at++;
        e = expr_call(p->x, EXPR_FACTORIAL, e);
    }
    if (!take(p, "^"))
        return e;
    bool is_minus = take(p, "-");
    int32_t to = power(p);
    return expr_pow(p->x, e, is_minus ? expr_neg(p->x, to) : to);
}

static int32_t product(struct infix *p)
{
    if (take(p, "-"))
        return expr_neg(p->x, product(p));
    int32_t e = power(p);
    for (;;) {
        if (take(p, "*"))
            e = expr_mul(p->x, e, take(p, "-") ? expr_neg(p->x, power(p)) : power(p));
        else if (take(p, "/"))
            e = expr_div(p->x, e, power(p));
        else
            return e;
    }
}

static int32_t sum(struct infix *p)
{
    int32_t e = product(p);
    for (;;) {
        if (take(p, "+"))
            e = expr_add(p->x, e, product(p));
        else if (take(p, "-"))
            e = expr_sub(p->x, e, product(p));
        else if (take(p, "U "))
            e = expr_make(p->x, EXPR_UNION, 0, STR(""), (int32_t[]){e, product(p)}, 2);
        else if (take(p, "\\"))
            e = expr_make(p->x, EXPR_DIFFERENCE, 0, STR(""), (int32_t[]){e, product(p)}, 2);
        else
            return e;
    }
}

static char sign(struct infix *p)
{
    static const struct {
        const char *text;
        char c;
    } known[] = {{"!=", EXPR_NE},    {"<=", EXPR_LE},
                 {">=", EXPR_GE},    {"<", EXPR_LT},
                 {">", EXPR_GT},     {"=", EXPR_EQ},
                 {"in ", EXPR_IN},   {"notin ", EXPR_NOT_IN},
                 {"~", EXPR_APPROX}, {"divides ", EXPR_DIVIDES}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (take(p, known[i].text))
            return known[i].c;
    return 0;
}

static int32_t relation(struct infix *p)
{
    char signs[16];
    int32_t args[16] = {sum(p)};
    int32_t n = 1;
    for (char c = sign(p); c != 0; c = sign(p)) {
        cr_assert(n < 16);
        signs[n - 1] = c;
        args[n++] = sum(p);
    }
    if (take(p, "(mod ")) {
        cr_assert(n == 2 && signs[0] == EXPR_EQ);
        signs[0] = EXPR_CONGRUENT;
        args[n++] = sum(p);
        need(p, ")");
        return expr_make(p->x, EXPR_RELATION, 0, (struct str){signs, 1}, args, n);
    }
    return n == 1 ? args[0]
                  : expr_make(p->x, EXPR_RELATION, 0, (struct str){signs, n - 1}, args, n);
}

static int32_t negation(struct infix *p)
{
    if (!take(p, "not "))
        return relation(p);
    int32_t e = negation(p);
    return expr_make(p->x, EXPR_NOT, 0, STR(""), &e, 1);
}

static int32_t chain(struct infix *p, enum expr_op op, const char *word,
                     int32_t (*part)(struct infix *))
{
    int32_t args[16] = {part(p)};
    int32_t n = 1;
    while (take(p, word)) {
        cr_assert(n < 16);
        args[n++] = part(p);
    }
    return n == 1 ? args[0] : expr_make(p->x, op, 0, STR(""), args, n);
}

static int32_t conjunction(struct infix *p)
{
    return chain(p, EXPR_AND, "&", negation);
}

static int32_t statement(struct infix *p)
{
    return chain(p, EXPR_OR, "|", conjunction);
}

int32_t infix(struct exprs *x, const char *text)
{
    struct infix p = {.x = x, .text = text, .at = text};
    int32_t e = statement(&p);
    skip(&p);
    cr_assert(*p.at == 0, "%s: left over \"%s\"", text, p.at);
    cr_assert(e != EXPR_NONE, "%s: too large", text);
    return e;
}
