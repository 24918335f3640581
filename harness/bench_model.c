/* bench --model: ceilings, kernels at the model's shapes, the engine on the model. */
#include <stdio.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"
#include "engine/shapes.h"
#include "engine/weights.h"
#include "harness/bench.h"
#include "harness/bench_ceilings.h"
#include "harness/bench_cost.h"
#include "harness/bench_engine.h"
#include "harness/bench_kernels.h"
#include "harness/interrupt.h"

static void close_ceilings(struct ceilings **c)
{
    ceilings_close(*c);
}

static bool read_cost(const char *dir, struct model_config *c, struct bench_cost *out,
                      struct err *e)
{
    CLEANUP(arena_fini) struct arena tmp = {0};
    struct weights *w = NULL;
    if (!file_is_dir(dir))
        return FAIL(e, ERR_IO, "%s: no such model folder", dir);
    arena_init(&tmp, "config", LIMIT_ARENA_TMP);
    TRY(config_read(dir, c, tmp, e) && weights_open(&w, dir, c, e));
    bench_cost_of(out, c, w);
    weights_close(w);
    return true;
}

static void print_head(const struct bench_options *o, const struct model_config *c,
                       const struct bench_cost *cost)
{
    struct shape_count n = shape_count(c);
    if (o->as_json)
        return;
    (void)printf("model %s: %.1f M parameters, %.1f M a token; a token reads %.0f MB\n\n", o->model,
                 (double)n.n_params / 1e6, (double)n.n_active / 1e6,
                 1e3 * (cost->body_gb + cost->head_gb +
                        cost->n_moe * (double)c->n_experts_used * cost->expert_gb));
}

static bool rows(const struct bench_options *o, struct bench_table *t, struct err *e)
{
    CLEANUP(close_ceilings) struct ceilings *c = NULL;
    struct bench_most most;
    struct model_config config = {0};
    struct bench_cost cost = {0};
    TRY(read_cost(o->model, &config, &cost, e));
    print_head(o, &config, &cost);
    TRY(ceilings_open(&c, (int)o->n_threads, e));
    TRY(bench_measure_most(&most, c, o->n_repeats, t, e));
    int n_threads[2] = {1, ceilings_n_threads(c)};
    struct bench_kernels kernels = {o, t, &most, c, &config};
    struct bench_engine engine = {o, t, &most, c, &cost, {.weights_dir = o->model}};
    for (int i = 0; i < (n_threads[1] > 1 ? 2 : 1); i++) {
        TRY(bench_kernel_rows(&kernels, n_threads[i], e));
        TRY(bench_engine_rows(&engine, n_threads[i], e));
    }
    return true;
}

bool bench_model(const struct bench_options *o, struct err *e)
{
    CLEANUP(bench_table_end) struct bench_table t = {0};
    bench_table_begin(&t, o->only, o->as_json);
    interrupt_watch();
    TRY(rows(o, &t, e));
    json_close(&t.json, ']');
    if (o->as_json)
        (void)printf("%.*s\n", STR_ARG(buf_str(&t.json.text)));
    return true;
}
