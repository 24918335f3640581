#include "graders/judge/task_grader.h"

#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/hash.h"
#include "graders/judge/evaluate.h"
#include "graders/judge/fence.h"
#include "graders/task/sources.h"

/* A worker judges many submissions of one task: it is read once. Nothing in here can change a
 * verdict, unless the package changes under a running podium. */
static struct {
    char path[LIMIT_PATH_BYTES];
    struct arena keep;
    struct task task;
    struct task_hashes hashes;
    const struct group_result *best;
} known;

void task_grader_close(void)
{
    arena_fini(&known.keep);
    known.keep = (struct arena){0};
    known.path[0] = 0;
}

static bool open_task(struct str path, const struct task **out, struct arena tmp, struct err *e)
{
    *out = &known.task;
    if (path.n > 0 && str_eq(path, str_of(known.path)))
        return true;
    if (path.n >= LIMIT_PATH_BYTES)
        return FAIL(e, ERR_INPUT, "the task's path is too long");
    task_grader_close();
    arena_init(&known.keep, "task", LIMIT_ARENA_RUN);
    char z[LIMIT_PATH_BYTES];
    (void)snprintf(z, sizeof z, "%.*s", STR_ARG(path));
    TRY(task_read(z, &known.task, &known.keep, tmp, e));
    TRY(task_hash(&known.task, &known.hashes, tmp, e));
    known.best = scoring_best(&known.task, &known.keep);
    (void)snprintf(known.path, sizeof known.path, "%s", z);
    return true;
}

/* --- the submission --------------------------------------------------------------------------- */

static bool take_annotated(const struct task *t, struct str name, struct evaluate_in *in,
                           struct err *e)
{
    for (int64_t i = 0; i < t->n_submissions; i++) {
        const struct task_submission *s = &t->submissions[i];
        if (!str_eq(s->name, name))
            continue;
        if (s->why_not.n > 0)
            return FAIL(e, ERR_UNSUPPORTED, "%.*s: %.*s", STR_ARG(name), STR_ARG(s->why_not));
        in->files = s->files;
        in->n_files = s->n_files;
        in->language = s->language;
        in->entry = s->entry;
        return true;
    }
    return FAIL(e, ERR_INPUT, "the package has no submission %.*s", STR_ARG(name));
}

static bool take_texts(const struct json *files, struct evaluate_in *in, struct arena *keep,
                       struct err *e)
{
    int64_t n = 0;
    struct source *s = NEW(keep, struct source, json_count(files));
    for (const struct json *j = json_first(files); j != NULL; j = json_next(j), n++)
        if (!json_str(json_get(j, "name"), &s[n].name) ||
            !json_str(json_get(j, "text"), &s[n].text))
            return FAIL(e, ERR_INPUT, "\"files\" wants name and text");
    in->files = s;
    in->n_files = n;
    return true;
}

/* The program in a reply. False in *has_one when there is none. */
static bool take_fence(const struct grade_in *g, struct evaluate_in *in, bool *has_one,
                       struct arena *keep)
{
    struct fence f;
    struct source *s = NEW(keep, struct source, 1);
    *has_one = fence_last(g->reply, &f, keep);
    if (!*has_one)
        return true;
    enum language l = in->language;
    (void)language_from_name(f.info, &l);
    in->language = l;
    *s = (struct source){sources_file_name(l), f.text};
    in->files = s;
    in->n_files = 1;
    return true;
}

static bool take_path(struct str path, bool has_language, struct evaluate_in *in,
                      struct arena *keep, struct err *e)
{
    enum language l = in->language;
    TRY(sources_read(arena_str(keep, path).at, &in->files, &in->n_files, keep, e));
    if (has_language || in->task->kind == TASK_OUTPUT_ONLY)
        return true;
    if (!sources_language(in->files, in->n_files, &l))
        return FAIL(e, ERR_USAGE, "%.*s: which language? Say FILE:LANG", STR_ARG(path));
    in->language = l;
    return true;
}

static bool take_submission(const struct grade_in *g, struct evaluate_in *in, bool *has_one,
                            struct arena *keep, struct err *e)
{
    struct str text = {0};
    const struct json *files = json_get(g->key, "files");
    bool has_language = json_str(json_get(g->key, "language"), &text);
    *has_one = true;
    if (has_language && !language_from_name(text, &in->language))
        return FAIL(e, ERR_UNSUPPORTED, "no language is called \"%.*s\"",
                    STR_ARG(str_sub(text, 0, 40)));
    if (json_str(json_get(g->key, "submission"), &text))
        return take_annotated(in->task, text, in, e);
    if (json_str(json_get(g->key, "path"), &text))
        return take_path(text, has_language, in, keep, e);
    if (files != NULL)
        return take_texts(files, in, keep, e);
    return take_fence(g, in, has_one, keep);
}

/* --- telling ----------------------------------------------------------------------------------
 *
 * A score without a bound is no number, which JSON writes as null. */

static void put_test(struct json_out *w, const struct task_test *t, const struct test_run *r,
                     const struct test_score *s)
{
    json_open(w, '{');
    json_pair_str(w, "name", t->name);
    json_pair_str(w, "verdict", str_of(outcome_name(s->outcome)));
    json_put_key(w, "score");
    if (s->outcome == OUTCOME_SKIPPED)
        json_put_null(w);
    else
        json_put_f64(w, s->has_score        ? s->score
                        : s->has_multiplier ? s->multiplier
                                            : scoring_is_accepted(s->outcome));
    if (r->is_run) {
        json_pair_f64(w, "cpu_ms", (double)r->cpu_us / 1000);
        json_pair_f64(w, "wall_ms", (double)r->wall_us / 1000);
        json_pair_i64(w, "memory_kb", r->memory_kib);
        if (s->outcome != OUTCOME_AC)
            json_pair_str(w, "end", str_of(sandbox_end_name(r->end)));
    }
    if (r->signal != 0)
        json_pair_i64(w, "signal", r->signal);
    if (r->code != 0)
        json_pair_i64(w, "code", r->code);
    if (r->n_passes > 0)
        json_pair_i64(w, "passes", r->n_passes);
    if (r->was_rerun) {
        json_pair_f64(w, "first_cpu_ms", (double)r->cpu_first_us / 1000);
        json_pair_f64(w, "first_wall_ms", (double)r->wall_first_us / 1000);
    }
    if (r->message.n > 0)
        json_pair_str(w, "message", r->message);
    if (r->said.n > 0)
        json_pair_str(w, "stderr", r->said);
    json_close(w, '}');
}

static void put_group(struct json_out *w, const struct task_group *g, const struct group_result *r,
                      const struct group_result *best)
{
    json_open(w, '{');
    json_pair_str(w, "name", g->name);
    json_pair_str(w, "verdict", str_of(outcome_name(r->outcome)));
    json_pair_f64(w, "score", r->score);
    json_pair_f64(w, "points", best->score);
    json_pair_bool(w, "subtask", g->is_subtask);
    json_close(w, '}');
}

static void put_results(struct json_out *w, const struct task *t, const struct evaluation *v)
{
    json_put_key(w, "groups");
    json_open(w, '[');
    for (int64_t i = 0; i < t->n_groups; i++)
        put_group(w, &t->groups[i], &v->groups[i], &known.best[i]);
    json_close(w, ']');
    json_put_key(w, "tests");
    json_open(w, '[');
    for (int64_t i = 0; i < t->n_tests; i++)
        put_test(w, &t->tests[i], &v->runs[i], &v->tests[i]);
    json_close(w, ']');
}

static void put_hashes(struct json_out *w, const struct task *t, const struct evaluation *v)
{
    char hex[65];
    json_pair_str(w, "source_sha256", str_of(v->source_hash));
    if (v->program_hash[0] != 0)
        json_pair_str(w, "program_sha256", str_of(v->program_hash));
    hash_hex(&known.hashes.tests, hex);
    json_pair_str(w, "tests_sha256", str_of(hex));
    if (v->checker_hash[0] != 0)
        json_pair_str(w, "checker_sha256", str_of(v->checker_hash));
    if (v->manager_hash[0] != 0)
        json_pair_str(w, "manager_sha256", str_of(v->manager_hash));
    hash_hex(&known.hashes.graders, hex);
    if (t->n_graders > 0)
        json_pair_str(w, "graders_sha256", str_of(hex));
}

static void tell(const struct grader_env *env, const struct task *t, const struct evaluation *v,
                 struct json_out *w)
{
    json_open(w, '{');
    json_pair_str(w, "task", t->name);
    json_pair_str(w, "format", t->format);
    json_pair_str(w, "language",
                  str_of(t->kind == TASK_OUTPUT_ONLY ? "outputs" : language_name(v->language)));
    json_pair_str(w, "compiler", v->compiler);
    json_pair_i64(w, "time_ms", v->time_ms);
    json_pair_f64(w, "time_scale", v->time_scale);
    json_pair_i64(w, "memory_kb", t->memory_kib);
    json_pair_str(w, "isolation", v->isolation);
    json_pair_str(w, "profile", str_of(v->profile));
    json_pair_str(w, "accounting", v->accounting);
    if (env->machine != NULL) {
        json_put_key(w, "machine");
        json_put_raw(w, str_of(env->machine));
    }
    put_hashes(w, t, v);
    json_pair_str(w, "verdict", str_of(outcome_name(v->verdict)));
    json_pair_f64(w, "score", v->score);
    json_pair_f64(w, "full_score", t->full_score);
    if (v->is_compiled)
        put_results(w, t, v);
    else
        json_pair_str(w, "messages", v->messages);
    json_close(w, '}');
}

/* --- the verdict ------------------------------------------------------------------------------ */

static double fraction(const struct task *t, const struct evaluation *v)
{
    if (v->verdict == OUTCOME_CE)
        return 0;
    if (!t->has_score || isnan(t->full_score) || t->full_score <= 0)
        return v->verdict == OUTCOME_AC ? 1 : 0;
    double f = v->score / t->full_score;
    return f < 0 ? 0 : f > 1 ? 1 : f;
}

static struct str reason_of(const struct task *t, const struct evaluation *v, struct arena *keep)
{
    if (!v->is_compiled)
        return STR("CE");
    int64_t i = v->groups[0].i_test;
    if (t->has_score)
        return arena_fmt(keep, "%s, %g of %g points", outcome_name(v->verdict), v->score,
                         t->full_score);
    if (v->verdict == OUTCOME_AC || i < 0)
        return arena_fmt(keep, "%s", outcome_name(v->verdict));
    return arena_fmt(keep, "%s on test %.*s", outcome_name(v->verdict), STR_ARG(t->tests[i].name));
}

static void conclude(const struct grader_env *env, const struct task *t, const struct evaluation *v,
                     struct grade *g, struct arena *keep)
{
    struct json_out w = {0};
    tell(env, t, v, &w);
    g->evidence = arena_str(keep, buf_str(&w.text));
    json_out_free(&w);
    g->score = fraction(t, v);
    g->verdict = g->score >= 1 - 1e-12 ? VERDICT_RIGHT
                 : g->score > 0        ? VERDICT_PART
                                       : VERDICT_WRONG;
    g->reason = reason_of(t, v, keep);
}

static bool read_options(const struct json *key, struct evaluate_options *o, struct err *e)
{
    const struct json *ms = json_get(key, "time_ms");
    const struct json *scale = json_get(key, "time_scale");
    (void)json_bool(json_get(key, "all"), &o->runs_all);
    if (ms != NULL && (!json_i64(ms, &o->time_ms) || o->time_ms < 1 || o->time_ms > 3600000))
        return FAIL(e, ERR_INPUT, "\"time_ms\" is not a whole number from 1 to 3600000");
    if (scale != NULL &&
        (!json_f64(scale, &o->time_scale) || !(o->time_scale > 0.01 && o->time_scale < 1000)))
        return FAIL(e, ERR_INPUT, "\"time_scale\" is not a number from 0.01 to 1000");
    return true;
}

static bool judge_with(const struct grade_in *g, struct evaluate_in *in, struct grade *out,
                       struct arena *keep, struct arena tmp, struct err *e)
{
    struct bench *b = NULL;
    struct evaluation v;
    struct arena kept; /* programs live until the evidence is written */
    arena_init(&kept, "judging", LIMIT_GIB);
    bool ok = bench_get(g->env, &b, e) && evaluate(b, g->env, in, &v, &kept, tmp, e);
    if (ok)
        conclude(g->env, in->task, &v, out, keep);
    arena_fini(&kept);
    return ok || err_wrap(e, "could not grade");
}

static bool judge(const struct grade_in *g, enum grade_next *next, struct grade *out,
                  struct chat *question, struct arena *keep, struct arena tmp, struct err *e)
{
    (void)question;
    struct evaluate_in in = {0};
    struct str folder = {0};
    bool has_one = false;
    if (!json_str(json_get(g->key, "task"), &folder))
        return FAIL(e, ERR_INPUT, "the item names no \"task\"");
    TRY(open_task(folder, &in.task, tmp, e));
    TRY(read_options(g->key, &in.options, e));
    if (in.options.time_scale <= 0 && g->env != NULL)
        in.options.time_scale = g->env->time_scale;
    TRY(take_submission(g, &in, &has_one, keep, e));
    *next = GRADE_DONE;
    *out = (struct grade){.verdict = VERDICT_NO_ANSWER,
                          .reason = STR("no closed fenced block at the end of the reply"),
                          .evidence = STR("{}")};
    if (!has_one)
        return true;
    if (in.n_files > 0)
        out->answer =
            arena_str(keep, in.files[0].text); /* the item may be gone before the answer */
    return judge_with(g, &in, out, keep, tmp, e);
}

const struct grader grader_task = {.name = "task", .version = 1, .judge = judge};
