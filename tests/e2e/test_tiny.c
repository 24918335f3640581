/* The shipped model against public transformers: assets/tiny/golden.json holds prompts, greedy
 * continuations and the largest logits, computed in float32 by tests/reference/tiny_check.py. */
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

/* Both sides sum in float32 in their own order; measured 2e-6 of the largest logit. */
static const double TOLERANCE = 1e-4;

enum { ARENA_BYTES = 16 << 20 };

static struct arena keep;

static struct json *read_json(struct str text, const char *what)
{
    struct json *j = NULL;
    struct err e = {0};
    ASSERT_OK(json_parse(text, what, &j, &e), e);
    return j;
}

static struct json *read_golden(void)
{
    const char *path = "assets/tiny/golden.json";
    arena_init(&keep, "golden", ARENA_BYTES);
    return read_json(support_read(path, &keep), path);
}

static const char *write_temp(const char *name, struct str text)
{
    static char path[LIMIT_PATH_BYTES];
    struct err e = {0};
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    ASSERT_OK(file_write(path, text, &e), e);
    return path;
}

static struct shell podium(const char *args)
{
    struct shell s = shell_podium(args, STR(""));
    cr_assert_eq(s.rc, 0, "podium %s ended with %d: %s", args, s.rc, s.err.n > 0 ? s.err.at : "");
    return s;
}

static void same_numbers(const struct json *a, const struct json *b)
{
    cr_assert_eq(json_count(a), json_count(b));
    const struct json *y = json_first(b);
    for (const struct json *x = json_first(a); x != NULL; x = json_next(x), y = json_next(y)) {
        int64_t i;
        int64_t j;
        cr_assert(json_i64(x, &i));
        cr_assert(json_i64(y, &j));
        cr_assert_eq(i, j);
    }
}

static void check_greedy(const struct json *row)
{
    struct json_out w = {0};
    struct str prompt;
    cr_assert(json_str(json_get(row, "prompt"), &prompt));
    json_open(&w, '[');
    json_open(&w, '{');
    json_pair_str(&w, "role", STR("user"));
    json_pair_str(&w, "content", prompt);
    json_close(&w, '}');
    json_close(&w, ']');
    const char *path = write_temp("messages.json", buf_str(&w.text));
    struct str args = arena_fmt(&keep,
                                "generate --model assets/tiny --messages %s --mode thinking "
                                "--temperature 0 --max-tokens 200 --json",
                                path);
    struct shell s = podium(args.at);
    struct json *reply = read_json(buf_str(&s.out), "generate");
    same_numbers(json_get(json_first(json_get(reply, "samples")), "tokens"),
                 json_get(row, "greedy_ids"));
    json_free(reply);
    json_out_free(&w);
    shell_free(&s);
}

Test(tiny, continues_as_transformers_does, .timeout = 60)
{
    struct json *golden = read_golden();
    const struct json *row = json_first(json_get(golden, "cases"));
    cr_assert_not_null(row);
    for (; row != NULL; row = json_next(row))
        check_greedy(row);
    json_free(golden);
    arena_fini(&keep);
}

/* The logits after the prompt, [V] f32. */
static const float *logits_of(const struct json *row)
{
    struct buf ids = {0};
    for (const struct json *x = json_first(json_get(row, "prompt_ids")); x; x = json_next(x)) {
        int64_t id;
        cr_assert(json_i64(x, &id));
        buf_fmt(&ids, "%lld ", (long long)id);
    }
    const char *tokens = arena_str(&keep, str_of(write_temp("ids", buf_str(&ids)))).at;
    const char *out = arena_str(&keep, str_of(write_temp("logits", STR("")))).at;
    struct str args =
        arena_fmt(&keep, "logits --model assets/tiny --tokens %s --out %s", tokens, out);
    struct shell s = podium(args.at);
    shell_free(&s);
    buf_free(&ids);
    struct str bytes = support_read(out, &keep);
    float *copy = NEW(&keep, float, bytes.n / (int64_t)sizeof(float));
    memcpy(copy, bytes.at, (size_t)bytes.n);
    return copy;
}

static void check_logits(const struct json *row)
{
    const struct json *top = json_get(row, "logits_after_prompt");
    const struct json *value = json_first(json_get(top, "values"));
    const float *logits = logits_of(row);
    double largest = 0.0;
    cr_assert(json_f64(value, &largest));
    for (const struct json *x = json_first(json_get(top, "ids")); x != NULL; x = json_next(x)) {
        int64_t id;
        double want;
        cr_assert(json_i64(x, &id));
        cr_assert(json_f64(value, &want));
        double off = fabs((double)logits[id] - want);
        cr_assert(off <= TOLERANCE * fabs(largest), "logit %lld is %g, not %g", (long long)id,
                  (double)logits[id], want);
        value = json_next(value);
    }
}

Test(tiny, has_the_logits_of_transformers, .timeout = 60)
{
    struct json *golden = read_golden();
    for (const struct json *row = json_first(json_get(golden, "cases")); row; row = json_next(row))
        check_logits(row);
    json_free(golden);
    arena_fini(&keep);
}
