#include "engine/tokenizer.h"

#include <assert.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/tokenizer_file.h"

void tokens_free(struct tokens *t)
{
    free(t->at);
    *t = (struct tokens){0};
}

void tokens_put(struct tokens *t, int32_t id)
{
    if (t->n == t->cap) {
        t->cap = t->cap == 0 ? 64 : 2 * t->cap;
        t->at = realloc(t->at, (size_t)t->cap * sizeof *t->at);
        assert(t->at != NULL);
    }
    t->at[t->n++] = id;
}

bool tokenizer_read(struct tokenizer **out, struct str json, const char *what, struct err *e)
{
    struct tokenizer *t = calloc(1, sizeof *t);
    assert(t != NULL);
    arena_init(&t->keep, "tokenizer", LIMIT_ARENA_ITEM);
    if (!tokenizer_file_read(t, json, what, e)) {
        tokenizer_close(t);
        return false;
    }
    *out = t;
    return true;
}

bool tokenizer_open(struct tokenizer **out, const char *path, struct err *e)
{
    char inside[LIMIT_PATH_BYTES];
    CLEANUP(file_map_close) struct file_map file = {0};
    if (file_is_dir(path)) {
        if (!file_join(path, "tokenizer.json", inside, sizeof inside))
            return FAIL(e, ERR_USAGE, "%.100s...: path too long", path);
        path = inside;
    }
    TRY(file_map_open(path, &file, e));
    struct str json = {(const char *)file.at, file.n};
    return tokenizer_read(out, json, path, e);
}

void tokenizer_close(struct tokenizer *t)
{
    if (t == NULL)
        return;
    pretok_close(t->pretok);
    arena_fini(&t->keep);
    free(t);
}

/* What one encoding needs; released whole. */
struct encoding {
    const struct tokenizer *t;
    struct pattern_work *pattern;
    struct bpe_work bpe;
    struct tokens *out;
};

static void encoding_free(struct encoding *c)
{
    pattern_work_close(c->pattern);
    bpe_work_free(&c->bpe);
}

static bool put_text(struct encoding *c, struct str text, struct err *e)
{
    struct pretok_walk walk = pretok_start(c->t->pretok, c->pattern, text);
    struct str piece;
    for (;;) {
        TRY(pretok_next(&walk, &piece, e));
        if (piece.n == 0)
            return true;
        if (piece.n > INT32_MAX)
            return FAIL(e, ERR_LIMIT, "a word of %lld bytes (%d at most)", (long long)piece.n,
                        INT32_MAX);
        bpe_encode(&c->t->bpe, &c->bpe, piece, c->out);
    }
}

static bool put_parts(struct encoding *c, struct str text, struct err *e)
{
    struct added_walk walk = added_start(&c->t->added, text);
    const struct added_token *token;
    struct str part;
    while (added_next(&walk, &part, &token)) {
        if (token != NULL)
            tokens_put(c->out, token->id);
        else
            TRY(put_text(c, part, e));
    }
    return true;
}

bool tokenizer_encode(const struct tokenizer *t, struct str text, enum tokenizer_specials specials,
                      enum tokenizer_bad_utf8 bad, struct tokens *out, struct err *e)
{
    CLEANUP(buf_free) struct buf mended = {0};
    CLEANUP(encoding_free) struct encoding c = {.t = t, .out = out};
    int64_t n_before = out->n;
    int64_t at = utf8_first_bad(text);
    if (at >= 0 && bad == TOKENIZER_REFUSE)
        return FAIL(e, ERR_INPUT, "text is not valid UTF-8 at byte %lld", (long long)at);
    if (at >= 0) {
        utf8_replace_bad(&mended, text);
        text = buf_str(&mended);
    }
    pattern_work_open(&c.pattern);
    bpe_work_remember(&c.bpe, text.n);
    bool ok = specials == TOKENIZER_SPECIAL ? put_parts(&c, text, e) : put_text(&c, text, e);
    if (!ok)
        out->n = n_before;
    return ok;
}

bool tokenizer_decode(const struct tokenizer *t, const int32_t *ids, int64_t n, bool skip_special,
                      struct buf *out, struct err *e)
{
    for (int64_t i = 0; i < n; i++)
        if (ids[i] < 0 || ids[i] >= t->n_ids)
            return FAIL(e, ERR_INPUT, "token %lld: id %d is not in the vocabulary (0 to %lld)",
                        (long long)i, ids[i], (long long)t->n_ids - 1);
    for (int64_t i = 0; i < n; i++) {
        const struct tokenizer_entry *entry = &t->entry[ids[i]];
        if (!entry->is_special || !skip_special)
            buf_put(out, entry->text);
    }
    return true;
}

bool tokenizer_stream_put(const struct tokenizer *t, struct tokenizer_stream *s, int32_t id,
                          bool skip_special, struct buf *out, struct err *e)
{
    CLEANUP(buf_free) struct buf all = {0};
    buf_put(&all, (struct str){s->held, s->n_held});
    TRY(tokenizer_decode(t, &id, 1, skip_special, &all, e));
    int64_t n_open = utf8_open_tail(buf_str(&all));
    assert(n_open < (int64_t)sizeof s->held);
    utf8_replace_bad(out, str_sub(buf_str(&all), 0, all.n - n_open));
    if (n_open > 0)
        memcpy(s->held, all.at + all.n - n_open, (size_t)n_open);
    s->n_held = (int)n_open;
    return true;
}

void tokenizer_stream_end(struct tokenizer_stream *s, struct buf *out)
{
    utf8_replace_bad(out, (struct str){s->held, s->n_held});
    *s = (struct tokenizer_stream){0};
}

int64_t tokenizer_n_vocab(const struct tokenizer *t)
{
    return t->n_ids;
}

int32_t tokenizer_id(const struct tokenizer *t, struct str text)
{
    const struct added_token *a = added_find(&t->added, text);
    return a != NULL ? a->id : bpe_id(&t->bpe, text);
}
