#include <stdlib.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/rng.h"
#include "graders/math/compare.h"
#include "graders/math/math.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct err e;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    e = (struct err){0};
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(math_grader, .init = set_up, .fini = tear_down);

/* Judges with {"answer": gold}; the documents live as long as the test. */
static bool try_judge(struct str gold_json, struct str reply, struct grade *g)
{
    struct json *key = NULL;
    struct json *definition = NULL;
    enum grade_next next = GRADE_ASK;
    struct str text = arena_fmt(&keep, "{\"a\": %.*s}", STR_ARG(gold_json));
    ASSERT_OK(json_parse(text, "key", &key, &e), e);
    ASSERT_OK(json_parse(STR("{\"fields\": {\"answer\": \"a\"}}"), "definition", &definition, &e),
              e);
    struct grade_in in = {.reply = reply, .key = key, .definition = definition};
    bool ok = grader_math.judge(&in, &next, g, NULL, &keep, tmp, &e);
    cr_assert(!ok || next == GRADE_DONE);
    json_free(key);
    json_free(definition);
    return ok;
}

static struct grade judge(struct str gold, struct str reply)
{
    struct grade g = {0};
    struct buf quoted = {0};
    json_quote(&quoted, gold);
    bool ok = try_judge(buf_str(&quoted), reply, &g);
    buf_free(&quoted);
    cr_assert(ok, "%.*s: %s", STR_ARG(gold), e.text);
    return g;
}

/* Every row of the golden file: {"gold", "reply", "verdict", "why"}. All failures are listed. */
Test(math_grader, every_golden_case_gets_its_verdict, .timeout = 60)
{
    struct str rest = support_read("tests/golden/answers/cases.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    int64_t n_bad = 0;
    while (str_split(&rest, '\n', &line)) {
        struct json *row = NULL;
        struct str gold;
        struct str reply;
        struct str verdict;
        struct str why;
        if (line.n == 0)
            continue;
        n++;
        ASSERT_OK(json_parse(line, "cases.jsonl", &row, &e), e);
        cr_assert(json_str(json_get(row, "gold"), &gold) &&
                      json_str(json_get(row, "reply"), &reply) &&
                      json_str(json_get(row, "verdict"), &verdict) &&
                      json_str(json_get(row, "why"), &why),
                  "line %lld: a field is missing", (long long)n);
        struct grade g = judge(gold, reply);
        struct str got = verdict_name(g.verdict);
        if (!str_eq(got, verdict)) {
            n_bad++;
            cr_log_error("line %lld: %.*s, want %.*s: gold %.*s, reply %.*s [%.*s] %.*s",
                         (long long)n, STR_ARG(got), STR_ARG(verdict), STR_ARG(gold),
                         STR_ARG(reply), STR_ARG(why), STR_ARG(g.evidence));
        }
        cr_assert_eq(g.score, g.verdict == VERDICT_RIGHT ? 1.0 : 0.0);
        json_free(row);
    }
    cr_assert_geq(n, 250);
    cr_assert_eq(n_bad, 0, "%lld of %lld rows", (long long)n_bad, (long long)n);
}

Test(math_grader, it_is_in_the_registry)
{
    cr_assert_eq(grader_find(STR("math")), &grader_math);
}
