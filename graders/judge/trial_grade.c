/* A legacy Kattis package's own grader: a line "CODE score" for each result on its standard input,
 * one such line on its standard output. The format knows four codes, and so what we tell apart in
 * more is told in those; and what it answers is said again in ours, of a result that had it. */
#include <math.h>
#include <stdio.h>

#include "graders/judge/trial.h"

static const char *code_of(enum outcome o)
{
    switch (o) {
    case OUTCOME_AC:
    case OUTCOME_PC:
        return "AC";
    case OUTCOME_PE:
    case OUTCOME_WA:
    case OUTCOME_PV:
        return "WA";
    case OUTCOME_TLE:
        return "TLE";
    default:
        return "RTE";
    }
}

/* MLE and OLE are of the reference tools, not of the format. */
static bool outcome_of_code(struct str code, enum outcome *out)
{
    static const struct {
        const char *code;
        enum outcome outcome;
    } known[] = {{"AC", OUTCOME_AC},   {"WA", OUTCOME_WA},   {"RTE", OUTCOME_RE},
                 {"TLE", OUTCOME_TLE}, {"MLE", OUTCOME_MLE}, {"OLE", OUTCOME_OLE}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(code, str_of(known[i].code))) {
            *out = known[i].outcome;
            return true;
        }
    return false;
}

static void put_score(struct buf *b, double score)
{
    char text[400];
    double back = 0;
    for (int digits = 0; digits <= 12; digits++) {
        int n = snprintf(text, sizeof text, "%.*f", digits, score);
        if (n < (int)sizeof text && str_f64(str_of(text), &back) && back == score) {
            buf_put(b, str_of(text));
            return;
        }
    }
    buf_fmt(b, "%.17g", score);
}

static bool next_word(struct str *rest, struct str *word)
{
    *rest = str_trim(*rest);
    int64_t n = 0;
    while (n < rest->n && rest->at[n] > ' ')
        n++;
    *word = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, n, rest->n);
    return n > 0;
}

bool trial_read_grade(struct str said, struct group_result *out, struct err *e)
{
    struct str rest = said;
    struct str code = {0};
    struct str number = {0};
    struct str more = {0};
    double score = 0;
    enum outcome o = OUTCOME_AC;
    if (!next_word(&rest, &code) || !next_word(&rest, &number) || next_word(&rest, &more) ||
        !outcome_of_code(code, &o) || !str_f64_any(number, &score) || !isfinite(score))
        return FAIL(e, ERR_INPUT, "answered \"%.*s\", which is no code with a score",
                    STR_ARG(str_sub(str_trim(said), 0, 60)));
    *out = (struct group_result){o, score, -1};
    return true;
}

/* "RTE" of a group whose results are MLE is MLE. */
static void name_again(const struct group_result *members, int64_t n, struct group_result *out)
{
    for (int64_t i = 0; i < n; i++)
        if (out->outcome != OUTCOME_AC && members[i].outcome != OUTCOME_SKIPPED &&
            strcmp(code_of(members[i].outcome), code_of(out->outcome)) == 0) {
            out->outcome = members[i].outcome;
            return;
        }
}

static bool run_grader(const struct trial *t, int64_t i, struct str lines, struct sandbox_result *r,
                       struct arena *tmp, struct err *e)
{
    const struct task_group *g = &t->task->groups[i];
    struct sandbox_job job;
    trial_task_job(t, &t->group_grader, g->grader_flags, g->n_grader_flags, &job, tmp);
    job.input = lines;
    TRY(bench_run(t->bench, &job, r, tmp, e));
    return (r->end == SANDBOX_EXITED && r->code == 0) ||
           FAIL(e, ERR_INPUT, "ended by %s, code %lld: %.*s", sandbox_end_name(r->end),
                (long long)r->code, STR_ARG(str_sub(r->err, 0, 100)));
}

bool trial_grade(const struct trial *t, int64_t i, const struct group_result *members, int64_t n,
                 struct group_result *out, struct arena tmp, struct err *e)
{
    struct sandbox_result r;
    struct buf lines = {0};
    for (int64_t k = 0; k < n; k++) {
        buf_fmt(&lines, "%s ", code_of(members[k].outcome));
        put_score(&lines, members[k].score);
        buf_put(&lines, STR("\n"));
    }
    bool ok = run_grader(t, i, buf_str(&lines), &r, &tmp, e) && trial_read_grade(r.out, out, e);
    buf_free(&lines);
    if (!ok)
        return err_wrap(e, "%.*s", STR_ARG(t->task->group_grader.name));
    name_again(members, n, out);
    return true;
}
