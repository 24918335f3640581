/* After engine_open nothing in a step allocates. The C library's allocator is counted by standing
 * in front of it; mmap, which kernels use for large pieces, by the number of mappings. */
#include <stdatomic.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

static atomic_bool is_counting;
static atomic_long n_calls;

#ifndef IS_SANITIZED
void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void *realloc(void *p, size_t n);

static void count(void)
{
    if (atomic_load(&is_counting))
        atomic_fetch_add(&n_calls, 1);
}

void *malloc(size_t n)
{
    count();
    return __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
    count();
    return __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
    count();
    return __libc_realloc(p, n);
}
#endif

static int64_t n_mappings(void)
{
    struct err e = {0};
    struct arena keep;
    struct str text = {0};
    arena_init(&keep, "maps", LIMIT_ARENA_TMP);
    ASSERT_OK(file_read("/proc/self/maps", &text, &keep, &e), e);
    int64_t n = 0;
    for (int64_t i = 0; i < text.n; i++)
        n += text.at[i] == '\n';
    cr_assert_gt(n, 10);
    arena_fini(&keep);
    return n;
}

Test(engine_memory, nothing_is_allocated_after_open)
{
    static struct play_request request[PLAY_REQUESTS];
    static struct play_result result[PLAY_REQUESTS];
    static float logits[160];
    static char dir[LIMIT_PATH_BYTES];
    static const int32_t token[3] = {1, 2, 3};
    struct err e = {0};
    struct kernels *k = NULL;
#ifdef IS_SANITIZED
    support_skip("allocator", "the sanitizer owns the allocator");
#endif
    cr_assert(file_join(support_temp(), "model", dir, sizeof dir));
    ASSERT_OK(file_make_dirs(dir, &e), e);
    model_make("fp8_blocks", dir);
    struct play_schedule how = {.n_threads = 2,
                                .quant = QUANT_FP8,
                                .n_slots = 5,
                                .n_step_tokens = 20,
                                .seed = 3,
                                .n_kv_tokens = 192,
                                .draft = DRAFT_MTP,
                                .n_draft = 3};
    struct engine *g = play_open(dir, &how, &k);
    play_make_families(request, PLAY_REQUESTS, 160, 30, 1, support_seed(1));
    for (int i = 0; i < PLAY_REQUESTS; i++)
        request[i].how.n_out_max = 150; /* begins with one page, and wants all three */
    int64_t n_maps = n_mappings();
    atomic_store(&is_counting, true);
    play_run(g, request, PLAY_REQUESTS, &how, result);
    bool is_done = engine_logits(g, token, 3, false, logits, &e);
    atomic_store(&is_counting, false);
    ASSERT_OK(is_done, e);
    cr_assert_eq(atomic_load(&n_calls), 0);
    cr_assert_eq(n_mappings(), n_maps);
    free(malloc(1)); /* the counter works */
    atomic_store(&is_counting, true);
    void *volatile p = malloc(1);
    atomic_store(&is_counting, false);
    free(p);
    cr_assert_eq(atomic_load(&n_calls), 1);
    struct engine_stats stats;
    engine_stats(g, &stats);
    cr_assert(stats.n_preempted > 0 && stats.n_shared > 0 && stats.n_accepted > 0,
              "the schedule was too easy: %d preempted, %d shared, %d accepted",
              (int)stats.n_preempted, (int)stats.n_shared, (int)stats.n_accepted);
    play_close(g, k);
}
