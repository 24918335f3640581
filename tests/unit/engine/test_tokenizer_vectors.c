/* The model's own tokenizer, when the official vectors are at hand. */
#include <stdio.h>

#include "base/json.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "tests/unit/engine/tokenizer_fixture.h"

#define BAR "\xEF\xBD\x9C"
#define LOW "\xE2\x96\x81"

static struct tokenizer *model(void)
{
    return fixture_open(support_vector("tokenizer_v32.json"));
}

/* Source  the example of the model card of DeepSeek-V3.2. */
Test(tokenizer_vectors, the_model_cards_example_has_the_published_ids)
{
    static const int32_t want[] = {0,      128803, 33310, 128804, 128799, 19923,  3,
                                   342,    1030,   22651, 4374,   1465,   16,     1,
                                   128803, 19,     13,    19,     127252, 128804, 128798};
    struct str text =
        STR("<" BAR "begin" LOW "of" LOW "sentence" BAR "><" BAR "User" BAR ">hello<" BAR
            "Assistant" BAR "></think>Hello! I am DeepSeek.<" BAR "end" LOW "of" LOW "sentence" BAR
            "><" BAR "User" BAR ">1+1=?<" BAR "Assistant" BAR "><think>");
    struct tokenizer *t = model();
    struct tokens ids = fixture_encode(t, text, TOKENIZER_SPECIAL);
    fixture_same_ids(&ids, want, sizeof want / sizeof want[0], "model card");
    fixture_round_trip(t, text, TOKENIZER_SPECIAL);
    fixture_round_trip(t, text, TOKENIZER_TEXT);
    tokens_free(&ids);
    tokenizer_close(t);
}

static void same_as_vector(const struct tokenizer *t, const struct json *v, struct arena *keep)
{
    struct str file;
    struct str name;
    struct tokens want = {0};
    int64_t id;
    char path[LIMIT_PATH_BYTES];
    cr_assert(json_str(json_get(v, "text_file"), &file));
    cr_assert(json_str(json_get(v, "name"), &name));
    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(file));
    struct str text = support_read(support_vector(path), keep);
    for (const struct json *m = json_first(json_get(v, "ids")); m != NULL; m = json_next(m)) {
        cr_assert(json_i64(m, &id));
        tokens_put(&want, (int32_t)id);
    }
    struct tokens got = fixture_encode(t, text, TOKENIZER_SPECIAL);
    (void)snprintf(path, sizeof path, "%.*s", STR_ARG(name));
    fixture_same_ids(&got, want.at, want.n, path);
    fixture_round_trip(t, text, TOKENIZER_SPECIAL);
    tokens_free(&want);
    tokens_free(&got);
}

Test(tokenizer_vectors, official_texts_have_the_official_ids)
{
    struct err e = {0};
    struct arena keep;
    struct json *all;
    struct tokenizer *t = model();
    arena_init(&keep, "test", LIMIT_ARENA_TMP);
    struct str text = support_read(support_vector("tokens.json"), &keep);
    ASSERT_OK(json_parse(text, "tokens.json", &all, &e), e);
    cr_assert_eq(json_count(all), 3);
    for (const struct json *v = json_first(all); v != NULL; v = json_next(v))
        same_as_vector(t, v, &keep);
    json_free(all);
    tokenizer_close(t);
    arena_fini(&keep);
}

Test(tokenizer_vectors, the_vocabulary_is_the_models)
{
    struct tokenizer *t = model();
    cr_assert_eq(tokenizer_n_vocab(t), 128815);
    cr_assert_eq(tokenizer_id(t, STR("<think>")), 128798);
    cr_assert_eq(tokenizer_id(t, STR("</think>")), 128799);
    cr_assert_eq(tokenizer_id(t, STR(BAR "DSML" BAR)), 128793);
    cr_assert_eq(tokenizer_id(t, STR("<" BAR "User" BAR ">")), 128803);
    cr_assert_eq(tokenizer_id(t, STR("hello")), 33310);
    tokenizer_close(t);
}

/* Each id decodes; what it decodes to, when it is text, encodes and comes back. */
Test(tokenizer_vectors, every_entry_decodes_and_its_text_comes_back)
{
    struct err e = {0};
    struct tokenizer *t = model();
    struct buf out = {0};
    for (int32_t id = 0; id < tokenizer_n_vocab(t); id++) {
        buf_clear(&out);
        ASSERT_OK(tokenizer_decode(t, &id, 1, false, &out, &e), e);
        cr_assert_gt(out.n, 0);
        if (utf8_first_bad(buf_str(&out)) >= 0)
            continue;
        struct tokens ids = fixture_encode(t, buf_str(&out), TOKENIZER_SPECIAL);
        struct buf back = {0};
        ASSERT_OK(tokenizer_decode(t, ids.at, ids.n, false, &back, &e), e);
        cr_assert(str_eq(buf_str(&back), buf_str(&out)), "id %d", id);
        cr_assert(id < 128000 || (ids.n == 1 && ids.at[0] == id), "added token %d", id);
        buf_free(&back);
        tokens_free(&ids);
    }
    buf_free(&out);
    tokenizer_close(t);
}
