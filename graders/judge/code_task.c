#include "graders/judge/code_task.h"

#include <math.h>

#include "base/hash.h"

enum { TIME_MS = 2000, MEMORY_MB = 256, CHECKER_FILES_MAX = 16, SHOWN_BYTES = 40 };

struct reader {
    const struct json *key;
    const struct json *fields; /* of the definition: which item field plays which part */
    struct arena *keep;
    struct arena tmp;
    struct err *e;
};

/* The item's field for a part: as the definition's "fields" calls it, else by the part's name. */
static const struct json *part(const struct reader *r, const char *name)
{
    struct str field = {0};
    if (json_str(json_get(r->fields, name), &field))
        return json_get(r->key, field.at);
    return json_get(r->key, name);
}

/* Every member of the object is among the known ones, which a NULL ends. */
static bool only_known(const struct json *object, const char *const *known, const char *what,
                       struct err *e)
{
    for (const struct json *j = json_first(object); j != NULL; j = json_next(j)) {
        int i = 0;
        while (known[i] != NULL && !str_eq(json_key(j), str_of(known[i])))
            i++;
        if (known[i] == NULL)
            return FAIL(e, ERR_INPUT, "the item's \"%s\" has an unknown member \"%.*s\"", what,
                        STR_ARG(str_sub(json_key(j), 0, SHOWN_BYTES)));
    }
    return true;
}

static bool read_limit(const struct json *limits, const char *name, int64_t fallback, int64_t max,
                       int64_t *out, struct err *e)
{
    const struct json *j = json_get(limits, name);
    *out = fallback;
    if (j == NULL)
        return true;
    if (!json_i64(j, out) || *out < 1 || *out > max)
        return FAIL(e, ERR_INPUT, "limits.%s is not a whole number from 1 to %lld", name,
                    (long long)max);
    return true;
}

static bool read_language(const struct reader *r, struct code_task *t)
{
    struct str text = {0};
    if (!json_str(part(r, "language"), &text) || !language_from_name(text, &t->language))
        return FAIL(r->e, ERR_INPUT, "the item's language \"%.*s\" is none that is judged",
                    STR_ARG(str_sub(text, 0, SHOWN_BYTES)));
    return true;
}

static bool read_score(const struct reader *r, struct code_task *t)
{
    struct str text = {0};
    const struct json *j = part(r, "score");
    if (j == NULL)
        return true;
    t->is_fraction = json_str(j, &text) && str_eq(text, STR("fraction"));
    return t->is_fraction || (text.n > 0 && str_eq(text, STR("all"))) ||
           FAIL(r->e, ERR_INPUT, "the item's \"score\" is not all or fraction");
}

/* --- compare -------------------------------------------------------------------------------- */

/* One of two words; absent: the first. */
static bool read_choice(const struct json *compare, const char *key, const char *no,
                        const char *yes, bool *out, struct err *e)
{
    struct str text = {0};
    const struct json *j = json_get(compare, key);
    if (j == NULL)
        return true;
    if (!json_str(j, &text) || (!str_eq(text, str_of(no)) && !str_eq(text, str_of(yes))))
        return FAIL(e, ERR_INPUT, "the item's compare.%s is not %s or %s", key, no, yes);
    *out = str_eq(text, str_of(yes));
    return true;
}

static bool read_off(const struct json *compare, const char *key, struct compare_rule *rule,
                     double *out, struct err *e)
{
    const struct json *j = json_get(compare, key);
    if (j == NULL)
        return true;
    rule->has_float = true;
    return (json_f64(j, out) && isfinite(*out) && *out >= 0) ||
           FAIL(e, ERR_INPUT, "the item's compare.%s is not a number of 0 or more", key);
}

static bool read_mode(const struct json *word, struct compare_rule *rule, struct err *e)
{
    struct str text = {0};
    if (word == NULL)
        return true;
    return (json_str(word, &text) && compare_mode_from_name(text, &rule->mode)) ||
           FAIL(e, ERR_INPUT, "the item's \"compare\" is not tokens, lines, exact or white");
}

static bool read_compare(const struct json *compare, struct compare_rule *rule, struct err *e)
{
    static const char *const known[] = {"mode", "case", "float_abs", "float_rel", "space", NULL};
    if (json_kind(compare) != JSON_OBJECT)
        return read_mode(compare, rule, e);
    TRY(only_known(compare, known, "compare", e));
    TRY(read_mode(json_get(compare, "mode"), rule, e));
    TRY(read_choice(compare, "case", "exact", "any", &rule->forgives_case, e));
    TRY(read_choice(compare, "space", "any", "exact", &rule->is_space_exact, e));
    TRY(read_off(compare, "float_abs", rule, &rule->abs_tolerance, e));
    TRY(read_off(compare, "float_rel", rule, &rule->rel_tolerance, e));
    bool is_plain = !rule->forgives_case && !rule->is_space_exact && !rule->has_float;
    return rule->mode == COMPARE_TOKENS || is_plain ||
           FAIL(e, ERR_INPUT, "the item's \"compare\": case, space and float go with tokens");
}

/* --- checker -------------------------------------------------------------------------------- */

static bool read_protocol(const struct json *checker, enum checker_protocol *out, struct err *e)
{
    static const char *const names[] = {
        [CHECKER_KATTIS] = "kattis", [CHECKER_TESTLIB] = "testlib", [CHECKER_CMS] = "cms"};
    struct str text = {0};
    (void)json_str(json_get(checker, "protocol"), &text);
    for (int i = CHECKER_KATTIS; i <= CHECKER_CMS; i++)
        if (str_eq(text, str_of(names[i]))) {
            *out = (enum checker_protocol)i;
            return true;
        }
    return FAIL(e, ERR_INPUT, "the item's checker.protocol is not testlib, kattis or cms");
}

/* A plain file name. */
static bool is_file_name(struct str s)
{
    for (int64_t i = 0; i < s.n; i++) {
        char c = s.at[i];
        bool is_word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_word && c != '_' && (i == 0 || (c != '.' && c != '-' && c != '+')))
            return false;
    }
    return s.n > 0 && s.n < 64;
}

/* {"testlib.h": "...", ...} behind the program. */
static bool read_headers(const struct json *files, struct source *out, int64_t *n, struct err *e)
{
    if (files != NULL && json_kind(files) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "the item's checker.files is not an object");
    for (const struct json *j = json_first(files); j != NULL; j = json_next(j)) {
        if (*n == CHECKER_FILES_MAX)
            return FAIL(e, ERR_LIMIT, "the item's checker has more than %d files",
                        CHECKER_FILES_MAX);
        out[*n].name = json_key(j);
        if (!is_file_name(json_key(j)) || !json_str(j, &out[*n].text))
            return FAIL(e, ERR_INPUT, "the item's checker.files: \"%.*s\" is no plain file",
                        STR_ARG(str_sub(json_key(j), 0, SHOWN_BYTES)));
        ++*n;
    }
    return true;
}

static void hash_sources(const struct source *s, int64_t n, char out[65])
{
    struct str fields[2 * CHECKER_FILES_MAX];
    for (int64_t i = 0; i < n; i++) {
        fields[2 * i] = s[i].name;
        fields[2 * i + 1] = s[i].text;
    }
    struct hash h = hash_fields(fields, 2 * n);
    hash_hex(&h, out);
}

static bool read_checker(const struct reader *r, struct code_task *t)
{
    static const char *const known[] = {"language", "source", "protocol", "files", NULL};
    struct source *files = NEW(r->keep, struct source, CHECKER_FILES_MAX);
    struct str text = {0};
    const struct json *checker = part(r, "checker");
    if (checker == NULL)
        return true;
    if (json_kind(checker) != JSON_OBJECT)
        return FAIL(r->e, ERR_INPUT, "the item's \"checker\" is not an object");
    TRY(only_known(checker, known, "checker", r->e));
    TRY(read_protocol(checker, &t->protocol, r->e));
    if (!json_str(json_get(checker, "language"), &text) ||
        !language_from_name(text, &t->checker_language))
        return FAIL(r->e, ERR_INPUT, "the item's checker.language is none that is judged");
    if (!json_str(json_get(checker, "source"), &files[0].text) || files[0].text.n == 0)
        return FAIL(r->e, ERR_INPUT, "the item's checker has no \"source\"");
    files[0].name = STR("prog");
    t->n_checker_files = 1;
    TRY(read_headers(json_get(checker, "files"), files, &t->n_checker_files, r->e));
    t->checker_files = files;
    hash_sources(files, t->n_checker_files, t->checker_sha256);
    return true;
}

/* --- calls ---------------------------------------------------------------------------------- */

/* "args": [...], or as JSON text in "args_json": that keeps integers beyond 2^53. */
static bool read_json_text(const struct reader *r, const struct json *test, const char *plain,
                           const char *as_text, struct str *out)
{
    struct buf b = {0};
    const struct json *j = json_get(test, plain);
    bool has_text = json_str(json_get(test, as_text), out);
    if (has_text == (j != NULL))
        return FAIL(r->e, ERR_INPUT, "needs \"%s\" or \"%s\", and not both", plain, as_text);
    if (has_text)
        return true;
    json_print(j, &b);
    *out = arena_str(r->keep, buf_str(&b));
    buf_free(&b);
    return true;
}

static bool read_call_test(const struct reader *r, const struct call *c, const struct json *test,
                           struct code_test *out)
{
    TRY(read_json_text(r, test, "args", "args_json", &out->input));
    TRY(read_json_text(r, test, "result", "result_json", &out->answer));
    TRY(call_check_args(c, out->input, r->tmp, r->e));
    return call_check_result(c, out->answer, r->tmp, r->e);
}

/* --- tests ---------------------------------------------------------------------------------- */

static bool read_test(const struct reader *r, const struct code_task *t, const struct json *test,
                      struct code_test *out)
{
    const struct json *name = json_get(test, "name");
    if (name != NULL && !json_str(name, &out->name))
        return FAIL(r->e, ERR_INPUT, "has a \"name\" that is no text");
    if (t->has_call)
        return read_call_test(r, &t->call, test, out);
    return (json_str(json_get(test, "in"), &out->input) &&
            json_str(json_get(test, "out"), &out->answer)) ||
           FAIL(r->e, ERR_INPUT, "has no \"in\" or no \"out\"");
}

static void hash_tests(const struct code_task *t, struct arena tmp, char out[65])
{
    struct str *fields = NEW(&tmp, struct str, 2 * t->n_tests);
    for (int64_t i = 0; i < t->n_tests; i++) {
        fields[2 * i] = t->tests[i].input;
        fields[2 * i + 1] = t->tests[i].answer;
    }
    struct hash h = hash_fields(fields, 2 * t->n_tests);
    hash_hex(&h, out);
}

static bool read_tests(const struct reader *r, struct code_task *t)
{
    const struct json *tests = part(r, "tests");
    t->n_tests = json_count(tests);
    if (json_kind(tests) != JSON_ARRAY || t->n_tests < 1)
        return FAIL(r->e, ERR_INPUT, "the item has no tests");
    if (t->n_tests > LIMIT_TESTS)
        return FAIL(r->e, ERR_LIMIT, "the item has more than %d tests", LIMIT_TESTS);
    struct code_test *all = NEW(r->keep, struct code_test, t->n_tests);
    int64_t i = 0;
    for (const struct json *j = json_first(tests); j != NULL; j = json_next(j), i++)
        if (!read_test(r, t, j, &all[i]))
            return err_wrap(r->e, "test %lld", (long long)i + 1);
    t->tests = all;
    hash_tests(t, r->tmp, t->tests_sha256);
    return true;
}

static bool read_task(const struct reader *r, const struct json *limits, struct code_task *t)
{
    int64_t time_ms = 0;
    int64_t memory_mb = 0;
    const struct json *call = part(r, "call");
    TRY(read_language(r, t));
    TRY(read_score(r, t));
    TRY(read_limit(limits, "time_ms", TIME_MS, 600000, &time_ms, r->e));
    TRY(read_limit(limits, "memory_mb", MEMORY_MB, 64 * LIMIT_KIB, &memory_mb, r->e));
    t->limits = sandbox_limits_run(time_ms, memory_mb * LIMIT_KIB);
    TRY(read_checker(r, t));
    t->has_call = call != NULL;
    if (!t->has_call)
        TRY(read_compare(part(r, "compare"), &t->compare, r->e));
    else
        TRY(call_read(call, part(r, "compare"), &t->call, r->e));
    if (t->has_call && t->protocol != CHECKER_NONE)
        return FAIL(r->e, ERR_INPUT, "the item has both a call and a checker");
    if (t->has_call && !call_can(t->language))
        return FAIL(r->e, ERR_INPUT, "no function can be called in %s", language_name(t->language));
    return read_tests(r, t);
}

bool code_task_read(const struct json *key, const struct json *definition, struct code_task *out,
                    struct arena *keep, struct arena tmp, struct err *e)
{
    struct reader r = {key, json_get(definition, "fields"), keep, tmp, e};
    struct code_task t = {.compare = {.mode = COMPARE_TOKENS}};
    TRY(read_task(&r, json_get(definition, "limits"), &t));
    *out = t;
    return true;
}
