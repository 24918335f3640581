#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/yaml.h"
#include "graders/task/kattis.h"

/* Two walks over data/. Legacy: every folder is a group, to any depth, and what testdata.yaml
 * leaves out is the group's above it, key by key (as the reference tools do; the text could also be
 * read as "the whole file of the next folder above"). 2025-09: groups are the folders directly
 * under secret, and folders in them only sort files.
 *
 * Tests and groups of a folder are judged in byte order of their names without ending, which the
 * format calls lexicographical order. */

enum { SCORE_MAX = 1000000000 };

/* --- settings of a group --- */

struct config {
    bool breaks;
    enum group_verdict verdict;
    enum group_score score;
    bool accepts_if_any;
    bool ignores_sample;
    double accept_score, reject_score;
    double range_min, range_max;
    struct str *flags; /* of the output validator */
    int64_t n_flags;
    struct str *args; /* of the submission */
    int64_t n_args;
    /* 2025-09 */
    bool has_max; /* else unbounded */
    double max_score;
    const struct yaml *require_pass;
};

struct settings {
    struct kattis *k;
    struct arena *keep;
    const char *what; /* the file's name */
    struct str group; /* "secret/1" */
    struct config *c;
};

static bool take_score(const struct settings *s, const struct yaml *y, double *out, struct err *e)
{
    if (!yaml_f64(y, out) || fabs(*out) > SCORE_MAX)
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
    return str_f64(str_starts(s, STR("+")) ? plain : s, out) && fabs(*out) <= SCORE_MAX;
}

static bool take_range(const struct settings *s, const struct yaml *y, struct err *e)
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
static bool take_grader_word(const struct settings *s, const struct yaml *y, struct str word,
                             struct err *e)
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
        return yaml_refuse(y, s->what, e, "grader_flags: %.*s is unknown", STR_ARG(word));
    return true;
}

static bool take_grader_flags(const struct settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    struct str *words = NULL;
    int64_t n = 0;
    if (y->kind != YAML_NULL && !yaml_str(y, &text))
        return yaml_refuse(y, s->what, e, "grader_flags must be a text");
    kattis_words(text, &words, &n, s->keep);
    s->c->verdict = GROUP_WORST_ERROR;
    s->c->score = GROUP_SUM;
    s->c->accepts_if_any = false;
    s->c->ignores_sample = false;
    for (int64_t i = 0; i < n; i++)
        TRY(take_grader_word(s, y, words[i], e));
    return true;
}

static bool take_on_reject(const struct settings *s, const struct yaml *y, struct err *e)
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

/* A text is flags for whatever validator there is; a map names it too. */
static bool take_validator_flags(const struct settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    struct str name = {0};
    if (y->kind == YAML_MAP) {
        struct str own = s->k->validator;
        struct str stem = str_sub(own, 0, str_rfind(own, STR(".")));
        if (yaml_str(yaml_get(y, "name"), &name) && !str_eq(name, own) && !str_eq(name, stem))
            return yaml_refuse(y, s->what, e, "there is no output validator called %.*s",
                               STR_ARG(name));
        y = yaml_get(y, "flags");
    }
    s->c->flags = NULL;
    s->c->n_flags = 0;
    if (yaml_kind(y) == YAML_ABSENT || y->kind == YAML_NULL)
        return true;
    if (!yaml_str(y, &text))
        return yaml_refuse(y, s->what, e, "output_validator_flags must be a text");
    kattis_words(text, &s->c->flags, &s->c->n_flags, s->keep);
    return true;
}

static bool take_grading(const struct settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    if (yaml_str(y, &text) && str_eq(text, STR("default")))
        return true;
    if (!str_eq(text, STR("custom")))
        return yaml_refuse(y, s->what, e, "grading must be default or custom");
    (void)yaml_refuse(y, s->what, e, "a custom grader (graders/) is not run by podium");
    e->cls = ERR_UNSUPPORTED;
    return false;
}

static bool take_legacy_key(const struct settings *s, const struct yaml *y, struct err *e)
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
        return take_validator_flags(s, y, e);
    if (!str_starts(y->key, STR("input_validator_flags")))
        package_note(s->k->m.p, "%s: key %.*s is not read", s->what, STR_ARG(y->key));
    return true;
}

/* The settings file of a folder as a map; NULL when there is none. */
static bool read_settings(struct kattis *k, struct str folder, const char *name, const char **what,
                          const struct yaml **out, struct err *e)
{
    struct package *p = k->m.p;
    struct entry at = {0};
    struct str text;
    *out = NULL;
    TRY(package_look(p, package_join(p, folder, str_of(name)), &at, e));
    if (at.kind == ENTRY_ABSENT)
        return true;
    TRY(package_text(p, &at, LIMIT_YAML_BYTES, &text, e));
    *what = package_shown(p, at.rel).at;
    TRY(yaml_parse(text, *what, out, p->keep, e));
    if ((*out)->kind != YAML_MAP && (*out)->kind != YAML_NULL)
        return yaml_refuse(*out, *what, e, "must be a map of keys to values");
    return true;
}

static bool legacy_config(struct kattis *k, struct str folder, struct config *c, struct err *e)
{
    const struct yaml *root = NULL;
    struct settings s = {.k = k, .keep = k->m.p->keep, .c = c};
    TRY(read_settings(k, folder, "testdata.yaml", &s.what, &root, e));
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y))
        TRY(take_legacy_key(&s, y, e));
    return true;
}

/* problem.yaml's grading, from before testdata.yaml: the root's values where it says none. */
static bool old_grading(struct kattis *k, struct config *c, struct err *e)
{
    struct settings s = {.k = k, .keep = k->m.p->keep, .what = "problem.yaml", .c = c};
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

/* --- the tests of one folder --- */

struct item {
    struct str name;        /* without ending */
    const struct entry *in; /* NULL: a group */
    const struct entry *ans;
    const struct entry *folder;
};

static int by_item(const void *a, const void *b)
{
    const struct item *x = a;
    const struct item *y = b;
    int c = str_cmp(x->name, y->name);
    return c != 0 ? c : (x->in == NULL) - (y->in == NULL);
}

static const struct entry *find_entry(const struct entry *all, int64_t n, struct str stem,
                                      struct str ending)
{
    int64_t lo = 0;
    for (int64_t hi = n; lo < hi;) {
        int64_t mid = lo + (hi - lo) / 2;
        struct str name = all[mid].name;
        int c = str_cmp(str_sub(name, 0, stem.n), stem);
        if (c == 0)
            c = name.n < stem.n ? -1 : str_cmp(str_sub(name, stem.n, name.n), ending);
        if (c == 0)
            return &all[mid];
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static bool pair_up(struct kattis *k, const struct entry *all, int64_t n, int64_t i,
                    struct item *out, struct err *e)
{
    struct str name = all[i].name;
    struct str shown = package_shown(k->m.p, all[i].rel);
    bool is_in = str_ends(name, STR(".in"));
    struct str stem = str_sub(name, 0, str_rfind(name, STR(".")));
    const struct entry *other = find_entry(all, n, stem, is_in ? STR(".ans") : STR(".in"));
    if (stem.n == 0)
        return FAIL(e, ERR_INPUT, "%.*s: a test without a name", STR_ARG(shown));
    if (other == NULL && is_in)
        return FAIL(e, ERR_INPUT, "%.*s: there is no .ans beside it; add it, or remove the test",
                    STR_ARG(shown));
    if (other == NULL)
        return FAIL(e, ERR_INPUT, "%.*s: there is no .in beside it; add it, or remove the answer",
                    STR_ARG(shown));
    if (all[i].kind != ENTRY_FILE || other->kind != ENTRY_FILE)
        return FAIL(e, ERR_INPUT, "%.*s: must be a file, and so the other one of the test",
                    STR_ARG(shown));
    *out =
        (struct item){.name = stem, .in = is_in ? &all[i] : other, .ans = is_in ? other : &all[i]};
    return true;
}

static bool list_items(struct kattis *k, struct str folder, struct item **out, int64_t *n_out,
                       struct err *e)
{
    struct entry *all = NULL;
    int64_t n = 0;
    TRY(package_list(k->m.p, folder, &all, &n, e));
    struct item *items = NEW(k->m.p->keep, struct item, n + 1);
    int64_t n_items = 0;
    for (int64_t i = 0; i < n; i++) {
        bool is_in = str_ends(all[i].name, STR(".in"));
        bool is_ans = str_ends(all[i].name, STR(".ans"));
        if (is_in || is_ans)
            TRY(pair_up(k, all, n, i, &items[n_items], e));
        else if (all[i].kind == ENTRY_FOLDER)
            items[n_items] = (struct item){.name = all[i].name, .folder = &all[i]};
        n_items += is_in || (all[i].kind == ENTRY_FOLDER && !is_ans);
    }
    if (n_items > 0)
        qsort(items, (size_t)n_items, sizeof *items, by_item);
    *out = items;
    *n_out = n_items;
    return true;
}

static bool check_depth(struct kattis *k, struct str folder, int depth, struct err *e)
{
    return depth <= LIMIT_PACKAGE_DEPTH ||
           FAIL(e, ERR_INPUT, "%.*s: folders nested too deep, or a link to a folder above",
                STR_ARG(package_shown(k->m.p, folder)));
}

/* "data/secret/1/a" is the test "secret/1/a". */
static struct str name_of(struct kattis *k, struct str folder, struct str stem)
{
    struct str below = str_sub(folder, (int64_t)sizeof "data/" - 1, folder.n);
    return package_shown(k->m.p, package_join(k->m.p, below, stem));
}

/* The problem's flags, then the group's. */
static void join_flags(struct kattis *k, const struct config *c, struct str **out, int64_t *n)
{
    struct str *flags = NULL;
    *n = 0;
    for (int64_t i = 0; i < k->problem.n_flags + c->n_flags; i++) {
        GROW(k->m.p->keep, flags, *n);
        flags[(*n)++] =
            i < k->problem.n_flags ? k->problem.flags[i] : c->flags[i - k->problem.n_flags];
    }
    *out = flags;
}

static bool add_test(struct kattis *k, struct str folder, const struct item *item,
                     const struct config *c, int64_t *i_test, struct err *e)
{
    struct task_test t = {.name = name_of(k, folder, item->name),
                          .input = item->in->path,
                          .answer = item->ans->path,
                          .is_sample = str_starts(folder, STR("data/sample")),
                          .args = c->args,
                          .n_args = c->n_args};
    struct str *flags = NULL;
    join_flags(k, c, &flags, &t.n_flags);
    t.flags = flags;
    if (!k->has_validator && !compare_rule_from_flags(t.flags, t.n_flags, &t.compare, e))
        return err_wrap(e, "flags of the default validator for %.*s", STR_ARG(t.name));
    TRY(maker_see_answer(&k->m, item->ans, e));
    *i_test = k->m.n_tests;
    *maker_test(&k->m) = t;
    return true;
}

/* --- legacy --- */

static void apply_legacy(struct kattis *k, int64_t i_group, const struct config *c)
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
}

static bool legacy_group(struct kattis *k, struct str folder, int64_t i_parent, struct config c,
                         int depth, int64_t *i_group, struct err *e)
{
    struct item *items = NULL;
    struct members members = {0};
    int64_t n = 0;
    TRY(check_depth(k, folder, depth, e));
    TRY(legacy_config(k, folder, &c, e));
    TRY(list_items(k, folder, &items, &n, e));
    int64_t i_own = k->m.n_groups;
    struct str name = name_of(k, folder, (struct str){0});
    struct task_group *g = maker_group(&k->m, str_sub(name, 0, name.n - 1), i_parent);
    g->is_subtask = k->problem.is_scoring && depth == 2 && str_starts(folder, STR("data/secret/"));
    apply_legacy(k, i_own, &c);
    for (int64_t i = 0; i < n; i++) {
        int64_t member = 0;
        if (items[i].in == NULL)
            TRY(legacy_group(k, items[i].folder->rel, i_own, c, depth + 1, &member, e));
        else
            TRY(add_test(k, folder, &items[i], &c, &member, e));
        members_put(&k->m, &members, items[i].in == NULL, member);
    }
    k->m.groups[i_own].members = members.at;
    k->m.groups[i_own].n_members = members.n;
    *i_group = i_own;
    return true;
}

/* A folder without a single test in it or below: sample/ often is. */
static bool has_any(struct kattis *k, struct str folder, bool *out, struct err *e)
{
    struct entry at = {0};
    struct item *items = NULL;
    int64_t n = 0;
    *out = false;
    TRY(package_look(k->m.p, folder, &at, e));
    if (at.kind != ENTRY_FOLDER)
        return at.kind == ENTRY_ABSENT ||
               FAIL(e, ERR_INPUT, "%.*s: must be a folder of tests", STR_ARG(folder));
    TRY(list_items(k, folder, &items, &n, e));
    *out = n > 0;
    return true;
}

static bool need_secret(bool has_secret, struct err *e)
{
    return has_secret ||
           FAIL(e, ERR_INPUT, "data/secret: no tests; put NAME.in and NAME.ans there");
}

static bool legacy_data(struct kattis *k, struct err *e)
{
    static const struct str folders[] = {{"data/sample", 11}, {"data/secret", 11}};
    struct config c = {.breaks = true,
                       .accept_score = 1,
                       .range_min = -(double)INFINITY,
                       .range_max = (double)INFINITY};
    struct members members = {0};
    bool has[2] = {false, false};
    for (int i = 0; i < 2; i++)
        TRY(has_any(k, folders[i], &has[i], e));
    TRY(need_secret(has[1], e));
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

/* --- 2025-09 --- */

static bool take_words(const struct settings *s, const struct yaml *y, struct str **out, int64_t *n,
                       struct err *e)
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

static bool take_max_score(const struct settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    int64_t v = 0;
    s->c->has_max = !(yaml_str(y, &text) && str_eq(text, STR("unbounded")));
    if (s->c->has_max && (!yaml_i64(y, &v) || v < 0 || v > SCORE_MAX))
        return yaml_refuse(y, s->what, e, "max_score must be a whole number, or unbounded");
    s->c->max_score = (double)v;
    return true;
}

static bool take_aggregation(const struct settings *s, const struct yaml *y, struct err *e)
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
static bool take_common_key(const struct settings *s, const struct yaml *y, bool *is_known,
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
        return take_validator_flags(s, y, e);
    for (size_t i = 0; i < sizeof unread / sizeof *unread; i++)
        if (str_eq(y->key, str_of(unread[i])))
            return true;
    *is_known = false;
    return true;
}

static bool refuse_static(const struct settings *s, const struct yaml *y, struct err *e)
{
    (void)yaml_refuse_key(y, s->what, e, "static validation is not run by podium");
    e->cls = ERR_UNSUPPORTED;
    return false;
}

/* Pass-fail problems and samples have no scores to speak of. */
static bool take_score_key(const struct settings *s, const struct yaml *y, struct err *e)
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

static bool take_group_key(const struct settings *s, const struct yaml *y, struct err *e)
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
static bool group_config(struct settings *s, struct str folder, struct err *e)
{
    const struct yaml *root = NULL;
    s->what = "test_group.yaml";
    TRY(read_settings(s->k, folder, "test_group.yaml", &s->what, &root, e));
    if (root == NULL && s->k->problem.version == KATTIS_2023)
        TRY(read_settings(s->k, folder, "testdata.yaml", &s->what, &root, e));
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y))
        TRY(take_group_key(s, y, e));
    return true;
}

static bool test_config(struct kattis *k, struct str folder, const struct item *item,
                        struct config *c, struct err *e)
{
    const struct yaml *root = NULL;
    struct entry files = {0};
    struct settings s = {.k = k, .keep = k->m.p->keep, .c = c};
    struct package *p = k->m.p;
    const char *name = arena_fmt(p->keep, "%.*s.yaml", STR_ARG(item->name)).at;
    TRY(package_look(p, arena_fmt(p->keep, "%.*s/%.*s.files", STR_ARG(folder), STR_ARG(item->name)),
                     &files, e));
    if (files.kind != ENTRY_ABSENT)
        return FAIL(e, ERR_UNSUPPORTED, "%.*s: input files beside standard input are not given",
                    STR_ARG(package_shown(p, files.rel)));
    TRY(read_settings(k, folder, name, &s.what, &root, e));
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y)) {
        bool is_known = false;
        TRY(take_common_key(&s, y, &is_known, e));
        if (!is_known)
            return yaml_refuse_key(y, s.what, e, "unknown key %.*s", STR_ARG(y->key));
    }
    return true;
}

/* The tests of a folder and of the folders in it, as members of one group. */
static bool flat_tests(struct kattis *k, struct str folder, const struct config *c, int depth,
                       struct members *members, struct err *e)
{
    struct item *items = NULL;
    int64_t n = 0;
    TRY(check_depth(k, folder, depth, e));
    TRY(list_items(k, folder, &items, &n, e));
    for (int64_t i = 0; i < n; i++) {
        struct config own = *c;
        int64_t i_test = 0;
        if (i > 0 && str_eq(items[i].name, items[i - 1].name))
            return FAIL(e, ERR_INPUT, "%.*s: a test and a folder of one name; rename one",
                        STR_ARG(name_of(k, folder, items[i].name)));
        if (items[i].in == NULL && str_ends(items[i].name, STR(".files")))
            continue; /* test_config refuses them, if their test is there */
        if (items[i].in == NULL) {
            TRY(flat_tests(k, items[i].folder->rel, c, depth + 1, members, e));
            continue;
        }
        TRY(test_config(k, folder, &items[i], &own, e));
        TRY(add_test(k, folder, &items[i], &own, &i_test, e));
        members_put(&k->m, members, false, i_test);
    }
    return true;
}

/* The worth of a group and of its tests. A test says a fraction of its own worth, so a sum of N
 * tests worth max / N each is the average times max. */
static bool set_worth(const struct settings *s, struct task_group *g, bool has_tests, struct err *e)
{
    const struct config *c = s->c;
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

static bool add_need(const struct settings *s, const struct yaml *y, int64_t i_group, struct err *e)
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

static bool set_needs(const struct settings *s, int64_t i_group, struct err *e)
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

static bool flat_group(struct settings *s, struct str folder, int64_t i_parent, int64_t *i_group,
                       struct err *e)
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
static bool later_subgroup(const struct settings *above, const struct entry *folder,
                           int64_t i_secret, int64_t *i_group, struct err *e)
{
    struct kattis *k = above->k;
    struct config c = {.score = GROUP_PASS_FAIL,
                       .flags = above->c->flags,
                       .n_flags = above->c->n_flags,
                       .args = above->c->args,
                       .n_args = above->c->n_args};
    struct settings s = *above;
    s.c = &c;
    s.group = name_of(k, folder->rel, (struct str){0});
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

static bool check_sum(const struct settings *s, const struct task_group *secret, struct err *e)
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
    struct config c = {.score = GROUP_SUM, .has_max = true, .max_score = 100};
    struct settings s = {.k = k, .keep = k->m.p->keep, .c = &c, .group = STR("secret")};
    struct item *items = NULL;
    struct members members = {0};
    int64_t n = 0;
    int64_t n_tests = 0;
    TRY(group_config(&s, STR(folder), e));
    TRY(list_items(k, STR(folder), &items, &n, e));
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
    struct config c = {.score = GROUP_PASS_FAIL, .has_max = true};
    struct settings s = {.k = k, .keep = k->m.p->keep, .c = &c, .group = STR("sample")};
    TRY(group_config(&s, STR("data/sample"), e));
    TRY(flat_group(&s, STR("data/sample"), 0, i_group, e));
    k->m.groups[*i_group].points = 0; /* samples never score */
    k->m.groups[*i_group].is_subtask = false;
    return true;
}

/* Nothing breaks on a reject: what the format expects of submissions speaks of all tests. */
static bool later_data(struct kattis *k, struct err *e)
{
    struct members members = {0};
    bool has_sample = false;
    bool has_secret = false;
    int64_t i_group = 0;
    TRY(has_any(k, STR("data/sample"), &has_sample, e));
    TRY(has_any(k, STR("data/secret"), &has_secret, e));
    TRY(need_secret(has_secret, e));
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

bool kattis_data(struct kattis *k, struct err *e)
{
    return k->problem.version == KATTIS_LEGACY ? legacy_data(k, e) : later_data(k, e);
}
