/* Random models: the bytes are the same everywhere, and the engine takes them. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "engine/engine.h"
#include "engine/random_model.h"
#include "engine/weights.h"
#include "kernels/kernels.h"
#include "tests/support/support.h"

static const char *path_of(const char *file)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), file, path, sizeof path));
    return path;
}

static struct shape micro(void)
{
    struct shape s = {0};
    struct err e = {0};
    ASSERT_OK(shape_find("ds-micro", &s, &e), e);
    return s;
}

static void make(const struct shape *s, enum shape_store store, uint64_t seed, const char *dir)
{
    struct random_model *m = NULL;
    struct err e = {0};
    ASSERT_OK(random_model_open(&m, s, store, seed, dir, &e), e);
    while (random_model_n_written(m) < random_model_n_bytes(m))
        ASSERT_OK(random_model_step(m, &e), e);
    random_model_close(m);
}

static void refused(const struct shape *s, uint64_t seed, const char *dir, const char *says)
{
    struct random_model *m = NULL;
    struct err e = {0};
    cr_assert(!random_model_open(&m, s, SHAPE_BF16, seed, dir, &e), "accepted, not: %s", says);
    cr_assert(strstr(e.text, says) != NULL, "expected \"%s\", got \"%s\"", says, e.text);
    cr_assert_eq(e.cls, ERR_USAGE);
}

static void hash_of(const char *dir, char hex[65])
{
    char path[LIMIT_PATH_BYTES];
    struct hash h;
    struct err e = {0};
    cr_assert(file_join(dir, "model.safetensors", path, sizeof path));
    ASSERT_OK(hash_file(path, &h, &e), e);
    hash_hex(&h, hex);
}

/* The number is what tests/reference/random_model_check.py prints, which shares no code with us. */
Test(random_model, bytes_are_those_of_the_second_implementation)
{
    char hex[65];
    const char *dir = path_of("m");
    struct shape s = micro();
    make(&s, SHAPE_BF16, 1, dir);
    hash_of(dir, hex);
    cr_assert_str_eq(hex, "bd32337f4437232552a519ed89ef6447960e21df46242b9a7c3cc4004a4afb36");
}

Test(random_model, another_seed_is_another_model)
{
    char hex[65];
    struct shape s = micro();
    make(&s, SHAPE_BF16, 2, path_of("m"));
    hash_of(path_of("m"), hex);
    cr_assert_str_neq(hex, "bd32337f4437232552a519ed89ef6447960e21df46242b9a7c3cc4004a4afb36");
}

static void counts(const char *name, int64_t n_params, int64_t n_active)
{
    struct shape s = {0};
    struct err e = {0};
    struct buf text = {0};
    struct model_config c = {0};
    ASSERT_OK(shape_find(name, &s, &e), e);
    ASSERT_OK(shape_config(&s, SHAPE_BF16, &text, &c, &e), e);
    struct shape_count n = shape_count(&c);
    cr_assert_eq(n.n_params / 1000000, n_params, "%lld", (long long)n.n_params);
    cr_assert_eq(n.n_active / 100000, n_active, "%lld", (long long)n.n_active);
    buf_free(&text);
}

/* Of the table in the plan: 827 M, 193.5 M a token. */
Test(random_model, mini_has_the_published_size)
{
    counts("ds-mini", 826, 1935);
}

static void opens(const char *dir, int64_t n_params, float logits[512])
{
    const int32_t ids[] = {3, 1, 4, 1, 5};
    struct engine_config cfg = {.weights_dir = dir, .n_slots = 1, .n_kv_tokens = 256};
    struct kernels *k = NULL;
    struct engine *g = NULL;
    struct engine_info info;
    struct err e = {0};
    ASSERT_OK(kernels_cpu_open(&k, 1, NULL, &e), e);
    ASSERT_OK(engine_open(&g, k, &cfg, &e), e);
    engine_describe(g, &info);
    cr_assert_eq(info.n_params, n_params, "%lld", (long long)info.n_params);
    cr_assert_eq(info.n_vocab, 512);
    ASSERT_OK(engine_logits(g, ids, 5, false, logits, &e), e);
    engine_close(g);
    kernels_close(k);
}

static int64_t n_params_of(const struct shape *s)
{
    struct err e = {0};
    struct buf text = {0};
    struct model_config c = {0};
    ASSERT_OK(shape_config(s, SHAPE_BF16, &text, &c, &e), e);
    buf_free(&text);
    return shape_count(&c).n_params;
}

/* f32 holds the numbers of bf16, so the same logits to the bit; fp8 rounds them. */
Test(random_model, every_store_opens_and_f32_holds_the_same_numbers)
{
    static float got[3][512];
    struct shape s = micro();
    for (int i = 0; i < 3; i++) {
        char name[8];
        (void)snprintf(name, sizeof name, "m%d", i);
        make(&s, (enum shape_store)i, 1, path_of(name));
        opens(path_of(name), n_params_of(&s), got[i]);
    }
    cr_assert_arr_eq(got[0], got[1], sizeof got[0]);
    double error = 0;
    double size = 0;
    for (int i = 0; i < 512; i++) {
        error += (double)(got[2][i] - got[0][i]) * (double)(got[2][i] - got[0][i]);
        size += (double)got[0][i] * (double)got[0][i];
    }
    cr_assert_gt(error / size, 1e-6, "fp8 changed nothing");
    cr_assert_lt(error / size, 0.05, "relative square error %g", error / size);
}

Test(random_model, the_mtp_layer_is_made_when_asked_for)
{
    float logits[512];
    struct shape s = micro();
    int64_t without = n_params_of(&s);
    struct err e = {0};
    ASSERT_OK(shape_set(&s, "n_mtp=1", &e), e);
    make(&s, SHAPE_FP8, 1, path_of("m"));
    opens(path_of("m"), n_params_of(&s), logits);
    cr_assert_gt(n_params_of(&s), without);
}

Test(random_model, what_is_whole_is_left_alone_and_other_folders_too)
{
    struct err e = {0};
    struct shape s = micro();
    make(&s, SHAPE_BF16, 1, path_of("m"));
    struct random_model *m = NULL;
    ASSERT_OK(random_model_open(&m, &s, SHAPE_BF16, 1, path_of("m"), &e), e);
    cr_assert_eq(random_model_n_written(m), random_model_n_bytes(m));
    random_model_close(m);
    refused(&s, 2, path_of("m"), "another model is there");
    ASSERT_OK(shape_set(&s, "index_topk=65", &e), e);
    refused(&s, 1, path_of("m"), "the config.json of another model");
    ASSERT_OK(file_write(path_of("m/notes"), STR("x"), &e), e);
    refused(&s, 1, path_of("m"), "holds notes");
}

/* An interrupted one leaves nothing that could pass for a model. */
Test(random_model, a_part_is_removed_and_a_leftover_is_written_anew)
{
    struct err e = {0};
    struct shape s = micro();
    struct random_model *m = NULL;
    ASSERT_OK(random_model_open(&m, &s, SHAPE_F32, 1, path_of("m"), &e), e);
    cr_assert(file_exists(path_of("m/model.safetensors.part")));
    random_model_close(m);
    cr_assert(!file_exists(path_of("m/model.safetensors.part")));
    ASSERT_OK(file_write(path_of("m/model.safetensors.part"), STR("torn"), &e), e);
    make(&s, SHAPE_BF16, 1, path_of("m"));
    char hex[65];
    hash_of(path_of("m"), hex);
    cr_assert_str_eq(hex, "bd32337f4437232552a519ed89ef6447960e21df46242b9a7c3cc4004a4afb36");
}

Test(random_model, sizes_that_make_no_sense_are_named)
{
    struct shape s = micro();
    struct err e = {0};
    cr_assert(!shape_set(&s, "n_leyers=4", &e) && strstr(e.text, "n_leyers") != NULL);
    cr_assert(!shape_set(&s, "n_layers", &e) && strstr(e.text, "NAME=NUMBER") != NULL);
    cr_assert(!shape_set(&s, "n_layers=x", &e) && strstr(e.text, "not a size") != NULL);
    ASSERT_OK(shape_set(&s, "n_experts=15", &e), e);
    refused(&s, 1, path_of("m"), "n_group does not divide");
    s = micro();
    ASSERT_OK(shape_set(&s, "n_layers=1", &e), e);
    refused(&s, 1, path_of("m"), "no layer of experts");
    ASSERT_OK(shape_set(&s, "yarn_factor=9223372036854775807", &e), e);
    refused(&s, 1, path_of("m"), "beyond all numbers");
    cr_assert(!file_exists(path_of("m")));
}
