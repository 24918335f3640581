#include <math.h>

#include "graders/task/kattis_data.h"

static bool take_words(const struct kattis_settings *s, const struct yaml *y, struct str **out,
                       int64_t *n, struct err *e)
{
    struct str text;
    *out = NULL;
    *n = 0;
    if (y->kind == YAML_NULL)
        return true;
    if (y->kind != YAML_LIST)
        return yaml_refuse(y, s->what, e, "%.*s must be a list of texts", STR_ARG(y->key));
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m)) {
        if (!yaml_str(m, &text) || memchr(text.at, 0, (size_t)text.n) != NULL)
            return yaml_refuse(m, s->what, e, "%.*s must be a list of texts", STR_ARG(y->key));
        GROW(s->keep, *out, *n);
        (*out)[(*n)++] = text;
    }
    return true;
}

static bool take_max_score(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    int64_t v = 0;
    s->c->has_max = !(yaml_str(y, &text) && str_eq(text, STR("unbounded")));
    if (s->c->has_max && (!yaml_i64(y, &v) || v < 0 || v > KATTIS_SCORE_MAX))
        return yaml_refuse(y, s->what, e, "max_score must be a whole number, or unbounded");
    s->c->max_score = (double)v;
    return true;
}

static bool take_aggregation(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    (void)yaml_str(y, &text);
    if (str_eq(text, STR("pass-fail")))
        s->c->score = GROUP_PASS_FAIL;
    else if (str_eq(text, STR("sum")))
        s->c->score = GROUP_SUM;
    else if (str_eq(text, STR("min")))
        s->c->score = GROUP_MIN;
    else
        return yaml_refuse(y, s->what, e, "score_aggregation must be pass-fail, sum or min");
    return true;
}

/* Keys that test_group.yaml and a test's own yaml share. */
static bool take_common_key(const struct kattis_settings *s, const struct yaml *y, bool *is_known,
                            struct err *e)
{
    static const char *const unread[] = {"input_validator_args",
                                         "input_validator_flags",
                                         "input_visualizer_args",
                                         "output_visualizer_args",
                                         "full_feedback",
                                         "hint",
                                         "description"};
    *is_known = true;
    if (str_eq(y->key, STR("args")))
        return take_words(s, y, &s->c->args, &s->c->n_args, e);
    if (str_eq(y->key, STR("output_validator_args")))
        return take_words(s, y, &s->c->flags, &s->c->n_flags, e);
    if (str_eq(y->key, STR("output_validator_flags")) && s->k->problem.version == KATTIS_2023)
        return kattis_validator_flags(s, y, e);
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++)
        if (str_eq(y->key, str_of(unread[i])))
            return true;
    *is_known = false;
    return true;
}

static bool refuse_static(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    (void)yaml_refuse_key(y, s->what, e, "static validation is not run by podium");
    e->cls = ERR_UNSUPPORTED;
    return false;
}

/* Pass-fail problems and samples have no scores to speak of. */
static bool take_score_key(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    if (!s->k->problem.is_scoring)
        return yaml_refuse_key(y, s->what, e, "%.*s needs a problem of type scoring",
                               STR_ARG(y->key));
    if (str_eq(s->group, STR("sample")))
        return yaml_refuse_key(y, s->what, e, "%.*s is not for samples", STR_ARG(y->key));
    if (str_eq(y->key, STR("max_score")))
        return take_max_score(s, y, e);
    if (str_eq(y->key, STR("score_aggregation")))
        return take_aggregation(s, y, e);
    s->c->require_pass = y;
    return true;
}

static bool take_group_key(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    bool is_known = false;
    if (str_eq(y->key, STR("max_score")) || str_eq(y->key, STR("score_aggregation")) ||
        str_eq(y->key, STR("require_pass")))
        return take_score_key(s, y, e);
    if (str_starts(y->key, STR("static_valid")))
        return refuse_static(s, y, e);
    TRY(take_common_key(s, y, &is_known, e));
    return is_known || yaml_refuse_key(y, s->what, e, "unknown key %.*s", STR_ARG(y->key));
}

/* *what of the file that was read stays in s->what, for messages about it. */
static bool group_config(struct kattis_settings *s, struct str folder, struct err *e)
{
    const struct yaml *root = NULL;
    s->what = "test_group.yaml";
    TRY(kattis_settings(s->k, folder, "test_group.yaml", &s->what, &root, e));
    if (root == NULL && s->k->problem.version == KATTIS_2023)
        TRY(kattis_settings(s->k, folder, "testdata.yaml", &s->what, &root, e));
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y))
        TRY(take_group_key(s, y, e));
    return true;
}

static bool test_config(struct kattis *k, struct str folder, const struct kattis_item *item,
                        struct kattis_config *c, struct err *e)
{
    const struct yaml *root = NULL;
    struct entry files = {0};
    struct kattis_settings s = {.k = k, .keep = k->m.p->keep, .c = c};
    struct package *p = k->m.p;
    const char *name = arena_fmt(p->keep, "%.*s.yaml", STR_ARG(item->name)).at;
    TRY(package_look(p, arena_fmt(p->keep, "%.*s/%.*s.files", STR_ARG(folder), STR_ARG(item->name)),
                     &files, e));
    if (files.kind != ENTRY_ABSENT)
        return FAIL(e, ERR_UNSUPPORTED, "%.*s: input files beside standard input are not given",
                    STR_ARG(package_shown(p, files.rel)));
    TRY(kattis_settings(k, folder, name, &s.what, &root, e));
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y)) {
        bool is_known = false;
        TRY(take_common_key(&s, y, &is_known, e));
        if (!is_known)
            return yaml_refuse_key(y, s.what, e, "unknown key %.*s", STR_ARG(y->key));
    }
    return true;
}

/* The tests of a folder and of the folders in it, as members of one group. */
static bool flat_tests(struct kattis *k, struct str folder, const struct kattis_config *c,
                       int depth, struct members *members, struct err *e)
{
    struct kattis_item *items = NULL;
    int64_t n = 0;
    TRY(kattis_check_depth(k, folder, depth, e));
    TRY(kattis_items(k, folder, &items, &n, e));
    for (int64_t i = 0; i < n; i++) {
        struct kattis_config own = *c;
        int64_t i_test = 0;
        if (i > 0 && str_eq(items[i].name, items[i - 1].name))
            return FAIL(e, ERR_INPUT, "%.*s: a test and a folder of one name; rename one",
                        STR_ARG(kattis_name_of(k, folder, items[i].name)));
        if (items[i].in == NULL && str_ends(items[i].name, STR(".files")))
            continue; /* test_config refuses them, if their test is there */
        if (items[i].in == NULL) {
            TRY(flat_tests(k, items[i].folder->rel, c, depth + 1, members, e));
            continue;
        }
        TRY(test_config(k, folder, &items[i], &own, e));
        TRY(kattis_add_test(k, folder, &items[i], &own, &i_test, e));
        members_put(&k->m, members, false, i_test);
    }
    return true;
}

/* The worth of a group and of its tests. A test says a fraction of its own worth, so a sum of N
 * tests worth max / N each is the average times max. */
static bool set_worth(const struct kattis_settings *s, struct task_group *g, bool has_tests,
                      struct err *e)
{
    const struct kattis_config *c = s->c;
    g->score = c->score;
    if (!s->k->problem.is_scoring)
        return true;
    if (c->score == GROUP_PASS_FAIL && !c->has_max)
        return FAIL(e, ERR_INPUT, "%s: group %.*s passes or fails, so it needs a max_score",
                    s->what, STR_ARG(g->name));
    g->range_max = c->has_max ? c->max_score : (double)INFINITY;
    g->range_min = 0;
    if (!has_tests) {
        g->points = c->score == GROUP_PASS_FAIL ? c->max_score : 1;
        return true;
    }
    g->points = c->has_max ? c->max_score : 1;
    if (c->score == GROUP_PASS_FAIL)
        return true;
    if (!c->has_max) {
        g->test_points = (double)NAN;
        return true;
    }
    g->test_points = c->score == GROUP_SUM ? c->max_score / (double)g->n_members : c->max_score;
    if (c->score == GROUP_SUM)
        g->score = GROUP_AVG;
    return true;
}

static bool add_need(const struct kattis_settings *s, const struct yaml *y, int64_t i_group,
                     struct err *e)
{
    struct task_group *all = s->k->m.groups;
    struct task_group *g = &all[i_group];
    int64_t *needs = (int64_t *)(uintptr_t)g->needs;
    struct str name = {0};
    if (!yaml_str(y, &name))
        return yaml_refuse(y, s->what, e, "require_pass must name groups");
    for (int64_t i = 1; i < i_group; i++) {
        bool is_it = str_eq(all[i].name, name) && !str_eq(name, STR("secret"));
        if (!is_it)
            continue;
        if (all[i].score != GROUP_PASS_FAIL && !str_eq(name, STR("sample")))
            return yaml_refuse(y, s->what, e, "require_pass: %.*s does not pass or fail as one",
                               STR_ARG(name));
        GROW(s->keep, needs, g->n_needs);
        needs[g->n_needs++] = i;
        g->needs = needs;
        return true;
    }
    return yaml_refuse(y, s->what, e,
                       "require_pass: %.*s is no group before this one (so there is "
                       "no circle either)",
                       STR_ARG(name));
}

static bool set_needs(const struct kattis_settings *s, int64_t i_group, struct err *e)
{
    const struct yaml *y = s->c->require_pass;
    if (y == NULL || y->kind == YAML_NULL)
        return true;
    if (y->kind != YAML_LIST)
        return add_need(s, y, i_group, e);
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m))
        TRY(add_need(s, m, i_group, e));
    return true;
}

static bool flat_group(struct kattis_settings *s, struct str folder, int64_t i_parent,
                       int64_t *i_group, struct err *e)
{
    struct kattis *k = s->k;
    struct members members = {0};
    int64_t i_own = k->m.n_groups;
    (void)maker_group(&k->m, s->group, i_parent);
    TRY(flat_tests(k, folder, s->c, 2, &members, e));
    struct task_group *g = &k->m.groups[i_own];
    g->members = members.at;
    g->n_members = members.n;
    TRY(set_worth(s, g, true, e));
    TRY(set_needs(s, i_own, e));
    g->is_subtask = k->problem.is_scoring && i_parent != 0;
    *i_group = i_own;
    return true;
}

/* A group below secret. Arguments are secret's where its own file gives none: the format leaves it
 * open, and on a secret of groups the key would mean nothing otherwise. */
static bool later_subgroup(const struct kattis_settings *above, const struct entry *folder,
                           int64_t i_secret, int64_t *i_group, struct err *e)
{
    struct kattis *k = above->k;
    struct kattis_config c = {.score = GROUP_PASS_FAIL,
                              .flags = above->c->flags,
                              .n_flags = above->c->n_flags,
                              .args = above->c->args,
                              .n_args = above->c->n_args};
    struct kattis_settings s = *above;
    s.c = &c;
    s.group = kattis_name_of(k, folder->rel, (struct str){0});
    s.group = str_sub(s.group, 0, s.group.n - 1);
    TRY(group_config(&s, folder->rel, e));
    TRY(flat_group(&s, folder->rel, i_secret, i_group, e));
    if (!k->problem.is_scoring)
        return true;
    if (above->c->has_max && !c.has_max)
        return FAIL(e, ERR_INPUT, "%s: group %.*s needs a max_score, since secret has one", s.what,
                    STR_ARG(s.group));
    if (above->c->score == GROUP_PASS_FAIL && c.score != GROUP_PASS_FAIL)
        return FAIL(e, ERR_INPUT, "%s: secret passes or fails as one, so %.*s must too", s.what,
                    STR_ARG(s.group));
    return true;
}

static bool check_sum(const struct kattis_settings *s, const struct task_group *secret,
                      struct err *e)
{
    double sum = 0;
    if (!s->k->problem.is_scoring || !s->c->has_max || s->c->score != GROUP_SUM)
        return true;
    for (int64_t i = 0; i < secret->n_members; i++)
        sum += s->k->m.groups[secret->members[i].i].range_max;
    if (sum > s->c->max_score)
        return FAIL(e, ERR_INPUT, "%s: the groups add up to %g points, more than secret's %g",
                    s->what, sum, s->c->max_score);
    if (sum < s->c->max_score)
        package_note(s->k->m.p, "%s: the groups add up to %g points, less than secret's %g",
                     s->what, sum, s->c->max_score);
    return true;
}

static bool later_secret(struct kattis *k, int64_t *i_group, struct err *e)
{
    static const char folder[] = "data/secret";
    struct kattis_config c = {.score = GROUP_SUM, .has_max = true, .max_score = 100};
    struct kattis_settings s = {.k = k, .keep = k->m.p->keep, .c = &c, .group = STR("secret")};
    struct kattis_item *items = NULL;
    struct members members = {0};
    int64_t n = 0;
    int64_t n_tests = 0;
    TRY(group_config(&s, STR(folder), e));
    TRY(kattis_items(k, STR(folder), &items, &n, e));
    for (int64_t i = 0; i < n; i++)
        n_tests += items[i].in != NULL;
    if (n_tests == n)
        return flat_group(&s, STR(folder), 0, i_group, e);
    if (n_tests > 0)
        return FAIL(e, ERR_INPUT, "%s: tests and groups side by side; move the tests into a group",
                    folder);
    *i_group = k->m.n_groups;
    (void)maker_group(&k->m, STR("secret"), 0);
    for (int64_t i = 0; i < n; i++) {
        int64_t member = 0;
        TRY(later_subgroup(&s, items[i].folder, *i_group, &member, e));
        members_put(&k->m, &members, true, member);
    }
    struct task_group *g = &k->m.groups[*i_group];
    g->members = members.at;
    g->n_members = members.n;
    TRY(set_worth(&s, g, false, e));
    TRY(set_needs(&s, *i_group, e));
    return check_sum(&s, g, e);
}

static bool later_sample(struct kattis *k, int64_t *i_group, struct err *e)
{
    struct kattis_config c = {.score = GROUP_PASS_FAIL, .has_max = true};
    struct kattis_settings s = {.k = k, .keep = k->m.p->keep, .c = &c, .group = STR("sample")};
    TRY(group_config(&s, STR("data/sample"), e));
    TRY(flat_group(&s, STR("data/sample"), 0, i_group, e));
    k->m.groups[*i_group].points = 0; /* samples never score */
    k->m.groups[*i_group].is_subtask = false;
    return true;
}

/* Nothing breaks on a reject: what the format expects of submissions speaks of all tests. */
bool kattis_later_data(struct kattis *k, struct err *e)
{
    struct members members = {0};
    bool has_sample = false;
    bool has_secret = false;
    int64_t i_group = 0;
    TRY(kattis_has_any(k, STR("data/sample"), &has_sample, e));
    TRY(kattis_has_any(k, STR("data/secret"), &has_secret, e));
    TRY(kattis_need_secret(has_secret, e));
    (void)maker_group(&k->m, STR(""), -1);
    if (has_sample) {
        TRY(later_sample(k, &i_group, e));
        members_put(&k->m, &members, true, i_group);
    }
    TRY(later_secret(k, &i_group, e));
    members_put(&k->m, &members, true, i_group);
    k->m.groups[0].members = members.at;
    k->m.groups[0].n_members = members.n;
    return true;
}
