#include "encoding/pieces.h"

#include <assert.h>

#include "encoding/special.h"

void pieces_out_free(struct pieces_out *w)
{
    buf_free(&w->text);
    buf_free(&w->cuts);
}

static void mark(struct pieces_out *w, int64_t at, int64_t n)
{
    struct pieces_cut cut = {at, n};
    buf_put(&w->cuts, (struct str){(const char *)&cut, sizeof cut});
}

void pieces_template(struct pieces_out *w, struct str literal)
{
    int64_t base = w->text.n;
    buf_put(&w->text, literal);
    for (int64_t i = 0; i < literal.n;) {
        struct str control = special_at(literal, i);
        if (control.n > 0)
            mark(w, base + i, control.n);
        i += control.n > 0 ? control.n : 1;
    }
}

void pieces_text(struct pieces_out *w, struct str s)
{
    buf_put(&w->text, s);
}

static struct pieces_cut cut_at(const struct pieces_out *w, int64_t k)
{
    struct pieces_cut cut;
    memcpy(&cut, w->cuts.at + k * (int64_t)sizeof cut, sizeof cut);
    return cut;
}

bool pieces_finish(const struct pieces_out *w, struct pieces *out, struct arena *keep)
{
    int64_t n_cuts = w->cuts.n / (int64_t)sizeof(struct pieces_cut);
    int64_t n_max = 2 * n_cuts + 1;
    if (keep->end - keep->next < w->text.n + n_max * (int64_t)sizeof(struct piece) + 64)
        return false;
    struct str text = arena_str(keep, buf_str(&w->text));
    struct piece *at = NEW(keep, struct piece, n_max);
    int64_t n = 0;
    int64_t done = 0;
    for (int64_t k = 0; k < n_cuts; k++) {
        struct pieces_cut cut = cut_at(w, k);
        assert(cut.at >= done);
        if (cut.at > done)
            at[n++] = (struct piece){str_sub(text, done, cut.at), false};
        done = cut.at + cut.n;
        at[n++] = (struct piece){str_sub(text, cut.at, done), true};
    }
    if (done < text.n)
        at[n++] = (struct piece){str_sub(text, done, text.n), false};
    assert(n <= n_max);
    *out = (struct pieces){at, n, text};
    return true;
}
