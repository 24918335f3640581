/* Merging from whole characters gives what merging from bytes gives: over vocabularies learned from
 * random texts, most of which have words that cut characters, and over the model's own. */
#include <stdlib.h>

#include "base/rng.h"
#include "base/utf8.h"
#include "engine/bpe_chars.h"
#include "engine/tokenizer_file.h"
#include "tests/unit/engine/tokenizer_fixture.h"

enum { BYTES = 256, MERGES = 60, TEXT = 90, LINE = 24 };

/* Few characters that share their bytes, so that words cut them in every way: 1 to 4 bytes long. */
static const uint32_t alphabet[] = {'a',    ' ',    0x00E4, 0x00E5, 0x0438, 0x0439,  0x4E00, 0x4E01,
                                    0x4E40, 0x5E00, 0x5E01, 0x9E00, 0x3042, 0x1F600, 0x1F601};
enum { N_ALPHABET = sizeof alphabet / sizeof alphabet[0] };

static void put_char(struct buf *out, uint32_t c)
{
    char at[4];
    buf_put(out, (struct str){at, utf8_encode(c, at)});
}

/* n_kinds characters of the alphabet, from `first` on: some vocabularies know few of them. */
static void put_text(struct buf *out, uint64_t seed, uint64_t i, int64_t n, uint64_t n_kinds)
{
    uint64_t first = rng_below(seed, 1, i, N_ALPHABET);
    for (int64_t k = 0; k < n; k++)
        put_char(out,
                 alphabet[(first + rng_below(seed, 2 + i, (uint64_t)k, n_kinds)) % N_ALPHABET]);
}

static void expect_same(struct bpe *b, struct str text, const char *what)
{
    struct tokens from_bytes = {0};
    struct tokens from_chars = {0};
    struct bpe_work w = {0};
    bool is_ordered = b->is_ordered;
    b->is_ordered = false;
    bpe_encode(b, &w, text, &from_bytes);
    b->is_ordered = is_ordered;
    bpe_encode(b, &w, text, &from_chars);
    fixture_same_ids(&from_chars, from_bytes.at, from_bytes.n, what);
    bpe_work_free(&w);
    tokens_free(&from_bytes);
    tokens_free(&from_chars);
}

/* The pair at a random place of the text as it is encoded so far becomes a word. */
static void learn_one(struct bpe *b, uint64_t seed, uint64_t i, struct str text, int32_t rank,
                      struct arena *keep)
{
    struct tokens ids = {0};
    struct bpe_work w = {0};
    bpe_encode(b, &w, text, &ids);
    if (ids.n > 1) {
        uint64_t at = rng_below(seed, 3, i, (uint64_t)ids.n - 1);
        struct str left = bpe_bytes(b, ids.at[at]);
        struct str right = bpe_bytes(b, ids.at[at + 1]);
        struct str both = arena_fmt(keep, "%.*s%.*s", STR_ARG(left), STR_ARG(right));
        if (bpe_add_word(b, BYTES + rank, both))
            cr_assert(bpe_add_merge(b, rank, ids.at[at], ids.at[at + 1], BYTES + rank));
    }
    bpe_work_free(&w);
    tokens_free(&ids);
}

static void learn(struct bpe *b, uint64_t seed, struct arena *keep)
{
    CLEANUP(buf_free) struct buf text = {0};
    int missing = 0;
    bpe_init(b, BYTES + MERGES, MERGES, keep);
    for (int32_t c = 0; c < BYTES; c++) {
        char *byte = NEW(keep, char, 1);
        *byte = (char)c;
        cr_assert(bpe_add_word(b, c, (struct str){byte, 1}));
    }
    put_text(&text, seed, 0, TEXT, 2 + seed % 6);
    b->is_ordered = false; /* nothing is sealed yet: from bytes */
    for (int32_t rank = 0; rank < MERGES; rank++)
        learn_one(b, seed, (uint64_t)rank, buf_str(&text), rank, keep);
    b->is_ordered = true;
    cr_assert(bpe_seal(b, &missing));
}

static int64_t n_whole(const struct bpe *b, struct str text)
{
    int64_t n = 0;
    for (int64_t i = 0; i < text.n; i++)
        n += bpe_chars_at(b, text, i) > 0 ? 1 : 0;
    return n;
}

Test(tokenizer_chars, learned_vocabularies_agree_from_bytes_and_from_characters)
{
    uint64_t seed = support_seed(1);
    int64_t n_chars = 0, n_bytes = 0;
    for (uint64_t v = 0; v < (uint64_t)SUPPORT_SIZE(400); v++) {
        struct arena keep;
        struct bpe b;
        arena_init(&keep, "vocabulary", 1 << 24);
        learn(&b, seed + v, &keep);
        for (uint64_t i = 1; i < 40; i++) {
            struct buf text = {0};
            put_text(&text, seed + v, i, LINE * (int64_t)(1 + i % 3), 1 + i % 8);
            n_chars += n_whole(&b, buf_str(&text));
            n_bytes += text.n;
            expect_same(&b, buf_str(&text), "learned");
            buf_free(&text);
        }
        arena_fini(&keep);
    }
    cr_expect(10 * n_chars > n_bytes, "%lld of %lld: hardly ever from characters",
              (long long)n_chars, (long long)n_bytes);
}

/* A vocabulary that was not learned in order must do without. */
Test(tokenizer_chars, a_part_made_after_the_whole_is_noticed)
{
    struct arena keep;
    struct bpe b;
    int missing = 0;
    arena_init(&keep, "vocabulary", 1 << 24);
    bpe_init(&b, BYTES + 2, 2, &keep);
    for (int32_t c = 0; c < BYTES; c++) {
        char *byte = NEW(&keep, char, 1);
        *byte = (char)c;
        cr_assert(bpe_add_word(&b, c, (struct str){byte, 1}));
    }
    cr_assert(bpe_add_word(&b, BYTES, STR("\xE4\xB8")) &&
              bpe_add_word(&b, BYTES + 1, STR("\xE4\xB8\x80")));
    cr_assert(bpe_add_merge(&b, 0, BYTES, 0x80, BYTES + 1));
    cr_assert(bpe_add_merge(&b, 1, 0xE4, 0xB8, BYTES));
    cr_assert(bpe_seal(&b, &missing));
    cr_expect_not(b.is_ordered);
    cr_expect_eq(bpe_chars_at(&b, STR("\xE4\xB8\x80"), 0), 0);
    arena_fini(&keep);
}

/* Every script the model writes, and what lies between. */
static uint32_t any_char(uint64_t seed, uint64_t i, uint64_t k)
{
    static const uint32_t from[] = {0x20,   0xA0,   0x400,  0x600,  0x900,  0xE00,  0x2000,
                                    0x3000, 0x3040, 0x4E00, 0x4E00, 0xAC00, 0xFF00, 0x1F300};
    static const uint32_t n[] = {0x5F, 0x160, 0x100, 0x100,  0x80,   0x60, 0x300,
                                 0x40, 0xC0,  0x200, 0x51A6, 0x2BA4, 0xF0, 0x400};
    enum { KINDS = sizeof n / sizeof n[0] };
    uint64_t kind = (i + rng_below(seed, i, 2 * k, 3)) % KINDS;
    return from[kind] + (uint32_t)rng_below(seed, i, 2 * k + 1, n[kind]);
}

static void compare_texts(struct tokenizer *t, uint64_t n_texts)
{
    uint64_t seed = support_seed(2);
    cr_expect(t->bpe.is_ordered);
    for (uint64_t i = 0; i < n_texts; i++) {
        struct buf text = {0};
        for (uint64_t k = 0; k < 1 + i % 120; k++)
            put_char(&text, any_char(seed, i, k));
        expect_same(&t->bpe, buf_str(&text), "text");
        buf_free(&text);
    }
    tokenizer_close(t);
}

Test(tokenizer_chars, the_small_vocabulary_agrees)
{
    compare_texts(fixture_open(FIXTURE), SUPPORT_SIZE(4000));
}

Test(tokenizer_chars, the_models_vocabulary_agrees)
{
    compare_texts(fixture_open(support_vector("tokenizer_v32.json")), SUPPORT_SIZE(40000));
}
