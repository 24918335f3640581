/* UTF-8 as Unicode defines it: no surrogates, no overlong forms, nothing past U+10FFFF. */
#pragma once
#include "base/str.h"

/* Length in bytes (1..4) of the valid sequence at s[i] and its code point; 0 when invalid. */
int utf8_decode(struct str s, int64_t i, uint32_t *code_point);

/* Writes 1..4 bytes; code_point must be a scalar value. Returns how many. */
int utf8_encode(uint32_t code_point, char out[4]);

/* Position of the first byte that is not part of valid UTF-8, or -1. */
int64_t utf8_first_bad(struct str s);

/* Appends s with every maximal invalid subpart replaced by U+FFFD (Unicode 3.9, practice D93b). */
void utf8_replace_bad(struct buf *out, struct str s);

/* How many trailing bytes of s begin a sequence that more bytes could complete (0..3). */
int64_t utf8_open_tail(struct str s);
