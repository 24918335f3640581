/* Merging one long word: right, and in a number of steps that grows like the word. */
#include "base/limits.h"
#include "base/rng.h"
#include "engine/tokenizer_file.h"
#include "tests/unit/engine/tokenizer_fixture.h"

/* The rule itself, with no thought of time: the lowest rank anywhere, leftmost first. */
static void merge_by_the_book(const struct tokenizer *t, struct str piece, struct tokens *out)
{
    struct str part[120];
    int64_t n = piece.n;
    cr_assert_leq(n, 120);
    for (int64_t i = 0; i < n; i++)
        part[i] = str_sub(piece, i, i + 1);
    for (;;) {
        int64_t best = -1;
        int32_t best_rank = INT32_MAX;
        for (int64_t i = 0; i + 1 < n; i++) {
            int32_t left = bpe_id(&t->bpe, part[i]);
            int32_t right = bpe_id(&t->bpe, part[i + 1]);
            for (int64_t k = 0; k < t->bpe.n_pairs; k++) {
                const struct bpe_pair *p = &t->bpe.pair[k];
                if (p->rank >= 0 && p->rank < best_rank &&
                    p->key == ((uint64_t)(uint32_t)left << 32 | (uint32_t)right)) {
                    best = i;
                    best_rank = p->rank;
                }
            }
        }
        if (best < 0)
            break;
        part[best].n += part[best + 1].n;
        memmove(part + best + 1, part + best + 2, (size_t)(n - best - 2) * sizeof *part);
        n--;
    }
    for (int64_t i = 0; i < n; i++)
        tokens_put(out, bpe_id(&t->bpe, part[i]));
}

/* Words of 2 to 120 letters: both roads through the merges, and the border between them. */
Test(tokenizer_linear, merges_go_by_the_book)
{
    static const char letters[] = "aaaaaatheriven  ==";
    uint64_t seed = support_seed(4);
    struct tokenizer *t = fixture_open(FIXTURE);
    for (uint64_t i = 0; i < 60; i++) {
        char word[120];
        int64_t n = 2 + (int64_t)rng_below(seed, i, 0, 119);
        for (int64_t k = 0; k < n; k++)
            word[k] = letters[rng_below(seed, i, (uint64_t)k + 1, sizeof letters - 1)];
        struct str piece = {word, n};
        struct tokens want = {0};
        struct tokens got = {0};
        struct bpe_work w = {0};
        merge_by_the_book(t, piece, &want);
        bpe_encode(&t->bpe, &w, piece, &got);
        fixture_same_ids(&got, want.at, want.n, "word");
        bpe_work_free(&w);
        tokens_free(&got);
        tokens_free(&want);
    }
    tokenizer_close(t);
}

static int64_t steps_of(const struct tokenizer *t, const char *unit, int64_t n)
{
    struct buf text = {0};
    struct bpe_work w = {0};
    struct tokens ids = {0};
    while (text.n < n)
        buf_put(&text, str_of(unit));
    bpe_encode(&t->bpe, &w, buf_str(&text), &ids);
    int64_t n_steps = w.n_steps;
    bpe_work_free(&w);
    tokens_free(&ids);
    buf_free(&text);
    return n_steps;
}

Test(tokenizer_linear, steps_grow_like_the_word)
{
    static const char *const unit[] = {"a", "ther", "hetre", "\xE6\x95\xB0\xE5\xAD\xA6"};
    struct tokenizer *t = fixture_open(FIXTURE);
    for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++) {
        int64_t small = steps_of(t, unit[i], 100000);
        int64_t large = steps_of(t, unit[i], 1000000);
        cr_assert_leq(large, 5 * 1000000, "%s: %lld steps", unit[i], (long long)large);
        cr_assert_leq(large, 11 * small + 100, "%s: %lld after %lld", unit[i], (long long)large,
                      (long long)small);
    }
    tokenizer_close(t);
}

Test(tokenizer_linear, a_megabyte_of_one_word_comes_back)
{
    static const char *const unit[] = {"the", "\xE6\x95\xB0", " ", "\xEF\xBD\x9C"};
    struct tokenizer *t = fixture_open(FIXTURE);
    for (size_t i = 0; i < sizeof unit / sizeof unit[0]; i++) {
        struct buf text = {0};
        while (text.n < 1 << 20)
            buf_put(&text, str_of(unit[i]));
        fixture_round_trip(t, buf_str(&text), TOKENIZER_SPECIAL);
        buf_free(&text);
    }
    tokenizer_close(t);
}

/* A piece met again is copied: same ids as on its own, wherever it stands. */
Test(tokenizer_linear, what_is_remembered_is_what_would_be_merged)
{
    uint64_t seed = support_seed(5);
    struct tokenizer *t = fixture_open(FIXTURE);
    struct buf text = {0};
    struct tokens want = {0};
    for (uint64_t i = 0; i < 4000; i++) {
        char word[12] = " ";
        int64_t n = 2 + (int64_t)rng_below(seed, i, 0, 10);
        for (int64_t k = 1; k < n; k++)
            word[k] = (char)('a' + rng_below(seed, i, (uint64_t)k, 3));
        struct tokens one = fixture_encode(t, (struct str){word, n}, TOKENIZER_TEXT);
        for (int64_t k = 0; k < one.n; k++)
            tokens_put(&want, one.at[k]);
        tokens_free(&one);
        buf_put(&text, (struct str){word, n});
    }
    struct tokens got = fixture_encode(t, buf_str(&text), TOKENIZER_TEXT);
    fixture_same_ids(&got, want.at, want.n, "text");
    tokens_free(&got);
    tokens_free(&want);
    buf_free(&text);
    tokenizer_close(t);
}
