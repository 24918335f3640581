/* podium bench over the real program, on a model small enough to be made here. Figures are a
 * machine's own: what is tested is that they are there, whole, and in the right relation. */
#include <stdio.h>
#include <sys/statvfs.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static const char *path_of(const char *name)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    return path;
}

static void make(const char *options)
{
    char args[LIMIT_PATH_BYTES + 128];
    (void)snprintf(args, sizeof args, "bench --make-model ds-micro %s %s", path_of("m"), options);
    struct shell s = shell_podium(args, STR(""));
    cr_assert_eq(s.rc, 0, "%s", s.err.at);
    shell_free(&s);
}

static void refuses(const char *args, int rc, const char *want)
{
    struct shell s = shell_podium(args, STR(""));
    cr_assert_eq(s.rc, rc, "podium %s ended with %d: %s", args, s.rc, s.err.at);
    cr_assert_eq(s.out.n, 0, "podium %s printed %s", args, s.out.at);
    cr_assert(str_find(buf_str(&s.err), str_of(want), 0) >= 0, "podium %s: %s", args, s.err.at);
    shell_free(&s);
}

/* `bench --model DIR` and more, as JSON. */
static struct json *measured(const char *dir, const char *options)
{
    char args[LIMIT_PATH_BYTES + 128];
    struct json *j = NULL;
    struct err e = {0};
    (void)snprintf(args, sizeof args, "bench --model %s --json %s", dir, options);
    struct shell s = shell_podium(args, STR(""));
    cr_assert_eq(s.rc, 0, "%s", s.err.at);
    ASSERT_OK(json_parse(buf_str(&s.out), args, &j, &e), e);
    shell_free(&s);
    return j;
}

static double number(const struct json *row, const char *key)
{
    double v = 0;
    cr_assert(json_f64(json_get(row, key), &v), "no %s", key);
    return v;
}

static const struct json *row_of(const struct json *rows, const char *name)
{
    for (const struct json *r = json_first(rows); r != NULL; r = json_next(r)) {
        struct str got = {0};
        if (json_str(json_get(r, "name"), &got) && str_starts(got, str_of(name)))
            return r;
    }
    cr_assert_fail("no row %s", name);
    return NULL;
}

static void is_sound(const struct json *row)
{
    cr_assert_gt(number(row, "seconds"), 0);
    cr_assert_gt(number(row, "rate"), 0);
    cr_assert_geq(number(row, "spread"), 0);
    cr_assert_geq(number(row, "repeats"), 5);
}

Test(bench, the_table_holds_ceilings_kernels_and_engine, .timeout = 120)
{
    make("");
    struct json *rows = measured(path_of("m"), "--quick --threads 1");
    is_sound(row_of(rows, "read "));
    is_sound(row_of(rows, "f32, "));
    const char *held[] = {"linear expert gate 64x128 bf16, 8 rows",
                          "experts 4 of 16 bf16, 32 rows",
                          "attend to 64 of 16384, 8 rows",
                          "index_select 64 of 16384, 1 rows",
                          "prefill 128",
                          "decode batch 1, context 0",
                          "decode batch 8, context 0"};
    for (size_t i = 0; i < sizeof held / sizeof *held; i++) {
        const struct json *row = row_of(rows, held[i]);
        is_sound(row);
        double fraction = number(row, "floor_seconds") / number(row, "seconds");
        cr_assert_float_eq(number(row, "fraction"), fraction, 1e-9, "%s", held[i]);
    }
    double cpu = number(row_of(rows, "decode batch 8"), "cpu_seconds");
    cr_assert_float_eq(number(row_of(rows, "decode batch 8"), "cpu_seconds_per_token"), cpu / 8,
                       1e-12);
    json_free(rows);
}

/* A row that would take too long says so instead of a number. */
Test(bench, only_chooses_rows_and_the_budget_skips_them, .timeout = 120)
{
    make("");
    struct json *rows = measured(path_of("m"), "--threads 1 --only 'decode batch 1, *'");
    struct str why = {0};
    is_sound(row_of(rows, "decode batch 1, context 1024"));
    const struct json *far = row_of(rows, "decode batch 1, context 16384");
    cr_assert(json_str(json_get(far, "skipped"), &why) &&
                  str_find(why, STR("the context holds 4096 tokens"), 0) >= 0,
              "%.*s", STR_ARG(why));
    for (const struct json *r = json_first(rows); r != NULL; r = json_next(r)) {
        struct str name = {0};
        cr_assert(json_str(json_get(r, "name"), &name));
        cr_assert(!str_starts(name, STR("linear")) && !str_starts(name, STR("prefill")));
    }
    json_free(rows);
}

/* Weights in FP8, so that activations are rounded; the error is there and below the logits' size.
 */
Test(bench, accuracy_is_told_for_every_mode, .timeout = 120)
{
    make("--store fp8");
    struct json *rows = measured(path_of("m"), "--accuracy --quick --threads 1");
    const struct json *row = json_first(rows);
    struct str mode = {0};
    while (json_str(json_get(row, "mode"), &mode) && !str_eq(mode, STR("quant fp8")))
        row = json_next(row);
    cr_assert(row != NULL);
    cr_assert_gt(number(row, "rms"), 0);
    cr_assert_geq(number(row, "max_abs"), number(row, "rms"));
    cr_assert_lt(number(row, "rms"), number(row, "sd"));
    cr_assert_gt(number(row, "kl"), 0);
    cr_assert_eq(number(row, "positions"), 128);
    json_free(rows);
}

Test(bench, memory_is_told_beside_its_budget, .timeout = 120)
{
    make("");
    struct json *row = measured(path_of("m"), "--memory --slots 4 --context 512 --threads 1");
    cr_assert_eq(number(row, "cache_bytes_per_token"), 3 * (64 + 16 + 32) * 4);
    cr_assert_float_eq(number(row, "budget_cache_mb"), 4 * 512 * 1344 / 1e6, 1e-9);
    cr_assert_geq(number(row, "filled_own_mb"), number(row, "budget_cache_mb"));
    cr_assert_geq(number(row, "peak_mb"), number(row, "filled_own_mb"));
    json_free(row);
}

Test(bench, shapes_are_listed_with_their_sizes)
{
    struct shell s = shell_podium("bench --list-shapes --json", STR(""));
    struct json *j = NULL;
    struct err e = {0};
    cr_assert_eq(s.rc, 0, "%s", s.err.at);
    ASSERT_OK(json_parse(buf_str(&s.out), "shapes", &j, &e), e);
    const struct json *mini = row_of(j, "ds-mini");
    cr_assert_eq(number(mini, "parameters_active"), 193555904);
    cr_assert_eq(number(json_get(mini, "config"), "n_routed_experts"), 64);
    json_free(j);
    shell_free(&s);
}

Test(bench, mistakes_are_named)
{
    char args[LIMIT_PATH_BYTES + 64];
    struct err e = {0};
    refuses("bench", 2, "--model DIR must be given");
    refuses("bench --model /no/such", 1, "/no/such: no such model folder");
    refuses("bench --make-model ds-maxi x", 2, "no shape 'ds-maxi'; there are ds-mini");
    refuses("bench --make-model ds-micro", 2, "needs a folder");
    refuses("bench --ceilings --memory", 2, "at a time");
    refuses("bench --ceilings here", 2, "unexpected argument 'here'");
    refuses("bench --make-model ds-micro x --set n_heads=0", 2, "num_attention_heads");
    ASSERT_OK(file_make_dirs(path_of("full"), &e), e);
    ASSERT_OK(file_write(path_of("full/notes"), STR("x"), &e), e);
    (void)snprintf(args, sizeof args, "bench --make-model ds-micro %s", path_of("full"));
    refuses(args, 2, "holds notes");
}

/* A terabyte of experts. On a disk that would take it there is nothing to refuse. */
Test(bench, a_model_larger_than_the_disk_is_not_begun)
{
    char args[LIMIT_PATH_BYTES + 128];
    struct statvfs fs;
    cr_assert_eq(statvfs(support_temp(), &fs), 0);
    if ((double)fs.f_bavail * (double)fs.f_frsize > 1e12) {
        support_skip("disk", "the disk has a terabyte");
        return;
    }
    (void)snprintf(args, sizeof args,
                   "bench --make-model ds-mini %s --set n_layers=100 --set n_experts=1024 --set "
                   "expert_inner=2048",
                   path_of("big"));
    refuses(args, 1, "the disk has");
    cr_assert(!file_exists(path_of("big/model.safetensors.part")));
}
