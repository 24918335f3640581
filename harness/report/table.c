#include <math.h>
#include <stdio.h>

#include "harness/progress.h"
#include "harness/report/report.h"

/* ---- cells ---- */

/* "81.25 %", "-" for what cannot be estimated. */
static const char *percent(double x, char out[24])
{
    if (isnan(x))
        (void)snprintf(out, 24, "-");
    else
        (void)snprintf(out, 24, "%.2f", 100 * x);
    return out;
}

static const char *with_error(struct estimate x, char out[48])
{
    char mean[24];
    char se[24];
    if (isnan(x.mean))
        (void)snprintf(out, 48, "-");
    else
        (void)snprintf(out, 48, "%s%s%s", percent(x.mean, mean), isnan(x.se) ? "" : " +/- ",
                       isnan(x.se) ? "" : percent(x.se, se));
    return out;
}

static double per(int64_t total, int64_t n)
{
    return n > 0 ? (double)total / (double)n : (double)NAN;
}

static const char *mean_of(int64_t total, int64_t n, char out[24])
{
    double x = per(total, n);
    (void)snprintf(out, 24, isnan(x) ? "-" : "%.1f", x);
    return out;
}

/* ---- the page of one run ---- */

static void put_head(const struct summary *s, struct buf *out)
{
    const struct run_row *r = &s->run;
    buf_fmt(out, "%.*s, version %.*s\n", STR_ARG(r->suite), STR_ARG(r->suite_version));
    buf_fmt(out, "  model       %.*s\n", STR_ARG(r->model_dir));
    buf_fmt(out, "              %.*s\n", STR_ARG(r->model));
    buf_fmt(out,
            "  asked       %lld items x %lld samples, %s, temperature %g, top_p %g, seed %llu, ",
            (long long)r->n_items, (long long)r->n_samples, r->thinking ? "thinking" : "chat",
            r->temperature, r->top_p, (unsigned long long)r->seed);
    buf_fmt(out, "at most %lld tokens\n", (long long)r->n_out_max);
    if (s->graders.n > 0)
        buf_fmt(out, "  grader      %.*s\n", STR_ARG(s->graders));
    buf_fmt(out, "  suite       sha256 %.*s\n", STR_ARG(r->suite_sha256));
    if (r->n_void > 0)
        buf_fmt(out, "  errata      %lld items of the suite are void: not asked, not scored\n",
                (long long)r->n_void);
    if (!summary_is_whole(s))
        buf_fmt(out, "  NOT WHOLE   %lld of %lld replies are stored, %lld of them not judged yet\n",
                (long long)s->tally.n_replies, (long long)s->n_asked, (long long)s->tally.waiting);
    buf_byte(out, '\n');
}

static void put_scores(const struct summary *s, struct buf *out)
{
    char cell[48];
    buf_fmt(out, "  score       %s %%   truncated replies counted as wrong\n",
            with_error(s->scores.truncated_wrong, cell));
    buf_fmt(out, "              %s %%   truncated replies left out\n",
            with_error(s->scores.truncated_out, cell));
    for (int64_t i = 0; i < s->n_pass_at; i++) {
        char name[32];
        const struct pass_at *p = &s->pass_at[i];
        (void)snprintf(name, sizeof name, "pass@%lld", (long long)p->k);
        buf_fmt(out, "  %-11s %s %%", name, with_error(p->value, cell));
        if (p->k == 1)
            buf_fmt(out, "   avg@%lld: the mean over samples", (long long)s->run.n_samples);
        if (p->value.n < s->scores.truncated_wrong.n)
            buf_fmt(out, "   over %lld items with enough samples", (long long)p->value.n);
        buf_byte(out, '\n');
    }
    buf_byte(out, '\n');
}

static void put_tally_cells(const struct tally *t, struct buf *out)
{
    buf_fmt(out, " %6lld %6lld %5lld %9lld %9lld %9lld %9lld %8lld\n", (long long)t->right,
            (long long)t->wrong, (long long)t->part, (long long)t->no_answer,
            (long long)t->undecided, (long long)t->truncated, (long long)t->malformed,
            (long long)t->ungraded);
}

static void put_kind_line(struct str name, int64_t n_items, const struct scores *scores,
                          const struct tally *t, struct buf *out)
{
    char cell[48];
    buf_fmt(out, "  %-20.*s %6lld  %16s", STR_ARG(name), (long long)n_items,
            with_error(scores->truncated_wrong, cell));
    put_tally_cells(t, out);
}

static void put_kinds(const struct summary *s, struct buf *out)
{
    buf_fmt(out, "  %-20s %6s  %16s %6s %6s %5s %9s %9s %9s %9s %8s\n", "kind", "items", "score %",
            "right", "wrong", "part", "no_answer", "undecided", "truncated", "malformed",
            "ungraded");
    for (int64_t i = 0; i < s->n_kinds && s->n_kinds > 1; i++) {
        const struct kind_summary *k = &s->kinds[i];
        put_kind_line(k->name.n > 0 ? k->name : STR("-"), k->n_items, &k->scores, &k->tally, out);
    }
    put_kind_line(STR("all"), s->run.n_items, &s->scores, &s->tally, out);
    if (s->trouble.n > 0)
        buf_fmt(out, "  ungraded, for example: %.*s\n", STR_ARG(s->trouble));
    buf_byte(out, '\n');
}

/* Always there: a score that rests on a model is another kind of number. */
static void put_judge(const struct summary *s, struct buf *out)
{
    const struct tally *t = &s->tally;
    buf_fmt(out, "  judge       %lld verdicts came from a model", (long long)t->by_model);
    if (s->judgements.n > 0)
        buf_fmt(out, " (%lld questions, %lld of its replies undecided, %lld tokens)",
                (long long)s->judgements.n, (long long)t->asked,
                (long long)s->judgements.n_out_tokens);
    buf_byte(out, '\n');
}

static void put_tokens(const struct summary *s, struct buf *out)
{
    char mean[24];
    char time[32];
    char model[32];
    int64_t n = s->tally.n_replies;
    buf_fmt(out, "  tokens      thinking %lld (mean %s), ", (long long)s->n_thinking_tokens,
            mean_of(s->n_thinking_tokens, n, mean));
    buf_fmt(out, "answer %lld (mean %s), ", (long long)s->n_answer_tokens,
            mean_of(s->n_answer_tokens, n, mean));
    buf_fmt(out, "prompt %lld (mean %s)\n", (long long)s->n_prompt_tokens,
            mean_of(s->n_prompt_tokens, n, mean));
    buf_fmt(out, "  time        %s, of which the model %s, %.0f tokens/s\n",
            progress_time((double)s->time.wall_ms / 1000, time),
            progress_time((double)s->time.model_ms / 1000, model), summary_tokens_per_s(s));
}

void report_page(const struct summary *s, struct buf *out)
{
    put_head(s, out);
    put_scores(s, out);
    put_kinds(s, out);
    put_judge(s, out);
    put_tokens(s, out);
}

/* ---- several runs ---- */

static void put_row(const struct summary *s, struct buf *out)
{
    char score[48];
    char without[48];
    char pass[24];
    char thinking[24];
    char answer[24];
    char time[32];
    const struct tally *t = &s->tally;
    const struct pass_at *last = &s->pass_at[s->n_pass_at - 1];
    buf_fmt(out, "%-12.*s %5lld x %-3lld %16s %16s", STR_ARG(s->run.suite),
            (long long)s->run.n_items, (long long)s->run.n_samples,
            with_error(s->scores.truncated_wrong, score),
            with_error(s->scores.truncated_out, without));
    buf_fmt(out, " %7s %9lld %9lld %8lld %9lld %9lld %8lld", percent(last->value.mean, pass),
            (long long)t->no_answer, (long long)t->undecided, (long long)t->by_model,
            (long long)t->truncated, (long long)t->malformed, (long long)t->ungraded);
    buf_fmt(out, " %8s %6s %8.0f %7s%s\n", mean_of(s->n_thinking_tokens, t->n_replies, thinking),
            mean_of(s->n_answer_tokens, t->n_replies, answer), summary_tokens_per_s(s),
            progress_time((double)s->time.wall_ms / 1000, time),
            summary_is_whole(s) ? "" : "  NOT WHOLE");
}

void report_table(const struct summary *const *runs, int64_t n, struct buf *out)
{
    buf_fmt(out, "%-12s %-11s %16s %16s %7s %9s %9s %8s %9s %9s %8s %8s %6s %8s %7s\n", "suite",
            "items x k", "score %", "w/o truncated", "pass@k", "no_answer", "undecided", "by_model",
            "truncated", "malformed", "ungraded", "thinking", "answer", "tokens/s", "time");
    for (int64_t i = 0; i < n; i++)
        put_row(runs[i], out);
}
