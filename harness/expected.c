#include "harness/expected.h"

#include <math.h>

#include "base/file.h"
#include "base/json.h"

enum { LINES_MAX = 1024 };

struct expected {
    struct json *doc;
    const struct json *problems;
};

/* --- reading ------------------------------------------------------------------------------------
 */

static bool is_known(const struct json *object, const char *const *known, const char *what,
                     struct err *e)
{
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
        bool found = false;
        for (const char *const *k = known; *k != NULL; k++)
            found = found || str_eq(json_key(m), str_of(*k));
        if (!found)
            return FAIL(e, ERR_INPUT, "%s: \"%.*s\" is not known here", what, STR_ARG(json_key(m)));
    }
    return true;
}

static bool is_number_or_absent(const struct json *object, const char *key, struct err *e)
{
    const struct json *j = json_get(object, key);
    double v = 0;
    return j == NULL || json_f64(j, &v) || FAIL(e, ERR_INPUT, "\"%s\" is not a number", key);
}

static bool check_problem(const struct json *p, struct err *e)
{
    static const char *const known[] = {"score",    "subtasks", "solved", "penalty",
                                        "rejected", "minutes",  NULL};
    double v = 0;
    bool b = false;
    if (json_f64(p, &v))
        return true;
    if (json_kind(p) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "neither a number nor an object");
    TRY(is_known(p, known, "problem", e));
    TRY(is_number_or_absent(p, "score", e));
    TRY(is_number_or_absent(p, "penalty", e));
    TRY(is_number_or_absent(p, "rejected", e));
    TRY(is_number_or_absent(p, "minutes", e));
    if (json_get(p, "solved") != NULL && !json_bool(json_get(p, "solved"), &b))
        return FAIL(e, ERR_INPUT, "\"solved\" is not true or false");
    const struct json *subtasks = json_get(p, "subtasks");
    for (const struct json *s = json_first(subtasks); s != NULL; s = json_next(s))
        if (!json_f64(s, &v))
            return FAIL(e, ERR_INPUT, "subtask \"%.*s\" has no number", STR_ARG(json_key(s)));
    return true;
}

static bool check(const struct expected *x, struct err *e)
{
    static const char *const known[] = {"problems", "total", "solved", "penalty", "verdicts", NULL};
    if (json_kind(x->doc) != JSON_OBJECT)
        return FAIL(e, ERR_INPUT, "not an object with \"problems\"");
    TRY(is_known(x->doc, known, "top", e));
    TRY(is_number_or_absent(x->doc, "total", e));
    TRY(is_number_or_absent(x->doc, "solved", e));
    TRY(is_number_or_absent(x->doc, "penalty", e));
    for (const struct json *p = json_first(x->problems); p != NULL; p = json_next(p))
        if (!check_problem(p, e))
            return err_wrap(e, "problem \"%.*s\"", STR_ARG(json_key(p)));
    return true;
}

bool expected_open(const char *path, struct expected **out, struct arena *keep, struct err *e)
{
    struct str text;
    struct expected *x = NEW(keep, struct expected, 1);
    TRY(file_read(path, &text, keep, e));
    TRY(json_parse(text, path, &x->doc, e));
    x->problems = json_get(x->doc, "problems");
    if (!check(x, e)) {
        expected_close(x);
        return err_wrap(e, "%s", path);
    }
    *out = x;
    return true;
}

void expected_close(struct expected *x)
{
    if (x != NULL)
        json_free(x->doc);
}

/* --- comparing ----------------------------------------------------------------------------------
 */

struct lines {
    struct str *at;
    int64_t n;
    struct arena *keep;
};

/* Half of the last digit that the task shows, so that a rounded expectation holds. */
static double slack_of(const struct task *t)
{
    int64_t digits = t != NULL ? t->score_precision : 6;
    return 0.5 * pow(10, -(double)(digits < 0 ? 0 : digits > 9 ? 9 : digits)) * 1.000001;
}

static void differ(struct lines *l, struct str what, double want, double got, double slack)
{
    if (fabs(want - got) <= slack || l->n >= LINES_MAX)
        return;
    l->at[l->n++] = arena_fmt(l->keep, "%.*s: expected %.10g, got %.10g", STR_ARG(what), want, got);
}

static const struct standing_problem *find(const struct standing *s, struct str name)
{
    for (int64_t i = 0; i < s->n_problems; i++)
        if (str_eq(s->problems[i].task->name, name))
            return &s->problems[i];
    return NULL;
}

static void compare_subtask(struct lines *l, const struct standing_problem *p, struct str name,
                            double want)
{
    struct str what =
        arena_fmt(l->keep, "%.*s, subtask %.*s", STR_ARG(p->task->name), STR_ARG(name));
    for (int64_t k = 0; k < p->n_subtasks; k++)
        if (str_eq(p->task->groups[p->subtasks[k].i_group].name, name)) {
            differ(l, what, want, p->subtasks[k].score, slack_of(p->task));
            return;
        }
    if (l->n < LINES_MAX)
        l->at[l->n++] = arena_fmt(l->keep, "%.*s: the task has none of that name", STR_ARG(what));
}

static void compare_problem(struct lines *l, const struct standing_problem *p,
                            const struct json *want)
{
    double v = 0;
    bool solved = false;
    struct str name = p->task->name;
    if (json_f64(want, &v) || json_f64(json_get(want, "score"), &v))
        differ(l, name, v, p->score, slack_of(p->task));
    if (json_bool(json_get(want, "solved"), &solved))
        differ(l, arena_fmt(l->keep, "%.*s, solved", STR_ARG(name)), solved, p->is_solved, 0);
    if (json_f64(json_get(want, "rejected"), &v))
        differ(l, arena_fmt(l->keep, "%.*s, rejected", STR_ARG(name)), v, (double)p->n_wrong, 0);
    if (json_f64(json_get(want, "minutes"), &v))
        differ(l, arena_fmt(l->keep, "%.*s, minutes", STR_ARG(name)), v, p->minutes, 1e-6);
    if (json_f64(json_get(want, "penalty"), &v))
        differ(l, arena_fmt(l->keep, "%.*s, penalty", STR_ARG(name)), v, p->penalty, 1e-6);
    const struct json *subtasks = json_get(want, "subtasks");
    for (const struct json *s = json_first(subtasks); s != NULL; s = json_next(s))
        if (json_f64(s, &v))
            compare_subtask(l, p, json_key(s), v);
}

static void compare_verdicts(struct lines *l, const struct json *want, const struct standing *s)
{
    int64_t i = 0;
    struct str text;
    for (const struct json *w = json_first(want); w != NULL; w = json_next(w), i++) {
        const char *got = "nothing";
        if (i < s->n_jobs && !s->jobs[i].is_judged)
            continue;
        if (i < s->n_jobs)
            got = outcome_name(s->jobs[i].found.verdict);
        if (json_str(w, &text) && !str_eq(text, str_of(got)) && l->n < LINES_MAX)
            l->at[l->n++] = arena_fmt(l->keep, "submission %lld: expected %.*s, got %s",
                                      (long long)i + 1, STR_ARG(text), got);
    }
    if (want != NULL && i != s->n_jobs && l->n < LINES_MAX)
        l->at[l->n++] = arena_fmt(l->keep, "%lld verdicts expected for %lld submissions",
                                  (long long)i, (long long)s->n_jobs);
}

static bool is_complete(const struct standing *s)
{
    for (int64_t i = 0; i < s->n_problems; i++)
        if (!s->problems[i].is_complete)
            return false;
    return true;
}

static void compare_totals(struct lines *l, const struct expected *x, const struct standing *s)
{
    double v = 0;
    if (json_f64(json_get(x->doc, "total"), &v))
        differ(l, STR("total"), v, s->total, 1e-6 * (1 + fabs(v)));
    if (json_f64(json_get(x->doc, "solved"), &v))
        differ(l, STR("solved"), v, (double)s->n_solved, 0);
    if (json_f64(json_get(x->doc, "penalty"), &v))
        differ(l, STR("penalty"), v, s->penalty, 1e-6);
}

void expected_compare(const struct expected *x, const struct standing *s, struct str **lines,
                      int64_t *n, struct arena *keep)
{
    struct lines l = {.at = NEW(keep, struct str, LINES_MAX), .keep = keep};
    for (const struct json *w = json_first(x->problems); w != NULL; w = json_next(w)) {
        const struct standing_problem *p = find(s, json_key(w));
        if (p != NULL && p->is_complete)
            compare_problem(&l, p, w);
        else if (p == NULL && l.n < LINES_MAX)
            l.at[l.n++] = arena_fmt(keep, "%.*s: expected, but nothing of it was judged",
                                    STR_ARG(json_key(w)));
    }
    compare_verdicts(&l, json_get(x->doc, "verdicts"), s);
    if (is_complete(s))
        compare_totals(&l, x, s);
    *lines = l.at;
    *n = l.n;
}
