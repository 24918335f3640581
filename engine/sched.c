#include "engine/sched.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Rows that must be gained before a request waits for the beginning of a different prompt. Of its
 * own prompt it waits for any. */
enum { SHARE_LEAST = 16 };

int64_t sched_find(const struct sched *s, enum slot_state state)
{
    for (int64_t i = 0; i < s->shape.n_slots; i++)
        if (s->slot[i].state == state)
            return i;
    return -1;
}

static bool is_alive(const struct slot *r)
{
    return r->state == SLOT_WAITING || r->state == SLOT_FEEDING;
}

int64_t sched_n_alive(const struct sched *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->shape.n_slots; i++)
        n += is_alive(&s->slot[i]);
    return n;
}

void sched_admit(struct sched *s, int64_t slot, const int32_t *prompt, int64_t n,
                 const struct sampling *how, uint64_t ticket)
{
    struct slot *r = &s->slot[slot];
    assert(r->state == SLOT_FREE);
    assert(n >= 1 && n + how->n_out_max <= s->shape.n_context);
    *r = (struct slot){.state = SLOT_WAITING,
                       .ticket = ticket,
                       .turn = s->turn++,
                       .how = *how,
                       .n_prompt = n,
                       .n_tokens = n,
                       .token = r->token,
                       .logprob = r->logprob};
    memcpy(r->token, prompt, (size_t)n * sizeof *prompt);
}

/* -- pages ------------------------------------------------------------------------------------ */

static int64_t held_rows(const struct sched *s, int64_t slot)
{
    int64_t n = 0;
    (void)pages_of(s->pages, slot, &n);
    return n * KERNEL_PAGE;
}

static void preempt(struct sched *s, int64_t slot)
{
    struct slot *r = &s->slot[slot];
    assert(r->state == SLOT_FEEDING);
    pages_release(s->pages, slot);
    s->n_left += r->n_rows;
    s->n_preempted++;
    r->state = SLOT_WAITING;
    r->n_fed = 0;
    r->n_rows = 0;
    r->n_drafts = 0;
}

/* The youngest feeding request that is younger than one, -1: none. */
static int64_t youngest_after(const struct sched *s, uint64_t turn)
{
    for (int64_t i = s->n_alive - 1; i >= 0; i--) {
        const struct slot *r = &s->slot[s->order[i]];
        if (r->turn <= turn)
            break;
        if (r->state == SLOT_FEEDING)
            return s->order[i];
    }
    return -1;
}

/* Pages for n_tokens, from younger requests if need be. */
static bool make_room(struct sched *s, int64_t slot, int64_t n_tokens)
{
    while (!pages_grow(s->pages, slot, n_tokens)) {
        int64_t victim = youngest_after(s, s->slot[slot].turn);
        if (victim < 0)
            return false;
        preempt(s, victim);
    }
    return true;
}

static void note_peak(struct sched *s)
{
    int64_t n = pages_n_held(s->pages);
    s->n_pages_peak = n > s->n_pages_peak ? n : s->n_pages_peak;
}

int64_t sched_reach(struct sched *s, int64_t slot, int64_t n_tokens)
{
    (void)pages_grow(s->pages, slot, n_tokens);
    note_peak(s);
    return held_rows(s, slot);
}

/* -- starting --------------------------------------------------------------------------------- */

/* How many rows a request may take over, of those found. Its last known token it always feeds
 * itself: it needs the logits of that row, and keeping them for whoever may come would cost a
 * vocabulary of floats a page, to save one row a request. */
static int64_t usable(const struct sched *s, const struct slot *r, int64_t n_found)
{
    int64_t n = s->shape.is_mtp && n_found > 0 ? n_found - 1 : n_found;
    return n < r->n_tokens - 1 ? n : r->n_tokens - 1;
}

static int64_t n_common(const struct slot *a, const struct slot *b)
{
    int64_t most = a->n_tokens < b->n_tokens ? a->n_tokens : b->n_tokens;
    int64_t n = 0;
    while (n < most && a->token[n] == b->token[n])
        n++;
    return n;
}

/* Whether an older request is about to feed rows that this one could use, beyond n. */
static bool has_leader(const struct sched *s, const struct slot *r, int64_t n)
{
    for (int64_t i = 0; i < s->n_alive; i++) {
        const struct slot *a = &s->slot[s->order[i]];
        if (a->turn >= r->turn)
            break;
        if (a->state != SLOT_FEEDING || a->n_fed >= a->n_tokens - 1)
            continue;
        int64_t common = n_common(a, r);
        int64_t least = common == r->n_tokens ? 1 : SHARE_LEAST;
        if (a->n_fed < common && usable(s, r, common) >= n + least)
            return true;
    }
    return false;
}

static bool fits(const struct sched *s, const struct slot *r, const struct pages_match *m)
{
    int64_t n_feeding = 0;
    for (int64_t i = 0; i < s->n_alive; i++)
        n_feeding += s->slot[s->order[i]].state == SLOT_FEEDING;
    int64_t need = pages_for(r->n_tokens + 1) - m->n_held + n_feeding;
    return s->slot[s->order[0]].turn == r->turn || need <= pages_n_room(s->pages);
}

/* Lets a waiting request begin. False: not now; *is_full when for want of pages. */
static bool start(struct sched *s, int64_t slot, bool *is_full)
{
    struct slot *r = &s->slot[slot];
    struct pages_match m = {0};
    struct pages_copy copy = {-1, -1};
    if (!s->shape.is_unshared) {
        m = pages_find(s->pages, r->token, r->n_tokens);
        if (has_leader(s, r, usable(s, r, m.n_rows)))
            return false;
    }
    *is_full = !fits(s, r, &m);
    if (*is_full)
        return false;
    r->n_fed = pages_share(s->pages, slot, r->token, m.n_rows, usable(s, r, m.n_rows), &copy);
    kv_copy_later(s->kv, copy);
    r->n_shared += r->n_fed;
    s->n_shared += r->n_fed;
    r->state = SLOT_FEEDING;
    return true;
}

/* -- a step ----------------------------------------------------------------------------------- */

/* Those alive, oldest first: insertion sort, because the order hardly changes. */
static void sort_by_age(struct sched *s)
{
    s->n_alive = 0;
    for (int64_t i = 0; i < s->shape.n_slots; i++) {
        struct slot *r = &s->slot[i];
        r->n_rows = r->n_draft_rows = r->n_drawn = 0;
        r->is_closed = false;
        if (!is_alive(r))
            continue;
        int64_t at = s->n_alive++;
        for (; at > 0 && s->slot[s->order[at - 1]].turn > r->turn; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = i;
    }
}

static void give(struct sched *s, struct slot *r, int64_t n)
{
    assert(n >= 0 && n <= s->n_left);
    r->n_rows += n;
    s->n_left -= n;
}

static void plan_decoding(struct sched *s)
{
    for (int64_t i = 0; i < s->n_alive; i++) {
        struct slot *r = &s->slot[s->order[i]];
        if (r->state == SLOT_FEEDING && r->n_tokens - r->n_fed == 1 &&
            make_room(s, s->order[i], r->n_tokens))
            give(s, r, 1);
    }
}

/* As many of its unfed tokens as the step and its pages take. */
static void plan_prompt(struct sched *s, int64_t slot)
{
    struct slot *r = &s->slot[slot];
    int64_t n = r->n_tokens - r->n_fed;
    n = n < s->n_left ? n : s->n_left;
    if (!make_room(s, slot, r->n_fed + n))
        n = held_rows(s, slot) - r->n_fed;
    give(s, r, n);
}

static void plan_prompts(struct sched *s)
{
    bool is_full = false;
    for (int64_t i = 0; i < s->n_alive && s->n_left > 0; i++) {
        struct slot *r = &s->slot[s->order[i]];
        if (r->state == SLOT_WAITING && (is_full || !start(s, s->order[i], &is_full)))
            continue;
        if (r->n_rows == 0 && r->n_fed < r->n_tokens)
            plan_prompt(s, s->order[i]);
    }
}

static void plan_drafts(struct sched *s)
{
    for (int64_t i = 0; i < s->n_alive && s->n_left > 0; i++) {
        struct slot *r = &s->slot[s->order[i]];
        if (r->state != SLOT_FEEDING || r->n_drafts == 0 || r->n_rows != r->n_tokens - r->n_fed)
            continue;
        int64_t n = r->n_drafts < s->n_left ? r->n_drafts : s->n_left;
        int64_t reach = sched_reach(s, s->order[i], r->n_tokens + n) - r->n_tokens;
        r->n_draft_rows = n < reach ? n : reach;
        give(s, r, r->n_draft_rows);
    }
}

/* The planned rows of a slot. From its last known token on they are wanted. */
static void place(struct sched *s, int64_t slot)
{
    struct slot *r = &s->slot[slot];
    struct batch *b = &s->batch;
    r->row = b->T;
    for (int64_t i = 0; i < r->n_rows; i++, b->T++) {
        int64_t at = r->n_fed + i;
        assert(pages_is_own(s->pages, slot, at));
        b->id[b->T] = at < r->n_tokens ? r->token[at] : r->draft[at - r->n_tokens];
        b->slot[b->T] = (int32_t)slot;
        b->position[b->T] = (int32_t)at;
        if (at >= r->n_tokens - 1)
            s->wanted[s->n_wanted++] = (struct wanted){slot, (int32_t)b->T};
    }
}

void sched_plan(struct sched *s)
{
    sort_by_age(s);
    s->n_left = s->shape.n_step;
    s->n_wanted = 0;
    s->batch.T = 0;
    plan_decoding(s);
    plan_prompts(s);
    plan_drafts(s);
    for (int64_t i = 0; i < s->n_alive; i++)
        place(s, s->order[i]);
    note_peak(s);
    assert(s->batch.T == s->shape.n_step - s->n_left);
    assert(s->n_alive == 0 || s->slot[s->order[0]].n_rows > 0); /* the oldest proceeds */
}

void sched_append(struct sched *s, int64_t slot, int32_t token, float logprob)
{
    struct slot *r = &s->slot[slot];
    assert(r->state == SLOT_FEEDING);
    assert(r->n_tokens < s->shape.n_context);
    r->logprob[r->n_tokens - r->n_prompt] = logprob;
    r->token[r->n_tokens++] = token;
}

int64_t sched_settle(struct sched *s, int64_t slot)
{
    struct slot *r = &s->slot[slot];
    int64_t from = r->n_fed;
    assert(r->state == SLOT_FEEDING);
    assert(r->n_drawn <= r->n_draft_rows + 1);
    r->n_fed = r->n_drawn > 0 ? r->n_tokens - 1 : from + r->n_rows;
    assert(r->n_fed - from <= r->n_rows);
    pages_note(s->pages, slot, r->token, from, r->n_fed);
    return r->n_fed - from;
}

void sched_finish(struct sched *s, int64_t slot, enum stop why)
{
    struct slot *r = &s->slot[slot];
    assert(is_alive(r));
    pages_release(s->pages, slot);
    r->state = SLOT_DONE;
    r->stop = why;
    r->turn = s->turn++;
}

int64_t sched_first_done(const struct sched *s)
{
    int64_t first = -1;
    for (int64_t i = 0; i < s->shape.n_slots; i++)
        if (s->slot[i].state == SLOT_DONE && (first < 0 || s->slot[i].turn < s->slot[first].turn))
            first = i;
    return first;
}

void sched_free(struct sched *s, int64_t slot)
{
    assert(s->slot[slot].state == SLOT_DONE);
    s->slot[slot].state = SLOT_FREE;
}

/* -- opening ---------------------------------------------------------------------------------- */

void sched_close(struct sched *s)
{
    for (int64_t i = 0; s->slot != NULL && i < s->shape.n_slots; i++) {
        free(s->slot[i].token);
        free(s->slot[i].logprob);
    }
    free(s->slot);
    free(s->batch.id);
    free(s->batch.slot);
    free(s->batch.position);
    free(s->wanted);
    free(s->order);
    *s = (struct sched){0};
}

static bool take(int64_t n, int64_t size, void *out, struct err *e)
{
    void *p = calloc((size_t)n, (size_t)size);
    if (p == NULL)
        return FAIL(e, ERR_IO, "no memory for %lld requests' state", (long long)n);
    *(void **)out = p;
    return true;
}

static bool fill(struct sched *s, struct err *e)
{
    const struct sched_shape *c = &s->shape;
    TRY(take(c->n_slots, sizeof *s->slot, &s->slot, e));
    TRY(take(c->n_step, sizeof *s->wanted, &s->wanted, e));
    TRY(take(c->n_slots, sizeof *s->order, &s->order, e));
    TRY(take(c->n_step, sizeof(int32_t), &s->batch.id, e));
    TRY(take(c->n_step, sizeof(int32_t), &s->batch.slot, e));
    TRY(take(c->n_step, sizeof(int32_t), &s->batch.position, e));
    for (int64_t i = 0; i < c->n_slots; i++)
        TRY(take(c->n_context, sizeof(int32_t), &s->slot[i].token, e) &&
            take(c->n_context, sizeof(float), &s->slot[i].logprob, e));
    return true;
}

bool sched_open(struct sched *s, struct kv *kv, const struct sched_shape *shape, struct err *e)
{
    assert(shape->n_slots >= 1 && shape->n_step >= shape->n_slots && shape->n_context >= 1);
    *s = (struct sched){.shape = *shape, .kv = kv, .pages = kv_pages(kv)};
    if (fill(s, e))
        return true;
    sched_close(s);
    return false;
}
