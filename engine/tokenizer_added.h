/* Added tokens: control strings that are cut out of a text before anything else looks at it.
 *
 * At each place the longest one wins, places are taken from the left, and what lies between is
 * ordinary text. There are two rounds, as in Hugging Face tokenizers: first the tokens that are
 * matched in the raw text ("normalized": false), then, in what they left, the others. With no
 * normalizer both see the same bytes, so the order of the rounds is all that remains of it.
 *
 * Source  Hugging Face tokenizers, AddedVocabulary: leftmost-longest, split in two passes. */
#pragma once
#include "base/arena.h"
#include "base/str.h"

struct added_token {
    struct str text;
    int32_t id;
    bool is_special;
    bool is_late; /* matched in the second round */
};

struct added {
    struct added_token *token; /* sorted by round, then text */
    int64_t n;
    struct added_round {
        int64_t from; /* its tokens are [from, to) */
        int64_t to;
        bool starts[256]; /* some token begins with this byte */
    } round[2];
};

/* Sorts tokens[n], which stay borrowed. False, and the two in *twin, when two have one text. */
bool added_init(struct added *a, struct added_token *tokens, int64_t n,
                const struct added_token *twin[2]);

/* The token with exactly this text, or NULL. */
const struct added_token *added_find(const struct added *a, struct str text);

/* One pass over a text, which stays borrowed. Plain data. */
struct added_walk {
    const struct added *a;
    struct str text;
    int64_t at;
    struct added_hit {
        int64_t from; /* text.n when there is none */
        int64_t n;
        const struct added_token *token;
    } hit[2];
};

struct added_walk added_start(const struct added *a, struct str text);

/* The next part: a token, or with *token NULL a stretch of text. False at the end. */
bool added_next(struct added_walk *w, struct str *part, const struct added_token **token);
