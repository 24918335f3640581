#include "base/limits.h"
#include "encoding/pyjson.h"
#include "tests/support/support.h"

static struct arena keep;
static struct arena tmp;

static void start(void)
{
    arena_init(&keep, "test", 4 * LIMIT_GIB);
    arena_init(&tmp, "test tmp", LIMIT_GIB);
}

static void finish(void)
{
    arena_fini(&keep);
    arena_fini(&tmp);
}

TestSuite(encoding_pyjson, .init = start, .fini = finish);

static void turns_into(const char *in, const char *wanted)
{
    struct err e = {0};
    struct buf out = {0};
    const struct pyval *v;
    ASSERT_OK(pyjson_loads(str_of(in), &v, NULL, &keep, tmp, &e), e);
    pyjson_dumps(v, &out);
    cr_expect(str_eq(buf_str(&out), str_of(wanted)), "%s gives %s", in, out.at);
    buf_free(&out);
}

Test(encoding_pyjson, the_last_duplicate_stands_where_the_first_stood)
{
    turns_into("{\"a\":1,\"b\":2,\"a\":3}", "{\"a\": 3, \"b\": 2}");
    turns_into("{\"a\":{\"x\":1,\"x\":2},\"a\":[]}", "{\"a\": []}");
    turns_into("{\"\\u0061\":1,\"a\":2}", "{\"a\": 2}");
}

Test(encoding_pyjson, big_integers_keep_every_digit)
{
    turns_into("[123456789012345678901234567890, -0, -0.0, 1E400, -1e999]",
               "[123456789012345678901234567890, 0, -0.0, Infinity, -Infinity]");
}

static bool nested(int64_t depth, enum pyjson_code *code)
{
    struct err e = {0};
    struct pyjson_fault fault = {0};
    struct buf text = {0};
    const struct pyval *v;
    for (int64_t i = 0; i < depth; i++)
        buf_put(&text, i % 2 == 0 ? STR("[") : STR("{\"a\":"));
    buf_byte(&text, '1');
    for (int64_t i = depth - 1; i >= 0; i--)
        buf_byte(&text, i % 2 == 0 ? ']' : '}');
    bool ok = pyjson_loads(buf_str(&text), &v, &fault, &keep, tmp, &e);
    cr_assert(ok || e.cls == ERR_LIMIT);
    *code = fault.code;
    buf_free(&text);
    return ok;
}

Test(encoding_pyjson, depth_ends_at_the_limit)
{
    enum pyjson_code code;
    cr_assert(nested(LIMIT_JSON_DEPTH, &code));
    cr_assert_not(nested(LIMIT_JSON_DEPTH + 1, &code));
    cr_assert_eq(code, PYJSON_DEPTH);
    cr_assert_not(nested(1000000, &code));
    cr_assert_eq(code, PYJSON_DEPTH);
}

Test(encoding_pyjson, half_a_million_keys_with_duplicates_are_no_burden)
{
    enum { MANY = 500000 };
    struct err e = {0};
    struct buf text = {0};
    const struct pyval *v;
    buf_byte(&text, '{');
    for (int i = 0; i < MANY; i++)
        buf_fmt(&text, "%s\"k%d\":%d", i == 0 ? "" : ",", i % (MANY / 2), i);
    buf_byte(&text, '}');
    ASSERT_OK(pyjson_loads(buf_str(&text), &v, NULL, &keep, tmp, &e), e);
    cr_assert_eq(v->n, MANY / 2);
    cr_assert(str_eq(v->first->key, STR("k0")));
    cr_assert(str_eq(v->first->text, STR("250000")));
    int64_t n = 0;
    for (const struct pyval *m = v->first; m != NULL; m = m->next)
        n++;
    cr_assert_eq(n, v->n);
    buf_free(&text);
}

Test(encoding_pyjson, no_room_is_a_limit_and_not_the_end)
{
    struct str texts[] = {STR("[1,2,3,4,5,6,7,8,9]"),
                          STR("\"\\n234567890123456789012345678901234567"
                              "89012345678901234567890\""),
                          STR("{\"a\":1,\"b\":2,\"c\":3,\"d\":4}"), STR("1")};
    int64_t rooms[] = {0, 16, 64, 128, 160, 256, 300};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t k = 0; k < sizeof rooms / sizeof rooms[0]; k++) {
            struct err e = {0};
            const struct pyval *v;
            struct arena part = keep;
            struct arena part_tmp = tmp;
            part.end = part.next + rooms[k];
            part_tmp.end = part_tmp.next + rooms[k];
            bool ok = pyjson_loads(texts[i], &v, NULL, &part, part_tmp, &e);
            cr_assert(ok || e.cls == ERR_LIMIT);
            cr_assert(k > 0 || !ok);
        }
}

Test(encoding_pyjson, bytes_that_are_not_utf8_are_named)
{
    struct err e = {0};
    struct pyjson_fault fault;
    const struct pyval *v;
    cr_assert_not(pyjson_loads(STR("[\"a\xFF\"]"), &v, &fault, &keep, tmp, &e));
    cr_assert_eq(fault.code, PYJSON_UTF8);
    cr_assert_eq(fault.at, 3);
    cr_assert_not(pyjson_loads(STR("\"\xED\xA0\x80\""), &v, &fault, &keep, tmp, &e));
    cr_assert_eq(fault.code, PYJSON_UTF8);
}

Test(encoding_pyjson, a_failed_read_writes_nothing)
{
    struct err e = {0};
    const struct pyval *v = (const struct pyval *)(uintptr_t)64;
    cr_assert_not(pyjson_loads(STR("[1,2"), &v, NULL, &keep, tmp, &e));
    cr_assert_eq((uintptr_t)v, 64);
    cr_assert_str_eq(e.text, "byte 4: json_comma: expecting ','");
}

Test(encoding_pyjson, truth_is_pythons)
{
    struct err e = {0};
    const struct pyval *v;
    ASSERT_OK(pyjson_loads(STR("[null,false,0,-0,0.0,-0.0,\"\",[],{},true,1,NaN,\"0\",[0],"
                               "{\"\":0}]"),
                           &v, NULL, &keep, tmp, &e),
              e);
    int64_t i = 0;
    for (const struct pyval *m = v->first; m != NULL; m = m->next, i++)
        cr_expect_eq(pyjson_truth(m), i >= 9, "%lld", (long long)i);
    cr_assert_not(pyjson_truth(NULL));
}
