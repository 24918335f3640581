/* Caches that keep fewer bits: what they round depends on the row alone, so schedules do not show
 * in them either; a token takes the bytes that the format says; and logits stay near those of a
 * cache that rounds nothing. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "engine/debug.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"

enum { N = 10, PROMPT = 80, OUT = 90 };

static struct play_request request[N];
static struct play_result alone[N];
static struct play_result together[N];

static void play_alone(const char *dir, enum kv_type kv, enum quant quant)
{
    struct play_schedule how = {.n_threads = 1,
                                .kv = kv,
                                .quant = quant,
                                .n_slots = 1,
                                .n_step_tokens = PLAY_TOKENS,
                                .is_unshared = true};
    for (int64_t i = 0; i < N; i++) {
        struct kernels *k = NULL;
        struct engine *g = play_open(dir, &how, &k);
        play_run(g, &request[i], 1, &how, &alone[i]);
        play_close(g, k);
    }
}

static struct play_schedule draw_schedule(uint64_t s, enum kv_type kv, enum quant quant)
{
    static const char *const isa[] = {NULL, "portable"};
    static const int64_t slots[] = {1, 3, 8, 32};
    static const int64_t step[] = {1, 32, 100, 1000};
    return (struct play_schedule){
        .n_threads = 1 + (int)rng_below(s, 1, 0, 3),
        .isa = isa[rng_below(s, 1, 1, 4) == 0],
        .kv = kv,
        .quant = quant,
        .n_slots = slots[rng_below(s, 1, 2, 4)],
        .n_step_tokens = step[rng_below(s, 1, 3, 4)],
        .n_kv_tokens = 256 + 64 * (int64_t)rng_below(s, 1, 4, 6),
        .draft = (enum draft)rng_below(s, 1, 5, 2),
        .n_draft = 1 + (int64_t)rng_below(s, 1, 6, 6),
        .is_unshared = rng_below(s, 1, 7, 6) == 0,
        .seed = s,
    };
}

static void random_schedules(const char *name, enum kv_type kv, enum quant quant, uint64_t seed)
{
    const char *dir = model_made(name);
    play_make_families(request, N, 131, PROMPT, OUT, seed);
    play_alone(dir, kv, quant);
    for (uint64_t round = 0; round < 8; round++) {
        struct kernels *k = NULL;
        struct play_schedule how = draw_schedule(rng_mix(seed, 900 + round), kv, quant);
        struct engine *g = play_open(dir, &how, &k);
        play_run(g, request, N, &how, together);
        play_expect_same(alone, together, N, &how);
        play_close(g, k);
    }
}

Test(engine_kv, schedules_do_not_show_in_bf16)
{
    random_schedules("sparse_bf16", KV_BF16, QUANT_NONE, support_seed(41));
}

Test(engine_kv, schedules_do_not_show_in_fp8)
{
    random_schedules("sparse_bf16", KV_FP8, QUANT_NONE, support_seed(42));
}

Test(engine_kv, schedules_do_not_show_in_fp8_with_rounded_activations)
{
    random_schedules("fp8_blocks", KV_FP8, QUANT_FP8, support_seed(43));
}

/* [POSITIONS][VOCAB] logits of one random sequence. */
enum { POSITIONS = 60, VOCAB = 160 };

static void logits_of(const char *dir, enum kv_type kv, enum quant quant, float *out,
                      int64_t *n_token_bytes)
{
    struct kernels *k = NULL;
    struct engine *g = NULL;
    struct err e = {0};
    struct engine_stats stats;
    struct engine_config cfg = {
        .weights_dir = dir, .quant = quant, .kv = kv, .n_slots = 1, .n_kv_tokens = 512};
    int32_t token[POSITIONS];
    for (int i = 0; i < POSITIONS; i++)
        token[i] = (int32_t)rng_below(3, 4, (uint64_t)i, VOCAB);
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    ASSERT_OK(engine_open(&g, k, &cfg, &e), e);
    ASSERT_OK(engine_logits(g, token, POSITIONS, true, out, &e), e);
    engine_stats(g, &stats);
    *n_token_bytes = stats.n_cache_bytes;
    play_close(g, k);
}

/* Root mean square of the difference over that of the logits. */
static double distance(const float *a, const float *b)
{
    double error = 0;
    double size = 0;
    for (int i = 0; i < POSITIONS * VOCAB; i++) {
        error += pow((double)a[i] - (double)b[i], 2);
        size += pow((double)a[i], 2);
    }
    return sqrt(error / size);
}

/* Where every position sees all before it: a choice of positions that flips would hide the size of
 * what is rounded. */
Test(engine_kv, fewer_bits_move_logits_as_far_as_they_should)
{
    static float f32[POSITIONS * VOCAB], bf16[POSITIONS * VOCAB], fp8[POSITIONS * VOCAB];
    int64_t n_f32 = 0, n_bf16 = 0, n_fp8 = 0;
    const char *dir = model_made("dense_f32");
    logits_of(dir, KV_F32, QUANT_NONE, f32, &n_f32);
    logits_of(dir, KV_BF16, QUANT_NONE, bf16, &n_bf16);
    logits_of(dir, KV_FP8, QUANT_NONE, fp8, &n_fp8);
    support_say("bytes a token %d, %d, %d; relative error bf16 %.2g, fp8 %.2g", (int)n_f32,
                (int)n_bf16, (int)n_fp8, distance(f32, bf16), distance(f32, fp8));
    cr_expect_eq(n_f32, 2 * n_bf16);
    cr_expect_lt(n_fp8, n_bf16);
    cr_expect(distance(f32, bf16) > 0 && distance(f32, bf16) < 0.01);
    cr_expect(distance(f32, fp8) > distance(f32, bf16) && distance(f32, fp8) < 0.1);
}

/* Rounded activations are already what the cache can hold, but for the rotated part: 3 bits of
 * mantissa more would show at once. */
Test(engine_kv, a_rounded_latent_is_stored_as_it_is)
{
    static float exact[POSITIONS * VOCAB], kept[POSITIONS * VOCAB], bf16[POSITIONS * VOCAB];
    int64_t n = 0;
    const char *dir = model_made("fp8_blocks");
    logits_of(dir, KV_F32, QUANT_FP8, exact, &n);
    logits_of(dir, KV_FP8, QUANT_FP8, kept, &n);
    logits_of(dir, KV_BF16, QUANT_FP8, bf16, &n);
    /* BF16 holds every E4M3 number under a power of two as well: both round the same 64 numbers */
    cr_expect(memcmp(kept, bf16, sizeof kept) == 0, "%g", distance(kept, bf16));
    cr_expect(distance(exact, kept) > 0);
}

Test(engine_kv, the_released_row_takes_656_bytes)
{
    struct kpages latent = {.dim = 576, .type = KV_FP8, .rank = 512};
    struct kpages key = {.dim = 128, .type = KV_FP8, .rank = 128};
    cr_expect_eq(kpages_row_bytes(&latent), 656);
    cr_expect_eq(kpages_row_bytes(&key), 132);
    latent.type = key.type = KV_BF16;
    cr_expect_eq(kpages_row_bytes(&latent), 1152);
    cr_expect_eq(kpages_row_bytes(&key), 256);
}
