#include "engine/bpe_chars.h"

enum { BYTES = 256, UNMADE = INT32_MAX };

void bpe_chars_init(struct bpe *b, struct arena *keep)
{
    b->made = NEW(keep, int32_t, b->n_ids);
    b->crossed = NEW(keep, uint64_t, BYTES * BYTES / 64);
    b->is_ordered = true;
    for (int64_t i = 0; i < b->n_ids; i++)
        b->made[i] = UNMADE;
}

/* Rank of the merge that made a part; bytes are there from the start. */
static int32_t made_at(const struct bpe *b, int32_t id)
{
    return b->word[id].n == 1 ? -1 : b->made[id];
}

void bpe_chars_merge(struct bpe *b, int32_t rank, int32_t left, int32_t right, int32_t merged)
{
    if (made_at(b, left) >= rank || made_at(b, right) >= rank || b->made[merged] != UNMADE)
        b->is_ordered = false;
    b->made[merged] = rank;
}

static bool is_inner(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Bytes of the character that this one begins; 1 also for what begins none. */
static int64_t length_by_first(char c)
{
    unsigned char u = (unsigned char)c;
    return u < 0xC0 ? 1 : u < 0xE0 ? 2 : u < 0xF0 ? 3 : 4;
}

/* The word begins or ends in the middle of a character. */
static bool is_cut(struct str word)
{
    int64_t last = word.n - 1;
    if (is_inner(word.at[0]))
        return true;
    while (last > 0 && is_inner(word.at[last]))
        last--;
    return length_by_first(word.at[last]) > word.n - last;
}

static int64_t border(char before, char after)
{
    return (int64_t)(unsigned char)before * BYTES + (unsigned char)after;
}

static bool is_crossed(const struct bpe *b, char before, char after)
{
    int64_t i = border(before, after);
    return (b->crossed[i / 64] >> (i % 64) & 1) != 0;
}

void bpe_chars_seal(struct bpe *b)
{
    for (int64_t id = 0; id < b->n_ids; id++) {
        struct str word = {b->word[id].at, b->word[id].n};
        if (word.n < 2 || !is_cut(word))
            continue;
        for (int64_t i = 1; i < word.n; i++)
            if (!is_inner(word.at[i])) {
                int64_t at = border(word.at[i - 1], word.at[i]);
                b->crossed[at / 64] |= (uint64_t)1 << (at % 64);
            }
    }
}

int64_t bpe_chars_at(const struct bpe *b, struct str piece, int64_t i)
{
    int64_t n = length_by_first(piece.at[i]);
    if (n == 1 || i + n > piece.n || !b->is_ordered)
        return 0;
    for (int64_t k = 1; k < n; k++)
        if (!is_inner(piece.at[i + k]))
            return 0;
    bool is_free = (i == 0 || !is_crossed(b, piece.at[i - 1], piece.at[i])) &&
                   (i + n == piece.n || !is_crossed(b, piece.at[i + n - 1], piece.at[i + n]));
    return is_free ? n : 0;
}
