#include "graders/extract.h"

#include <assert.h>

/* The scan keeps two stacks, each with room for every \boxed of the text: boxes still open, with
 * the brace depth outside them, and boxes that closed and are not inside another. A box closes at
 * the brace that brings the depth back to where it began, so braces that never close cost nothing.
 */
struct open_box {
    int64_t at;    /* of the backslash */
    int64_t inner; /* first byte after the brace */
    int64_t depth; /* of braces around it */
};

struct box {
    int64_t at;   /* of the backslash */
    int64_t end;  /* past the closing brace */
    int64_t from; /* what it holds */
    int64_t to;
    enum extract_rule rule;
};

struct scan {
    struct str s;
    int64_t i;
    int64_t depth;
    struct open_box *open;
    int64_t n_open;
    struct box *done;
    int64_t n_done;
    int64_t cap;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char byte_at(struct str s, int64_t i)
{
    return i < s.n ? s.at[i] : 0;
}

static int64_t skip_space(struct str s, int64_t i)
{
    while (i < s.n && (s.at[i] == ' ' || (s.at[i] >= '\t' && s.at[i] <= '\r')))
        i++;
    return i;
}

static void push_done(struct scan *c, struct box b)
{
    while (c->n_done > 0 && c->done[c->n_done - 1].at > b.at)
        c->n_done--; /* it lies inside the new one */
    assert(c->n_done < c->cap);
    c->done[c->n_done++] = b;
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
           is_digit(byte_at(s, skip_space(s, i)));
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

static void command(struct scan *c)
{
    int64_t at = c->i++;
    if (c->i < c->s.n && !is_letter(c->s.at[c->i])) {
        /* "\\boxed{" is a box typed with its backslash doubled, but "\\}" still hides no brace */
        c->i += c->s.at[c->i] != '\\' || !is_letter(byte_at(c->s, c->i + 1));
        return;
    }
    while (c->i < c->s.n && is_letter(c->s.at[c->i]))
        c->i++;
    if (!str_eq(str_sub(c->s, at + 1, c->i), STR("boxed")))
        return;
    int64_t j = skip_space(c->s, c->i);
    if (byte_at(c->s, j) != '{') {
        bare_box(c, at, j);
        return;
    }
    assert(c->n_open < c->cap);
    c->open[c->n_open++] = (struct open_box){at, j + 1, c->depth++};
    c->i = j + 1;
}

static void close_box(struct scan *c, struct open_box o)
{
    struct box b = {o.at, c->i + 1, o.inner, c->i, EXTRACT_BOX};
    const struct box *last = c->n_done > 0 ? &c->done[c->n_done - 1] : NULL;
    /* A box that holds one box and nothing else is that box. */
    if (last != NULL && last->at == skip_space(c->s, b.from) &&
        skip_space(c->s, last->end) == b.to) {
        b.from = last->from;
        b.to = last->to;
        b.rule = last->rule;
    }
    push_done(c, b);
}

static void close_brace(struct scan *c)
{
    if (c->depth > 0)
        c->depth--;
    if (c->n_open > 0 && c->open[c->n_open - 1].depth == c->depth)
        close_box(c, c->open[--c->n_open]);
    c->i++;
}

/* Most bytes are neither a brace nor a backslash: those are passed in a loop of their own. */
static bool is_plain(char b)
{
    return b != '\\' && b != '{' && b != '}';
}

static void scan_boxes(struct scan *c)
{
    for (;;) {
        while (c->i < c->s.n && is_plain(c->s.at[c->i]))
            c->i++;
        if (c->i == c->s.n)
            return;
        char b = c->s.at[c->i];
        if (b == '\\') {
            command(c);
        } else if (b == '}') {
            close_brace(c);
        } else {
            c->depth += b == '{';
            c->i++;
        }
    }
}

static struct str box_text(const struct scan *c, const struct box *b)
{
    return str_trim(str_sub(c->s, b->from, b->to));
}

/* Where the visible part begins. Forward by memmem: backwards byte by byte is ten times slower. */
static int64_t visible_from(struct str reply)
{
    struct str end = STR("</think>");
    int64_t from = 0;
    for (int64_t i = str_find(reply, end, 0); i >= 0; i = str_find(reply, end, from))
        from = i + end.n;
    return from;
}

static int64_t count_boxes(struct str s, int64_t from)
{
    struct str name = STR("\\boxed");
    int64_t n = 0;
    for (int64_t i = str_find(s, name, from); i >= 0; i = str_find(s, name, i + name.n))
        n++;
    return n;
}

static struct extract result(const struct scan *c)
{
    struct extract x = {.rule = EXTRACT_NOTHING, .n_boxes = c->n_done, .do_all_agree = true};
    const struct open_box *o = c->n_open > 0 ? &c->open[c->n_open - 1] : NULL;
    const struct box *last = c->n_done > 0 ? &c->done[c->n_done - 1] : NULL;
    if (o != NULL && (last == NULL || o->at > last->at)) {
        x.rule = EXTRACT_UNCLOSED;
        x.from = o->at;
        x.to = c->s.n;
        return x;
    }
    if (last == NULL)
        return x;
    x.text = box_text(c, last);
    for (int64_t i = 0; i + 1 < c->n_done; i++)
        x.do_all_agree = x.do_all_agree && str_eq(box_text(c, &c->done[i]), x.text);
    x.rule = last->rule == EXTRACT_BOX && x.text.n == 0 ? EXTRACT_EMPTY : last->rule;
    x.from = x.text.n > 0 ? x.text.at - c->s.at : last->from;
    x.to = x.from + x.text.n;
    return x;
}

struct extract extract_answer(struct str reply, struct arena tmp)
{
    int64_t from = visible_from(reply);
    int64_t thinking = str_find(reply, STR("<think>"), from);
    if (thinking >= 0)
        return (struct extract){
            .rule = EXTRACT_THINKING, .from = thinking, .to = reply.n, .do_all_agree = true};
    struct scan c = {.s = reply, .i = from, .cap = count_boxes(reply, from)};
    c.open = NEW(&tmp, struct open_box, c.cap);
    c.done = NEW(&tmp, struct box, c.cap);
    scan_boxes(&c);
    return result(&c);
}

const char *extract_rule_name(enum extract_rule rule)
{
    static const char *const names[] = {
        [EXTRACT_BOX] = "boxed",
        [EXTRACT_TOKEN] = "boxed_token",
        [EXTRACT_NOTHING] = "no_box",
        [EXTRACT_UNCLOSED] = "unclosed_box",
        [EXTRACT_EMPTY] = "empty_box",
        [EXTRACT_UNCLEAR] = "unclear_box",
        [EXTRACT_THINKING] = "unclosed_think",
    };
    assert((size_t)rule < sizeof names / sizeof *names);
    return names[rule];
}
