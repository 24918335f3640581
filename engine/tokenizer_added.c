#include "engine/tokenizer_added.h"

#include <assert.h>
#include <stdlib.h>

static int by_round_then_text(const void *x, const void *y)
{
    const struct added_token *a = x;
    const struct added_token *b = y;
    if (a->is_late != b->is_late)
        return a->is_late ? 1 : -1;
    int order = str_cmp(a->text, b->text);
    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

/* A text may stand in one round only: the other would never be reached, or be ambiguous. */
static bool is_unique(const struct added *a, const struct added_token *twin[2])
{
    for (int64_t i = 0; i < a->n; i++) {
        twin[0] = &a->token[i];
        twin[1] = added_find(a, a->token[i].text);
        if (twin[0] != twin[1])
            return false;
    }
    return true;
}

bool added_init(struct added *a, struct added_token *tokens, int64_t n,
                const struct added_token *twin[2])
{
    *a = (struct added){.token = tokens, .n = n};
    if (n > 0)
        qsort(tokens, (size_t)n, sizeof *tokens, by_round_then_text);
    int64_t n_early = 0;
    while (n_early < n && !tokens[n_early].is_late)
        n_early++;
    a->round[0].to = n_early;
    a->round[1].from = n_early;
    a->round[1].to = n;
    for (int64_t i = 0; i < n; i++) {
        assert(tokens[i].text.n > 0);
        a->round[tokens[i].is_late].starts[(unsigned char)tokens[i].text.at[0]] = true;
    }
    return is_unique(a, twin);
}

/* First token of [from, to) whose byte at `depth` is at least c. All agree before depth, and one
 * that ends there counts as -1: it sorts first. */
static int64_t lower(const struct added *a, int64_t from, int64_t to, int64_t depth, int c)
{
    while (from < to) {
        int64_t mid = from + (to - from) / 2;
        struct str t = a->token[mid].text;
        int has = depth < t.n ? (unsigned char)t.at[depth] : -1;
        if (has < c)
            from = mid + 1;
        else
            to = mid;
    }
    return from;
}

/* The longest token of a round that text begins with, or NULL. The tokens that still agree are a
 * range of the sorted list, narrowed byte by byte; one that ends is the first of its range. */
static const struct added_token *longest(const struct added *a, const struct added_round *r,
                                         struct str text)
{
    const struct added_token *best = NULL;
    int64_t from = r->from;
    int64_t to = r->to;
    for (int64_t depth = 0; depth < text.n && from < to; depth++) {
        int c = (unsigned char)text.at[depth];
        from = lower(a, from, to, depth, c);
        to = lower(a, from, to, depth, c + 1);
        if (from < to && a->token[from].text.n == depth + 1)
            best = &a->token[from];
    }
    return best;
}

const struct added_token *added_find(const struct added *a, struct str text)
{
    for (int k = 0; k < 2; k++) {
        const struct added_token *t = longest(a, &a->round[k], text);
        if (t != NULL && t->text.n == text.n)
            return t;
    }
    return NULL;
}

static struct added_hit search(const struct added *a, const struct added_round *r, struct str text,
                               int64_t from)
{
    for (int64_t i = from; i < text.n; i++) {
        if (!r->starts[(unsigned char)text.at[i]])
            continue;
        const struct added_token *t = longest(a, r, str_sub(text, i, text.n));
        if (t != NULL)
            return (struct added_hit){i, t->text.n, t};
    }
    return (struct added_hit){.from = text.n};
}

struct added_walk added_start(const struct added *a, struct str text)
{
    return (struct added_walk){.a = a, .text = text, .hit = {{.from = -1}, {.from = -1}}};
}

bool added_next(struct added_walk *w, struct str *part, const struct added_token **token)
{
    if (w->at == w->text.n)
        return false;
    if (w->hit[0].from < w->at)
        w->hit[0] = search(w->a, &w->a->round[0], w->text, w->at);
    /* The second round sees only the text before the next token of the first. */
    struct str gap = str_sub(w->text, 0, w->hit[0].from);
    if (w->hit[1].from < w->at)
        w->hit[1] = search(w->a, &w->a->round[1], gap, w->at);
    const struct added_hit *next = &w->hit[w->hit[1].from < w->hit[0].from];
    bool is_here = next->from == w->at && next->token != NULL;
    int64_t to = is_here ? w->at + next->n : next->from;
    *token = is_here ? next->token : NULL;
    *part = str_sub(w->text, w->at, to);
    assert(part->n > 0);
    w->at = to;
    return true;
}
