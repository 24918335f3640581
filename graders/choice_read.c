/* Reading a short text as an option. It is first made plain: commands that only dress, Markdown,
 * dollars and braces go, any other command stays as a backslash, which no option's letter has. */
#include <assert.h>

#include "base/limits.h"
#include "graders/choice_parts.h"
#include "graders/extract_parts.h"

struct plain {
    char at[LETTER_BYTES + 8];
    int64_t n;
};

static bool is_dress(struct str command)
{
    static const char *const names[] = {
        "text",   "textbf",       "textit",       "textrm",   "textsf",     "mathrm",
        "mathbf", "mathsf",       "mathit",       "mathtt",   "boldsymbol", "bf",
        "rm",     "boxed",        "fbox",         "left",     "right",      "quad",
        "qquad",  "displaystyle", "operatorname", "framebox", "mathbb",     "bold"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(command, str_of(names[i])))
            return true;
    return false;
}

static void put(struct plain *p, char c)
{
    if (c == ' ' && (p->n == 0 || p->at[p->n - 1] == ' '))
        return;
    p->at[p->n++] = c;
}

/* A command at i: its dress is dropped. Gives the place after it. */
static int64_t plain_command(struct plain *p, struct str s, int64_t i)
{
    int64_t to = i + 1;
    while (to < s.n && is_letter(s.at[to]))
        to++;
    if (to == i + 1) {
        char c = byte_at(s, to);
        if (c == ',' || c == ';' || c == ' ' || c == ':' || c == '\\')
            put(p, ' ');
        else if (c == 0 || strchr("!()[]$", c) == NULL)
            put(p, '\\');
        return to + 1;
    }
    put(p, is_dress(str_sub(s, i + 1, to)) ? ' ' : '\\');
    return to;
}

static struct plain make_plain(struct str s)
{
    static const struct {
        struct str wide;
        char c;
    } wide[] = {{{"：", 3}, ':'}, {{"，", 3}, ','}, {{"。", 3}, '.'}, {{"、", 3}, ','},
                {{"（", 3}, '('}, {{"）", 3}, ')'}, {{"“", 3}, ' '},  {{"”", 3}, ' '},
                {{"–", 3}, '-'},  {{"—", 3}, '-'}};
    struct plain p = {.n = 0};
    s = str_sub(s, 0, LETTER_BYTES);
    for (int64_t i = 0; i < s.n;) {
        char c = s.at[i];
        size_t k = 0;
        if (c == '\\') {
            i = plain_command(&p, s, i);
            continue;
        }
        while (k < sizeof wide / sizeof *wide && !text_has(s, i, wide[k].wide))
            k++;
        if (k < sizeof wide / sizeof *wide)
            put(&p, wide[k].c);
        else if (is_blank(c) || c == '~')
            put(&p, ' ');
        else if (strchr("${}*`\"", c) == NULL || c == 0)
            put(&p, c);
        i += k < sizeof wide / sizeof *wide ? 3 : 1;
    }
    while (p.n > 0 && p.at[p.n - 1] == ' ')
        p.n--;
    return p;
}

/* ----------------------------------------------------------------------------- option texts */

/* Off a text: its dress, and commands around the whole of it. */
static struct str bare_option(struct str s)
{
    static const struct str wraps[] = {
        {"\\text{", 6}, {"\\textbf{", 8}, {"\\mathrm{", 8}, {"\\mathbf{", 8}, {"\\boxed{", 7}};
    int64_t from = 0;
    int64_t to = s.n;
    for (size_t k = 0; k < sizeof wraps / sizeof *wraps;) {
        undress(s, &from, &to);
        struct str t = str_sub(s, from, to);
        const char *close = t.n > 0 ? memchr(t.at, '}', (size_t)t.n) : NULL;
        if (str_starts(t, wraps[k]) && close == t.at + t.n - 1) {
            from += wraps[k].n;
            to--;
            k = 0;
        } else {
            k++;
        }
    }
    return str_sub(s, from, to);
}

/* The same but for white space and, if asked, the case of ASCII letters. */
static bool same_text(struct str a, struct str b, bool fold)
{
    int64_t i = 0;
    int64_t j = 0;
    for (;;) {
        i = skip_blank(a, i);
        j = skip_blank(b, j);
        if (i == a.n || j == b.n)
            return i == a.n && j == b.n;
        if (fold ? lower(a.at[i]) != lower(b.at[j]) : a.at[i] != b.at[j])
            return false;
        i++;
        j++;
    }
}

int64_t option_by_text(struct str text, const struct choice_options *o)
{
    struct str t = bare_option(str_sub(text, 0, LIMIT_ANSWER_BYTES));
    if (o->text == NULL || t.n == 0)
        return -1;
    for (int fold = 0; fold < 2; fold++) {
        int64_t hit = -1;
        int64_t n = 0;
        for (int64_t i = 0; i < o->n; i++) {
            if (same_text(t, bare_option(o->text[i]), fold != 0)) {
                hit = i;
                n++;
            }
        }
        if (n > 0)
            return n == 1 ? hit : -1;
    }
    return -1;
}

/* ----------------------------------------------------------------------------- grammar */

struct reader {
    struct str s; /* plain */
    int64_t i;
    const struct choice_options *o;
};

static bool is_word(struct str w, const char *const *list)
{
    for (; *list != NULL; list++)
        if (w.n == (int64_t)strlen(*list) && text_has(w, 0, str_of(*list)))
            return true;
    return false;
}

static void skip_space(struct reader *r)
{
    while (byte_at(r->s, r->i) == ' ')
        r->i++;
}

/* The word at the reader, not passed. */
static struct str peek(const struct reader *r)
{
    int64_t to = r->i;
    while (to < r->s.n &&
           (is_letter(r->s.at[to]) || r->s.at[to] == '\'' || (r->s.at[to] & 0x80) != 0))
        to++;
    return str_sub(r->s, r->i, to);
}

static bool take_word(struct reader *r, const char *const *list)
{
    struct str w = peek(r);
    if (w.n == 0 || !is_word(w, list))
        return false;
    r->i += w.n;
    skip_space(r);
    return true;
}

static int64_t option_of(char c, const struct choice_options *o)
{
    int64_t i = lower(c) - 'a';
    return is_letter(c) && i < o->n ? i : -1;
}

/* A letter that exists and stands alone: B, (B), [B]. Small ones only in brackets or when the text
 * is nothing else. -1: none, and the reader stays. */
static int64_t take_letter(struct reader *r, bool *is_marked)
{
    char a = byte_at(r->s, r->i);
    char close = a == '(' ? ')' : a == '[' ? ']' : 0;
    int64_t at = r->i + (close != 0);
    at += close != 0 && byte_at(r->s, at) == ' ';
    int64_t option = option_of(byte_at(r->s, at), r->o);
    bool is_small = lower(byte_at(r->s, at)) == byte_at(r->s, at);
    int64_t after = at + 1;
    after += close != 0 && byte_at(r->s, after) == ' ';
    char b = byte_at(r->s, after);
    if (option < 0 || (close != 0 && b != close))
        return -1;
    if (close == 0 &&
        (is_letter(b) || is_digit(b) || (b & 0x80) != 0 || (b != 0 && strchr("_^'\\(", b) != NULL)))
        return -1;
    if (close == 0 && is_small && !(r->s.n == 1 || (r->s.n == 2 && strchr(").:", b) != NULL)))
        return -1;
    *is_marked = close != 0;
    r->i = after + (close != 0);
    return option;
}

/* "BD": all of it letters that exist, no two the same, in order. */
static bool is_run(struct str s, const struct choice_options *o)
{
    for (int64_t i = 0; i < s.n; i++)
        if (s.at[i] < 'A' || s.at[i] > 'Z' || option_of(s.at[i], o) < 0 ||
            (i > 0 && s.at[i] <= s.at[i - 1]))
            return false;
    return s.n > 1;
}

/* "F", "(F)", where no option has that letter. */
static bool is_lone_capital(struct str s)
{
    bool is_marked = s.n == 3 && s.at[0] == '(' && s.at[2] == ')';
    char c = is_marked ? s.at[1] : byte_at(s, 0);
    return (s.n == 1 || is_marked) && c >= 'A' && c <= 'Z';
}

/* What a verb after the letter makes of it: "is wrong", "is correct", "cannot be". */
static enum letter_kind after_verb(struct reader *r)
{
    static const char *const refuses[] = {"wrong",    "incorrect",  "false",      "not",
                                          "excluded", "eliminated", "impossible", "ruled",
                                          "never",    "invalid",    "out",        NULL};
    static const char *const agrees[] = {"correct", "right", "true", "the", "my", "best", NULL};
    if (take_word(r, (const char *const[]){"isn't", "cannot", "can't", "不对", "错误", NULL}))
        return LETTER_NOT;
    if (!take_word(r, (const char *const[]){"is", "are", "ist", "est", "es", NULL}))
        return LETTER_NONE;
    (void)take_word(
        r, (const char *const[]){"clearly", "therefore", "obviously", "also", "definitely", NULL});
    if (take_word(r, refuses))
        return LETTER_NOT;
    return take_word(r, agrees) ? LETTER_ONE : LETTER_NONE;
}

/* Past "or", "/", ", and": *is_clause when there are only marks with which a clause may begin. */
static bool take_joiner(struct reader *r, bool *is_clause)
{
    static const char *const words[] = {"or", "and", "und", "oder", "et", "ou", "y",
                                        "o",  "和",  "或",  "与",   "to", NULL};
    bool is_joined = false;
    *is_clause = true;
    skip_space(r);
    for (int n = 0; n < 3; n++) {
        char c = byte_at(r->s, r->i);
        bool is_sign = c != 0 && strchr(",/;&|-", c) != NULL;
        if (!is_sign && !take_word(r, words))
            break;
        *is_clause = *is_clause && (c == ',' || c == ';');
        r->i += is_sign;
        skip_space(r);
        is_joined = true;
    }
    (void)take_word(r, (const char *const[]){"option", "choice", "answer", NULL});
    return is_joined;
}

/* "or B", "/ B", ", and B", "(B)": whether another letter follows. After a comma it may also begin
 * a clause of its own: "D, B and C are wrong". */
static bool takes_another(struct reader r)
{
    bool is_marked;
    bool is_clause;
    bool is_inner;
    bool is_joined = take_joiner(&r, &is_clause);
    if ((!is_joined && byte_at(r.s, r.i) != '(') || take_letter(&r, &is_marked) < 0)
        return false;
    for (struct reader more = r;
         take_joiner(&more, &is_inner) && take_letter(&more, &is_marked) >= 0;)
        r = more;
    skip_space(&r);
    return !(is_joined && is_clause && after_verb(&r) != LETTER_NONE);
}

/* What follows the letter decides whether it was meant as an option. */
static void read_rest(struct reader *r, struct letter *l)
{
    static const char *const asides[] = {"because", "since", "as",   "which", "with", "where",
                                         "for",     "due",   "only", "weil",  "因为", NULL};
    bool is_tight = byte_at(r->s, r->i) != ' ';
    char c;
    if (takes_another(*r)) {
        l->kind = LETTER_MANY;
        return;
    }
    skip_space(r);
    c = byte_at(r->s, r->i);
    if (c == 0)
        return;
    l->has_rest = true;
    if (c == ')' || c == ':' || c == '.' ||
        (c == '-' && !is_tight && byte_at(r->s, r->i + 1) == ' ')) {
        l->is_marked = true;
        r->i++;
        skip_space(r);
        l->has_rest = r->i < r->s.n;
        if (takes_another(*r))
            l->kind = LETTER_MANY;
    } else if (c == ',' || c == ';' || (c == '(' && !is_tight) ||
               (!is_tight && take_word(r, asides))) {
        l->is_marked = true;
    } else if (is_tight) {     /* NOLINT(bugprone-branch-clone): what is asked first decides */
        l->kind = LETTER_NONE; /* (E)-but-2-ene */
    } else if (take_word(r, (const char *const[]){"or", "oder", "ou", "或", NULL})) {
        l->kind = LETTER_MANY;
    } else if (is_letter(c)) {
        struct reader at = *r;
        enum letter_kind verb = after_verb(&at);
        l->kind = verb == LETTER_NONE && l->is_marked ? LETTER_ONE : verb;
    } else if (!l->is_marked) {
        l->kind = LETTER_NONE;
    }
}

/* The part of the text itself that begins where the plain one's letter ended cannot be told, so
 * what follows is compared in its plain form. */
static int64_t option_by_plain(struct str rest, const struct choice_options *o)
{
    int64_t hit = -1;
    if (o->text == NULL)
        return -1;
    rest = bare_option(rest);
    for (int64_t i = 0; i < o->n && rest.n > 0; i++) {
        struct plain p = make_plain(bare_option(o->text[i]));
        if (!same_text(rest, (struct str){p.at, p.n}, true))
            continue;
        if (hit >= 0)
            return -1;
        hit = i;
    }
    return hit;
}

static struct letter read_plain(struct str s, const struct choice_options *o)
{
    static const char *const prefixes[] = {"option",  "choice",   "letter", "answer", "is",
                                           "the",     "选项",     "选择",   "选",     "是",
                                           "correct", "probably", NULL};
    struct letter l = {.kind = LETTER_NONE};
    struct reader r = {s, 0, o};
    skip_space(&r);
    for (int n = 0; n < 4 && take_word(&r, prefixes); n++)
        if (byte_at(s, r.i) == ':')
            r.i++;
    skip_space(&r);
    bool is_not =
        take_word(&r, (const char *const[]){"not", "neither", "isn't", "never", "不是", NULL});
    bool is_both = take_word(&r, (const char *const[]){"both", "either", NULL});
    (void)take_word(&r, (const char *const[]){"option", "choice", NULL});
    if (is_run(str_sub(s, r.i, s.n), o)) {
        l.kind = LETTER_MANY;
        return l;
    }
    l.i = take_letter(&r, &l.is_marked);
    if (l.i < 0) {
        l.kind = is_lone_capital(str_sub(s, r.i, s.n)) ? LETTER_ABSENT : LETTER_NONE;
        return l;
    }
    l.kind = LETTER_ONE;
    read_rest(&r, &l);
    if (is_not && l.kind != LETTER_NONE)
        l.kind = LETTER_NOT;
    if (is_both && l.kind != LETTER_NONE)
        l.kind = LETTER_MANY;
    int64_t by_text = l.has_rest ? option_by_plain(str_sub(s, r.i, s.n), o) : -1;
    l.rest_fits = by_text == l.i && by_text >= 0;
    if (l.rest_fits && l.kind == LETTER_NONE)
        l.kind = LETTER_ONE;
    if (l.kind == LETTER_ONE && by_text >= 0 && by_text != l.i)
        l.kind = LETTER_CLASHES;
    return l;
}

struct letter letter_read(struct str text, const struct choice_options *o)
{
    struct plain p = make_plain(text);
    struct letter l;
    assert(o->n >= 1 && o->n <= CHOICE_OPTIONS);
    l = read_plain((struct str){p.at, p.n}, o);
    int64_t by_text = option_by_text(text, o);
    bool is_bare = l.kind == LETTER_ONE && !l.has_rest && !l.is_marked;
    if (by_text < 0 || (l.kind == LETTER_ONE && (by_text == l.i || !is_bare)))
        return l;
    if (is_bare)
        l.kind = LETTER_CLASHES; /* the letter of one option is the text of another */
    else
        l = (struct letter){.kind = LETTER_BY_TEXT, .i = by_text};
    return l;
}
