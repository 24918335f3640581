/* What writer and reader of a trace agree on; README.md says it in words. */
#pragma once
#include "harness/trace/trace.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "numbers are written as they lie");

#define TRACE_MAGIC        "PODTRACE"
#define TRACE_RECORD_MAGIC 0x594c5052U /* "RPLY" */

enum { TRACE_VERSION = 1, TRACE_CHECK = 8 };

/* In front of a file's header, which is JSON. */
struct trace_file_lead {
    char magic[8];
    uint32_t version;
    uint32_t n_header;                /* bytes */
    unsigned char check[TRACE_CHECK]; /* the first of the header's SHA-256 */
};

/* In front of a record's body. */
struct trace_record_lead {
    uint32_t magic;
    uint32_t size_check; /* trace_size_check(n_body): a damaged length is not followed */
    uint64_t n_body;     /* bytes */
    unsigned char check[TRACE_CHECK]; /* the first of the body's SHA-256 */
};

/* At the start of a body; then item, tokens, logprobs, experts, masks without gaps. */
struct trace_body_lead {
    unsigned char key[32];
    uint32_t n_prompt;
    uint32_t n;
    int32_t sample;
    int32_t turn;
    uint32_t n_item;
    uint32_t zero;
    uint64_t n_masks;
};

_Static_assert(sizeof(struct trace_file_lead) == 24, "no padding");
_Static_assert(sizeof(struct trace_record_lead) == 24, "no padding");
_Static_assert(sizeof(struct trace_body_lead) == 64, "no padding");

static inline uint32_t trace_size_check(uint64_t n_body)
{
    return ~((uint32_t)n_body ^ (uint32_t)(n_body >> 32));
}

int trace_expert_bits(const struct trace_head *h);

/* The header's JSON, appended. */
void trace_put_head(struct buf *out, const struct trace_head *h);
