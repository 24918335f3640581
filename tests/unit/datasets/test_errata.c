#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "datasets/suite.h"
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

TestSuite(errata, .init = set_up, .fini = tear_down);

static const char data[] =
    "{\"id\": \"a\", \"problem\": \"1+1?\", \"answer\": \"2\", \"big\": [1, {\"x\": null}]}\n"
    "{\"id\": \"b\", \"problem\": \"2+2?\", \"answer\": \"5\"}\n"
    "{\"id\": \"c\", \"problem\": \"What?\", \"answer\": 7}\n";

static const char *write_file(const char *name, struct str text)
{
    static char path[4][LIMIT_PATH_BYTES];
    static int i;
    i = (i + 1) % 4;
    cr_assert(file_join(support_temp(), name, path[i], LIMIT_PATH_BYTES));
    ASSERT_OK(file_write(path[i], text, &e), e);
    return path[i];
}

/* The suite with these errata beside it (NULL: none); `fields` of its definition as JSON. */
static const char *suite_with(const char *errata, const char *fields)
{
    char text[1024];
    char hex[65];
    char path[LIMIT_PATH_BYTES];
    struct hash h = hash_bytes(str_of(data));
    hash_hex(&h, hex);
    (void)snprintf(text, sizeof text,
                   "{\"name\": \"s\", \"version\": 3, \"data\": \"s.jsonl\", \"sha256\": \"%s\","
                   "\"source\": \"this test\", \"prompt\": \"{problem}\", \"mode\": \"chat\","
                   "\"grader\": \"math\", \"fields\": %s, \"samples\": 1,"
                   "\"sampling\": {\"temperature\": 1, \"top_p\": 1, \"max_tokens\": 9}}",
                   hex, fields);
    (void)write_file("s.jsonl", str_of(data));
    cr_assert(file_join(support_temp(), "s.errata.json", path, sizeof path));
    (void)remove(path);
    if (errata != NULL)
        (void)write_file("s.errata.json", str_of(errata));
    return write_file("s.json", str_of(text));
}

static struct suite opened(const char *errata)
{
    struct suite s = {0};
    const char *path = suite_with(errata, "{\"answer\": \"answer\"}");
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    return s;
}

static void refuses_path(const char *path, const char *words)
{
    struct suite s = {0};
    e = (struct err){0};
    cr_assert_not(suite_open(&s, path, &keep, tmp, &e), "not refused: %s", words);
    cr_assert_eq(e.cls, ERR_INPUT, "%s", e.text);
    cr_assert(strstr(e.text, words) != NULL, "wanted \"%s\" in: %s", words, e.text);
    cr_assert(strstr(e.text, "s.errata.json") != NULL, "names the file: %s", e.text);
}

static void refuses(const char *errata, const char *words)
{
    refuses_path(suite_with(errata, "{\"answer\": \"answer\"}"), words);
}

static struct str text_of(const struct json *key, const char *field)
{
    struct buf b = {0};
    json_print(json_get(key, field), &b);
    struct str s = arena_str(&keep, buf_str(&b));
    buf_free(&b);
    return s;
}

Test(errata, an_answer_is_replaced_with_its_reason_and_nothing_else_is)
{
    struct suite s = opened("{\"version\": 2, \"items\": {\"b\": {\"answer\": \"4\", \"reason\": "
                            "\"2+2 is \\\"4\\\"\"}}}");
    struct str text;
    struct json *again = NULL;
    cr_assert_eq(s.n_items, 3);
    cr_assert_eq(s.n_void, 0);
    cr_assert(str_eq(s.items[1].prompt, STR("2+2?")));
    cr_assert(json_str(json_get(s.items[1].key, "answer"), &text));
    cr_assert(str_eq(text, STR("4")));
    cr_assert(str_starts(s.items[0].key_text, STR("{\"id\": \"a\", \"problem\"")), "untouched");
    ASSERT_OK(json_parse(s.items[1].key_text, "key", &again, &e), e);
    cr_assert(str_eq(text_of(again, "answer"), STR("\"4\"")));
    cr_assert(
        str_eq(text_of(again, "erratum"), STR("{\"was\":\"5\",\"reason\":\"2+2 is \\\"4\\\"\"}")));
    cr_assert(str_eq(s.errata.at[0].was, STR("\"5\"")));
    json_free(again);
    suite_close(&s);
}

Test(errata, members_of_any_shape_survive_the_mending)
{
    struct suite s =
        opened("{\"version\": 1, \"items\": {\"a\": {\"answer\": 3, \"reason\": \"why not\"},"
               "\"c\": {\"answer\": \"x\", \"reason\": \"r\"}}}");
    cr_assert(str_eq(text_of(s.items[0].key, "big"), STR("[1,{\"x\":null}]")));
    cr_assert(str_eq(text_of(s.items[0].key, "answer"), STR("3")));
    cr_assert(str_eq(text_of(s.items[2].key, "erratum"), STR("{\"was\":7,\"reason\":\"r\"}")));
    suite_close(&s);
}

Test(errata, a_void_item_is_taken_out_and_counted)
{
    struct suite s =
        opened("{\"version\": \"2024-05\", \"note\": \"n\", \"items\": {\"a\": {\"void\": true, "
               "\"reason\": \"no solution\"}}}");
    cr_assert_eq(s.n_items, 2);
    cr_assert_eq(s.n_void, 1);
    cr_assert(str_eq(s.items[0].id, STR("b")));
    cr_assert(str_eq(s.items[1].id, STR("c")));
    cr_assert(str_eq(s.version, STR("3+errata.2024-05")), "%.*s", STR_ARG(s.version));
    suite_close(&s);
}

Test(errata, make_another_suite_of_it)
{
    struct suite none = opened(NULL);
    struct suite a = opened("{\"version\": 1, \"items\": {\"b\": {\"answer\": \"4\", \"reason\": "
                            "\"r\"}}}");
    struct suite b = opened("{\"version\": 1, \"items\": {\"b\": {\"answer\": \"4\", \"reason\": "
                            "\"s\"}}}");
    cr_assert(str_eq(none.version, STR("3")));
    cr_assert_eq(none.errata.n, 0);
    cr_assert(str_eq(a.version, STR("3+errata.1")));
    cr_assert_str_eq(none.sha256, a.sha256, "the data is the same");
    cr_assert_str_neq(none.identity, a.identity);
    cr_assert_str_neq(a.identity, b.identity);
    suite_close(&none);
    suite_close(&a);
    suite_close(&b);
}

Test(errata, what_is_not_right_is_an_error_that_names_it)
{
    static const char *const cases[][2] = {
        {"", "the file is empty"},
        {"[]", "must be a JSON object"},
        {"{\"version\": 1}", "\"items\" must be an object, and not empty"},
        {"{\"version\": 1, \"items\": {}}", "\"items\" must be an object, and not empty"},
        {"{\"items\": {\"a\": {\"void\": true, \"reason\": \"r\"}}}", "\"version\" is missing"},
        {"{\"version\": 1, \"item\": {}}", "unknown key \"item\"; nearest known: \"items\""},
        {"{\"version\": 1, \"items\": {\"aa\": {\"void\": true, \"reason\": \"r\"}}}",
         "no item \"aa\"; nearest: \"a\""},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true}}}", "item \"a\": \"reason\" must"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"reason\": \" \"}}}",
         "item \"a\": \"reason\" must"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"reason\": 7}}}",
         "\"reason\" must"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": false, \"reason\": \"r\"}}}",
         "\"void\" can only be true"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"answer\": 1, \"reason\": \"r\"}}}",
         "either \"answer\" or"},
        {"{\"version\": 1, \"items\": {\"a\": {\"reason\": \"r\"}}}", "either \"answer\" or"},
        {"{\"version\": 1, \"items\": {\"a\": {\"answer\": 1.5, \"reason\": \"r\"}}}",
         "text or a whole number"},
        {"{\"version\": 1, \"items\": {\"a\": {\"answer\": [1], \"reason\": \"r\"}}}",
         "text or a whole number"},
        {"{\"version\": 1, \"items\": {\"c\": {\"answer\": 7, \"reason\": \"r\"}}}",
         "item \"c\": the answer is 7 already"},
        {"{\"version\": 1, \"items\": {\"a\": {\"answr\": 7, \"reason\": \"r\"}}}",
         "unknown key \"answr\""},
        {"{\"version\": 1, \"items\": {\"a\": 7}}", "must be an object"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"reason\": \"r\"},"
         "\"a\": {\"void\": true, \"reason\": \"r\"}}}",
         "item \"a\" comes twice"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"reason\": \"r\"},"
         "\"b\": {\"void\": true, \"reason\": \"r\"}, \"c\": {\"void\": true, \"reason\": \"r\"}}}",
         "no item is left"},
        {"{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"reason\": \"\\u0000\"}}}",
         "\\u0000 is not supported"},
        {"{\"version\": 1, \"items\": ", "s.errata.json"},
        {"\xff", "invalid UTF-8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        refuses(cases[i][0], cases[i][1]);
}

Test(errata, an_answer_needs_a_field_but_a_void_item_needs_none)
{
    struct suite s = {0};
    const char *answer = "{\"version\": 1, \"items\": {\"a\": {\"answer\": 1, \"reason\": \"r\"}}}";
    const char *empty = "{\"version\": 1, \"items\": {\"a\": {\"void\": true, \"reason\": \"r\"}}}";
    refuses_path(suite_with(answer, "{}"), "name no \"answer\" to replace");
    e = (struct err){0};
    ASSERT_OK(suite_open(&s, suite_with(empty, "{}"), &keep, tmp, &e), e);
    cr_assert_eq(s.n_items, 2);
    suite_close(&s);
}
