/* bench --memory: what the engine should take for given slots and context, and what it took.
 *
 * The budget is by count. The peak is the system's: resident pages of this process, of which those
 * of the weight files can be dropped and read again at any time and are counted apart. */
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/weights.h"
#include "harness/bench.h"
#include "harness/bench_engine.h"
#include "kernels/kernels.h"

struct resident {
    double peak;  /* MB, most since the start of the process */
    double files; /* MB of mapped files now */
    double own;   /* MB that only this process holds now */
};

struct budget {
    double weights; /* mapped, as stored */
    double copied;  /* kv_b, twice and as f32 */
    double token;   /* bytes of cache */
    double cache;
    double results; /* logits and tokens of the slots */
};

static void close_engine(struct engine **g)
{
    engine_close(*g);
}

static void close_kernels(struct kernels **k)
{
    kernels_close(*k);
}

static double field_mb(struct str text, const char *name)
{
    int64_t at = str_find(text, str_of(name), 0);
    double kb = 0;
    if (at < 0)
        return 0;
    struct str rest = str_trim(str_sub(text, at + (int64_t)strlen(name), text.n));
    struct str number = {0};
    if (!str_split(&rest, ' ', &number) || !str_f64(number, &kb))
        return 0;
    return kb * 1024 / 1e6;
}

static void look(struct resident *out)
{
    static char bytes[8192];
    FILE *f = fopen("/proc/self/status", "re");
    *out = (struct resident){0};
    if (f == NULL)
        return;
    struct str text = {bytes, (int64_t)fread(bytes, 1, sizeof bytes, f)};
    (void)fclose(f);
    out->peak = field_mb(text, "VmHWM:");
    out->files = field_mb(text, "RssFile:");
    out->own = field_mb(text, "RssAnon:");
}

static bool count(struct budget *b, const struct bench_options *o, struct err *e)
{
    CLEANUP(arena_fini) struct arena tmp = {0};
    struct model_config c = {0};
    struct bench_cost cost;
    struct weights *w = NULL;
    arena_init(&tmp, "config", LIMIT_ARENA_TMP);
    TRY(config_read(o->model, &c, tmp, e) && weights_open(&w, o->model, &c, e));
    bench_cost_of(&cost, &c, w);
    double n_layers = (double)(c.n_layers + (w->has_mtp ? 1 : 0));
    double embed = (double)(c.n_vocab * c.n_hidden * dtype_size(w->embed.dtype)) / 1e6;
    b->weights =
        1e3 * (cost.body_gb + cost.head_gb + cost.n_moe * (double)c.n_experts * cost.expert_gb) +
        embed;
    int64_t n_bytes =
        w->layers[0].kv_b.dtype == DTYPE_BF16 ? 2 : 4; /* engine/model.c keeps it so */
    b->copied = n_layers * (double)(c.n_heads * c.kv_rank * (c.nope_dim + c.v_dim) * n_bytes) / 1e6;
    b->token = n_layers * (double)(c.kv_rank + c.rope_dim + c.index_dim) * cost.cache_bytes;
    b->cache = (double)o->n_slots * (double)o->n_context * b->token / 1e6;
    b->results = (double)o->n_slots * ((double)c.n_vocab + 2.0 * (double)o->n_context) * 4 / 1e6;
    weights_close(w);
    return true;
}

/* Every slot filled to its context, then a token of each. */
static bool fill(struct engine *g, const struct bench_options *o, struct err *e)
{
    struct engine_info info;
    struct finished done;
    engine_describe(g, &info);
    int64_t n = o->n_context - 1;
    int32_t *ids = calloc((size_t)n, sizeof *ids);
    if (ids == NULL)
        return FAIL(e, ERR_IO, "no memory for a prompt");
    struct sampling how = {.temperature = 0, .top_p = 1, .n_out_max = 1};
    bool is_done = true;
    for (int64_t i = 0; i < o->n_slots && is_done; i++) {
        bench_ids(ids, n, info.n_vocab, (uint64_t)i);
        is_done = engine_submit(g, ids, n, &how, (uint64_t)i, e);
    }
    while (is_done && engine_n_alive(g) > 0)
        is_done = engine_step(g, e);
    while (engine_take(g, &done))
        continue;
    free(ids);
    return is_done;
}

static void put(struct json_out *w, const struct budget *b, const struct resident *opened,
                const struct resident *full)
{
    json_open(w, '{');
    json_pair_f64(w, "budget_weights_mb", b->weights);
    json_pair_f64(w, "budget_copied_mb", b->copied);
    json_pair_f64(w, "cache_bytes_per_token", b->token);
    json_pair_f64(w, "budget_cache_mb", b->cache);
    json_pair_f64(w, "budget_results_mb", b->results);
    json_pair_f64(w, "opened_own_mb", opened->own);
    json_pair_f64(w, "filled_own_mb", full->own);
    json_pair_f64(w, "filled_files_mb", full->files);
    json_pair_f64(w, "peak_mb", full->peak);
    json_close(w, '}');
}

static void print(const struct bench_options *o, const struct budget *b,
                  const struct resident *opened, const struct resident *full)
{
    double own = b->copied + b->cache + b->results;
    (void)printf("budget for %lld requests of %lld tokens\n", (long long)o->n_slots,
                 (long long)o->n_context);
    (void)printf("  weights, mapped as stored        %10.1f MB\n", b->weights);
    (void)printf("  weights copied (kv_b in two)     %10.1f MB\n", b->copied);
    (void)printf("  cache, %7.0f bytes a token     %10.1f MB\n", b->token, b->cache);
    (void)printf("  logits and tokens of the slots   %10.1f MB\n", b->results);
    (void)printf("measured\n");
    (void)printf("  own memory when opened           %10.1f MB\n", opened->own);
    (void)printf("  own memory with all slots full   %10.1f MB   %.1f MB beyond the budget: work "
                 "space, threads, tables\n",
                 full->own, full->own - own);
    (void)printf("  mapped files resident            %10.1f MB\n", full->files);
    (void)printf("  peak resident                    %10.1f MB\n", full->peak);
}

bool bench_memory(const struct bench_options *o, struct err *e)
{
    CLEANUP(json_out_free) struct json_out w = {0};
    CLEANUP(close_kernels) struct kernels *k = NULL;
    CLEANUP(close_engine) struct engine *g = NULL;
    struct budget budget = {0};
    struct resident opened;
    struct resident full;
    int64_t n_page_tokens = (o->n_context + KERNEL_PAGE - 1) / KERNEL_PAGE * KERNEL_PAGE;
    struct engine_config cfg = {.weights_dir = o->model, .n_slots = o->n_slots};
    cfg.n_kv_tokens = o->n_slots * n_page_tokens;
    if (!file_is_dir(o->model))
        return FAIL(e, ERR_IO, "%s: no such model folder", o->model);
    TRY(count(&budget, o, e));
    TRY(kernels_cpu_open(&k, (int)o->n_threads, NULL, e) && engine_open(&g, k, &cfg, e));
    look(&opened);
    TRY(fill(g, o, e));
    look(&full);
    put(&w, &budget, &opened, &full);
    if (o->as_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&w.text)));
    else
        print(o, &budget, &opened, &full);
    return true;
}
