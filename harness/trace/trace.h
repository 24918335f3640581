/* The trace of a run: what a trainer needs to walk the model's choices again. For every sampled
 * token its log-probability, the experts that the row before it was routed to in every mixture
 * layer, and the tokens that top_p left to draw from.
 *
 * A binary file beside the run, one record a reply, appended before the reply is stored. A record
 * is whole or it is not there: a file cut short by a kill is cut back to its last whole record when
 * it is opened again, and a reply that comes twice is the same both times. README.md in this
 * folder gives the format byte by byte. */
#pragma once
#include <stdint.h>

#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

/* What all records of a file share. Texts borrowed. */
struct trace_head {
    struct str model; /* identity of the model */
    int64_t n_vocab;
    int64_t n_layers;  /* mixture layers; 0: a dense model */
    int64_t n_experts; /* of one layer */
    int64_t n_used;    /* per token and layer */
    int64_t i_first;   /* number of the first mixture layer; the others follow it */
};

/* One reply. Of a record read, everything is borrowed from the reader until it is closed. */
struct trace_entry {
    const unsigned char *key; /* [32] the reply's key in the run, SHA-256 */
    struct str item;
    int64_t sample;
    int64_t turn;
    int64_t n_prompt;
    int64_t n;           /* sampled tokens */
    struct str tokens;   /* [n] int32 */
    struct str logprobs; /* [n] f32 */
    struct str experts;  /* [n] pieces of trace_expert_bytes() */
    struct str masks;    /* [n] pieces of trace_put_mask() */
};

/* -- packing, one token at a time ------------------------------------------------------------- */

int64_t trace_expert_bytes(const struct trace_head *h);

/* Appends the experts of one row: expert [n_layers][n_used], each below n_experts. */
void trace_put_experts(struct buf *out, const struct trace_head *h, const int32_t *expert);

/* Appends the kept set of one draw: ids ascending. n = 0: nothing was masked. */
void trace_put_mask(struct buf *out, const struct trace_head *h, const int32_t *id, int64_t n);

/* -- writing ---------------------------------------------------------------------------------- */

struct trace;

/* Creates the file, or goes on with it: ERR_INPUT when it holds another model's trace or no trace.
 * *n_cut: bytes of a torn record taken off its end. */
MUST_CHECK bool trace_open(struct trace **out, const char *path, const struct trace_head *h,
                           int64_t *n_cut, struct err *e);
MUST_CHECK bool trace_put(struct trace *t, const struct trace_entry *r, struct err *e);
void trace_close(struct trace *t); /* NULL is fine */

/* -- reading ---------------------------------------------------------------------------------- */

struct trace_reader {
    struct file_map map; /* empty when the bytes are somebody else's */
    struct str bytes;
    struct trace_head head;
    struct json *header;
    int64_t at;   /* bytes read */
    bool is_torn; /* the last record is not whole: the writer was stopped, or still writes */
    const char *path;
};

/* path is borrowed until trace_read_close. ERR_INPUT names the byte where it stops being a trace.
 */
MUST_CHECK bool trace_read_open(struct trace_reader *r, const char *path, struct err *e);
/* The same from bytes in memory, borrowed like the name until trace_read_close. */
MUST_CHECK bool trace_read_bytes(struct trace_reader *r, struct str bytes, const char *name,
                                 struct err *e);
void trace_read_close(struct trace_reader *r); /* zeroed is fine */

/* The next record. *has_one is false at the end. ERR_INPUT for a record whose bytes changed. */
MUST_CHECK bool trace_next(struct trace_reader *r, struct trace_entry *out, bool *has_one,
                           struct err *e);

int32_t trace_token(const struct trace_entry *r, int64_t i);
float trace_logprob(const struct trace_entry *r, int64_t i);

/* Experts of token i: out [n_layers][n_used]. */
void trace_experts(const struct trace_head *h, const struct trace_entry *r, int64_t i,
                   int32_t *out);

/* The kept set at *at in r->masks, which it moves on; ids to out [n_vocab], ascending. */
MUST_CHECK bool trace_mask(const struct trace_head *h, const struct trace_entry *r, int64_t *at,
                           int32_t *out, int64_t *n, struct err *e);
