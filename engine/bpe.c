#include "engine/bpe_chars.h"

#include <assert.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Up to SMALL bytes a piece is merged by looking at every pair each time: fewer than a hundred
 * comparisons for a usual word, and nothing to set up. Beyond it a heap holds the pairs. */
enum { SMALL = 32, REMEMBERED = 128 /* longest piece worth comparing with an earlier one */ };

struct bpe_node {
    int32_t id;
    int32_t rank; /* of the pair with the next node; NO_RANK when they do not merge */
    int32_t into; /* what they merge to */
    int32_t prev;
    int32_t next; /* n_nodes after the last */
};

struct bpe_seen {
    uint64_t key;
    const char *at; /* in the text */
    int64_t out;    /* its ids begin here */
    int32_t n;
    int32_t n_ids;
};

enum { NO_RANK = INT32_MAX };

enum fate { UNKNOWN, WHOLE, TAKEN_APART };

static uint64_t mix(uint64_t a, uint64_t b)
{
    unsigned __int128 p = (unsigned __int128)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "short_key packs bytes by overlapping");

static uint64_t load8(const char *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t load4(const char *p)
{
    uint32_t v;
    memcpy(&v, p, sizeof v);
    return v;
}

static uint64_t load1(const char *p)
{
    return (unsigned char)*p;
}

/* Up to 7 bytes and their number: equal keys are equal words, nothing else need be looked at.
 * Two loads that overlap in the middle stand for a copy of n bytes. */
static uint64_t short_key(struct str s)
{
    uint64_t length = (uint64_t)s.n << 56;
    if (s.n >= 4)
        return length | load4(s.at) | load4(s.at + s.n - 4) << 8 * (s.n - 4);
    return length | load1(s.at) | load1(s.at + s.n / 2) << 8 * (s.n / 2) |
           load1(s.at + s.n - 1) << 8 * (s.n - 1);
}

enum { SHORT = 7 };
#define LONG_KEY 0xFF00000000000000u

/* Only words of the vocabulary are stored by it and every miss ends at a free place, so a text
 * made to collide gains nothing. */
static uint64_t key_of(struct str s)
{
    assert(s.n > 0);
    if (s.n <= SHORT)
        return short_key(s);
    uint64_t h = 0x9E3779B97F4A7C15u ^ (uint64_t)s.n;
    for (int64_t i = 0; i + 8 < s.n; i += 8)
        h = mix(h ^ load8(s.at + i), 0xD6E8FEB86659FD93u);
    return mix(h ^ load8(s.at + s.n - 8), 0xA0761D6478BD642Fu) | LONG_KEY;
}

static uint32_t spread(uint64_t key)
{
    uint64_t h = mix(key, 0x8EBC6AF09C88C6E3u);
    return (uint32_t)(h ^ h >> 32);
}

static int64_t power_of_two(int64_t at_least)
{
    int64_t n = 1;
    while (n < at_least)
        n *= 2;
    return n;
}

void bpe_init(struct bpe *b, int64_t n_ids, int64_t n_merges, struct arena *keep)
{
    *b = (struct bpe){.n_ids = n_ids};
    b->word = NEW(keep, struct bpe_word, n_ids);
    b->fate = NEW(keep, _Atomic unsigned char, n_ids);
    b->n_places = power_of_two(2 * n_ids + 1);
    b->place = NEW(keep, struct bpe_place, b->n_places);
    b->n_pairs = power_of_two(2 * n_merges + 1);
    b->pair = NEW(keep, struct bpe_pair, b->n_pairs);
    b->may_merge = NEW(keep, uint64_t, (b->n_pairs + 7) / 8);
    for (int64_t i = 0; i < b->n_places; i++)
        b->place[i].id = -1;
    for (int64_t i = 0; i < b->n_pairs; i++)
        b->pair[i].rank = -1;
    memset(b->byte_id, -1, sizeof b->byte_id);
    bpe_chars_init(b, keep);
}

struct str bpe_bytes(const struct bpe *b, int32_t id)
{
    assert(id >= 0);
    assert(id < b->n_ids);
    return (struct str){b->word[id].at, b->word[id].n};
}

/* The place of these bytes, or the free one where they would go. */
static struct bpe_place *place_of(const struct bpe *b, struct str s, uint64_t key)
{
    int64_t mask = b->n_places - 1;
    int64_t i = spread(key) & mask;
    while (b->place[i].id >= 0 &&
           (b->place[i].key != key || (s.n > SHORT && !str_eq(bpe_bytes(b, b->place[i].id), s))))
        i = (i + 1) & mask;
    return &b->place[i];
}

bool bpe_add_word(struct bpe *b, int32_t id, struct str s)
{
    assert(s.n > 0 && s.n <= INT32_MAX);
    uint64_t key = key_of(s);
    struct bpe_place *p = place_of(b, s, key);
    if (p->id >= 0)
        return false;
    *p = (struct bpe_place){key, id};
    b->word[id] = (struct bpe_word){s.at, (int32_t)s.n};
    if (s.n == 1)
        b->byte_id[(unsigned char)s.at[0]] = id;
    return true;
}

int32_t bpe_id(const struct bpe *b, struct str bytes)
{
    return bytes.n == 0 ? -1 : place_of(b, bytes, key_of(bytes))->id;
}

static uint64_t pair_key(int32_t left, int32_t right)
{
    return (uint64_t)(uint32_t)left << 32 | (uint32_t)right;
}

static uint64_t pair_hash(uint64_t key)
{
    return mix(key, 0xE7037ED1A0B428DBu);
}

/* The pair's place, or the free one where it would go. */
static struct bpe_pair *place_of_pair(const struct bpe *b, uint64_t key, uint64_t hash)
{
    uint64_t mask = (uint64_t)b->n_pairs - 1;
    uint64_t i = hash & mask;
    while (b->pair[i].rank >= 0 && b->pair[i].key != key)
        i = (i + 1) & mask;
    return &b->pair[i];
}

/* Bit of the small table: the hash's upper part, which the large one does not use. */
static uint64_t filter_bit(const struct bpe *b, uint64_t hash)
{
    return hash >> 32 & (8 * (uint64_t)b->n_pairs - 1);
}

/* NULL when they do not merge. */
static const struct bpe_pair *pair_of(const struct bpe *b, int32_t left, int32_t right)
{
    uint64_t key = pair_key(left, right);
    uint64_t hash = pair_hash(key);
    uint64_t bit = filter_bit(b, hash);
    if ((b->may_merge[bit / 64] >> (bit % 64) & 1) == 0)
        return NULL;
    const struct bpe_pair *p = place_of_pair(b, key, hash);
    return p->rank < 0 ? NULL : p;
}

bool bpe_add_merge(struct bpe *b, int32_t rank, int32_t left, int32_t right, int32_t merged)
{
    assert(rank >= 0 && rank < NO_RANK);
    uint64_t key = pair_key(left, right);
    uint64_t hash = pair_hash(key);
    uint64_t bit = filter_bit(b, hash);
    struct bpe_pair *p = place_of_pair(b, key, hash);
    if (p->rank >= 0)
        return false;
    *p = (struct bpe_pair){key, rank, merged};
    b->may_merge[bit / 64] |= (uint64_t)1 << (bit % 64);
    bpe_chars_merge(b, rank, left, right, merged);
    return true;
}

static int32_t rank_of(const struct bpe *b, int32_t left, int32_t right)
{
    const struct bpe_pair *p = pair_of(b, left, right);
    return p == NULL ? NO_RANK : p->rank;
}

/* Merges ids[n] in place; how many remain. */
static int64_t merge_small(const struct bpe *b, int32_t *ids, int64_t n, int64_t *n_steps)
{
    int32_t rank[SMALL];
    for (int64_t i = 0; i + 1 < n; i++)
        rank[i] = rank_of(b, ids[i], ids[i + 1]);
    while (n > 1) {
        int64_t best = 0;
        for (int64_t i = 1; i + 1 < n; i++)
            if (rank[i] < rank[best])
                best = i;
        *n_steps += n;
        if (rank[best] == NO_RANK)
            break;
        ids[best] = pair_of(b, ids[best], ids[best + 1])->id;
        memmove(ids + best + 1, ids + best + 2, (size_t)(n - best - 2) * sizeof *ids);
        memmove(rank + best, rank + best + 1, (size_t)(n - best - 2) * sizeof *rank);
        n--;
        if (best + 1 < n)
            rank[best] = rank_of(b, ids[best], ids[best + 1]);
        if (best > 0)
            rank[best - 1] = rank_of(b, ids[best - 1], ids[best]);
    }
    return n;
}

bool bpe_seal(struct bpe *b, int *missing)
{
    for (int c = 0; c < 256; c++)
        if (b->byte_id[c] < 0) {
            *missing = c;
            return false;
        }
    bpe_chars_seal(b);
    return true;
}

void bpe_work_remember(struct bpe_work *w, int64_t n_text)
{
    assert(w->seen == NULL);
    if (n_text < 256)
        return;
    w->n_seen = power_of_two(n_text / 64 > 8192 ? 8192 : n_text / 64);
    w->seen = calloc((size_t)w->n_seen, sizeof *w->seen);
    assert(w->seen != NULL);
}

void bpe_work_free(struct bpe_work *w)
{
    free(w->node);
    free(w->heap);
    free(w->first);
    free(w->seen);
    *w = (struct bpe_work){0};
}

/* The heap: lowest rank on top, then the leftmost. An entry whose pair has changed since is
 * recognised when it comes up, by a rank that is no longer the node's. */
static uint64_t entry(int32_t rank, int64_t i)
{
    return (uint64_t)rank << 32 | (uint64_t)i;
}

static void sink(uint64_t *heap, int64_t n, int64_t i)
{
    uint64_t v = heap[i];
    for (int64_t child = 2 * i + 1; child < n; child = 2 * i + 1) {
        child += child + 1 < n && heap[child + 1] < heap[child];
        if (heap[child] >= v)
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = v;
}

static void rise(uint64_t *heap, int64_t i)
{
    uint64_t v = heap[i];
    for (; i > 0 && heap[(i - 1) / 2] > v; i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = v;
}

static void *more(void *p, int64_t *cap, int64_t need, size_t size)
{
    if (need <= *cap)
        return p;
    *cap = power_of_two(need);
    p = realloc(p, (size_t)*cap * size);
    assert(p != NULL);
    return p;
}

static void set_pair(const struct bpe *b, struct bpe_node *at, int32_t right)
{
    const struct bpe_pair *p = pair_of(b, at->id, right);
    at->rank = p == NULL ? NO_RANK : p->rank;
    at->into = p == NULL ? -1 : p->id;
}

/* Fills the nodes with the ids and the heap with the pairs that merge. Length of the heap. */
static int64_t lay_out(const struct bpe *b, struct bpe_work *w, int64_t n)
{
    int64_t n_heap = 0;
    for (int64_t i = 0; i < n; i++)
        w->node[i] = (struct bpe_node){
            .id = w->first[i], .rank = NO_RANK, .prev = (int32_t)i - 1, .next = (int32_t)i + 1};
    for (int64_t i = 0; i + 1 < n; i++) {
        set_pair(b, &w->node[i], w->node[i + 1].id);
        if (w->node[i].rank != NO_RANK)
            w->heap[n_heap++] = entry(w->node[i].rank, i);
    }
    for (int64_t i = n_heap / 2 - 1; i >= 0; i--)
        sink(w->heap, n_heap, i);
    return n_heap;
}

/* The pair of node i has become another one. */
static void renew(const struct bpe *b, struct bpe_work *w, int64_t i, int64_t n, int64_t *n_heap)
{
    struct bpe_node *at = &w->node[i];
    at->rank = NO_RANK;
    if (at->next < n)
        set_pair(b, at, w->node[at->next].id);
    if (at->rank == NO_RANK)
        return;
    w->heap[*n_heap] = entry(at->rank, i);
    rise(w->heap, (*n_heap)++);
    w->n_steps++;
}

/* The node after i becomes part of i. */
static void merge_at(const struct bpe *b, struct bpe_work *w, int64_t i, int64_t n, int64_t *n_heap)
{
    struct bpe_node *left = &w->node[i];
    struct bpe_node *right = &w->node[left->next];
    left->id = left->into;
    left->next = right->next;
    right->rank = NO_RANK;
    if (left->next < n)
        w->node[left->next].prev = (int32_t)i;
    renew(b, w, i, n, n_heap);
    if (left->prev >= 0)
        renew(b, w, left->prev, n, n_heap);
}

/* Each merge takes a node away and adds at most two entries: never more than 3 n in the heap. */
static void merge_large(const struct bpe *b, struct bpe_work *w, int64_t n, struct tokens *out)
{
    w->node = more(w->node, &w->cap_node, n, sizeof *w->node);
    w->heap = more(w->heap, &w->cap_heap, 3 * n, sizeof *w->heap);
    int64_t n_heap = lay_out(b, w, n);
    while (n_heap > 0) {
        uint64_t top = w->heap[0];
        int64_t i = (int64_t)(top & UINT32_MAX);
        w->heap[0] = w->heap[--n_heap];
        sink(w->heap, n_heap, 0);
        w->n_steps++;
        if (w->node[i].rank == (int32_t)(top >> 32))
            merge_at(b, w, i, n, &n_heap);
    }
    for (int64_t i = 0; i < n; i = w->node[i].next)
        tokens_put(out, w->node[i].id);
}

/* The id of a character of n bytes when they merge to one, else -1. */
static int32_t whole_char(const struct bpe *b, struct bpe_work *w, struct str c)
{
    int32_t id = place_of(b, c, short_key(c))->id;
    unsigned char fate =
        id < 0 ? TAKEN_APART : atomic_load_explicit(&b->fate[id], memory_order_relaxed);
    if (fate == UNKNOWN) {
        int32_t ids[4];
        for (int64_t i = 0; i < c.n; i++)
            ids[i] = b->byte_id[(unsigned char)c.at[i]];
        fate = merge_small(b, ids, c.n, &w->n_steps) == 1 ? WHOLE : TAKEN_APART;
        atomic_store_explicit(&b->fate[id], fate, memory_order_relaxed);
    }
    return fate == WHOLE ? id : -1;
}

/* What merging starts from, into w->first: characters where they stand by themselves, else bytes.
 */
static int64_t lay_first(const struct bpe *b, struct bpe_work *w, struct str piece)
{
    int64_t n = 0;
    w->first = more(w->first, &w->cap_first, piece.n, sizeof *w->first);
    for (int64_t i = 0; i < piece.n;) {
        int64_t n_char = bpe_chars_at(b, piece, i);
        int32_t id = n_char > 0 ? whole_char(b, w, (struct str){piece.at + i, n_char}) : -1;
        w->first[n++] = id >= 0 ? id : b->byte_id[(unsigned char)piece.at[i]];
        i += id >= 0 ? n_char : 1;
    }
    return n;
}

static void merge(const struct bpe *b, struct bpe_work *w, struct str piece, struct tokens *out)
{
    int64_t n = lay_first(b, w, piece);
    if (n > SMALL) {
        merge_large(b, w, n, out);
        return;
    }
    n = merge_small(b, w->first, n, &w->n_steps);
    for (int64_t i = 0; i < n; i++)
        tokens_put(out, w->first[i]);
}

/* By the vocabulary when that gives what merging would, else by merging. */
static void look_up(const struct bpe *b, struct bpe_work *w, struct str piece, uint64_t key,
                    struct tokens *out)
{
    int32_t id = place_of(b, piece, key)->id;
    if (id < 0) {
        merge(b, w, piece, out);
        return;
    }
    unsigned char fate = atomic_load_explicit(&b->fate[id], memory_order_relaxed);
    if (fate == WHOLE) {
        tokens_put(out, id);
        return;
    }
    int64_t from = out->n;
    merge(b, w, piece, out);
    if (fate == UNKNOWN)
        atomic_store_explicit(&b->fate[id], out->n == from + 1 ? WHOLE : TAKEN_APART,
                              memory_order_relaxed);
}

static bool is_same(const struct bpe_seen *s, struct str piece, uint64_t key)
{
    return s->key == key && (piece.n <= SHORT || str_eq((struct str){s->at, s->n}, piece));
}

void bpe_encode(const struct bpe *b, struct bpe_work *w, struct str piece, struct tokens *out)
{
    assert(piece.n > 0);
    assert(piece.n <= INT32_MAX);
    if (piece.n > REMEMBERED) {
        merge(b, w, piece, out);
        return;
    }
    uint64_t key = key_of(piece);
    struct bpe_seen *s = w->n_seen > 0 ? &w->seen[spread(key) & (uint32_t)(w->n_seen - 1)] : NULL;
    int64_t from = out->n;
    if (s == NULL) {
        look_up(b, w, piece, key, out);
    } else if (!is_same(s, piece, key)) {
        look_up(b, w, piece, key, out);
        *s = (struct bpe_seen){key, piece.at, from, (int32_t)piece.n, (int32_t)(out->n - from)};
    } else {
        for (int64_t i = 0; i < s->n_ids; i++)
            tokens_put(out, out->at[s->out + i]);
    }
}
