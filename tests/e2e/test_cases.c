/* Every annotated solution of assets/olympiad_cases gets exactly the verdict, the score and the
 * subtasks that expected.json says, through `podium judge` as a user runs it, or no verdict and the
 * reason that is expected; and what the packages themselves expect agrees. A solution whose
 * toolchain is missing is left out, and said. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/limits.h"
#include "tests/support/shell.h"
#include "tests/support/support.h"

static struct arena keep;

static const struct json *row_of(const struct json *rows, struct str file)
{
    struct str name;
    for (const struct json *r = json_first(rows); r != NULL; r = json_next(r))
        if (json_str(json_get(r, "file"), &name) && str_eq(name, file))
            return r;
    return NULL;
}

static bool lacks_a_tool(const struct json *row)
{
    struct str text;
    return json_str(json_get(row, "error"), &text) &&
           str_find(text, STR(" on this machine"), 0) >= 0;
}

static void check_subtasks(const struct json *want, const struct json *row, struct str file)
{
    for (const struct json *w = json_first(want); w != NULL; w = json_next(w)) {
        double points = 0;
        double got = (double)NAN;
        struct str name;
        const struct json *list = json_get(row, "subtasks");
        for (const struct json *s = json_first(list); s != NULL; s = json_next(s))
            if (json_str(json_get(s, "name"), &name) && str_eq(name, json_key(w)))
                (void)json_f64(json_get(s, "score"), &got);
        (void)json_f64(w, &points);
        cr_expect_float_eq(got, points, 1e-6, "%.*s, subtask %.*s: %g, expected %g", STR_ARG(file),
                           STR_ARG(json_key(w)), got, points);
    }
}

/* Nobody's verdict: the package's own programs fail over this solution. */
static void check_error(struct str want, const struct json *row, struct str file)
{
    struct str text = {"", 0};
    (void)json_str(json_get(row, "error"), &text);
    cr_expect(str_find(text, want, 0) >= 0, "%.*s: \"%.*s\" does not say \"%.*s\"", STR_ARG(file),
              STR_ARG(text), STR_ARG(want));
    cr_expect(!json_str(json_get(row, "verdict"), &text), "%.*s has a verdict", STR_ARG(file));
}

static void check_row(const struct json *want, const struct json *row, struct str file)
{
    struct str verdict = {"", 0};
    struct str text = {"", 0};
    double score = 0;
    double got = (double)NAN;
    bool agrees = true;
    if (json_str(json_get(want, "error"), &text)) {
        check_error(text, row, file);
        return;
    }
    (void)json_str(json_get(row, "error"), &text);
    cr_expect(json_str(json_get(row, "verdict"), &verdict), "%.*s: %.*s", STR_ARG(file),
              STR_ARG(text));
    (void)json_str(json_get(want, "verdict"), &text);
    cr_expect(str_eq(verdict, text), "%.*s: %.*s, expected %.*s", STR_ARG(file), STR_ARG(verdict),
              STR_ARG(text));
    (void)json_f64(json_get(row, "score"), &got);
    if (json_f64(json_get(want, "score"), &score))
        cr_expect_float_eq(got, score, 1e-6, "%.*s: %g points, expected %g", STR_ARG(file), got,
                           score);
    check_subtasks(json_get(want, "subtasks"), row, file);
    if (json_bool(json_get(row, "agrees"), &agrees) && !agrees)
        (void)json_str(json_get(row, "why"), &text);
    cr_expect(agrees, "%.*s: %.*s", STR_ARG(file), STR_ARG(text));
}

static const struct json *expected_of(const char *package, struct json **doc)
{
    struct err e = {0};
    struct str text = support_read("assets/olympiad_cases/expected.json", &keep);
    ASSERT_OK(json_parse(text, "expected.json", doc, &e), e);
    const struct json *want = json_get(*doc, package);
    cr_assert(want != NULL, "expected.json has no %s", package);
    return want;
}

static void check_package(const char *package)
{
    struct err e = {0};
    struct json *doc = NULL;
    struct json *rows = NULL;
    int64_t n_left_out = 0;
    int64_t n_errors = 0;
    arena_init(&keep, "cases", LIMIT_GIB);
    (void)setenv("PODIUM_CACHE", "build/tmp/cache", 0);
    const struct json *want = expected_of(package, &doc);
    struct shell s = shell_podium(
        arena_fmt(&keep, "judge --package assets/olympiad_cases/%s --json", package).at, STR(""));
    ASSERT_OK(json_parse(buf_str(&s.out), "podium judge", &rows, &e), e);
    for (const struct json *w = json_first(want); w != NULL; w = json_next(w)) {
        const struct json *row = row_of(rows, json_key(w));
        cr_expect(row != NULL, "%.*s was not judged", STR_ARG(json_key(w)));
        n_errors += json_get(w, "error") != NULL;
        if (row != NULL && lacks_a_tool(row))
            n_left_out++;
        else if (row != NULL)
            check_row(w, row, json_key(w));
    }
    cr_expect_eq(json_count(rows), json_count(want), "expected.json leaves solutions out");
    cr_expect_eq(s.rc, n_left_out + n_errors > 0 ? 3 : 0, "exit %d: %.*s", s.rc,
                 STR_ARG(buf_str(&s.err)));
    json_free(rows);
    json_free(doc);
    shell_free(&s);
    if (n_left_out > 0)
        support_skip("toolchain",
                     arena_fmt(&keep, "%lld solutions of %s lack their toolchain; the rest agrees",
                               (long long)n_left_out, package)
                         .at);
}

#define CASE(name, package)                                                                        \
    Test(cases, name, .timeout = 900)                                                              \
    {                                                                                              \
        check_package(package);                                                                    \
    }

CASE(icpc_basins, "icpc/basins")
CASE(icpc_drops, "icpc/drops")
CASE(icpc_ferry, "icpc/ferry")
CASE(icpc_queue, "icpc/queue")
CASE(icpc_streak, "icpc/streak")
CASE(icpc_well, "icpc/well")
CASE(ioi_banks, "ioi/banks")
CASE(ioi_orchard_cms, "ioi/orchard-cms")
CASE(ioi_orchard, "ioi/orchard")
CASE(ioi_ridge, "ioi/ridge")
CASE(ioi_postcard, "ioi/postcard")
CASE(ioi_trucks, "ioi/trucks")
CASE(formats_beacons, "formats/beacons")
CASE(formats_coins, "formats/coins")
CASE(formats_hotter, "formats/hotter")
CASE(formats_lanterns, "formats/lanterns")
CASE(formats_stairs, "formats/stairs")
CASE(formats_swaps, "formats/swaps")
CASE(formats_whispers, "formats/whispers")
