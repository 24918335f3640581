#include "graders/task/kattis_data.h"

#include <stdlib.h>

#include "base/limits.h"

/* The settings file of a folder as a map; NULL when there is none. */
bool kattis_settings(struct kattis *k, struct str folder, const char *name, const char **what,
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

/* A text is flags for whatever validator there is; a map names it too. */
bool kattis_validator_flags(const struct kattis_settings *s, const struct yaml *y, struct err *e)
{
    struct str text = {0};
    struct str name = {0};
    if (y->kind == YAML_MAP && s->k->has_several_validators) {
        (void)yaml_refuse(y, s->what, e,
                          "flags for one of several output validators: the format says both that "
                          "all of them run and that the named one does");
        e->cls = ERR_UNSUPPORTED;
        return false;
    }
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

static int by_item(const void *a, const void *b)
{
    const struct kattis_item *x = a;
    const struct kattis_item *y = b;
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
                    struct kattis_item *out, struct err *e)
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
    *out = (struct kattis_item){
        .name = stem, .in = is_in ? &all[i] : other, .ans = is_in ? other : &all[i]};
    return true;
}

bool kattis_items(struct kattis *k, struct str folder, struct kattis_item **out, int64_t *n_out,
                  struct err *e)
{
    struct entry *all = NULL;
    int64_t n = 0;
    TRY(package_list(k->m.p, folder, &all, &n, e));
    struct kattis_item *items = NEW(k->m.p->keep, struct kattis_item, n + 1);
    int64_t n_items = 0;
    for (int64_t i = 0; i < n; i++) {
        bool is_in = str_ends(all[i].name, STR(".in"));
        bool is_ans = str_ends(all[i].name, STR(".ans"));
        if (is_in || is_ans)
            TRY(pair_up(k, all, n, i, &items[n_items], e));
        else if (all[i].kind == ENTRY_FOLDER)
            items[n_items] = (struct kattis_item){.name = all[i].name, .folder = &all[i]};
        n_items += is_in || (all[i].kind == ENTRY_FOLDER && !is_ans);
    }
    if (n_items > 0)
        qsort(items, (size_t)n_items, sizeof *items, by_item);
    *out = items;
    *n_out = n_items;
    return true;
}

bool kattis_check_depth(struct kattis *k, struct str folder, int depth, struct err *e)
{
    return depth <= LIMIT_PACKAGE_DEPTH ||
           FAIL(e, ERR_INPUT, "%.*s: folders nested too deep, or a link to a folder above",
                STR_ARG(package_shown(k->m.p, folder)));
}

/* "data/secret/1/a" is the test "secret/1/a". */
struct str kattis_name_of(struct kattis *k, struct str folder, struct str stem)
{
    struct str below = str_sub(folder, (int64_t)sizeof "data/" - 1, folder.n);
    return package_shown(k->m.p, package_join(k->m.p, below, stem));
}

/* The problem's flags, then the group's. */
static void join_flags(struct kattis *k, const struct kattis_config *c, struct str **out,
                       int64_t *n)
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

bool kattis_add_test(struct kattis *k, struct str folder, const struct kattis_item *item,
                     const struct kattis_config *c, int64_t *i_test, struct err *e)
{
    struct task_test t = {.name = kattis_name_of(k, folder, item->name),
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

/* A folder without a single test in it or below: sample/ often is. */
bool kattis_has_any(struct kattis *k, struct str folder, bool *out, struct err *e)
{
    struct entry at = {0};
    struct kattis_item *items = NULL;
    int64_t n = 0;
    *out = false;
    TRY(package_look(k->m.p, folder, &at, e));
    if (at.kind != ENTRY_FOLDER)
        return at.kind == ENTRY_ABSENT ||
               FAIL(e, ERR_INPUT, "%.*s: must be a folder of tests", STR_ARG(folder));
    TRY(kattis_items(k, folder, &items, &n, e));
    *out = n > 0;
    return true;
}

bool kattis_need_secret(bool has_secret, struct err *e)
{
    return has_secret ||
           FAIL(e, ERR_INPUT, "data/secret: no tests; put NAME.in and NAME.ans there");
}

bool kattis_data(struct kattis *k, struct err *e)
{
    return k->problem.version == KATTIS_LEGACY ? kattis_legacy_data(k, e) : kattis_later_data(k, e);
}
