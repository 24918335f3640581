/* equal_decide against labelled pairs: tests/golden/answers/README.md says what a row is. Every
 * disagreement is listed with its id; the table of verdicts by level is the measure of the decider.
 */
#include "base/json.h"
#include "base/limits.h"
#include "graders/math/equal.h"
#include "tests/support/support.h"

enum { ROWS_MAX = 4096, N_LEVELS = LEVEL_P + 1, N_VERDICTS = EQUAL_UNDECIDED + 1 };

static const char *const files[] = {
    "numbers", "radicals", "functions", "collections", "statements",
    "words",   "threads",  "attacks",   "hostile",     "open",
};
enum { N_FILES = sizeof files / sizeof files[0] };

struct row {
    struct str id;
    struct str gold;
    struct str pred;
    struct str kind;
    enum equal_verdict label;
    bool has_policy;
};

/* Plain rows must agree; rows that a policy settles, that are written in prose or are no
 * mathematics at all ("all primes of the form 4k + 1", "2.5.1"), and hostile ones must only never
 * be wrong. */
enum { PLAIN, POLICY, OPEN, HOSTILE, N_CLASSES };
static const char *const class_names[] = {"plain", "policy", "open", "hostile"};

static struct arena keep;
static struct arena one; /* what a single decision keeps */
static struct arena tmp;
static struct row rows[ROWS_MAX];
static int64_t n_rows;

static struct str copied(const struct json *row, const char *key)
{
    struct str s = {0};
    cr_assert(json_str(json_get(row, key), &s), "a row has no %s", key);
    return arena_str(&keep, s);
}

static enum equal_verdict label_of(struct str name)
{
    for (int v = 0; v < N_VERDICTS; v++)
        if (str_eq(name, str_of(equal_verdict_name((enum equal_verdict)v))))
            return (enum equal_verdict)v;
    cr_assert_fail("%.*s is no label", STR_ARG(name));
    return EQUAL_UNDECIDED;
}

static void read_row(struct str line)
{
    struct err e = {0};
    struct json *j = NULL;
    cr_assert_lt(n_rows, ROWS_MAX);
    ASSERT_OK(json_parse(line, "row", &j, &e), e);
    struct row *r = &rows[n_rows++];
    r->id = copied(j, "id");
    r->gold = copied(j, "gold");
    r->pred = copied(j, "pred");
    r->kind = copied(j, "kind");
    r->label = label_of(copied(j, "equal"));
    r->has_policy = json_kind(json_get(j, "policy")) == JSON_STRING;
    cr_assert_gt(copied(j, "source").n, 5, "%.*s has no source", STR_ARG(r->id));
    json_free(j);
}

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&one, "one", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    for (int i = 0; i < N_FILES; i++) {
        struct str path = arena_fmt(&keep, "tests/golden/answers/%s.jsonl", files[i]);
        struct str rest = support_read(path.at, &keep);
        struct str line;
        while (str_split(&rest, '\n', &line))
            if (line.n > 0)
                read_row(line);
    }
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&one);
    arena_fini(&tmp);
}

TestSuite(answers, .init = set_up, .fini = tear_down);

/* Good until the next. */
static struct equal decide(struct str gold, struct str pred)
{
    static const struct equal_policy defaults;
    arena_reset(&one);
    return equal_decide(gold, pred, &defaults, &one, tmp);
}

static int class_of(const struct row *r)
{
    if (str_eq(r->kind, STR("hostile")))
        return HOSTILE;
    if (str_eq(r->kind, STR("prose")) || str_eq(r->kind, STR("malformed")) ||
        str_eq(r->kind, STR("open")))
        return OPEN;
    return r->has_policy ? POLICY : PLAIN;
}

/* At most so many bytes of an answer in a message. */
static struct str shown(struct str s)
{
    return str_sub(s, 0, 120);
}

static void tell(const struct row *r, const struct equal *got)
{
    support_say("%.*s %s: %s (%s, %s), not %s: %.*s | %.*s: %.*s", STR_ARG(r->id),
                class_names[class_of(r)], equal_verdict_name(got->verdict),
                equal_level_name(got->level), got->method, equal_verdict_name(r->label),
                STR_ARG(shown(r->gold)), STR_ARG(shown(r->pred)), STR_ARG(shown(got->why)));
}

/* ------------------------------------------------------------------------------- the labels */

struct tally {
    int64_t n[N_LEVELS][N_VERDICTS]; /* by level and label */
    int64_t n_all;
    int64_t n_agree;
    int64_t n_false_equal;
    int64_t n_false_different;
};

static void count(struct tally *t, const struct row *r, const struct equal *got)
{
    t->n[got->level][r->label]++;
    t->n_all++;
    t->n_agree += got->verdict == r->label;
    t->n_false_equal += got->verdict == EQUAL_YES && r->label == EQUAL_NO;
    t->n_false_different += got->verdict == EQUAL_NO && r->label == EQUAL_YES;
}

static void print_tally(const char *name, const struct tally *t)
{
    support_say("%s: %lld rows, %lld agree (%.2f %%), false equal %lld, false different %lld", name,
                (long long)t->n_all, (long long)t->n_agree,
                100.0 * (double)t->n_agree / (double)t->n_all, (long long)t->n_false_equal,
                (long long)t->n_false_different);
    for (int l = 0; l < N_LEVELS; l++)
        support_say("  %-2s %6lld equal %6lld different %6lld undecided",
                    equal_level_name((enum equal_level)l), (long long)t->n[l][EQUAL_YES],
                    (long long)t->n[l][EQUAL_NO], (long long)t->n[l][EQUAL_UNDECIDED]);
}

/* A level belongs to its verdict, whatever the label. */
static void check_level(const struct row *r, const struct equal *got)
{
    static const int allowed[N_LEVELS] = {
        [LEVEL_E2] = 1 << EQUAL_YES,
        [LEVEL_E1] = 1 << EQUAL_YES,
        [LEVEL_D2] = 1 << EQUAL_NO,
        [LEVEL_D1] = 1 << EQUAL_NO,
        [LEVEL_U] = 1 << EQUAL_UNDECIDED,
        [LEVEL_P] = 1 << EQUAL_YES | 1 << EQUAL_NO | 1 << EQUAL_UNDECIDED,
    };
    cr_assert(allowed[got->level] >> got->verdict & 1, "%.*s: %s at level %s", STR_ARG(r->id),
              equal_verdict_name(got->verdict), equal_level_name(got->level));
    cr_assert_gt(got->why.n, 0, "%.*s says no reason", STR_ARG(r->id));
}

Test(answers, every_row_gets_its_verdict, .timeout = 120)
{
    static struct tally tally[N_CLASSES];
    for (int64_t i = 0; i < n_rows; i++) {
        struct equal got = decide(rows[i].gold, rows[i].pred);
        check_level(&rows[i], &got);
        count(&tally[class_of(&rows[i])], &rows[i], &got);
        bool may_stay_open = class_of(&rows[i]) >= OPEN && got.verdict == EQUAL_UNDECIDED;
        if (got.verdict != rows[i].label && !may_stay_open)
            tell(&rows[i], &got);
    }
    for (int c = 0; c < N_CLASSES; c++)
        print_tally(class_names[c], &tally[c]);
    cr_assert_geq(tally[PLAIN].n_all, 600);
    cr_assert_geq(tally[HOSTILE].n_all, 100);
    for (int c = 0; c < N_CLASSES; c++)
        cr_expect_eq(tally[c].n_false_equal, 0, "%s rows called equal", class_names[c]);
    cr_expect_eq(tally[PLAIN].n_false_different, 0);
    cr_expect_eq(tally[OPEN].n_false_different, 0);
    cr_expect_eq(tally[HOSTILE].n_false_different, 0);
    cr_expect_geq(100 * tally[PLAIN].n_agree, 99 * tally[PLAIN].n_all);
}

/* ------------------------------------------------------------------------------- what must hold */

Test(answers, without_a_policy_the_sides_may_be_exchanged, .timeout = 120)
{
    int64_t n_bad = 0;
    for (int64_t i = 0; i < n_rows; i++) {
        if (rows[i].has_policy)
            continue;
        struct equal there = decide(rows[i].gold, rows[i].pred);
        struct equal back = decide(rows[i].pred, rows[i].gold);
        if (there.verdict == back.verdict)
            continue;
        n_bad++;
        cr_log_error("%.*s: %s, and %s the other way: %.*s | %.*s", STR_ARG(rows[i].id),
                     equal_verdict_name(there.verdict), equal_verdict_name(back.verdict),
                     STR_ARG(shown(rows[i].gold)), STR_ARG(shown(rows[i].pred)));
    }
    cr_assert_eq(n_bad, 0, "%lld rows", (long long)n_bad);
}

Test(answers, every_gold_equals_itself, .timeout = 120)
{
    int64_t n_bad = 0;
    for (int64_t i = 0; i < n_rows; i++) {
        struct equal got = decide(rows[i].gold, rows[i].gold);
        if (got.verdict == EQUAL_YES)
            continue;
        if (class_of(&rows[i]) == HOSTILE && got.verdict == EQUAL_UNDECIDED)
            continue;
        n_bad++;
        cr_log_error("%.*s: %s (%s): %.*s: %.*s", STR_ARG(rows[i].id),
                     equal_verdict_name(got.verdict), got.method, STR_ARG(shown(rows[i].gold)),
                     STR_ARG(shown(got.why)));
    }
    cr_assert_eq(n_bad, 0, "%lld golds", (long long)n_bad);
}

Test(answers, a_gold_is_sound_when_it_equals_itself, .timeout = 120)
{
    static const struct equal_policy defaults;
    for (int64_t i = 0; i < n_rows; i++) {
        struct str why = {0};
        struct equal got = decide(rows[i].gold, rows[i].gold);
        bool is_sound = equal_gold_is_sound(rows[i].gold, &defaults, &why, &one, tmp);
        cr_expect_eq(is_sound, got.verdict == EQUAL_YES && got.gold_read.n > 0, "%.*s: %.*s: %.*s",
                     STR_ARG(rows[i].id), STR_ARG(shown(rows[i].gold)), STR_ARG(shown(why)));
        cr_expect(is_sound || why.n > 0, "%.*s", STR_ARG(rows[i].id));
    }
}

Test(answers, ids_are_used_once)
{
    for (int64_t i = 0; i < n_rows; i++)
        for (int64_t k = 0; k < i; k++)
            cr_assert_not(str_eq(rows[i].id, rows[k].id), "%.*s", STR_ARG(rows[i].id));
}

/* ------------------------------------------------------------------------------- the switches */

static bool policy_row(const struct json *j)
{
    struct err e = {0};
    struct equal_policy policy;
    struct str id = copied(j, "id");
    struct str gold = copied(j, "gold");
    struct str pred = copied(j, "pred");
    enum equal_verdict label = label_of(copied(j, "equal"));
    ASSERT_OK(equal_policy_read(json_get(j, "policies"), &policy, &e), e);
    struct equal got = equal_decide(gold, pred, &policy, &one, tmp);
    if (got.verdict != label)
        cr_log_error("%.*s: %s (%s), not %s: %.*s | %.*s: %.*s", STR_ARG(id),
                     equal_verdict_name(got.verdict), got.method, equal_verdict_name(label),
                     STR_ARG(gold), STR_ARG(pred), STR_ARG(got.why));
    return got.verdict == label;
}

Test(answers, every_switch_does_what_it_says)
{
    struct str rest = support_read("tests/golden/answers/policies.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    int64_t n_bad = 0;
    while (str_split(&rest, '\n', &line)) {
        struct err e = {0};
        struct json *j = NULL;
        if (line.n == 0)
            continue;
        ASSERT_OK(json_parse(line, "policies.jsonl", &j, &e), e);
        n++;
        n_bad += !policy_row(j);
        json_free(j);
    }
    cr_assert_geq(n, 40);
    cr_assert_eq(n_bad, 0, "%lld of %lld rows", (long long)n_bad, (long long)n);
}
