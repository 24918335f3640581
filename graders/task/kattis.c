#include "graders/task/kattis_data.h"

#include <math.h>

#include "base/limits.h"

static void take_limits(const struct kattis_problem *s, struct task *t)
{
    t->time_multiplier = s->time_multiplier;
    t->safety_margin = s->safety_margin;
    (void)maker_seconds(s->time_step, &t->time_step_ms);
    t->memory_kib = s->memory_mib * 1024;
    t->output_kib = s->output_mib * 1024;
    t->code_kib = s->code_kib;
    t->compile_ms = s->compile_s * 1000;
    t->checker_ms = s->validation_s * 1000;
    t->checker_memory_kib = s->validation_memory_mib * 1024;
    t->checker_output_kib = s->validation_output_mib * 1024;
    t->n_passes_max = s->is_multi_pass ? s->n_passes : 1;
}

static bool small_text(struct package *p, struct str name, struct str *out, struct err *e)
{
    struct entry at = {0};
    TRY(package_look(p, name, &at, e));
    *out = (struct str){0};
    return at.kind == ENTRY_ABSENT || package_text(p, &at, LIMIT_MIB, out, e);
}

/* problem.yaml's own limit, else DOMjudge's two files; where several differ that order decides. */
static bool find_time_limit(struct kattis *k, struct err *e)
{
    struct package *p = k->m.p;
    struct str ini;
    struct str dot;
    double in_ini = 0;
    double in_dot = 0;
    double v = k->problem.time_limit;
    TRY(small_text(p, STR("domjudge-problem.ini"), &ini, e));
    TRY(small_text(p, STR(".timelimit"), &dot, e));
    TRY(kattis_ini_parse(ini, &in_ini, e));
    if (str_trim(dot).n > 0 && !str_f64(str_trim(dot), &in_dot))
        return FAIL(e, ERR_INPUT, ".timelimit:1: must be a number of seconds");
    v = v > 0 ? v : in_ini > 0 ? in_ini : in_dot;
    if (v == 0 && in_dot == 0)
        return true; /* to be derived */
    if (!maker_seconds(v, &k->m.t->time_ms))
        return FAIL(e, ERR_INPUT, ".timelimit:1: must be seconds, above 0 and at most a day");
    if ((in_ini > 0 && in_ini != v) || (in_dot > 0 && in_dot != v))
        package_note(p,
                     "time limits differ: problem.yaml %g s, domjudge-problem.ini %g s, "
                     ".timelimit %g s; %g s is used",
                     k->problem.time_limit, in_ini, in_dot, v);
    return true;
}

/* Files of known languages and folders: each is a program. */
static bool find_programs(struct kattis *k, struct str folder, struct entry **programs, int64_t *n,
                          bool *has_files, struct err *e)
{
    struct entry *found = NULL;
    int64_t n_found = 0;
    TRY(package_list(k->m.p, folder, &found, &n_found, e));
    *programs = found;
    *has_files = false;
    *n = 0;
    for (int64_t i = 0; i < n_found; i++) {
        enum language l;
        *has_files |= found[i].kind == ENTRY_FILE;
        if (found[i].kind == ENTRY_FOLDER || language_from_file(found[i].name, &l))
            found[(*n)++] = found[i];
    }
    return true;
}

static bool read_program(struct kattis *k, struct str folder, const struct entry *program,
                         struct task_program *out, struct err *e)
{
    if (program->kind == ENTRY_FOLDER)
        return maker_program(&k->m, program, out, e);
    struct str stem = str_sub(program->name, 0, str_rfind(program->name, STR(".")));
    return maker_named_program(&k->m, folder, stem, out, e);
}

/* All run on the same output, and all must accept. What a second one could say beside that, the
 * format leaves open. */
static bool other_validators(struct kattis *k, struct str folder, const struct entry *programs,
                             int64_t n, struct err *e)
{
    struct task_program *others = NEW(k->m.p->keep, struct task_program, n);
    const char *why = k->problem.is_interactive     ? "talk to one submission"
                      : k->problem.is_multi_pass    ? "say what the next pass is"
                      : k->problem.validator_scores ? "say the score"
                                                    : NULL;
    if (why != NULL)
        return FAIL(e, ERR_UNSUPPORTED, "%.*s: several validators (%.*s, %.*s) cannot all %s",
                    STR_ARG(folder), STR_ARG(k->validator),
                    STR_ARG(package_shown(k->m.p, programs[0].name)), why);
    for (int64_t i = 0; i < n; i++)
        TRY(read_program(k, folder, &programs[i], &others[i], e));
    k->has_several_validators = true;
    k->m.t->other_checkers = others;
    k->m.t->n_other_checkers = n;
    return true;
}

/* Legacy: output_validators/ holds programs, each a file or a folder. */
static bool legacy_validator(struct kattis *k, struct str folder, struct err *e)
{
    struct entry *programs = NULL;
    int64_t n = 0;
    bool has_files = false;
    TRY(find_programs(k, folder, &programs, &n, &has_files, e));
    if (n == 0)
        return FAIL(e, ERR_INPUT, "%.*s: no validator in it, but problem.yaml says custom",
                    STR_ARG(folder));
    k->validator = programs[0].name;
    TRY(read_program(k, folder, &programs[0], &k->m.t->checker, e));
    return n == 1 || other_validators(k, folder, programs + 1, n - 1, e);
}

/* Later: output_validator/ is the program, or holds the one folder that is. */
static bool later_validator(struct kattis *k, struct entry *folder, struct err *e)
{
    struct entry *programs = NULL;
    int64_t n = 0;
    bool has_files = false;
    TRY(find_programs(k, folder->rel, &programs, &n, &has_files, e));
    if (!has_files && n == 1)
        return maker_program(&k->m, &programs[0], &k->m.t->checker, e);
    return maker_program(&k->m, folder, &k->m.t->checker, e);
}

bool kattis_need_grader(struct kattis *k, struct err *e)
{
    struct str folder = STR("graders");
    struct entry at = {0};
    struct entry *programs = NULL;
    int64_t n = 0;
    bool has_files = false;
    if (k->m.t->group_grader.n_files > 0)
        return true;
    TRY(package_need(k->m.p, folder, ENTRY_FOLDER, "a group says grading: custom", &at, e));
    TRY(find_programs(k, folder, &programs, &n, &has_files, e));
    if (n != 1)
        return FAIL(e, ERR_INPUT,
                    "%.*s: %lld programs in it, and a group that says grading: "
                    "custom needs one",
                    STR_ARG(folder), (long long)n);
    return read_program(k, folder, &programs[0], &k->m.t->group_grader, e);
}

static bool find_validator(struct kattis *k, struct err *e)
{
    struct package *p = k->m.p;
    bool is_legacy = k->problem.version == KATTIS_LEGACY;
    struct entry old = {0};
    struct entry later = {0};
    TRY(package_look(p, STR("output_validators"), &old, e));
    TRY(package_look(p, STR("output_validator"), &later, e));
    bool use_old = is_legacy ? k->problem.has_custom_validator
                             : k->problem.version == KATTIS_2023 && later.kind == ENTRY_ABSENT &&
                                   old.kind == ENTRY_FOLDER;
    if (is_legacy && !use_old && old.kind == ENTRY_FOLDER)
        package_note(p, "output_validators/: not used, since problem.yaml does not say "
                        "validation: custom");
    if (is_legacy && use_old && old.kind != ENTRY_FOLDER)
        return FAIL(e, ERR_INPUT, "output_validators/: missing, but problem.yaml says custom");
    k->has_validator = use_old || (!is_legacy && later.kind != ENTRY_ABSENT);
    if (!k->has_validator && (k->problem.is_interactive || k->problem.is_multi_pass))
        return FAIL(e, ERR_INPUT,
                    "output_validator: missing; interactive and multi-pass problems "
                    "need one");
    if (!k->has_validator)
        return true;
    k->m.t->protocol = CHECKER_KATTIS;
    return use_old ? legacy_validator(k, old.rel, e) : later_validator(k, &later, e);
}

static const struct {
    const char *folder;
    enum language language;
} include_folders[] = {
    {"c", LANGUAGE_C},
    {"cpp", LANGUAGE_CPP},
    {"java", LANGUAGE_JAVA},
    {"rust", LANGUAGE_RUST},
    {"python3", LANGUAGE_PYTHON},
    {"python", LANGUAGE_PYTHON},
    {"go", LANGUAGE_GO},
    {"javascript", LANGUAGE_JAVASCRIPT},
    {"pypy3", LANGUAGE_PYPY},
};

static bool sources_of(struct kattis *k, const char *name, struct source **out, int64_t *n,
                       struct err *e)
{
    struct entry at = {0};
    struct str rel = arena_fmt(k->m.p->keep, "include/%s", name);
    *n = 0;
    TRY(package_look(k->m.p, rel, &at, e));
    if (at.kind == ENTRY_FILE)
        return FAIL(e, ERR_INPUT, "%.*s: must be a folder", STR_ARG(rel));
    return at.kind == ENTRY_ABSENT || package_sources(k->m.p, &at, out, n, e);
}

/* include/LANGUAGE, and include/default for languages without one. */
static bool find_includes(struct kattis *k, struct err *e)
{
    struct source *files = NULL;
    struct source *common = NULL;
    int64_t n_common = 0;
    bool has[LANGUAGE_COUNT] = {false};
    TRY(sources_of(k, "default", &common, &n_common, e));
    for (size_t i = 0; i < sizeof include_folders / sizeof *include_folders; i++) {
        enum language l = include_folders[i].language;
        int64_t n = 0;
        TRY(sources_of(k, include_folders[i].folder, &files, &n, e));
        if (n > 0 && has[l])
            return FAIL(e, ERR_INPUT, "include/%s: a second folder for one language",
                        include_folders[i].folder);
        if (n > 0)
            maker_grader(&k->m, l, files, n);
        has[l] |= n > 0;
    }
    for (int l = 0; l < LANGUAGE_COUNT && n_common > 0; l++)
        if (!has[l] && l != LANGUAGE_CPP20 && l != LANGUAGE_CPP23)
            maker_grader(&k->m, (enum language)l, common, n_common);
    return true;
}

static bool read_problem(struct kattis *k, struct err *e)
{
    struct entry at = {0};
    struct str text;
    TRY(package_need(k->m.p, STR("problem.yaml"), ENTRY_FILE, "a package begins with it", &at, e));
    TRY(package_text(k->m.p, &at, LIMIT_YAML_BYTES, &text, e));
    TRY(kattis_problem_parse(text, &k->problem, k->m.p->keep, e));
    for (int64_t i = 0; i < k->problem.n_ignored; i++)
        package_note(k->m.p, "problem.yaml: key %.*s is not read", STR_ARG(k->problem.ignored[i]));
    return true;
}

static void describe(struct kattis *k)
{
    static const char *const formats[] = {"kattis legacy", "kattis 2023-07-draft",
                                          "kattis 2025-09"};
    struct task *t = k->m.t;
    struct str real = str_of(k->m.p->real);
    t->format = str_of(formats[k->problem.version]);
    t->name = package_shown(k->m.p, str_sub(real, str_rfind(real, STR("/")) + 1, real.n));
    t->title = k->problem.title;
    t->kind = k->problem.is_interactive ? TASK_INTERACTIVE : TASK_BATCH;
    t->has_score = k->problem.is_scoring;
    t->score_precision = 2;
    take_limits(&k->problem, t);
}

bool kattis_read(struct package *p, struct task *out, struct err *e)
{
    struct kattis *k = NEW(p->keep, struct kattis, 1);
    struct task t = {0};
    maker_open(&k->m, p, &t);
    TRY(read_problem(k, e));
    describe(k);
    TRY(find_time_limit(k, e));
    TRY(find_validator(k, e));
    TRY(find_includes(k, e));
    k->m.has_open_scores = k->problem.validator_scores;
    TRY(kattis_data(k, e));
    TRY(kattis_submissions(k, e));
    TRY(maker_close(&k->m, e));
    t.full_score = t.has_score ? maker_full_score(&k->m) : 1;
    *out = t;
    return true;
}
