#include "base/limits.h"
#include "base/yaml.h"
#include "graders/task/kattis.h"

static const char file[] = "problem.yaml";

static bool is_white(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

void kattis_words(struct str text, struct str **words, int64_t *n, struct arena *keep)
{
    for (int64_t i = 0; i < text.n;) {
        int64_t from = i;
        while (i < text.n && !is_white(text.at[i]))
            i++;
        if (i > from) {
            GROW(keep, *words, *n);
            (*words)[(*n)++] = str_sub(text, from, i);
        }
        i++;
    }
}

static bool take_version(const struct yaml *root, struct kattis_problem *out, struct err *e)
{
    static const struct {
        const char *name;
        enum kattis_version version;
    } known[] = {{"legacy", KATTIS_LEGACY}, {"legacy-icpc", KATTIS_LEGACY},
                 {"2023-07", KATTIS_2023},  {"2023-07-draft", KATTIS_2023},
                 {"2025-09", KATTIS_2025},  {"2025-09-draft", KATTIS_2025},
                 {"draft", KATTIS_2025}};
    const struct yaml *y = yaml_get(root, "problem_format_version");
    struct str s = STR("legacy");
    if (y != NULL && !yaml_str(y, &s))
        return yaml_refuse(y, file, e, "problem_format_version must be a text like 2025-09");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(s, str_of(known[i].name))) {
            out->version = known[i].version;
            return true;
        }
    (void)yaml_refuse(y, file, e, "format version %.*s is not one podium reads", STR_ARG(s));
    e->cls = ERR_UNSUPPORTED;
    return false;
}

static void set_defaults(struct kattis_problem *out)
{
    bool is_legacy = out->version == KATTIS_LEGACY;
    out->time_multiplier = is_legacy ? 5 : 2;
    out->safety_margin = is_legacy ? 2 : 1.5;
    out->time_step = 1;
    out->memory_mib = is_legacy ? 1024 : 2048;
    out->output_mib = 8;
    out->code_kib = 128;
    out->compile_s = 60;
    out->validation_s = 60;
    out->validation_memory_mib = is_legacy ? 1024 : 2048;
    out->validation_output_mib = 8;
    out->n_passes = 2;
}

static bool is_known_key(struct str key, enum kattis_version version)
{
    static const char *const both[] = {
        "problem_format_version", "name",     "uuid", "source", "license",
        "rights_owner",           "keywords", "type", "limits"};
    static const char *const legacy[] = {"author",  "source_url", "validation", "validator_flags",
                                         "grading", "libs",       "languages"};
    static const char *const later[] = {
        "version", "credits", "embargo_until", "languages", "allow_file_writing", "constants"};
    for (size_t i = 0; i < sizeof both / sizeof *both; i++)
        if (str_eq(key, str_of(both[i])))
            return true;
    const char *const *more = version == KATTIS_LEGACY ? legacy : later;
    size_t n =
        version == KATTIS_LEGACY ? sizeof legacy / sizeof *legacy : sizeof later / sizeof *later;
    for (size_t i = 0; i < n; i++)
        if (str_eq(key, str_of(more[i])))
            return true;
    return false;
}

/* 2025-09 makes an unknown key an error. Legacy says so too, but packages have carried keys of
 * their judges for years; and the draft's keys moved while it was one. */
static bool take_unknown_keys(const struct yaml *root, struct kattis_problem *out,
                              struct arena *keep, struct err *e)
{
    for (const struct yaml *m = yaml_first(root); m != NULL; m = yaml_next(m)) {
        if (is_known_key(m->key, out->version))
            continue;
        if (out->version == KATTIS_2025)
            return yaml_refuse_key(m, file, e, "unknown key %.*s", STR_ARG(m->key));
        GROW(keep, out->ignored, out->n_ignored);
        out->ignored[out->n_ignored++] = m->key;
    }
    return true;
}

static bool take_title(const struct yaml *root, struct kattis_problem *out, struct err *e)
{
    const struct yaml *y = yaml_get(root, "name");
    if (yaml_kind(y) == YAML_MAP)
        y = yaml_get(y, "en") != NULL ? yaml_get(y, "en") : yaml_first(y);
    if (y == NULL || y->kind == YAML_NULL || yaml_str(y, &out->title))
        return true;
    return yaml_refuse(y, file, e, "name must be a text, or a map of languages to texts");
}

static bool take_type_word(const struct yaml *y, struct str word, struct kattis_problem *out,
                           struct err *e)
{
    if (str_eq(word, STR("scoring"))) {
        out->is_scoring = true;
    } else if (str_eq(word, STR("submit-answer"))) {
        (void)yaml_refuse(y, file, e, "type submit-answer is not judged");
        e->cls = ERR_UNSUPPORTED;
        return false;
    } else if (out->version != KATTIS_LEGACY && str_eq(word, STR("interactive"))) {
        out->is_interactive = true;
    } else if (out->version != KATTIS_LEGACY && str_eq(word, STR("multi-pass"))) {
        out->is_multi_pass = true;
    } else if (!str_eq(word, STR("pass-fail"))) {
        return yaml_refuse(y, file, e, "unknown type %.*s", STR_ARG(word));
    }
    return true;
}

static bool take_type(const struct yaml *root, struct kattis_problem *out, struct err *e)
{
    const struct yaml *y = yaml_get(root, "type");
    struct str word;
    bool is_pass_fail = false;
    if (y == NULL)
        return true;
    bool is_list = y->kind == YAML_LIST && out->version != KATTIS_LEGACY;
    if (!is_list && !yaml_str(y, &word))
        return yaml_refuse(y, file, e, "type must be pass-fail or scoring%s",
                           out->version == KATTIS_LEGACY ? "" : ", or a list of types");
    if (!is_list)
        return take_type_word(y, word, out, e);
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m)) {
        if (!yaml_str(m, &word))
            return yaml_refuse(m, file, e, "type must be a list of texts");
        TRY(take_type_word(m, word, out, e));
        is_pass_fail |= str_eq(word, STR("pass-fail"));
    }
    if (y->n == 0 || (is_pass_fail && out->is_scoring))
        return yaml_refuse(y, file, e, "type must be one of pass-fail and scoring");
    return true;
}

/* Legacy: "default", or "custom" with any of score, interactive and (as judges have it) multi-pass.
 */
static bool take_validation(const struct yaml *root, struct kattis_problem *out, struct arena *keep,
                            struct err *e)
{
    const struct yaml *y = yaml_get(root, "validation");
    struct str text = {0};
    struct str *words = NULL;
    int64_t n = 0;
    if (y == NULL || y->kind == YAML_NULL)
        return true;
    if (!yaml_str(y, &text))
        return yaml_refuse(y, file, e, "validation must be a text: default, or custom ...");
    kattis_words(text, &words, &n, keep);
    out->has_custom_validator = n > 0 && str_eq(words[0], STR("custom"));
    if (n == 0 || (!out->has_custom_validator && (!str_eq(words[0], STR("default")) || n > 1)))
        return yaml_refuse(y, file, e,
                           "validation is default, or custom with score or interactive");
    for (int64_t i = 1; i < n; i++)
        if (str_eq(words[i], STR("score")))
            out->validator_scores = true;
        else if (str_eq(words[i], STR("interactive")))
            out->is_interactive = true;
        else if (str_eq(words[i], STR("multi-pass")))
            out->is_multi_pass = true;
        else
            return yaml_refuse(y, file, e, "validation: %.*s is unknown", STR_ARG(words[i]));
    if (out->validator_scores && !out->is_scoring)
        return yaml_refuse(y, file, e, "validation says score, but type is not scoring");
    return true;
}

static bool take_flags(const struct yaml *root, struct kattis_problem *out, struct arena *keep,
                       struct err *e)
{
    const struct yaml *y = yaml_get(root, "validator_flags");
    struct str text = {0};
    if (y == NULL || y->kind == YAML_NULL)
        return true;
    if (!yaml_str(y, &text))
        return yaml_refuse(y, file, e, "validator_flags must be a text");
    kattis_words(text, &out->flags, &out->n_flags, keep);
    return true;
}

static bool take_whole(const struct yaml *y, int64_t min, int64_t max, int64_t *out, struct err *e)
{
    double v = 0;
    int64_t whole = 0;
    if (!yaml_i64(y, &whole)) { /* "2048.0" is written by some tools */
        if (!yaml_f64(y, &v) || v != (double)(int64_t)(v > 1e15 || v < -1e15 ? 0 : v))
            return yaml_refuse(y, file, e, "%.*s must be a whole number", STR_ARG(y->key));
        whole = (int64_t)v;
    }
    if (whole < min || whole > max)
        return yaml_refuse(y, file, e, "%.*s must be between %lld and %lld", STR_ARG(y->key),
                           (long long)min, (long long)max);
    *out = whole;
    return true;
}

static bool take_real(const struct yaml *y, double min, double max, double *out, struct err *e)
{
    double v = 0;
    if (!yaml_f64(y, &v) || !(v >= min) || !(v <= max))
        return yaml_refuse(y, file, e, "%.*s must be a number between %g and %g", STR_ARG(y->key),
                           min, max);
    *out = v;
    return true;
}

static bool take_multipliers(const struct yaml *y, struct kattis_problem *out, struct err *e)
{
    if (y->kind != YAML_MAP)
        return yaml_refuse(y, file, e, "time_multipliers must be a map");
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m)) {
        if (str_eq(m->key, STR("ac_to_time_limit")))
            TRY(take_real(m, 1, 1000, &out->time_multiplier, e));
        else if (str_eq(m->key, STR("time_limit_to_tle")))
            TRY(take_real(m, 1, 1000, &out->safety_margin, e));
        else
            return yaml_refuse_key(m, file, e, "unknown key %.*s", STR_ARG(m->key));
    }
    return true;
}

enum limit_kind { LIMIT_WHOLE, LIMIT_REAL, LIMIT_TABLE, LIMIT_IGNORED };

static const struct limit {
    const char *key;
    enum limit_kind kind;
    size_t offset;
    double min;
    double max;
} limits[] = {
    {"time_limit", LIMIT_REAL, offsetof(struct kattis_problem, time_limit), 0.001, 86400},
    {"time_multiplier", LIMIT_REAL, offsetof(struct kattis_problem, time_multiplier), 0.001, 1000},
    {"time_safety_margin", LIMIT_REAL, offsetof(struct kattis_problem, safety_margin), 1, 1000},
    {"time_resolution", LIMIT_REAL, offsetof(struct kattis_problem, time_step), 0.001, 3600},
    {"time_multipliers", LIMIT_TABLE, 0, 0, 0},
    {"memory", LIMIT_WHOLE, offsetof(struct kattis_problem, memory_mib), 1, MAKER_MIB_MAX},
    {"output", LIMIT_WHOLE, offsetof(struct kattis_problem, output_mib), 1, 65536},
    {"code", LIMIT_WHOLE, offsetof(struct kattis_problem, code_kib), 1, 65536},
    {"compilation_time", LIMIT_WHOLE, offsetof(struct kattis_problem, compile_s), 1, 3600},
    {"compilation_memory", LIMIT_IGNORED, 0, 0, 0},
    {"validation_time", LIMIT_WHOLE, offsetof(struct kattis_problem, validation_s), 1, 3600},
    {"validation_memory", LIMIT_WHOLE, offsetof(struct kattis_problem, validation_memory_mib), 1,
     MAKER_MIB_MAX},
    {"validation_output", LIMIT_WHOLE, offsetof(struct kattis_problem, validation_output_mib), 1,
     65536},
    {"validation_passes", LIMIT_WHOLE, offsetof(struct kattis_problem, n_passes), 2, 1000},
};

static const struct limit *find_limit(struct str key)
{
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
        if (str_eq(key, str_of(limits[i].key)))
            return &limits[i];
    return NULL;
}

static bool take_limit(const struct yaml *y, struct kattis_problem *out, struct err *e)
{
    const struct limit *l = find_limit(y->key);
    if (y->kind == YAML_NULL || l == NULL || l->kind == LIMIT_IGNORED)
        return l != NULL || out->version != KATTIS_2025 || y->kind == YAML_NULL ||
               yaml_refuse_key(y, file, e, "unknown limit %.*s", STR_ARG(y->key));
    if (l->kind == LIMIT_TABLE)
        return take_multipliers(y, out, e);
    void *at = (char *)out + l->offset;
    if (l->kind == LIMIT_WHOLE)
        return take_whole(y, (int64_t)l->min, (int64_t)l->max, at, e);
    return take_real(y, l->min, l->max, at, e);
}

static bool take_limits(const struct yaml *root, struct kattis_problem *out, struct err *e)
{
    const struct yaml *y = yaml_get(root, "limits");
    if (y == NULL || y->kind == YAML_NULL)
        return true;
    if (y->kind != YAML_MAP)
        return yaml_refuse(y, file, e, "limits must be a map");
    for (const struct yaml *m = yaml_first(y); m != NULL; m = yaml_next(m))
        TRY(take_limit(m, out, e));
    return true;
}

static bool refuse_constants(const struct yaml *root, struct err *e)
{
    const struct yaml *constants = yaml_get(root, "constants");
    if (yaml_kind(constants) != YAML_MAP || constants->n == 0)
        return true;
    (void)yaml_refuse_key(constants, file, e, "constants are not filled in by podium");
    e->cls = ERR_UNSUPPORTED;
    return false;
}

bool kattis_problem_parse(struct str text, struct kattis_problem *out, struct arena *keep,
                          struct err *e)
{
    const struct yaml *root = NULL;
    struct kattis_problem p = {0};
    TRY(yaml_parse(text, file, &root, keep, e));
    if (root->kind != YAML_MAP)
        return yaml_refuse(root, file, e, "must be a map of keys to values");
    TRY(take_version(root, &p, e));
    set_defaults(&p);
    TRY(take_unknown_keys(root, &p, keep, e));
    TRY(take_title(root, &p, e));
    TRY(take_type(root, &p, e));
    if (p.version == KATTIS_LEGACY) {
        TRY(take_validation(root, &p, keep, e));
        TRY(take_flags(root, &p, keep, e));
        p.grading = yaml_get(root, "grading");
    }
    TRY(take_limits(root, &p, e));
    TRY(refuse_constants(root, e));
    *out = p;
    return true;
}

static struct str unquote(struct str s)
{
    bool is_quoted = s.n >= 2 && (s.at[0] == '\'' || s.at[0] == '"') && s.at[s.n - 1] == s.at[0];
    return is_quoted ? str_sub(s, 1, s.n - 1) : s;
}

bool kattis_ini_parse(struct str text, double *time_limit, struct err *e)
{
    struct str line;
    int64_t ms;
    *time_limit = 0;
    for (int64_t n = 1; str_split(&text, '\n', &line); n++) {
        int64_t eq = str_find(line, STR("="), 0);
        if (eq < 0 || !str_eq(str_trim(str_sub(line, 0, eq)), STR("timelimit")))
            continue;
        struct str value = unquote(str_trim(str_sub(line, eq + 1, line.n)));
        if (!str_f64(value, time_limit) || !maker_seconds(*time_limit, &ms))
            return FAIL(e, ERR_INPUT,
                        "domjudge-problem.ini:%lld: timelimit must be seconds, not %.*s",
                        (long long)n, STR_ARG(value));
    }
    return true;
}
