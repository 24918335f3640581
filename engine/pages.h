/* Which page of the cache belongs to whom: counted, shared, kept for the next who begins alike.
 *
 *   free --take--> held (n_refs > 0) --last release--> retained --take under need--> held
 *                    ^                                    |
 *                    +---------- a prompt begins so ------+
 *
 * A page holds 64 rows of every layer. Its *noted* rows are those whose tokens were fed and
 * accepted; only they are ever shared. Pages with noted rows form a tree: a page hangs under the
 * one that holds the 64 tokens before it, so that a path from the root spells a sequence. A slot
 * holds such a path. What lies on the path of two slots is shared: full pages in place, for they
 * are never written again; of a page that is not full, or that matches in part, the newcomer gets
 * a copy of its own. So a page that is written has one holder, and rejected drafts behind the
 * noted rows are seen by nobody.
 *
 * Pages of an ended request stay in the tree while nobody needs the room and they are not too many
 * (LIMIT_PAGES_KEPT: a run would otherwise touch the whole pool, and memory never touched is memory
 * not used). The one let go longest ago goes first, which is always a leaf, since a path is let go
 * from its end. Full pages are found by a hash of their path and then compared token by token: a
 * hash alone is never trusted.
 *
 * Host memory only; kv.c holds the rows themselves. Nothing allocates after pages_open. */
#pragma once
#include <stdint.h>

#include "base/err.h"

struct pages;

/* What a sequence may begin with. */
struct pages_match {
    int64_t n_rows; /* noted rows that spell its first tokens */
    int64_t n_held; /* full pages among them that somebody holds: they cost no room */
};

/* A page to be copied, so that its first rows can be continued by another. */
struct pages_copy {
    int32_t from; /* -1: nothing to copy */
    int32_t to;
};

MUST_CHECK bool pages_open(struct pages **out, int64_t n_pages, int64_t n_slots, int64_t n_table,
                           struct err *e);
void pages_close(struct pages *p); /* NULL is fine */

int64_t pages_for(int64_t n_tokens);
int64_t pages_n(const struct pages *p);
int64_t pages_n_room(const struct pages *p); /* free and retained: can be taken */
int64_t pages_n_held(const struct pages *p); /* by at least one slot */

/* The pages of a slot in order, n of them. Borrowed until the next change of that slot. */
const int32_t *pages_of(const struct pages *p, int64_t slot, int64_t *n);

/* Whether the slot was given pages since the last time this was asked. */
bool pages_was_changed(struct pages *p, int64_t slot);

/* Pages until the slot holds n_tokens. False, with what could be had, when there is no room. */
bool pages_grow(struct pages *p, int64_t slot, int64_t n_tokens);

struct pages_match pages_find(const struct pages *p, const int32_t *token, int64_t n);

/* Begins an empty slot with the first n_rows of its tokens, of n_found which pages_find() has
 * just found: shares the full pages, and takes one for the rest or the retained page that ends
 * just there. Returns how many rows the slot has then: fewer than n_rows when there is no page
 * for the copy. */
int64_t pages_share(struct pages *p, int64_t slot, const int32_t *token, int64_t n_found,
                    int64_t n_rows, struct pages_copy *copy);

/* Rows [from, to) of the slot now hold these tokens (token[0] is the sequence's first). */
void pages_note(struct pages *p, int64_t slot, const int32_t *token, int64_t from, int64_t to);

/* Lets go of all pages of a slot; of one without pages: nothing. */
void pages_release(struct pages *p, int64_t slot);

/* Whether this slot alone holds the page of a position: what must be true before a row is fed. */
bool pages_is_own(const struct pages *p, int64_t slot, int64_t position);

/* Aborts when counts, tree and lists do not agree. For tests: walks everything. */
void pages_check(const struct pages *p);
