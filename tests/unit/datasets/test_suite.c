#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "datasets/suite.h"
#include "graders/judge/code_task.h"
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

TestSuite(suite, .init = set_up, .fini = tear_down);

static const char good_data[] =
    "{\"id\": \"a\", \"kind\": \"sum\", \"problem\": \"1+1? {answer}\", \"answer\": \"2\"}\n"
    "{\"id\": \"b\", \"problem\": \"2+2?\", \"answer\": \"4\"}\n";

static const char *write_file(const char *name, struct str text)
{
    static char path[LIMIT_PATH_BYTES];
    cr_assert(file_join(support_temp(), name, path, sizeof path));
    ASSERT_OK(file_write(path, text, &e), e);
    return path;
}

/* A definition with `key` set to the JSON text `value` (NULL: left out) over good defaults. */
static const char *definition_with(const char *key, const char *value, struct str data)
{
    struct hash h = hash_bytes(data);
    char hex[67] = "\"";
    hash_hex(&h, hex + 1);
    strcat(hex, "\"");
    const char *defaults[][2] = {
        {"name", "\"small\""},
        {"version", "1"},
        {"data", "\"small.jsonl\""},
        {"sha256", hex},
        {"source", "\"this test\""},
        {"prompt", "\"{problem}\\nPut your final answer in \\\\boxed{}.\""},
        {"mode", "\"thinking\""},
        {"grader", "\"math\""},
        {"fields", "{\"answer\": \"answer\"}"},
        {"samples", "4"},
        {"sampling", "{\"temperature\": 1.0, \"top_p\": 0.95, \"max_tokens\": 128}"},
        {key, NULL},
    };
    struct buf text = {0};
    bool is_default = false;
    buf_byte(&text, '{');
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        bool is_key = strcmp(defaults[i][0], key) == 0;
        const char *v = is_key ? (is_default ? NULL : value) : defaults[i][1];
        is_default = is_default || is_key;
        if (v != NULL)
            buf_fmt(&text, "%s\"%s\": %s", text.n > 1 ? ",\n " : "", defaults[i][0], v);
    }
    buf_put(&text, STR("}\n"));
    (void)write_file("small.jsonl", data);
    const char *path = write_file("small.json", buf_str(&text));
    buf_free(&text);
    return path;
}

static void refuses(const char *path, enum err_class cls, const char *words)
{
    struct suite s = {0};
    cr_assert_not(suite_open(&s, path, &keep, tmp, &e));
    cr_assert_eq(e.cls, cls, "%s", e.text);
    cr_assert(strstr(e.text, words) != NULL, "wanted \"%s\" in: %s", words, e.text);
    cr_assert(strchr(e.text, '\n') == NULL, "one line: %s", e.text);
}

static void refuses_value(const char *key, const char *value, const char *words)
{
    refuses(definition_with(key, value, str_of(good_data)), ERR_INPUT, words);
}

static void refuses_data(struct str data, const char *words)
{
    refuses(definition_with("name", "\"small\"", data), ERR_INPUT, words);
}

Test(suite, a_definition_by_path_opens_with_items_in_file_order)
{
    struct suite s = {0};
    const char *path = definition_with("note", "\"hello\"", str_of(good_data));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    cr_assert_eq(s.n_items, 2);
    cr_assert(str_eq(s.name, STR("small")));
    cr_assert(str_eq(s.version, STR("1")));
    cr_assert(s.thinking);
    cr_assert_eq(s.n_samples, 4);
    cr_assert_eq(s.n_out_max, 128);
    cr_assert_eq(s.top_p, 0.95);
    cr_assert(str_eq(s.items[0].id, STR("a")));
    cr_assert(str_eq(s.items[0].kind, STR("sum")));
    cr_assert(str_eq(s.items[1].prompt, STR("2+2?\nPut your final answer in \\boxed{}.")));
    cr_assert_eq(s.items[1].kind.n, 0);
    struct str answer;
    cr_assert(json_str(json_get(s.items[1].key, "answer"), &answer));
    cr_assert(str_eq(answer, STR("4")));
    cr_assert(str_starts(s.items[1].key_text, STR("{\"id\": \"b\"")));
    suite_close(&s);
    cr_assert_eq(s.n_docs, 0);
}

Test(suite, text_inserted_into_the_prompt_is_never_read_again)
{
    struct suite s = {0};
    const char *path = definition_with("name", "\"small\"", str_of(good_data));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    cr_assert(str_starts(s.items[0].prompt, STR("1+1? {answer}\n")));
    suite_close(&s);
}

Test(suite, identity_covers_definition_and_data)
{
    struct suite a = {0};
    struct suite b = {0};
    const char *path = definition_with("name", "\"small\"", str_of(good_data));
    ASSERT_OK(suite_open(&a, path, &keep, tmp, &e), e);
    path = definition_with("samples", "5", str_of(good_data));
    ASSERT_OK(suite_open(&b, path, &keep, tmp, &e), e);
    cr_assert_str_eq(a.sha256, b.sha256);
    cr_assert_str_neq(a.identity, b.identity);
    suite_close(&a);
    suite_close(&b);
}

Test(suite, every_key_is_needed_known_and_in_range)
{
    refuses_value("sha256", NULL, "\"sha256\" is missing");
    refuses_value("prompt", "\"\"", "\"prompt\" must be text");
    refuses_value("samplse", "4", "unknown key \"samplse\"; nearest known: \"samples\"");
    refuses_value("sampling", "{\"temprature\": 1}", "nearest known: \"temperature\"");
    refuses_value("sampling", "{\"temperature\": 1, \"top_p\": 1.5, \"max_tokens\": 9}",
                  "\"top_p\" must be a number from 0 to 1");
    refuses_value("samples", "0", "\"samples\" must be a whole number from 1");
    refuses_value("mode", "\"think\"", "\"mode\" must be \"thinking\" or \"chat\"");
    refuses_value("sha256", "\"12\"", "64 lower-case hex digits");
    refuses_value("fields", "{\"answer\": 1}", "must name a field");
    refuses_value("limits", "[]", "\"limits\" must be an object");
    refuses_value("labels", "{\"kind\": \"x\"}", "\"kind\" must be an object");
    refuses_value("version", "1.5", "\"version\" must be text");
}

Test(suite, a_changed_data_file_is_refused_naming_both_hashes)
{
    const char *path = definition_with("name", "\"small\"", str_of(good_data));
    char kept[LIMIT_PATH_BYTES];
    (void)strcpy(kept, path);
    (void)write_file("small.jsonl", STR("{}\n"));
    refuses(kept, ERR_INPUT, "small.jsonl: sha256 is ca3d163bab055381");
    refuses(kept, ERR_INPUT, "small.json says ");
}

Test(suite, a_bad_line_is_named)
{
    refuses_data(STR("{\"id\": \"a\", \"problem\": \"p\", \"answer\": \"1\"}\n{\"id\": }\n"),
                 "small.jsonl: line 2: the item: not valid JSON at byte 7");
    refuses_data(STR("{\"id\": \"a\", \"problem\": \"p\"}\n"),
                 "line 1: field \"answer\" is missing");
    refuses_data(STR("{\"id\": \"a\", \"answer\": \"1\"}\n"),
                 "the prompt wants field \"problem\", which is missing");
    refuses_data(STR("{\"problem\": \"p\", \"answer\": \"1\"}\n"), "field \"id\" is missing");
    refuses_data(STR("{\"id\": 3, \"problem\": \"p\", \"answer\": \"1\"}\n"),
                 "field \"id\" must be text");
    refuses_data(STR("{\"id\": \"a\", \"problem\": 7, \"answer\": \"1\"}\n"),
                 "\"problem\" must be a string");
    refuses_data(STR("{\"id\": \"a\", \"id\": \"b\", \"problem\": \"p\", \"answer\": \"1\"}\n"),
                 "field \"id\" comes twice");
    refuses_data(STR("[1]\n"), "an item must be a JSON object");
    refuses_data(STR("\n"), "line 1: empty line");
    refuses_data(STR(""), "no items");
}

Test(suite, a_repeated_id_names_both_lines)
{
    refuses_data(STR("{\"id\": \"a\", \"problem\": \"p\", \"answer\": \"1\"}\n"
                     "{\"id\": \"b\", \"problem\": \"p\", \"answer\": \"1\"}\n"
                     "{\"id\": \"a\", \"problem\": \"q\", \"answer\": \"1\"}\n"),
                 "line 3: id \"a\" was already used in line 1");
}

Test(suite, bytes_that_are_not_text_are_named_by_line_and_byte)
{
    refuses_data(STR("{\"id\": \"a\", \"problem\": \"p\", \"answer\": \"1\"}\n\"\xff\"\n"),
                 "line 2: invalid UTF-8 at byte 1 of the line");
    refuses_data(STR("{\"id\": \"a\0\"}\n"), "line 1: a NUL at byte 9");
    refuses_data(STR("{\"id\": \"a\\u0000\"}\n"), "\\u0000 is not supported");
    struct suite s = {0};
    const char *path = definition_with(
        "name", "\"small\"", STR("{\"id\": \"a\", \"problem\": \"\\\\u0000\", \"answer\": \"1\"}"));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    cr_assert(str_starts(s.items[0].prompt, STR("\\u0000\n")), "an escaped backslash is text");
    suite_close(&s);
}

Test(suite, a_broken_definition_names_byte_and_line)
{
    refuses(write_file("bad.json", STR("{\n\"name\": \"x\",\n \"version\": ,\n}\n")), ERR_INPUT,
            "bad.json: not valid JSON at byte 27, line 3");
    refuses(write_file("list.json", STR("[]")), ERR_INPUT, "must be a JSON object");
}

Test(suite, missing_files_and_unknown_names_are_told_apart)
{
    refuses("no/such/suite.json", ERR_IO, "no/such/suite.json");
    refuses(definition_with("data", "\"other.jsonl\"", str_of(good_data)), ERR_IO, "other.jsonl");
    refuses("arit", ERR_USAGE, "no suite \"arit\"");
}

/* ------------------------------------------------------------------------------ wording */

static struct str prompt_of(const char *wording_json)
{
    struct suite s = {0};
    const char *path = definition_with("prompt", wording_json, str_of(good_data));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    struct str prompt = s.items[1].prompt;
    suite_close(&s);
    return prompt;
}

Test(suite, only_names_in_braces_are_replaced)
{
    cr_assert(str_eq(prompt_of("\"{problem} \\\\boxed{} {1} { x } {\""),
                     STR("2+2? \\boxed{} {1} { x } {")));
    cr_assert(str_eq(prompt_of("\"{problem}\\\\boxed{answer}\""), STR("2+2?\\boxed{answer}")));
    cr_assert(str_eq(prompt_of("\"{{problem}} {id}\""), STR("{problem} b")));
}

Test(suite, a_prompt_cannot_show_the_answer_or_an_unknown_field)
{
    refuses_value("prompt", "\"{problem} {answer}\"", "the prompt would show the answer");
    refuses_value("prompt", "\"{porblem}\"",
                  "wants field \"porblem\", which is missing; nearest: "
                  "\"problem\"");
}

Test(suite, labels_change_how_a_value_is_shown)
{
    struct suite s = {0};
    static const char data[] = "{\"id\": \"a\", \"problem\": \"p\", \"answer\": \"1\"}";
    const char *path = definition_with("labels", "{\"problem\": {\"p\": \"shown\"}}", str_of(data));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    cr_assert(str_starts(s.items[0].prompt, STR("shown\n")));
    suite_close(&s);
    refuses(definition_with("labels", "{\"problem\": {\"q\": \"shown\"}}", str_of(data)), ERR_INPUT,
            "field \"problem\" holds \"p\", which \"labels\" do not name");
}

Test(suite, every_embedded_suite_opens)
{
    const char *name;
    for (int64_t i = 0; (name = suite_embedded_name(i)) != NULL; i++) {
        struct suite s = {0};
        ASSERT_OK(suite_open(&s, name, &keep, tmp, &e), e);
        cr_assert(str_eq(s.name, str_of(name)));
        cr_assert(s.n_items >= 60, "%s has %lld items", name, (long long)s.n_items);
        suite_close(&s);
    }
}

Test(suite, both_shipped_suites_are_inside_the_binary_and_worded_as_trained)
{
    struct suite s = {0};
    cr_assert_str_eq(suite_embedded_name(0), "arith");
    cr_assert_str_eq(suite_embedded_name(1), "programs");
    cr_assert_null(suite_embedded_name(2));
    ASSERT_OK(suite_open(&s, "arith", &keep, tmp, &e), e);
    cr_assert_eq(s.n_items, 200);
    cr_assert(str_ends(s.items[7].prompt, STR("\nPut your final answer in \\boxed{}.")));
    suite_close(&s);
    ASSERT_OK(suite_open(&s, "programs", &keep, tmp, &e), e);
    cr_assert_eq(s.n_items, 60);
    cr_assert(str_ends(s.items[0].prompt, STR("\nWrite a C++ program.")) ||
              str_ends(s.items[0].prompt, STR("\nWrite a Python program.")));
    suite_close(&s);
    refuses("arit", ERR_USAGE, "no suite \"arit\"; nearest: \"arith\"");
}

static const char code_data[] =
    "{\"id\": \"a\", \"problem\": \"x\", \"lang\": \"py\", \"how\": {\"unordered\": true}, "
    "\"sig\": "
    "{\"class\": \"S\", \"method\": \"f\", \"returns\": \"int[]\"}, \"score\": \"fraction\", "
    "\"cases\": "
    "[{\"args\": [[1, 2]], \"result\": [2, 1], \"name\": \"n\"}]}\n"
    "{\"id\": \"b\", \"problem\": \"x\", \"lang\": \"cpp\", \"checker\": {\"language\": \"cpp\", "
    "\"source\": \"int main(){}\", \"protocol\": \"cms\"}, \"cases\": [{\"in\": \"1\", \"out\": "
    "\"2\"}]}\n";

Test(suite, the_parts_of_the_code_grader_travel_under_any_field)
{
    struct suite s = {0};
    struct code_task t;
    const char *path = definition_with("fields", "{\"tests\": \"cases\", \"language\": \"lang\"}",
                                       str_of(code_data));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    ASSERT_OK(code_task_read(s.items[1].key, s.definition, &t, &keep, tmp, &e), e);
    cr_assert_eq(t.protocol, CHECKER_CMS);
    cr_assert(str_eq(t.tests[0].answer, STR("2")));
    suite_close(&s);
    path =
        definition_with("fields",
                        "{\"tests\": \"cases\", \"language\": \"lang\", \"call\": \"sig\", "
                        "\"compare\": \"how\"}",
                        str_sub(str_of(code_data), 0, str_find(str_of(code_data), STR("\n"), 0)));
    ASSERT_OK(suite_open(&s, path, &keep, tmp, &e), e);
    ASSERT_OK(code_task_read(s.items[0].key, s.definition, &t, &keep, tmp, &e), e);
    cr_assert(t.has_call && t.is_fraction && t.call.is_unordered);
    cr_assert(str_eq(t.call.class_name, STR("S")));
    cr_assert(str_eq(t.tests[0].name, STR("n")));
    suite_close(&s);
}
