#include "harness/local.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/limits.h"
#include "encoding/render.h"
#include "engine/digests.h"
#include "harness/cli.h"
#include "harness/command.h"
#include "kernels/kernels.h"

#ifndef PODIUM_BUILD
#define PODIUM_BUILD "unknown" /* the Makefile names it; linters do not */
#endif

/* ---- opening ---- */

static int n_threads(const struct local_config *c)
{
    int64_t n = c->n_threads > 0 ? c->n_threads : sysconf(_SC_NPROCESSORS_ONLN);
    return (int)(n < 1 ? 1 : n > LIMIT_THREADS ? LIMIT_THREADS : n);
}

static const char *kv_name(enum kv_type type)
{
    static const char *const name[] = {"f32", "bf16", "fp8"};
    return name[type];
}

static const char *weights_name(enum weight_mode mode)
{
    static const char *const name[] = {"stored", "f32", "bf16", "fp8", "q8"};
    return name[mode];
}

/* The engine's hash covers config and weights; the tokenizer decides the ids, so it counts too. */
static bool name_identity(struct local *l, struct err *e)
{
    char cache[LIMIT_PATH_BYTES];
    char weights[65];
    struct digests digests = {.is_anew = l->config.is_rehashed, .n_bytes_min = DIGESTS_SMALL};
    if (cli_cache_dir(cache, sizeof cache))
        digests.dir = cache;
    TRY(engine_sha256(l->engine, &digests, weights, e));
    char path[LIMIT_PATH_BYTES];
    char hex[65];
    struct hash h;
    if (!file_join(l->config.dir, "tokenizer.json", path, sizeof path))
        return FAIL(e, ERR_USAGE, "%s: path too long", l->config.dir);
    TRY(hash_file(path, &h, e));
    hash_hex(&h, hex);
    (void)snprintf(
        l->identity, sizeof l->identity,
        "podium:%s build:%s weights:%s tokenizer:%.16s quant:%s kv:%s matrices:%s kernels:%s "
        "template:%s",
        PODIUM_VERSION, PODIUM_BUILD, weights, hex, l->config.quant == QUANT_FP8 ? "fp8" : "none",
        kv_name(l->config.kv), weights_name(l->config.weights), l->info.kernels,
        l->config.template_compat ? "compat" : "strict");
    return true;
}

static bool open_parts(struct local *l, struct err *e)
{
    const struct local_config *c = &l->config;
    struct engine_config engine = {.weights_dir = c->dir,
                                   .quant = c->quant,
                                   .kv = c->kv,
                                   .weights = c->weights,
                                   .n_slots = c->n_slots,
                                   .is_traced = c->is_traced,
                                   .draft = c->draft,
                                   .n_draft = c->n_draft};
    if (!file_is_dir(c->dir))
        return FAIL(e, ERR_IO, "%s: no such model folder", c->dir);
    if (!c->is_ids_only)
        TRY(tokenizer_open(&l->tokenizer, c->dir, e));
    TRY(kernels_cpu_open(&l->kernels, n_threads(c), NULL, e));
    TRY(engine_open(&l->engine, l->kernels, &engine, e));
    engine_describe(l->engine, &l->info);
    if (c->is_ids_only)
        return true;
    l->think_end = tokenizer_id(l->tokenizer, STR("</think>"));
    return true;
}

bool local_identify(struct local *l, struct err *e)
{
    assert(!l->config.is_ids_only);
    return l->identity[0] != 0 || name_identity(l, e) || err_wrap(e, "model");
}

const char *local_draft_name(enum draft d)
{
    static const char *const name[] = {"none", "ngram", "mtp"};
    return name[d];
}

bool local_open(struct local *out, const struct local_config *c, struct err *e)
{
    *out = (struct local){.config = *c};
    if (open_parts(out, e))
        return true;
    local_close(out);
    return err_wrap(e, "model");
}

void local_close(struct local *l)
{
    engine_close(l->engine);
    kernels_close(l->kernels);
    tokenizer_close(l->tokenizer);
    *l = (struct local){0};
}

struct trace_head local_trace_head(const struct local *l)
{
    const struct engine_info *m = &l->info;
    int64_t n = m->n_layers - m->n_dense_layers;
    return (struct trace_head){.model = str_of(l->identity),
                               .n_vocab = m->n_vocab,
                               .n_layers = n > 0 ? n : 0,
                               .n_experts = n > 0 ? m->n_experts : 0,
                               .n_used = n > 0 ? m->n_experts_used : 0,
                               .i_first = n > 0 ? m->n_dense_layers : 0};
}

/* ---- prompts ---- */

static bool render(const struct chat *chat, struct str document, struct pieces *out,
                   struct arena *keep, struct arena tmp, struct err *e)
{
    const struct pyval *messages = NULL;
    struct render_opts o = {.thinking = chat->thinking};
    if (document.n == 0)
        return render_chat(chat, o, out, keep, tmp, e);
    TRY(pyjson_loads(document, &messages, NULL, keep, tmp, e));
    return render_json(messages, NULL, o, out, keep, tmp, e);
}

static bool encode(const struct local *l, const struct pieces *p, struct tokens *ids, struct err *e)
{
    if (l->config.template_compat)
        return tokenizer_encode(l->tokenizer, p->text, TOKENIZER_SPECIAL, TOKENIZER_REFUSE, ids, e);
    for (int64_t i = 0; i < p->n; i++) {
        enum tokenizer_specials how = p->at[i].is_control ? TOKENIZER_SPECIAL : TOKENIZER_TEXT;
        TRY(tokenizer_encode(l->tokenizer, p->at[i].text, how, TOKENIZER_REFUSE, ids, e));
    }
    return true;
}

bool local_prompt(const struct local *l, const struct chat *chat, struct str document,
                  struct buf *text, struct tokens *ids, struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    struct pieces pieces = {0};
    arena_init(&keep, "prompt", LIMIT_ARENA_ITEM);
    arena_init(&tmp, "prompt, tmp", LIMIT_ARENA_TMP);
    TRY(render(chat, document, &pieces, &keep, tmp, e));
    buf_put(text, pieces.text);
    return ids == NULL || encode(l, &pieces, ids, e);
}

int64_t local_n_thinking(const struct local *l, const int32_t *tokens, int64_t n, bool thinking)
{
    if (!thinking)
        return 0;
    for (int64_t i = 0; i < n; i++) {
        if (tokens[i] == l->think_end)
            return i + 1;
    }
    return n;
}

int64_t local_budget(const struct local *l, int64_t n_prompt, int64_t wanted)
{
    int64_t room = l->info.n_context_max - n_prompt;
    return room < 1 ? 1 : room < wanted ? room : wanted;
}
