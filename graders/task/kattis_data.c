#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/yaml.h"
#include "graders/task/kattis.h"

/* Two walks over data/. Legacy: every folder is a group, to any depth, and what testdata.yaml leaves
 * out is the group's above it, key by key (as the reference tools do; the text could also be read
 * as "the whole file of the next folder above"). 2025-09: groups are the folders directly under
 * secret, and folders in them only sort files.
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
    struct str name;       /* without ending */
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
    const struct entry *other =
        find_entry(all, n, stem, is_in ? STR(".ans") : STR(".in"));
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
    *out = (struct item){.name = stem, .in = is_in ? &all[i] : other, .ans = is_in ? other : &all[i]};
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
        flags[(*n)++] = i < k->problem.n_flags ? k->problem.flags[i]
                                                : c->flags[i - k->problem.n_flags];
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
