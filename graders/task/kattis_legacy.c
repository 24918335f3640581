#include <math.h>

#include "graders/task/kattis_data.h"

static bool take_score(const struct kattis_settings *s, const struct yaml *y, double *out,
                       struct err *e)
{
    if (!yaml_f64(y, out) || fabs(*out) > KATTIS_SCORE_MAX)
        return yaml_refuse(y, s->what, e, "%.*s must be a number", STR_ARG(y->key));
    return true;
}

/* "inf" or a number */
static bool take_bound(struct str s, double *out)
{
    bool is_low = str_starts(s, STR("-"));
    struct str plain = is_low || str_starts(s, STR("+")) ? str_sub(s, 1, s.n) : s;
    if (str_eq(plain, STR("inf"))) {
        *out = is_low ? -(double)INFINITY : (double)INFINITY;
        return true;
    }
    return str_f64(str_starts(s, STR("+")) ? plain : s, out) && fabs(*out) <= KATTIS_SCORE_MAX;
}

static bool take_range(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    struct str *words = NULL;
    int64_t n = 0;
    if (yaml_str(y, &text))
        kattis_words(text, &words, &n, s->keep);
    if (n != 2 || !take_bound(words[0], &s->c->range_min) ||
        !take_bound(words[1], &s->c->range_max) || !(s->c->range_min <= s->c->range_max))
        return yaml_refuse(y, s->what, e, "range must be two numbers, the smaller first");
    return true;
}

/* Where several modes are given, the last one counts: the format says so. */
static bool take_grader_word(const struct kattis_settings *s, struct str word, struct err *e)
{
    static const char *const verdicts[] = {"worst_error", "first_error", "always_accept"};
    static const char *const scores[] = {"sum", "min", "max", "avg"};
    static const enum group_score score_of[] = {GROUP_SUM, GROUP_MIN, GROUP_MAX, GROUP_AVG};
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++)
        if (str_eq(word, str_of(verdicts[i]))) {
            s->c->verdict = (enum group_verdict)i;
            return true;
        }
    for (size_t i = 0; i < sizeof scores / sizeof *scores; i++)
        if (str_eq(word, str_of(scores[i]))) {
            s->c->score = score_of[i];
            return true;
        }
    if (str_eq(word, STR("accept_if_any_accepted")))
        s->c->accepts_if_any = true;
    else if (str_eq(word, STR("ignore_sample")))
        s->c->ignores_sample = true;
    else
        return FAIL(e, ERR_INPUT, "%s: grader_flags: the default grader has no %.*s", s->what,
                    STR_ARG(word));
    return true;
}

static bool take_grader_flags(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    if (y->kind != YAML_NULL && !yaml_str(y, &text))
        return yaml_refuse(y, s->what, e, "grader_flags must be a text");
    s->c->grader_flags = NULL;
    s->c->n_grader_flags = 0;
    kattis_words(text, &s->c->grader_flags, &s->c->n_grader_flags, s->keep);
    return true;
}

/* Whose flags they are is known once the whole file is read. */
static bool settle_grader(const struct kattis_settings *s, struct err *e)
{
    s->c->verdict = GROUP_WORST_ERROR;
    s->c->score = GROUP_SUM;
    s->c->accepts_if_any = false;
    s->c->ignores_sample = false;
    if (s->c->is_custom)
        return kattis_need_grader(s->k, e);
    for (int64_t i = 0; i < s->c->n_grader_flags; i++)
        TRY(take_grader_word(s, s->c->grader_flags[i], e));
    return true;
}

static bool take_on_reject(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    if (!yaml_str(y, &text))
        return yaml_refuse(y, s->what, e, "on_reject must be break or continue");
    /* first_error and grade are what problem.yaml called them before there was testdata.yaml. */
    s->c->breaks = str_eq(text, STR("break")) || str_eq(text, STR("first_error"));
    if (!s->c->breaks && !str_eq(text, STR("continue")) && !str_eq(text, STR("grade")) &&
        !str_eq(text, STR("worst_error")))
        return yaml_refuse(y, s->what, e, "on_reject must be break or continue");
    return true;
}

static bool take_grading(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    (void)yaml_str(y, &text);
    s->c->is_custom = str_eq(text, STR("custom"));
    return s->c->is_custom || str_eq(text, STR("default")) ||
           yaml_refuse(y, s->what, e, "grading must be default or custom");
}

static bool take_legacy_key(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    if (str_eq(y->key, STR("on_reject")))
        return take_on_reject(s, y, e);
    if (str_eq(y->key, STR("grading")))
        return take_grading(s, y, e);
    if (str_eq(y->key, STR("grader_flags")))
        return take_grader_flags(s, y, e);
    if (str_eq(y->key, STR("accept_score")))
        return take_score(s, y, &s->c->accept_score, e);
    if (str_eq(y->key, STR("reject_score")))
        return take_score(s, y, &s->c->reject_score, e);
    if (str_eq(y->key, STR("range")))
        return take_range(s, y, e);
    if (str_eq(y->key, STR("output_validator_flags")))
        return kattis_validator_flags(s, y, e);
    if (!str_starts(y->key, STR("input_validator_flags")))
        package_note(s->k->m.p, "%s: key %.*s is not read", s->what, STR_ARG(y->key));
    return true;
}

static bool legacy_config(struct kattis *k, struct str folder, struct kattis_config *c,
                          struct err *e)
{
    const struct yaml *root = NULL;
    struct kattis_settings s = {.k = k, .keep = k->m.p->keep, .what = "testdata.yaml", .c = c};
    TRY(kattis_settings(k, folder, "testdata.yaml", &s.what, &root, e));
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y))
        TRY(take_legacy_key(&s, y, e));
    return settle_grader(&s, e);
}

/* problem.yaml's grading, from before testdata.yaml: the root's values where it says none. */
static bool old_grading(struct kattis *k, struct kattis_config *c, struct err *e)
{
    struct kattis_settings s = {.k = k, .keep = k->m.p->keep, .what = "problem.yaml", .c = c};
    const struct yaml *root = k->problem.grading;
    if (root != NULL && root->kind != YAML_MAP && root->kind != YAML_NULL)
        return yaml_refuse(root, s.what, e, "grading must be a map");
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y)) {
        struct str text;
        if (str_eq(y->key, STR("objective")) && yaml_str(y, &text) && str_eq(text, STR("min")))
            package_note(k->m.p, "problem.yaml: objective min: a lower score is better");
        else if (str_eq(y->key, STR("on_reject")) || str_eq(y->key, STR("accept_score")) ||
                 str_eq(y->key, STR("reject_score")) || str_eq(y->key, STR("range")))
            TRY(take_legacy_key(&s, y, e));
        else if (str_eq(y->key, STR("custom_scoring")))
            package_note(k->m.p, "problem.yaml: grading.custom_scoring is not read");
    }
    return true;
}

static void apply_legacy(struct kattis *k, int64_t i_group, const struct kattis_config *c)
{
    struct task_group *g = &k->m.groups[i_group];
    g->verdict = c->verdict;
    g->score = c->score;
    g->accept_score = c->accept_score;
    g->reject_score = c->reject_score;
    g->range_min = c->range_min;
    g->range_max = c->range_max;
    g->breaks_on_reject = c->breaks;
    g->accepts_if_any = c->accepts_if_any;
    g->is_custom = c->is_custom;
    g->grader_flags = c->grader_flags;
    g->n_grader_flags = c->n_grader_flags;
}

static bool legacy_group(struct kattis *k, struct str folder, int64_t i_parent,
                         struct kattis_config c, int depth, int64_t *i_group, struct err *e)
{
    struct kattis_item *items = NULL;
    struct members members = {0};
    int64_t n = 0;
    TRY(kattis_check_depth(k, folder, depth, e));
    TRY(legacy_config(k, folder, &c, e));
    TRY(kattis_items(k, folder, &items, &n, e));
    int64_t i_own = k->m.n_groups;
    struct str name = kattis_name_of(k, folder, (struct str){0});
    struct task_group *g = maker_group(&k->m, str_sub(name, 0, name.n - 1), i_parent);
    g->is_subtask = k->problem.is_scoring && depth == 2 && str_starts(folder, STR("data/secret/"));
    apply_legacy(k, i_own, &c);
    for (int64_t i = 0; i < n; i++) {
        int64_t member = 0;
        if (items[i].in == NULL)
            TRY(legacy_group(k, items[i].folder->rel, i_own, c, depth + 1, &member, e));
        else
            TRY(kattis_add_test(k, folder, &items[i], &c, &member, e));
        members_put(&k->m, &members, items[i].in == NULL, member);
    }
    k->m.groups[i_own].members = members.at;
    k->m.groups[i_own].n_members = members.n;
    *i_group = i_own;
    return true;
}

bool kattis_legacy_data(struct kattis *k, struct err *e)
{
    static const struct str folders[] = {{"data/sample", 11}, {"data/secret", 11}};
    struct kattis_config c = {.breaks = true,
                              .accept_score = 1,
                              .range_min = -(double)INFINITY,
                              .range_max = (double)INFINITY};
    struct members members = {0};
    bool has[2] = {false, false};
    for (int i = 0; i < 2; i++)
        TRY(kattis_has_any(k, folders[i], &has[i], e));
    TRY(kattis_need_secret(has[1], e));
    TRY(old_grading(k, &c, e));
    TRY(legacy_config(k, STR("data"), &c, e));
    (void)maker_group(&k->m, STR(""), -1);
    apply_legacy(k, 0, &c);
    k->m.groups[0].ignores_sample = c.ignores_sample && has[0];
    for (int i = 0; i < 2; i++) {
        int64_t i_group = 0;
        if (!has[i])
            continue;
        TRY(legacy_group(k, folders[i], 0, c, 1, &i_group, e));
        members_put(&k->m, &members, true, i_group);
    }
    k->m.groups[0].members = members.at;
    k->m.groups[0].n_members = members.n;
    return true;
}
