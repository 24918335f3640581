/* Labelled replies: what is taken from them, and by which rule. All failures are listed. */
#include "base/json.h"
#include "base/limits.h"
#include "graders/choice.h"
#include "graders/extract.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;
static struct err e;

static void set_up(void)
{
    arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
}

static void tear_down(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(extract_golden, .init = set_up, .fini = tear_down);

static struct str text_of(const struct json *row, const char *name)
{
    struct str s = {0};
    (void)json_str(json_get(row, name), &s);
    return s;
}

/* {"reply", "gold_is_list", "extracted" or null, "rule", "source"}, and "reach" where it is not
 * "declared". */
static bool check_reply(const struct json *row, long long line)
{
    struct str reply = text_of(row, "reply");
    struct str want = text_of(row, "extracted");
    struct str reach_name = text_of(row, "reach");
    enum extract_reach reach = EXTRACT_DECLARED;
    bool is_list = false;
    cr_assert(json_bool(json_get(row, "gold_is_list"), &is_list), "line %lld", line);
    cr_assert_gt(text_of(row, "source").n, 0, "line %lld has no source", line);
    cr_assert(reach_name.n == 0 || extract_reach_from_name(reach_name, &reach));
    struct extract x =
        extract_answer(reply, is_list ? EXTRACT_LIST : EXTRACT_ONE, reach, &keep, tmp);
    struct str rule = str_of(extract_rule_name(x.rule));
    if (x.rule != EXTRACT_BOX_JOINED)
        cr_assert(x.text.n == 0 || str_eq(str_sub(reply, x.from, x.to), x.text), "line %lld", line);
    if (str_eq(x.text, want) && str_eq(rule, text_of(row, "rule")))
        return true;
    cr_log_error("line %lld: \"%.*s\" by %.*s, want \"%.*s\" by %.*s: %.*s", line, STR_ARG(x.text),
                 STR_ARG(rule), STR_ARG(want), STR_ARG(text_of(row, "rule")), STR_ARG(reply));
    return false;
}

/* {"reply", "options": list or number, "found", "letter" or null, "rule", "source"} */
static bool check_choice(const struct json *row, long long line)
{
    static const char *const founds[] = {"none", "letter", "abstain"};
    struct str options[CHOICE_OPTIONS];
    struct str reply = text_of(row, "reply");
    const struct json *list = json_get(row, "options");
    int64_t n = 0;
    cr_assert_gt(text_of(row, "source").n, 0, "line %lld has no source", line);
    if (!json_i64(list, &n))
        for (const struct json *o = json_first(list); o != NULL; o = json_next(o))
            cr_assert(json_str(o, &options[n++]));
    bool has_texts = json_kind(list) == JSON_ARRAY;
    struct choice c = choice_extract(reply, has_texts ? options : NULL, n, &keep, tmp);
    struct str letter = {&c.letter, c.letter != 0};
    cr_assert(c.from >= 0 && c.from <= c.to && c.to <= reply.n);
    if (str_eq(letter, text_of(row, "letter")) && str_eq(str_of(c.rule), text_of(row, "rule")) &&
        str_eq(str_of(founds[c.found]), text_of(row, "found")))
        return true;
    cr_log_error("line %lld: %s \"%.*s\" by %s (%s), want %.*s \"%.*s\" by %.*s: %.*s", line,
                 founds[c.found], STR_ARG(letter), c.rule, c.why, STR_ARG(text_of(row, "found")),
                 STR_ARG(text_of(row, "letter")), STR_ARG(text_of(row, "rule")), STR_ARG(reply));
    return false;
}

static int64_t check_file(const char *path, bool (*check)(const struct json *row, long long line))
{
    struct str rest = support_read(path, &keep);
    struct str text;
    int64_t n = 0;
    int64_t n_bad = 0;
    while (str_split(&rest, '\n', &text)) {
        struct json *row = NULL;
        if (text.n == 0)
            continue;
        n++;
        ASSERT_OK(json_parse(text, path, &row, &e), e);
        n_bad += !check(row, (long long)n);
        json_free(row);
    }
    cr_assert_eq(n_bad, 0, "%s: %lld of %lld rows", path, (long long)n_bad, (long long)n);
    return n;
}

Test(extract_golden, every_reply_gives_what_its_row_says)
{
    cr_assert_geq(check_file("tests/golden/answers/extract_replies.jsonl", check_reply), 150);
}

Test(extract_golden, every_choice_is_what_its_row_says)
{
    cr_assert_geq(check_file("tests/golden/answers/extract_choice.jsonl", check_choice), 100);
}
