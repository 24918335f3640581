/* Cuts a text into the pieces that byte-pair merges may not cross.
 *
 * Several patterns run one after the other: each is searched in the pieces the one before it
 * left, and both what matched and what lay between become pieces (tokenizer.json: Split with
 * behavior Isolated). Nothing is stored on the way: a walk keeps one position per pattern, so
 * the text may be as long as it likes.
 *
 * The patterns of tokenizer.json are written for Oniguruma with the tables of Unicode 16.
 * Here they run on whatever PCRE2 is installed, so pretok_open rewrites them
 * (engine/pretok_regex.h): the same text gives the same pieces on every machine. */
#pragma once
#include "base/err.h"
#include "base/pattern.h"
#include "base/str.h"

enum { PRETOK_PATTERNS = 4 }; /* most patterns in a row; DeepSeek-V3.2 has three */

struct pretok; /* immutable; shared by threads */

/* regex[n]: in the order they apply. Fails naming the pattern by its number, from 0: ERR_INPUT
 * when it is no regex, ERR_UNSUPPORTED when we cannot vouch that it means the same here. */
MUST_CHECK bool pretok_open(struct pretok **out, const struct str *regex, int64_t n,
                            enum pattern_engine engine, struct err *e);
void pretok_close(struct pretok *p); /* NULL is fine */

/* One pass over one text. Plain data; needs no closing. */
struct pretok_walk {
    const struct pretok *p;
    struct pattern *const *pattern; /* the ones this text needs */
    struct pattern_work *work;
    struct pretok_level {
        struct str rest;        /* not handed down yet */
        struct pattern_hit hit; /* next match, counted from rest.at */
        bool is_searched;       /* hit is known */
    } level[PRETOK_PATTERNS];
};

/* Text is borrowed until the walk is over and must be valid UTF-8; work belongs to this thread. */
struct pretok_walk pretok_start(const struct pretok *p, struct pattern_work *work, struct str text);

/* The next piece, in order; pieces joined are the text. An empty piece is the end. */
MUST_CHECK bool pretok_next(struct pretok_walk *w, struct str *piece, struct err *e);
