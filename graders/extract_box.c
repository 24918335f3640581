/* Boxes. The scan keeps the boxes that are open, with the depth of braces outside them; a box
 * closes at the brace that brings the depth back to where it began, so braces that never close cost
 * nothing. What is known of the boxes already closed is kept beside each open one, because it comes
 * back when that one swallows all that closed inside it. Both memories are rings: of more than
 * LIMIT_BOXES_OPEN open boxes the outermost are forgotten, of closed ones all but the last few. */
#include <assert.h>

#include "base/limits.h"
#include "graders/extract_parts.h"

/* The closed boxes that count, as far as the place where an open one began. */
struct tally {
    int64_t n;
    struct str text; /* of the last */
    bool do_all_agree;
};

struct open_box {
    int64_t at;    /* of the backslash */
    int64_t inner; /* first byte after the brace */
    int64_t depth; /* of braces around it */
    struct tally outside;
};

struct scan {
    struct str s;
    int64_t i;
    int64_t depth;
    struct open_box *open; /* ring of cap; [n_forgotten, n_open) are there */
    int64_t cap;
    int64_t n_open;
    int64_t n_forgotten;
    int64_t forgotten_depth; /* of the innermost forgotten one, or -1 */
    int64_t inner_depth;     /* of the innermost one, forgotten or not, or -1 */
    struct tally done;
    struct box ring[BOXES_KEPT]; /* box i is at i % BOXES_KEPT if its index is still i */
    int64_t index[BOXES_KEPT];
    bool is_crowded;
};

struct str box_text(struct str reply, const struct box *b)
{
    return str_trim(str_sub(reply, b->from, b->to));
}

static struct box *box_at(struct scan *c, int64_t i)
{
    bool is_there = i >= 0 && c->index[i % BOXES_KEPT] == i;
    return is_there ? &c->ring[i % BOXES_KEPT] : NULL;
}

static void push_done(struct scan *c, struct box b)
{
    struct str text = {c->s.at + b.from, b.to - b.from};
    if (text.n > 0 && (is_blank(text.at[0]) || is_blank(text.at[text.n - 1])))
        text = str_trim(text);
    bool is_first = c->done.n == 0;
    c->done.do_all_agree = is_first || (c->done.do_all_agree && str_eq(text, c->done.text));
    c->done.text = text;
    c->ring[c->done.n % BOXES_KEPT] = b;
    c->index[c->done.n % BOXES_KEPT] = c->done.n;
    c->done.n++;
}

/* Whether the byte after a lone digit shows that more than the digit was meant. */
static bool goes_on(struct str s, int64_t i)
{
    char a = byte_at(s, i);
    if (a == '.' || a == ',')
        return is_digit(byte_at(s, i + 1));
    if (a == '\\')
        return is_letter(byte_at(s, i + 1));
    return is_letter(a) || (a != 0 && strchr("/^_!%+*({-", a) != NULL) ||
           is_digit(byte_at(s, skip_blank(s, i)));
}

/* A bare \boxed whose argument begins at i. */
static void bare_box(struct scan *c, int64_t at, int64_t i)
{
    char a = byte_at(c->s, i);
    char b = byte_at(c->s, i + 1);
    bool is_sign = (a == '-' || a == '+') && is_digit(b);
    if (is_digit(a) && !goes_on(c->s, i + 1))
        push_done(c, (struct box){at, i + 1, i, i + 1, EXTRACT_TOKEN});
    else if (is_digit(a) || is_sign || (a == '\\' && is_letter(b)))
        push_done(c, (struct box){at, i, i, i, EXTRACT_UNCLEAR});
}

/* \framebox[3cm][c]{...}: past what is in brackets. */
static int64_t skip_options(struct str s, int64_t i)
{
    enum { OPTIONS = 2, BYTES = 32 };
    for (int n = 0; n < OPTIONS && byte_at(s, i) == '['; n++) {
        int64_t to = i + 1;
        while (to < s.n && to - i < BYTES && s.at[to] != ']' && s.at[to] != '\n')
            to++;
        if (byte_at(s, to) != ']')
            return i;
        i = skip_blank(s, to + 1);
    }
    return i;
}

static void open_box(struct scan *c, int64_t at, int64_t inner)
{
    if (c->n_open - c->n_forgotten == c->cap)
        c->forgotten_depth = c->open[c->n_forgotten++ & (c->cap - 1)].depth;
    c->open[c->n_open++ & (c->cap - 1)] = (struct open_box){at, inner, c->depth++, c->done};
    c->inner_depth = c->depth - 1;
    c->i = inner;
}

static void command(struct scan *c)
{
    int64_t at = c->i++;
    while (c->i < c->s.n && is_letter(c->s.at[c->i]))
        c->i++;
    struct str name = {c->s.at + at + 1, c->i - at - 1};
    bool is_frame = name.n == 8 && memcmp(name.at, "framebox", 8) == 0;
    if (!is_frame && !(name.n == 5 && memcmp(name.at, "boxed", 5) == 0) &&
        !(name.n == 4 && memcmp(name.at, "fbox", 4) == 0))
        return;
    int64_t j = skip_blank(c->s, c->i);
    j = is_frame ? skip_options(c->s, j) : j;
    if (byte_at(c->s, j) == '{')
        open_box(c, at, j + 1);
    else
        bare_box(c, at, j);
}

static void close_box(struct scan *c, const struct open_box *o)
{
    struct box b = {o->at, c->i + 1, o->inner, c->i, EXTRACT_BOX};
    const struct box *only = c->done.n == o->outside.n + 1 ? box_at(c, o->outside.n) : NULL;
    /* A box that holds one box and nothing else is that box. */
    if (only != NULL && only->at == skip_blank(c->s, b.from) &&
        skip_blank(c->s, only->end) == b.to) {
        b.from = only->from;
        b.to = only->to;
        b.rule = only->rule;
    }
    c->done = o->outside;
    push_done(c, b);
}

/* Most bytes are neither a brace nor a backslash: those are passed in a loop of their own. */
static inline bool is_plain(char b)
{
    static const bool special[256] = {['\\'] = true, ['{'] = true, ['}'] = true};
    return !special[(unsigned char)b];
}

/* A brace closed what began at this depth: the innermost box that is open, or one forgotten. */
static void close_innermost(struct scan *c)
{
    if (c->n_open == c->n_forgotten) {
        c->is_crowded = true;
        c->inner_depth = -1;
        return;
    }
    c->n_open--;
    close_box(c, &c->open[c->n_open & (c->cap - 1)]);
    c->inner_depth = c->n_open > c->n_forgotten ? c->open[(c->n_open - 1) & (c->cap - 1)].depth
                                                : c->forgotten_depth;
}

/* Past a backslash and what it hides. Few commands are looked at: those of boxes. */
static void backslash(struct scan *c)
{
    char next = byte_at(c->s, c->i + 1);
    if (next == 'b' || next == 'f')
        command(c);
    else if (next == '\\' && is_letter(byte_at(c->s, c->i + 2)))
        c->i++; /* "\\boxed{" is a box typed with its backslash doubled, but "\\}" hides no brace */
    else
        c->i += 2;
}

static void scan_boxes(struct scan *c)
{
    while (c->i < c->s.n) {
        char b = c->s.at[c->i];
        if (is_plain(b)) {
            c->i++;
        } else if (b == '\\') {
            backslash(c);
        } else if (b == '{') {
            c->depth++;
            c->i++;
        } else {
            c->depth -= c->depth > 0;
            if (c->depth == c->inner_depth)
                close_innermost(c);
            c->i++;
        }
    }
}

void boxes_find(struct str reply, int64_t from, struct boxes *out, struct arena tmp)
{
    struct scan *c = NEW(&tmp, struct scan, 1);
    *c = (struct scan){
        .s = reply, .i = from, .forgotten_depth = -1, .inner_depth = -1, .done.do_all_agree = true};
    c->cap = 1; /* as many as can be there, a power of two */
    while (c->cap < LIMIT_BOXES_OPEN && c->cap * STR("\\fbox{").n < reply.n - from)
        c->cap *= 2;
    c->open = NEW(&tmp, struct open_box, c->cap);
    for (int64_t i = 0; i < BOXES_KEPT; i++)
        c->index[i] = -1;
    scan_boxes(c);
    *out = (struct boxes){.n = c->done.n,
                          .do_all_agree = c->done.do_all_agree,
                          .unclosed = -1,
                          .is_crowded = c->is_crowded};
    int64_t first = c->done.n;
    while (box_at(c, first - 1) != NULL)
        first--;
    for (int64_t i = first; i < c->done.n; i++)
        out->last[out->n_last++] = *box_at(c, i);
    assert((out->n_last == 0) == (out->n == 0));
    if (c->n_open > c->n_forgotten) {
        int64_t at = c->open[(c->n_open - 1) & (c->cap - 1)].at;
        if (out->n == 0 || at > out->last[out->n_last - 1].at)
            out->unclosed = at;
    }
}
