/* The tiny model never saw what its suites ask: the split is a hash of the problem's text
 * (assets/tiny/gen.py), so it can be checked here without the generator. */
#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "tests/support/support.h"

enum { TEST_BELOW = 16, ARENA_BYTES = 16 << 20 };

static bool is_test_key(struct str key)
{
    return hash_bytes(key).at[0] < TEST_BELOW;
}

/* The statement alone, or statement, newline, language. */
static struct str key_of(const struct json *row, struct arena *keep)
{
    struct str problem = {0};
    struct str language = {0};
    cr_assert(json_str(json_get(row, "problem"), &problem));
    if (!json_str(json_get(row, "language"), &language))
        return arena_str(keep, problem);
    return arena_fmt(keep, "%.*s\n%.*s", STR_ARG(problem), STR_ARG(language));
}

/* Keys of a .jsonl suite, or of train_sample.txt, whose lines are the keys themselves. */
static int64_t keys_of(const char *path, struct str *out, int64_t n_max, struct arena *keep)
{
    int64_t n = 0;
    struct str rest = support_read(path, keep);
    struct str line;
    while (str_split(&rest, '\n', &line)) {
        struct err e = {0};
        struct json *row = NULL;
        if (line.n == 0)
            continue;
        ASSERT_OK(json_parse(line, path, &row, &e), e);
        cr_assert_lt(n, n_max);
        struct str text;
        out[n++] = json_str(row, &text) ? arena_str(keep, text) : key_of(row, keep);
        json_free(row);
    }
    return n;
}

static int64_t count_in_test(const char *path, int64_t *n_in_test)
{
    struct arena a = {0};
    struct str keys[1024];
    arena_init(&a, "split", ARENA_BYTES);
    int64_t n = keys_of(path, keys, 1024, &a);
    *n_in_test = 0;
    for (int64_t i = 0; i < n; i++)
        *n_in_test += is_test_key(keys[i]);
    arena_fini(&a);
    return n;
}

Test(split, every_problem_of_the_suites_is_on_the_test_side)
{
    int64_t n_in_test;
    cr_assert_eq(count_in_test("datasets/suites/arith.jsonl", &n_in_test), 200);
    cr_assert_eq(n_in_test, 200);
    cr_assert_eq(count_in_test("datasets/suites/programs.jsonl", &n_in_test), 60);
    cr_assert_eq(n_in_test, 60);
}

Test(split, no_problem_of_the_training_sample_is_on_the_test_side)
{
    int64_t n_in_test;
    cr_assert_eq(count_in_test("assets/tiny/train_sample.txt", &n_in_test), 500);
    cr_assert_eq(n_in_test, 0);
}

Test(split, no_two_items_of_a_suite_are_the_same)
{
    const char *paths[] = {"datasets/suites/arith.jsonl", "datasets/suites/programs.jsonl"};
    for (int i = 0; i < 2; i++) {
        struct arena a = {0};
        struct str keys[1024];
        arena_init(&a, "split", ARENA_BYTES);
        int64_t n = keys_of(paths[i], keys, 1024, &a);
        for (int64_t j = 0; j < n; j++)
            for (int64_t k = 0; k < j; k++)
                cr_assert_not(str_eq(keys[j], keys[k]), "%s: lines %lld and %lld", paths[i],
                              (long long)k + 1, (long long)j + 1);
        arena_fini(&a);
    }
}
