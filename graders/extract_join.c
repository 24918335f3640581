/* Boxes that belong together: members of one list, or an exact value and its decimals. */
#include <assert.h>

#include "graders/extract_parts.h"

enum {
    GAP_BYTES = 200, /* between two boxes that belong together; real ones have < 40 */
    GAP_NONE = 0,    /* something else is between */
    GAP_PLAIN = 1,   /* nothing but dress */
    GAP_JOINS = 2,
    GAP_APPROX = 4,
    GAP_FILLS = 8, /* words beside an approximation sign */
};

struct gap_word {
    struct str text;
    int kind;
};

#define W(text, kind)                                                                              \
    {                                                                                              \
        {text, sizeof(text) - 1}, kind                                                             \
    }
static const struct gap_word gap_words[] = {
    W("\\approx", GAP_APPROX),   W("\\simeq", GAP_APPROX), W("\\doteq", GAP_APPROX),
    W("≈", GAP_APPROX),          W("≃", GAP_APPROX),       W("approximately", GAP_APPROX),
    W("approx.", GAP_APPROX),    W("about", GAP_APPROX),   W("roughly", GAP_APPROX),
    W("numerically", GAP_FILLS), W("which", GAP_FILLS),    W("that", GAP_FILLS),
    W("is", GAP_FILLS),          W("i.e.", GAP_FILLS),     W("(", GAP_FILLS),
    W(")", GAP_FILLS),           W("and", GAP_JOINS),      W("or", GAP_JOINS),
    W("und", GAP_JOINS),         W("oder", GAP_JOINS),     W("et", GAP_JOINS),
    W("ou", GAP_JOINS),          W("y", GAP_JOINS),        W("o", GAP_JOINS),
    W("и", GAP_JOINS),           W("или", GAP_JOINS),      W("和", GAP_JOINS),
    W("或", GAP_JOINS),          W("及", GAP_JOINS),       W("、", GAP_JOINS),
    W("，", GAP_JOINS),          W("；", GAP_JOINS),       W(",", GAP_JOINS),
    W(";", GAP_JOINS),           W("&", GAP_JOINS),        W("\\quad", GAP_PLAIN),
    W("\\qquad", GAP_PLAIN),     W("\\textbf", GAP_PLAIN), W("\\text", GAP_PLAIN),
    W("\\mathrm", GAP_PLAIN),    W("\\,", GAP_PLAIN),      W("\\;", GAP_PLAIN),
    W("\\ ", GAP_PLAIN),         W("\\(", GAP_PLAIN),      W("\\)", GAP_PLAIN),
    W("\\[", GAP_PLAIN),         W("\\]", GAP_PLAIN),      W("~", GAP_PLAIN),
    W("{", GAP_PLAIN),           W("}", GAP_PLAIN),        W("$", GAP_PLAIN),
    W("*", GAP_PLAIN),
};
#undef W

/* The longest word of the table at i, whole if it is made of letters; NULL: none. */
static const struct gap_word *word_at(struct str s, int64_t i)
{
    const struct gap_word *best = NULL;
    for (size_t k = 0; k < sizeof gap_words / sizeof *gap_words; k++) {
        const struct gap_word *w = &gap_words[k];
        bool is_whole =
            !is_letter(w->text.at[w->text.n - 1]) || !is_letter(byte_at(s, i + w->text.n));
        if (is_whole && text_has(s, i, w->text) && (best == NULL || w->text.n > best->text.n))
            best = w;
    }
    return best;
}

/* What is between two boxes: GAP_NONE, or the kinds of all the words. A blank line parts them. */
static int gap_between(struct str reply, int64_t from, int64_t to)
{
    int kinds = GAP_PLAIN;
    struct str s = str_sub(reply, 0, to);
    if (to - from > GAP_BYTES)
        return GAP_NONE;
    for (int64_t i = from; i < to;) {
        int64_t j = skip_blank(s, i);
        if (j > i) {
            const char *line = memchr(s.at + i, '\n', (size_t)(j - i));
            int64_t rest = line == NULL ? 0 : s.at + j - line - 1;
            if (rest > 0 && memchr(line + 1, '\n', (size_t)rest) != NULL)
                return GAP_NONE;
            i = j;
            continue;
        }
        const struct gap_word *w = word_at(s, i);
        if (w == NULL)
            return GAP_NONE;
        kinds |= w->kind;
        i += w->text.n;
    }
    return kinds;
}

int64_t boxes_run(struct str reply, const struct boxes *b, int64_t i)
{
    int64_t n = 1;
    assert(i >= 0 && i < b->n_last);
    for (; i > 0; i--) {
        if (gap_between(reply, b->last[i - 1].end, b->last[i].at) != (GAP_PLAIN | GAP_JOINS))
            break;
        n++;
    }
    return n;
}

static bool says_about(struct str text)
{
    return str_find(text, STR("\\approx"), 0) >= 0 || str_find(text, STR("≈"), 0) >= 0;
}

const struct box *boxes_exact(struct str reply, const struct boxes *b)
{
    if (b->n_last < 2)
        return NULL;
    const struct box *last = &b->last[b->n_last - 1];
    const struct box *before = last - 1;
    struct str text = box_text(reply, last);
    struct str exact = box_text(reply, before);
    int gap = gap_between(reply, before->end, last->at);
    bool is_exact = before->rule != EXTRACT_UNCLEAR && exact.n > 0 && !is_bare_decimal(exact) &&
                    !says_about(exact);
    if (gap == GAP_NONE || !is_exact)
        return NULL;
    bool is_about = says_about(text) || ((gap & GAP_APPROX) != 0 && is_bare_decimal(text));
    return is_about ? before : NULL;
}
