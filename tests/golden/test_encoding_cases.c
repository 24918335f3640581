/* Rendering and parsing against the Python reference (tests/reference/encoding_ref.py, which says
 * how to write the cases again), and against the goldens of the model's release. */
#include "base/limits.h"
#include "encoding/parse.h"
#include "encoding/render.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void start(void)
{
    arena_init(&keep, "test", LIMIT_GIB);
    arena_init(&tmp, "test tmp", LIMIT_GIB);
}

static void finish(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

static const struct pyval *load(struct str text)
{
    struct err e = {0};
    const struct pyval *v;
    ASSERT_OK(pyjson_loads(text, &v, NULL, &keep, tmp, &e), e);
    return v;
}

static struct str member(const struct pyval *dict, const char *name)
{
    const struct pyval *v = pyjson_get(dict, str_of(name));
    return v == NULL ? (struct str){0} : v->text;
}

static bool is_false(const struct pyval *dict, const char *name)
{
    const struct pyval *v = pyjson_get(dict, str_of(name));
    return v != NULL && v->kind == PY_BOOL && !v->truth;
}

static void check_encode(const struct pyval *c, int64_t line)
{
    struct err e = {0};
    struct render_fault fault = {0};
    struct pieces p;
    struct buf out = {0};
    const struct pyval *doc = load(member(c, "in"));
    bool thinking = pyjson_get(c, STR("thinking"))->truth;
    struct render_opts o = {.thinking = thinking,
                            .keep_thinking = is_false(doc, "drop_thinking"),
                            .no_bos = is_false(doc, "add_default_bos_token"),
                            .fault = &fault};
    struct str wanted = member(c, "error");
    bool ok = render_json(pyjson_get(doc, STR("messages")), pyjson_get(doc, STR("context")), o, &p,
                          &keep, tmp, &e);
    struct str got = ok ? p.text : str_of(render_code_name(fault.code));
    struct str want = wanted.at == NULL ? member(c, "out") : wanted;
    cr_expect(ok == (wanted.at == NULL) && str_eq(got, want), "line %lld: %.*s\ninstead of %.*s",
              (long long)line, STR_ARG(got), STR_ARG(want));
    cr_expect_eq(render_document(member(c, "in"), true, thinking, &out, &e), ok, "line %lld: %s",
                 (long long)line, e.text);
    cr_expect(!ok || str_eq(buf_str(&out), want));
    buf_free(&out);
}

Test(encoding_cases, prompts_are_those_of_the_reference, .init = start, .fini = finish)
{
    struct str text = support_read("tests/golden/encoding_cases.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    for (int64_t at = 1; str_split(&text, '\n', &line); at++) {
        if (line.n == 0)
            continue;
        const struct pyval *c = load(line);
        if (!str_eq(member(c, "kind"), STR("encode")))
            continue;
        check_encode(c, at);
        n++;
    }
    cr_assert_gt(n, 300);
}

static void check_parse(const struct pyval *c, int64_t line)
{
    struct err e = {0};
    struct buf out = {0};
    struct parsed p;
    struct parse_note fault = {0};
    bool thinking = pyjson_get(c, STR("thinking"))->truth;
    struct parse_opts o = {.thinking = thinking, .fault = &fault};
    struct str wanted = member(c, "error");
    bool ok = parse_completion(member(c, "in"), o, &p, &keep, tmp, &e);
    if (ok)
        parse_print(&p, false, &out);
    struct str got = ok ? buf_str(&out) : str_of(parse_code_name(fault.code));
    struct str want = wanted.at == NULL ? member(c, "out") : wanted;
    cr_expect(ok == (wanted.at == NULL) && str_eq(got, want), "line %lld: %.*s\ninstead of %.*s",
              (long long)line, STR_ARG(got), STR_ARG(want));
    buf_free(&out);
}

Test(encoding_cases, completions_are_read_as_the_reference_reads_them, .init = start,
     .fini = finish)
{
    struct str text = support_read("tests/golden/encoding_cases.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    for (int64_t at = 1; str_split(&text, '\n', &line); at++) {
        if (line.n == 0)
            continue;
        const struct pyval *c = load(line);
        if (!str_eq(member(c, "kind"), STR("parse")))
            continue;
        check_parse(c, at);
        n++;
    }
    cr_assert_gt(n, 300);
}

/* The members of a list, joined behind one head: what a JSON document of both would load as. */
static struct str document_of(struct str input, bool with_tools)
{
    struct buf doc = {0};
    const struct pyval *root = load(input);
    buf_put(&doc, STR("["));
    for (const struct pyval *m = pyjson_get(root, STR("messages"))->first; m != NULL; m = m->next) {
        bool is_first = m == pyjson_get(root, STR("messages"))->first;
        int64_t from = doc.n;
        pyjson_dumps(m, &doc);
        if (is_first && with_tools) {
            doc.at[--doc.n] = 0; /* reopen the object */
            buf_put(&doc, STR(", \"tools\": "));
            pyjson_dumps(pyjson_get(root, STR("tools")), &doc);
            buf_put(&doc, STR("}"));
        }
        cr_assert_gt(doc.n, from);
        buf_put(&doc, m->next == NULL ? STR("]") : STR(", "));
    }
    struct str text = arena_str(&keep, buf_str(&doc));
    buf_free(&doc);
    return text;
}

static void check_official(const char *input, const char *golden, bool with_tools)
{
    struct err e = {0};
    struct buf out = {0};
    struct str doc = document_of(support_read(support_vector(input), &keep), with_tools);
    struct str want = support_read(support_vector(golden), &keep);
    if (str_ends(want, STR("\n")))
        want.n--;
    ASSERT_OK(render_document(doc, false, true, &out, &e), e);
    cr_assert(str_eq(buf_str(&out), want), "%s: %lld bytes, golden has %lld", input,
              (long long)out.n, (long long)want.n);
    buf_free(&out);
}

Test(encoding_cases, official_golden_of_tools, .init = start, .fini = finish)
{
    check_official("encoding/test_input.json", "encoding/test_output.golden", true);
}

Test(encoding_cases, official_golden_of_search_without_date, .init = start, .fini = finish)
{
    check_official("encoding/test_input_search_wo_date.json",
                   "encoding/test_output_search_wo_date.golden", false);
}

Test(encoding_cases, official_golden_of_search_with_date, .init = start, .fini = finish)
{
    check_official("encoding/test_input_search_w_date.json",
                   "encoding/test_output_search_w_date.golden", false);
}
