#include "graders/judge/java.h"

/* The scanner: `at` is always at the beginning of a token, white space or comment. */
struct scan {
    struct str text;
    int64_t at;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || (unsigned char)c >= 0x80;
}

static bool looking_at(const struct scan *s, struct str what)
{
    return str_starts(str_sub(s->text, s->at, s->text.n), what);
}

/* To behind `end`, or to the end of the text. Backslashes guard what follows them. */
static void skip_to(struct scan *s, struct str end, bool has_escapes)
{
    while (s->at < s->text.n && !looking_at(s, end))
        s->at += has_escapes && s->text.at[s->at] == '\\' ? 2 : 1;
    s->at = s->at + end.n < s->text.n ? s->at + end.n : s->text.n;
}

/* True when something that is no token was passed. */
static bool skip_one(struct scan *s)
{
    static const struct {
        const char *begin;
        const char *end;
        bool has_escapes;
    } spans[] = {{"//", "\n", false},
                 {"/*", "*/", false},
                 {"\"\"\"", "\"\"\"", true},
                 {"\"", "\"", true},
                 {"'", "'", true}};
    for (size_t i = 0; i < sizeof spans / sizeof *spans; i++)
        if (looking_at(s, str_of(spans[i].begin))) {
            s->at += str_of(spans[i].begin).n;
            skip_to(s, str_of(spans[i].end), spans[i].has_escapes);
            return true;
        }
    char c = s->text.at[s->at];
    bool is_blank = c == ' ' || (c >= '\t' && c <= '\r');
    s->at += is_blank;
    return is_blank;
}

/* A word, or a single sign; empty at the end. */
static struct str next_token(struct scan *s)
{
    while (s->at < s->text.n && skip_one(s))
        ;
    int64_t from = s->at;
    while (s->at < s->text.n && is_letter(s->text.at[s->at]))
        s->at++;
    if (s->at == from && s->at < s->text.n)
        s->at++;
    return str_sub(s->text, from, s->at);
}

static bool opens_type(struct str word)
{
    return str_eq(word, STR("class")) || str_eq(word, STR("interface")) ||
           str_eq(word, STR("enum")) || str_eq(word, STR("record"));
}

struct str java_public_type(struct str source)
{
    struct scan s = {.text = source};
    int64_t depth = 0;
    bool is_public = false;
    struct str t;
    while ((t = next_token(&s)).n > 0) {
        if (depth == 0 && is_public && opens_type(t)) {
            struct str name = next_token(&s);
            return name.n > 0 && is_letter(name.at[0]) ? name : (struct str){0};
        }
        if (depth == 0 && str_eq(t, STR("public")))
            is_public = true;
        if (str_eq(t, STR("{")) || str_eq(t, STR("}")) || str_eq(t, STR(";")))
            is_public = false;
        depth += str_eq(t, STR("{")) - str_eq(t, STR("}"));
    }
    return (struct str){0};
}
