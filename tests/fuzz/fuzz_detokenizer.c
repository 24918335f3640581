/* Any bytes as text, and any bytes as ids, through the tests' small tokenizer.
 *
 * Text: invalid UTF-8 is refused exactly when there is some; what is encoded decodes to the text,
 * or to the text mended. Ids: what comes out of the stream is valid UTF-8 after every token, and
 * in the end it is the mended whole. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "engine/tokenizer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const struct tokenizer *fixture(void)
{
    static struct tokenizer *t;
    struct err e = {0};
    if (t == NULL && !tokenizer_open(&t, "tests/golden/tokenizer", &e)) {
        (void)fprintf(stderr, "%s\n", e.text);
        abort();
    }
    return t;
}

static void check_text(const struct tokenizer *t, struct str text, enum tokenizer_specials specials)
{
    struct err e = {0};
    struct tokens ids = {0};
    struct buf back = {0};
    struct buf mended = {0};
    bool ok = tokenizer_encode(t, text, specials, TOKENIZER_REFUSE, &ids, &e);
    assert(ok == (utf8_first_bad(text) < 0));
    ids.n = 0;
    ok = tokenizer_encode(t, text, specials, TOKENIZER_REPLACE, &ids, &e);
    assert(ok);
    ok = tokenizer_decode(t, ids.at, ids.n, false, &back, &e);
    assert(ok);
    utf8_replace_bad(&mended, text);
    assert(str_eq(buf_str(&back), buf_str(&mended)));
    tokens_free(&ids);
    buf_free(&back);
    buf_free(&mended);
}

/* Two bytes make an id, some of them outside the vocabulary. */
static void check_ids(const struct tokenizer *t, struct str bytes)
{
    struct err e = {0};
    struct tokenizer_stream s = {0};
    struct buf live = {0};
    struct buf whole = {0};
    struct buf mended = {0};
    for (int64_t i = 0; i + 1 < bytes.n; i += 2) {
        int32_t id = ((unsigned char)bytes.at[i] << 8 | (unsigned char)bytes.at[i + 1]) % 540 - 4;
        bool is_one = id >= 0 && id < tokenizer_n_vocab(t);
        bool ok = tokenizer_stream_put(t, &s, id, bytes.n % 2 != 0, &live, &e);
        assert(ok == is_one);
        ok = tokenizer_decode(t, &id, 1, bytes.n % 2 != 0, &whole, &e);
        assert(ok == is_one);
        assert(utf8_first_bad(buf_str(&live)) < 0);
    }
    tokenizer_stream_end(&s, &live);
    utf8_replace_bad(&mended, buf_str(&whole));
    assert(str_eq(buf_str(&live), buf_str(&mended)));
    buf_free(&live);
    buf_free(&whole);
    buf_free(&mended);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str bytes = {(const char *)data, (int64_t)n};
    check_text(fixture(), bytes, TOKENIZER_TEXT);
    check_text(fixture(), bytes, TOKENIZER_SPECIAL);
    check_ids(fixture(), bytes);
    return 0;
}
