#include "engine/pretok.h"

#include <assert.h>
#include <stdlib.h>

#include "engine/pretok_regex.h"

struct pretok {
    int64_t n;
    struct pattern *pattern[2][PRETOK_PATTERNS]; /* by enum pretok_unicode */
    bool later_block[PRETOK_BLOCKS];
};

static bool open_one(struct pattern **out, struct str regex, enum pretok_unicode unicode,
                     enum pattern_engine engine, struct err *e)
{
    CLEANUP(buf_free) struct buf ours = {0};
    struct pattern *p;
    TRY(pretok_regex(&ours, regex, unicode, e));
    TRY(pattern_open(&p, buf_str(&ours), engine, e));
    if (pattern_matches_empty(p)) {
        pattern_close(p);
        return FAIL(e, ERR_UNSUPPORTED, "a regex that matches the empty text cannot split");
    }
    *out = p;
    return true;
}

bool pretok_open(struct pretok **out, const struct str *regex, int64_t n,
                 enum pattern_engine engine, struct err *e)
{
    if (n < 1 || n > PRETOK_PATTERNS)
        return FAIL(e, ERR_UNSUPPORTED, "%lld split patterns (1 to %d are supported)", (long long)n,
                    PRETOK_PATTERNS);
    struct pretok *p = calloc(1, sizeof *p);
    assert(p != NULL);
    p->n = n;
    pretok_later_blocks(p->later_block);
    for (int64_t i = 0; i < 2 * n; i++)
        if (!open_one(&p->pattern[i / n][i % n], regex[i % n], (enum pretok_unicode)(i / n), engine,
                      e)) {
            (void)err_wrap(e, "pattern %lld", (long long)(i % n));
            pretok_close(p);
            return false;
        }
    *out = p;
    return true;
}

void pretok_close(struct pretok *p)
{
    if (p == NULL)
        return;
    for (int64_t i = 0; i < 2 * p->n; i++)
        pattern_close(p->pattern[i / p->n][i % p->n]);
    free(p);
}

struct pretok_walk pretok_start(const struct pretok *p, struct pattern_work *work, struct str text)
{
    bool has_later = pretok_has_later(text, p->later_block);
    struct pretok_walk w = {.p = p, .work = work, .pattern = p->pattern[has_later]};
    w.level[0].rest = text;
    return w;
}

/* Takes what comes first in the level: the text up to the next match, or the match. */
static bool take(struct pretok_walk *w, int64_t k, struct str *piece, struct err *e)
{
    struct pretok_level *l = &w->level[k];
    if (!l->is_searched) {
        TRY(pattern_find(w->pattern[k], w->work, l->rest, &l->hit, e));
        if (l->hit.from < 0)
            l->hit = (struct pattern_hit){l->rest.n, l->rest.n};
        l->is_searched = true;
    }
    int64_t n = l->hit.from > 0 ? l->hit.from : l->hit.to;
    assert(n > 0);
    assert(n <= l->rest.n);
    l->is_searched = l->hit.from > 0;
    l->hit = (struct pattern_hit){l->hit.from - n, l->hit.to - n};
    *piece = (struct str){l->rest.at, n};
    l->rest = (struct str){l->rest.at + n, l->rest.n - n};
    return true;
}

bool pretok_next(struct pretok_walk *w, struct str *piece, struct err *e)
{
    int64_t last = w->p->n - 1;
    for (int64_t k = last;;) {
        struct str got;
        while (k >= 0 && w->level[k].rest.n == 0)
            k--;
        if (k < 0) {
            *piece = (struct str){0};
            return true;
        }
        TRY(take(w, k, &got, e));
        if (k == last) {
            *piece = got;
            return true;
        }
        w->level[++k] = (struct pretok_level){.rest = got};
    }
}
