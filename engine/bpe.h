/* Byte-pair encoding of one piece of text: from single bytes, the adjacent pair with the lowest
 * rank is merged, the leftmost first, until no pair has a rank.
 *
 * Built once, then immutable and shared by threads; what a call needs is in struct bpe_work.
 * Time is linear in the piece but for the logarithm of a heap, so a megabyte without a space
 * costs what a megabyte with spaces costs, within a small factor.
 *
 * Three roads lead to the same ids: a piece that is a word of the vocabulary and is known to be
 * reached by its own merges (most of real text) is looked up; a piece seen before in the same
 * text is copied; everything else is merged, from whole characters where engine/bpe_chars.h shows
 * that this is the same as from bytes.
 *
 * Source  Sennrich et al., "Neural Machine Translation of Rare Words with Subword Units" (2016);
 *         order of merges as Hugging Face tokenizers documents it. */
#pragma once
#include "base/arena.h"
#include "engine/tokenizer.h"

/* A word is the bytes that an id stands for. */
struct bpe_word {
    const char *at;
    int32_t n;
};

struct bpe_pair {
    uint64_t key; /* left id, right id */
    int32_t rank; /* -1: free place */
    int32_t id;   /* of the two merged */
};

struct bpe_place {
    uint64_t key; /* up to 7 bytes: the word itself; longer: a hash */
    int32_t id;   /* -1: free place */
};

struct bpe {
    struct bpe_word *word; /* [n_ids]; n = 0 where an id is no word */
    /* [n_ids] whether encoding the word gives the word, found out when it is first met: it takes
     * a third of the time of opening to know it for all. Any thread may write what every thread
     * would; nothing else ever changes after bpe_seal. */
    _Atomic unsigned char *fate;
    int64_t n_ids;
    int32_t byte_id[256]; /* where every encoding starts */
    struct bpe_place *place;
    int64_t n_places; /* a power of two */
    struct bpe_pair *pair;
    int64_t n_pairs; /* a power of two */
    /* [n_pairs / 8] eight bits a place. Most pairs of a text do not merge, and this small table
     * says so of nearly all of them without a look at the large one. */
    uint64_t *may_merge;
    /* bpe_chars.c */
    int32_t *made; /* [n_ids] rank of the merge that makes the word; a word without one has none */
    uint64_t *crossed; /* [256][256] bits: see bpe_chars.h */
    bool is_ordered;   /* every part is made before the whole, and every word in one way */
};

/* An empty one with room for n_ids words and n_merges merges. */
void bpe_init(struct bpe *b, int64_t n_ids, int64_t n_merges, struct arena *keep);

/* Gives `id` these bytes, which stay borrowed. False when another id has them already. */
bool bpe_add_word(struct bpe *b, int32_t id, struct str bytes);

/* The next rank goes to the pair. False when the pair has one. */
bool bpe_add_merge(struct bpe *b, int32_t rank, int32_t left, int32_t right, int32_t merged);

/* After the last word and merge. False, and the byte in *missing, when a byte has no word. */
bool bpe_seal(struct bpe *b, int *missing);

/* Id of the word with exactly these bytes, -1 when there is none. */
int32_t bpe_id(const struct bpe *b, struct str bytes);

struct str bpe_bytes(const struct bpe *b, int32_t id);

/* Scratch of one encoding: zeroed is ready. The pieces of one text share it and `out`, and both
 * the text and out's earlier ids must stay as they are until bpe_work_free. */
struct bpe_work {
    struct bpe_node *node; /* a piece being merged */
    int64_t cap_node;
    uint64_t *heap;
    int64_t cap_heap;
    int32_t *first; /* what its merging starts from */
    int64_t cap_first;
    struct bpe_seen *seen; /* pieces met before */
    int64_t n_seen;        /* a power of two, or 0: none are kept */
    int64_t n_steps;       /* comparisons, pushes and pops so far: what tests hold to be linear */
};

/* Lets later pieces be copied from earlier ones; worth it from some hundred bytes on. */
void bpe_work_remember(struct bpe_work *w, int64_t n_text);
void bpe_work_free(struct bpe_work *w);

/* Appends the ids of one piece, at most INT32_MAX bytes. */
void bpe_encode(const struct bpe *b, struct bpe_work *w, struct str piece, struct tokens *out);
