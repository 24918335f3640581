/* Text to token ids and back, exactly as the model's tokenizer.json says.
 *
 * Byte-level BPE behind three split patterns; added tokens (control strings such as
 * <｜User｜>) are recognised only where the caller asks, so that a user's text cannot
 * forge them. A tokenizer is immutable after opening and may be shared by threads; each
 * thread brings its own scratch (struct tokenizer_work).
 *
 * Source  tokenizer.json of DeepSeek-V3.2; Hugging Face tokenizers' documented behaviour. */
#pragma once
#include "base/err.h"
#include "base/str.h"

struct tokenizer;

/* Growing list of ids, owned by whoever declared it. Zeroed is empty. */
struct tokens {
    int32_t *at;
    int64_t n;
    int64_t cap;
};
void tokens_free(struct tokens *t);
void tokens_put(struct tokens *t, int32_t id);

enum tokenizer_specials {
    TOKENIZER_TEXT,    /* control strings in the text are ordinary text */
    TOKENIZER_SPECIAL, /* added tokens are matched first, longest match */
};

enum tokenizer_bad_utf8 {
    TOKENIZER_REFUSE,  /* invalid UTF-8 is an ERR_INPUT naming the byte */
    TOKENIZER_REPLACE, /* each maximal invalid part becomes U+FFFD */
};

/* path: a tokenizer.json or the folder that holds one. */
MUST_CHECK bool tokenizer_open(struct tokenizer **out, const char *path, struct err *e);

/* The same from a tokenizer.json in memory, which is not needed afterwards. `what` names it. */
MUST_CHECK bool tokenizer_read(struct tokenizer **out, struct str json, const char *what,
                               struct err *e);
void tokenizer_close(struct tokenizer *t); /* NULL is fine */

/* Appends the ids of text. Safe from several threads at once on one tokenizer. */
MUST_CHECK bool tokenizer_encode(const struct tokenizer *t, struct str text,
                                 enum tokenizer_specials specials, enum tokenizer_bad_utf8 bad,
                                 struct tokens *out, struct err *e);

/* Appends the bytes of ids; may end in the middle of a character. skip_special leaves out added
 * tokens marked special. An id outside the vocabulary is ERR_INPUT naming it and its position. */
MUST_CHECK bool tokenizer_decode(const struct tokenizer *t, const int32_t *ids, int64_t n,
                                 bool skip_special, struct buf *out, struct err *e);

/* Streaming: bytes held back until their character is whole. Zeroed is a fresh stream. */
struct tokenizer_stream {
    char held[4];
    int n_held;
};
MUST_CHECK bool tokenizer_stream_put(const struct tokenizer *t, struct tokenizer_stream *s,
                                     int32_t id, bool skip_special, struct buf *out, struct err *e);
void tokenizer_stream_end(struct tokenizer_stream *s, struct buf *out); /* what is held: U+FFFD */

/* One past the largest id that decodes. */
int64_t tokenizer_n_vocab(const struct tokenizer *t);

/* Id of an added token or an exact vocabulary entry by its text, -1 when there is none. */
int32_t tokenizer_id(const struct tokenizer *t, struct str text);
