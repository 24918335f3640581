/* The small tokenizer that tests use when the model's own is not at hand. */
#pragma once
#include "engine/tokenizer.h"
#include "tests/support/support.h"

#define FIXTURE "tests/golden/tokenizer"

static inline struct tokenizer *fixture_open(const char *path)
{
    struct err e = {0};
    struct tokenizer *t = NULL;
    ASSERT_OK(tokenizer_open(&t, path, &e), e);
    return t;
}

/* Encodes valid text; the caller frees. */
static inline struct tokens fixture_encode(const struct tokenizer *t, struct str text,
                                           enum tokenizer_specials specials)
{
    struct err e = {0};
    struct tokens ids = {0};
    ASSERT_OK(tokenizer_encode(t, text, specials, TOKENIZER_REFUSE, &ids, &e), e);
    return ids;
}

static inline void fixture_same_ids(const struct tokens *got, const int32_t *want, int64_t n,
                                    const char *what)
{
    for (int64_t i = 0; i < n && i < got->n; i++)
        cr_assert_eq(got->at[i], want[i], "%s: token %lld is %d, expected %d", what, (long long)i,
                     got->at[i], want[i]);
    cr_assert_eq(got->n, n, "%s: %lld tokens, expected %lld", what, (long long)got->n,
                 (long long)n);
}

/* decode(encode(text)) == text, whole and as a stream that is valid UTF-8 after every token. */
static inline void fixture_round_trip(const struct tokenizer *t, struct str text,
                                      enum tokenizer_specials specials)
{
    struct err e = {0};
    struct tokens ids = fixture_encode(t, text, specials);
    struct buf whole = {0};
    struct buf live = {0};
    struct tokenizer_stream s = {0};
    ASSERT_OK(tokenizer_decode(t, ids.at, ids.n, false, &whole, &e), e);
    cr_assert(str_eq(buf_str(&whole), text), "decodes to something else");
    for (int64_t i = 0; i < ids.n; i++)
        ASSERT_OK(tokenizer_stream_put(t, &s, ids.at[i], false, &live, &e), e);
    cr_assert_eq(s.n_held, 0);
    tokenizer_stream_end(&s, &live);
    cr_assert(str_eq(buf_str(&live), text), "streams to something else");
    buf_free(&whole);
    buf_free(&live);
    tokens_free(&ids);
}
