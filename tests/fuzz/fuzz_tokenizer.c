/* Any bytes as tokenizer.json: read or refused. One that is read keeps what the format promises. */
#include <assert.h>
#include <stdint.h>

#include "engine/tokenizer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void round_trip(const struct tokenizer *t, struct str text, enum tokenizer_specials specials)
{
    struct err e = {0};
    struct tokens ids = {0};
    struct buf back = {0};
    bool ok = tokenizer_encode(t, text, specials, TOKENIZER_REFUSE, &ids, &e);
    assert(ok || e.cls == ERR_LIMIT);
    if (ok) {
        ok = tokenizer_decode(t, ids.at, ids.n, false, &back, &e);
        assert(ok);
        assert(str_eq(buf_str(&back), text));
    }
    tokens_free(&ids);
    buf_free(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const struct str text =
        STR("the  river\n<think>12345 \xE6\x95\xB0 don't \xF0\x9F\x98\x80");
    struct err e = {0};
    struct tokenizer *t;
    if (!tokenizer_read(&t, (struct str){(const char *)data, (int64_t)n}, "fuzz", &e)) {
        assert(e.text[0] != 0);
        return 0;
    }
    round_trip(t, text, TOKENIZER_TEXT);
    round_trip(t, text, TOKENIZER_SPECIAL);
    tokenizer_close(t);
    return 0;
}
