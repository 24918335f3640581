/* Guesses from a request's own text: what followed the last few tokens when they came before. */
#pragma once
#include <stdint.h>

/* Guesses at token[n], token[n + 1] ...: at most n_max into out; returns how many. Looks for the
 * longest end of the text, of 2 to 8 tokens, that occurred earlier; of equals the latest. What
 * followed it there is the guess, continued from itself where it reaches the end. */
int64_t draft_ngram(const int32_t *token, int64_t n, int32_t *out, int64_t n_max);
