#include "graders/task/italy.h"

#include "base/limits.h"
#include "base/yaml.h"
#include "graders/task/tps.h"

static const char file[] = "task.yaml";

struct italy {
    struct maker m;
    struct italy_gen gen; /* its subtasks are task.yaml's own, when that has a score_type */
    enum group_score score;
    bool has_own_score;
    double each; /* score_type Sum: points of one test; 0: total shared */
    double total;
    int64_t n_input; /* -1: not said */
    bool has_user_io;
    bool is_output_only;
};

/* --- gen/GEN --- */

static bool gen_line(struct italy_gen *g, struct str line, int64_t number, struct arena *keep,
                     struct err *e)
{
    int64_t hash = str_find(line, STR("#"), 0);
    struct str test = str_trim(hash < 0 ? line : str_sub(line, 0, hash));
    struct str comment = str_trim(hash < 0 ? STR("") : str_sub(line, hash + 1, line.n));
    bool is_copy = str_starts(comment, STR("COPY:"));
    bool is_subtask = str_starts(comment, STR("ST:"));
    double points = 0;
    if (test.n > 0 && (is_copy || is_subtask))
        return FAIL(e, ERR_INPUT, "gen/GEN:%lld: a test and %s on one line", (long long)number,
                    is_copy ? "#COPY" : "#ST");
    if (is_subtask) {
        struct str text = str_trim(str_sub(comment, 3, comment.n));
        if (!str_f64(text, &points) || points < 0 || points > MAKER_POINTS_MAX)
            return FAIL(e, ERR_INPUT, "gen/GEN:%lld: #ST: must be followed by points",
                        (long long)number);
        if (g->n_subtasks == 0 && g->n_tests > 0)
            return FAIL(e, ERR_INPUT,
                        "gen/GEN:%lld: tests before the first #ST:", (long long)number);
        GROW(keep, g->subtasks, g->n_subtasks);
        g->subtasks[g->n_subtasks++] = (struct italy_subtask){.points = points};
    }
    if (test.n == 0 && !is_copy)
        return true;
    g->n_tests++;
    if (g->n_subtasks > 0)
        g->subtasks[g->n_subtasks - 1].n_tests++;
    return true;
}

bool italy_gen_parse(struct str text, struct italy_gen *out, struct arena *keep, struct err *e)
{
    struct italy_gen g = {0};
    struct str line;
    for (int64_t i = 1; str_split(&text, '\n', &line); i++) {
        if (i > LIMIT_SCRIPT_LINES)
            return FAIL(e, ERR_INPUT, "gen/GEN:%lld: more lines than are read", (long long)i);
        TRY(gen_line(&g, line, i, keep, e));
    }
    *out = g;
    return true;
}

/* --- task.yaml --- */

static bool take_text(const struct yaml *root, const char *key, struct str *out, struct err *e)
{
    const struct yaml *y = yaml_get(root, key);
    if (y == NULL)
        return true;
    if (y->kind == YAML_NULL) {
        *out = STR("");
        return true;
    }
    return (yaml_str(y, out) && memchr(out->at, 0, (size_t)out->n) == NULL) ||
           yaml_refuse(y, file, e, "%s must be a text", key);
}

static bool take_whole(const struct yaml *root, const char *key, int64_t min, int64_t max,
                       int64_t *out, struct err *e)
{
    const struct yaml *y = yaml_get(root, key);
    if (y == NULL || y->kind == YAML_NULL)
        return true;
    if (!yaml_i64(y, out) || *out < min || *out > max)
        return yaml_refuse(y, file, e, "%s must be a whole number between %lld and %lld", key,
                           (long long)min, (long long)max);
    return true;
}

static bool take_limits(struct italy *x, const struct yaml *root, struct err *e)
{
    /* The second names are those of the older files. */
    const struct yaml *time = yaml_get(root, "time_limit");
    int64_t memory = 0;
    double seconds = 0;
    if (time == NULL)
        time = yaml_get(root, "timeout");
    TRY(take_whole(root, "memlimit", 1, MAKER_MIB_MAX, &memory, e));
    TRY(take_whole(root, "memory_limit", 1, MAKER_MIB_MAX, &memory, e));
    if (time == NULL && !x->is_output_only)
        return FAIL(e, ERR_INPUT, "%s: time_limit is missing", file);
    if (time != NULL && (!yaml_f64(time, &seconds) || !maker_seconds(seconds, &x->m.t->time_ms)))
        return yaml_refuse(time, file, e, "time_limit must be seconds, above 0 and at most a day");
    if (memory == 0 && !x->is_output_only)
        return FAIL(e, ERR_INPUT, "%s: memory_limit is missing", file);
    if (memory > 0)
        x->m.t->memory_kib = memory * 1024;
    return true;
}

static bool check_name(struct str name, struct err *e)
{
    bool is_good = name.n > 0 && name.n <= 100 && name.at[0] != '-' && name.at[0] != '.';
    for (int64_t i = 0; i < name.n; i++) {
        char c = name.at[i];
        is_good &= c > ' ' && c < 0x7F && c != '/' && c != '\\';
    }
    return is_good || FAIL(e, ERR_INPUT, "%s: name must be a short name without spaces", file);
}

static bool take_names(struct italy *x, const struct yaml *root, struct err *e)
{
    struct task *t = x->m.t;
    t->input_file = STR("input.txt");
    t->output_file = STR("output.txt");
    TRY(take_text(root, "nome_breve", &t->name, e));
    TRY(take_text(root, "name", &t->name, e));
    TRY(take_text(root, "nome", &t->title, e));
    TRY(take_text(root, "title", &t->title, e));
    TRY(take_text(root, "infile", &t->input_file, e));
    TRY(take_text(root, "outfile", &t->output_file, e));
    for (int i = 0; i < 2; i++) {
        struct str name = i == 0 ? t->input_file : t->output_file;
        if (memchr(name.at, '/', (size_t)name.n) != NULL)
            return FAIL(e, ERR_INPUT, "%s: infile and outfile are names without folders", file);
    }
    return check_name(t->name, e);
}

/* What YAML's older rules read as a number of some kind: a pattern of digits needs quotes. */
static bool is_number(const struct yaml *y)
{
    bool has_digits_only = y->is_plain;
    for (int64_t i = 0; i < y->text.n; i++)
        has_digits_only = has_digits_only && y->text.at[i] >= '0' && y->text.at[i] <= '9';
    return has_digits_only || y->text.n == 0;
}

/* A count, the names, or a pattern of names. */
static bool take_tests(const struct yaml *y, struct italy_subtask *out, struct err *e)
{
    if (y->kind == YAML_LIST && y->n > 0) {
        out->list = y;
        return true;
    }
    if (yaml_i64(y, &out->n_tests))
        return (out->n_tests >= 1 && out->n_tests <= LIMIT_SCRIPT_LINES) ||
               yaml_refuse(y, file, e, "a subtask must have a test, and at most %d",
                           LIMIT_SCRIPT_LINES);
    return (yaml_str(y, &out->pattern) && !is_number(y)) ||
           yaml_refuse(y, file, e, "tests of a subtask are a count, a pattern or a list of names");
}

static bool counts(const struct italy_subtask *s)
{
    return s->n_tests > 0;
}

/* One of [points, tests] or, with a threshold, [points, tests, threshold]. */
static bool take_own_subtask(struct italy *x, const struct yaml *y, struct err *e)
{
    struct italy_subtask s = {0};
    bool has_threshold = x->score == GROUP_THRESHOLD;
    const struct yaml *points = yaml_first(y);
    const struct yaml *tests = yaml_next(points);
    if (y->kind != YAML_LIST || y->n != (has_threshold ? 3 : 2) || !yaml_f64(points, &s.points) ||
        !(s.points >= 0) || s.points > MAKER_POINTS_MAX)
        return yaml_refuse(y, file, e, "a subtask must be [points, tests%s]",
                           has_threshold ? ", threshold" : "");
    if (has_threshold && !yaml_f64(yaml_next(tests), &s.threshold))
        return yaml_refuse(y, file, e, "the threshold must be a number");
    TRY(take_tests(tests, &s, e));
    if (x->gen.n_subtasks > 0 && counts(&s) != counts(&x->gen.subtasks[0]))
        return yaml_refuse(tests, file, e, "subtasks count their tests, or all of them name them");
    GROW(x->m.p->keep, x->gen.subtasks, x->gen.n_subtasks);
    x->gen.subtasks[x->gen.n_subtasks++] = s;
    return true;
}

static bool take_score_type(struct italy *x, const struct yaml *root, const struct yaml *type,
                            struct err *e)
{
    static const struct {
        const char *name;
        enum group_score score;
    } known[] = {{"Sum", GROUP_SUM},
                 {"GroupMin", GROUP_MIN},
                 {"GroupMul", GROUP_MUL},
                 {"GroupThreshold", GROUP_THRESHOLD}};
    const struct yaml *params = yaml_get(root, "score_type_parameters");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (type->kind == YAML_SCALAR && str_eq(type->text, str_of(known[i].name))) {
            x->has_own_score = true;
            x->score = known[i].score;
        }
    if (!x->has_own_score)
        return yaml_refuse(type, file, e,
                           "score_type must be Sum, GroupMin, GroupMul or GroupThreshold");
    if (params == NULL)
        return yaml_refuse(type, file, e, "score_type_parameters are missing");
    if (x->score == GROUP_SUM)
        return (yaml_f64(params, &x->each) && x->each > 0 && x->each <= MAKER_POINTS_MAX) ||
               yaml_refuse(params, file, e, "Sum wants the points of one test");
    if (params->kind != YAML_LIST || params->n == 0)
        return yaml_refuse(params, file, e, "groups want a list of subtasks");
    for (const struct yaml *y = yaml_first(params); y != NULL; y = yaml_next(y))
        TRY(take_own_subtask(x, y, e));
    return true;
}

static bool take_settings(struct italy *x, const struct yaml *root, struct err *e)
{
    const struct yaml *only = yaml_get(root, "output_only");
    const struct yaml *total = yaml_get(root, "total_value");
    const struct yaml *type = yaml_get(root, "score_type");
    struct str io = {0};
    if (root->kind != YAML_MAP)
        return yaml_refuse(root, file, e, "must be a map of keys to values");
    if (only != NULL && only->kind != YAML_NULL && !yaml_bool(only, &x->is_output_only))
        return yaml_refuse(only, file, e, "output_only must be true or false");
    if (total != NULL && total->kind != YAML_NULL &&
        (!yaml_f64(total, &x->total) || !(x->total >= 0) || x->total > MAKER_POINTS_MAX))
        return yaml_refuse(total, file, e, "total_value must be points");
    if (type != NULL && type->kind != YAML_NULL)
        TRY(take_score_type(x, root, type, e));
    TRY(take_names(x, root, e));
    TRY(take_limits(x, root, e));
    TRY(take_whole(root, "n_input", 0, LIMIT_SCRIPT_LINES, &x->n_input, e));
    TRY(take_whole(root, "num_processes", 1, 100, &x->m.t->n_processes, e));
    TRY(take_whole(root, "score_precision", 0, 9, &x->m.t->score_precision, e));
    TRY(take_text(root, "user_io", &io, e));
    x->has_user_io = io.n > 0;
    x->m.t->is_fifo_io = str_eq(io, STR("fifo_io"));
    return true;
}

/* --- the folder --- */

/* A program by any of its names; refused when there is a built file only. */
static bool find_program(struct italy *x, const char *const names[][2], int n,
                         struct task_program *out, struct err *e)
{
    for (int i = 0; i < n && out->n_files == 0; i++) {
        struct entry built = {0};
        struct str rel = arena_fmt(x->m.p->keep, "%s/%s", names[i][0], names[i][1]);
        TRY(maker_named_program(&x->m, str_of(names[i][0]), str_of(names[i][1]), out, e));
        TRY(package_look(x->m.p, rel, &built, e));
        if (out->n_files == 0 && built.kind == ENTRY_FILE)
            return FAIL(e, ERR_UNSUPPORTED,
                        "%.*s: there without its source; add %.*s.cpp beside it", STR_ARG(rel),
                        STR_ARG(rel));
    }
    return out->n_files == 0 || tps_need_testlib(out, e);
}

static bool is_ours(struct str name)
{
    return str_starts(name, STR("grader.")) || str_starts(name, STR("stub."));
}

/* sol/: graders or stubs with their headers, and solutions. Only the official one is known to be
 * right; nothing says what the others get. */
static bool add_solution(struct italy *x, const struct entry *at, struct err *e)
{
    enum language l;
    if (at->kind != ENTRY_FILE || is_ours(at->name) || !language_from_file(at->name, &l))
        return true;
    struct task_submission *s = maker_submission(&x->m, package_shown(x->m.p, at->rel));
    TRY(maker_submission_files(&x->m, at, s, e));
    tps_rename_source(&x->m, s);
    if (!str_starts(at->name, STR("solution.")) && !str_starts(at->name, STR("soluzione.")))
        return true;
    struct expectation want = expectation_any(STR("official solution"));
    want.permitted = OUTCOMES_AC;
    maker_expect(&x->m, s, want);
    if (x->m.t->i_model < 0)
        x->m.t->i_model = x->m.n_submissions - 1;
    return true;
}

static bool add_grader(struct italy *x, const struct entry *all, int64_t n, enum language language,
                       struct err *e)
{
    struct source *files = NULL;
    int64_t n_files = 0;
    bool has_source = false;
    for (int64_t i = 0; i < n; i++) {
        enum language l;
        bool is_source =
            is_ours(all[i].name) && language_from_file(all[i].name, &l) && l == language;
        bool is_header = str_ends(all[i].name, STR(".h")) &&
                         (language == LANGUAGE_CPP || language == LANGUAGE_C);
        struct source s = {.name = all[i].name};
        if (all[i].kind != ENTRY_FILE || (!is_source && !is_header))
            continue;
        TRY(package_text(x->m.p, &all[i], LIMIT_SOURCE_BYTES, &s.text, e));
        GROW(x->m.p->keep, files, n_files);
        files[n_files++] = s;
        has_source |= is_source;
        if (is_source)
            x->m.t->entry = str_starts(all[i].name, STR("stub.")) ? STR("stub") : STR("grader");
    }
    if (has_source)
        maker_grader(&x->m, language, files, n_files);
    return true;
}

static bool read_sol(struct italy *x, struct err *e)
{
    static const enum language languages[] = {LANGUAGE_CPP, LANGUAGE_C, LANGUAGE_PYTHON,
                                              LANGUAGE_JAVA};
    struct entry at = {0};
    struct entry *found = NULL;
    int64_t n = 0;
    TRY(package_look(x->m.p, STR("sol"), &at, e));
    if (at.kind != ENTRY_FOLDER)
        return true;
    TRY(package_list(x->m.p, at.rel, &found, &n, e));
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        TRY(add_grader(x, found, n, languages[i], e));
    for (int64_t i = 0; i < n; i++)
        TRY(add_solution(x, &found[i], e));
    return true;
}

static bool read_programs(struct italy *x, struct err *e)
{
    static const char *const checkers[][2] = {{"check", "checker"}, {"cor", "correttore"}};
    static const char *const managers[][2] = {{"check", "manager"}, {"cor", "manager"}};
    struct task *t = x->m.t;
    TRY(find_program(x, managers, 2, &t->manager, e));
    TRY(find_program(x, checkers, 2, &t->checker, e));
    if (t->checker.n_files > 0)
        t->protocol = CHECKER_CMS;
    t->kind = x->is_output_only        ? TASK_OUTPUT_ONLY
              : t->manager.n_files > 0 ? TASK_COMMUNICATION
                                       : TASK_BATCH;
    TRY(read_sol(x, e));
    if (t->kind != TASK_COMMUNICATION)
        return true;
    if (t->checker.n_files > 0)
        return FAIL(e, ERR_INPUT, "%.*s: a Communication task has a manager and no checker",
                    STR_ARG(t->checker.name));
    if (!x->has_user_io)
        t->is_fifo_io = str_eq(t->entry, STR("stub"));
    t->input_file = STR("");
    t->output_file = STR("");
    return true;
}

static bool add_test(struct italy *x, int64_t i, struct err *e)
{
    struct entry in = {0};
    struct entry out = {0};
    struct package *p = x->m.p;
    struct str answer = arena_fmt(p->keep, "output/output%lld.txt", (long long)i);
    TRY(package_need(p, arena_fmt(p->keep, "input/input%lld.txt", (long long)i), ENTRY_FILE,
                     "gen/GEN has more tests than there are files", &in, e));
    if (x->m.t->kind == TASK_COMMUNICATION)
        TRY(package_look(p, answer, &out, e));
    else
        TRY(package_need(p, answer, ENTRY_FILE, "make the answers anew", &out, e));
    if (out.kind == ENTRY_FILE)
        TRY(maker_see_answer(&x->m, &out, e));
    struct task_test *t = maker_test(&x->m);
    t->name = arena_fmt(p->keep, "%03lld", (long long)i);
    t->input = in.path;
    t->answer = out.kind == ENTRY_FILE ? out.path : NULL;
    t->compare.mode = COMPARE_WHITE;
    return true;
}

/* Without GEN, as many as task.yaml says, else as many as there are. */
static bool count_tests(struct italy *x, int64_t *n, struct err *e)
{
    struct entry at = {0};
    struct str text;
    TRY(package_look(x->m.p, STR("gen/GEN"), &at, e));
    if (at.kind == ENTRY_FILE) {
        TRY(package_text(x->m.p, &at, LIMIT_SOURCE_BYTES * 16, &text, e));
        struct italy_gen gen = {0};
        TRY(italy_gen_parse(text, &gen, x->m.p->keep, e));
        *n = gen.n_tests;
        if (!x->has_own_score)
            x->gen = gen;
        if (x->n_input >= 0 && x->n_input != *n)
            return FAIL(e, ERR_INPUT, "task.yaml: n_input is %lld, but gen/GEN has %lld tests",
                        (long long)x->n_input, (long long)*n);
        return true;
    }
    if (x->n_input >= 0) {
        *n = x->n_input;
        return true;
    }
    for (*n = 0;; (*n)++) {
        struct str rel = arena_fmt(x->m.p->keep, "input/input%lld.txt", (long long)*n);
        TRY(package_look(x->m.p, rel, &at, e));
        if (at.kind != ENTRY_FILE)
            return true;
    }
}

/* gen/GEN counts its own tests; task.yaml's subtasks may be of another time. */
static bool check_counts(const struct italy *x, struct err *e)
{
    int64_t n = 0;
    for (int64_t s = 0; s < x->gen.n_subtasks; s++)
        n += x->gen.subtasks[s].n_tests;
    return x->gen.n_subtasks == 0 || n == x->m.n_tests || n == 0 ||
           FAIL(e, ERR_INPUT, "%s: the subtasks have %lld tests, but there are %lld", file,
                (long long)n, (long long)x->m.n_tests);
}

static bool make_groups(struct italy *x, struct err *e)
{
    struct members root = {0};
    int64_t i_next = 0;
    (void)maker_group(&x->m, STR(""), -1);
    for (int64_t s = 0; s < x->gen.n_subtasks; s++) {
        struct members members = {0};
        double points = x->gen.subtasks[s].points;
        struct task_group *g = maker_group(&x->m, arena_fmt(x->m.p->keep, "%lld", (long long)s), 0);
        TRY(italy_members(&x->m, &x->gen.subtasks[s], &i_next, &members, e));
        for (int64_t k = 0; k < members.n && points == 0; k++)
            x->m.tests[members.at[k].i].is_sample = true;
        g->verdict = GROUP_FIRST_ERROR;
        g->score = x->score;
        g->threshold = x->gen.subtasks[s].threshold;
        g->points = points;
        g->members = members.at;
        g->n_members = members.n;
        g->is_subtask = true;
        members_put(&x->m, &root, true, x->m.n_groups - 1);
    }
    if (root.n == 0) {
        x->m.groups[0].score = x->each > 0 ? GROUP_SUM : GROUP_AVG;
        x->m.groups[0].points = x->each > 0 ? x->each : x->total;
        for (int64_t i = 0; i < x->m.n_tests; i++)
            members_put(&x->m, &root, false, i);
    }
    x->m.groups[0].members = root.at;
    x->m.groups[0].n_members = root.n;
    return true;
}

static bool read_all(struct italy *x, struct err *e)
{
    struct entry at = {0};
    struct str text;
    const struct yaml *root = NULL;
    int64_t n = 0;
    TRY(package_need(x->m.p, STR("task.yaml"), ENTRY_FILE, "a task begins with it", &at, e));
    TRY(package_text(x->m.p, &at, LIMIT_YAML_BYTES, &text, e));
    TRY(yaml_parse(text, file, &root, x->m.p->keep, e));
    TRY(take_settings(x, root, e));
    TRY(read_programs(x, e));
    TRY(count_tests(x, &n, e));
    for (int64_t i = 0; i < n; i++)
        TRY(add_test(x, i, e));
    TRY(check_counts(x, e));
    TRY(make_groups(x, e));
    TRY(maker_close(&x->m, e));
    x->m.t->full_score = maker_full_score(&x->m);
    return true;
}

bool italy_read(struct package *p, struct task *out, struct err *e)
{
    struct italy *x = NEW(p->keep, struct italy, 1);
    struct task t = {0};
    maker_open(&x->m, p, &t);
    t.format = STR("italy_yaml");
    t.has_score = true;
    x->score = GROUP_MIN;
    x->total = 100;
    x->n_input = -1;
    TRY(read_all(x, e));
    *out = t;
    return true;
}
