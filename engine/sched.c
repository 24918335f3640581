#include "engine/sched.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

int64_t sched_find(const struct sched *s, enum slot_state state)
{
    for (int64_t i = 0; i < s->n_slots; i++)
        if (s->slot[i].state == state)
            return i;
    return -1;
}

int64_t sched_count(const struct sched *s, enum slot_state state)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n_slots; i++)
        n += s->slot[i].state == state;
    return n;
}

void sched_admit(struct sched *s, int64_t slot, const int32_t *prompt, int64_t n,
                 const struct sampling *how, uint64_t ticket)
{
    struct slot *r = &s->slot[slot];
    assert(r->state == SLOT_FREE);
    assert(n >= 1 && n + how->n_out_max <= s->n_context);
    memcpy(r->token, prompt, (size_t)n * sizeof *prompt);
    r->state = SLOT_FEEDING;
    r->ticket = ticket;
    r->turn = s->turn++;
    r->how = *how;
    r->n_prompt = n;
    r->n_tokens = n;
    r->n_fed = 0;
}

/* Feeding slots, oldest first: insertion sort, because the order hardly changes. */
static int64_t by_age(struct sched *s)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n_slots; i++) {
        if (s->slot[i].state != SLOT_FEEDING)
            continue;
        int64_t at = n++;
        for (; at > 0 && s->slot[s->order[at - 1]].turn > s->slot[i].turn; at--)
            s->order[at] = s->order[at - 1];
        s->order[at] = i;
    }
    return n;
}

/* The next n tokens of a slot become rows. */
static void add_rows(struct sched *s, int64_t slot, int64_t n)
{
    struct slot *r = &s->slot[slot];
    struct batch *b = &s->batch;
    assert(n >= 1 && r->n_fed + n <= r->n_tokens);
    assert(b->T + n <= s->n_step);
    for (int64_t i = 0; i < n; i++, b->T++, r->n_fed++) {
        b->id[b->T] = r->token[r->n_fed];
        b->slot[b->T] = (int32_t)slot;
        b->position[b->T] = (int32_t)r->n_fed;
    }
    if (r->n_fed == r->n_tokens)
        s->wanted[s->n_wanted++] = (struct wanted){slot, (int32_t)(b->T - 1)};
}

void sched_plan(struct sched *s)
{
    int64_t n = by_age(s);
    s->batch.T = 0;
    s->n_wanted = 0;
    for (int64_t i = 0; i < n; i++)
        if (s->slot[s->order[i]].n_tokens - s->slot[s->order[i]].n_fed == 1)
            add_rows(s, s->order[i], 1);
    for (int64_t i = 0; i < n && s->batch.T < s->n_step; i++) {
        const struct slot *r = &s->slot[s->order[i]];
        int64_t n_left = r->n_tokens - r->n_fed;
        int64_t room = s->n_step - s->batch.T;
        if (n_left > 0)
            add_rows(s, s->order[i], n_left < room ? n_left : room);
    }
}

void sched_append(struct sched *s, int64_t slot, int32_t token, float logprob)
{
    struct slot *r = &s->slot[slot];
    assert(r->state == SLOT_FEEDING);
    assert(r->n_tokens < s->n_context);
    r->logprob[r->n_tokens - r->n_prompt] = logprob;
    r->token[r->n_tokens++] = token;
}

void sched_finish(struct sched *s, int64_t slot, enum stop why)
{
    struct slot *r = &s->slot[slot];
    assert(r->state == SLOT_FEEDING);
    r->state = SLOT_DONE;
    r->stop = why;
    r->turn = s->turn++;
}

int64_t sched_first_done(const struct sched *s)
{
    int64_t first = -1;
    for (int64_t i = 0; i < s->n_slots; i++)
        if (s->slot[i].state == SLOT_DONE && (first < 0 || s->slot[i].turn < s->slot[first].turn))
            first = i;
    return first;
}

void sched_free(struct sched *s, int64_t slot)
{
    assert(s->slot[slot].state == SLOT_DONE);
    s->slot[slot].state = SLOT_FREE;
}

void sched_close(struct sched *s)
{
    for (int64_t i = 0; s->slot != NULL && i < s->n_slots; i++) {
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
    TRY(take(s->n_slots, sizeof *s->slot, &s->slot, e));
    TRY(take(s->n_slots, sizeof *s->wanted, &s->wanted, e));
    TRY(take(s->n_slots, sizeof *s->order, &s->order, e));
    TRY(take(s->n_step, sizeof(int32_t), &s->batch.id, e));
    TRY(take(s->n_step, sizeof(int32_t), &s->batch.slot, e));
    TRY(take(s->n_step, sizeof(int32_t), &s->batch.position, e));
    for (int64_t i = 0; i < s->n_slots; i++)
        TRY(take(s->n_context, sizeof(int32_t), &s->slot[i].token, e) &&
            take(s->n_context, sizeof(float), &s->slot[i].logprob, e));
    return true;
}

bool sched_open(struct sched *s, int64_t n_slots, int64_t n_step, int64_t n_context, struct err *e)
{
    assert(n_slots >= 1 && n_step >= n_slots && n_context >= 1);
    *s = (struct sched){.n_slots = n_slots, .n_step = n_step, .n_context = n_context};
    if (fill(s, e))
        return true;
    sched_close(s);
    return false;
}
