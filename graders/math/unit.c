#include "graders/math/unit.h"

enum { WORDS_MAX = 3 };

/* Spelling and canonical name. Single letters count only as words, that is inside \text{}: a bare
 * "5m" is a product. "in", "a" and other words of plain English are left out on purpose. */
static const char *const known[][2] = {
    {"mm", "mm"},         {"millimeter", "mm"}, {"cm", "cm"},         {"centimeter", "cm"},
    {"centimetre", "cm"}, {"m", "m"},           {"meter", "m"},       {"metre", "m"},
    {"km", "km"},         {"kilometer", "km"},  {"kilometre", "km"},  {"inch", "inch"},
    {"inche", "inch"},    {"ft", "foot"},       {"foot", "foot"},     {"feet", "foot"},
    {"yard", "yard"},     {"mile", "mile"},     {"mph", "mph"},       {"g", "g"},
    {"gram", "g"},        {"kg", "kg"},         {"kilogram", "kg"},   {"pound", "lb"},
    {"lb", "lb"},         {"ounce", "oz"},      {"oz", "oz"},         {"s", "s"},
    {"sec", "s"},         {"second", "s"},      {"min", "min"},       {"minute", "min"},
    {"h", "h"},           {"hr", "h"},          {"hour", "h"},        {"day", "day"},
    {"week", "week"},     {"month", "month"},   {"year", "year"},     {"liter", "l"},
    {"litre", "l"},       {"ml", "ml"},         {"dollar", "$"},      {"cent", "cent"},
    {"euro", "euro"},     {"degree", "deg"},    {"radian", "rad"},    {"rad", "rad"},
    {"percent", "%"},     {"unit", "unit"},     {"square", "square"}, {"cubic", "cubic"},
    {"sq", "square"},     {"cu", "cubic"},      {"per", "/"},
};

static struct str known_unit(const struct token *t)
{
    struct str s = t->text;
    bool is_plural = s.n > 2 && s.at[s.n - 1] == 's';
    for (size_t i = 0; t->kind == TOKEN_WORD && i < sizeof known / sizeof *known; i++) {
        struct str name = str_of(known[i][0]);
        if (str_eq(s, name) || (is_plural && str_eq(str_sub(s, 0, s.n - 1), name)))
            return str_of(known[i][1]);
    }
    return (struct str){0};
}

static bool ends_with(const struct token *at, int64_t n, const char *const *end, int64_t n_end)
{
    for (int64_t i = 0; i < n_end; i++)
        if (n <= n_end || !token_is(&at[n - n_end + i], end[i]))
            return false;
    return true;
}

/* ^\circ in its spellings, at the end. */
static int64_t degree_length(const struct token *at, int64_t n)
{
    static const char *const braced[] = {"^", "{", "\\circ", "}"};
    static const char *const bare[] = {"^", "\\circ"};
    static const char *const raised[] = {"^", "deg"};
    static const char *const braced_deg[] = {"^", "{", "deg", "}"};
    static const char *const sign[] = {"deg"};
    return ends_with(at, n, braced, 4)       ? 4
           : ends_with(at, n, braced_deg, 4) ? 4
           : ends_with(at, n, bare, 2)       ? 2
           : ends_with(at, n, raised, 2)     ? 2
           : ends_with(at, n, sign, 1)       ? 1
                                             : 0;
}

/* ^2, ^{2}, ^3, ^{3} at the end; *digit is the power. */
static int64_t power_length(const struct token *at, int64_t n, struct str *digit)
{
    bool is_braced = n >= 5 && token_is(&at[n - 1], "}");
    int64_t i = n - 1 - is_braced;
    if (i < 2 || !(token_is(&at[i], "2") || token_is(&at[i], "3")))
        return 0;
    *digit = at[i].text;
    if (is_braced && !token_is(&at[--i], "{"))
        return 0;
    return token_is(&at[i - 1], "^") ? n - i + 1 : 0;
}

/* Up to three known words, perhaps with a power, at the end. */
static int64_t words_length(const struct token *at, int64_t n, struct str *unit, struct arena *keep)
{
    struct str digit = {0};
    int64_t n_power = power_length(at, n, &digit);
    int64_t end = n - n_power;
    int64_t from = end;
    struct str words = {0};
    while (from > 1 && end - from < WORDS_MAX && known_unit(&at[from - 1]).n > 0) {
        struct str word = known_unit(&at[--from]);
        words =
            arena_fmt(keep, "%.*s%s%.*s", STR_ARG(word), words.n > 0 ? " " : "", STR_ARG(words));
    }
    if (from == end)
        return 0;
    if (str_starts(words, STR("square ")))
        words = arena_fmt(keep, "%.*s^2", STR_ARG(str_sub(words, 7, words.n)));
    else if (str_starts(words, STR("cubic ")))
        words = arena_fmt(keep, "%.*s^3", STR_ARG(str_sub(words, 6, words.n)));
    *unit = n_power > 0 ? arena_fmt(keep, "%.*s^%.*s", STR_ARG(words), STR_ARG(digit)) : words;
    return n - from;
}

static struct str currency(const struct token *t)
{
    if (token_is(t, "$"))
        return STR("$");
    return token_is(t, "\xe2\x82\xac") ? STR("euro") : (struct str){0};
}

void unit_split(const struct token *at, int64_t n, int64_t *from, int64_t *to, struct str *unit,
                struct arena *keep)
{
    int64_t n_degree = degree_length(at, n);
    *from = 0;
    *to = n;
    *unit = (struct str){0};
    if (n < 2)
        return;
    if (n_degree > 0) {
        *unit = STR("deg");
        *to = n - n_degree;
    } else if (token_is(&at[n - 1], "%")) {
        *unit = STR("%");
        *to = n - 1;
    } else if (currency(&at[0]).n > 0) {
        *unit = currency(&at[0]);
        *from = 1;
    } else {
        *to = n - words_length(at, n, unit, keep);
    }
}
