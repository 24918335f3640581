/* Rows in pages: the machine sees the table that pages.c decides, and copies reach all layers. */
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

/* The machine is the CPU, so its table can be read. */
Test(kv, the_machine_sees_who_holds_which_page)
{
    struct kpages view = kv_latent(c, 0);
    uint64_t seed = support_seed(1);
    for (uint64_t step = 0; step < 500; step++) {
        int64_t slot = (int64_t)rng_below(seed, 1, step, SLOTS);
        if (rng_below(seed, 2, step, 3) == 0)
            pages_release(kv_pages(c), slot);
        else
            (void)pages_grow(kv_pages(c), slot, (int64_t)rng_below(seed, 3, step, TABLE * 64));
        ASSERT_OK(kv_sync(c, &e), e);
        for (int64_t s = 0; s < SLOTS; s++) {
            int64_t n = 0;
            const int32_t *at = pages_of(kv_pages(c), s, &n);
            for (int64_t i = 0; i < n; i++)
                cr_assert_eq(view.table[s * TABLE + i], at[i]);
        }
    }
}

static float *floats(const struct kpages *rows)
{
    return rows->pool;
}

/* Copies are made in the order of the calls: what one copies into, the next may copy from. */
Test(kv, a_page_is_copied_in_all_layers_and_pools)
{
    for (int layer = 0; layer < 2; layer++) {
        struct kpages latent = kv_latent(c, layer);
        struct kpages key = kv_key(c, layer);
        for (int i = 0; i < 64 * 3; i++)
            floats(&latent)[5 * 64 * 3 + i] = (float)(layer * 1000 + i);
        for (int i = 0; i < 64 * 2; i++)
            floats(&key)[5 * 64 * 2 + i] = (float)(layer * 1000 - i);
    }
    kv_copy_later(c, (struct pages_copy){5, 9});
    kv_copy_later(c, (struct pages_copy){-1, -1});
    kv_copy_later(c, (struct pages_copy){9, 2});
    ASSERT_OK(kv_sync(c, &e), e);
    for (int layer = 0; layer < 2; layer++) {
        struct kpages latent = kv_latent(c, layer);
        struct kpages key = kv_key(c, layer);
        for (int page = 2; page <= 9; page += 7)
            for (int i = 0; i < 64 * 3; i++)
                cr_assert_eq(floats(&latent)[page * 64 * 3 + i], (float)(layer * 1000 + i));
        for (int page = 2; page <= 9; page += 7)
            for (int i = 0; i < 64 * 2; i++)
                cr_assert_eq(floats(&key)[page * 64 * 2 + i], (float)(layer * 1000 - i));
        cr_assert_eq(floats(&latent)[3 * 64 * 3], 0);
    }
}

Test(kv, layers_and_kinds_do_not_overlap)
{
    struct kpages a = kv_latent(c, 0);
    struct kpages b = kv_latent(c, 1);
    struct kpages d = kv_key(c, 0);
    struct kpages last = kv_key(c, 1);
    cr_assert_eq(floats(&b) - floats(&a), PAGES * KERNEL_PAGE * 3);
    cr_assert_eq(floats(&last) - floats(&d), PAGES * KERNEL_PAGE * 2);
    cr_assert_eq(a.dim, 3);
    cr_assert_eq(d.dim, 2);
    cr_assert_eq(a.table, d.table);
    memset(a.pool, 1, sizeof(float) * 2 * PAGES * KERNEL_PAGE * 3);
    memset(d.pool, 2, sizeof(float) * 2 * PAGES * KERNEL_PAGE * 2);
    cr_assert_eq(*(unsigned char *)a.pool, 1);
}
