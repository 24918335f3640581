#include "harness/judging_show.h"

#include <assert.h>
#include <stdio.h>

const char *judging_kind_name(enum task_kind kind)
{
    static const char *const names[] = {"batch",       "interactive", "communication",
                                        "output only", "two steps",   "multi-pass"};
    assert((int)kind >= 0);
    assert((size_t)kind < sizeof names / sizeof *names);
    return names[kind];
}

/* --- for people ---------------------------------------------------------------------------------
 */

/* "small 20/20, medium 12/30 PC, large 0/50 TLE" over as many lines as it takes. */
static void show_subtasks(const struct judging_job *j)
{
    enum { WIDTH = 100 };
    const struct task *t = j->task;
    int column = 0;
    for (int64_t i = 0; i < t->n_groups; i++) {
        char text[128];
        const struct group_result *g = &j->found.groups[i];
        const char *verdict = g->outcome == OUTCOME_AC ? "" : outcome_name(g->outcome);
        if (!t->groups[i].is_subtask)
            continue;
        int n = snprintf(text, sizeof text, "%.*s %.6g/%.6g%s%s", STR_ARG(t->groups[i].name),
                         g->score, j->points[i], verdict[0] != 0 ? " " : "", verdict);
        bool is_new_line = column == 0 || column + n > WIDTH;
        (void)printf("%s%s%s", column == 0 ? "" : ",", is_new_line && column > 0 ? "\n" : "",
                     is_new_line ? "      " : " ");
        (void)printf("%s", text);
        column = is_new_line ? n : column + n + 2;
    }
    if (column > 0)
        (void)printf("\n");
}

static void show_test(const struct json *test)
{
    struct str name = {0};
    struct str verdict = {0};
    struct str message = {"", 0};
    double cpu_ms = 0;
    int64_t kib = 0;
    if (!json_str(json_get(test, "name"), &name) || !json_str(json_get(test, "verdict"), &verdict))
        return;
    (void)json_str(json_get(test, "message"), &message);
    (void)json_f64(json_get(test, "cpu_ms"), &cpu_ms);
    (void)json_i64(json_get(test, "memory_kb"), &kib);
    (void)printf("        %-28.*s %-4.*s %8.0f ms %6lld MiB  %.*s\n", STR_ARG(name),
                 STR_ARG(verdict), cpu_ms, (long long)kib / 1024, STR_ARG(message));
}

static void show_tests(const struct judging_job *j)
{
    struct json *doc = NULL;
    struct err e = {0};
    if (!json_parse(j->evidence, "evidence", &doc, &e))
        return;
    const struct json *tests = json_get(doc, "tests");
    for (const struct json *t = json_first(tests); t != NULL; t = json_next(t))
        show_test(t);
    json_free(doc);
}

static void show_messages(struct str text)
{
    enum { LINES_MAX = 6 };
    struct str line;
    for (int i = 0; i < LINES_MAX && str_split(&text, '\n', &line); i++)
        (void)printf("      %.*s\n", STR_ARG(str_sub(line, 0, 110)));
}

void judging_show_details(const struct judging_job *j, bool with_tests)
{
    if (j->found.groups == NULL) {
        show_messages(j->messages);
        return;
    }
    if (j->task->has_score)
        show_subtasks(j);
    if (with_tests)
        show_tests(j);
}

void judging_show_machine(const struct judging_machine *m)
{
    const struct machine_speed *s = &m->machine.speed;
    (void)printf(
        "machine: reference loop %.2f ms (spread %.0f %%), %lld at a time, time scale %g\n",
        s->cpu_ms, 100 * s->spread, (long long)m->n_graders, m->time_scale);
    if (m->unfit.n > 0)
        (void)printf("machine: not fit to judge by time: %.*s\n", STR_ARG(m->unfit));
}

/* --- for programs -------------------------------------------------------------------------------
 */

static const struct expectation *expected_of(const struct task_submission *a, int64_t i_group)
{
    for (int64_t i = 0; a != NULL && i < a->n_expects; i++)
        if (a->expects[i].i_group == i_group)
            return &a->expects[i];
    return NULL;
}

static void put_subtask(struct json_out *w, const struct judging_job *j, int64_t i,
                        const struct task_submission *a)
{
    const struct expectation *x = expected_of(a, i);
    json_open(w, '{');
    json_pair_str(w, "name", j->task->groups[i].name);
    json_pair_str(w, "verdict", str_of(outcome_name(j->found.groups[i].outcome)));
    json_pair_f64(w, "score", j->found.groups[i].score);
    json_pair_f64(w, "points", j->points[i]);
    json_put_key(w, "expected");
    if (x != NULL)
        json_put_str(w, x->label);
    else
        json_put_null(w);
    json_close(w, '}');
}

static void put_subtasks(struct json_out *w, const struct judging_job *j,
                         const struct task_submission *a)
{
    json_put_key(w, "subtasks");
    json_open(w, '[');
    for (int64_t i = 0; j->found.groups != NULL && i < j->task->n_groups; i++)
        if (j->task->groups[i].is_subtask)
            put_subtask(w, j, i, a);
    json_close(w, ']');
}

/* Rows of the evidence as they are, whatever a later grader adds to them. */
static void put_raw(struct json_out *w, const struct json *doc, const char *key)
{
    struct buf text = {0};
    const struct json *j = json_get(doc, key);
    json_put_key(w, key);
    if (j != NULL)
        json_print(j, &text);
    json_put_raw(w, j != NULL ? buf_str(&text) : STR("[]"));
    buf_free(&text);
}

static void put_copies(struct json_out *w, const struct json *doc)
{
    static const char *const keys[] = {
        "task",         "format",         "compiler",       "isolation",
        "accounting",   "profile",        "source_sha256",  "program_sha256",
        "tests_sha256", "checker_sha256", "manager_sha256", "graders_sha256",
        "time_ms",      "memory_kb",      "full_score",     "messages"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (json_get(doc, keys[i]) != NULL)
            put_raw(w, doc, keys[i]);
}

void judging_put_result(struct json_out *w, const struct judging_job *j,
                        const struct task_submission *a)
{
    struct json *doc = NULL;
    struct err e = {0};
    json_pair_str(w, "verdict", str_of(outcome_name(j->found.verdict)));
    json_pair_f64(w, "score", j->score);
    put_subtasks(w, j, a);
    if (!json_parse(j->evidence, "evidence", &doc, &e))
        return;
    put_raw(w, doc, "tests");
    put_copies(w, doc);
    json_free(doc);
}

void judging_put_machine(struct json_out *w, const struct judging_machine *m)
{
    json_put_key(w, "machine");
    json_open(w, '{');
    json_put_key(w, "measured");
    machine_put_json(w, &m->machine, m->n_graders);
    json_pair_f64(w, "time_scale", m->time_scale);
    json_pair_bool(w, "fit", m->unfit.n == 0);
    if (m->unfit.n > 0)
        json_pair_str(w, "unfit", m->unfit);
    json_close(w, '}');
}

void judging_put_trouble(struct json_out *w, const struct judging_job *j)
{
    json_put_key(w, "verdict");
    json_put_null(w);
    json_put_key(w, "score");
    json_put_null(w);
    json_put_key(w, "subtasks");
    json_put_raw(w, STR("[]"));
    json_put_key(w, "tests");
    json_put_raw(w, STR("[]"));
    json_pair_str(w, "error", str_of(j->is_done ? j->err.text : "interrupted"));
}
