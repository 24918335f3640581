/* trace: what a run recorded of the model's choices, for people and for programs. */
#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "harness/command.h"
#include "harness/trace/trace.h"

struct options {
    const char *item;
    bool jsonl;
};

/* Room for what one token unpacks to, and a count of what passed. */
struct trace_walk {
    const struct options *o;
    struct trace_reader in;
    struct arena keep;
    int32_t *experts; /* [n_layers][n_used] */
    int32_t *kept;    /* [n_vocab] */
    int64_t n_records, n_tokens, n_masked, n_kept;
};

static void close_walk(struct trace_walk *w)
{
    trace_read_close(&w->in);
    arena_fini(&w->keep);
}

static void put_experts(struct json_out *w, const struct trace_head *h, const int32_t *expert)
{
    json_open(w, '[');
    for (int64_t l = 0; l < h->n_layers; l++) {
        json_open(w, '[');
        for (int64_t i = 0; i < h->n_used; i++)
            json_put_i64(w, expert[l * h->n_used + i]);
        json_close(w, ']');
    }
    json_close(w, ']');
}

/* One token as an object; the kept set is null where nothing was masked. */
static bool put_token(struct trace_walk *k, struct json_out *w, const struct trace_entry *r,
                      int64_t i, int64_t *at, struct err *e)
{
    int64_t n = 0;
    trace_experts(&k->in.head, r, i, k->experts);
    TRY(trace_mask(&k->in.head, r, at, k->kept, &n, e));
    k->n_masked += n > 0;
    k->n_kept += n;
    json_open(w, '{');
    json_pair_i64(w, "token", trace_token(r, i));
    json_pair_f64(w, "logprob", (double)trace_logprob(r, i));
    json_put_key(w, "experts");
    put_experts(w, &k->in.head, k->experts);
    json_put_key(w, "kept");
    if (n == 0)
        json_put_null(w);
    else
        json_open(w, '[');
    for (int64_t j = 0; j < n; j++)
        json_put_i64(w, k->kept[j]);
    if (n > 0)
        json_close(w, ']');
    json_close(w, '}');
    return true;
}

static bool put_reply(struct trace_walk *k, const struct trace_entry *r, struct json_out *w,
                      struct err *e)
{
    char key[65];
    struct hash h;
    int64_t at = 0;
    memcpy(h.at, r->key, sizeof h.at);
    hash_hex(&h, key);
    json_open(w, '{');
    json_pair_str(w, "item", r->item);
    json_pair_i64(w, "sample", r->sample);
    json_pair_i64(w, "turn", r->turn);
    json_pair_str(w, "key", str_of(key));
    json_pair_i64(w, "n_prompt", r->n_prompt);
    json_put_key(w, "tokens");
    json_open(w, '[');
    for (int64_t i = 0; i < r->n; i++)
        TRY(put_token(k, w, r, i, &at, e));
    json_close(w, ']');
    json_close(w, '}');
    return at == r->masks.n ||
           FAIL(e, ERR_INPUT, "%lld bytes follow the last kept set", (long long)(r->masks.n - at));
}

static bool show_reply(struct trace_walk *k, const struct trace_entry *r, struct err *e)
{
    struct json_out w = {0};
    bool ok = put_reply(k, r, &w, e);
    if (ok && k->o->jsonl)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    json_out_free(&w);
    return ok || err_wrap(e, "%s: item %.*s, sample %lld", k->in.path, STR_ARG(r->item),
                          (long long)r->sample);
}

static void show_total(const struct trace_walk *k)
{
    const struct trace_head *h = &k->in.head;
    (void)printf("model        %.*s\n", STR_ARG(h->model));
    (void)printf("vocabulary   %" PRId64 "\n", h->n_vocab);
    if (h->n_layers > 0)
        (void)printf("experts      %" PRId64 " of %" PRId64 " in each of layers %" PRId64
                     " to %" PRId64 "\n",
                     h->n_used, h->n_experts, h->i_first, h->i_first + h->n_layers - 1);
    (void)printf("replies      %" PRId64 "\n", k->n_records);
    (void)printf("tokens       %" PRId64 "\n", k->n_tokens);
    if (k->n_masked > 0)
        (void)printf("kept sets    %" PRId64 ", of %.1f tokens on average\n", k->n_masked,
                     (double)k->n_kept / (double)k->n_masked);
    if (k->n_tokens > 0)
        (void)printf("bytes        %" PRId64 ", %.1f a token\n", k->in.at,
                     (double)k->in.at / (double)k->n_tokens);
}

static bool walk(struct trace_walk *k, const char *path, struct err *e)
{
    bool has_one = true;
    TRY(trace_read_open(&k->in, path, e));
    const struct trace_head *h = &k->in.head;
    k->experts = NEW(&k->keep, int32_t, h->n_layers * h->n_used + 1);
    k->kept = NEW(&k->keep, int32_t, h->n_vocab);
    while (has_one) {
        struct trace_entry r = {0};
        TRY(trace_next(&k->in, &r, &has_one, e));
        if (!has_one || (k->o->item != NULL && !str_eq(r.item, str_of(k->o->item))))
            continue;
        k->n_records++;
        k->n_tokens += r.n;
        TRY(show_reply(k, &r, e));
    }
    return true;
}

bool command_trace(struct cli *c, int *rc, struct err *e)
{
    struct options o = {0};
    const struct cli_option options[] = {
        OPTION_FLAG("jsonl", &o.jsonl, "every reply as one line of JSON"),
        OPTION_TEXT("item", "ID", &o.item, "only this item's replies"),
    };
    c->synopsis = "FILE [--jsonl] [--item ID]";
    c->summary = "Reads what `podium run --trace FILE` recorded: for every sampled token its\n"
                 "log-probability, the experts of every mixture layer that the row before it was\n"
                 "routed to, and the tokens that top_p left. Checks every record on the way.\n"
                 "harness/trace/README.md describes the file byte by byte.";
    c->example = "podium run arith --model assets/tiny --limit 5 --trace arith.trace\n"
                 "podium trace arith.trace\n"
                 "podium trace arith.trace --jsonl --item arith-001";
    c->n_arguments_min = 1;
    c->n_arguments_max = 1;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    CLEANUP(close_walk) struct trace_walk k = {.o = &o};
    arena_init(&k.keep, "trace", LIMIT_ARENA_ITEM);
    TRY(walk(&k, c->arguments[0], e));
    if (!o.jsonl)
        show_total(&k);
    if (k.in.is_torn)
        (void)fprintf(stderr,
                      "podium: %s: its last record is not whole (%" PRId64 " bytes): "
                      "the run was stopped, or goes on\n",
                      c->arguments[0], k.in.bytes.n - k.in.at);
    *rc = EXIT_DONE;
    return true;
}
