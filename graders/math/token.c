#include "graders/math/token.h"

#include <assert.h>

#include "base/utf8.h"

enum { TEXT_DEPTH = 16 };

/* `text_depth` remembers at which brace depths a \text{ (or a \mathbf{) was opened: those braces
 * are dropped, and inside a \text letters make words. */
struct wrapper {
    int64_t depth;
    bool is_text;
};

/* A braced argument of \frac is open: when it closes, more arguments follow. */
struct pending {
    int64_t depth;
    int n_args;
};

struct lexer {
    struct str s;
    int64_t i;
    int64_t depth;
    enum token_space space;
    struct wrapper wrappers[TEXT_DEPTH];
    int n_wrappers;
    struct pending pending[TEXT_DEPTH];
    int n_pending;
    struct token *out;
    int64_t n;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const struct lexer *x, int64_t ahead)
{
    return x->i + ahead < x->s.n ? x->s.at[x->i + ahead] : 0;
}

static void put(struct lexer *x, enum token_kind kind, struct str text)
{
    x->out[x->n++] = (struct token){kind, x->space, text};
    x->space = SPACE_NONE;
}

static void put_space(struct lexer *x)
{
    if (x->space != SPACE_THIN)
        x->space = SPACE_SOME;
}

static bool is_one_of(struct str name, const char *const *list)
{
    for (; *list != NULL; list++)
        if (str_eq(name, str_of(*list)))
            return true;
    return false;
}

static const char *const text_wrappers[] = {
    "text",   "textrm", "textbf", "textit", "textnormal",   "textup",     "textsf", "texttt",
    "mathrm", "mbox",   "hbox",   "rm",     "operatorname", "mathnormal", "emph",   NULL};
static const char *const math_wrappers[] = {"mathbf", "boldsymbol", "bm", "mathit",       "mathsf",
                                            "mathtt", "pmb",        "bf", "displaystyle", NULL};
static const char *const sizes[] = {"left",  "right", "middle", "big",  "Big",  "bigg",
                                    "Bigg",  "bigl",  "bigr",   "Bigl", "Bigr", "biggl",
                                    "biggr", "Biggl", "Biggr",  NULL};
static const char *const nothing[] = {"displaystyle", "textstyle", "scriptstyle", "limits",
                                      "nolimits",     "strut",     NULL};
static const char *const blanks[] = {"quad",       "qquad",    "thinspace",    "enspace", "space",
                                     "thickspace", "medspace", "nobreakspace", NULL};

static const struct {
    const char *name;
    struct str sign;
} signs[] = {
    {"times", {"*", 1}},      {"cdot", {"*", 1}},     {"ast", {"*", 1}},
    {"div", {"/", 1}},        {"lbrace", {"\\{", 2}}, {"rbrace", {"\\}", 2}},
    {"lbrack", {"[", 1}},     {"rbrack", {"]", 1}},   {"lparen", {"(", 1}},
    {"rparen", {")", 1}},     {"degree", {"deg", 3}}, {"textdegree", {"deg", 3}},
    {"percent", {"%", 1}},    {"colon", {":", 1}},    {"euro", {"\xe2\x82\xac", 3}},
    {"textdollar", {"$", 1}},
};

static const struct {
    const char *name;
    struct str command;
} spellings[] = {
    {"dfrac", {"\\frac", 5}},   {"tfrac", {"\\frac", 5}},     {"cfrac", {"\\frac", 5}},
    {"dbinom", {"\\binom", 6}}, {"tbinom", {"\\binom", 6}},   {"le", {"\\leq", 4}},
    {"ge", {"\\geq", 4}},       {"ne", {"\\neq", 4}},         {"leqslant", {"\\leq", 4}},
    {"geqslant", {"\\geq", 4}}, {"to", {"\\rightarrow", 11}}, {"dots", {"\\ldots", 6}},
    {"cdots", {"\\ldots", 6}},
};

/* ------------------------------------------------------------------------------- commands */

/* After \text: enters its braces if they follow. */
static void enter_wrapper(struct lexer *x, struct str name, bool is_text)
{
    int64_t i = x->i;
    while (i < x->s.n && x->s.at[i] == ' ')
        i++;
    if (i < x->s.n && x->s.at[i] == '{' && x->n_wrappers < TEXT_DEPTH) {
        x->wrappers[x->n_wrappers++] = (struct wrapper){x->depth++, is_text};
        x->i = i + 1;
        if (is_text)
            put_space(x);
    } else {
        put(x, TOKEN_COMMAND, name);
    }
}

/* \left( is (, \right. is nothing. */
static void delimiter(struct lexer *x)
{
    if (peek(x, 0) == '.')
        x->i++;
}

/* TeX's arguments: a group, or one digit or letter, which gets braces here: \frac12 is
 * \frac{1}{2}. A group is read by the main loop, which comes back for the rest. */
static void arguments(struct lexer *x, int n_args)
{
    for (; n_args > 0; n_args--) {
        while (peek(x, 0) == ' ')
            x->i++;
        if (peek(x, 0) == '{' && n_args > 1 && x->n_pending < TEXT_DEPTH)
            x->pending[x->n_pending++] = (struct pending){x->depth, n_args - 1};
        if (!is_digit(peek(x, 0)) && !is_letter(peek(x, 0)))
            return;
        put(x, TOKEN_SIGN, STR("{"));
        put(x, is_digit(peek(x, 0)) ? TOKEN_NUMBER : TOKEN_LETTER, str_sub(x->s, x->i, x->i + 1));
        put(x, TOKEN_SIGN, STR("}"));
        x->i++;
    }
}

static int n_arguments(struct str command)
{
    if (str_eq(command, STR("\\frac")) || str_eq(command, STR("\\binom")))
        return 2;
    return str_eq(command, STR("\\sqrt")) ? 1 : 0;
}

static void put_command(struct lexer *x, struct str command)
{
    put(x, TOKEN_COMMAND, command);
    arguments(x, n_arguments(command));
}

static void named_command(struct lexer *x, struct str whole)
{
    struct str name = str_sub(whole, 1, whole.n);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (str_eq(name, str_of(signs[i].name))) {
            put(x, TOKEN_SIGN, signs[i].sign);
            return;
        }
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++)
        if (str_eq(name, str_of(spellings[i].name))) {
            put_command(x, spellings[i].command);
            return;
        }
    if (is_one_of(name, nothing))
        return;
    if (is_one_of(name, blanks))
        x->space = SPACE_THIN;
    else if (is_one_of(name, sizes))
        delimiter(x);
    else if (is_one_of(name, text_wrappers))
        enter_wrapper(x, whole, true);
    else if (is_one_of(name, math_wrappers))
        enter_wrapper(x, whole, false);
    else
        put_command(x, whole);
}

static void backslash(struct lexer *x)
{
    int64_t from = x->i++;
    while (is_letter(peek(x, 0)))
        x->i++;
    if (x->i > from + 1) {
        named_command(x, str_sub(x->s, from, x->i));
        return;
    }
    char c = peek(x, 0);
    x->i += c != 0;
    struct str whole = str_sub(x->s, from, x->i);
    if (c == '!')
        x->space = x->space == SPACE_NONE ? SPACE_NEGATIVE : x->space;
    else if (c != 0 && strchr(" ,;:>\n\t", c) != NULL)
        x->space = SPACE_THIN;
    else if (c == '%' || c == '$' || c == '#' || c == '&' || c == '_')
        put(x, TOKEN_SIGN, str_sub(whole, 1, 2));
    else
        put(x, TOKEN_SIGN, whole); /* \{ \} \\ \| and the unknown */
}

/* ------------------------------------------------------------------------- the rest */

static bool in_text(const struct lexer *x)
{
    return x->n_wrappers > 0 && x->wrappers[x->n_wrappers - 1].is_text;
}

/* Digits, a point and digits, an exponent: as much as surely belongs together. */
static void number(struct lexer *x)
{
    int64_t from = x->i;
    while (is_digit(peek(x, 0)))
        x->i++;
    if (peek(x, 0) == '.' && is_digit(peek(x, 1))) {
        x->i++;
        while (is_digit(peek(x, 0)))
            x->i++;
    }
    int64_t sign = peek(x, 1) == '-' || peek(x, 1) == '+';
    if ((peek(x, 0) == 'e' || peek(x, 0) == 'E') && is_digit(peek(x, 1 + sign))) {
        int64_t mark = x->i;
        x->i += 1 + sign;
        while (is_digit(peek(x, 0)))
            x->i++;
        if (is_letter(peek(x, 0)) || peek(x, 0) == '.')
            x->i = mark;
    }
    put(x, TOKEN_NUMBER, str_sub(x->s, from, x->i));
}

static void letters(struct lexer *x)
{
    int64_t from = x->i;
    while (is_letter(peek(x, 0)))
        x->i++;
    bool is_word = in_text(x) || x->i > from + 1;
    put(x, is_word ? TOKEN_WORD : TOKEN_LETTER, str_sub(x->s, from, x->i));
}

static void brace(struct lexer *x)
{
    bool is_open = x->s.at[x->i] == '{';
    struct str text = str_sub(x->s, x->i, x->i + 1);
    x->i++;
    if (!is_open && x->n_wrappers > 0 && x->wrappers[x->n_wrappers - 1].depth == x->depth - 1) {
        if (in_text(x))
            put_space(x);
        x->n_wrappers--;
        x->depth--;
        return;
    }
    x->depth += is_open ? 1 : -1;
    put(x, TOKEN_SIGN, text);
    if (!is_open && x->n_pending > 0 && x->pending[x->n_pending - 1].depth == x->depth)
        arguments(x, x->pending[--x->n_pending].n_args);
}

static bool is_blank(uint32_t c)
{
    return c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000;
}

static void other(struct lexer *x)
{
    static const struct {
        uint32_t code_point;
        struct str sign;
    } same[] = {{0x2212, {"-", 1}}, {0xFF0D, {"-", 1}},           {0xD7, {"*", 1}},
                {0xB7, {"*", 1}},   {0x22C5, {"*", 1}},           {0x2217, {"*", 1}},
                {0xF7, {"/", 1}},   {0x2044, {"/", 1}},           {0x2215, {"/", 1}},
                {0xB0, {"deg", 3}}, {0xFF05, {"%", 1}},           {0xFF0B, {"+", 1}},
                {0xFF0C, {",", 1}}, {0x2013, {"\xe2\x80\x93", 3}}};
    uint32_t c = 0;
    int n = utf8_decode(x->s, x->i, &c);
    struct str text = str_sub(x->s, x->i, x->i + (n > 0 ? n : 1));
    x->i += text.n;
    if (n > 0 && is_blank(c)) {
        x->space = SPACE_THIN;
        return;
    }
    for (size_t k = 0; n > 0 && k < sizeof same / sizeof *same; k++)
        if (same[k].code_point == c)
            text = same[k].sign;
    if (c == 0x2013 && x->n == 0)
        text = STR("-"); /* an en dash means minus only where no range can begin */
    put(x, TOKEN_SIGN, text);
}

static void next(struct lexer *x)
{
    char c = peek(x, 0);
    bool is_point = c == '.' && is_digit(peek(x, 1));
    if (c == ' ' || (c >= '\t' && c <= '\r')) {
        put_space(x);
        x->i++;
    } else if (c == '~') {
        x->space = SPACE_THIN;
        x->i++;
    } else if (c == '\\') {
        backslash(x);
    } else if (is_digit(c) || is_point) {
        number(x);
    } else if (is_letter(c)) {
        letters(x);
    } else if (c == '{' || c == '}') {
        brace(x);
    } else if (c == '*' && peek(x, 1) == '*') {
        x->i += 2;
        put(x, TOKEN_SIGN, STR("^"));
    } else {
        other(x);
    }
}

/* ----------------------------------------------------------------------- outer dress */

/* Whether s is open ... close with no unescaped close in between. */
static bool is_wrapped(struct str s, const char *open, const char *close, struct str *inner)
{
    struct str a = str_of(open);
    struct str z = str_of(close);
    if (s.n < a.n + z.n || !str_starts(s, a) || !str_ends(s, z))
        return false;
    struct str in = str_sub(s, a.n, s.n - z.n);
    if (str_find(in, z, 0) >= 0 || (z.at[0] != '\\' && str_ends(in, STR("\\"))))
        return false;
    *inner = in;
    return true;
}

/* Math brackets, bold and the full stop of the sentence. */
static struct str undress(struct str s)
{
    for (int round = 0; round < TEXT_DEPTH; round++) {
        s = str_trim(s);
        bool is_stop = s.n > 1 && str_ends(s, STR(".")) && !str_ends(s, STR("..")) &&
                       !str_ends(s, STR("\\.")) && !str_ends(s, STR("\\right.")) &&
                       !str_ends(s, STR("\\left."));
        if (is_stop)
            s = str_sub(s, 0, s.n - 1);
        else if (!is_wrapped(s, "$$", "$$", &s) && !is_wrapped(s, "$", "$", &s) &&
                 !is_wrapped(s, "\\(", "\\)", &s) && !is_wrapped(s, "\\[", "\\]", &s) &&
                 !is_wrapped(s, "**", "**", &s))
            return s;
    }
    return s;
}

struct token_list tokens_of(struct str text, struct arena *keep)
{
    struct lexer x = {.s = undress(text)};
    x.out = NEW(keep, struct token, 3 * x.s.n); /* \frac12 grows braces */
    while (x.i < x.s.n) {
        int64_t before = x.i;
        next(&x);
        assert(x.i > before);
    }
    return (struct token_list){x.out, x.n};
}

static bool is_wordy(const struct token *t, bool at_end)
{
    char c = t->text.at[at_end ? t->text.n - 1 : 0];
    return is_letter(c) || is_digit(c);
}

struct str tokens_text(const struct token *at, int64_t n, struct arena *keep)
{
    CLEANUP(buf_free) struct buf out = {0};
    for (int64_t i = 0; i < n; i++) {
        bool meets = i > 0 && is_wordy(&at[i - 1], true) && is_wordy(&at[i], false);
        bool is_apart = at[i].space == SPACE_SOME || at[i].space == SPACE_THIN;
        bool is_list = i > 1 && at[i].kind == TOKEN_NUMBER && token_is(&at[i - 1], ",") &&
                       at[i - 2].kind == TOKEN_NUMBER; /* 1, 234 is not 1,234 */
        bool are_numbers = i > 0 && at[i - 1].kind == TOKEN_NUMBER && at[i].kind == TOKEN_NUMBER;
        if ((meets && (is_apart || at[i - 1].kind == TOKEN_COMMAND)) || (is_list && is_apart) ||
            are_numbers) /* 1\!2 is not surely 12 */
            buf_byte(&out, ' ');
        buf_put(&out, at[i].text);
    }
    return arena_str(keep, buf_str(&out));
}
