/* report: scores out of stored runs. */
#include "base/limits.h"
#include "harness/command.h"
#include "harness/report/report.h"

static bool read_one(const char *path, struct summary *out, struct arena *keep, struct arena tmp,
                     struct err *e)
{
    CLEANUP(store_drop) struct store *store = NULL;
    TRY(store_open_read(&store, path, e));
    return summary_read(store, out, keep, tmp, e);
}

bool command_report(struct cli *c, int *rc, struct err *e)
{
    bool is_json = false;
    const struct cli_option options[] = {
        OPTION_FLAG("json", &is_json, "as JSON (of several runs: a list)"),
    };
    c->synopsis = "RUN.db [RUN.db ...] [--json]";
    c->summary = "Prints what a run says: scores with standard errors clustered by item, pass@k,\n"
                 "truncated, malformed, unanswered and ungraded replies apart, tokens and speed.\n"
                 "Several runs make one table. A run still going on can be reported on.";
    c->example = "podium report arith.db\npodium report arith.db programs.db\n"
                 "podium report arith.db --json";
    c->n_arguments_min = 1;
    c->n_arguments_max = CLI_ARGUMENTS;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    arena_init(&keep, "report", LIMIT_ARENA_RUN);
    arena_init(&tmp, "report, tmp", LIMIT_ARENA_TMP);
    const struct summary *runs[CLI_ARGUMENTS];
    for (int64_t i = 0; i < c->n_arguments; i++) {
        struct summary *s = NEW(&keep, struct summary, 1);
        TRY(read_one(c->arguments[i], s, &keep, tmp, e));
        runs[i] = s;
    }
    report_print(runs, c->n_arguments, is_json);
    *rc = EXIT_DONE;
    return true;
}
