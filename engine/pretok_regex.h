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

/* Appends the rewritten regex. ERR_UNSUPPORTED names the byte that is not known to agree. */
MUST_CHECK bool pretok_regex(struct buf *out, struct str regex, struct err *e);
