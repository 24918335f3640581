/* Any bytes as a trace: read to the end or refused. Lengths and checks of records are mended first,
 * as a fuzzer cannot guess them; what a body says of itself stays foreign. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/limits.h"
#include "harness/trace/trace_format.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LEAD = sizeof(struct trace_file_lead) };

static void mend_records(unsigned char *at, int64_t n)
{
    struct trace_record_lead lead;
    for (int64_t i = 0; i + (int64_t)sizeof lead <= n;) {
        memcpy(&lead, at + i, sizeof lead);
        int64_t n_left = n - i - (int64_t)sizeof lead;
        int64_t n_body = (int64_t)(lead.n_body % 4096);
        n_body = n_body < n_left ? n_body : n_left;
        struct hash h = hash_bytes((struct str){(char *)at + i + sizeof lead, n_body});
        lead.magic = TRACE_RECORD_MAGIC;
        lead.n_body = (uint64_t)n_body;
        lead.size_check = trace_size_check(lead.n_body);
        memcpy(lead.check, h.at, sizeof lead.check);
        memcpy(at + i, &lead, sizeof lead);
        i += (int64_t)sizeof lead + n_body;
    }
}

static void unpack(const struct trace_head *h, const struct trace_entry *r)
{
    static int32_t kept[LIMIT_VOCAB];
    struct err e = {0};
    int64_t at = 0;
    int64_t n = 0;
    int32_t *experts = calloc((size_t)(h->n_layers * h->n_used) + 1, sizeof *experts);
    for (int64_t i = 0; i < r->n && experts != NULL; i++) {
        (void)trace_token(r, i);
        trace_experts(h, r, i, experts);
        if (!trace_mask(h, r, &at, kept, &n, &e))
            break;
    }
    free(experts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct trace_reader r;
    struct err e = {0};
    unsigned char *copy = malloc(size + 1);
    uint32_t n_header = 0;
    if (copy == NULL)
        return 0;
    memcpy(copy, data, size);
    if (size > LEAD)
        memcpy(&n_header, data + 12, sizeof n_header);
    if (size > LEAD && n_header <= size - LEAD) {
        struct hash h = hash_bytes((struct str){(char *)copy + LEAD, n_header});
        memcpy(copy + 16, h.at, TRACE_CHECK);
        mend_records(copy + LEAD + n_header, (int64_t)size - LEAD - n_header);
    }
    if (trace_read_bytes(&r, (struct str){(char *)copy, (int64_t)size}, "fuzz", &e)) {
        bool has_one = true;
        struct trace_entry one;
        while (trace_next(&r, &one, &has_one, &e) && has_one)
            unpack(&r.head, &one);
        trace_read_close(&r);
    }
    free(copy);
    return 0;
}
