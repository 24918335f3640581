/* grade: the replies are kept, the verdicts are not: judge them again. */
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "harness/command.h"
#include "harness/explain.h"
#include "harness/grading.h"
#include "harness/interrupt.h"
#include "harness/progress.h"
#include "harness/report/report.h"
#include "harness/workers.h"

enum { NOTES_MAX = 64, SHOWN_MAX = 20, WAIT_MS = 100 };

struct regrade {
    struct store *store;
    struct run_row run;
    const struct item *items;
    struct stored *rows; /* by id */
    int64_t n_rows;
    struct grading grading;
    struct progress progress;
    int64_t n_to_right, n_from_right, n_other, n_ungraded;
};

static int by_id(const void *a, const void *b)
{
    const struct stored *x = a;
    const struct stored *y = b;
    return x->reply.id < y->reply.id ? -1 : x->reply.id > y->reply.id;
}

static bool is_right(bool is_graded, enum verdict v)
{
    return is_graded && v == VERDICT_RIGHT;
}

static struct str said(bool has_grade, bool is_graded, enum verdict v)
{
    return !has_grade ? STR("not judged") : is_graded ? verdict_name(v) : STR("ungraded");
}

static void show_change(const struct regrade *g, const struct stored *was,
                        const struct grading_note *now)
{
    int64_t n_shown = g->n_to_right + g->n_from_right + g->n_other;
    if (n_shown > SHOWN_MAX)
        return;
    (void)printf("  %.*s sample %lld: %.*s -> %.*s (%s)\n", STR_ARG(g->items[was->reply.i_item].id),
                 (long long)was->reply.sample,
                 STR_ARG(said(was->has_grade, was->grade.trouble.n == 0, was->grade.verdict)),
                 STR_ARG(said(true, now->is_graded, now->verdict)), now->text);
    if (n_shown == SHOWN_MAX)
        (void)printf("  ... (the store has them all)\n");
}

static void compare(struct regrade *g, const struct grading_note *now, bool is_json)
{
    struct stored want = {.reply.id = now->reply_id};
    const struct stored *was = bsearch(&want, g->rows, (size_t)g->n_rows, sizeof *g->rows, by_id);
    bool was_graded = was->has_grade && was->grade.trouble.n == 0;
    bool was_right = is_right(was_graded, was->grade.verdict);
    bool now_right = is_right(now->is_graded, now->verdict);
    bool is_same = was_graded == now->is_graded && was->has_grade &&
                   (!now->is_graded || was->grade.verdict == now->verdict);
    g->n_ungraded += !now->is_graded;
    g->progress.n_ungraded = g->n_ungraded;
    g->progress.n_done++;
    g->progress.n_scored += now->is_graded;
    g->progress.score_sum += now->is_graded ? now->score : 0;
    g->n_to_right += now_right && !was_right;
    g->n_from_right += was_right && !now_right;
    g->n_other += !is_same && now_right == was_right;
    if (!is_same && !is_json)
        show_change(g, was, now);
}

static bool judge_all(struct regrade *g, bool is_json, struct err *e)
{
    while (grading_n_left(&g->grading) > 0 && !interrupt_came()) {
        struct grading_note notes[NOTES_MAX];
        int64_t n = 0;
        TRY(grading_step(&g->grading, WAIT_MS, (struct work_time){0}, notes, NOTES_MAX, &n, e));
        for (int64_t i = 0; i < n; i++)
            compare(g, &notes[i], is_json);
        progress_show(&g->progress);
    }
    return true;
}

/* Judging again asks no model; what one said before is in the store. */
static bool find_judge(struct regrade *g, struct err *e)
{
    struct json *definition = NULL;
    struct str judge = {0};
    TRY(json_parse(g->run.definition, "the stored definition", &definition, e));
    g->grading.has_judge =
        json_str(json_get(definition, "judge"), &judge) && str_eq(judge, STR("model"));
    json_free(definition);
    return true;
}

static bool load(struct regrade *g, struct arena *keep, struct err *e)
{
    struct item *items = NULL;
    int64_t n_items = 0;
    TRY(store_get_run(g->store, &g->run, keep, e));
    TRY(store_get_items(g->store, &items, &n_items, keep, e));
    TRY(store_get_all(g->store, &g->rows, &g->n_rows, keep, e));
    qsort(g->rows, (size_t)g->n_rows, sizeof *g->rows, by_id);
    g->items = items;
    g->grading.store = g->store;
    g->grading.grader = g->run.grader;
    g->grading.definition = g->run.definition;
    g->grading.items = items;
    g->grading.judge = g->run.model;
    TRY(find_judge(g, e));
    grading_init(&g->grading, g->n_rows, keep);
    for (int64_t i = 0; i < g->n_rows; i++) {
        if (g->rows[i].reply.end == REPLY_WHOLE)
            grading_put(&g->grading, g->rows[i].reply.id, g->rows[i].reply.i_item);
    }
    g->progress.name = g->run.suite;
    g->progress.n_total = g->grading.n_jobs;
    return true;
}

static void print_changes(const struct regrade *g, bool is_json)
{
    int64_t n = g->progress.n_done;
    int64_t n_sides = g->n_to_right + g->n_from_right;
    if (is_json)
        (void)printf("{\"judged\":%lld,\"to_right\":%lld,\"from_right\":%lld,\"other\":%lld,"
                     "\"ungraded\":%lld}\n",
                     (long long)n, (long long)g->n_to_right, (long long)g->n_from_right,
                     (long long)g->n_other, (long long)g->n_ungraded);
    else
        (void)printf("%lld replies judged again: %lld changed sides (%lld to right, %lld from "
                     "right), %lld other changes, %lld ungraded\n",
                     (long long)n, (long long)n_sides, (long long)g->n_to_right,
                     (long long)g->n_from_right, (long long)g->n_other, (long long)g->n_ungraded);
}

static bool regrade(const char *path, int64_t n_jobs, double time_scale, bool is_json, int *rc,
                    struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(store_drop) struct store *store = NULL; /* its lock outlives the workers */
    CLEANUP(workers_close) struct workers workers = {0};
    struct regrade g = {0};
    arena_init(&keep, "grade", LIMIT_ARENA_RUN);
    TRY(store_open_grade(&store, path, e));
    struct workers_options o = {
        .n_workers = n_jobs, .is_pinned = true, .time_scale = time_scale, .measures = true};
    TRY(workers_open(&workers, path, &o, e));
    g.store = store;
    g.grading.pool = workers.pool;
    TRY(load(&g, &keep, e));
    interrupt_watch();
    progress_begin(&g.progress, g.progress.n_total == 0);
    bool ok = judge_all(&g, is_json, e);
    progress_end(&g.progress);
    grading_fini(&g.grading);
    if (!ok)
        return false;
    print_changes(&g, is_json);
    *rc = interrupt_came() ? EXIT_INTERRUPTED : g.n_ungraded > 0 ? EXIT_UNGRADED : EXIT_DONE;
    return true;
}

/* Looks only: no lock, no workers, nothing stored. */
static bool explain(const char *path, const char *item, int64_t sample, bool is_json, int *rc,
                    struct err *e)
{
    CLEANUP(arena_fini) struct arena keep = {0};
    CLEANUP(arena_fini) struct arena tmp = {0};
    CLEANUP(store_drop) struct store *store = NULL;
    CLEANUP(buf_free) struct buf out = {0};
    arena_init(&keep, "explain", LIMIT_ARENA_RUN);
    arena_init(&tmp, "explain, tmp", LIMIT_ARENA_TMP);
    TRY(store_open_read(&store, path, e));
    TRY(explain_item(store, str_of(item), sample, is_json, &out, &keep, tmp, e));
    (void)fwrite(out.at, 1, (size_t)out.n, stdout);
    *rc = EXIT_DONE;
    return true;
}

bool command_grade(struct cli *c, int *rc, struct err *e)
{
    bool is_json = false;
    int64_t n_jobs = 0;
    double time_scale = 0;
    const char *item = NULL;
    int64_t sample = -1;
    const struct cli_option options[] = {
        OPTION_I64("jobs", &n_jobs, 1, 256, "grading workers (default: one a processor, at most 4)",
                   .env = true),
        OPTION_F64("time-scale", &time_scale, 0.01, 1000, "factor on the time limits of programs"),
        OPTION_TEXT("explain", "ITEM", &item, "judge nothing: say why the item got its verdicts"),
        OPTION_I64("sample", &sample, 0, 1000000, "of --explain: only this one"),
        OPTION_FLAG("json", &is_json, "the counts, or the explanation, as JSON"),
    };
    c->synopsis = "RUN.db [--jobs N] [--time-scale X] [--explain ITEM [--sample N]] [--json]";
    c->summary = "Judges every stored reply again with the graders of this podium, without the\n"
                 "model, and says which verdicts changed. Old grades stay in the file; the new\n"
                 "ones count. Exit code 3 when some replies could not be graded. No judge model\n"
                 "is asked: what one said in the run is used, the rest is undecided.\n"
                 "With --explain it shows how the verdicts on one item came about: the answer in\n"
                 "its place, both sides as they were read, what compared them, and how surely.";
    c->example = "podium grade arith.db\npodium grade arith.db --explain arith-007 --sample 0";
    c->n_arguments_min = 1;
    c->n_arguments_max = 1;
    CLI_TABLE(c, options);
    TRY(cli_read(c, e));
    if (c->is_help)
        return true;
    if (item != NULL)
        return explain(c->arguments[0], item, sample, is_json, rc, e);
    if (sample >= 0)
        return FAIL(e, ERR_USAGE, "grade: --sample N is for --explain ITEM");
    return regrade(c->arguments[0], n_jobs, time_scale, is_json, rc, e);
}
