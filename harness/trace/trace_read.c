/* The reading half: a mapped file, record after record. */
#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "harness/trace/trace_format.h"

static bool read_sizes(const struct json *j, struct trace_head *h)
{
    return json_str(json_get(j, "model"), &h->model) &&
           json_i64(json_get(j, "n_vocab"), &h->n_vocab) &&
           json_i64(json_get(j, "n_layers"), &h->n_layers) &&
           json_i64(json_get(j, "first_layer"), &h->i_first) &&
           json_i64(json_get(j, "n_experts"), &h->n_experts) &&
           json_i64(json_get(j, "n_used"), &h->n_used);
}

static bool are_possible(const struct trace_head *h)
{
    return h->n_vocab >= 1 && h->n_vocab <= LIMIT_VOCAB && h->n_layers >= 0 &&
           h->n_layers <= LIMIT_LAYERS && h->i_first >= 0 && h->i_first <= LIMIT_LAYERS &&
           h->n_experts >= 0 && h->n_experts <= LIMIT_TRACE_EXPERTS && h->n_used >= 0 &&
           h->n_used <= h->n_experts;
}

static bool read_head(struct trace_reader *r, struct err *e)
{
    struct trace_file_lead lead;
    if (r->bytes.n < (int64_t)sizeof lead ||
        memcmp(r->bytes.at, TRACE_MAGIC, sizeof lead.magic) != 0)
        return FAIL(e, ERR_INPUT, "%s: not a podium trace", r->path);
    memcpy(&lead, r->bytes.at, sizeof lead);
    if (lead.version != TRACE_VERSION)
        return FAIL(e, ERR_UNSUPPORTED, "%s: trace format %u; this build reads %d", r->path,
                    lead.version, TRACE_VERSION);
    if ((int64_t)lead.n_header > r->bytes.n - (int64_t)sizeof lead)
        return FAIL(e, ERR_INPUT, "%s: ends inside its header", r->path);
    struct str text = {r->bytes.at + sizeof lead, lead.n_header};
    struct hash h = hash_bytes(text);
    if (memcmp(h.at, lead.check, sizeof lead.check) != 0)
        return FAIL(e, ERR_INPUT, "%s: its header's bytes are not those written", r->path);
    TRY(json_parse(text, r->path, &r->header, e));
    if (!read_sizes(r->header, &r->head) || !are_possible(&r->head))
        return FAIL(e, ERR_INPUT, "%s: the header does not describe a model", r->path);
    r->at = (int64_t)sizeof lead + (int64_t)lead.n_header;
    return true;
}

bool trace_read_bytes(struct trace_reader *r, struct str bytes, const char *name, struct err *e)
{
    *r = (struct trace_reader){.path = name, .bytes = bytes};
    if (read_head(r, e))
        return true;
    trace_read_close(r);
    return false;
}

bool trace_read_open(struct trace_reader *r, const char *path, struct err *e)
{
    struct file_map map = {0};
    TRY(file_map_open(path, &map, e));
    struct str bytes = {(const char *)map.at, map.n};
    if (!trace_read_bytes(r, bytes, path, e)) {
        file_map_close(&map);
        return false;
    }
    r->map = map;
    return true;
}

void trace_read_close(struct trace_reader *r)
{
    file_map_close(&r->map);
    json_free(r->header);
    *r = (struct trace_reader){0};
}

/* The next n bytes of a body. */
static struct str cut(struct str *rest, int64_t n)
{
    struct str piece = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n);
    return piece;
}

static bool read_body(const struct trace_reader *r, struct str body, struct trace_entry *out)
{
    struct trace_body_lead lead;
    if (body.n < (int64_t)sizeof lead)
        return false;
    memcpy(&lead, body.at, sizeof lead);
    struct str rest = str_sub(body, sizeof lead, body.n);
    int64_t n_experts = (int64_t)lead.n * trace_expert_bytes(&r->head);
    if (lead.n > INT32_MAX || lead.n_masks > (uint64_t)rest.n ||
        (int64_t)lead.n_item + 8 * (int64_t)lead.n + n_experts + (int64_t)lead.n_masks != rest.n)
        return false;
    *out = (struct trace_entry){.key = (const unsigned char *)body.at,
                                .sample = lead.sample,
                                .turn = lead.turn,
                                .n_prompt = lead.n_prompt,
                                .n = lead.n};
    out->item = cut(&rest, lead.n_item);
    out->tokens = cut(&rest, 4 * out->n);
    out->logprobs = cut(&rest, 4 * out->n);
    out->experts = cut(&rest, n_experts);
    out->masks = rest;
    return true;
}

bool trace_next(struct trace_reader *r, struct trace_entry *out, bool *has_one, struct err *e)
{
    struct trace_record_lead lead;
    int64_t n_left = r->bytes.n - r->at;
    *has_one = false;
    if (n_left < (int64_t)sizeof lead) {
        r->is_torn = n_left > 0;
        return true;
    }
    memcpy(&lead, r->bytes.at + r->at, sizeof lead);
    if (lead.magic != TRACE_RECORD_MAGIC || lead.size_check != trace_size_check(lead.n_body))
        return FAIL(e, ERR_INPUT, "%s: byte %lld: no record begins here", r->path,
                    (long long)r->at);
    if (lead.n_body > (uint64_t)(n_left - (int64_t)sizeof lead)) {
        r->is_torn = true;
        return true;
    }
    struct str body = {r->bytes.at + r->at + sizeof lead, (int64_t)lead.n_body};
    struct hash h = hash_bytes(body);
    if (memcmp(h.at, lead.check, sizeof lead.check) != 0 || !read_body(r, body, out))
        return FAIL(e, ERR_INPUT, "%s: byte %lld: the record's bytes are not those written",
                    r->path, (long long)r->at);
    r->at += (int64_t)sizeof lead + body.n;
    *has_one = true;
    return true;
}
