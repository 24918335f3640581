/* The scheduler on its own, with a model that costs nothing: what a row leaves in the cache is a
 * number made of all tokens up to it, and every row that is drawn from must find, through the page
 * table, just the numbers of its own beginning. Thousands of steps over random requests, pools that
 * hold one of them or a few, guesses that are right or wrong, and requests stopped on their way. */
#include <string.h>

#include "base/rng.h"
#include "engine/sched.h"
#include "tests/support/support.h"

enum { TABLE = 6, CONTEXT = TABLE * KERNEL_PAGE, SLOTS_MAX = 16, REQUESTS = 60, ALPHABET = 3 };

struct world {
    struct kernels *k;
    struct kv *kv;
    struct sched s;
    uint64_t seed;
    bool is_mtp;
    int64_t n_draft;
    int64_t n_submitted;
    int64_t n_done;
    int64_t n_right; /* guesses */
    int64_t n_rows;
};

static struct err e;
static int32_t prompt[REQUESTS][CONTEXT];
static int64_t n_prompt[REQUESTS];

static int32_t drawn(uint64_t ticket, int64_t position)
{
    return (int32_t)rng_below(77, ticket, (uint64_t)position, ALPHABET);
}

/* 24 bits: a float holds them. */
static float next_meaning(float before, int32_t token)
{
    return (float)(rng_mix((uint64_t)before, (uint64_t)token) & 0xFFFFFF);
}

static float *row_at(struct world *w, int64_t slot, int64_t position)
{
    struct kpages c = kv_latent(w->kv, 0);
    int64_t page = c.table[slot * c.n_table + position / KERNEL_PAGE];
    return (float *)c.pool + page * KERNEL_PAGE + position % KERNEL_PAGE;
}

/* Rows in order of the batch: each is made from the one before it, as the cache has it. */
static void feed(struct world *w)
{
    const struct batch *b = &w->s.batch;
    for (int64_t i = 0; i < b->T; i++) {
        float before = b->position[i] > 0 ? *row_at(w, b->slot[i], b->position[i] - 1) : 1;
        *row_at(w, b->slot[i], b->position[i]) = next_meaning(before, b->id[i]);
    }
    w->n_rows += b->T;
}

static void expect_own_beginning(struct world *w, int64_t slot)
{
    const struct slot *r = &w->s.slot[slot];
    float m = 1;
    for (int64_t i = 0; i < r->n_tokens; i++) {
        m = next_meaning(m, r->token[i]);
        cr_assert(*row_at(w, slot, i) == m, "ticket %d: row %d of %d is not its own",
                  (int)r->ticket, (int)i, (int)r->n_tokens);
    }
}

/* As the engine draws, but for the arithmetic. */
static void draw(struct world *w)
{
    for (int64_t i = 0; i < w->s.n_wanted; i++) {
        struct slot *r = &w->s.slot[w->s.wanted[i].slot];
        if (r->is_closed)
            continue;
        expect_own_beginning(w, w->s.wanted[i].slot);
        int32_t token = drawn(r->ticket, r->n_tokens);
        bool is_right = r->n_drawn < r->n_draft_rows && r->draft[r->n_drawn] == token;
        r->n_drawn++;
        sched_append(&w->s, w->s.wanted[i].slot, token, 0);
        r->is_ending = r->n_tokens == r->n_prompt + r->how.n_out_max;
        r->is_closed = r->is_ending || !is_right;
        w->n_right += is_right;
    }
}

/* Guesses, half of them right, and never so many that nothing is left to draw. */
static void guess(struct world *w, struct slot *r, uint64_t s)
{
    int64_t left = r->n_prompt + r->how.n_out_max - r->n_tokens - 1;
    r->n_drafts =
        r->n_drawn > 0 ? (int64_t)rng_below(s, 1, r->ticket, (uint64_t)w->n_draft + 1) : 0;
    r->n_drafts = r->n_drafts < left ? r->n_drafts : left;
    for (int64_t i = 0; i < r->n_drafts; i++) {
        int32_t right = drawn(r->ticket, r->n_tokens + i);
        r->draft[i] = rng_below(s, 2, r->ticket + 1000 * (uint64_t)i, 2) == 0 ? right : 1;
    }
}

static void settle(struct world *w, uint64_t s)
{
    for (int64_t i = 0; i < w->s.shape.n_slots; i++) {
        struct slot *r = &w->s.slot[i];
        if (r->n_rows == 0)
            continue;
        (void)sched_settle(&w->s, i);
        r->n_drafts = 0;
        if (r->is_ending)
            sched_finish(&w->s, i, STOP_LENGTH);
        else
            guess(w, r, s);
    }
}

static void submit_some(struct world *w, uint64_t s)
{
    int64_t slot = 0;
    while (w->n_submitted < REQUESTS && (slot = sched_find(&w->s, SLOT_FREE)) >= 0 &&
           rng_below(s, 3, (uint64_t)w->n_submitted, 4) != 0) {
        int64_t i = w->n_submitted++;
        int64_t room = w->s.shape.n_context - n_prompt[i];
        struct sampling how = {.n_out_max =
                                   1 + (int64_t)rng_below(w->seed, 4, (uint64_t)i, (uint64_t)room)};
        sched_admit(&w->s, slot, prompt[i], n_prompt[i], &how, (uint64_t)i);
    }
}

static void take_done(struct world *w)
{
    for (int64_t slot = 0; (slot = sched_first_done(&w->s)) >= 0; w->n_done++) {
        const struct slot *r = &w->s.slot[slot];
        for (int64_t i = r->n_prompt; i < r->n_tokens; i++)
            cr_assert_eq(r->token[i], drawn(r->ticket, i));
        cr_assert(r->stop == STOP_CANCELLED || r->n_tokens == r->n_prompt + r->how.n_out_max);
        sched_free(&w->s, slot);
    }
}

static void cancel_some(struct world *w, uint64_t s)
{
    int64_t slot = (int64_t)rng_below(s, 5, 0, (uint64_t)w->s.shape.n_slots);
    enum slot_state state = w->s.slot[slot].state;
    if (rng_below(s, 5, 1, 40) == 0 && (state == SLOT_FEEDING || state == SLOT_WAITING))
        sched_finish(&w->s, slot, STOP_CANCELLED);
}

/* Prompts in families, of few letters. */
static void make_prompts(uint64_t seed, int64_t n_most)
{
    for (int64_t i = 0; i < REQUESTS; i++) {
        uint64_t s = rng_mix(seed, (uint64_t)i);
        int64_t kin = i > 0 ? (int64_t)rng_below(s, 1, 0, (uint64_t)i) : 0;
        int64_t n_same = i > 0 ? (int64_t)rng_below(s, 1, 1, (uint64_t)n_prompt[kin] + 1) : 0;
        n_prompt[i] = 1 + (int64_t)rng_below(s, 1, 2, (uint64_t)n_most);
        if (i > 0 && rng_below(s, 1, 3, 3) == 0)
            n_same = n_prompt[i] = n_prompt[kin];
        for (int64_t t = 0; t < n_prompt[i]; t++)
            prompt[i][t] =
                t < n_same ? prompt[kin][t] : (int32_t)rng_below(s, 2, (uint64_t)t, ALPHABET);
    }
}

static void open_world(struct world *w, uint64_t seed)
{
    static const int64_t slots[] = {1, 2, 5, SLOTS_MAX};
    *w = (struct world){.seed = seed, .n_draft = (int64_t)rng_below(seed, 9, 0, 6)};
    struct kv_shape shape = {.n_layers = 1,
                             .n_slots = slots[rng_below(seed, 9, 1, 4)],
                             .n_pages = TABLE + (int64_t)rng_below(seed, 9, 2, 10),
                             .n_table = TABLE,
                             .latent_dim = 1,
                             .key_dim = 1};
    struct sched_shape c = {.n_slots = shape.n_slots,
                            .n_step = shape.n_slots + (int64_t)rng_below(seed, 9, 3, 100),
                            .n_context = CONTEXT,
                            .is_unshared = rng_below(seed, 9, 4, 8) == 0,
                            .is_mtp = rng_below(seed, 9, 5, 2) == 0};
    make_prompts(seed, rng_below(seed, 9, 6, 2) == 0 ? CONTEXT - 1 : 60);
    ASSERT_OK(kernels_cpu_open(&w->k, 1, NULL, &e), e);
    ASSERT_OK(kv_open(&w->kv, w->k, &shape, &e), e);
    ASSERT_OK(sched_open(&w->s, w->kv, &c, &e), e);
}

static void close_world(struct world *w)
{
    sched_close(&w->s);
    kv_close(w->kv);
    kernels_close(w->k);
}

Test(sched_random, every_row_finds_its_own_beginning_and_everything_ends)
{
    uint64_t seed = support_seed(31);
    int64_t n_shared = 0;
    int64_t n_preempted = 0;
    int64_t n_right = 0;
    int64_t n_rows = 0;
    for (uint64_t round = 0; round < 60; round++) {
        struct world w;
        open_world(&w, rng_mix(seed, round));
        for (uint64_t step = 0; w.n_done < REQUESTS; step++) {
            uint64_t s = rng_mix(w.seed, step);
            cr_assert(step < 100000, "round %d: no progress", (int)round);
            submit_some(&w, s);
            sched_plan(&w.s);
            ASSERT_OK(kv_sync(w.kv, &e), e);
            feed(&w);
            draw(&w);
            settle(&w, s);
            cancel_some(&w, s);
            take_done(&w);
            if (step % 32 == 0)
                pages_check(w.s.pages);
        }
        pages_check(w.s.pages);
        cr_assert_eq(pages_n_held(w.s.pages), 0);
        n_shared += w.s.n_shared;
        n_preempted += w.s.n_preempted;
        n_right += w.n_right;
        n_rows += w.n_rows;
        close_world(&w);
    }
    support_say("%d rows fed, %d shared, %d guesses right, %d preemptions", (int)n_rows,
                (int)n_shared, (int)n_right, (int)n_preempted);
    cr_assert(n_shared > 1000 && n_preempted > 100 && n_right > 1000, "too easy");
}
