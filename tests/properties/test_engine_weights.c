/* Matrices made narrower at load: the engine then computes what it would compute from a model that
 * is stored with the rounded numbers, bit for bit, and a schedule shows no more than before. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/rng.h"
#include "engine/debug.h"
#include "kernels/narrow.h"
#include "tests/support/model_make.h"
#include "tests/support/play.h"
#include "tests/support/support.h"
#include "tests/support/tensor.h"

enum { N_TOKENS = 40, VOCAB_MOST = 4096 };

static struct arena keep;

static void open_arena(void)
{
    arena_init(&keep, "weights", LIMIT_ARENA_ITEM);
}

TestSuite(engine_weights, .init = open_arena);

static const char *folder(const char *name)
{
    struct err e = {0};
    char *dir = NEW(&keep, char, LIMIT_PATH_BYTES);
    cr_assert(file_join(support_temp(), name, dir, LIMIT_PATH_BYTES));
    ASSERT_OK(file_make_dirs(dir, &e), e);
    return dir;
}

/* Those that enum weight_mode speaks of. */
static bool is_large(const char *name)
{
    if (strstr(name, "kv_b_proj") != NULL || strstr(name, "weights_proj") != NULL)
        return false;
    return strstr(name, "_proj") != NULL || strstr(name, "indexer.wq_b") != NULL ||
           strstr(name, "indexer.wk.") != NULL;
}

/* An f32 matrix rounded to a format and back. */
static void round_matrix(struct made_tensor *t, enum dtype to)
{
    int64_t n_in = t->shape[1];
    float *at = NEW(&keep, float, t->shape[0] * n_in); /* what is made has no alignment */
    memcpy(at, t->at, (size_t)t->n_bytes);
    for (int64_t r = 0; r < t->shape[0]; r += KERNEL_BLOCK) {
        int64_t n = t->shape[0] - r < KERNEL_BLOCK ? t->shape[0] - r : KERNEL_BLOCK;
        unsigned char *code = NEW(&keep, unsigned char, n *n_in * 4);
        float *scale = NEW(&keep, float, n *n_in);
        struct kweight w = {code, scale, to, n, n_in};
        cr_assert(narrow_rows(to, at + r * n_in, n, n_in, code, scale));
        for (int64_t i = 0; i < n * n_in; i++)
            at[r * n_in + i] = (float)tensor_at(&w, i / n_in, i % n_in);
    }
    memcpy(t->at, at, (size_t)t->n_bytes);
}

/* The model of a golden folder stored as f32, its large matrices rounded or as they are. */
static const char *model(const char *name, bool is_rounded, enum dtype to)
{
    struct str config = {0};
    struct make how = {0};
    struct made m = {0};
    int n_large = 0;
    const char *dir = folder(is_rounded ? "rounded" : "whole");
    model_read_golden(name, &config, &how, &keep);
    how.matrix = how.wide = "F32";
    model_build(&m, config, &how, &keep);
    for (int64_t i = 0; is_rounded && i < m.n; i++)
        if (is_large(m.at[i].name)) {
            cr_assert_str_eq(m.at[i].dtype, "F32");
            round_matrix(&m.at[i], to);
            n_large++;
        }
    cr_assert(!is_rounded || n_large > 10);
    model_write(&m, dir);
    return dir;
}

/* Logits of every position of a fixed text, and of the MTP layer if there is one. */
static float *logits(const char *dir, enum weight_mode mode, bool has_mtp, int64_t *n)
{
    struct kernels *k = NULL;
    struct engine *g = NULL;
    struct engine_info info;
    struct err e = {0};
    int32_t token[N_TOKENS];
    struct engine_config cfg = {
        .weights_dir = dir, .weights = mode, .n_slots = 1, .n_kv_tokens = 256, .n_step_tokens = 24};
    ASSERT_OK(kernels_cpu_open(&k, 2, NULL, &e), e);
    ASSERT_OK(engine_open(&g, k, &cfg, &e), e);
    engine_describe(g, &info);
    for (int i = 0; i < N_TOKENS; i++)
        token[i] = (int32_t)rng_below(3, 0, (uint64_t)i, (uint64_t)info.n_vocab);
    *n = N_TOKENS * info.n_vocab;
    float *out = NEW(&keep, float, *n);
    if (has_mtp)
        ASSERT_OK(engine_mtp_logits(g, token, N_TOKENS, out, &e), e);
    else
        ASSERT_OK(engine_logits(g, token, N_TOKENS, true, out, &e), e);
    engine_close(g);
    kernels_close(k);
    return out;
}

static void expect_rounded(const char *name, enum weight_mode mode, enum dtype to, bool has_mtp)
{
    int64_t n = 0;
    const char *whole = model(name, false, to);
    float *stored = logits(whole, WEIGHTS_STORED, has_mtp, &n);
    float *made = logits(whole, mode, has_mtp, &n);
    float *want = logits(model(name, true, to), WEIGHTS_STORED, has_mtp, &n);
    tensor_expect_same_bits(made, want, n, name);
    cr_assert(memcmp(made, stored, (size_t)n * sizeof *made) != 0, "rounding shows");
}

Test(engine_weights, bf16_is_the_model_of_rounded_numbers)
{
    expect_rounded("dense_f32", WEIGHTS_BF16, DTYPE_BF16, false);
    expect_rounded("routing", WEIGHTS_BF16, DTYPE_BF16, false);
}

Test(engine_weights, q8_is_the_model_of_rounded_numbers)
{
    expect_rounded("dense_f32", WEIGHTS_Q8, DTYPE_Q8, false);
    expect_rounded("routing", WEIGHTS_Q8, DTYPE_Q8, false);
    expect_rounded("real_heads", WEIGHTS_Q8, DTYPE_Q8, true);
}

Test(engine_weights, fp8_is_the_model_of_rounded_numbers)
{
    expect_rounded("dense_f32", WEIGHTS_FP8, DTYPE_F8_E4M3, false);
    expect_rounded("routing", WEIGHTS_FP8, DTYPE_F8_E4M3, false);
}

/* f32 never changes a bit; a format changes nothing that is stored as narrow already. */
Test(engine_weights, what_is_narrow_enough_stays)
{
    static const char *const name[] = {"sparse_bf16", "fp8_odd", "fp8_blocks"};
    static const enum weight_mode mode[] = {WEIGHTS_F32, WEIGHTS_BF16, WEIGHTS_FP8, WEIGHTS_Q8};
    for (int i = 0; i < 3; i++) {
        int64_t n = 0;
        const char *dir = folder(name[i]);
        model_make(name[i], dir);
        float *stored = logits(dir, WEIGHTS_STORED, false, &n);
        for (int j = 0; j < (i == 0 ? 2 : 4); j++)
            tensor_expect_same_bits(logits(dir, mode[j], false, &n), stored, n, name[i]);
    }
}

Test(engine_weights, what_is_not_finite_cannot_be_narrowed)
{
    struct str config = {0};
    struct make how = {0};
    struct made m = {0};
    struct kernels *k = NULL;
    struct engine *g = NULL;
    struct err e = {0};
    const char *dir = folder("spoilt");
    const float bad = 0.0F / 0.0F;
    struct engine_config cfg = {
        .weights_dir = dir, .weights = WEIGHTS_Q8, .n_slots = 1, .n_kv_tokens = 256};
    model_read_golden("dense_f32", &config, &how, &keep);
    how.matrix = "F32";
    model_build(&m, config, &how, &keep);
    struct made_tensor *t = made_find(&m, "model.layers.0.self_attn.o_proj.weight");
    cr_assert_not_null(t);
    memcpy(t->at + 40, &bad, sizeof bad);
    model_write(&m, dir);
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    cr_assert(!engine_open(&g, k, &cfg, &e));
    cr_assert_eq(e.cls, ERR_INPUT);
    cr_assert_not_null(strstr(e.text, "o_proj"), "%s", e.text);
    cfg.weights = WEIGHTS_STORED;
    ASSERT_OK(engine_open(&g, k, &cfg, &e), e);
    engine_close(g);
    kernels_close(k);
}

static struct play_request request[PLAY_REQUESTS];
static struct play_result alone[PLAY_REQUESTS];
static struct play_result together[PLAY_REQUESTS];

static void play(const char *dir, const struct play_schedule *how, struct play_result *out)
{
    struct kernels *k = NULL;
    struct engine_info info;
    struct engine *g = play_open(dir, how, &k);
    engine_describe(g, &info);
    play_make(request, PLAY_REQUESTS, info.n_vocab, 40, 12, 5);
    play_run(g, request, PLAY_REQUESTS, how, out);
    play_close(g, k);
}

Test(engine_weights, a_schedule_never_shows_in_any_mode)
{
    static const enum weight_mode mode[] = {WEIGHTS_F32, WEIGHTS_BF16, WEIGHTS_FP8, WEIGHTS_Q8};
    const char *dir = model("routing", false, DTYPE_F32);
    uint64_t seed = support_seed(7);
    for (int i = 0; i < 4; i++) {
        struct play_schedule how = {.n_threads = 1,
                                    .n_slots = 1,
                                    .n_step_tokens = PLAY_TOKENS,
                                    .is_alone = true,
                                    .weights = mode[i]};
        play(dir, &how, alone);
        how = (struct play_schedule){.n_threads = 3,
                                     .n_slots = 7,
                                     .n_step_tokens = 50,
                                     .seed = rng_mix(seed, (uint64_t)i),
                                     .weights = mode[i],
                                     .isa = i % 2 == 0 ? "portable" : NULL};
        play(dir, &how, together);
        play_expect_same(alone, together, PLAY_REQUESTS, &how);
    }
}
