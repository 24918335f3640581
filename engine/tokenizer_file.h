/* Reading tokenizer.json: every field that decides an id is looked at, and what this tokenizer
 * does not do is refused by name instead of being ignored.
 *
 * Accepted is the structure of DeepSeek-V3.2: no normalizer, three isolating Split patterns
 * and ByteLevel, BPE without dropout, unknown token or byte fallback, decoder ByteLevel. The
 * patterns, the vocabulary, the merges and the added tokens are the file's own. */
#pragma once
#include "engine/bpe.h"
#include "engine/pretok.h"
#include "engine/tokenizer_added.h"

struct tokenizer {
    struct arena keep; /* holds everything below, and this struct's tables */
    struct bpe bpe;    /* ids of added tokens are no words in it */
    struct added added;
    struct pretok *pretok;
    struct tokenizer_entry {
        struct str text; /* bytes the id decodes to */
        bool is_added;
        bool is_special;
    } * entry; /* [n_ids] */
    int64_t n_ids;
};

/* Fills t, whose arena is open. ERR_UNSUPPORTED or ERR_INPUT begins with `what` and names the
 * field, the token or the merge. t->pretok may be open after a failure. */
MUST_CHECK bool tokenizer_file_read(struct tokenizer *t, struct str json, const char *what,
                                    struct err *e);
