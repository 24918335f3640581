#include <pthread.h>
#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "engine/tokenizer.h"
#include "tests/unit/engine/tokenizer_fixture.h"

#define USER                                                                                       \
    ("<\xEF\xBD\x9C"                                                                               \
     "User\xEF\xBD\x9C>")
#define DSML                                                                                       \
    ("\xEF\xBD\x9C"                                                                                \
     "DSML\xEF\xBD\x9C")

static struct tokens ids_of(const struct json *list)
{
    struct tokens ids = {0};
    int64_t id;
    for (const struct json *m = json_first(list); m != NULL; m = json_next(m)) {
        cr_assert(json_i64(m, &id));
        tokens_put(&ids, (int32_t)id);
    }
    return ids;
}

/* Source of the ids: the tokenizers package, through tests/reference/tokenizer_fixture.py. */
Test(tokenizer, ids_are_those_of_the_golden_cases)
{
    struct err e = {0};
    struct arena keep;
    arena_init(&keep, "test", LIMIT_ARENA_TMP);
    struct tokenizer *t = fixture_open(FIXTURE);
    struct str rest = support_read(FIXTURE "/cases.jsonl", &keep);
    struct str line;
    int64_t n = 0;
    while (str_split(&rest, '\n', &line) && line.n > 0) {
        struct json *c;
        struct str text;
        char what[40];
        ASSERT_OK(json_parse(line, "case", &c, &e), e);
        cr_assert(json_str(json_get(c, "text"), &text));
        struct tokens special = ids_of(json_get(c, "special"));
        struct tokens plain = ids_of(json_get(c, "plain"));
        struct tokens got = fixture_encode(t, text, TOKENIZER_SPECIAL);
        (void)snprintf(what, sizeof what, "line %lld, special", (long long)++n);
        fixture_same_ids(&got, special.at, special.n, what);
        tokens_free(&got);
        got = fixture_encode(t, text, TOKENIZER_TEXT);
        (void)snprintf(what, sizeof what, "line %lld, text", (long long)n);
        fixture_same_ids(&got, plain.at, plain.n, what);
        tokens_free(&got);
        tokens_free(&special);
        tokens_free(&plain);
        json_free(c);
    }
    cr_assert_gt(n, 200);
    tokenizer_close(t);
    arena_fini(&keep);
}

/* Text that provokes: pieces of every kind the patterns tell apart, put together at random. */
static void random_text(struct buf *out, uint64_t seed, uint64_t stream)
{
    static const char *const part[] = {
        " ",
        "  ",
        "\n",
        "\r\n",
        "\t",
        "\xC2\xA0",
        "\xE3\x80\x80",
        "the",
        "river",
        "12",
        "4567",
        "\xC2\xB2",
        "\xD9\xA3",
        "...",
        "'s",
        "->",
        "\\frac{1}",
        "<",
        "<think>",
        "</think>",
        "<thinking>",
        "<|EOT|>",
        "e\xCC\x81",
        "\xE6\x95\xB0\xE5\xAD\xA6",
        "\xE3\x81\xB2",
        "\xED\x95\x9C",
        "\xC3\xB1",
        "\xF0\x9F\x98\x80",
        "\xF0\x9F\xAB\xA8",
        "\xE2\x80\x8D",
        USER,
        DSML,
        "\xEF\xBF\xBD",
        "\xEE\x80\x80",
        "\x01",
    };
    uint64_t n = 1 + rng_below(seed, stream, 0, 24);
    for (uint64_t i = 1; i <= n; i++) {
        if (rng_below(seed, stream, 2 * i, 8) == 0) {
            char c[4];
            uint32_t cp = (uint32_t)rng_below(seed, stream, 2 * i + 1, 0x10FFFF - 0x800);
            cp += cp >= 0xD800 ? 0x800 : 0;
            buf_put(out, (struct str){c, utf8_encode(cp, c)});
        } else {
            buf_put(out,
                    str_of(part[rng_below(seed, stream, 2 * i + 1, sizeof part / sizeof part[0])]));
        }
    }
}

Test(tokenizer, any_valid_text_comes_back_whole_and_as_a_stream)
{
    uint64_t seed = support_seed(1);
    struct tokenizer *t = fixture_open(FIXTURE "/tokenizer.json");
    for (uint64_t i = 0; i < 3000; i++) {
        struct buf text = {0};
        random_text(&text, seed, i);
        fixture_round_trip(t, buf_str(&text), TOKENIZER_SPECIAL);
        fixture_round_trip(t, buf_str(&text), TOKENIZER_TEXT);
        buf_free(&text);
    }
    fixture_round_trip(t, STR(""), TOKENIZER_SPECIAL);
    fixture_round_trip(t, STR("a\0b\0"), TOKENIZER_SPECIAL);
    tokenizer_close(t);
}

Test(tokenizer, as_text_no_control_string_becomes_a_token)
{
    static const char *const control[] = {"<think>", "</think>", "<|EOT|>", USER};
    uint64_t seed = support_seed(2);
    struct tokenizer *t = fixture_open(FIXTURE);
    int64_t n_tokens = 0;
    for (uint64_t i = 0; i < 2000; i++) {
        struct buf text = {0};
        random_text(&text, seed, i);
        struct tokens ids = fixture_encode(t, buf_str(&text), TOKENIZER_TEXT);
        for (int64_t k = 0; k < ids.n; k++)
            for (int c = 0; c < 4; c++)
                cr_assert_neq(ids.at[k], tokenizer_id(t, str_of(control[c])));
        n_tokens += ids.n;
        tokens_free(&ids);
        buf_free(&text);
    }
    cr_assert_gt(n_tokens, 10000);
    tokenizer_close(t);
}

Test(tokenizer, invalid_utf8_is_refused_by_its_byte_or_replaced)
{
    struct err e = {0};
    struct tokenizer *t = fixture_open(FIXTURE);
    struct tokens ids = {0};
    struct buf back = {0};
    tokens_put(&ids, 77);
    struct str bad = STR("the \xE6\x95 river \xFF");
    cr_assert_not(tokenizer_encode(t, bad, TOKENIZER_TEXT, TOKENIZER_REFUSE, &ids, &e));
    cr_assert_eq(e.cls, ERR_INPUT);
    cr_assert(strstr(e.text, "byte 4") != NULL, "%s", e.text);
    cr_assert_eq(ids.n, 1, "a failed encoding appends nothing");
    ASSERT_OK(tokenizer_encode(t, bad, TOKENIZER_TEXT, TOKENIZER_REPLACE, &ids, &e), e);
    ASSERT_OK(tokenizer_decode(t, ids.at + 1, ids.n - 1, false, &back, &e), e);
    cr_assert(str_eq(buf_str(&back), STR("the \xEF\xBF\xBD river \xEF\xBF\xBD")));
    cr_assert_eq(ids.at[0], 77);
    buf_free(&back);
    tokens_free(&ids);
    tokenizer_close(t);
}

Test(tokenizer, an_id_outside_the_vocabulary_is_named_with_its_position)
{
    struct err e = {0};
    struct tokenizer *t = fixture_open(FIXTURE);
    struct buf out = {0};
    int32_t n = (int32_t)tokenizer_n_vocab(t);
    int32_t ids[] = {5, n, 5};
    cr_assert_not(tokenizer_decode(t, ids, 3, false, &out, &e));
    cr_assert_eq(e.cls, ERR_INPUT);
    cr_assert(strstr(e.text, "token 1: id 531 ") != NULL, "%s", e.text);
    cr_assert_eq(out.n, 0);
    ids[1] = -1;
    cr_assert_not(tokenizer_decode(t, ids, 3, false, &out, &e));
    cr_assert(strstr(e.text, "id -1") != NULL, "%s", e.text);
    struct tokenizer_stream s = {0};
    cr_assert_not(tokenizer_stream_put(t, &s, n, false, &out, &e));
    cr_assert_eq(out.n, 0);
    buf_free(&out);
    tokenizer_close(t);
}

Test(tokenizer, special_tokens_are_left_out_on_request_and_others_stay)
{
    struct err e = {0};
    struct tokenizer *t = fixture_open(FIXTURE);
    struct buf out = {0};
    struct tokens ids = fixture_encode(t, STR("<think>a<|EOT|>b</think>"), TOKENIZER_SPECIAL);
    cr_assert_eq(ids.n, 5);
    ASSERT_OK(tokenizer_decode(t, ids.at, ids.n, true, &out, &e), e);
    cr_assert(str_eq(buf_str(&out), STR("<think>ab</think>")));
    buf_free(&out);
    tokens_free(&ids);
    tokenizer_close(t);
}

Test(tokenizer, the_longest_added_token_wins_and_raw_ones_go_first)
{
    struct tokenizer *t = fixture_open(FIXTURE);
    struct tokens ids = fixture_encode(t, STR("<thinking><think><thin"), TOKENIZER_SPECIAL);
    cr_assert_eq(ids.at[0], tokenizer_id(t, STR("<thinking>")));
    cr_assert_eq(ids.at[1], tokenizer_id(t, STR("<think>")));
    for (int64_t i = 2; i < ids.n; i++)
        cr_assert_lt(ids.at[i], tokenizer_id(t, str_of(DSML)));
    tokens_free(&ids);
    ids = fixture_encode(t, STR("<|EOT|><|EOT|>!"), TOKENIZER_SPECIAL);
    cr_assert_eq(ids.n, 2);
    cr_assert_eq(ids.at[0], tokenizer_id(t, STR("<|EOT|>")));
    cr_assert_eq(ids.at[1], tokenizer_id(t, STR("<|EOT|>!")));
    tokens_free(&ids);
    tokenizer_close(t);
}

/* "zq" has an id but no merge makes it. Asked twice: the answer is remembered in between. */
Test(tokenizer, a_word_no_merge_leads_to_is_never_encoded)
{
    struct tokenizer *t = fixture_open(FIXTURE);
    cr_assert_geq(tokenizer_id(t, STR("zq")), 0);
    for (int i = 0; i < 2; i++) {
        struct tokens ids = fixture_encode(t, STR("zq"), TOKENIZER_TEXT);
        cr_assert_eq(ids.n, 2);
        cr_assert_eq(ids.at[0], tokenizer_id(t, STR("z")));
        cr_assert_eq(ids.at[1], tokenizer_id(t, STR("q")));
        tokens_free(&ids);
    }
    tokenizer_close(t);
}

Test(tokenizer, ids_are_found_by_the_text_they_stand_for)
{
    struct tokenizer *t = fixture_open(FIXTURE);
    cr_assert_eq(tokenizer_n_vocab(t), 531);
    cr_assert_eq(tokenizer_id(t, STR("<|EOT|>")), 528);
    cr_assert_geq(tokenizer_id(t, STR(" the")), 0);
    cr_assert_geq(tokenizer_id(t, STR("\xE6")), 0, "a single byte is an entry");
    cr_assert_eq(tokenizer_id(t, STR("no such entry")), -1);
    cr_assert_eq(tokenizer_id(t, STR("")), -1);
    tokenizer_close(t);
}

static void stream_bytes(const struct tokenizer *t, struct tokenizer_stream *s, struct str bytes,
                         struct buf *out)
{
    struct err e = {0};
    for (int64_t i = 0; i < bytes.n; i++) {
        int32_t id = tokenizer_id(t, str_sub(bytes, i, i + 1));
        cr_assert_geq(id, 0);
        ASSERT_OK(tokenizer_stream_put(t, s, id, false, out, &e), e);
    }
}

Test(tokenizer, a_stream_holds_back_an_unfinished_character_and_no_more)
{
    struct tokenizer *t = fixture_open(FIXTURE);
    struct tokenizer_stream s = {0};
    struct buf out = {0};
    stream_bytes(t, &s, STR("\xF0\x9F\x98"), &out);
    cr_assert_eq(out.n, 0);
    stream_bytes(t, &s, STR("\x80"), &out);
    cr_assert(str_eq(buf_str(&out), STR("\xF0\x9F\x98\x80")));
    buf_clear(&out);
    stream_bytes(t, &s,
                 STR("\xE6\x95"
                     "a"),
                 &out); /* known broken as soon as "a" comes */
    cr_assert(str_eq(buf_str(&out), STR("\xEF\xBF\xBD"
                                        "a")));
    buf_clear(&out);
    stream_bytes(t, &s, STR("\xC3"), &out);
    cr_assert_eq(out.n, 0);
    tokenizer_stream_end(&s, &out);
    cr_assert(str_eq(buf_str(&out), STR("\xEF\xBF\xBD")));
    tokenizer_stream_end(&s, &out);
    cr_assert_eq(out.n, 3, "nothing is held any more");
    buf_free(&out);
    tokenizer_close(t);
}

Test(tokenizer, a_stream_of_any_ids_is_the_mended_whole)
{
    struct err e = {0};
    uint64_t seed = support_seed(3);
    struct tokenizer *t = fixture_open(FIXTURE);
    for (uint64_t i = 0; i < 3000; i++) {
        struct buf whole = {0};
        struct buf live = {0};
        struct buf mended = {0};
        struct tokenizer_stream s = {0};
        for (uint64_t k = 0; k < 12; k++) {
            /* Mostly bytes from 0x80 on, which make and break characters. */
            int32_t id = (int32_t)rng_below(seed, i, 2 * k, 8) == 0
                             ? (int32_t)rng_below(seed, i, 2 * k + 1, 530)
                             : 97 + (int32_t)rng_below(seed, i, 2 * k + 1, 162);
            ASSERT_OK(tokenizer_decode(t, &id, 1, false, &whole, &e), e);
            ASSERT_OK(tokenizer_stream_put(t, &s, id, false, &live, &e), e);
            cr_assert_eq(utf8_first_bad(buf_str(&live)), -1);
        }
        tokenizer_stream_end(&s, &live);
        utf8_replace_bad(&mended, buf_str(&whole));
        cr_assert(str_eq(buf_str(&live), buf_str(&mended)));
        buf_free(&whole);
        buf_free(&live);
        buf_free(&mended);
    }
    tokenizer_close(t);
}

struct worker {
    const struct tokenizer *t;
    struct tokens ids;
    int n_wrong;
};

static void *encode_often(void *arg)
{
    struct worker *w = arg;
    struct err e = {0};
    struct str text =
        STR("the river runs past the old mill, 12345 times; \xE6\x95\xB0\xE5\xAD\xA6!");
    for (int i = 0; i < 300; i++) {
        struct tokens ids = {0};
        if (!tokenizer_encode(w->t, text, TOKENIZER_SPECIAL, TOKENIZER_REFUSE, &ids, &e) ||
            ids.n != w->ids.n || memcmp(ids.at, w->ids.at, (size_t)ids.n * sizeof *ids.at) != 0)
            w->n_wrong++;
        tokens_free(&ids);
    }
    return NULL;
}

Test(tokenizer, threads_share_one_tokenizer)
{
    pthread_t thread[4];
    struct worker w[4];
    struct tokenizer *t = fixture_open(FIXTURE);
    struct str text =
        STR("the river runs past the old mill, 12345 times; \xE6\x95\xB0\xE5\xAD\xA6!");
    struct tokens ids = fixture_encode(t, text, TOKENIZER_SPECIAL);
    for (int i = 0; i < 4; i++) {
        w[i] = (struct worker){t, ids, 0};
        cr_assert_eq(pthread_create(&thread[i], NULL, encode_often, &w[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(pthread_join(thread[i], NULL), 0);
        cr_assert_eq(w[i].n_wrong, 0);
    }
    tokens_free(&ids);
    tokenizer_close(t);
}
