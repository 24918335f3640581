/* encoding/pyjson against Python's json module: files written by tests/reference/encoding_ref.py.
 */
#include "base/limits.h"
#include "encoding/pyjson.h"
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

static struct str member(const struct pyval *dict, const char *name)
{
    const struct pyval *v = pyjson_get(dict, str_of(name));
    return v == NULL ? (struct str){0} : v->text;
}

static void check_case(const struct pyval *c, int64_t line)
{
    struct err e = {0};
    struct pyjson_fault fault = {0};
    const struct pyval *v;
    const struct pyval *wanted = pyjson_get(c, STR("error"));
    struct buf got = {0};
    bool ok = pyjson_loads(member(c, "in"), &v, &fault, &keep, tmp, &e);
    cr_assert_eq(ok, wanted == NULL, "line %lld: %s", (long long)line, e.text);
    if (!ok) {
        cr_assert(str_eq(wanted->text, str_of(pyjson_code_name(fault.code))), "line %lld: %s",
                  (long long)line, e.text);
        buf_fmt(&got, "%lld", (long long)fault.at);
        if (fault.code != PYJSON_UNICODE) /* CPython names the u or the digit, podium the u */
            cr_assert(str_eq(pyjson_get(c, STR("at"))->text, buf_str(&got)), "line %lld: %s",
                      (long long)line, e.text);
        buf_free(&got);
        return;
    }
    pyjson_dumps(v, &got);
    cr_assert(str_eq(buf_str(&got), member(c, "dumps")), "line %lld: %.*s", (long long)line,
              STR_ARG(buf_str(&got)));
    buf_clear(&got);
    pyjson_repr(v, &got);
    cr_assert(str_eq(buf_str(&got), member(c, "repr")), "line %lld: %.*s", (long long)line,
              STR_ARG(buf_str(&got)));
    buf_free(&got);
}

Test(encoding_json, loads_dumps_and_repr_are_pythons, .init = start, .fini = finish)
{
    struct err e = {0};
    struct str text = support_read("tests/golden/encoding_json.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    while (str_split(&text, '\n', &line)) {
        const struct pyval *c;
        n++;
        if (line.n == 0)
            continue;
        ASSERT_OK(pyjson_loads(line, &c, NULL, &keep, tmp, &e), e);
        check_case(c, n);
    }
    cr_assert_gt(n, 400);
}

static double double_of_hex(struct str hex)
{
    uint64_t bits = 0;
    double v;
    for (int64_t i = 0; i < hex.n; i++)
        bits = bits << 4 | (uint64_t)(hex.at[i] <= '9' ? hex.at[i] - '0' : hex.at[i] - 'a' + 10);
    memcpy(&v, &bits, sizeof v);
    return v;
}

Test(encoding_json, floats_print_as_pythons_repr, .init = start, .fini = finish)
{
    struct str text = support_read("tests/golden/encoding_floats.txt", &keep);
    struct str line;
    int64_t n = 0;
    struct buf got = {0};
    while (str_split(&text, '\n', &line)) {
        struct str hex;
        if (!str_split(&line, ' ', &hex) || hex.n == 0)
            continue;
        buf_clear(&got);
        pyjson_float_repr(double_of_hex(hex), &got);
        cr_expect(str_eq(buf_str(&got), line), "%.*s, not %.*s", STR_ARG(buf_str(&got)),
                  STR_ARG(line));
        double back;
        cr_expect(str_f64_any(line, &back) && back == double_of_hex(hex));
        n++;
    }
    cr_assert_gt(n, 3000);
    buf_free(&got);
}
