#include <math.h>
#include <stdlib.h>

#include "base/limits.h"
#include "graders/task/tps.h"

void tps_json_free(struct json **j)
{
    json_free(*j);
}

static int by_text(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool tps_check_keys(const struct json *object, const char *what, struct arena *keep, struct err *e)
{
    int64_t n = json_count(object);
    struct str *keys = NEW(keep, struct str, n);
    int64_t i = 0;
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m))
        keys[i++] = json_key(m);
    if (n > 0)
        qsort(keys, (size_t)n, sizeof *keys, by_text);
    for (i = 1; i < n; i++)
        if (str_eq(keys[i - 1], keys[i]))
            return FAIL(e, ERR_INPUT, "%s: %.*s is there twice", what, STR_ARG(keys[i]));
    return true;
}

static bool parse_object(struct str text, const char *what, struct json **out, struct err *e)
{
    struct json *j = NULL;
    TRY(json_parse(text, what, &j, e));
    if (json_kind(j) != JSON_OBJECT) {
        json_free(j);
        return FAIL(e, ERR_INPUT, "%s: must be an object", what);
    }
    *out = j;
    return true;
}

/* --- problem.json --- */

static const char problem_file[] = "problem.json";

static bool take_text(const struct json *root, const char *key, struct str *out, struct arena *keep,
                      struct err *e)
{
    const struct json *j = json_get(root, key);
    struct str s;
    if (j == NULL || json_kind(j) == JSON_NULL)
        return true;
    if (!json_str(j, &s))
        return FAIL(e, ERR_INPUT, "%s: %s must be a text", problem_file, key);
    *out = arena_str(keep, s);
    return true;
}

static bool take_whole(const struct json *root, const char *key, int64_t min, int64_t max,
                       int64_t *out, struct err *e)
{
    const struct json *j = json_get(root, key);
    int64_t v = 0;
    if (j == NULL || json_kind(j) == JSON_NULL)
        return true;
    if (!json_i64(j, &v) || v < min || v > max)
        return FAIL(e, ERR_INPUT, "%s: %s must be a whole number between %lld and %lld",
                    problem_file, key, (long long)min, (long long)max);
    *out = v;
    return true;
}

static bool take_switch(const struct json *root, const char *key, enum tps_switch *out,
                        struct err *e)
{
    const struct json *j = json_get(root, key);
    bool yes = false;
    if (j == NULL || json_kind(j) == JSON_NULL)
        return true;
    if (!json_bool(j, &yes))
        return FAIL(e, ERR_INPUT, "%s: %s must be true or false", problem_file, key);
    *out = yes ? SWITCH_YES : SWITCH_NO;
    return true;
}

static bool take_kind(const struct json *root, const char *key, struct tps_problem *out,
                      struct err *e)
{
    static const struct {
        const char *name;
        enum task_kind kind;
    } kinds[] = {{"Batch", TASK_BATCH},
                 {"Communication", TASK_COMMUNICATION},
                 {"OutputOnly", TASK_OUTPUT_ONLY},
                 {"TwoSteps", TASK_TWO_STEPS}};
    struct str s = {0};
    if (!json_str(json_get(root, key), &s))
        return FAIL(e, ERR_INPUT, "%s: %s is missing: Batch, Communication, OutputOnly or TwoSteps",
                    problem_file, key);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (str_eq(s, str_of(kinds[i].name))) {
            out->kind = kinds[i].kind;
            return true;
        }
    return FAIL(e, ERR_UNSUPPORTED, "%s: a task of type %.*s is not judged", problem_file,
                STR_ARG(str_sub(s, 0, 40)));
}

static bool take_limits(const struct json *root, struct tps_problem *out, struct err *e)
{
    /* Bytes in an export, MiB in the source. A limit below a KiB is a source's number misplaced. */
    int64_t unit = out->is_export ? 1 : LIMIT_MIB;
    const struct json *time = json_get(root, "time_limit");
    double seconds = 0;
    int64_t memory = 0;
    bool has_time = json_kind(time) == JSON_NUMBER;
    if (out->kind != TASK_OUTPUT_ONLY || has_time)
        if (!json_f64(time, &seconds) || !maker_seconds(seconds, &out->time_ms))
            return FAIL(e, ERR_INPUT, "%s: time_limit must be seconds, above 0 and at most a day",
                        problem_file);
    TRY(take_whole(root, "memory_limit", out->is_export ? LIMIT_KIB : 1,
                   MAKER_MIB_MAX * (LIMIT_MIB / unit), &memory, e));
    if (memory == 0 && out->kind != TASK_OUTPUT_ONLY)
        return FAIL(e, ERR_INPUT, "%s: memory_limit is missing", problem_file);
    out->memory_kib = memory * unit / LIMIT_KIB;
    return true;
}

/* In the source an object, in an export a text that holds one. */
static bool take_params(const struct json *params, struct tps_problem *out, struct arena *keep,
                        struct err *e)
{
    struct str io = {0};
    struct str how = {0};
    struct str n_text = {0};
    TRY(take_text(params, "task_type_parameters_Batch_compilation", &how, keep, e));
    out->is_alone = str_eq(how, STR("alone"));
    if (how.n > 0 && !out->is_alone && !str_eq(how, STR("grader")))
        return FAIL(e, ERR_INPUT, "%s: compilation must be grader or alone", problem_file);
    TRY(take_text(params, "task_type_parameters_Batch_io_0_inputfile", &out->input_file, keep, e));
    TRY(take_text(params, "task_type_parameters_Batch_io_1_outputfile", &out->output_file, keep,
                  e));
    TRY(take_text(params, "task_type_parameters_Communication_user_io", &io, keep, e));
    out->is_fifo_io = str_eq(io, STR("fifo_io"));
    const char *key = "task_type_parameters_Communication_num_processes";
    if (json_str(json_get(params, key), &n_text))
        return (str_i64(n_text, &out->n_processes) && out->n_processes >= 1 &&
                out->n_processes <= 100) ||
               FAIL(e, ERR_INPUT, "%s: %s must be between 1 and 100", problem_file, key);
    return take_whole(params, key, 1, 100, &out->n_processes, e);
}

static bool take_export(const struct json *root, struct tps_problem *out, struct arena *keep,
                        struct err *e)
{
    struct str text = {0};
    int64_t version = 0;
    TRY(take_whole(root, "protocol_version", 0, 1000, &version, e));
    if (version != 1)
        return FAIL(e, ERR_UNSUPPORTED, "%s: protocol_version %lld; podium reads 1", problem_file,
                    (long long)version);
    TRY(take_kind(root, "task_type", out, e));
    TRY(take_limits(root, out, e));
    TRY(take_text(root, "name", &out->title, keep, e));
    TRY(take_text(root, "code", &out->name, keep, e));
    const struct json *params = json_get(root, "task_type_params");
    if (!json_str(params, &text))
        return take_params(params, out, keep, e);
    CLEANUP(tps_json_free) struct json *inner = NULL;
    if (text.n == 0)
        return true;
    TRY(parse_object(text, "problem.json: task_type_params", &inner, e));
    return take_params(inner, out, keep, e);
}

static bool take_source(const struct json *root, struct tps_problem *out, struct arena *keep,
                        struct err *e)
{
    TRY(take_kind(root, "type", out, e));
    TRY(take_limits(root, out, e));
    TRY(take_text(root, "name", &out->name, keep, e));
    TRY(take_text(root, "title", &out->title, keep, e));
    TRY(take_text(root, "grader_name", &out->grader_name, keep, e));
    TRY(take_whole(root, "num_processes", 1, 100, &out->n_processes, e));
    TRY(take_switch(root, "has_checker", &out->has_checker, e));
    TRY(take_switch(root, "has_grader", &out->has_grader, e));
    TRY(take_switch(root, "has_manager", &out->has_manager, e));
    return take_params(json_get(root, "type_params"), out, keep, e);
}

/* The name becomes file names. */
static bool check_name(struct str name, const char *key, struct err *e)
{
    bool is_good = name.n > 0 && name.n <= 100;
    for (int64_t i = 0; i < name.n && is_good; i++) {
        char c = name.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        is_good = is_letter || (c >= '0' && c <= '9') || (i > 0 && (c == '-' || c == '.'));
    }
    return is_good || FAIL(e, ERR_INPUT, "%s: %s must be a short name of letters and digits",
                           problem_file, key);
}

bool tps_problem_parse(struct str text, struct tps_problem *out, struct arena *keep, struct err *e)
{
    CLEANUP(tps_json_free) struct json *root = NULL;
    struct tps_problem p = {.n_processes = 1, .score_precision = 2};
    TRY(parse_object(text, problem_file, &root, e));
    TRY(tps_check_keys(root, problem_file, keep, e));
    TRY(take_whole(root, "score_precision", 0, 9, &p.score_precision, e));
    p.is_export = json_get(root, "protocol_version") != NULL;
    TRY(p.is_export ? take_export(root, &p, keep, e) : take_source(root, &p, keep, e));
    TRY(check_name(p.name, p.is_export ? "code" : "name", e));
    *out = p;
    return true;
}

/* --- subtasks.json --- */

static const char subtasks_file[] = "subtasks.json";

static int by_index(const void *a, const void *b)
{
    const struct tps_subtask *x = a;
    const struct tps_subtask *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

static bool take_subtask(const struct json *j, struct tps_subtask *out, struct arena *keep,
                         struct err *e)
{
    out->name = arena_str(keep, json_key(j));
    if (out->name.n == 0)
        return FAIL(e, ERR_INPUT, "%s: a subtask without a name", subtasks_file);
    if (!json_i64(json_get(j, "index"), &out->index) || out->index < 0)
        return FAIL(e, ERR_INPUT, "%s: index of %.*s must be a whole number", subtasks_file,
                    STR_ARG(out->name));
    if (!json_f64(json_get(j, "score"), &out->score) || !(out->score >= 0) ||
        out->score > MAKER_POINTS_MAX)
        return FAIL(e, ERR_INPUT, "%s: score of %.*s must be a number between 0 and %d",
                    subtasks_file, STR_ARG(out->name), MAKER_POINTS_MAX);
    return true;
}

bool tps_subtasks_parse(struct str text, struct tps_subtask **out, int64_t *n, struct arena *keep,
                        struct err *e)
{
    CLEANUP(tps_json_free) struct json *root = NULL;
    TRY(parse_object(text, subtasks_file, &root, e));
    const struct json *all = json_get(root, "subtasks");
    if (json_kind(all) != JSON_OBJECT || json_first(all) == NULL)
        return FAIL(e, ERR_INPUT, "%s: subtasks must be an object with a member for each",
                    subtasks_file);
    TRY(tps_check_keys(all, subtasks_file, keep, e));
    int64_t n_all = json_count(all);
    struct tps_subtask *found = NEW(keep, struct tps_subtask, n_all);
    int64_t i = 0;
    for (const struct json *m = json_first(all); m != NULL; m = json_next(m))
        TRY(take_subtask(m, &found[i++], keep, e));
    qsort(found, (size_t)n_all, sizeof *found, by_index);
    for (i = 1; i < n_all; i++)
        if (found[i].index == found[i - 1].index)
            return FAIL(e, ERR_INPUT, "%s: %.*s and %.*s have one index", subtasks_file,
                        STR_ARG(found[i - 1].name), STR_ARG(found[i].name));
    *out = found;
    *n = n_all;
    return true;
}

/* --- solutions.json --- */

static const char solutions_file[] = "solutions.json";

/* The words of TPS in our outcomes. Its judge knows no verdict of its own for memory: both words
 * mean what it calls a runtime error. `failed` is everything but full marks. */
bool tps_verdict(struct str word, uint32_t *permitted)
{
    static const struct {
        const char *name;
        uint32_t mask;
    } known[] = {
        {"model_solution", OUTCOMES_AC},
        {"correct", OUTCOMES_AC},
        {"incorrect", OUTCOMES_WA},
        {"time_limit", OUTCOMES_TLE},
        {"memory_limit", OUTCOMES_RTE},
        {"runtime_error", OUTCOMES_RTE},
        {"failed", OUTCOMES_ALL & ~OUTCOMES_AC & ~OUTCOME_BIT(OUTCOME_SKIPPED)},
        {"time_limit_and_runtime_error", OUTCOMES_TLE | OUTCOMES_RTE},
        {"partially_correct", OUTCOME_BIT(OUTCOME_PC)},
        {"protocol_violation", OUTCOME_BIT(OUTCOME_PV)},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(word, str_of(known[i].name))) {
            *permitted = known[i].mask;
            return true;
        }
    return false;
}

static bool take_verdict(const struct json *j, struct str file, struct str *out, struct arena *keep,
                         struct err *e)
{
    struct str word = {0};
    uint32_t mask;
    if (!json_str(j, &word) || !tps_verdict(word, &mask))
        return FAIL(e, ERR_INPUT, "%s: %.*s: unknown verdict %.*s", solutions_file, STR_ARG(file),
                    STR_ARG(str_sub(word, 0, 40)));
    *out = arena_str(keep, word);
    return true;
}

static bool take_solution(const struct json *j, struct tps_solution *out, struct arena *keep,
                          struct err *e)
{
    out->file = arena_str(keep, json_key(j));
    const struct json *except = json_get(j, "except");
    TRY(take_verdict(json_get(j, "verdict"), out->file, &out->verdict, keep, e));
    if (except != NULL && json_kind(except) != JSON_OBJECT && json_kind(except) != JSON_NULL)
        return FAIL(e, ERR_INPUT, "%s: %.*s: except must be an object", solutions_file,
                    STR_ARG(out->file));
    TRY(tps_check_keys(except, solutions_file, keep, e));
    out->excepts = NEW(keep, struct tps_except, json_count(except));
    for (const struct json *m = json_first(except); m != NULL; m = json_next(m)) {
        struct tps_except *x = &out->excepts[out->n_excepts++];
        x->subtask = arena_str(keep, json_key(m));
        TRY(take_verdict(m, out->file, &x->verdict, keep, e));
    }
    return true;
}

bool tps_solutions_parse(struct str text, struct tps_solution **out, int64_t *n, struct arena *keep,
                         struct err *e)
{
    CLEANUP(tps_json_free) struct json *root = NULL;
    TRY(parse_object(text, solutions_file, &root, e));
    TRY(tps_check_keys(root, solutions_file, keep, e));
    struct tps_solution *all = NEW(keep, struct tps_solution, json_count(root));
    int64_t n_all = 0;
    for (const struct json *m = json_first(root); m != NULL; m = json_next(m))
        TRY(take_solution(m, &all[n_all++], keep, e));
    *out = all;
    *n = n_all;
    return true;
}
