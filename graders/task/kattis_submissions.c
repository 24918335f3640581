#include <math.h>

#include "base/limits.h"
#include "base/yaml.h"
#include "graders/task/kattis.h"

/* What a submission must get comes from four places:
 *
 *   the folder it lies in     legacy: its final verdict; 2025-09: masks over all tests
 *   submissions.yaml          2025-09: globs, each a demand more; a default folder's name alone
 *                             replaces that folder's masks, key by key
 *   @EXPECTED_RESULTS@        DOMjudge's tag, in a source; not read in folders that say it already
 *   @EXPECTED_SCORE@, @EXPECTED_GRADES@
 *
 * A tag that cannot be read makes its own submission not judged (why_not); a submissions.yaml that
 * cannot be read makes the package wrong. */

static const char yaml_file[] = "submissions/submissions.yaml";

enum { ALTERNATIVES_MAX = 64 }; /* of one pattern's braces, written out */

/* --- globs --- */

bool kattis_glob_check(struct str pattern, const char **why)
{
    int64_t n_all = 1;
    int64_t n_here = 0;
    for (int64_t i = 0; i < pattern.n; i++) {
        char c = pattern.at[i];
        if (c == '*' && i + 1 < pattern.n && pattern.at[i + 1] == '*')
            *why = "** is not part of these patterns";
        else if (c == '[')
            *why = "[...] is not part of these patterns";
        else if (c == '{' && n_here > 0)
            *why = "braces in braces";
        else if (c == '}' && n_here == 0)
            *why = "a brace that was not opened";
        else if (c == '}' && n_all > ALTERNATIVES_MAX / n_here)
            *why = "braces with too many alternatives";
        else {
            n_all *= c == '}' ? n_here : 1;
            n_here = c == '{' ? 1 : c == '}' ? 0 : n_here + (n_here > 0 && c == ',');
            continue;
        }
        return false;
    }
    *why = "a brace that is not closed";
    return n_here == 0;
}

/* "*" stands for any text without "/". Going back to the last star is enough: an earlier one in
 * the component could only give way to it, and components end at fixed places. */
static bool match(struct str pattern, struct str name)
{
    int64_t p = 0;
    int64_t i = 0;
    int64_t star = -1;
    int64_t from = 0;
    while (i < name.n) {
        if (p < pattern.n && pattern.at[p] == '*') {
            star = p++;
            from = i;
        } else if (p < pattern.n && pattern.at[p] == name.at[i]) {
            p++;
            i++;
        } else if (star >= 0 && name.at[from] != '/') {
            i = ++from;
            p = star + 1;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.at[p] == '*')
        p++;
    return p == pattern.n;
}

static bool match_or_above(struct str pattern, struct str name)
{
    for (int64_t i = 1; i <= name.n; i++)
        if ((i == name.n || name.at[i] == '/') && match(pattern, str_sub(name, 0, i)))
            return true;
    return false;
}

/* Writes out the first brace and goes on with each alternative; `exact`: folders above do not
 * count. */
static bool match_braces(struct str pattern, struct str name, bool exact)
{
    int64_t open = str_find(pattern, STR("{"), 0);
    int64_t close = str_find(pattern, STR("}"), open < 0 ? 0 : open);
    struct str piece;
    if (open < 0 || close < 0)
        return exact ? match(pattern, name) : match_or_above(pattern, name);
    struct str inner = str_sub(pattern, open + 1, close);
    for (bool more = true; more;) {
        int64_t comma = str_find(inner, STR(","), 0);
        more = comma >= 0;
        piece = str_sub(inner, 0, more ? comma : inner.n);
        inner = str_sub(inner, comma + 1, inner.n);
        CLEANUP(buf_free) struct buf b = {0};
        buf_put(&b, str_sub(pattern, 0, open));
        buf_put(&b, piece);
        buf_put(&b, str_sub(pattern, close + 1, pattern.n));
        if (match_braces(buf_str(&b), name, exact))
            return true;
    }
    return false;
}

bool kattis_glob(struct str pattern, struct str name)
{
    return match_braces(pattern, name, false);
}

/* --- folders --- */

static const struct directory {
    const char *name;
    uint32_t final; /* legacy: what the final verdict must be; 0: the folder says nothing there */
    uint32_t permitted;
    uint32_t required;
} directories[] = {
    {"accepted", OUTCOMES_AC, OUTCOMES_AC, 0},
    {"partially_accepted", OUTCOMES_AC, 0, 0},
    {"wrong_answer", OUTCOMES_WA, OUTCOMES_AC | OUTCOMES_WA, OUTCOMES_WA},
    {"time_limit_exceeded", OUTCOMES_TLE, OUTCOMES_AC | OUTCOMES_TLE, OUTCOMES_TLE},
    {"run_time_error", OUTCOMES_RTE, OUTCOMES_AC | OUTCOMES_RTE, OUTCOMES_RTE},
    {"compiler_error", OUTCOME_BIT(OUTCOME_CE), 0, 0},
    {"compile_error", OUTCOME_BIT(OUTCOME_CE), 0, 0},
    {"rejected", OUTCOMES_WA | OUTCOMES_TLE | OUTCOMES_RTE, OUTCOMES_ALL,
     OUTCOMES_WA | OUTCOMES_TLE | OUTCOMES_RTE},
    {"brute_force", OUTCOMES_TLE | OUTCOMES_RTE, OUTCOMES_AC | OUTCOMES_TLE | OUTCOMES_RTE,
     OUTCOMES_TLE | OUTCOMES_RTE},
};

static const struct directory *find_directory(struct str name)
{
    for (size_t i = 0; i < sizeof directories / sizeof *directories; i++)
        if (str_eq(name, str_of(directories[i].name)))
            return &directories[i];
    return NULL;
}

static void expect_directory(struct kattis *k, struct task_submission *s, const struct directory *d)
{
    struct expectation x = expectation_any(str_of(d->name));
    x.permitted = d->final;
    if (strcmp(d->name, "partially_accepted") == 0) { /* accepted, but not with everything */
        x.score_max = 1;
        x.is_score_strict = true;
        x.score_min = -(double)INFINITY;
    }
    maker_expect(&k->m, s, x);
}

/* --- tags --- */

static const struct {
    const char *name; /* DOMjudge's and Kattis' spellings; "_" and "-" are one */
    uint32_t mask;
} result_names[] = {
    {"CORRECT", OUTCOMES_AC},
    {"ACCEPTED", OUTCOMES_AC},
    {"AC", OUTCOMES_AC},
    {"WRONG-ANSWER", OUTCOMES_WA},
    {"WA", OUTCOMES_WA},
    {"NO-OUTPUT", OUTCOMES_WA},
    {"PRESENTATION-ERROR", OUTCOMES_WA},
    {"TIMELIMIT", OUTCOMES_TLE},
    {"TIME-LIMIT-EXCEEDED", OUTCOMES_TLE},
    {"TLE", OUTCOMES_TLE},
    {"RUN-ERROR", OUTCOMES_RTE},
    {"RUN-TIME-ERROR", OUTCOMES_RTE},
    {"RTE", OUTCOMES_RTE},
    {"MEMORY-LIMIT", OUTCOMES_MLE},
    {"MLE", OUTCOMES_MLE},
    {"OUTPUT-LIMIT", OUTCOMES_OLE},
    {"OLE", OUTCOMES_OLE},
    {"COMPILER-ERROR", OUTCOME_BIT(OUTCOME_CE)},
    {"COMPILE-ERROR", OUTCOME_BIT(OUTCOME_CE)},
    {"CE", OUTCOME_BIT(OUTCOME_CE)},
    {"CHECK-MANUALLY", OUTCOMES_ALL},
};

static bool result_mask(struct str word, uint32_t *mask)
{
    char name[32] = {0};
    if (word.n == 0 || word.n >= (int64_t)sizeof name)
        return false;
    for (int64_t i = 0; i < word.n; i++) {
        char c = word.at[i];
        name[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c == '_' ? '-' : c;
    }
    for (size_t i = 0; i < sizeof result_names / sizeof *result_names; i++)
        if (strcmp(name, result_names[i].name) == 0) {
            *mask = result_names[i].mask;
            return true;
        }
    return false;
}

/* What stands after the tag on its line, without the end of a comment. */
static int64_t find_tag(const struct task_submission *s, struct str tag, struct str *value)
{
    static const char *const ends[] = {"*/", "-->", "\"\"\"", "'''"};
    int64_t n = 0;
    for (int64_t i = 0; i < s->n_files; i++)
        for (int64_t at = -1; (at = str_find(s->files[i].text, tag, at + 1)) >= 0;) {
            struct str rest = str_sub(s->files[i].text, at + tag.n, s->files[i].text.n);
            int64_t end = str_find(rest, STR("\n"), 0);
            struct str line = str_trim(str_sub(rest, 0, end < 0 ? rest.n : end));
            if (str_starts(line, STR(":")))
                line = str_trim(str_sub(line, 1, line.n));
            for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
                if (str_ends(line, str_of(ends[k])))
                    line = str_trim(str_sub(line, 0, line.n - (int64_t)strlen(ends[k])));
            *value = line;
            n++;
        }
    return n;
}

static struct str label_of(struct kattis *k, struct str tag, struct str value)
{
    struct str shown = package_shown(k->m.p, value);
    return arena_fmt(k->m.p->keep, "%.*s %.*s", STR_ARG(tag), STR_ARG(str_sub(shown, 0, 80)));
}

static struct str bad_tag(struct kattis *k, struct str tag, struct str value)
{
    return arena_fmt(k->m.p->keep, "%.*s cannot be read: %.*s", STR_ARG(tag),
                     STR_ARG(str_sub(package_shown(k->m.p, value), 0, 80)));
}

static void tag_results(struct kattis *k, struct task_submission *s)
{
    struct str tag = STR("@EXPECTED_RESULTS@");
    struct str value = {0};
    struct str piece;
    uint32_t all = 0;
    int64_t n = find_tag(s, tag, &value);
    if (n == 0)
        return;
    struct expectation x = expectation_any(label_of(k, tag, value));
    for (struct str rest = value; n == 1 && str_split(&rest, ',', &piece);) {
        uint32_t mask = 0;
        if (!result_mask(str_trim(piece), &mask)) {
            s->why_not = bad_tag(k, tag, value);
            return;
        }
        all |= mask;
    }
    x.permitted = all;
    if (n > 1 || all == 0)
        s->why_not = n > 1 ? STR("more than one @EXPECTED_RESULTS@ in it") : bad_tag(k, tag, value);
    else
        maker_expect(&k->m, s, x);
}

static void tag_score(struct kattis *k, struct task_submission *s)
{
    struct str tag = STR("@EXPECTED_SCORE@");
    struct str value = {0};
    if (find_tag(s, tag, &value) == 0)
        return;
    struct expectation x = expectation_any(label_of(k, tag, value));
    x.is_score_absolute = true;
    if (!str_f64(value, &x.score_min))
        s->why_not = bad_tag(k, tag, value);
    x.score_max = x.score_min;
    maker_expect(&k->m, s, x);
}

/* One word for each group under secret, in their order. */
static void tag_grades(struct kattis *k, struct task_submission *s)
{
    struct str tag = STR("@EXPECTED_GRADES@");
    struct str value = {0};
    struct str *words = NULL;
    int64_t n_words = 0;
    int64_t n = 0;
    if (find_tag(s, tag, &value) == 0)
        return;
    kattis_words(value, &words, &n_words, k->m.p->keep);
    for (int64_t g = 0; g < k->m.n_groups; g++) {
        int64_t above = k->m.groups[g].i_parent;
        struct expectation x = expectation_any(label_of(k, tag, value));
        if (above < 0 || !str_eq(k->m.groups[above].name, STR("secret")))
            continue;
        x.i_group = g;
        if (n < n_words && !result_mask(words[n], &x.permitted))
            s->why_not = bad_tag(k, tag, value);
        n++;
        maker_expect(&k->m, s, x);
    }
    if (n != n_words)
        s->why_not = arena_fmt(k->m.p->keep, "@EXPECTED_GRADES@ has %lld words for %lld groups",
                               (long long)n_words, (long long)n);
}

/* --- submissions.yaml --- */

/* What one map demands: of all tests, or of some. */
struct demand {
    bool has_permitted, has_required, has_score;
    uint32_t permitted, required;
    double score_min, score_max;
    struct str message;
};

static bool take_verdicts(const struct yaml *y, uint32_t *out, bool *has, struct err *e)
{
    static const struct {
        const char *name;
        uint32_t mask;
    } known[] = {
        {"AC", OUTCOMES_AC}, {"WA", OUTCOMES_WA}, {"TLE", OUTCOMES_TLE}, {"RTE", OUTCOMES_RTE}};
    struct str s = {0};
    *out = 0;
    *has = true;
    if (y->kind != YAML_LIST || y->n == 0)
        return yaml_refuse(y, yaml_file, e, "%.*s must be a list of AC, WA, TLE, RTE",
                           STR_ARG(y->key));
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m)) {
        uint32_t one = 0;
        (void)yaml_str(m, &s);
        for (size_t i = 0; i < sizeof known / sizeof *known; i++)
            one |= str_eq(s, str_of(known[i].name)) ? known[i].mask : 0;
        if (one == 0)
            return yaml_refuse(m, yaml_file, e, "%.*s must be a list of AC, WA, TLE, RTE",
                               STR_ARG(y->key));
        *out |= one;
    }
    return true;
}

static bool take_score(const struct yaml *y, struct demand *d, struct err *e)
{
    d->has_score = true;
    bool is_pair = yaml_kind(y) == YAML_LIST && y->n == 2;
    const struct yaml *low = is_pair ? yaml_first(y) : y;
    const struct yaml *high = is_pair ? yaml_next(low) : y;
    if (yaml_f64(low, &d->score_min) && yaml_f64(high, &d->score_max) &&
        d->score_min <= d->score_max)
        return true;
    return yaml_refuse(y, yaml_file, e, "score must be a number, or two with the smaller first");
}

/* *is_known: false when the key is none of the demands. */
static bool take_demand(const struct yaml *y, struct demand *d, bool *is_known, struct err *e)
{
    *is_known = true;
    if (str_eq(y->key, STR("permitted")))
        return take_verdicts(y, &d->permitted, &d->has_permitted, e);
    if (str_eq(y->key, STR("required")))
        return take_verdicts(y, &d->required, &d->has_required, e);
    if (str_eq(y->key, STR("score")))
        return take_score(y, d, e);
    if (str_eq(y->key, STR("message")))
        return y->kind == YAML_NULL || yaml_str(y, &d->message) ||
               yaml_refuse(y, yaml_file, e, "message must be a text");
    *is_known = str_eq(y->key, STR("use_for_time_limit"));
    return true;
}

static struct expectation of_demand(const struct demand *d, struct str label)
{
    struct expectation x = expectation_any(label);
    x.is_per_test = true;
    x.permitted = d->has_permitted ? d->permitted : OUTCOMES_ALL;
    x.required = d->has_required ? d->required : 0;
    x.message = d->message;
    return x;
}

static void expect_score(struct kattis *k, struct task_submission *s, const struct demand *d,
                         struct str label, int64_t i_group)
{
    struct expectation x = expectation_any(label);
    x.i_group = i_group;
    x.is_score_absolute = true;
    x.score_min = d->score_min;
    x.score_max = d->score_max;
    maker_expect(&k->m, s, x);
}

static void expect_demand(struct kattis *k, struct task_submission *s, const struct demand *d,
                          struct str label)
{
    if (d->has_permitted || d->has_required || d->message.n > 0)
        maker_expect(&k->m, s, of_demand(d, label));
    if (d->has_score)
        expect_score(k, s, d, label, -1);
}

static bool check_pattern(const struct yaml *y, struct err *e)
{
    const char *why = NULL;
    return kattis_glob_check(y->key, &why) || yaml_refuse_key(y, yaml_file, e, "%s", why);
}

/* Demands on the tests and groups that a pattern matches. */
static bool some_tests(struct kattis *k, struct task_submission *s, const struct yaml *y,
                       struct str glob, struct err *e)
{
    struct demand d = {0};
    int64_t *tests = NULL;
    int64_t n = 0;
    int64_t n_groups = 0;
    struct str label = arena_fmt(k->m.p->keep, "%.*s: %.*s", STR_ARG(glob), STR_ARG(y->key));
    TRY(check_pattern(y, e));
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m)) {
        bool is_known = false;
        TRY(take_demand(m, &d, &is_known, e));
        if (!is_known)
            return yaml_refuse_key(m, yaml_file, e, "unknown key %.*s", STR_ARG(m->key));
    }
    for (int64_t i = 0; i < k->m.n_tests; i++)
        if (kattis_glob(y->key, k->m.tests[i].name)) {
            GROW(k->m.p->keep, tests, n);
            tests[n++] = i;
        }
    for (int64_t g = 1; g < k->m.n_groups && d.has_score; g++)
        if (match_braces(y->key, k->m.groups[g].name, true)) {
            expect_score(k, s, &d, label, g);
            n_groups++;
        }
    if (n == 0 || (d.has_score && n_groups == 0))
        return yaml_refuse_key(y, yaml_file, e, "%.*s matches no %s", STR_ARG(y->key),
                               n == 0 ? "test" : "group, and only groups have scores");
    struct expectation x = of_demand(&d, label);
    x.tests = tests;
    x.n_tests = n;
    if (d.has_permitted || d.has_required || d.message.n > 0)
        maker_expect(&k->m, s, x);
    return true;
}

static bool take_language(struct kattis *k, const struct yaml *y, struct task_submission *s,
                          struct err *e)
{
    struct str name;
    if (!yaml_str(y, &name))
        return yaml_refuse(y, yaml_file, e, "language must be a text");
    struct str plain = str_eq(name, STR("python3")) ? STR("python") : name;
    s->has_language = language_from_name(plain, &s->language);
    s->why_not = s->has_language ? (struct str){0}
                                 : arena_fmt(k->m.p->keep, "language %.*s is not judged",
                                             STR_ARG(package_shown(k->m.p, name)));
    return true;
}

/* One key of what a pattern says of a submission that it matches. */
static bool take_key(struct kattis *k, const struct yaml *y, struct task_submission *s,
                     struct str glob, struct demand *d, struct err *e)
{
    bool is_known = false;
    bool yes = false;
    struct str text;
    TRY(take_demand(y, d, &is_known, e));
    if (str_eq(y->key, STR("use_for_time_limit"))) {
        s->skips_time_limit |= yaml_bool(y, &yes) && !yes;
        return true;
    }
    if (is_known || str_eq(y->key, STR("authors")))
        return true;
    if (str_eq(y->key, STR("language")))
        return take_language(k, y, s, e);
    if (str_eq(y->key, STR("entrypoint")))
        return yaml_str(y, &s->entry) || yaml_refuse(y, yaml_file, e, "entrypoint must be a text");
    if (str_eq(y->key, STR("model_solution"))) {
        if (!yaml_bool(y, &yes))
            return yaml_refuse(y, yaml_file, e, "model_solution must be true or false");
        if (yes)
            k->m.t->i_model = s - k->m.submissions;
        return true;
    }
    if (y->kind == YAML_MAP)
        return some_tests(k, s, y, glob, e);
    (void)text;
    return yaml_refuse_key(y, yaml_file, e, "unknown key %.*s", STR_ARG(y->key));
}

static bool take_globs(struct kattis *k, const struct yaml *root, struct task_submission *s,
                       struct str below, const struct directory *d, struct err *e)
{
    struct demand base = {0};
    if (d != NULL && d->permitted != 0) {
        base.has_permitted = true;
        base.permitted = d->permitted;
        base.has_required = d->required != 0;
        base.required = d->required;
    }
    for (const struct yaml *y = yaml_first(root); y != NULL; y = yaml_next(y)) {
        bool is_base = d != NULL && str_eq(y->key, str_of(d->name));
        struct demand own = {0};
        if (!kattis_glob(y->key, below))
            continue;
        for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m))
            TRY(take_key(k, m, s, y->key, is_base ? &base : &own, e));
        if (!is_base)
            expect_demand(k, s, &own, y->key);
    }
    if (d != NULL)
        expect_demand(k, s, &base, str_of(d->name));
    return true;
}

static bool read_globs(struct kattis *k, const struct yaml **out, struct err *e)
{
    struct entry at = {0};
    struct str text;
    *out = NULL;
    TRY(package_look(k->m.p, STR(yaml_file), &at, e));
    if (at.kind == ENTRY_ABSENT)
        return true;
    if (k->problem.version == KATTIS_LEGACY) {
        package_note(k->m.p, "%s: not part of the legacy format, so not read", yaml_file);
        return true;
    }
    TRY(package_text(k->m.p, &at, LIMIT_YAML_BYTES, &text, e));
    TRY(yaml_parse(text, yaml_file, out, k->m.p->keep, e));
    if ((*out)->kind != YAML_MAP && (*out)->kind != YAML_NULL)
        return yaml_refuse(*out, yaml_file, e, "must be a map of patterns");
    for (const struct yaml *y = yaml_first(*out); y != NULL; y = yaml_next(y)) {
        TRY(check_pattern(y, e));
        if (y->kind != YAML_MAP && y->kind != YAML_NULL)
            return yaml_refuse(y, yaml_file, e, "must be a map of demands");
    }
    return true;
}

/* --- the folder --- */

static bool add_submission(struct kattis *k, const struct entry *at, struct str directory,
                           const struct yaml *globs, struct err *e)
{
    struct package *p = k->m.p;
    const struct directory *d = find_directory(directory);
    struct task_submission *s = maker_submission(&k->m, package_shown(p, at->rel));
    bool is_legacy = k->problem.version == KATTIS_LEGACY;
    struct str below = str_sub(at->rel, (int64_t)sizeof "submissions/" - 1, at->rel.n);
    TRY(maker_submission_files(&k->m, at, s, e));
    if (d != NULL && (is_legacy || d->permitted == 0))
        expect_directory(k, s, d);
    if (!is_legacy)
        TRY(take_globs(k, globs, s, below, d, e));
    if (d == NULL)
        tag_results(k, s);
    tag_score(k, s);
    tag_grades(k, s);
    return true;
}

static bool add_directory(struct kattis *k, const struct entry *folder, const struct yaml *globs,
                          struct err *e)
{
    struct entry *found = NULL;
    int64_t n = 0;
    TRY(package_list(k->m.p, folder->rel, &found, &n, e));
    for (int64_t i = 0; i < n; i++)
        TRY(add_submission(k, &found[i], folder->name, globs, e));
    return true;
}

bool kattis_submissions(struct kattis *k, struct err *e)
{
    struct package *p = k->m.p;
    const struct yaml *globs = NULL;
    struct entry at = {0};
    struct entry *found = NULL;
    int64_t n = 0;
    TRY(package_look(p, STR("submissions"), &at, e));
    if (at.kind != ENTRY_FOLDER) {
        package_note(p, "submissions/: there is none");
        return true;
    }
    TRY(read_globs(k, &globs, e));
    TRY(package_list(p, at.rel, &found, &n, e));
    for (int64_t i = 0; i < n; i++)
        if (found[i].kind == ENTRY_FOLDER)
            TRY(add_directory(k, &found[i], globs, e));
        else if (!str_eq(found[i].name, STR("submissions.yaml")))
            package_note(p, "%.*s: not in a folder of submissions, so not judged",
                         STR_ARG(package_shown(p, found[i].rel)));
    TRY(package_look(p, STR("submissions/accepted"), &at, e));
    if (at.kind != ENTRY_FOLDER)
        package_note(p, "submissions/accepted: there is none, and the format wants one");
    return true;
}
