/* Where merging may start from whole characters instead of bytes.
 *
 * Byte-pair encoding starts from bytes, and a Chinese character takes two merges before anything
 * of interest happens. Those two can be done beforehand, if nothing could have come between:
 *
 *   - no word of the vocabulary crosses the character's border with its neighbour and ends in the
 *     middle of a character, on either side: nothing takes a byte away from it before it is whole;
 *   - every word is made by one merge, of a higher rank than those that made its parts. Then merges
 *     are done in rising rank, and what the whole character could merge with comes later than the
 *     character itself, however early that was put together.
 *
 * Both are read off the vocabulary. A character is looked at together with its two borders, so a
 * text may have characters of both kinds side by side. */
#pragma once
#include "engine/bpe.h"

/* Before the merges; after each of them, in rising rank; after the last word and merge. */
void bpe_chars_init(struct bpe *b, struct arena *keep);
void bpe_chars_merge(struct bpe *b, int32_t rank, int32_t left, int32_t right, int32_t merged);
void bpe_chars_seal(struct bpe *b);

/* Length in bytes of the character at piece[i] when it has both borders to itself, else 0. Whether
 * its bytes merge to one word is the caller's to know. */
int64_t bpe_chars_at(const struct bpe *b, struct str piece, int64_t i);
