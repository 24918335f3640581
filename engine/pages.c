#include "engine/pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "kernels/kernels.h"

enum { NONE = -1 };

struct page {
    int32_t n_refs;
    int32_t n_noted; /* rows whose tokens are known */
    int32_t parent;  /* NONE: the first page of a sequence */
    int32_t child;   /* newest first */
    int32_t sibling_next, sibling_prev;
    int32_t age_next, age_prev; /* of a retained page, oldest first */
    int32_t chain;              /* next full page of the same bucket */
    uint64_t hash;              /* of the path down to here */
    int32_t token[KERNEL_PAGE];
};

struct pages {
    int64_t n;
    int64_t n_slots;
    int64_t n_table;
    struct page *page;
    int32_t *table;       /* [n_slots][n_table] */
    int64_t *n_of;        /* [n_slots] pages of a slot */
    bool *is_changed;     /* [n_slots] since pages_was_changed() */
    int32_t *free;        /* [n] a stack */
    int32_t *bucket;      /* [n_buckets] heads of chains; a power of two */
    uint64_t bucket_mask; /* n_buckets - 1 */
    int64_t n_free;
    int64_t n_retained;
    int64_t n_kept; /* most that are retained */
    int32_t root;   /* newest of the first pages */
    int32_t oldest, newest;
};

int64_t pages_for(int64_t n_tokens)
{
    return (n_tokens + KERNEL_PAGE - 1) / KERNEL_PAGE;
}

int64_t pages_n(const struct pages *p)
{
    return p->n;
}

int64_t pages_n_room(const struct pages *p)
{
    return p->n_free + p->n_retained;
}

int64_t pages_n_held(const struct pages *p)
{
    return p->n - p->n_free - p->n_retained;
}

const int32_t *pages_of(const struct pages *p, int64_t slot, int64_t *n)
{
    assert(slot >= 0 && slot < p->n_slots);
    *n = p->n_of[slot];
    return p->table + slot * p->n_table;
}

bool pages_was_changed(struct pages *p, int64_t slot)
{
    bool was = p->is_changed[slot];
    p->is_changed[slot] = false;
    return was;
}

bool pages_is_own(const struct pages *p, int64_t slot, int64_t position)
{
    int64_t n = 0;
    const int32_t *at = pages_of(p, slot, &n);
    return position / KERNEL_PAGE < n && p->page[at[position / KERNEL_PAGE]].n_refs == 1;
}

/* -- the tree ---------------------------------------------------------------------------------- */

/* Head of the list of pages under one, or of the first pages. */
static int32_t *children(struct pages *p, int32_t parent)
{
    return parent == NONE ? &p->root : &p->page[parent].child;
}

static void hang(struct pages *p, int32_t at, int32_t parent)
{
    struct page *g = &p->page[at];
    int32_t *head = children(p, parent);
    assert(g->child == NONE && g->n_noted == 0);
    g->parent = parent;
    g->sibling_prev = NONE;
    g->sibling_next = *head;
    if (*head != NONE)
        p->page[*head].sibling_prev = at;
    *head = at;
}

static void unhang(struct pages *p, int32_t at)
{
    struct page *g = &p->page[at];
    if (g->sibling_prev == NONE)
        *children(p, g->parent) = g->sibling_next;
    else
        p->page[g->sibling_prev].sibling_next = g->sibling_next;
    if (g->sibling_next != NONE)
        p->page[g->sibling_next].sibling_prev = g->sibling_prev;
}

static uint64_t hash_page(const struct pages *p, int32_t parent, const int32_t *token)
{
    uint64_t h = parent == NONE ? 0x9E3779B97F4A7C15U : p->page[parent].hash;
    for (int i = 0; i < KERNEL_PAGE; i++) {
        h = (h ^ (uint32_t)token[i]) * 0xD6E8FEB86659FD93U;
        h ^= h >> 32;
    }
    return h;
}

static void index_page(struct pages *p, int32_t at)
{
    struct page *g = &p->page[at];
    assert(g->n_noted == KERNEL_PAGE);
    g->hash = hash_page(p, g->parent, g->token);
    int32_t *head = &p->bucket[g->hash & p->bucket_mask];
    g->chain = *head;
    *head = at;
}

static void unindex_page(struct pages *p, int32_t at)
{
    int32_t *link = &p->bucket[p->page[at].hash & p->bucket_mask];
    while (*link != at) {
        assert(*link != NONE);
        link = &p->page[*link].chain;
    }
    *link = p->page[at].chain;
}

/* -- free, held, retained ---------------------------------------------------------------------- */

static void age_put(struct pages *p, int32_t at)
{
    struct page *g = &p->page[at];
    g->age_next = NONE;
    g->age_prev = p->newest;
    *(p->newest == NONE ? &p->oldest : &p->page[p->newest].age_next) = at;
    p->newest = at;
    p->n_retained++;
}

static void age_drop(struct pages *p, int32_t at)
{
    struct page *g = &p->page[at];
    *(g->age_prev == NONE ? &p->oldest : &p->page[g->age_prev].age_next) = g->age_next;
    *(g->age_next == NONE ? &p->newest : &p->page[g->age_next].age_prev) = g->age_prev;
    p->n_retained--;
}

static void hold(struct pages *p, int32_t at)
{
    if (p->page[at].n_refs++ == 0)
        age_drop(p, at);
}

/* Forgets the page let go longest ago. It has nothing under it: whoever held a page below held
 * this one too, and let go of it later. */
static int32_t forget_oldest(struct pages *p)
{
    int32_t at = p->oldest;
    assert(p->page[at].n_refs == 0);
    assert(p->page[at].child == NONE);
    age_drop(p, at);
    unhang(p, at);
    if (p->page[at].n_noted == KERNEL_PAGE)
        unindex_page(p, at);
    return at;
}

static void let_go(struct pages *p, int32_t at)
{
    struct page *g = &p->page[at];
    assert(g->n_refs > 0);
    if (--g->n_refs > 0)
        return;
    if (g->n_noted > 0)
        age_put(p, at);
    else
        p->free[p->n_free++] = at;
    if (p->n_retained > p->n_kept)
        p->free[p->n_free++] = forget_oldest(p);
}

/* A page of one's own, NONE when all are held. */
static int32_t take_page(struct pages *p)
{
    if (pages_n_room(p) == 0)
        return NONE;
    int32_t at = p->n_free > 0 ? p->free[--p->n_free] : forget_oldest(p);
    struct page *g = &p->page[at];
    g->n_refs = 1;
    g->n_noted = 0;
    g->parent = NONE;
    g->child = NONE;
    return at;
}

static void append(struct pages *p, int64_t slot, int32_t at)
{
    assert(p->n_of[slot] < p->n_table);
    p->table[slot * p->n_table + p->n_of[slot]++] = at;
    p->is_changed[slot] = true;
}

bool pages_grow(struct pages *p, int64_t slot, int64_t n_tokens)
{
    assert(slot >= 0 && slot < p->n_slots);
    assert(pages_for(n_tokens) <= p->n_table);
    while (p->n_of[slot] < pages_for(n_tokens)) {
        int32_t at = take_page(p);
        if (at == NONE)
            return false;
        append(p, slot, at);
    }
    return true;
}

void pages_release(struct pages *p, int64_t slot)
{
    assert(slot >= 0 && slot < p->n_slots);
    for (; p->n_of[slot] > 0; p->n_of[slot]--)
        let_go(p, p->table[slot * p->n_table + p->n_of[slot] - 1]);
}

/* -- prefixes ---------------------------------------------------------------------------------- */

/* The full page under `parent` that spells 64 tokens. */
static int32_t find_full(const struct pages *p, int32_t parent, const int32_t *token)
{
    uint64_t h = hash_page(p, parent, token);
    for (int32_t at = p->bucket[h & p->bucket_mask]; at != NONE; at = p->page[at].chain) {
        const struct page *g = &p->page[at];
        if (g->hash == h && g->parent == parent && memcmp(g->token, token, sizeof g->token) == 0)
            return at;
    }
    return NONE;
}

/* The page under `parent` that begins with most of n tokens, of the newest few. */
static int32_t find_part(const struct pages *p, int32_t parent, const int32_t *token, int64_t n,
                         int64_t *n_rows)
{
    int32_t best = NONE;
    int32_t at = parent == NONE ? p->root : p->page[parent].child;
    *n_rows = 0;
    for (int i = 0; at != NONE && i < LIMIT_PAGE_SIBLINGS; i++, at = p->page[at].sibling_next) {
        const struct page *g = &p->page[at];
        int64_t most = g->n_noted < n ? g->n_noted : n;
        int64_t same = 0;
        while (same < most && g->token[same] == token[same])
            same++;
        if (same > *n_rows) {
            *n_rows = same;
            best = at;
        }
    }
    return best;
}

/* The same of any n: a full page is found however many siblings it has. */
static int32_t find_best(const struct pages *p, int32_t parent, const int32_t *token, int64_t n,
                         int64_t *n_rows)
{
    int32_t at = n < KERNEL_PAGE ? NONE : find_full(p, parent, token);
    *n_rows = KERNEL_PAGE;
    return at != NONE ? at : find_part(p, parent, token, n, n_rows);
}

struct pages_match pages_find(const struct pages *p, const int32_t *token, int64_t n)
{
    struct pages_match m = {0};
    int32_t parent = NONE;
    int64_t n_part = 0;
    while (n - m.n_rows >= KERNEL_PAGE) {
        int32_t at = find_full(p, parent, token + m.n_rows);
        if (at == NONE)
            break;
        m.n_rows += KERNEL_PAGE;
        m.n_held += p->page[at].n_refs > 0;
        parent = at;
    }
    (void)find_part(p, parent, token + m.n_rows, n - m.n_rows, &n_part);
    m.n_rows += n_part;
    return m;
}

/* A page of the slot's own with the first n rows of `from`, which is held meanwhile: it may be
 * the very one that would be forgotten for the copy. */
static bool fork_page(struct pages *p, int64_t slot, int32_t from, int32_t parent, int64_t n,
                      struct pages_copy *copy)
{
    hold(p, from);
    int32_t at = take_page(p);
    let_go(p, from);
    if (at == NONE)
        return false;
    hang(p, at, parent);
    memcpy(p->page[at].token, p->page[from].token, (size_t)n * sizeof(int32_t));
    p->page[at].n_noted = (int32_t)n;
    append(p, slot, at);
    *copy = (struct pages_copy){from, at};
    return true;
}

/* The first rows of page `from` go to the slot, n of them: in place if nobody holds the page and
 * it ends there, else in a copy. */
static bool continue_page(struct pages *p, int64_t slot, int32_t from, int32_t parent, int64_t n,
                          struct pages_copy *copy)
{
    const struct page *g = &p->page[from];
    if (g->n_refs > 0 || g->n_noted != n || n == KERNEL_PAGE)
        return fork_page(p, slot, from, parent, n, copy);
    hold(p, from);
    append(p, slot, from);
    return true;
}

int64_t pages_share(struct pages *p, int64_t slot, const int32_t *token, int64_t n_found,
                    int64_t n_rows, struct pages_copy *copy)
{
    int32_t parent = NONE;
    int64_t i = 0;
    int64_t n_part = 0;
    assert(slot >= 0 && slot < p->n_slots && p->n_of[slot] == 0);
    assert(n_rows <= n_found);
    *copy = (struct pages_copy){NONE, NONE};
    for (; n_rows - i >= KERNEL_PAGE; i += KERNEL_PAGE) {
        parent = find_full(p, parent, token + i);
        assert(parent != NONE);
        hold(p, parent);
        append(p, slot, parent);
    }
    if (i == n_rows)
        return i;
    int32_t from = find_best(p, parent, token + i, n_found - i, &n_part);
    n_part = n_part < n_rows - i ? n_part : n_rows - i;
    return from != NONE && continue_page(p, slot, from, parent, n_part, copy) ? i + n_part : i;
}

void pages_note(struct pages *p, int64_t slot, const int32_t *token, int64_t from, int64_t to)
{
    const int32_t *table = p->table + slot * p->n_table;
    assert(from >= 0 && to <= p->n_of[slot] * KERNEL_PAGE);
    for (int64_t i = from; i < to; i++) {
        int32_t at = table[i / KERNEL_PAGE];
        struct page *g = &p->page[at];
        assert(g->n_refs == 1);
        assert(g->n_noted == i % KERNEL_PAGE);
        if (g->n_noted == 0)
            hang(p, at, i == 0 ? NONE : table[i / KERNEL_PAGE - 1]);
        g->token[g->n_noted++] = token[i];
        if (g->n_noted == KERNEL_PAGE)
            index_page(p, at);
    }
}

/* -- opening ----------------------------------------------------------------------------------- */

void pages_close(struct pages *p)
{
    if (p == NULL)
        return;
    free(p->page);
    free(p->table);
    free(p->n_of);
    free(p->is_changed);
    free(p->free);
    free(p->bucket);
    free(p);
}

static bool fill(struct pages *p)
{
    int64_t n_buckets = 1;
    while (n_buckets < p->n)
        n_buckets *= 2;
    p->bucket_mask = (uint64_t)n_buckets - 1;
    p->page = calloc((size_t)p->n, sizeof *p->page);
    p->table = calloc((size_t)(p->n_slots * p->n_table), sizeof *p->table);
    p->n_of = calloc((size_t)p->n_slots, sizeof *p->n_of);
    p->is_changed = calloc((size_t)p->n_slots, sizeof *p->is_changed);
    p->free = calloc((size_t)p->n, sizeof *p->free);
    p->bucket = calloc((size_t)n_buckets, sizeof *p->bucket);
    if (p->page == NULL || p->table == NULL || p->n_of == NULL || p->is_changed == NULL ||
        p->free == NULL || p->bucket == NULL)
        return false;
    memset(p->bucket, 0xFF, (size_t)n_buckets * sizeof *p->bucket); /* NONE everywhere */
    for (int64_t i = 0; i < p->n; i++)
        p->free[p->n_free++] = (int32_t)(p->n - 1 - i);
    return true;
}

bool pages_open(struct pages **out, int64_t n_pages, int64_t n_slots, int64_t n_table,
                struct err *e)
{
    assert(n_pages > 0 && n_pages < INT32_MAX);
    assert(n_slots > 0 && n_table > 0);
    struct pages *p = calloc(1, sizeof *p);
    if (p == NULL)
        return FAIL(e, ERR_IO, "no memory for the page table");
    *p = (struct pages){.n = n_pages,
                        .n_slots = n_slots,
                        .n_table = n_table,
                        .n_kept = n_pages / 8 < LIMIT_PAGES_KEPT ? LIMIT_PAGES_KEPT : n_pages / 8,
                        .root = NONE,
                        .oldest = NONE,
                        .newest = NONE};
    if (!fill(p)) {
        pages_close(p);
        return FAIL(e, ERR_IO, "no memory for the table of %lld pages", (long long)n_pages);
    }
    *out = p;
    return true;
}

/* -- checking ---------------------------------------------------------------------------------- */

static int64_t count_holders(const struct pages *p, int32_t at)
{
    int64_t n = 0;
    for (int64_t s = 0; s < p->n_slots; s++)
        for (int64_t i = 0; i < p->n_of[s]; i++)
            n += p->table[s * p->n_table + i] == at;
    return n;
}

/* Every noted page of a slot hangs under the one before it. */
static void check_path(const struct pages *p, int64_t slot)
{
    const int32_t *table = p->table + slot * p->n_table;
    for (int64_t i = 0; i < p->n_of[slot]; i++) {
        const struct page *g = &p->page[table[i]];
        if (g->n_noted == 0)
            continue;
        assert(g->parent == (i == 0 ? NONE : table[i - 1]));
        assert(i == 0 || p->page[table[i - 1]].n_noted == KERNEL_PAGE);
    }
}

static void check_retained(const struct pages *p)
{
    int64_t n = 0;
    for (int32_t at = p->oldest; at != NONE; at = p->page[at].age_next, n++) {
        const struct page *g = &p->page[at];
        assert(g->n_refs == 0 && g->n_noted > 0);
        assert(g->n_noted < KERNEL_PAGE || find_full(p, g->parent, g->token) != NONE);
        assert(n < p->n_retained);
    }
    assert(n == p->n_retained);
}

void pages_check(const struct pages *p)
{
    int64_t n_held = 0;
    for (int64_t i = 0; i < p->n; i++) {
        assert(count_holders(p, (int32_t)i) == p->page[i].n_refs);
        n_held += p->page[i].n_refs > 0;
    }
    assert(n_held == pages_n_held(p));
    for (int64_t s = 0; s < p->n_slots; s++)
        check_path(p, s);
    check_retained(p);
}
