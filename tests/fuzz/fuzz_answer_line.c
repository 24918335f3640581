/* Any bytes as a line of `podium answer --jsonl`: one line of JSON comes out, with a verdict or an
 * error, the same every time, and a span that lies in the response. */
#include <assert.h>

#include "base/json.h"
#include "base/limits.h"
#include "harness/answer_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_verdict(const struct json *j)
{
    struct str verdict = {0};
    struct str why = {0};
    bool is_said = json_str(json_get(j, "verdict"), &verdict);
    assert(is_said);
    bool is_known = str_eq(verdict, STR("equal")) || str_eq(verdict, STR("different")) ||
                    str_eq(verdict, STR("undecided")) || str_eq(verdict, STR("no_answer"));
    assert(is_known);
    bool has_why = json_str(json_get(j, "why"), &why);
    assert(has_why && why.n > 0);
    const struct json *span = json_get(j, "span");
    int64_t from = 0;
    int64_t to = 0;
    if (json_kind(span) == JSON_NULL)
        return;
    bool is_span = json_i64(json_first(span), &from) && json_i64(json_next(json_first(span)), &to);
    assert(is_span);
    assert(from >= 0 && from <= to);
}

static void check(struct str out, bool is_read)
{
    struct json *j = NULL;
    struct err e = {0};
    int64_t line = 0;
    assert(out.n > 0 && memchr(out.at, '\n', (size_t)out.n) == out.at + out.n - 1);
    bool is_json = json_parse(out, "line", &j, &e);
    assert(is_json);
    if (is_read)
        check_verdict(j);
    else
        assert(json_i64(json_get(j, "line"), &line) && line == 7);
    json_free(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena keep;
    static struct arena tmp;
    static const struct answer_defaults defaults = {.reach = EXTRACT_DECLARED};
    struct buf first = {0};
    struct buf again = {0};
    if (keep.first == NULL) {
        arena_init(&keep, "keep", LIMIT_ARENA_ITEM);
        arena_init(&tmp, "tmp", LIMIT_ARENA_TMP);
    }
    struct str line = {(const char *)data, (int64_t)size};
    bool is_read = answer_line(line, 7, &defaults, &first, &keep, tmp);
    check(buf_str(&first), is_read);
    arena_reset(&keep);
    bool is_read_again = answer_line(line, 7, &defaults, &again, &keep, tmp);
    assert(is_read == is_read_again);
    assert(str_eq(buf_str(&first), buf_str(&again)));
    arena_reset(&keep);
    buf_free(&first);
    buf_free(&again);
    return 0;
}
