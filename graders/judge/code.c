#include "graders/judge/code.h"

#include <assert.h>

#include "graders/judge/compare.h"
#include "graders/judge/compile.h"
#include "graders/judge/fence.h"
#include "graders/judge/outcome.h"

enum { TIME_MS = 2000, MEMORY_MB = 256, STDERR_SHOWN = 300 };

/* What is to be judged, read from the item and the definition. */
struct task {
    enum language language;
    enum compare_mode mode;
    struct sandbox_limits limits;
    const struct json *tests;
    int64_t n_tests;
};

/* How one test went. Only what the evidence shows is kept; outputs may be large. */
struct test_row {
    enum outcome outcome;
    struct sandbox_result r; /* without its outputs */
    struct str stderr_head;
    struct difference d;
};

/* --- reading the item ----------------------------------------------------------------------- */

static bool read_limit(const struct json *limits, const char *name, int64_t fallback, int64_t max,
                       int64_t *out, struct err *e)
{
    const struct json *j = json_get(limits, name);
    *out = fallback;
    if (j == NULL)
        return true;
    if (!json_i64(j, out) || *out < 1 || *out > max)
        return FAIL(e, ERR_INPUT, "limits.%s is not a whole number from 1 to %lld", name,
                    (long long)max);
    return true;
}

static bool read_tests(const struct json *key, struct task *t, struct err *e)
{
    t->tests = json_get(key, "tests");
    t->n_tests = json_count(t->tests);
    if (json_kind(t->tests) != JSON_ARRAY || t->n_tests < 1)
        return FAIL(e, ERR_INPUT, "the item has no tests");
    if (t->n_tests > LIMIT_TESTS)
        return FAIL(e, ERR_LIMIT, "the item has more than %d tests", LIMIT_TESTS);
    struct str text;
    int64_t i = 1;
    for (const struct json *j = json_first(t->tests); j != NULL; j = json_next(j), i++)
        if (!json_str(json_get(j, "in"), &text) || !json_str(json_get(j, "out"), &text))
            return FAIL(e, ERR_INPUT, "test %lld has no \"in\" or no \"out\"", (long long)i);
    return true;
}

static bool read_task(const struct grade_in *in, struct task *t, struct err *e)
{
    struct str text = {0};
    int64_t time_ms = 0;
    int64_t memory_mb = 0;
    const struct json *limits = json_get(in->definition, "limits");
    *t = (struct task){.mode = COMPARE_TOKENS};
    if (!json_str(json_get(in->key, "language"), &text) || !language_from_name(text, &t->language))
        return FAIL(e, ERR_INPUT, "the item's language \"%.*s\" is not cpp or python",
                    STR_ARG(str_sub(text, 0, 40)));
    const struct json *mode = json_get(in->key, "compare");
    if (mode != NULL && (!json_str(mode, &text) || !compare_mode_from_name(text, &t->mode)))
        return FAIL(e, ERR_INPUT, "the item's \"compare\" is not tokens or lines");
    TRY(read_limit(limits, "time_ms", TIME_MS, 600000, &time_ms, e));
    TRY(read_limit(limits, "memory_mb", MEMORY_MB, 64 * LIMIT_KIB, &memory_mb, e));
    t->limits = sandbox_limits_run(time_ms, memory_mb * LIMIT_KIB);
    return read_tests(in->key, t, e);
}

/* --- running -------------------------------------------------------------------------------- */

static bool run_test(struct bench *b, const struct grade_in *in, const struct task *t,
                     const struct program *p, const struct json *test, struct test_row *row,
                     struct arena *keep, struct arena tmp, struct err *e)
{
    struct str input = {0};
    struct str want = {0};
    struct sandbox_job job = {.argv = p->argv,
                              .n_argv = p->n_argv,
                              .files = p->files,
                              .n_files = p->n_files,
                              .work_dir = str_of(in->env->work_dir),
                              .limits = t->limits};
    job.env = compile_env(&job.n_env);
    if (!json_str(json_get(test, "in"), &input) || !json_str(json_get(test, "out"), &want))
        return FAIL(e, ERR_INPUT, "a test lost its text");
    job.input = input;
    TRY(bench_run(b, &job, &row->r, &tmp, e));
    struct compare_rule rule = {.mode = t->mode};
    row->outcome = outcome_of_end(&row->r);
    if (row->outcome == OUTCOME_AC && !compare_output(&rule, want, row->r.out, &row->d))
        row->outcome = OUTCOME_WA;
    row->stderr_head = arena_str(keep, str_sub(row->r.err, 0, STDERR_SHOWN));
    row->d.got = arena_str(keep, row->d.got);
    row->d.want = arena_str(keep, row->d.want);
    row->r.isolation = arena_str(keep, row->r.isolation);
    row->r.accounting = arena_str(keep, row->r.accounting);
    return true;
}

static bool run_tests(struct bench *b, const struct grade_in *in, const struct task *t,
                      const struct program *p, struct test_row *rows, struct arena *keep,
                      struct arena tmp, struct err *e)
{
    int64_t i = 0;
    for (const struct json *j = json_first(t->tests); j != NULL; j = json_next(j), i++)
        if (!run_test(b, in, t, p, j, &rows[i], keep, tmp, e))
            return err_wrap(e, "test %lld", (long long)i + 1);
    assert(i == t->n_tests);
    return true;
}

/* --- telling -------------------------------------------------------------------------------- */

static void put_test(struct json_out *w, const struct test_row *row)
{
    json_open(w, '{');
    json_pair_str(w, "verdict", str_of(outcome_name(row->outcome)));
    json_pair_i64(w, "cpu_ms", (row->r.cpu_us + 500) / 1000);
    json_pair_i64(w, "wall_ms", (row->r.wall_us + 500) / 1000);
    json_pair_i64(w, "memory_kib", row->r.memory_kib);
    if (row->outcome != OUTCOME_AC && row->outcome != OUTCOME_WA)
        json_pair_str(w, "end", str_of(sandbox_end_name(row->r.end)));
    if (row->r.signal != 0)
        json_pair_i64(w, "signal", row->r.signal);
    if (row->r.code != 0)
        json_pair_i64(w, "code", row->r.code);
    if (row->outcome == OUTCOME_WA) {
        json_pair_i64(w, "diff_piece", row->d.i_piece);
        json_pair_i64(w, "diff_offset", row->d.offset);
        json_pair_str(w, "got", row->d.got);
    }
    if (row->outcome != OUTCOME_AC && row->stderr_head.n > 0)
        json_pair_str(w, "stderr", row->stderr_head);
    json_close(w, '}');
}

static void put_box(struct json_out *w, const struct bench *b)
{
    struct str isolation;
    struct str why_not;
    sandbox_isolation(b->box, &isolation, &why_not);
    json_pair_str(w, "isolation", isolation);
    if (why_not.n > 0)
        json_pair_str(w, "why_not_namespaces", why_not);
}

static struct str tell(const struct bench *b, const struct task *t, const struct program *p,
                       const struct test_row *rows, struct arena *keep)
{
    struct json_out w = {0};
    json_open(&w, '{');
    json_pair_str(&w, "language", str_of(language_name(p->language)));
    json_pair_str(&w, "compiler", p->tool);
    put_box(&w, b);
    json_pair_i64(&w, "time_ms", t->limits.cpu_ms);
    json_pair_i64(&w, "memory_kib", t->limits.memory_kib);
    if (!p->is_ok) {
        json_pair_str(&w, "verdict", STR("CE"));
        json_pair_str(&w, "messages", p->messages);
    } else {
        json_pair_str(&w, "accounting", rows[0].r.accounting);
        json_put_key(&w, "tests");
        json_open(&w, '[');
        for (int64_t i = 0; i < t->n_tests; i++)
            put_test(&w, &rows[i]);
        json_close(&w, ']');
    }
    json_close(&w, '}');
    struct str text = arena_str(keep, buf_str(&w.text));
    json_out_free(&w);
    return text;
}

static void conclude(const struct task *t, const struct test_row *rows, struct grade *g,
                     struct arena *keep)
{
    int64_t n_right = 0;
    int64_t first = -1;
    for (int64_t i = 0; i < t->n_tests; i++) {
        n_right += rows[i].outcome == OUTCOME_AC;
        if (first < 0 && rows[i].outcome != OUTCOME_AC)
            first = i;
    }
    g->verdict = first < 0 ? VERDICT_RIGHT : VERDICT_WRONG;
    g->score = first < 0 ? 1 : 0;
    if (first < 0)
        g->reason = arena_fmt(keep, "AC on all %lld tests", (long long)t->n_tests);
    else
        g->reason =
            arena_fmt(keep, "test %lld of %lld: %s (%lld passed)", (long long)first + 1,
                      (long long)t->n_tests, outcome_name(rows[first].outcome), (long long)n_right);
}

/* Our own failures get one prefix, so that a report can show them as such. */
static bool judge_program(const struct grade_in *in, const struct task *t, enum language l,
                          struct grade *g, struct arena *keep, struct arena tmp, struct err *e)
{
    struct bench *b = NULL;
    struct program p;
    struct test_row *rows = NEW(&tmp, struct test_row, t->n_tests);
    struct source file = {STR("prog"), g->answer};
    struct compile_in how = {.language = l, .files = &file, .n_files = 1};
    struct arena kept; /* program and notes live until the evidence is written */
    arena_init(&kept, "judging", LIMIT_GIB);
    bool ok = bench_get(in->env, &b, e) && compile(b, in->env, &how, &p, &kept, tmp, e) &&
              (!p.is_ok || run_tests(b, in, t, &p, rows, &kept, tmp, e));
    if (ok) {
        g->evidence = tell(b, t, &p, rows, keep);
        if (p.is_ok)
            conclude(t, rows, g, keep);
        else
            *g = (struct grade){VERDICT_WRONG, 0, g->answer, STR("CE"), g->evidence};
    }
    arena_fini(&kept);
    return ok || err_wrap(e, "could not grade");
}

static bool judge(const struct grade_in *in, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e)
{
    (void)question;
    struct task t;
    struct fence f;
    TRY(read_task(in, &t, e));
    *next = GRADE_DONE;
    if (!fence_last(in->reply, &f, keep)) {
        *out = (struct grade){.verdict = VERDICT_NO_ANSWER,
                              .reason = STR("no closed fenced block at the end of the reply"),
                              .evidence = STR("{}")};
        return true;
    }
    struct grade g = {.answer = f.text};
    if (f.text.n > LIMIT_SOURCE_BYTES) {
        *out = (struct grade){VERDICT_WRONG, 0, str_sub(f.text, 0, LIMIT_SOURCE_BYTES),
                              STR("CE: the program is longer than 1 MiB"), STR("{}")};
        return true;
    }
    enum language l = t.language;
    (void)language_from_name(f.info, &l);
    TRY(judge_program(in, &t, l, &g, keep, tmp, e));
    *out = g;
    return true;
}

const struct grader grader_code = {.name = "code", .version = 1, .judge = judge};
