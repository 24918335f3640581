/* The split patterns of tokenizer.json, rewritten so that PCRE2 reads what Oniguruma reads.
 *
 * Two things differ between the engines for the patterns in use, and both change token ids:
 * \s (PCRE2 counts U+180E as a space, Unicode and Oniguruma do not) and the Unicode version
 * behind \p{..} (Debian 12 and Ubuntu 24.04 ship a PCRE2 with Unicode 14; the tokenizers
 * package carries Unicode 16, in which 10 000 more characters have a category, many emoji
 * among them). So \s is spelled out, and every \p{..} gets the characters that came later.
 *
 * Only what has been compared is let through: literals, classes of literals, \p{L M N P S Z},
 * \s, \S, groups, lookahead, the plain quantifiers. Anything else is refused with its place.
 *
 * Source  Oniguruma doc/RE (Ruby syntax); pcre2pattern(3); both measured over every code point
 *         by tests/reference/tokenizer_classes.py. */
#pragma once
#include "base/err.h"
#include "base/str.h"

enum pretok_unicode {
    PRETOK_INSTALLED, /* \p{..} as PCRE2 has it: half the time, right for most texts */
    PRETOK_LATER,     /* with the characters that came later: for texts that contain one */
};

/* Appends the rewritten regex. ERR_UNSUPPORTED names the byte that is not known to agree. */
MUST_CHECK bool pretok_regex(struct buf *out, struct str regex, enum pretok_unicode unicode,
                             struct err *e);

/* Marks the blocks of 256 code points in which a character came later. */
enum { PRETOK_BLOCKS = 0x1100 };
void pretok_later_blocks(bool block[PRETOK_BLOCKS]);

/* Whether a valid text contains a character that came later. */
bool pretok_has_later(struct str text, const bool block[PRETOK_BLOCKS]);
