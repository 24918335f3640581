/* The places that may declare an option are taken from the end of the reply backwards; the first
 * that can be read decides:
 *
 *   last line     an option and nothing else, after a line that is none (not a list of options)
 *   box, or a declaration (extract_said.c), whichever is later
 *   "D is correct", "option D is right", "D is the answer": only when all of these agree
 *   first line    an option and nothing else, when nothing else declares one
 *
 * What is declared and cannot be read is remembered: then the answer is undecided, not missing. */
#include "graders/choice.h"

#include <assert.h>

#include "graders/choice_parts.h"
#include "graders/extract_parts.h"

enum { LINE_BYTES = 2048 };

/* A place and what it was read as. */
struct pick {
    struct letter l;
    const char *rule;
    int64_t at;
    int64_t from;
    int64_t to;
};

struct search {
    struct str s;
    struct choice_options o;
    int64_t from;      /* the visible part begins */
    uint32_t refused;  /* options said not to be it, later than where the search is */
    uint32_t agreed;   /* options said to be correct */
    struct pick agree; /* the last of those */
    struct pick unread;
    int64_t n;
};

static struct pick read_pick(const struct search *c, const char *rule, int64_t at, int64_t from,
                             int64_t to)
{
    return (struct pick){letter_read(str_sub(c->s, from, to), &c->o), rule, at, from, to};
}

/* Whether the pick ends the search. Refusals and what cannot be read are noted. */
static bool decides(struct search *c, const struct pick *p)
{
    c->n++;
    switch (p->l.kind) {
    case LETTER_ABSENT:
    case LETTER_ONE:
    case LETTER_MANY:
    case LETTER_CLASHES:
    case LETTER_BY_TEXT:
        return true;
    case LETTER_NOT:
        c->refused |= 1U << p->l.i;
        return false;
    case LETTER_NONE:
        break;
    }
    if (c->unread.rule == NULL)
        c->unread = *p;
    return false;
}

/* ------------------------------------------------------------------------------ lines */

static bool is_option_line(const struct search *c, int64_t from, int64_t to, struct pick *out)
{
    *out = read_pick(c, "line", from, from, to);
    return out->l.kind == LETTER_ONE || out->l.kind == LETTER_CLASHES ||
           out->l.kind == LETTER_BY_TEXT;
}

/* A line that is an option and nothing else: a bare letter, a bold one, or with its own text. */
static bool is_answer_line(const struct search *c, const struct pick *p)
{
    bool is_bold = text_has(c->s, p->from, STR("**")) && p->l.is_marked;
    return p->l.kind == LETTER_BY_TEXT ||
           (p->l.kind == LETTER_ONE && (!p->l.has_rest || is_bold || p->l.rest_fits));
}

static int64_t line_begin(struct str s, int64_t from, int64_t i)
{
    int64_t least = i - LINE_BYTES > from ? i - LINE_BYTES : from;
    while (i > least && s.at[i - 1] != '\n')
        i--;
    return i;
}

static int64_t line_end(struct str s, int64_t i)
{
    int64_t most = i + LINE_BYTES < s.n ? i + LINE_BYTES : s.n;
    while (i < most && s.at[i] != '\n')
        i++;
    return i;
}

static int64_t back_over_blank(struct str s, int64_t from, int64_t i)
{
    while (i > from && is_blank(s.at[i - 1]))
        i--;
    return i;
}

static bool last_line(const struct search *c, struct pick *out)
{
    struct pick before;
    int64_t to = back_over_blank(c->s, c->from, c->s.n);
    int64_t from = line_begin(c->s, c->from, to);
    if (from == to || !is_option_line(c, from, to, out) || !is_answer_line(c, out))
        return false;
    out->rule = "last_line";
    int64_t end = back_over_blank(c->s, c->from, from);
    int64_t begin = line_begin(c->s, c->from, end);
    return begin == end || !is_option_line(c, begin, end, &before) || before.l.i == out->l.i;
}

static bool first_line(const struct search *c, struct pick *out)
{
    struct pick after;
    int64_t from = skip_blank(c->s, c->from);
    int64_t to = line_end(c->s, from);
    if (from == to || !is_option_line(c, from, to, out) || !is_answer_line(c, out))
        return false;
    out->rule = "first_line";
    int64_t begin = skip_blank(c->s, to);
    return !is_option_line(c, begin, line_end(c->s, begin), &after);
}

/* -------------------------------------------------------------------- words about options */

/* Whether what follows an option ends the statement: "D is correct." and not "D is correct about"
 */
static bool ends_statement(struct str s, int64_t i)
{
    static const struct str words[] = {{"answer", 6}, {"option", 6}, {"choice", 6}, {"one", 3}};
    static const struct str goes_on[] = {{"because", 7}, {"since", 5}, {"as ", 3}, {"and", 3}};
    while (i < s.n && (s.at[i] == ' ' || s.at[i] == '*'))
        i++;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        if (text_has(s, i, words[k])) {
            i += words[k].n;
            break;
        }
    }
    while (i < s.n && (s.at[i] == ' ' || s.at[i] == '*'))
        i++;
    for (size_t k = 0; k < sizeof goes_on / sizeof *goes_on; k++)
        if (text_has(s, i, goes_on[k]))
            return true;
    return i == s.n || strchr("\n.,;:!)", s.at[i]) != NULL || (s.at[i] & 0x80) != 0;
}

/* "D is", "(D) is the", "option D is the only", read backwards from i: where the letter is. */
static bool letter_before(const struct search *c, int64_t i, struct pick *out)
{
    static const char *const between[] = {"the",       "only",  "best",    "correct",
                                          "right",     "final", "clearly", "also",
                                          "therefore", "is",    NULL};
    struct str s = c->s;
    bool has_is = false;
    for (int n = 0; n < 5; n++) {
        int64_t to = i;
        while (to > c->from && (s.at[to - 1] == ' ' || s.at[to - 1] == '*'))
            to--;
        int64_t at = to;
        while (at > c->from && is_letter(s.at[at - 1]) && to - at < 10)
            at--;
        bool is_between = false;
        for (const char *const *w = between; *w != NULL; w++)
            is_between = is_between || (to - at == str_of(*w).n && text_has(s, at, str_of(*w)));
        if (!is_between) {
            i = to;
            break;
        }
        has_is = has_is || text_has(s, at, STR("is"));
        i = at;
    }
    int64_t from = i;
    while (from > c->from && i - from < 8 && s.at[from - 1] != ' ' && s.at[from - 1] != '\n')
        from--;
    int64_t at = from;
    while (at > c->from && s.at[at - 1] == ' ')
        at--;
    bool is_statement = text_has(s, at - 9, STR("statement")) || text_has(s, at - 4, STR("both"));
    *out = read_pick(c, "is_correct", from, from, i);
    return has_is && !is_statement && out->l.kind == LETTER_ONE && !out->l.has_rest;
}

/* "option D", "(D)", "answer D" right after i: the letter, and where it ends. */
static bool letter_after(const struct search *c, int64_t i, struct pick *out)
{
    static const struct str words[] = {{"option", 6}, {"answer", 6}, {"choice", 6}, {"the", 3}};
    struct str s = c->s;
    for (size_t k = 0; k < sizeof words / sizeof *words; k++) {
        while (i < s.n && (s.at[i] == ' ' || s.at[i] == '*'))
            i++;
        i += text_has(s, i, words[k]) && byte_at(s, i + words[k].n) == ' ' ? words[k].n : 0;
    }
    int64_t to = i;
    while (to < s.n && to - i < 24 && strchr(" \n.,;:!?", s.at[to]) == NULL &&
           (s.at[to] & 0x80) == 0)
        to++;
    *out = read_pick(c, "chosen", i, i, to);
    return out->l.kind == LETTER_ONE && !out->l.has_rest;
}

/* "D is correct": counts only when all such statements agree. */
static void agree(struct search *c, const struct pick *p)
{
    c->n++;
    c->agreed |= 1U << p->l.i;
    if (c->agree.rule == NULL)
        c->agree = *p;
}

/* A word about options that announces no value: D may stand before it or after it. */
static bool option_word(struct search *c, const struct said *w, struct pick *out)
{
    struct str s = c->s;
    bool is_option = text_has(s, w->at, STR("option")) || text_has(s, w->at, STR("choice"));
    bool is_answer = text_has(s, w->at, STR("answer"));
    bool is_correct = text_has(s, w->at, STR("correct"));
    if ((is_correct || is_answer) && ends_statement(s, w->end) && letter_before(c, w->at, out)) {
        agree(c, out);
        return false;
    }
    if (is_correct || !letter_after(c, w->end, out))
        return false;
    if (is_option) {
        struct str is_right[] = {STR(" is correct"), STR(" is right"), STR(" is the answer")};
        for (size_t k = 0; k < sizeof is_right / sizeof *is_right; k++)
            if (text_has(s, out->to, is_right[k]) && ends_statement(s, out->to + is_right[k].n))
                agree(c, out);
        return false;
    }
    out->at = w->at;
    return ends_statement(s, out->to) && decides(c, out);
}

/* --------------------------------------------------------------------------- decisions */

static struct choice none(const char *rule, const char *why, int64_t from, int64_t to)
{
    return (struct choice){CHOICE_NONE, 0, rule, why, from, to, 0};
}

static struct choice conclude(const struct search *c, const struct pick *p)
{
    struct choice r = {.found = CHOICE_ABSTAIN, .rule = p->rule, .from = p->from, .to = p->to};
    r.n_declared = c->n;
    if (p->l.kind == LETTER_MANY) {
        r.why = "several options are declared at once";
    } else if (p->l.kind == LETTER_ABSENT) {
        r.why = "no option has the letter that is declared";
    } else if (p->l.kind == LETTER_CLASHES) {
        r.why = "the letter of one option stands beside the text of another";
    } else if ((c->refused & 1U << p->l.i) != 0) {
        r.why = "the option is declared and refused";
    } else if (c->agree.rule != NULL && c->agree.at > p->at && (c->agreed & ~(1U << p->l.i)) != 0) {
        r.why = "another option is called correct later";
    } else {
        r.found = CHOICE_LETTER;
        r.letter = (char)('A' + p->l.i);
        r.why = p->l.kind == LETTER_BY_TEXT ? "the text of one option" : "the last option declared";
        r.rule = p->l.kind == LETTER_BY_TEXT ? "option_text" : p->rule;
    }
    return r;
}

/* When no place decides. */
static struct choice conclude_rest(struct search *c)
{
    struct pick p;
    if (c->agree.rule != NULL) {
        if ((c->agreed & (c->agreed - 1)) != 0)
            c->agree.l.kind = LETTER_MANY;
        return conclude(c, &c->agree);
    }
    if (c->refused == 0 && first_line(c, &p))
        return conclude(c, &p);
    struct choice r = none("nothing", "the reply declares no option", c->from, c->from);
    r.n_declared = c->n;
    if (c->refused != 0 || c->unread.rule != NULL) {
        r.found = CHOICE_ABSTAIN;
        r.rule = c->unread.rule != NULL ? c->unread.rule : "declared";
        r.from = c->unread.from;
        r.to = c->unread.to;
        r.why = c->refused != 0 ? "options are only refused" : "what is declared is no option";
    }
    return r;
}

/* \boxed{A} or \boxed{B} */
static bool boxes_differ(struct str s, const struct boxes *b)
{
    const struct box *last = &b->last[b->n_last - 1];
    for (int64_t n = boxes_run(s, b, b->n_last - 1); n > 1; n--)
        if (!str_eq(box_text(s, last - (n - 1)), box_text(s, last)))
            return true;
    return false;
}

/* Whether a colon stands before i. */
static bool is_announced(struct str s, int64_t i)
{
    while (i > 0 && (is_blank(s.at[i - 1]) || s.at[i - 1] == '*'))
        i--;
    return byte_at(s, i - 1) == ':' || text_has(s, i - 3, STR("："));
}

/* What a declaration says; the whole line is tried as well, for the texts of options are cut where
 * sentences end. */
static bool said_decides(struct search *c, const struct said *w, struct pick *out)
{
    if (w->kind == SAID_OPTION)
        return option_word(c, w, out);
    if (w->kind == SAID_EMPTY)
        return false;
    *out = read_pick(c, "declared", w->at, w->from, w->to);
    if (c->o.text != NULL) {
        struct pick line = read_pick(c, "declared", w->at, w->from, line_end(c->s, w->from));
        bool is_better = line.l.kind == LETTER_BY_TEXT && out->l.kind == LETTER_NONE;
        *out = is_better || line.l.kind == LETTER_CLASHES ? line : *out;
    }
    bool is_article = c->s.at[w->from] == 'a' && out->l.kind == LETTER_ONE && !out->l.is_marked;
    if (is_article && !is_announced(c->s, w->from))
        out->l.kind = LETTER_NONE; /* "the answer is a", and there it breaks off */
    return decides(c, out);
}

/* The last box, when it is later than every declaration left. True: *out is the answer. */
static bool box_decides(struct search *c, const struct boxes *b, struct choice *out)
{
    const struct box *box = b->n_last > 0 ? &b->last[b->n_last - 1] : NULL;
    if (b->unclosed >= 0) {
        *out = none("unclosed_box", "the last box never closes", b->unclosed, c->s.n);
        return true;
    }
    struct pick p = read_pick(c, "boxed", box->at, box->from, box->to);
    if (p.l.kind == LETTER_ONE && boxes_differ(c->s, b))
        p.l.kind = LETTER_MANY;
    if (p.l.kind == LETTER_ABSENT)
        p.l.kind = LETTER_NONE; /* a quantity: \boxed{E} */
    if (!decides(c, &p))
        return false;
    *out = conclude(c, &p);
    return true;
}

static struct choice search_back(struct search *c, const struct boxes *b)
{
    struct said_scan scan;
    said_start(&scan, c->s, c->from, true);
    int64_t box_at = b->unclosed >= 0 ? b->unclosed : b->n > 0 ? b->last[b->n_last - 1].at : -1;
    struct choice r;
    struct pick line;
    struct pick p;
    struct said w = {.at = -1};
    bool has_line = last_line(c, &line) && box_at < line.from;
    for (;;) {
        bool has_said = said_next(&scan, &w);
        int64_t said_to = !has_said ? -1 : w.kind == SAID_OPTION ? w.at : w.to - 1;
        if (has_line && said_to < line.from) {
            c->n++;
            return conclude(c, &line);
        }
        if (box_at >= 0 && (!has_said || w.at < box_at)) {
            if (box_decides(c, b, &r))
                return r;
            box_at = -1;
        }
        if (!has_said)
            return conclude_rest(c);
        if (said_decides(c, &w, &p))
            return conclude(c, &p);
    }
}

struct choice choice_extract(struct str reply, const struct str *options, int64_t n_options,
                             struct arena *keep, struct arena tmp)
{
    (void)keep; /* every rule and reason is static */
    assert(n_options >= (options != NULL ? 1 : 0));
    assert(n_options <= CHOICE_OPTIONS);
    int64_t thinking;
    int64_t from = visible_from(reply, &thinking);
    if (thinking >= 0)
        return none("unclosed_think", "the reasoning never ends", thinking, reply.n);
    struct search *c = NEW(&tmp, struct search, 1);
    struct boxes *b = NEW(&tmp, struct boxes, 1);
    *c = (struct search){.s = reply,
                         .o = {options, n_options == 0 ? CHOICE_OPTIONS_UNKNOWN : n_options},
                         .from = from};
    boxes_find(reply, from, b, tmp);
    return search_back(c, b);
}

int64_t choice_gold(struct str gold, const struct str *options, int64_t n_options)
{
    struct choice_options o = {options, n_options == 0 ? CHOICE_OPTIONS_UNKNOWN : n_options};
    struct str g = str_trim(gold);
    bool is_letter_gold = g.n == 1 || (g.n == 3 && g.at[0] == '(' && g.at[2] == ')');
    char c = g.n == 1 ? g.at[0] : is_letter_gold ? g.at[1] : 0;
    if (c >= 'A' && c <= 'Z' && c - 'A' < o.n)
        return c - 'A';
    return option_by_text(g, &o);
}
