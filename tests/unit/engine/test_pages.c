/* Pages against a machine that remembers what a row stands for: each row written holds a number
 * made of all tokens up to it, so that a slot whose pages were mixed up reads a wrong number. */
#include <string.h>

#include "base/rng.h"
#include "engine/pages.h"
#include "kernels/kernels.h"
#include "tests/support/support.h"

enum { SLOTS = 6, PAGES = 29, TABLE = 8, MOST = TABLE * KERNEL_PAGE };

struct life {
    int32_t token[MOST];
    int64_t n; /* fed */
    bool is_alive;
};

static struct pages *p;
static struct err e;
static uint64_t memory[PAGES][KERNEL_PAGE];
static struct life life[SLOTS];

static void open_pages(void)
{
    ASSERT_OK(pages_open(&p, PAGES, SLOTS, TABLE, &e), e);
}

static void close_pages(void)
{
    pages_close(p);
}

TestSuite(pages, .init = open_pages, .fini = close_pages);

static uint64_t meaning(const int32_t *token, int64_t n)
{
    uint64_t h = 1;
    for (int64_t i = 0; i < n; i++)
        h = rng_mix(h, (uint64_t)token[i]);
    return h;
}

static uint64_t *row_of(int64_t slot, int64_t position)
{
    int64_t n = 0;
    const int32_t *at = pages_of(p, slot, &n);
    cr_assert(position / KERNEL_PAGE < n);
    return &memory[at[position / KERNEL_PAGE]][position % KERNEL_PAGE];
}

static void expect_all_right(void)
{
    for (int64_t slot = 0; slot < SLOTS; slot++)
        for (int64_t i = 0; life[slot].is_alive && i < life[slot].n; i += 7)
            cr_assert_eq(*row_of(slot, i), meaning(life[slot].token, i + 1),
                         "slot %d, row %d is not what it was", (int)slot, (int)i);
}

/* Feeds what is known of a slot's text up to n, as far as there are pages. Rows behind the noted
 * ones are written too, as rejected guesses are. */
static void feed(int64_t slot, int64_t n, int64_t n_wrong)
{
    struct life *l = &life[slot];
    int64_t n_pages = 0;
    (void)pages_grow(p, slot, n);
    (void)pages_of(p, slot, &n_pages);
    n = n < n_pages * KERNEL_PAGE ? n : n_pages * KERNEL_PAGE;
    for (int64_t i = l->n; i < n; i++) {
        cr_assert(pages_is_own(p, slot, i));
        *row_of(slot, i) = meaning(l->token, i + 1);
    }
    for (int64_t i = n; i < n + n_wrong && i < n_pages * KERNEL_PAGE; i++)
        *row_of(slot, i) = 0xBAD;
    if (n > l->n)
        pages_note(p, slot, l->token, l->n, n);
    l->n = n > l->n ? n : l->n;
}

/* A text of few letters, beginning like another slot's, and what the pages know of it. */
static void begin(int64_t slot, uint64_t s)
{
    struct life *l = &life[slot];
    struct pages_copy copy = {0};
    const struct life *kin = &life[rng_below(s, 1, 0, SLOTS)];
    int64_t n_same = (int64_t)rng_below(s, 1, 1, MOST);
    int32_t token[MOST];
    for (int64_t i = 0; i < MOST; i++)
        token[i] = i < n_same ? kin->token[i] : (int32_t)rng_below(s, 2, (uint64_t)i, 2);
    memcpy(l->token, token, sizeof token);
    int64_t n = 1 + (int64_t)rng_below(s, 1, 2, MOST - 1);
    struct pages_match m = pages_find(p, l->token, n);
    int64_t n_rows = m.n_rows - (int64_t)rng_below(s, 1, 3, 3);
    n_rows = n_rows < 0 ? 0 : n_rows;
    int64_t n_got = pages_share(p, slot, l->token, m.n_rows, n_rows, &copy);
    cr_assert_leq(n_got, n_rows);
    cr_assert_geq(n_got, n_rows / KERNEL_PAGE * KERNEL_PAGE);
    if (copy.from >= 0)
        memcpy(memory[copy.to], memory[copy.from], sizeof memory[0]);
    l->n = n_got;
    l->is_alive = true;
}

Test(pages, a_slot_reads_what_was_written_for_its_tokens_whatever_the_others_do)
{
    uint64_t seed = support_seed(1);
    int64_t n_shared = 0;
    for (uint64_t step = 0; step < 6000; step++) {
        uint64_t s = rng_mix(seed, step);
        int64_t slot = (int64_t)rng_below(s, 9, 0, SLOTS);
        struct life *l = &life[slot];
        if (!l->is_alive) {
            begin(slot, s);
            n_shared += l->n;
        } else if (rng_below(s, 9, 1, 6) == 0) {
            pages_release(p, slot);
            l->is_alive = false;
            l->n = 0;
        } else {
            int64_t to = l->n + (int64_t)rng_below(s, 9, 2, 90);
            feed(slot, to < MOST ? to : MOST, (int64_t)rng_below(s, 9, 3, 5));
        }
        expect_all_right();
        if (step % 16 == 0)
            pages_check(p);
    }
    cr_assert(n_shared > 10000, "too little was shared to say anything: %d", (int)n_shared);
    for (int64_t slot = 0; slot < SLOTS; slot++)
        pages_release(p, slot);
    pages_check(p);
    cr_assert_eq(pages_n_held(p), 0);
    cr_assert_eq(pages_n_room(p), PAGES);
}

static void write_text(int64_t slot, int32_t first, int64_t n)
{
    for (int64_t i = 0; i < MOST; i++)
        life[slot].token[i] = (int32_t)i + first;
    life[slot].is_alive = true;
    life[slot].n = 0;
    feed(slot, n, 0);
    cr_assert_eq(life[slot].n, n);
}

static void end(int64_t slot)
{
    pages_release(p, slot);
    life[slot] = (struct life){0};
}

Test(pages, tokens_round_up_to_pages)
{
    cr_assert_eq(pages_for(0), 0);
    cr_assert_eq(pages_for(1), 1);
    cr_assert_eq(pages_for(64), 1);
    cr_assert_eq(pages_for(65), 2);
}

/* 29 pages; three texts of 8 fill 24. The first to go is the one let go first, from its end. */
Test(pages, what_was_let_go_longest_ago_is_forgotten_first)
{
    int32_t text[MOST];
    write_text(0, 0, MOST);
    memcpy(text, life[0].token, sizeof text);
    write_text(1, 5000, MOST);
    write_text(2, 9000, MOST);
    end(0);
    end(1);
    cr_assert_eq(pages_find(p, text, MOST).n_rows, MOST);
    write_text(3, 20000, MOST); /* 5 were free, 3 more are needed */
    cr_assert_eq(pages_find(p, text, MOST).n_rows, (int64_t)5 * KERNEL_PAGE);
    write_text(4, 30000, MOST);
    cr_assert_eq(pages_find(p, text, MOST).n_rows, 0);
    pages_check(p);
}

Test(pages, a_copy_is_not_made_of_a_page_that_would_have_to_be_forgotten_for_it)
{
    struct pages_copy copy = {0};
    int32_t text[MOST];
    write_text(0, 0, 30);
    memcpy(text, life[0].token, sizeof text);
    for (int64_t slot = 1; slot <= 3; slot++)
        write_text(slot, 1000 * (int32_t)slot, MOST);
    write_text(4, 7000, (int64_t)4 * KERNEL_PAGE); /* 1 + 24 + 4 = all 29 */
    end(0);
    cr_assert_eq(pages_n_room(p), 1);
    cr_assert_eq(pages_find(p, text, 20).n_rows, 20);
    cr_assert_eq(pages_share(p, 5, text, 20, 20, &copy), 0);
    cr_assert_eq(copy.from, -1);
    cr_assert_eq(pages_share(p, 5, text, 30, 30, &copy), 30); /* whole: taken over in place */
    cr_assert_eq(copy.from, -1);
    pages_check(p);
}

/* A pool much larger than what is alive is not filled with memories. */
Test(pages, ended_texts_fill_an_eighth_of_a_large_pool_at_most)
{
    enum { MANY = 4096, TEXTS = 100 };
    int32_t text[MOST];
    close_pages();
    ASSERT_OK(pages_open(&p, MANY, SLOTS, TABLE, &e), e);
    for (int32_t i = 0; i < TEXTS; i++) {
        for (int32_t j = 0; j < MOST; j++)
            text[j] = 1000 * i + j;
        cr_assert(pages_grow(p, 0, MOST));
        int64_t n = 0;
        const int32_t *at = pages_of(p, 0, &n);
        for (int64_t j = 0; j < n; j++)
            cr_assert_lt(at[j], MANY / 8 + TABLE); /* pages beyond are never touched */
        pages_note(p, 0, text, 0, MOST);
        pages_release(p, 0);
        cr_assert_eq(pages_find(p, text, MOST).n_rows, MOST);
    }
    for (int32_t j = 0; j < MOST; j++)
        text[j] = j;
    cr_assert_eq(pages_find(p, text, MOST).n_rows, 0);
    for (int32_t j = 0; j < MOST; j++)
        text[j] = 1000 * (TEXTS - MANY / 8 / TABLE) + j;
    cr_assert_eq(pages_find(p, text, MOST).n_rows, MOST);
    pages_check(p);
}
