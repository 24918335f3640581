#include "graders/task/tps.h"

#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"

/* --- parts that the CMS export has too --- */

bool tps_need_testlib(const struct task_program *g, struct err *e)
{
    bool wants = false;
    for (int64_t i = 0; i < g->n_files; i++) {
        if (str_ends(g->files[i].name, STR("testlib.h")))
            return true;
        wants |= str_find(g->files[i].text, STR("\"testlib.h\""), 0) >= 0;
    }
    return !wants || FAIL(e, ERR_INPUT,
                          "%.*s: includes testlib.h, which is not beside it; put the "
                          "one it was written for there",
                          STR_ARG(g->name));
}

/* The testlib of CMS and TPS prints a score and these words, and takes the answer before the
 * output; the original leaves by exit codes and has neither. A checker without testlib follows the
 * judge it was made for, CMS. */
static enum checker_protocol protocol_of(const struct task_program *g)
{
    for (int64_t i = 0; i < g->n_files; i++)
        if (str_ends(g->files[i].name, STR("testlib.h")))
            return str_find(g->files[i].text, STR("Output is correct"), 0) >= 0 ? CHECKER_CMS
                                                                                : CHECKER_TESTLIB;
    return CHECKER_CMS;
}

bool tps_checker(struct maker *m, const char *folder, struct err *e)
{
    TRY(maker_named_program(m, str_of(folder), STR("checker"), &m->t->checker, e));
    if (m->t->checker.n_files == 0)
        return true;
    TRY(tps_need_testlib(&m->t->checker, e));
    m->t->protocol = protocol_of(&m->t->checker);
    return true;
}

static bool language_of_folder(struct str name, enum language *out)
{
    static const enum language all[] = {LANGUAGE_CPP,  LANGUAGE_C,         LANGUAGE_PYTHON,
                                        LANGUAGE_PYPY, LANGUAGE_JAVA,      LANGUAGE_GO,
                                        LANGUAGE_RUST, LANGUAGE_JAVASCRIPT};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (str_eq(name, str_of(language_folder(all[i])))) {
            *out = all[i];
            return true;
        }
    return false;
}

bool tps_graders(struct maker *m, const char *folder, struct err *e)
{
    struct entry at = {0};
    struct entry *found = NULL;
    struct source *files = NULL;
    int64_t n = 0;
    int64_t n_files = 0;
    enum language l;
    TRY(package_look(m->p, str_of(folder), &at, e));
    if (at.kind != ENTRY_FOLDER)
        return true;
    TRY(package_list(m->p, at.rel, &found, &n, e));
    for (int64_t i = 0; i < n; i++) {
        if (found[i].kind != ENTRY_FOLDER)
            continue;
        if (!language_of_folder(found[i].name, &l)) {
            package_note(m->p, "%.*s: graders of a language that is not judged",
                         STR_ARG(package_shown(m->p, found[i].rel)));
            continue;
        }
        TRY(package_sources(m->p, &found[i], &files, &n_files, e));
        if (n_files > 0)
            maker_grader(m, l, files, n_files);
    }
    return true;
}

bool tps_opens_arguments(const struct maker *m)
{
    static const char *const calls[] = {"open(argv[", "open (argv[", "ifstream in(argv[",
                                        "open(sys.argv["};
    for (int64_t g = 0; g < m->n_graders; g++)
        for (int64_t i = 0; i < m->graders[g].n_files; i++)
            for (size_t k = 0; k < sizeof calls / sizeof *calls; k++)
                if (str_find(m->graders[g].files[i].text, str_of(calls[k]), 0) >= 0)
                    return true;
    return false;
}

void tps_rename_source(struct maker *m, struct task_submission *s)
{
    if (!s->has_language || s->n_files != 1 || m->t->kind == TASK_OUTPUT_ONLY)
        return;
    struct source *file = NEW(m->p->keep, struct source, 1);
    *file = s->files[0];
    int64_t dot = str_rfind(file->name, STR("."));
    file->name = arena_fmt(m->p->keep, "%.*s%.*s", STR_ARG(m->t->name),
                           STR_ARG(str_sub(file->name, dot, file->name.n)));
    s->files = file;
}

bool tps_test(struct maker *m, struct str name, bool needs_answer, struct err *e)
{
    struct package *p = m->p;
    struct entry in = {0};
    struct entry out = {0};
    const char *advice = "make the tests anew, or remove what is left of this one";
    TRY(package_need(p, arena_fmt(p->keep, "tests/%.*s.in", STR_ARG(name)), ENTRY_FILE, advice, &in,
                     e));
    struct str answer = arena_fmt(p->keep, "tests/%.*s.out", STR_ARG(name));
    if (needs_answer)
        TRY(package_need(p, answer, ENTRY_FILE, advice, &out, e));
    else
        TRY(package_look(p, answer, &out, e));
    if (out.kind == ENTRY_FILE)
        TRY(maker_see_answer(m, &out, e));
    struct task_test *t = maker_test(m);
    t->name = package_shown(p, name);
    t->input = in.path;
    t->answer = out.kind == ENTRY_FILE ? out.path : NULL;
    t->compare.mode = COMPARE_WHITE;
    return true;
}

static int by_test(const void *a, const void *b)
{
    return str_cmp(((const struct task_test *)a)->name, ((const struct task_test *)b)->name);
}

int64_t tps_find_test(const struct maker *m, struct str name)
{
    struct task_test key = {.name = name};
    if (m->n_tests == 0)
        return -1;
    const struct task_test *hit =
        bsearch(&key, m->tests, (size_t)m->n_tests, sizeof *m->tests, by_test);
    return hit == NULL ? -1 : hit - m->tests;
}

bool tps_all_tests(struct maker *m, bool needs_answer, struct err *e)
{
    struct entry at = {0};
    struct entry *found = NULL;
    int64_t n = 0;
    TRY(package_look(m->p, STR("tests"), &at, e));
    if (at.kind != ENTRY_FOLDER)
        return true;
    TRY(package_list(m->p, at.rel, &found, &n, e));
    for (int64_t i = 0; i < n; i++) {
        struct str name = found[i].name;
        if (str_ends(name, STR(".in")))
            TRY(tps_test(m, str_sub(name, 0, name.n - 3), needs_answer, e));
    }
    if (m->n_tests > 0)
        qsort(m->tests, (size_t)m->n_tests, sizeof *m->tests, by_test);
    for (int64_t i = 0; i < n; i++) {
        struct str name = found[i].name;
        if (str_ends(name, STR(".out")) &&
            tps_find_test(m, package_shown(m->p, str_sub(name, 0, name.n - 4))) < 0)
            return FAIL(e, ERR_INPUT,
                        "%.*s: there is no .in beside it; add it, or remove the answer",
                        STR_ARG(package_shown(m->p, found[i].rel)));
    }
    return true;
}

/* --- the source layout --- */

struct tps {
    struct maker m;
    struct tps_problem problem;
    struct tps_subtask *subtasks;
    int64_t n_subtasks;
    struct members *members; /* of each subtask */
};

static bool text_of(struct maker *m, const char *name, bool is_needed, int64_t n_max,
                    struct str *out, struct err *e)
{
    struct entry at = {0};
    *out = (struct str){0};
    TRY(package_look(m->p, str_of(name), &at, e));
    if (at.kind == ENTRY_ABSENT && !is_needed)
        return true;
    if (at.kind == ENTRY_ABSENT)
        return FAIL(e, ERR_INPUT, "%s: missing, and a task of this format needs it", name);
    return package_text(m->p, &at, n_max, out, e);
}

static bool read_programs(struct tps *x, struct err *e)
{
    struct task *t = x->m.t;
    const struct tps_problem *s = &x->problem;
    bool is_communication = t->kind == TASK_COMMUNICATION;
    if (s->has_grader != SWITCH_NO && t->kind != TASK_OUTPUT_ONLY)
        TRY(tps_graders(&x->m, "grader", e));
    if (s->has_grader == SWITCH_YES && x->m.n_graders == 0)
        return FAIL(e, ERR_INPUT, "grader/: no grader in it, but problem.json says has_grader");
    if (x->m.n_graders > 0)
        t->entry = s->grader_name.n > 0 ? s->grader_name
                   : is_communication   ? STR("stub")
                                        : STR("grader");
    if (is_communication) {
        TRY(maker_named_program(&x->m, STR("grader"), STR("manager"), &t->manager, e));
        if (t->manager.n_files == 0)
            return FAIL(e, ERR_INPUT, "grader/manager.cpp: missing; a Communication task needs it");
        TRY(tps_need_testlib(&t->manager, e));
        t->is_fifo_io = s->is_fifo_io || tps_opens_arguments(&x->m);
    }
    bool wants_checker =
        s->has_checker == SWITCH_YES || (s->has_checker == SWITCH_DEFAULT && !is_communication);
    if (!wants_checker)
        return true;
    TRY(tps_checker(&x->m, "checker", e));
    t->manager_then_checker = is_communication;
    return t->checker.n_files > 0 ||
           FAIL(e, ERR_INPUT,
                "checker/checker.cpp: missing; add it, or say \"has_checker\": false "
                "in problem.json");
}

static int64_t find_subtask(const struct tps *x, struct str name)
{
    for (int64_t i = 0; i < x->n_subtasks; i++)
        if (str_eq(x->subtasks[i].name, name))
            return i;
    return -1;
}

/* One line of tests/mapping: "subtask test". */
static bool map_line(struct tps *x, struct str line, int64_t number, bool *is_in, struct err *e)
{
    line = str_trim(line);
    int64_t space = str_rfind(line, STR(" "));
    if (line.n == 0)
        return true;
    if (space < 0)
        return FAIL(e, ERR_INPUT, "tests/mapping:%lld: must be a subtask and a test",
                    (long long)number);
    struct str test = package_shown(x->m.p, str_sub(line, space + 1, line.n));
    struct str subtask = str_trim(str_sub(line, 0, space));
    int64_t i_subtask = find_subtask(x, subtask);
    int64_t i_test = tps_find_test(&x->m, test);
    if (i_subtask < 0)
        return FAIL(e, ERR_INPUT, "tests/mapping:%lld: subtasks.json has no subtask %.*s",
                    (long long)number, STR_ARG(package_shown(x->m.p, str_sub(subtask, 0, 60))));
    if (i_test < 0)
        return FAIL(e, ERR_INPUT,
                    "tests/mapping:%lld: there is no tests/%.*s.in; make the tests anew",
                    (long long)number, STR_ARG(str_sub(test, 0, 60)));
    bool *seen = &is_in[i_subtask * x->m.n_tests + i_test];
    if (!*seen)
        members_put(&x->m, &x->members[i_subtask], false, i_test);
    *seen = true;
    return true;
}

static bool map_file(struct tps *x, struct str text, struct err *e)
{
    struct str line;
    if (x->n_subtasks > 1000 || x->m.n_tests > LIMIT_SCRIPT_LINES)
        return FAIL(e, ERR_LIMIT,
                    "subtasks.json: %lld subtasks and %lld tests are more than is read",
                    (long long)x->n_subtasks, (long long)x->m.n_tests);
    bool *is_in = NEW(x->m.p->keep, bool, x->n_subtasks * x->m.n_tests);
    for (int64_t i = 1; str_split(&text, '\n', &line); i++)
        TRY(map_line(x, line, i, is_in, e));
    return true;
}

static const struct script_set *set_of(const struct script *s, struct str name)
{
    for (int64_t i = 0; i < s->n_sets; i++)
        if (s->sets[i].is_subtask && str_eq(s->sets[i].name, name))
            return &s->sets[i];
    return NULL;
}

static bool check_sets(const struct tps *x, const struct script *s, struct err *e)
{
    for (int64_t i = 0; i < s->n_sets; i++)
        if (s->sets[i].is_subtask && find_subtask(x, s->sets[i].name) < 0)
            return FAIL(e, ERR_INPUT, "gen/data:%lld: subtasks.json has no subtask %.*s",
                        (long long)s->sets[i].line, STR_ARG(s->sets[i].name));
    return true;
}

/* The script's subtasks over tests that are there (by name), or that are its own (by index). */
static bool map_script(struct tps *x, const struct script *s, bool is_generated, struct err *e)
{
    TRY(check_sets(x, s, e));
    for (int64_t i = 0; i < x->n_subtasks; i++) {
        const struct script_set *set = set_of(s, x->subtasks[i].name);
        for (int64_t k = 0; set != NULL && k < set->n_tests; k++) {
            const struct script_test *test = &s->tests[set->tests[k]];
            int64_t i_test = is_generated ? set->tests[k] : tps_find_test(&x->m, test->name);
            if (i_test < 0)
                return FAIL(e, ERR_INPUT,
                            "gen/data:%lld: there is no tests/%.*s.in; make the tests "
                            "anew",
                            (long long)test->line, STR_ARG(test->name));
            members_put(&x->m, &x->members[i], false, i_test);
        }
    }
    return true;
}

static bool read_script(struct tps *x, struct script *out, struct err *e)
{
    struct str text;
    struct entry at = {0};
    TRY(package_look(x->m.p, STR("gen/data"), &at, e));
    if (at.kind == ENTRY_ABSENT) {
        TRY(package_look(x->m.p, STR("gen/data.py"), &at, e));
        return FAIL(e, ERR_INPUT,
                    at.kind == ENTRY_FILE
                        ? "gen/data: missing; run gen/data.py in the package to make it"
                        : "gen/data: missing, and there are no tests in tests/");
    }
    TRY(package_text(x->m.p, &at, LIMIT_SOURCE_BYTES * 16, &text, e));
    return tps_script_parse(text, x->m.t->kind == TASK_OUTPUT_ONLY, out, x->m.p->keep, e);
}

/* --- making tests --- */

struct generators {
    struct task_program *at;
    struct str *names;
    int64_t n;
};

static bool find_generator(struct tps *x, struct generators *g, const struct script_test *test,
                           int64_t *i_generator, struct err *e)
{
    struct task_program program = {0};
    for (int64_t i = 0; i < g->n; i++)
        if (str_eq(g->names[i], test->words[0])) {
            *i_generator = i;
            return true;
        }
    struct str stem = test->words[0];
    if (str_ends(stem, STR(".exe")))
        stem = str_sub(stem, 0, stem.n - 4);
    TRY(maker_named_program(&x->m, STR("gen"), stem, &program, e));
    if (program.n_files == 0)
        return FAIL(e, ERR_INPUT,
                    "gen/data:%lld: there is no generator gen/%.*s.cpp (or another "
                    "language)",
                    (long long)test->line, STR_ARG(package_shown(x->m.p, str_sub(stem, 0, 60))));
    TRY(tps_need_testlib(&program, e));
    GROW(x->m.p->keep, g->at, g->n);
    GROW(x->m.p->keep, g->names, g->n);
    g->at[g->n] = program;
    g->names[g->n] = test->words[0];
    *i_generator = g->n++;
    return true;
}

static bool manual_file(struct tps *x, const struct script_test *test, struct task_recipe *r,
                        struct err *e)
{
    struct entry at = {0};
    struct package *p = x->m.p;
    bool is_copy = str_eq(test->words[0], STR("copy"));
    if (test->n_words != 2)
        return FAIL(e, ERR_INPUT, "gen/data:%lld: one file must follow %.*s", (long long)test->line,
                    STR_ARG(test->words[0]));
    struct str rel =
        arena_fmt(p->keep, "gen/%s%.*s", is_copy ? "" : "manual/", STR_ARG(test->words[1]));
    if (!package_need(p, rel, ENTRY_FILE, "add it", &at, e))
        return err_wrap(e, "gen/data:%lld", (long long)test->line);
    r->manual = at.path;
    return true;
}

static bool add_recipe(struct tps *x, struct generators *g, const struct script_test *test,
                       struct task_recipe *r, struct err *e)
{
    r->i_test = x->m.n_tests;
    r->i_generator = -1;
    struct task_test *t = maker_test(&x->m);
    t->name = package_shown(x->m.p, test->name);
    t->compare.mode = COMPARE_WHITE;
    if (str_eq(test->words[0], STR("manual")) || str_eq(test->words[0], STR("copy")))
        return manual_file(x, test, r, e);
    r->args = test->words + 1;
    r->n_args = test->n_words - 1;
    return find_generator(x, g, test, &r->i_generator, e);
}

static bool make_recipes(struct tps *x, struct err *e)
{
    struct script s = {0};
    struct generators g = {0};
    struct str footer;
    struct task *t = x->m.t;
    TRY(read_script(x, &s, e));
    struct task_recipe *recipes = NEW(x->m.p->keep, struct task_recipe, s.n_tests);
    for (int64_t i = 0; i < s.n_tests; i++)
        TRY(add_recipe(x, &g, &s.tests[i], &recipes[i], e));
    TRY(text_of(&x->m, "gen/input.header", false, LIMIT_MIB, &t->input_header, e));
    TRY(text_of(&x->m, "gen/output.header", false, LIMIT_MIB, &t->output_header, e));
    TRY(text_of(&x->m, "gen/input.footer", false, LIMIT_MIB, &footer, e));
    if (footer.n > 0)
        return FAIL(e, ERR_UNSUPPORTED, "gen/input.footer: inputs with a footer are not made");
    t->can_generate = true;
    t->recipes = recipes;
    t->n_recipes = s.n_tests;
    t->generators = g.at;
    t->n_generators = g.n;
    return map_script(x, &s, true, e);
}

static bool read_tests(struct tps *x, struct err *e)
{
    struct str mapping = {0};
    struct script s = {0};
    bool needs_answer = x->m.t->kind != TASK_COMMUNICATION || x->m.t->manager_then_checker;
    TRY(tps_all_tests(&x->m, needs_answer, e));
    TRY(text_of(&x->m, "tests/mapping", false, LIMIT_SOURCE_BYTES * 16, &mapping, e));
    if (x->m.n_tests == 0)
        return mapping.n == 0
                   ? make_recipes(x, e)
                   : FAIL(e, ERR_INPUT, "tests/: a mapping, but no test; make them anew");
    if (mapping.n > 0)
        return map_file(x, mapping, e);
    TRY(read_script(x, &s, e));
    return map_script(x, &s, false, e);
}

static void make_groups(struct tps *x)
{
    struct members subtasks = {0};
    double sum = 0;
    for (int64_t i = 0; i < x->n_subtasks; i++) {
        struct task_group *g = maker_group(&x->m, package_shown(x->m.p, x->subtasks[i].name), 0);
        g->members = x->members[i].at;
        g->n_members = x->members[i].n;
        g->verdict = GROUP_FIRST_ERROR; /* of the first of its least tests */
        g->score = GROUP_MIN;
        g->points = x->subtasks[i].score;
        g->is_subtask = true;
        sum += g->points;
        members_put(&x->m, &subtasks, true, x->m.n_groups - 1);
        for (int64_t k = 0; k < g->n_members && g->points == 0; k++)
            x->m.tests[g->members[k].i].is_sample = true;
    }
    x->m.groups[0].members = subtasks.at;
    x->m.groups[0].n_members = subtasks.n;
    if (sum != 100)
        package_note(x->m.p, "subtasks.json: scores add up to %g, not 100", sum);
}

/* --- solutions --- */

static bool check_excepts(const struct tps *x, const struct tps_solution *s, struct err *e)
{
    for (int64_t i = 0; i < s->n_excepts; i++)
        if (find_subtask(x, s->excepts[i].subtask) < 0)
            return FAIL(e, ERR_INPUT, "solutions.json: %.*s: subtasks.json has no subtask %.*s",
                        STR_ARG(s->file), STR_ARG(s->excepts[i].subtask));
    return true;
}

static bool expect_subtasks(struct tps *x, const struct tps_solution *s,
                            struct task_submission *out, struct err *e)
{
    TRY(check_excepts(x, s, e));
    for (int64_t i = 0; i < x->n_subtasks; i++) {
        struct str word = s->verdict;
        for (int64_t k = 0; k < s->n_excepts; k++)
            if (str_eq(s->excepts[k].subtask, x->subtasks[i].name))
                word = s->excepts[k].verdict;
        struct expectation want = expectation_any(word);
        bool is_known = tps_verdict(word, &want.permitted);
        assert(is_known);
        (void)is_known;
        want.i_group = 1 + i; /* groups are the root and the subtasks in their order */
        maker_expect(&x->m, out, want);
    }
    return true;
}

static bool add_solution(struct tps *x, const struct tps_solution *s, struct err *e)
{
    struct entry at = {0};
    struct package *p = x->m.p;
    struct str rel = package_join(p, STR("solution"), s->file);
    TRY(package_look(p, rel, &at, e));
    if (at.kind == ENTRY_ABSENT)
        return FAIL(e, ERR_INPUT, "%.*s: missing, but solutions.json names it",
                    STR_ARG(package_shown(p, rel)));
    bool is_model = str_eq(s->verdict, STR("model_solution"));
    if (is_model && x->m.t->i_model >= 0)
        return FAIL(e, ERR_INPUT, "solutions.json: %.*s is a second model_solution",
                    STR_ARG(s->file));
    if (is_model)
        x->m.t->i_model = x->m.n_submissions;
    struct task_submission *out = maker_submission(&x->m, package_shown(p, at.rel));
    TRY(maker_submission_files(&x->m, &at, out, e));
    if (x->m.t->kind == TASK_OUTPUT_ONLY && at.kind == ENTRY_FOLDER)
        out->why_not = (struct str){0}; /* its files are the outputs */
    tps_rename_source(&x->m, out);
    return expect_subtasks(x, s, out, e);
}

static bool read_solutions(struct tps *x, struct err *e)
{
    struct tps_solution *all = NULL;
    struct str text;
    int64_t n = 0;
    TRY(text_of(&x->m, "solutions.json", false, LIMIT_SOURCE_BYTES * 4, &text, e));
    if (text.n > 0)
        TRY(tps_solutions_parse(text, &all, &n, x->m.p->keep, e));
    else
        package_note(x->m.p, "solutions.json: there is none, so nothing is known of solution/");
    for (int64_t i = 0; i < n; i++)
        TRY(add_solution(x, &all[i], e));
    if (x->m.t->can_generate && x->m.t->i_model < 0)
        return FAIL(e, ERR_INPUT, "solutions.json: no model_solution, so answers cannot be made");
    return true;
}

static void describe(struct tps *x)
{
    struct task *t = x->m.t;
    const struct tps_problem *s = &x->problem;
    t->format = STR("tps");
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
}

static bool read_source(struct tps *x, struct err *e)
{
    struct str text;
    describe(x);
    TRY(text_of(&x->m, "subtasks.json", true, LIMIT_SOURCE_BYTES, &text, e));
    TRY(tps_subtasks_parse(text, &x->subtasks, &x->n_subtasks, x->m.p->keep, e));
    x->members = NEW(x->m.p->keep, struct members, x->n_subtasks);
    TRY(read_programs(x, e));
    (void)maker_group(&x->m, STR(""), -1);
    TRY(read_tests(x, e));
    make_groups(x);
    TRY(read_solutions(x, e));
    TRY(maker_close(&x->m, e));
    x->m.t->full_score = maker_full_score(&x->m);
    return true;
}

bool tps_read(struct package *p, struct task *out, struct err *e)
{
    struct tps *x = NEW(p->keep, struct tps, 1);
    struct task t = {0};
    struct str text;
    maker_open(&x->m, p, &t);
    TRY(text_of(&x->m, "problem.json", true, LIMIT_SOURCE_BYTES, &text, e));
    TRY(tps_problem_parse(text, &x->problem, p->keep, e));
    TRY(x->problem.is_export ? cms_read(&x->m, &x->problem, e) : read_source(x, e));
    *out = t;
    return true;
}
