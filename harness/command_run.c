/* run: a suite, a model, a file; everything else has a default that the suite knows. */
#include <inttypes.h>
#include <stdio.h>

#include "base/limits.h"
#include "harness/command.h"
#include "harness/interrupt.h"
#include "harness/model_local.h"
#include "harness/report/report.h"
#include "harness/run.h"
#include "harness/workers.h"

struct options {
    const char *model;
    const char *out;
    const char *trace;
    int quant, kv, weights, draft;
    bool template_compat;
    bool json;
    bool quiet;
    bool rehash;
    bool has_samples, has_temperature, has_top_p, has_tokens;
    int64_t samples, max_tokens, limit, threads, jobs, slots, draft_tokens;
    uint64_t seed;
    double temperature, top_p, time_scale;
};

/* What a run holds open, in the order of opening: the lock on its file first, the workers before
 * the engine. */
struct parts {
    struct arena keep, tmp;
    struct suite suite;
    struct store *store;
    struct workers workers;
    struct local local;
    struct model *model;
    struct trace *trace;
};

static void close_parts(struct parts *p)
{
    if (p->model != NULL)
        p->model->ops->close(p->model);
    trace_close(p->trace);
    local_close(&p->local);
    workers_close(&p->workers);
    store_close(p->store);
    suite_close(&p->suite);
    arena_fini(&p->keep);
    arena_fini(&p->tmp);
}

/* "arith.db" in the current folder, also for a definition file given by path. */
static const char *default_out(const struct suite *s, struct arena *keep)
{
    return arena_fmt(keep, "%.*s.db", STR_ARG(s->name)).at;
}

/* As it was called. Guessing is named in any case, because the environment may have chosen it. */
static struct str argv_json(const struct cli *c, const struct options *o, struct arena *keep)
{
    struct json_out w = {0};
    json_open(&w, '[');
    json_put_str(&w, str_of(c->command));
    for (int i = 0; i < c->argc; i++)
        json_put_str(&w, str_of(c->argv[i]));
    if (o->draft != DRAFT_NONE) {
        json_put_str(&w, STR("--draft"));
        json_put_str(&w, str_of(local_draft_name((enum draft)o->draft)));
    }
    json_close(&w, ']');
    struct str text = arena_str(keep, buf_str(&w.text));
    json_out_free(&w);
    return text;
}

static bool open_trace(struct parts *p, const char *path, bool is_quiet, struct err *e)
{
    struct trace_head head = local_trace_head(&p->local);
    int64_t n_cut = 0;
    TRY(trace_open(&p->trace, path, &head, &n_cut, e));
    if (n_cut > 0 && !is_quiet)
        (void)fprintf(stderr, "%s: %" PRId64 " bytes of a record that was not whole cut off\n",
                      path, n_cut);
    return true;
}

static bool open_parts(struct parts *p, const struct options *o, const char *suite, const char *out,
                       struct err *e)
{
    struct local_config local = {.dir = o->model,
                                 .quant = o->quant == 1 ? QUANT_FP8 : QUANT_NONE,
                                 .kv = (enum kv_type)o->kv,
                                 .weights = (enum weight_mode)o->weights,
                                 .n_threads = o->threads,
                                 .is_traced = o->trace != NULL,
                                 .draft = (enum draft)o->draft,
                                 .n_draft = o->draft_tokens,
                                 .n_slots = o->slots,
                                 .is_rehashed = o->rehash,
                                 .template_compat = o->template_compat};
    TRY(suite_open(&p->suite, suite, &p->keep, p->tmp, e));
    out = out != NULL ? out : default_out(&p->suite, &p->keep);
    TRY(store_open_write(&p->store, out, e));
    struct workers_options how = {.n_workers = o->jobs,
                                  .time_scale = o->time_scale,
                                  .measures = !str_eq(p->suite.grader, STR("math"))};
    TRY(workers_open(&p->workers, out, &how, e));
    TRY(local_open(&p->local, &local, e));
    TRY(local_identify(&p->local, e));
    TRY(model_local_open(&p->model, &p->local, e));
    return o->trace == NULL || open_trace(p, o->trace, o->quiet, e);
}

static struct run_config config_of(struct parts *p, const struct options *o, struct str argv)
{
    const struct suite *s = &p->suite;
    return (struct run_config){
        .store = p->store,
        .model = p->model,
        .pool = p->workers.pool,
        .trace = p->trace,
        .suite = s,
        .strategy = &strategy_sample,
        .model_dir = str_of(o->model),
        .argv = argv,
        .n_items = o->limit > 0 && o->limit < s->n_items ? o->limit : s->n_items,
        .n_samples = o->has_samples ? o->samples : s->n_samples,
        .seed = o->seed,
        .temperature = o->has_temperature ? o->temperature : s->temperature,
        .top_p = o->has_top_p ? o->top_p : s->top_p,
        .n_out_max = o->has_tokens ? o->max_tokens : s->n_out_max,
        .is_quiet = o->quiet,
    };
}

/* How often the guesses of this session were right. */
static void say_guesses(const struct options *o, const struct local *l)
{
    struct engine_stats s;
    engine_stats(l->engine, &s);
    if (o->quiet || s.n_drafted == 0)
        return;
    (void)fprintf(stderr,
                  "--draft %s: %" PRId64 " tokens guessed ahead, %" PRId64
                  " right (%.1f %%), %.2f tokens a step and request\n",
                  local_draft_name(l->config.draft), s.n_drafted, s.n_accepted,
                  100.0 * (double)s.n_accepted / (double)s.n_drafted,
                  (double)s.n_sampled / (double)(s.n_sampled - s.n_accepted));
}

static bool run(const struct cli *c, const struct options *o, int *rc, struct err *e)
{
    CLEANUP(close_parts) struct parts p = {0};
    struct run_result result = {0};
    bool has_ungraded = false;
    arena_init(&p.keep, "run", LIMIT_ARENA_RUN);
    arena_init(&p.tmp, "run, tmp", LIMIT_ARENA_TMP);
    TRY(open_parts(&p, o, c->arguments[0], o->out, e));
    struct run_config config = config_of(&p, o, argv_json(c, o, &p.keep));
    interrupt_watch();
    TRY(run_all(&config, &result, &p.keep, p.tmp, e));
    say_guesses(o, &p.local);
    if (result.n_reused > 0 && !o->quiet)
        (void)fprintf(stderr, "%" PRId64 " replies were stored before, %" PRId64 " are new\n",
                      result.n_reused, result.n_new);
    if (result.is_interrupted) {
        (void)fprintf(stderr,
                      "podium: interrupted; %" PRId64 " replies are stored, the same "
                      "command goes on from there\n",
                      result.n_reused + result.n_new);
        *rc = EXIT_INTERRUPTED;
        return true;
    }
    TRY(report_print_run(p.store, o->json, &has_ungraded, e));
    workers_warn(&p.workers);
    *rc = has_ungraded ? EXIT_UNGRADED : EXIT_DONE;
    return true;
}

bool command_run(struct cli *c, int *rc, struct err *e)
{
    struct options o = {.template_compat = true};
    const struct cli_option options[] = {
        OPTION_TEXT("model", "DIR", &o.model, "folder of the model (required)", .env = true),
        OPTION_TEXT("out", "RUN.db", &o.out, "file of the run (default: SUITE.db)"),
        OPTION_TEXT("trace", "FILE", &o.trace, "record experts and kept sets for a trainer"),
        OPTION_I64("samples", &o.samples, 1, 100000, "replies per item (default: the suite's)",
                   .is_given = &o.has_samples),
        OPTION_U64("seed", &o.seed, "seed of the run (default 0)"),
        OPTION_F64("temperature", &o.temperature, 0, 100, "default: the suite's; 0 is greedy",
                   .is_given = &o.has_temperature),
        OPTION_F64("top-p", &o.top_p, 0.000001, 1, "default: the suite's",
                   .is_given = &o.has_top_p),
        OPTION_I64("max-tokens", &o.max_tokens, 1, 100000000, "of one reply (default: the suite's)",
                   .is_given = &o.has_tokens),
        OPTION_I64("limit", &o.limit, 1, 100000000, "only the first N items"),
        OPTION_WORD("quant", "none|fp8", &o.quant, "activations (default none)", .env = true),
        OPTION_WORD("kv", LOCAL_KV_TYPES, &o.kv, "numbers in the cache (default f32)", .env = true),
        OPTION_WORD("weights", LOCAL_WEIGHTS, &o.weights, "matrices, made at load (default stored)",
                    .env = true),
        OPTION_SWITCH("template-compat", &o.template_compat,
                      "control strings in texts count, as officially (default on)"),
        OPTION_I64("threads", &o.threads, 1, LIMIT_THREADS, "of the engine (default: processors)",
                   .env = true),
        OPTION_WORD("draft", LOCAL_DRAFTS, &o.draft, "guess tokens ahead (default none)",
                    .env = true),
        OPTION_I64("draft-tokens", &o.draft_tokens, 1, LIMIT_DRAFT,
                   "guesses a step (default: ngram 4, mtp 1)", .env = true),
        OPTION_I64("slots", &o.slots, 1, LIMIT_BATCH, "replies generated at once", .env = true),
        OPTION_I64("jobs", &o.jobs, 1, 256, "grading workers (default: processors, at most 4)",
                   .env = true),
        OPTION_F64("time-scale", &o.time_scale, 0.01, 1000,
                   "factor on the time limits of programs"),
        OPTION_FLAG("json", &o.json, "end with the report as JSON"),
        OPTION_FLAG("quiet", &o.quiet, "no progress"),
        OPTION_FLAG("rehash", &o.rehash, "read the weights whole, even if their digest is known"),
    };
    c->synopsis = "SUITE --model DIR [options]";
    c->summary =
        "Lets the model answer the suite, stores every reply before it is judged, grades,\n"
        "and prints the report. The same command goes on where it was stopped: Ctrl-C,\n"
        "kill -9 or a full disk lose at most the replies in flight. Threads, slots, jobs and\n"
        "drafts may differ from session to session, the rest may not.\n"
        "Exit codes: 0 done, 3 some replies could not be graded, 130 interrupted.";
    c->example = "podium run arith --model assets/tiny\n"
                 "podium run arith --model assets/tiny --samples 8 --seed 7 --out seven.db";
    c->n_arguments_min = 1;
    c->n_arguments_max = 1;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (o.model == NULL)
        return FAIL(e, ERR_USAGE, "run: --model DIR must be given");
    return run(c, &o, rc, e);
}
