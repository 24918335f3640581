#include <math.h>

#include "base/limits.h"
#include "graders/task/tps.h"

/* The export of TPS for CMS. Subtasks list their tests, which may be in several; CMS itself matches
 * the names as prefixes of regular expressions, so that "1-1" takes "1-10" too: here they are whole
 * names. Without subtasks/ every test is worth the same of 100 points.
 *
 * What a solution must get is the name of its folder. It was written per subtask before the export
 * and is not any more, so all but `correct` asks only that such a test occurs. */

static bool read_subtask(struct maker *m, const struct entry *at, struct members *members,
                         double *score, struct err *e)
{
    CLEANUP(tps_json_free) struct json *root = NULL;
    struct str text;
    struct str name = package_shown(m->p, at->rel);
    TRY(package_text(m->p, at, LIMIT_SOURCE_BYTES, &text, e));
    TRY(json_parse(text, name.at, &root, e));
    const struct json *all = json_get(root, "testcases");
    if (!json_f64(json_get(root, "score"), score) || !(*score >= 0) || *score > MAKER_POINTS_MAX)
        return FAIL(e, ERR_INPUT, "%.*s: score must be a number between 0 and %d", STR_ARG(name),
                    MAKER_POINTS_MAX);
    if (json_kind(all) != JSON_ARRAY)
        return FAIL(e, ERR_INPUT, "%.*s: testcases must be a list of tests", STR_ARG(name));
    bool *seen = NEW(m->p->keep, bool, m->n_tests);
    for (const struct json *j = json_first(all); j != NULL; j = json_next(j)) {
        struct str id = {0};
        int64_t i = json_str(j, &id) ? tps_find_test(m, package_shown(m->p, id)) : -1;
        if (i < 0)
            return FAIL(e, ERR_INPUT, "%.*s: there is no tests/%.*s.in", STR_ARG(name),
                        STR_ARG(str_sub(id, 0, 60)));
        if (!seen[i])
            members_put(m, members, false, i);
        seen[i] = true;
    }
    return true;
}

/* "01-small.json" is "small". */
static struct str subtask_name(struct maker *m, struct str file)
{
    int64_t from = 0;
    struct str stem = str_sub(file, 0, file.n - (int64_t)sizeof ".json" + 1);
    while (from < stem.n && stem.at[from] >= '0' && stem.at[from] <= '9')
        from++;
    bool has_number = from > 0 && from + 1 < stem.n && stem.at[from] == '-';
    return package_shown(m->p, has_number ? str_sub(stem, from + 1, stem.n) : stem);
}

static bool add_subtasks(struct maker *m, const struct entry *folder, struct members *root,
                         struct err *e)
{
    struct entry *found = NULL;
    int64_t n = 0;
    double sum = 0;
    TRY(package_list(m->p, folder->rel, &found, &n, e));
    for (int64_t i = 0; i < n; i++) {
        struct members members = {0};
        double score = 0;
        if (!str_ends(found[i].name, STR(".json")))
            continue;
        TRY(read_subtask(m, &found[i], &members, &score, e));
        struct task_group *g = maker_group(m, subtask_name(m, found[i].name), 0);
        g->verdict = GROUP_FIRST_ERROR;
        g->score = GROUP_MIN;
        g->points = score;
        g->members = members.at;
        g->n_members = members.n;
        g->is_subtask = true;
        sum += score;
        members_put(m, root, true, m->n_groups - 1);
        for (int64_t k = 0; k < members.n && score == 0; k++)
            m->tests[members.at[k].i].is_sample = true;
    }
    if (root->n > 0 && sum != 100)
        package_note(m->p, "subtasks/: scores add up to %g, not 100", sum);
    return true;
}

static bool make_groups(struct maker *m, struct err *e)
{
    struct entry at = {0};
    struct members root = {0};
    (void)maker_group(m, STR(""), -1);
    TRY(package_look(m->p, STR("subtasks"), &at, e));
    if (at.kind == ENTRY_FOLDER)
        TRY(add_subtasks(m, &at, &root, e));
    if (root.n == 0) {
        m->groups[0].score = GROUP_AVG;
        m->groups[0].points = 100;
        for (int64_t i = 0; i < m->n_tests; i++)
            members_put(m, &root, false, i);
    }
    m->groups[0].members = root.at;
    m->groups[0].n_members = root.n;
    return true;
}

/* What of graders/ goes with one language: its sources but the manager's, and headers. */
static bool is_for(enum language language, struct str name, bool *is_source)
{
    enum language l;
    bool is_header = str_ends(name, STR(".h")) && !str_eq(name, STR("testlib.h"));
    *is_source =
        language_from_file(name, &l) && l == language && !str_starts(name, STR("manager."));
    return *is_source || (is_header && (language == LANGUAGE_CPP || language == LANGUAGE_C));
}

/* The loader of CMS names a grader "stub" where a task communicates. */
static struct str renamed(struct maker *m, struct str name)
{
    if (m->t->kind != TASK_COMMUNICATION || !str_starts(name, STR("grader.")))
        return name;
    return arena_fmt(m->p->keep, "stub.%.*s", STR_ARG(str_sub(name, 7, name.n)));
}

static bool add_grader(struct maker *m, const struct entry *all, int64_t n, enum language language,
                       struct err *e)
{
    struct source *files = NULL;
    int64_t n_files = 0;
    bool has_source = false;
    for (int64_t i = 0; i < n; i++) {
        struct source s = {.name = renamed(m, all[i].name)};
        bool is_source = false;
        if (all[i].kind != ENTRY_FILE || !is_for(language, all[i].name, &is_source))
            continue;
        TRY(package_text(m->p, &all[i], LIMIT_SOURCE_BYTES, &s.text, e));
        GROW(m->p->keep, files, n_files);
        files[n_files++] = s;
        has_source |= is_source;
    }
    if (has_source)
        maker_grader(m, language, files, n_files);
    return true;
}

static bool read_graders(struct maker *m, const struct tps_problem *s, struct err *e)
{
    static const enum language languages[] = {LANGUAGE_CPP, LANGUAGE_C, LANGUAGE_PYTHON,
                                              LANGUAGE_JAVA};
    struct entry at = {0};
    struct entry *found = NULL;
    int64_t n = 0;
    struct task *t = m->t;
    bool is_communication = t->kind == TASK_COMMUNICATION;
    TRY(package_look(m->p, STR("graders"), &at, e));
    if (at.kind == ENTRY_FOLDER)
        TRY(package_list(m->p, at.rel, &found, &n, e));
    for (size_t i = 0; i < sizeof languages / sizeof *languages && !s->is_alone; i++)
        TRY(add_grader(m, found, n, languages[i], e));
    if (m->n_graders > 0)
        t->entry = is_communication ? STR("stub") : STR("grader");
    if (!is_communication)
        return true;
    TRY(maker_named_program(m, STR("graders"), STR("manager"), &t->manager, e));
    t->is_fifo_io = s->is_fifo_io || tps_opens_arguments(m);
    if (t->manager.n_files == 0)
        return FAIL(e, ERR_INPUT, "graders/manager.cpp: missing; a Communication task needs it");
    return tps_need_testlib(&t->manager, e);
}

static bool read_checker(struct maker *m, struct err *e)
{
    struct entry at = {0};
    if (m->t->kind != TASK_COMMUNICATION)
        return tps_checker(m, "checker", e);
    TRY(package_look(m->p, STR("checker"), &at, e));
    if (at.kind == ENTRY_FOLDER)
        package_note(m->p,
                     "checker/: not used; the manager of a Communication task says the score");
    return true;
}

static bool add_solution(struct maker *m, const struct entry *at, struct str verdict, struct err *e)
{
    struct task_submission *s = maker_submission(m, package_shown(m->p, at->rel));
    struct expectation want = expectation_any(verdict);
    uint32_t mask = 0;
    TRY(maker_submission_files(m, at, s, e));
    if (m->t->kind == TASK_OUTPUT_ONLY && at->kind == ENTRY_FOLDER)
        s->why_not = (struct str){0}; /* its files are the outputs */
    tps_rename_source(m, s);
    if (!tps_verdict(verdict, &mask))
        return true;
    if (str_eq(verdict, STR("model_solution")) && m->t->i_model < 0)
        m->t->i_model = m->n_submissions - 1;
    if (mask == OUTCOMES_AC) {
        want.permitted = mask;
    } else if (str_eq(verdict, STR("partially_correct"))) {
        want.score_min = 0;
        want.score_max = 1;
        want.is_score_strict = true;
    } else {
        want.is_per_test = true;
        want.required = mask;
    }
    maker_expect(m, s, want);
    return true;
}

static bool read_solutions(struct maker *m, struct err *e)
{
    struct entry at = {0};
    struct entry *folders = NULL;
    struct entry *files = NULL;
    int64_t n_folders = 0;
    int64_t n = 0;
    uint32_t mask;
    TRY(package_look(m->p, STR("solutions"), &at, e));
    if (at.kind != ENTRY_FOLDER)
        return true;
    TRY(package_list(m->p, at.rel, &folders, &n_folders, e));
    for (int64_t i = 0; i < n_folders; i++) {
        struct str verdict = package_shown(m->p, folders[i].name);
        if (folders[i].kind != ENTRY_FOLDER)
            continue;
        if (!tps_verdict(verdict, &mask))
            package_note(m->p, "solutions/%.*s: no verdict of that name, so nothing is expected",
                         STR_ARG(verdict));
        TRY(package_list(m->p, folders[i].rel, &files, &n, e));
        for (int64_t k = 0; k < n; k++)
            TRY(add_solution(m, &files[k], verdict, e));
    }
    return true;
}

bool cms_read(struct maker *m, const struct tps_problem *s, struct err *e)
{
    struct task *t = m->t;
    t->format = STR("cms");
    t->name = s->name;
    t->title = s->title;
    t->kind = s->kind;
    t->time_ms = s->time_ms;
    t->memory_kib = s->memory_kib > 0 ? s->memory_kib : t->memory_kib;
    t->n_processes = s->n_processes;
    t->has_score = true;
    t->score_precision = s->score_precision;
    t->input_file = s->input_file;
    t->output_file = s->output_file;
    TRY(read_graders(m, s, e));
    TRY(read_checker(m, e));
    TRY(tps_all_tests(m, t->kind != TASK_COMMUNICATION, e));
    TRY(make_groups(m, e));
    TRY(read_solutions(m, e));
    TRY(maker_close(m, e));
    t->full_score = maker_full_score(m);
    return true;
}
