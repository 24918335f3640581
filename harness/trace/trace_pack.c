/* How experts and kept sets become bytes, and bytes the same again. */
#include <assert.h>
#include <string.h>

#include "harness/trace/trace_format.h"

int trace_expert_bits(const struct trace_head *h)
{
    int bits = 0;
    while ((int64_t)1 << bits < h->n_experts)
        bits++;
    return bits;
}

int64_t trace_expert_bytes(const struct trace_head *h)
{
    return (h->n_layers * h->n_used * trace_expert_bits(h) + 7) / 8;
}

void trace_put_experts(struct buf *out, const struct trace_head *h, const int32_t *expert)
{
    int bits = trace_expert_bits(h);
    uint64_t held = 0;
    int n_held = 0;
    for (int64_t i = 0; i < h->n_layers * h->n_used; i++) {
        assert(expert[i] >= 0 && expert[i] < h->n_experts);
        held |= (uint64_t)expert[i] << n_held;
        for (n_held += bits; n_held >= 8; n_held -= 8, held >>= 8)
            buf_byte(out, (char)(held & 0xff));
    }
    if (n_held > 0)
        buf_byte(out, (char)(held & 0xff));
}

void trace_experts(const struct trace_head *h, const struct trace_entry *r, int64_t i, int32_t *out)
{
    int64_t n = trace_expert_bytes(h);
    int bits = trace_expert_bits(h);
    const unsigned char *at = (const unsigned char *)r->experts.at + i * n;
    uint64_t held = 0;
    int n_held = 0;
    assert(i >= 0 && i < r->n && (i + 1) * n <= r->experts.n);
    for (int64_t j = 0; j < h->n_layers * h->n_used; j++) {
        for (; n_held < bits; n_held += 8)
            held |= (uint64_t)*at++ << n_held;
        out[j] = (int32_t)(held & (((uint64_t)1 << bits) - 1));
        held >>= bits;
        n_held -= bits;
    }
}

/* Seven bits a byte, the lowest first; the high bit says that more follow. */
static void put_varint(struct buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_byte(out, (char)(v | 0x80));
    buf_byte(out, (char)v);
}

static bool get_varint(struct str from, int64_t *at, uint64_t *out)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 63 && *at < from.n; shift += 7) {
        uint64_t byte = (unsigned char)from.at[(*at)++];
        v |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = v;
            return true;
        }
    }
    return false;
}

/* A list while it is short, a bit for every token of the vocabulary when it is not. */
static bool is_wide(const struct trace_head *h, int64_t n)
{
    return n > h->n_vocab / 8;
}

static void put_bits(struct buf *out, const struct trace_head *h, const int32_t *id, int64_t n)
{
    int64_t i = 0;
    for (int64_t first = 0; first < h->n_vocab; first += 8) {
        unsigned byte = 0;
        for (; i < n && id[i] < first + 8; i++)
            byte |= 1U << (id[i] - first);
        buf_byte(out, (char)byte);
    }
}

void trace_put_mask(struct buf *out, const struct trace_head *h, const int32_t *id, int64_t n)
{
    assert(n >= 0 && n <= h->n_vocab);
    put_varint(out, (uint64_t)n);
    if (is_wide(h, n)) {
        put_bits(out, h, id, n);
        return;
    }
    int32_t before = -1;
    for (int64_t i = 0; i < n; i++) {
        assert(id[i] > before && id[i] < h->n_vocab);
        put_varint(out, (uint64_t)(id[i] - before - 1));
        before = id[i];
    }
}

static bool get_bits(const struct trace_head *h, struct str from, int64_t *at, int32_t *out,
                     int64_t n)
{
    int64_t n_bytes = (h->n_vocab + 7) / 8;
    int64_t n_out = 0;
    if (n_bytes > from.n - *at)
        return false;
    for (int64_t i = 0; i < n_bytes * 8; i++) {
        if (((unsigned char)from.at[*at + i / 8] >> (i % 8) & 1) == 0)
            continue;
        if (n_out == n || i >= h->n_vocab)
            return false;
        out[n_out++] = (int32_t)i;
    }
    *at += n_bytes;
    return n_out == n;
}

static bool get_list(const struct trace_head *h, struct str from, int64_t *at, int32_t *out,
                     int64_t n)
{
    int64_t next = 0;
    for (int64_t i = 0; i < n; i++, next++) {
        uint64_t gap = 0;
        if (!get_varint(from, at, &gap) || gap >= (uint64_t)(h->n_vocab - next))
            return false;
        next += (int64_t)gap;
        out[i] = (int32_t)next;
    }
    return true;
}

bool trace_mask(const struct trace_head *h, const struct trace_entry *r, int64_t *at, int32_t *out,
                int64_t *n, struct err *e)
{
    uint64_t count = 0;
    int64_t from = *at;
    bool is_read = get_varint(r->masks, at, &count) && count <= (uint64_t)h->n_vocab;
    *n = (int64_t)count;
    is_read = is_read && (is_wide(h, *n) ? get_bits(h, r->masks, at, out, *n)
                                         : get_list(h, r->masks, at, out, *n));
    return is_read || FAIL(e, ERR_INPUT, "the kept set at byte %lld of its record is not one",
                           (long long)from);
}

static const char *four(struct str from, int64_t i, int64_t n)
{
    assert(i >= 0 && i < n && (i + 1) * 4 <= from.n);
    (void)n;
    return from.at + i * 4;
}

int32_t trace_token(const struct trace_entry *r, int64_t i)
{
    int32_t v;
    memcpy(&v, four(r->tokens, i, r->n), sizeof v);
    return v;
}

float trace_logprob(const struct trace_entry *r, int64_t i)
{
    float v;
    memcpy(&v, four(r->logprobs, i, r->n), sizeof v);
    return v;
}
