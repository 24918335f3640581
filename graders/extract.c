#include "graders/extract.h"

#include <assert.h>

#include "graders/extract_parts.h"

/* ---------------------------------------------------------------------- visible part */

/* Backwards in steps of the word's length: no two of its letters are the same, so one byte tells
 * where the word would have to be. A search from the front restarts at every hit, and a reply may
 * be made of hits. */
static int64_t rfind_distinct(struct str s, struct str word)
{
    for (int64_t i = s.n - 1; i >= 0; i -= word.n) {
        const char *hit = memchr(word.at, s.at[i], (size_t)word.n);
        int64_t at = hit == NULL ? -1 : i - (hit - word.at);
        if (at >= 0 && at + word.n <= s.n && memcmp(s.at + at, word.at, (size_t)word.n) == 0)
            return at;
    }
    return -1;
}

int64_t visible_from(struct str reply, int64_t *thinking)
{
    struct str end = STR("</think>");
    int64_t at = rfind_distinct(reply, end);
    int64_t from = at < 0 ? 0 : at + end.n;
    *thinking = str_find(reply, STR("<think>"), from);
    return from;
}

/* ---------------------------------------------------------------------------- result */

static const struct {
    const char *name;
    const char *why;
    bool has_text;
} rules[] = {
    [EXTRACT_BOX] = {"boxed", "the last box", true},
    [EXTRACT_TOKEN] = {"boxed_token", "the last box, of one digit", true},
    [EXTRACT_BOX_EXACT] = {"boxed_exact", "the exact value beside the decimals of the last box",
                           true},
    [EXTRACT_BOX_JOINED] = {"boxed_joined", "the last boxes, joined for a list", true},
    [EXTRACT_SAID] = {"declared", "the last declaration", true},
    [EXTRACT_SAID_LAST] = {"declared_chain", "the last side of the chain last declared", true},
    [EXTRACT_SAID_EXACT] = {"declared_exact", "the exact side of what was last declared", true},
    [EXTRACT_WHOLE] = {"whole_reply", "the reply is one short expression", true},
    [EXTRACT_DISPLAY] = {"display", "the last display", true},
    [EXTRACT_LAST_LINE] = {"last_line", "the last line", true},
    [EXTRACT_LAST_NUMBER] = {"last_number", "the last number", true},
    [EXTRACT_NOTHING] = {"nothing", "the reply gives no final answer", false},
    [EXTRACT_UNCLOSED] = {"unclosed_box", "the last box never closes", false},
    [EXTRACT_EMPTY] = {"empty_box", "the last box is empty", false},
    [EXTRACT_SAID_EMPTY] = {"empty_declaration", "the reply ends where its answer begins", false},
    [EXTRACT_UNCLEAR] = {"unclear_box", "what the last box holds is unclear", false},
    [EXTRACT_THINKING] = {"unclosed_think", "the reasoning never ends", false},
};

const char *extract_rule_name(enum extract_rule rule)
{
    assert((size_t)rule < sizeof rules / sizeof *rules);
    return rules[rule].name;
}

bool extract_has_text(enum extract_rule rule)
{
    assert((size_t)rule < sizeof rules / sizeof *rules);
    return rules[rule].has_text;
}

bool extract_reach_from_name(struct str name, enum extract_reach *out)
{
    static const struct str names[] = {[EXTRACT_BOXED] = {"boxed", 5},
                                       [EXTRACT_DECLARED] = {"declared", 8},
                                       [EXTRACT_ANY] = {"any", 3}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_eq(names[i], name)) {
            *out = (enum extract_reach)i;
            return true;
        }
    }
    return false;
}

static void set_rule(struct extract *x, enum extract_rule rule, int64_t from, int64_t to)
{
    assert(from <= to);
    x->rule = rule;
    x->why = rules[rule].why;
    x->from = from;
    x->to = to;
}

static void add_place(struct extract *x, enum extract_rule rule, int64_t from, int64_t to)
{
    if (x->n_places < EXTRACT_PLACES)
        x->places[x->n_places++] = (struct extract_place){rule, from, to};
}

/* ----------------------------------------------------------------------------- boxes */

static void place_boxes(struct extract *x, const struct boxes *b)
{
    int64_t first = b->n_last > EXTRACT_PLACES ? b->n_last - EXTRACT_PLACES : 0;
    for (int64_t i = first; i < b->n_last; i++)
        add_place(x, b->last[i].rule, b->last[i].from, b->last[i].to);
}

/* Whether the boxes of the run differ at all: repeats of one text are that text. */
static bool run_differs(struct str reply, const struct boxes *b, int64_t n)
{
    const struct box *last = &b->last[b->n_last - 1];
    for (int64_t i = 1; i < n; i++)
        if (!str_eq(box_text(reply, last - i), box_text(reply, last)))
            return true;
    return false;
}

static bool is_repeat(struct str reply, const struct box *first, const struct box *b)
{
    for (; first < b; first++)
        if (str_eq(box_text(reply, first), box_text(reply, b)))
            return true;
    return false;
}

static void join_boxes(struct str reply, const struct boxes *b, int64_t n, struct extract *x,
                       struct arena *keep)
{
    const struct box *last = &b->last[b->n_last - 1];
    const struct box *first = last - (n - 1);
    struct buf text = {0};
    for (const struct box *i = first; i <= last; i++) {
        struct str t = box_text(reply, i);
        if (t.n == 0 || is_repeat(reply, first, i))
            continue;
        if (text.n > 0)
            buf_put(&text, STR(", "));
        buf_put(&text, t);
    }
    set_rule(x, EXTRACT_BOX_JOINED, first->from, last->to);
    x->text = arena_str(keep, buf_str(&text));
    buf_free(&text);
}

static void take_text(struct str reply, struct extract *x, enum extract_rule rule, int64_t from,
                      int64_t to)
{
    x->text = str_trim(str_sub(reply, from, to));
    from = x->text.n > 0 ? x->text.at - reply.at : from;
    set_rule(x, rule, from, from + x->text.n);
}

static void take_box(struct str reply, const struct boxes *b, enum extract_gold gold,
                     struct extract *x, struct arena *keep)
{
    const struct box *last = &b->last[b->n_last - 1];
    const struct box *exact = boxes_exact(reply, b);
    int64_t n = boxes_run(reply, b, b->n_last - 1);
    int64_t from = last->from;
    int64_t to = last->to;
    bool differs = n > 1 && run_differs(reply, b, n);
    if (b->is_crowded || last->rule == EXTRACT_UNCLEAR || (n == BOXES_KEPT && gold == EXTRACT_LIST))
        set_rule(x, EXTRACT_UNCLEAR, from, last->rule == EXTRACT_UNCLEAR ? from : to);
    else if (box_text(reply, last).n == 0)
        set_rule(x, EXTRACT_EMPTY, from, from);
    else if (exact != NULL)
        take_text(reply, x, EXTRACT_BOX_EXACT, exact->from, exact->to);
    else if (gold == EXTRACT_LIST && differs)
        join_boxes(reply, b, n, x, keep);
    else if (narrow_exact(reply, &from, &to))
        take_text(reply, x, EXTRACT_BOX_EXACT, from, to);
    else
        take_text(reply, x, last->rule, from, to);
    x->is_hedged = differs && x->rule != EXTRACT_BOX_JOINED && x->text.n > 0;
}

/* ---------------------------------------------------------------------- declarations */

static bool take_value(struct str reply, struct extract *x, enum extract_rule rule, int64_t from,
                       int64_t to)
{
    (void)narrow_clause(reply, &from, &to);
    if (narrow_exact(reply, &from, &to))
        rule = rule == EXTRACT_SAID ? EXTRACT_SAID_EXACT : rule;
    else if (narrow_chain(reply, &from, &to))
        rule = rule == EXTRACT_SAID ? EXTRACT_SAID_LAST : rule;
    take_text(reply, x, rule, from, to);
    return true;
}

static bool has_digit(struct str s)
{
    for (int64_t i = 0; i < s.n; i++)
        if (is_digit(s.at[i]))
            return true;
    return false;
}

/* Whether one sentence declares two values: "if n is odd the answer is 3, else the answer is 4". */
static bool is_one_sentence(struct str reply, const struct said *first, const struct said *second)
{
    if (first->kind != SAID_VALUE)
        return false;
    if (first->to > second->at) /* "Answer: the answer is 4" says one thing twice */
        return has_digit(str_sub(reply, first->from, second->at));
    struct str gap = str_sub(reply, first->to, second->at);
    struct str one = str_sub(reply, first->from, first->to);
    return memchr(gap.at, '\n', (size_t)gap.n) == NULL && str_find(gap, STR(". "), 0) < 0 &&
           str_find(gap, STR("。"), 0) < 0 &&
           !str_eq(one, str_sub(reply, second->from, second->to));
}

/* The last declaration of a value; a phrase only when there is none. */
static bool take_said(struct str reply, int64_t from, struct extract *x)
{
    struct said_scan c;
    said_start(&c, reply, from, false);
    struct said s;
    struct said before;
    struct said loose = {.to = -1};
    while (said_next(&c, &s)) {
        if (s.kind == SAID_EMPTY) {
            set_rule(x, EXTRACT_SAID_EMPTY, s.at, reply.n);
            return true;
        }
        if (s.kind == SAID_NOT)
            continue;
        add_place(x, EXTRACT_SAID, s.from, s.to);
        if (s.kind == SAID_VALUE) {
            bool has_before = said_next(&c, &before) && before.from < before.to;
            if (has_before)
                add_place(x, EXTRACT_SAID, before.from, before.to);
            if (has_before && is_one_sentence(reply, &before, &s))
                s.from = before.from;
            return take_value(reply, x, EXTRACT_SAID, s.from, s.to);
        }
        if (loose.to < 0)
            loose = s;
    }
    return loose.to >= 0 && take_value(reply, x, EXTRACT_SAID, loose.from, loose.to);
}

static bool take_whole(struct str reply, int64_t from, struct extract *x)
{
    enum { WHOLE_BYTES = 512 };
    struct str all = str_trim(str_sub(reply, from, reply.n));
    int64_t a = all.n > 0 ? all.at - reply.at : from;
    int64_t b = a + all.n;
    if (all.n == 0 || all.n > WHOLE_BYTES || memchr(all.at, '\n', (size_t)all.n) != NULL ||
        !is_bare_answer(reply, &a, &b))
        return false;
    return take_value(reply, x, EXTRACT_WHOLE, a, b);
}

static bool take_tail(struct str reply, int64_t from, struct extract *x)
{
    int64_t line_from = -1;
    int64_t display_from = -1;
    int64_t line_to;
    int64_t display_to;
    bool has_line = tail_line(reply, from, &line_from, &line_to);
    bool has_display = tail_display(reply, from, &display_from, &display_to);
    if (has_line && !(has_display && display_to >= line_to))
        return take_value(reply, x, EXTRACT_LAST_LINE, line_from, line_to);
    if (has_display)
        return take_value(reply, x, EXTRACT_DISPLAY, display_from, display_to);
    if (!tail_number(reply, from, &line_from, &line_to))
        return false;
    take_text(reply, x, EXTRACT_LAST_NUMBER, line_from, line_to);
    return true;
}

struct extract extract_answer(struct str reply, enum extract_gold gold, enum extract_reach reach,
                              struct arena *keep, struct arena tmp)
{
    struct extract x = {.do_all_agree = true};
    int64_t thinking;
    int64_t from = visible_from(reply, &thinking);
    struct boxes *b = NEW(&tmp, struct boxes, 1);
    set_rule(&x, EXTRACT_NOTHING, from, from);
    if (thinking >= 0) {
        set_rule(&x, EXTRACT_THINKING, thinking, reply.n);
        return x;
    }
    boxes_find(reply, from, b, tmp);
    x.n_boxes = b->n;
    x.do_all_agree = b->do_all_agree;
    place_boxes(&x, b);
    if (b->unclosed >= 0)
        set_rule(&x, EXTRACT_UNCLOSED, b->unclosed, reply.n);
    else if (b->n > 0)
        take_box(reply, b, gold, &x, keep);
    else if (reach >= EXTRACT_DECLARED && !take_said(reply, from, &x) &&
             !take_whole(reply, from, &x) && reach == EXTRACT_ANY)
        (void)take_tail(reply, from, &x);
    assert(extract_has_text(x.rule) == (x.text.n > 0));
    return x;
}
