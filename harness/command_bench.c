/* bench: what the engine reaches on this machine, beside what the machine can do at most. */
#include "base/file.h"
#include "base/limits.h"
#include "harness/bench.h"
#include "harness/bench_ceilings.h"
#include "harness/command.h"
#include "harness/interrupt.h"

struct modes {
    bool list_shapes;
    bool ceilings;
    bool accuracy;
    bool memory;
};

static const char summary[] =
    "Measures the engine on a model folder and prints one table: the ceilings of this machine,\n"
    "single kernels at the model's shapes, prompts and decoding over batch and context. There is\n"
    "no default model; --make-model writes a random one, the same bytes on every machine.\n"
    "\n"
    "A time is the median of --repeats, `spread` (longest - shortest) / median. Rows of one\n"
    "thread are timed in CPU time, which leaves out what others took; rows of several on the\n"
    "wall. `of most` is the floor over the time. The floor is the larger of bytes / measured\n"
    "read bandwidth and operations / measured peak (f32 multiply-add, or bf16 dot product where\n"
    "that is faster); ceilings are measured again before every group of rows. Bytes of a\n"
    "decoding step: all weights but experts and embedding as stored, the distinct experts that\n"
    "its tokens really chose, and the cache rows they need. Operations: two a multiply-add.\n"
    "Contexts whose prompts would take longer than --budget are skipped, and say so.";

static int count(const struct modes *m, const struct bench_options *o)
{
    return m->list_shapes + m->ceilings + m->accuracy + m->memory + (o->shape != NULL);
}

static bool check(const struct modes *m, const struct bench_options *o, const struct cli *c,
                  struct err *e)
{
    bool needs_model = m->accuracy || m->memory || count(m, o) == 0;
    if (count(m, o) > 1)
        return FAIL(e, ERR_USAGE,
                    "bench: one of --make-model, --list-shapes, --ceilings, "
                    "--accuracy and --memory at a time");
    if (o->shape == NULL && c->n_arguments > 0)
        return FAIL(e, ERR_USAGE, "bench: unexpected argument '%s'", c->arguments[0]);
    if (o->shape != NULL && c->n_arguments == 0)
        return FAIL(e, ERR_USAGE, "bench: --make-model %s needs a folder to write to", o->shape);
    if (needs_model && o->model == NULL)
        return FAIL(e, ERR_USAGE, "bench: --model DIR must be given (--make-model makes one)");
    if (needs_model && !file_is_dir(o->model))
        return FAIL(e, ERR_IO, "%s: no such model folder", o->model);
    return true;
}

static bool run(const struct modes *m, const struct bench_options *o, int *rc, struct err *e)
{
    if (m->list_shapes)
        return bench_list_shapes(o, e);
    if (m->ceilings)
        return bench_ceilings(o, e);
    if (m->accuracy)
        return bench_accuracy(o, e);
    if (m->memory)
        return bench_memory(o, e);
    return o->shape != NULL ? bench_make_model(o, rc, e) : bench_model(o, e);
}

bool command_bench(struct cli *c, int *rc, struct err *e)
{
    struct bench_options o = {
        .n_repeats = 5, .seed = 1, .budget_s = 30, .n_slots = 8, .n_context = 1024};
    struct modes m = {0};
    const struct cli_option options[] = {
        OPTION_TEXT("model", "DIR", &o.model, "the folder to measure", .env = true),
        OPTION_TEXT("only", "PATTERN", &o.only, "rows whose name holds or matches this"),
        OPTION_FLAG("quick", &o.is_quick, "few rows, one step a repeat"),
        OPTION_I64("budget", &o.budget_s, 1, 100000,
                   "seconds that a row's prompts may take (default 30)"),
        OPTION_I64("threads", &o.n_threads, 1, LIMIT_THREADS,
                   "how many `all` are (default: processors)"),
        OPTION_I64("repeats", &o.n_repeats, 5, 99, "of every measurement (default 5)"),
        OPTION_FLAG("json", &o.as_json, "the same as JSON"),
        OPTION_FLAG("ceilings", &m.ceilings, "measure this machine alone, without a model"),
        OPTION_FLAG("accuracy", &m.accuracy, "logits of every number format against f32"),
        OPTION_FLAG("memory", &m.memory, "budget and peak, all slots filled"),
        OPTION_I64("slots", &o.n_slots, 1, LIMIT_BATCH, "--memory: requests (default 8)"),
        OPTION_I64("context", &o.n_context, 2, 1 << 24, "--memory: tokens of each (default 1024)"),
        OPTION_TEXT("make-model", "SHAPE", &o.shape, "write a random model into DIR"),
        OPTION_FLAG("list-shapes", &m.list_shapes, "the shapes there are, and their sizes"),
        OPTION_LIST("set", "NAME=N", &o.set, "another size than the shape's, e.g. n_layers=4"),
        OPTION_WORD("store", "bf16|f32|fp8", &o.store, "the big matrices' type (default bf16)"),
        OPTION_U64("seed", &o.seed, "of the weights (default 1)"),
    };
    c->synopsis = "--model DIR [options] | --make-model SHAPE DIR | --ceilings | ...";
    c->summary = summary;
    c->example = "podium bench --make-model ds-mini /tmp/ds-mini\n"
                 "podium bench --model /tmp/ds-mini\n"
                 "podium bench --model /tmp/ds-mini --only 'decode batch 1*' --threads 1\n"
                 "podium bench --model assets/tiny --accuracy\n"
                 "podium bench --ceilings --json";
    c->n_arguments_max = 1;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    TRY(check(&m, &o, c, e));
    o.dir = c->n_arguments > 0 ? c->arguments[0] : NULL;
    if (run(&m, &o, rc, e))
        return true;
    if (!interrupt_came())
        return false;
    *rc = EXIT_INTERRUPTED; /* the rows so far are printed; JSON has none */
    return true;
}
