#include <assert.h>

#include "base/limits.h"
#include "graders/math/number.h"
#include "graders/math/unit.h"
#include "graders/math/value.h"

/* From the outside in: a bare list, brackets, a chain of "=", then a number with its unit, a letter
 * or a word. The first form that fits is the reading; what fits none is opaque. */
struct reader {
    struct reading how;
    struct work *w;
    int depth;
};

/* A stretch of tokens. */
struct span {
    const struct token *at;
    int64_t n;
};

enum { ITEMS_MAX = 4096, CHAIN_MAX = 8, NAME_WORDS_MAX = 4, NAME_POINTS_MAX = 4 };

static struct value read_span(struct reader *r, struct span s, enum comma how);

static struct span sub(struct span s, int64_t from, int64_t to)
{
    assert(from >= 0 && from <= to && to <= s.n);
    return (struct span){s.at + from, to - from};
}

/* ------------------------------------------------------------------------------- brackets */

/* +1 opening, -1 closing, 0 neither. ( and [ may close each other: [0, 1) is an interval. */
static int bracket(const struct token *t, char *family)
{
    static const struct {
        const char *text;
        int step;
        char family;
    } all[] = {{"(", 1, 'r'},  {"[", 1, 'r'},  {"{", 1, 'b'},  {"\\{", 1, 's'},
               {")", -1, 'r'}, {"]", -1, 'r'}, {"}", -1, 'b'}, {"\\}", -1, 's'}};
    for (size_t i = 0; t->kind == TOKEN_SIGN && i < sizeof all / sizeof *all; i++) {
        if (token_is(t, all[i].text)) {
            *family = all[i].family;
            return all[i].step;
        }
    }
    return 0;
}

static bool is_balanced(struct span s)
{
    char stack[LIMIT_BRACE_DEPTH];
    int n = 0;
    for (int64_t i = 0; i < s.n; i++) {
        char family = 0;
        int step = bracket(&s.at[i], &family);
        if (step > 0) {
            if (n == LIMIT_BRACE_DEPTH)
                return false;
            stack[n++] = family;
        } else if (step < 0 && (n == 0 || stack[--n] != family)) {
            return false;
        }
    }
    return n == 0;
}

/* Whether the first token opens what the last one closes. The tokens are balanced. */
static bool is_enclosed(struct span s)
{
    int depth = 0;
    char family;
    if (s.n < 2 || bracket(&s.at[0], &family) <= 0)
        return false;
    for (int64_t i = 0; i < s.n; i++) {
        depth += bracket(&s.at[i], &family);
        if (depth == 0)
            return i == s.n - 1;
    }
    return false;
}

/* ------------------------------------------------------------------------------- splitting */

static bool is_word(const struct token *t, const char *word)
{
    return t->kind == TOKEN_WORD && str_eq(t->text, str_of(word));
}

/* Length of the separator at i: a comma or semicolon, or "and"/"or", or one after the other. */
static int64_t separator_length(struct span s, int64_t i, char *sign)
{
    int64_t n = 0;
    if (token_is(&s.at[i], ",") || token_is(&s.at[i], ";"))
        *sign = s.at[i + n++].text.at[0];
    if (i + n < s.n && (is_word(&s.at[i + n], "and") || is_word(&s.at[i + n], "or")))
        n++;
    return n;
}

/* Cuts at the separators outside all brackets into out, which may be NULL to count first. Returns
 * how many pieces, 0 when the text is no clean list: an empty piece, commas mixed with semicolons,
 * more than ITEMS_MAX. */
static int64_t split_list(struct span s, enum comma how, struct span *out)
{
    int64_t n = 0;
    int64_t from = 0;
    int depth = 0;
    char family;
    char sign = 0;
    for (int64_t i = 0; i < s.n;) {
        char this_sign = 0;
        int64_t n_number = depth == 0 ? number_length(&s.at[i], s.n - i, how) : 0;
        int64_t n_cut = depth == 0 && n_number == 0 ? separator_length(s, i, &this_sign) : 0;
        depth += n_number == 0 ? bracket(&s.at[i], &family) : 0;
        if (n_cut == 0) {
            i += n_number > 0 ? n_number : 1;
            continue;
        }
        if (i == from || n + 2 > ITEMS_MAX || (sign != 0 && this_sign != 0 && sign != this_sign))
            return 0;
        sign = this_sign != 0 ? this_sign : sign;
        if (out != NULL)
            out[n] = sub(s, from, i);
        n++;
        i += n_cut;
        from = i;
    }
    if (from == s.n)
        return 0;
    if (out != NULL)
        out[n] = sub(s, from, s.n);
    return n + 1;
}

/* Cuts at "=" outside all brackets; 0 when a side is empty or there are too many. */
static int64_t split_chain(struct span s, struct span out[CHAIN_MAX])
{
    int64_t n = 0;
    int64_t from = 0;
    int depth = 0;
    char family;
    for (int64_t i = 0; i <= s.n; i++) {
        depth += i < s.n ? bracket(&s.at[i], &family) : 0;
        if (i < s.n && !(depth == 0 && token_is(&s.at[i], "=")))
            continue;
        if (i == from || n == CHAIN_MAX)
            return 0;
        out[n++] = sub(s, from, i);
        from = i + 1;
    }
    return n;
}

/* -------------------------------------------------------------------------------- names */

static bool is_greek(const struct token *t)
{
    static const char *const names[] = {
        "\\alpha", "\\beta",    "\\gamma",      "\\delta", "\\theta", "\\lambda", "\\mu",
        "\\phi",   "\\varphi",  "\\omega",      "\\sigma", "\\rho",   "\\tau",    "\\psi",
        "\\Delta", "\\epsilon", "\\varepsilon", "\\eta",   "\\kappa", "\\ell"};
    for (size_t i = 0; t->kind == TOKEN_COMMAND && i < sizeof names / sizeof *names; i++)
        if (str_eq(t->text, str_of(names[i])))
            return true;
    return false;
}

/* Length of "_1", "_{12}", "_n" at i, 0 when there is none. */
static int64_t subscript_length(struct span s, int64_t i)
{
    if (i + 1 >= s.n || !token_is(&s.at[i], "_"))
        return 0;
    if (!token_is(&s.at[i + 1], "{"))
        return s.at[i + 1].kind == TOKEN_SIGN ? 0 : 2;
    for (int64_t j = i + 2; j < s.n; j++)
        if (token_is(&s.at[j], "}"))
            return j + 1 - i;
    return 0;
}

/* Words that name a quantity. "wrong = 5" and "not x = 5" must not say 5. */
static bool is_naming_word(const struct token *t)
{
    static const char *const words[] = {"area",   "perimeter", "volume", "length",  "width",
                                        "height", "radius",    "sum",    "product", "total",
                                        "answer", "number",    "cost",   "price",   "probability",
                                        "angle",  "distance",  "speed",  "time",    "age",
                                        "min",    "max",       "gcd",    "lcm",     "ans"};
    char lower[16] = {0};
    bool is_shouted = true; /* AB, ABC: points */
    if (t->kind != TOKEN_WORD || t->text.n >= (int64_t)sizeof lower)
        return false;
    for (int64_t i = 0; i < t->text.n; i++) {
        is_shouted = is_shouted && t->text.at[i] <= 'Z';
        lower[i] = (char)(t->text.at[i] | 0x20);
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(lower, words[i]) == 0)
            return true;
    return t->text.n == 1 ||
           (is_shouted && t->text.n <= NAME_POINTS_MAX && !is_word(t, "NO") && !is_word(t, "NOT"));
}

/* x, x_1, x', \theta, AB, total cost: what a value can be given to. Not 2x, x+y, f(x). */
static bool is_name(struct span s)
{
    int64_t i = 0;
    if (s.n > 0 && (s.at[0].kind == TOKEN_LETTER || is_greek(&s.at[0])))
        i = 1;
    while (i < s.n && i < NAME_WORDS_MAX && is_naming_word(&s.at[i]))
        i++;
    if (i == 0)
        return false;
    i += subscript_length(s, i);
    while (i < s.n && token_is(&s.at[i], "'"))
        i++;
    return i == s.n;
}

/* (x, y) */
static bool is_name_tuple(struct span s)
{
    struct span part[CHAIN_MAX] = {0};
    if (!is_enclosed(s) || !token_is(&s.at[0], "("))
        return false;
    struct span inside = sub(s, 1, s.n - 1);
    int64_t n = split_list(inside, COMMA_SPLITS, NULL);
    if (n < 2 || n > CHAIN_MAX)
        return false;
    (void)split_list(inside, COMMA_SPLITS, part);
    for (int64_t i = 0; i < n; i++)
        if (!is_name(part[i]))
            return false;
    return true;
}

/* -------------------------------------------------------------------------------- shapes */

static bool is_understood(const struct value *v)
{
    for (int64_t i = 0; i < v->n_items; i++)
        if (!is_understood(&v->items[i]))
            return false;
    return v->kind != VALUE_OPAQUE;
}

static bool read_items(struct reader *r, struct span s, enum comma how, int64_t least,
                       struct value *v)
{
    int64_t n = split_list(s, how, NULL);
    if (n < least)
        return false;
    struct span *part = NEW(r->w->mem, struct span, n);
    (void)split_list(s, how, part);
    struct value *items = NEW(r->w->mem, struct value, n);
    for (int64_t i = 0; i < n; i++)
        items[i] = read_span(r, part[i], how);
    v->items = items;
    v->n_items = n;
    return true;
}

/* "x = 1 or x = 2" and "x = 1, 2" give the name to the list. Different names stay where they are.
 */
static void lift_name(struct value *v, struct arena *mem)
{
    struct str name = v->items[0].name;
    bool is_only_first = true;
    bool is_every = true;
    for (int64_t i = 1; i < v->n_items; i++) {
        is_only_first = is_only_first && v->items[i].name.n == 0;
        is_every = is_every && str_eq(v->items[i].name, name);
    }
    if (name.n == 0 || !(is_only_first || is_every))
        return;
    struct value *items = NEW(mem, struct value, v->n_items);
    for (int64_t i = 0; i < v->n_items; i++) {
        items[i] = v->items[i];
        items[i].name = (struct str){0};
    }
    v->items = items;
    v->name = name;
}

static bool read_list(struct reader *r, struct span s, enum comma how, struct value *v)
{
    if (!read_items(r, s, how, 2, v))
        return false;
    v->kind = VALUE_LIST;
    lift_name(v, r->w->mem);
    return true;
}

/* (5), {5} and (B) are what they hold. */
static bool read_inside(struct reader *r, struct span inside, enum comma how, struct value *v)
{
    struct str text = v->text;
    struct value in = read_span(r, inside, how);
    if (in.kind != VALUE_NUMBER && in.kind != VALUE_LETTER)
        return false;
    *v = in;
    if (in.kind == VALUE_NUMBER)
        v->text = text;
    return true;
}

static bool read_bracketed(struct reader *r, struct span s, struct value *v)
{
    if (!is_enclosed(s))
        return false;
    struct span inside = sub(s, 1, s.n - 1);
    struct str open = s.at[0].text;
    struct str close = s.at[s.n - 1].text;
    enum comma how = r->how.inside;
    bool is_round = str_eq(open, STR("(")) && str_eq(close, STR(")"));
    bool is_brace = str_eq(open, STR("{"));
    bool is_set = str_eq(open, STR("\\{"));
    if (!read_items(r, inside, how, is_round || is_brace ? 2 : 1, v))
        return (is_round || is_brace) && read_inside(r, inside, how, v);
    v->kind = is_set || is_brace ? VALUE_SET : is_round ? VALUE_TUPLE : VALUE_BRACKET;
    v->brackets = arena_fmt(r->w->mem, "%c%c", open.at[open.n - 1], close.at[close.n - 1]);
    return true;
}

/* Whether all are numbers of one value and one unit. */
static bool are_equal(struct reader *r, const struct value *v, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        int order;
        if (v[i].kind != VALUE_NUMBER || !str_eq(v[i].unit, v[0].unit) ||
            !rat_cmp(r->w, v[i].number, v[0].number, &order) || order != 0)
            return false;
    }
    return true;
}

/* x = 5, S = \{1, 2\}, (x, y) = (1, 2), m = 256 + 37 = 293, 3 + 4 = 7. An equation between things
 * that are not understood, or a chain that does not hold, has no value. */
static bool read_chain(struct reader *r, struct span s, enum comma how, struct value *v)
{
    struct span part[CHAIN_MAX] = {0};
    struct value side[CHAIN_MAX] = {0};
    int64_t n = split_chain(s, part);
    if (n < 2)
        return false;
    bool is_tuple_name = is_name_tuple(part[0]);
    bool is_named = is_tuple_name || is_name(part[0]);
    for (int64_t i = is_named; i < n; i++)
        side[i] = read_span(r, part[i], how);
    const struct value *last = &side[n - 1];
    if (!is_understood(last) || (is_tuple_name && last->kind != VALUE_TUPLE))
        return false;
    if (n - is_named > 1 && !are_equal(r, side + is_named, n - is_named))
        return false;
    struct str text = v->text;
    *v = *last;
    v->text = text;
    if (is_named)
        v->name = tokens_text(part[0].at, part[0].n, r->w->mem);
    return true;
}

static bool read_number(struct reader *r, struct span s, enum comma how, struct value *v)
{
    int64_t from;
    int64_t to;
    unit_split(s.at, s.n, &from, &to, &v->unit, r->w->mem);
    if (!number_read(s.at + from, to - from, how, r->w, v))
        return false;
    v->kind = VALUE_NUMBER;
    return true;
}

static bool read_word(struct span s, struct value *v, struct arena *mem)
{
    static const char *const words[] = {"yes", "no", "true", "false", "even", "odd"};
    if (s.n != 1 || (s.at[0].kind != TOKEN_WORD && s.at[0].kind != TOKEN_LETTER))
        return false;
    struct str text = arena_str(mem, s.at[0].text);
    if (text.n == 1 && text.at[0] >= 'A' && text.at[0] <= 'J') {
        v->kind = VALUE_LETTER;
        return true;
    }
    char *lower = NEW(mem, char, text.n + 1);
    for (int64_t i = 0; i < text.n; i++)
        lower[i] = (char)(text.at[i] | 0x20); /* a word is ASCII letters only */
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(str_of(words[i]), (struct str){lower, text.n})) {
            v->kind = VALUE_WORD;
            v->text = str_of(words[i]);
            return true;
        }
    }
    return false;
}

static struct value read_span(struct reader *r, struct span s, enum comma how)
{
    struct value v = {.n_decimals = DECIMALS_NONE, .text = tokens_text(s.at, s.n, r->w->mem)};
    if (s.n == 0 || r->depth >= LIMIT_BRACE_DEPTH)
        return v;
    r->depth++;
    bool ok = read_list(r, s, how, &v) || read_bracketed(r, s, &v) || read_chain(r, s, how, &v) ||
              read_number(r, s, how, &v) || read_word(s, &v, r->w->mem);
    r->depth--;
    if (!ok)
        v = (struct value){.n_decimals = DECIMALS_NONE, .text = v.text};
    return v;
}

struct value value_read(struct token_list t, struct reading how, struct work *w)
{
    struct reader r = {how, w, 0};
    struct span s = {t.at, t.n};
    if (!is_balanced(s))
        return (struct value){.n_decimals = DECIMALS_NONE, .text = tokens_text(t.at, t.n, w->mem)};
    return read_span(&r, s, how.bare);
}

bool value_is_ambiguous(struct token_list t)
{
    for (int64_t i = 1; i < t.n; i++) {
        bool is_spaced = t.at[i].kind == TOKEN_NUMBER && t.at[i].space == SPACE_SOME;
        bool is_comma = i + 1 < t.n && token_is(&t.at[i], ",") && t.at[i].space == SPACE_NONE &&
                        t.at[i + 1].space == SPACE_NONE && t.at[i + 1].kind == TOKEN_NUMBER;
        if (t.at[i - 1].kind == TOKEN_NUMBER && (is_spaced || is_comma))
            return true;
    }
    return false;
}

static void print_items(const struct value *v, struct buf *out)
{
    struct str brackets = v->kind == VALUE_SET     ? STR("{}")
                          : v->kind == VALUE_TUPLE ? STR("()")
                          : v->kind == VALUE_LIST  ? STR("<>")
                                                   : v->brackets;
    buf_byte(out, brackets.at[0]);
    for (int64_t i = 0; i < v->n_items; i++) {
        if (i > 0)
            buf_put(out, STR(", "));
        value_print(&v->items[i], out);
    }
    buf_byte(out, brackets.at[1]);
}

void value_print(const struct value *v, struct buf *out)
{
    if (v->name.n > 0)
        buf_fmt(out, "%.*s = ", STR_ARG(v->name));
    if (v->n_items > 0)
        print_items(v, out);
    else if (v->kind == VALUE_NUMBER)
        rat_print(v->number, out);
    else
        buf_put(out, v->text);
    if (v->unit.n > 0)
        buf_fmt(out, " %.*s", STR_ARG(v->unit));
}
