/* Pages: reserved whole, never shared, all given back. */
#include <string.h>

#include "base/rng.h"
#include "engine/kv.h"
#include "tests/support/support.h"

enum { SLOTS = 5, PAGES = 23, TABLE = 8 };

static struct kernels *k;
static struct kv *c;
static struct err e;

static void open_kv(void)
{
    struct kv_shape shape = {.n_layers = 2,
                             .n_slots = SLOTS,
                             .n_pages = PAGES,
                             .n_table = TABLE,
                             .latent_dim = 3,
                             .key_dim = 2};
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    ASSERT_OK(kv_open(&c, k, &shape, &e), e);
}

static void close_kv(void)
{
    kv_close(c);
    kernels_close(k);
}

TestSuite(kv, .init = open_kv, .fini = close_kv);

Test(kv, tokens_round_up_to_pages)
{
    cr_assert_eq(kv_pages_for(0), 0);
    cr_assert_eq(kv_pages_for(1), 1);
    cr_assert_eq(kv_pages_for(64), 1);
    cr_assert_eq(kv_pages_for(65), 2);
}

/* The machine is the CPU, so its table can be read. */
static void expect_no_page_twice(const int64_t *n_held)
{
    struct kpages view = kv_latent(c, 0);
    bool is_seen[PAGES] = {false};
    for (int slot = 0; slot < SLOTS; slot++)
        for (int64_t i = 0; i < n_held[slot]; i++) {
            int32_t page = view.table[slot * TABLE + i];
            cr_assert(page >= 0 && page < PAGES);
            cr_assert(!is_seen[page], "page %d has two owners", page);
            is_seen[page] = true;
        }
}

Test(kv, no_page_has_two_owners_over_random_lives)
{
    uint64_t seed = support_seed(1);
    int64_t n_held[SLOTS] = {0};
    for (uint64_t step = 0; step < 2000; step++) {
        int64_t slot = (int64_t)rng_below(seed, 1, step, SLOTS);
        int64_t n = 1 + (int64_t)rng_below(seed, 2, step, TABLE);
        int64_t n_free = kv_n_free(c);
        if (n_held[slot] > 0) {
            kv_release(c, slot);
            cr_assert_eq(kv_n_free(c), n_free + n_held[slot]);
            n_held[slot] = 0;
        } else if (n <= n_free) {
            ASSERT_OK(kv_reserve(c, slot, n * 64 - (int64_t)(step % 64), &e), e);
            n_held[slot] = n;
            cr_assert_eq(kv_n_free(c), n_free - n);
        }
        expect_no_page_twice(n_held);
    }
    for (int64_t slot = 0; slot < SLOTS; slot++)
        kv_release(c, slot);
    cr_assert_eq(kv_n_free(c), PAGES);
}

Test(kv, layers_and_kinds_do_not_overlap)
{
    struct kpages a = kv_latent(c, 0);
    struct kpages b = kv_latent(c, 1);
    struct kpages d = kv_key(c, 0);
    cr_assert_eq(b.pool - a.pool, PAGES * KERNEL_PAGE * 3);
    cr_assert_eq(kv_key(c, 1).pool - d.pool, PAGES * KERNEL_PAGE * 2);
    cr_assert_eq(a.dim, 3);
    cr_assert_eq(d.dim, 2);
    cr_assert_eq(a.table, d.table);
    memset(a.pool, 1, sizeof(float) * 2 * PAGES * KERNEL_PAGE * 3);
    memset(d.pool, 2, sizeof(float) * 2 * PAGES * KERNEL_PAGE * 2);
    cr_assert_eq(*(unsigned char *)a.pool, 1);
}
