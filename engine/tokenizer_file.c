#include "engine/tokenizer_file.h"

#include <assert.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "engine/tokenizer_layout.h"

/* The file writes a byte as a character: itself where it prints, the others as U+0100 and up in
 * their order. Source: GPT-2 encoder.py, bytes_to_unicode. */
enum { ALPHABET = 0x144, MOST_IDS = LIMIT_VOCAB };

struct reader {
    struct tokenizer *t;
    struct layout layout;
    int16_t byte[ALPHABET]; /* of a character; -1 for one that is none */
    struct arena *tmp;
};

static void fill_alphabet(int16_t byte[ALPHABET])
{
    int next = 0x100;
    memset(byte, -1, ALPHABET * sizeof *byte);
    for (int c = 0; c < 0x100; c++) {
        bool prints = (c > 0x20 && c < 0x7F) || (c > 0xA0 && c != 0xAD);
        byte[prints ? c : next++] = (int16_t)c;
    }
    assert(next == ALPHABET);
}

/* The bytes that the characters of s stand for, to out, which has room for s.n. How many, or -1
 * when a character is not of the alphabet. All of it is ASCII or has two bytes in UTF-8. */
static int64_t to_bytes(const struct reader *r, struct str s, char *out)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s.n; i++) {
        unsigned c = (unsigned char)s.at[i];
        unsigned tail = i + 1 < s.n ? (unsigned char)s.at[i + 1] : 0;
        if (c >= 0x80) {
            if (c < 0xC2 || c > 0xC5 || (tail & 0xC0) != 0x80)
                return -1;
            c = (c & 0x1F) << 6 | (tail & 0x3F);
            i++;
        }
        if (c >= ALPHABET || r->byte[c] < 0)
            return -1;
        out[n++] = (char)r->byte[c];
    }
    return n;
}

static struct str shown(struct str s)
{
    return str_sub(s, 0, 60);
}

static bool read_id(const struct json *j, const char *where, struct str text, int64_t *id,
                    struct err *e)
{
    if (!json_i64(j, id) || *id < 0 || *id >= MOST_IDS)
        return FAIL(e, ERR_INPUT, "%s: \"%.*s\": its id is not a number from 0 to %d", where,
                    STR_ARG(shown(text)), MOST_IDS - 1);
    return true;
}

/* Largest id plus one. Ids are checked here, once, and taken as they are below. */
static bool count_ids(struct reader *r, int64_t *n_key_bytes, struct err *e)
{
    int64_t id;
    *n_key_bytes = 0;
    for (const struct json *m = json_first(r->layout.vocab); m != NULL; m = json_next(m)) {
        TRY(read_id(m, "model.vocab", json_key(m), &id, e));
        r->t->n_ids = id >= r->t->n_ids ? id + 1 : r->t->n_ids;
        *n_key_bytes += json_key(m).n;
    }
    for (const struct json *m = json_first(r->layout.added); m != NULL; m = json_next(m)) {
        struct str text = {0};
        (void)json_str(json_get(m, "content"), &text);
        TRY(read_id(json_get(m, "id"), "added_tokens", text, &id, e));
        r->t->n_ids = id >= r->t->n_ids ? id + 1 : r->t->n_ids;
    }
    return true;
}

static bool check_added(const struct json *m, const char *name, struct added_token *out,
                        struct err *e)
{
    static const char *const known[] = {"id",     "content",    "single_word", "lstrip",
                                        "rstrip", "normalized", "special",     NULL};
    static const char *const must_be_false[] = {"single_word", "lstrip", "rstrip"};
    TRY(layout_only(m, name, known, e));
    for (int i = 0; i < 3; i++) {
        bool has;
        TRY(layout_bool(m, name, must_be_false[i], &has, e));
        if (has)
            return FAIL(e, ERR_UNSUPPORTED, "%s.%s: true is not supported", name, must_be_false[i]);
    }
    TRY(layout_bool(m, name, "normalized", &out->is_late, e));
    TRY(layout_bool(m, name, "special", &out->is_special, e));
    if (!json_str(json_get(m, "content"), &out->text) || out->text.n == 0)
        return FAIL(e, ERR_INPUT, "%s.content: not a string, or empty", name);
    if (utf8_first_bad(out->text) >= 0)
        return FAIL(e, ERR_INPUT, "%s.content: not valid UTF-8", name);
    return true;
}

static bool read_added(struct reader *r, struct err *e)
{
    struct tokenizer *t = r->t;
    const struct added_token *twin[2];
    int64_t n = 0;
    struct added_token *list = NEW(&t->keep, struct added_token, json_count(r->layout.added));
    for (const struct json *m = json_first(r->layout.added); m != NULL; m = json_next(m), n++) {
        struct added_token *a = &list[n];
        int64_t id = 0;
        if (!check_added(m, "an added token", a, e))
            return err_wrap(e, "added_tokens[%lld]", (long long)n);
        bool has_id = json_i64(json_get(m, "id"), &id);
        assert(has_id); /* count_ids looked */
        struct tokenizer_entry *entry = &t->entry[id];
        if (entry->text.n > 0)
            return FAIL(e, ERR_INPUT, "added_tokens[%lld]: id %lld is taken by \"%.*s\"",
                        (long long)n, (long long)id, STR_ARG(shown(entry->text)));
        a->id = (int32_t)id;
        a->text = arena_str(&t->keep, a->text);
        *entry = (struct tokenizer_entry){a->text, true, a->is_special};
    }
    if (!added_init(&t->added, list, n, twin))
        return FAIL(e, ERR_INPUT, "added_tokens: ids %d and %d have the same content", twin[0]->id,
                    twin[1]->id);
    return true;
}

/* One entry of the vocabulary: a word, or an added token mentioned here too. Returns in *n how
 * many bytes of the pool it took. */
static bool read_word(struct reader *r, const struct json *m, char *pool, int64_t *n, struct err *e)
{
    struct tokenizer *t = r->t;
    struct str key = json_key(m);
    int64_t id = 0;
    bool has_id = json_i64(m, &id);
    assert(has_id); /* count_ids looked */
    struct tokenizer_entry *entry = &t->entry[id];
    *n = 0;
    if (entry->is_added && str_eq(entry->text, key))
        return true;
    if (entry->text.n > 0)
        return FAIL(e, ERR_INPUT, "model.vocab: id %lld of \"%.*s\" is taken by \"%.*s\"",
                    (long long)id, STR_ARG(shown(key)), STR_ARG(shown(entry->text)));
    *n = to_bytes(r, key, pool);
    if (*n <= 0)
        return FAIL(e, ERR_INPUT, "model.vocab: id %lld, \"%.*s\", is no row of bytes",
                    (long long)id, STR_ARG(shown(key)));
    entry->text = (struct str){pool, *n};
    if (added_find(&t->added, key) != NULL || !bpe_add_word(&t->bpe, (int32_t)id, entry->text))
        return FAIL(e, ERR_INPUT, "model.vocab: \"%.*s\" has a second id, %lld",
                    STR_ARG(shown(key)), (long long)id);
    return true;
}

static bool read_vocab(struct reader *r, char *pool, struct err *e)
{
    for (const struct json *m = json_first(r->layout.vocab); m != NULL; m = json_next(m)) {
        int64_t n;
        TRY(read_word(r, m, pool, &n, e));
        pool += n;
    }
    for (int64_t id = 0; id < r->t->n_ids; id++)
        if (r->t->entry[id].text.n == 0)
            return FAIL(e, ERR_INPUT, "model.vocab: no entry has id %lld, below the largest, %lld",
                        (long long)id, (long long)r->t->n_ids - 1);
    return true;
}

/* The two sides of a merge: "a b", or ["a", "b"] as newer files have it. */
static bool merge_sides(const struct json *m, struct str *left, struct str *right)
{
    struct str both;
    if (json_str(m, &both))
        return str_split(&both, ' ', left) && str_split(&both, ' ', right) && both.n == 0;
    return json_kind(m) == JSON_ARRAY && json_count(m) == 2 && json_str(json_first(m), left) &&
           json_str(json_next(json_first(m)), right);
}

static bool read_merge(struct reader *r, const struct json *m, int32_t rank, struct err *e)
{
    struct bpe *b = &r->t->bpe;
    struct str left;
    struct str right;
    if (!merge_sides(m, &left, &right))
        return FAIL(e, ERR_INPUT, "neither \"left right\" nor [left, right]");
    struct arena tmp = *r->tmp;
    char *bytes = NEW(&tmp, char, left.n + right.n + 1);
    int64_t n_left = to_bytes(r, left, bytes);
    int64_t n_right = n_left < 0 ? -1 : to_bytes(r, right, bytes + n_left);
    int32_t id_left = n_right < 0 ? -1 : bpe_id(b, (struct str){bytes, n_left});
    int32_t id_right = n_right < 0 ? -1 : bpe_id(b, (struct str){bytes + n_left, n_right});
    if (id_left < 0 || id_right < 0)
        return FAIL(e, ERR_INPUT, "\"%.*s\" is not in the vocabulary",
                    STR_ARG(shown(id_left < 0 ? left : right)));
    int32_t merged = bpe_id(b, (struct str){bytes, n_left + n_right});
    if (merged < 0)
        return FAIL(e, ERR_INPUT, "\"%.*s%.*s\", its result, is not in the vocabulary",
                    STR_ARG(shown(left)), STR_ARG(shown(right)));
    if (!bpe_add_merge(b, rank, id_left, id_right, merged))
        return FAIL(e, ERR_INPUT, "\"%.*s %.*s\" comes twice", STR_ARG(shown(left)),
                    STR_ARG(shown(right)));
    return true;
}

static bool read_merges(struct reader *r, struct err *e)
{
    int32_t rank = 0;
    for (const struct json *m = json_first(r->layout.merges); m != NULL; m = json_next(m), rank++)
        if (!read_merge(r, m, rank, e))
            return err_wrap(e, "model.merges[%d]", rank);
    return true;
}

static bool read_document(struct reader *r, const struct json *file, struct err *e)
{
    struct tokenizer *t = r->t;
    int64_t n_key_bytes;
    int missing;
    TRY(layout_check(file, &r->layout, e));
    if (!pretok_open(&t->pretok, r->layout.split, LAYOUT_SPLITS, PATTERN_FASTEST, e))
        return err_wrap(e, "pre_tokenizer.pretokenizers");
    TRY(count_ids(r, &n_key_bytes, e));
    t->entry = NEW(&t->keep, struct tokenizer_entry, t->n_ids);
    bpe_init(&t->bpe, t->n_ids, json_count(r->layout.merges), &t->keep);
    TRY(read_added(r, e));
    TRY(read_vocab(r, NEW(&t->keep, char, n_key_bytes), e));
    TRY(read_merges(r, e));
    if (!bpe_seal(&t->bpe, &missing))
        return FAIL(e, ERR_INPUT, "model.vocab: the byte 0x%02X has no entry", (unsigned)missing);
    return true;
}

static void close_json(struct json **j)
{
    json_free(*j);
}

bool tokenizer_file_read(struct tokenizer *t, struct str json, const char *what, struct err *e)
{
    CLEANUP(close_json) struct json *file = NULL;
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&tmp, "tokenizer file", LIMIT_ARENA_TMP);
    struct reader r = {.t = t, .tmp = &tmp};
    fill_alphabet(r.byte);
    TRY(json_parse(json, what, &file, e));
    if (!read_document(&r, file, e))
        return err_wrap(e, "%s", what);
    return true;
}
