#include "graders/task/maker.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"

void maker_open(struct maker *m, struct package *p, struct task *t)
{
    *m = (struct maker){.p = p, .t = t};
    *t = (struct task){
        .kind = TASK_BATCH,
        .time_multiplier = 2,
        .safety_margin = 1,
        .time_step_ms = 1000,
        .memory_kib = 256 * LIMIT_KIB,
        .output_kib = 64 * LIMIT_KIB,
        .code_kib = LIMIT_SOURCE_BYTES / LIMIT_KIB,
        .compile_ms = 60000,
        .checker_ms = 60000,
        .checker_memory_kib = 2048 * LIMIT_KIB,
        .checker_output_kib = 8 * LIMIT_KIB,
        .n_passes_max = 1,
        .n_processes = 1,
        .full_score = 1,
        .i_model = -1,
    };
}

struct task_test *maker_test(struct maker *m)
{
    GROW(m->p->keep, m->tests, m->n_tests);
    struct task_test *t = &m->tests[m->n_tests++];
    *t = (struct task_test){0};
    return t;
}

struct task_group *maker_group(struct maker *m, struct str name, int64_t i_parent)
{
    GROW(m->p->keep, m->groups, m->n_groups);
    struct task_group *g = &m->groups[m->n_groups++];
    *g = (struct task_group){.name = name,
                             .i_parent = i_parent,
                             .points = 1,
                             .accept_score = 1,
                             .range_min = -(double)INFINITY,
                             .range_max = (double)INFINITY};
    return g;
}

struct task_submission *maker_submission(struct maker *m, struct str name)
{
    GROW(m->p->keep, m->submissions, m->n_submissions);
    struct task_submission *s = &m->submissions[m->n_submissions++];
    *s = (struct task_submission){.name = name};
    return s;
}

void members_put(struct maker *m, struct members *list, bool is_group, int64_t i)
{
    GROW(m->p->keep, list->at, list->n);
    list->at[list->n++] = (struct group_member){is_group, i};
}

struct expectation expectation_any(struct str label)
{
    return (struct expectation){.label = label,
                                .i_group = -1,
                                .permitted = OUTCOMES_ALL,
                                .score_min = -(double)INFINITY,
                                .score_max = (double)INFINITY};
}

void maker_expect(struct maker *m, struct task_submission *s, struct expectation x)
{
    struct expectation *all = (struct expectation *)(uintptr_t)s->expects;
    GROW(m->p->keep, all, s->n_expects);
    all[s->n_expects++] = x;
    s->expects = all;
}

void maker_grader(struct maker *m, enum language language, const struct source *files, int64_t n)
{
    GROW(m->p->keep, m->graders, m->n_graders);
    m->graders[m->n_graders++] =
        (struct task_grader){.language = language, .files = files, .n_files = n};
}

bool maker_seconds(double seconds, int64_t *ms)
{
    if (!(seconds > 0) || seconds > 86400)
        return false;
    int64_t v = llround(seconds * 1000);
    *ms = v < 1 ? 1 : v;
    return true;
}

static struct str ending_of(struct str name)
{
    int64_t dot = str_rfind(name, STR("."));
    return dot < 0 ? (struct str){0} : str_sub(name, dot, name.n);
}

static bool is_header(struct str name)
{
    return str_ends(name, STR(".h")) || str_ends(name, STR(".hpp")) || str_ends(name, STR(".hh"));
}

/* C beside C++ is compiled as C++. */
static bool joins(enum language *have, enum language more)
{
    bool is_c_family = (*have == LANGUAGE_C || *have == LANGUAGE_CPP) &&
                       (more == LANGUAGE_C || more == LANGUAGE_CPP);
    if (*have == more)
        return true;
    if (is_c_family)
        *have = LANGUAGE_CPP;
    return is_c_family;
}

enum tongue { TONGUE_ONE, TONGUE_NONE, TONGUE_SEVERAL };

/* The one language of a program's files. */
static enum tongue language_of(const struct source *files, int64_t n, enum language *out)
{
    bool has = false;
    for (int64_t i = 0; i < n; i++) {
        enum language l;
        if (!language_from_file(files[i].name, &l))
            continue;
        if (has && !joins(out, l))
            return TONGUE_SEVERAL;
        if (!has)
            *out = l;
        has = true;
    }
    return has ? TONGUE_ONE : TONGUE_NONE;
}

/* "#!... python2" on the first line */
static bool is_python_2(struct str text)
{
    int64_t end = str_find(text, STR("\n"), 0);
    struct str line = str_sub(text, 0, end < 0 ? text.n : end);
    return str_starts(line, STR("#!")) && str_find(line, STR("python2"), 0) >= 0;
}

static struct str why_not(struct maker *m, const struct entry *at, const struct task_submission *s,
                          enum tongue tongue)
{
    struct str ending = ending_of(at->name);
    const char *why = NULL;
    for (int64_t i = 0; i < s->n_files; i++)
        if (!package_name_is_plain(s->files[i].name, &why))
            return str_of(why);
    if (tongue == TONGUE_SEVERAL)
        return STR("its files are of several languages");
    if (tongue == TONGUE_ONE && s->language == LANGUAGE_PYTHON && s->n_files > 0 &&
        is_python_2(s->files[0].text))
        return STR("Python 2");
    if (tongue == TONGUE_ONE)
        return (struct str){0};
    if (at->kind == ENTRY_FOLDER)
        return STR("no file of a known language in the folder");
    if (ending.n == 0)
        return STR("a file name without an ending, so the language is unknown");
    return arena_fmt(m->p->keep, "unknown ending %.*s", STR_ARG(package_shown(m->p, ending)));
}

bool maker_submission_files(struct maker *m, const struct entry *at, struct task_submission *s,
                            struct err *e)
{
    struct source *files = NULL;
    enum language language = LANGUAGE_CPP;
    if (at->kind == ENTRY_FILE && at->n_bytes > LIMIT_SOURCE_BYTES) {
        s->why_not = arena_fmt(m->p->keep, "%lld bytes, more than a source may have",
                               (long long)at->n_bytes);
        return true;
    }
    TRY(package_sources(m->p, at, &files, &s->n_files, e));
    s->files = files;
    enum tongue tongue = language_of(files, s->n_files, &language);
    s->language = language;
    s->why_not = why_not(m, at, s, tongue);
    s->has_language = tongue == TONGUE_ONE;
    return true;
}

/* A main function as contests write it, not within a comment of its line. */
static bool has_main(struct str text)
{
    struct str line;
    while (str_split(&text, '\n', &line)) {
        int64_t at = str_find(line, STR("main"), 0);
        int64_t comment = str_find(line, STR("//"), 0);
        if (at < 0 || (comment >= 0 && comment < at))
            continue;
        struct str before = str_trim(str_sub(line, 0, at));
        struct str after = str_trim(str_sub(line, at + 4, line.n));
        if (str_starts(after, STR("(")) &&
            (str_eq(before, STR("int")) || str_eq(before, STR("signed")) ||
             str_eq(before, STR("auto"))))
            return true;
    }
    return false;
}

static bool check_mains(struct maker *m, const struct task_program *g, struct err *e)
{
    int64_t first = -1;
    if (g->language != LANGUAGE_C && g->language != LANGUAGE_CPP)
        return true;
    for (int64_t i = 0; i < g->n_files; i++) {
        enum language l;
        if (!language_from_file(g->files[i].name, &l) || !has_main(g->files[i].text))
            continue;
        if (first >= 0)
            return FAIL(e, ERR_INPUT,
                        "%.*s: %.*s and %.*s both have a main function; leave one program in it",
                        STR_ARG(g->name), STR_ARG(package_shown(m->p, g->files[first].name)),
                        STR_ARG(package_shown(m->p, g->files[i].name)));
        first = i;
    }
    return true;
}

static bool check_program(struct maker *m, struct task_program *g, struct err *e)
{
    const char *why = NULL;
    for (int64_t i = 0; i < g->n_files; i++) {
        if (!package_name_is_plain(g->files[i].name, &why))
            return FAIL(e, ERR_INPUT, "%.*s/%.*s: %s", STR_ARG(g->name),
                        STR_ARG(package_shown(m->p, g->files[i].name)), why);
        g->is_scripted |=
            str_eq(g->files[i].name, STR("build")) || str_eq(g->files[i].name, STR("run"));
    }
    if (g->is_scripted)
        return true;
    switch (language_of(g->files, g->n_files, &g->language)) {
    case TONGUE_NONE:
        return FAIL(e, ERR_INPUT, "%.*s: no file of a known language", STR_ARG(g->name));
    case TONGUE_SEVERAL:
        return FAIL(e, ERR_INPUT, "%.*s: files of several languages; leave one program in it",
                    STR_ARG(g->name));
    default:
        return check_mains(m, g, e);
    }
}

bool maker_program(struct maker *m, const struct entry *at, struct task_program *out, struct err *e)
{
    struct task_program g = {.name = package_shown(m->p, at->rel)};
    struct source *files = NULL;
    TRY(package_sources(m->p, at, &files, &g.n_files, e));
    g.files = files;
    TRY(check_program(m, &g, e));
    *out = g;
    return true;
}

/* "checker.cpp" for "checker": the name, a dot, and an ending without another. */
static bool is_stem_of(struct str file, struct str stem)
{
    return str_starts(file, stem) && str_eq(ending_of(file), str_sub(file, stem.n, file.n)) &&
           file.n > stem.n + 1;
}

bool maker_named_program(struct maker *m, struct str folder, struct str name,
                         struct task_program *out, struct err *e)
{
    struct entry at = {0};
    struct entry *found = NULL;
    int64_t n = 0;
    struct source *files = NULL;
    struct task_program g = {0};
    TRY(package_look(m->p, folder, &at, e));
    if (at.kind != ENTRY_FOLDER)
        return true;
    TRY(package_list(m->p, folder, &found, &n, e));
    for (int64_t i = 0; i < n; i++) {
        enum language l;
        bool is_source = language_from_file(found[i].name, &l);
        bool is_it = is_source && is_stem_of(found[i].name, name);
        if (found[i].kind != ENTRY_FILE || (!is_it && !is_header(found[i].name)))
            continue;
        if (is_it && g.name.n > 0)
            return FAIL(e, ERR_INPUT, "%.*s: %.*s and %.*s; leave one of them", STR_ARG(folder),
                        STR_ARG(g.name), STR_ARG(found[i].rel));
        struct source s = {.name = found[i].name};
        TRY(package_text(m->p, &found[i], LIMIT_SOURCE_BYTES, &s.text, e));
        GROW(m->p->keep, files, g.n_files);
        files[g.n_files++] = s;
        if (is_it)
            g.name = package_shown(m->p, found[i].rel);
    }
    g.files = files;
    if (g.name.n == 0)
        return true;
    TRY(check_program(m, &g, e));
    *out = g;
    return true;
}

static void close_map(struct file_map *map)
{
    file_map_close(map);
}

bool maker_see_answer(struct maker *m, const struct entry *answer, struct err *e)
{
    enum { LOOKED_AT = 4096 };
    if (m->has_crlf || answer->n_bytes == 0)
        return true;
    CLEANUP(close_map) struct file_map map = {0}; /* mapped: an answer may be of any size */
    TRY(file_map_open(answer->path, &map, e));
    struct str head = {(const char *)map.at, map.n < LOOKED_AT ? map.n : LOOKED_AT};
    m->has_crlf = str_find(head, STR("\r\n"), 0) >= 0;
    if (m->has_crlf)
        package_note(m->p, "%.*s: line ends are CRLF; kept as they are", STR_ARG(answer->rel));
    return true;
}

static double worth_of_test(const struct maker *m, const struct task_group *g)
{
    return m->has_open_scores || isnan(g->test_points) ? (double)INFINITY : g->accept_score;
}

static double aggregate(enum group_score how, double sofar, double x, int64_t i)
{
    switch (how) {
    case GROUP_SUM:
    case GROUP_AVG:
        return i == 0 ? x : sofar + x;
    case GROUP_MIN:
        return i == 0 || x < sofar ? x : sofar;
    case GROUP_MAX:
        return i == 0 || x > sofar ? x : sofar;
    case GROUP_MUL:
        return i == 0 ? x : sofar * x;
    default:
        return 1;
    }
}

/* Groups are made before their members, so a member's index is larger and this ends. */
static double full_of(const struct maker *m, int64_t i_group)
{
    const struct task_group *g = &m->groups[i_group];
    double v = 0;
    if (g->points == 0)
        return 0;
    if (g->is_custom)
        return g->range_max;
    for (int64_t i = 0; i < g->n_members; i++) {
        struct group_member one = g->members[i];
        assert(!one.is_group || one.i > i_group);
        double x = one.is_group ? full_of(m, one.i) : worth_of_test(m, g);
        if (g->ignores_sample)
            v = i == 1 ? x : v;
        else
            v = aggregate(g->score, v, x, i);
    }
    if (g->score == GROUP_AVG && g->n_members > 0 && !g->ignores_sample)
        v /= (double)g->n_members;
    v *= g->points;
    return v < g->range_min ? g->range_min : v > g->range_max ? g->range_max : v;
}

double maker_full_score(const struct maker *m)
{
    double v = m->n_groups == 0 ? 0 : full_of(m, 0);
    return isfinite(v) ? v : (double)NAN;
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool check_names(struct maker *m, struct err *e)
{
    struct str *names = NEW(m->p->keep, struct str, m->n_tests);
    for (int64_t i = 0; i < m->n_tests; i++)
        names[i] = m->tests[i].name;
    qsort(names, (size_t)m->n_tests, sizeof *names, by_text);
    for (int64_t i = 1; i < m->n_tests; i++)
        if (str_eq(names[i - 1], names[i]))
            return FAIL(e, ERR_INPUT, "two tests are called %.*s; rename one", STR_ARG(names[i]));
    return true;
}

static bool check_groups(struct maker *m, struct err *e)
{
    bool *is_used = NEW(m->p->keep, bool, m->n_tests);
    for (int64_t g = 0; g < m->n_groups; g++) {
        const struct task_group *group = &m->groups[g];
        if (group->n_members == 0)
            return FAIL(e, ERR_INPUT, "group %.*s: no test in it; add one, or remove the group",
                        STR_ARG(group->name));
        for (int64_t i = 0; i < group->n_members; i++)
            if (!group->members[i].is_group)
                is_used[group->members[i].i] = true;
    }
    for (int64_t i = 0; i < m->n_tests; i++)
        if (!is_used[i])
            return FAIL(e, ERR_INPUT, "test %.*s: in no group; put it into one, or remove it",
                        STR_ARG(m->tests[i].name));
    return true;
}

bool maker_close(struct maker *m, struct err *e)
{
    if (m->n_tests == 0)
        return FAIL(e, ERR_INPUT, "no tests in the package");
    assert(m->n_groups > 0);
    TRY(check_names(m, e));
    TRY(check_groups(m, e));
    m->t->tests = m->tests;
    m->t->n_tests = m->n_tests;
    m->t->groups = m->groups;
    m->t->n_groups = m->n_groups;
    m->t->submissions = m->submissions;
    m->t->n_submissions = m->n_submissions;
    m->t->graders = m->graders;
    m->t->n_graders = m->n_graders;
    m->t->notes = m->p->notes;
    m->t->n_notes = m->p->n_notes;
    return true;
}
