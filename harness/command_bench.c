/* bench: what the engine reaches on this machine, beside what the machine can do at most. */
#include "base/limits.h"
#include "harness/bench.h"
#include "harness/bench_ceilings.h"
#include "harness/command.h"

struct modes {
    bool list_shapes;
    bool ceilings;
};

static bool run(const struct modes *m, const struct bench_options *o, int *rc, struct err *e)
{
    if (m->list_shapes)
        return bench_list_shapes(o, e);
    if (m->ceilings)
        return bench_ceilings(o, e);
    if (o->shape != NULL)
        return bench_make_model(o, rc, e);
    if (o->model != NULL)
        return bench_model(o, e);
    return FAIL(e, ERR_USAGE, "bench: --model DIR or --make-model SHAPE DIR must be given");
}

bool command_bench(struct cli *c, int *rc, struct err *e)
{
    struct bench_options o = {.n_repeats = 5, .seed = 1, .budget_s = 30};
    struct modes m = {0};
    const struct cli_option options[] = {
        OPTION_TEXT("model", "DIR", &o.model, "measure kernels and engine on this model",
                    .env = true),
        OPTION_TEXT("only", "PATTERN", &o.only, "rows whose name holds or matches this"),
        OPTION_FLAG("quick", &o.is_quick, "few rows, one step a repeat"),
        OPTION_I64("budget", &o.budget_s, 1, 100000,
                   "seconds that a row's prompts may take, or it is skipped (default 30)"),
        OPTION_TEXT("make-model", "SHAPE", &o.shape, "write a random model into DIR"),
        OPTION_FLAG("list-shapes", &m.list_shapes, "the shapes there are, and their sizes"),
        OPTION_FLAG("ceilings", &m.ceilings, "measure this machine alone, without a model"),
        OPTION_I64("threads", &o.n_threads, 1, LIMIT_THREADS,
                   "what `all` means (default: processors)"),
        OPTION_I64("repeats", &o.n_repeats, 5, 99, "of every measurement (default 5)"),
        OPTION_LIST("set", "NAME=N", &o.set, "another size than the shape's, e.g. n_layers=4"),
        OPTION_WORD("store", "bf16|f32|fp8", &o.store, "the big matrices' type (default bf16)"),
        OPTION_U64("seed", &o.seed, "of the weights (default 1)"),
        OPTION_FLAG("json", &o.as_json, "the same as JSON"),
    };
    c->synopsis = "--make-model SHAPE DIR [options]";
    c->summary = "Makes random models of the architecture, the same bytes on every machine.";
    c->example = "podium bench --list-shapes\n"
                 "podium bench --make-model ds-mini /tmp/ds-mini";
    c->n_arguments_max = 1;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (o.shape == NULL && c->n_arguments > 0)
        return FAIL(e, ERR_USAGE, "bench: unexpected argument '%s'", c->arguments[0]);
    if (o.shape != NULL && c->n_arguments == 0)
        return FAIL(e, ERR_USAGE, "bench: --make-model %s needs a folder to write to", o.shape);
    o.dir = c->n_arguments > 0 ? c->arguments[0] : NULL;
    return run(&m, &o, rc, e);
}
