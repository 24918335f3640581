#include <stdio.h>

#include "base/limits.h"
#include "graders/task/italy.h"
#include "graders/task/tps.h"
#include "tests/support/package_make.h"
#include "tests/support/support.h"

static struct task t;
static struct err e;

static void source(void)
{
    (void)package_make("walls");
    package_put("problem.json", "{\"name\": \"walls\", \"title\": \"Walls\", \"type\": \"Batch\", "
                                "\"time_limit\": 1.5, \"memory_limit\": 512, "
                                "\"has_checker\": false}");
    package_put("subtasks.json", "{\"subtasks\": {"
                                 "\"full\": {\"index\": 2, \"score\": 70, \"validators\": []}, "
                                 "\"samples\": {\"index\": 0, \"score\": 0}, "
                                 "\"2^n\": {\"index\": 1, \"score\": 30}}}");
    package_put("solutions.json", "{\"model.cpp\": {\"verdict\": \"model_solution\"}, "
                                  "\"greedy.py\": {\"verdict\": \"incorrect\", \"except\": "
                                  "{\"samples\": \"correct\", \"2^n\": \"time_limit\"}}}");
    package_put("solution/model.cpp", "int f();\n");
    package_put("solution/greedy.py", "pass\n");
    package_put("grader/cpp/grader.cpp", "int main() {}\n");
    package_put("grader/cpp/walls.h", "int f();\n");
    package_put("grader/pas/grader.pas", "");
    package_put("gen/data",
                "# generators\n@testset small\ngencode 1 2\n\n@subtask samples\n"
                "manual sample-1.in\n\n@subtask 2^n\n@include small\ngencode 3\n"
                "@subtask full\n@include 2^n samples small\ngencode \"a b\" 'c' d\\ e\n");
    package_put("gen/gencode.cpp", "int main() {}\n");
    package_put("gen/manual/sample-1.in", "1\n");
}

static void put_test(const char *name)
{
    char rel[200];
    (void)snprintf(rel, sizeof rel, "tests/%s.in", name);
    package_put(rel, "1\n");
    (void)snprintf(rel, sizeof rel, "tests/%s.out", name);
    package_put(rel, "1\n");
}

static void with_tests(void)
{
    source();
    put_test("0-01");
    put_test("1-01");
    put_test("2-01");
    put_test("small-01");
    package_put("tests/mapping", "samples 0-01\n2^n 1-01\n2^n small-01\nfull 0-01\nfull 1-01\n"
                                 "full 2-01\nfull small-01\nfull small-01\n");
    package_put("tests/gen_summary", "");
}

static void communication(void)
{
    source();
    package_put("problem.json", "{\"name\": \"walls\", \"type\": \"Communication\", "
                                "\"time_limit\": 1, \"memory_limit\": 512, \"num_processes\": 2}");
    package_put("grader/manager.cpp", "int main() {}\n");
}

Test(task_tps, a_task_with_tests_is_read_by_its_mapping)
{
    with_tests();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_eq(t.format, STR("tps")));
    cr_assert(str_eq(t.name, STR("walls")));
    cr_assert_eq(t.kind, TASK_BATCH);
    cr_assert_eq(t.time_ms, 1500);
    cr_assert_eq(t.memory_kib, 512 * 1024);
    cr_assert(!t.can_generate);
    cr_assert_eq(t.n_tests, 4);
    cr_assert_eq(t.n_groups, 4);
    cr_assert(str_eq(t.groups[1].name, STR("samples"))); /* by index */
    const struct task_group *full = package_group(&t, "full");
    cr_assert(full->n_members == 4 && full->points == 70 && full->score == GROUP_MIN);
    cr_assert(full->is_subtask && full->verdict == GROUP_FIRST_ERROR);
    cr_assert(package_test(&t, "0-01")->is_sample && !package_test(&t, "2-01")->is_sample);
    cr_assert_eq(package_test(&t, "2-01")->compare.mode, COMPARE_WHITE);
    cr_assert_eq(t.full_score, 100);
    cr_assert_eq(t.n_graders, 1);
    cr_assert_eq(t.graders[0].n_files, 2);
    cr_assert(str_eq(t.entry, STR("grader")));
    cr_assert(package_notes(&t, "grader/pas"));
    cr_assert(!package_notes(&t, "add up"));
}

Test(task_tps, verdicts_bind_every_subtask_with_its_exception)
{
    with_tests();
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_submission *s = package_submission(&t, "greedy.py");
    cr_assert_eq(s->n_expects, 3);
    cr_assert(s->expects[0].permitted == OUTCOMES_AC && s->expects[0].i_group == 1);
    cr_assert(s->expects[1].permitted == OUTCOMES_TLE && s->expects[1].i_group == 2);
    cr_assert(s->expects[2].permitted == OUTCOMES_WA && s->expects[2].i_group == 3);
    cr_assert(str_eq(s->files[0].name, STR("walls.py"))); /* graders include it by that name */
    cr_assert(str_eq(s->name, STR("solution/greedy.py")));
    cr_assert(str_eq(t.submissions[t.i_model].name, STR("solution/model.cpp")));
}

Test(task_tps, every_word_of_a_verdict_is_known)
{
    static const struct {
        const char *word;
        uint32_t yes;
        uint32_t no;
    } words[] = {
        {"correct", OUTCOMES_AC, OUTCOME_BIT(OUTCOME_PC)},
        {"model_solution", OUTCOMES_AC, OUTCOME_BIT(OUTCOME_PC)},
        {"time_limit", OUTCOMES_TLE, OUTCOME_BIT(OUTCOME_RE)},
        {"memory_limit", OUTCOME_BIT(OUTCOME_RE) | OUTCOMES_MLE, OUTCOMES_TLE},
        {"runtime_error", OUTCOME_BIT(OUTCOME_RE) | OUTCOMES_MLE, OUTCOMES_TLE},
        {"incorrect", OUTCOMES_WA, OUTCOME_BIT(OUTCOME_PV)},
        {"protocol_violation", OUTCOME_BIT(OUTCOME_PV), OUTCOMES_WA},
        {"failed", OUTCOMES_WA | OUTCOMES_TLE | OUTCOME_BIT(OUTCOME_PC), OUTCOMES_AC},
        {"partially_correct", OUTCOME_BIT(OUTCOME_PC), OUTCOMES_AC | OUTCOMES_WA},
        {"time_limit_and_runtime_error", OUTCOMES_TLE | OUTCOME_BIT(OUTCOME_RE), OUTCOMES_WA},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        uint32_t mask = 0;
        cr_assert(tps_verdict(str_of(words[i].word), &mask));
        cr_assert((mask & words[i].yes) == words[i].yes && (mask & words[i].no) == 0, "%s",
                  words[i].word);
    }
    uint32_t mask;
    cr_assert(!tps_verdict(STR("wrong"), &mask));
}

Test(task_tps, without_tests_there_are_recipes)
{
    source();
    package_put("gen/input.header", "secret\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.can_generate);
    cr_assert_eq(t.n_tests, 4);
    cr_assert_eq(t.n_recipes, 4);
    cr_assert(str_eq(t.tests[0].name, STR("small-01")));
    cr_assert(str_eq(t.tests[1].name, STR("0-01")));
    cr_assert(str_eq(t.tests[3].name, STR("2-01")));
    cr_assert(t.tests[0].input == NULL && t.tests[0].answer == NULL);
    cr_assert(str_ends(str_of(t.recipes[1].manual), STR("gen/manual/sample-1.in")));
    cr_assert_eq(t.n_generators, 1);
    cr_assert_eq(t.recipes[0].n_args, 2);
    const struct task_recipe *last = &t.recipes[3];
    cr_assert_eq(last->n_args, 3);
    cr_assert(str_eq(last->args[0], STR("a b")));
    cr_assert(str_eq(last->args[2], STR("d e")));
    cr_assert(str_eq(t.input_header, STR("secret\n")));
    const struct task_group *full = package_group(&t, "full");
    cr_assert_eq(full->n_members, 4); /* small is included twice, and counts once */
    cr_assert(str_eq(t.tests[full->members[0].i].name, STR("0-01"))); /* by name */
}

Test(task_tps, a_script_is_read_line_by_line)
{
    static const struct {
        const char *text;
        const char *part;
    } bad[] = {
        {"gencode 1\n", "gen/data:1: a test before the first"},
        {"@include a\n", "gen/data:1: before the first"},
        {"@subtask a\n@include b\n@subtask b\n", "gen/data:2: no set of this name above"},
        {"@subtask a\n@include a\n", "gen/data:2: a set includes itself"},
        {"@subtask a\n@testset a\n", "gen/data:2: there is a set of this name"},
        {"@subtask\n", "gen/data:1: one name must follow"},
        {"@subtask a b\n", "gen/data:1: one name must follow"},
        {"@require x\n", "gen/data:1: unknown command @require"},
        {"@subtask a\ngen $(reboot)\n", "gen/data:2: only plain words"},
        {"@subtask a\ngen 'x\n", "gen/data:2: a quote that is not closed"},
        {"@subtask a\ngen 1 > x\n", "gen/data:2: only plain words"},
    };
    struct arena keep = {0};
    struct script s;
    arena_init(&keep, "test", LIMIT_GIB);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cr_assert(!tps_script_parse(str_of(bad[i].text), false, &s, &keep, &e), "%s", bad[i].text);
        cr_assert(strstr(e.text, bad[i].part) != NULL, "%s: %s", bad[i].part, e.text);
    }
    cr_assert(tps_script_parse(STR("@subtask a\r\nx 1\r\n@subtask b\nx 2\n"), true, &s, &keep, &e));
    cr_assert(str_eq(s.tests[1].name, STR("02"))); /* output only: numbered through */
    cr_assert(str_eq(s.tests[0].words[1], STR("1")));
}

Test(task_tps, what_a_script_names_must_be_there)
{
    source();
    package_put("gen/data", "@subtask samples\nmanual ../../problem.json\n");
    package_is_refused("gen/data:2: gen/manual/../../problem.json: not a name inside");
    package_put("gen/data", "@subtask samples\nmanual gone.in\n");
    package_is_refused("gen/data:2: gen/manual/gone.in: missing");
    package_put("gen/data", "@subtask samples\nother 1\n");
    package_is_refused("gen/data:2: there is no generator gen/other.cpp");
    package_put("gen/data", "@subtask samples\nmanual\n");
    package_is_refused("gen/data:2: one file must follow manual");
    package_put("gen/data", "@subtask other\nmanual sample-1.in\n");
    package_is_refused("gen/data:1: subtasks.json has no subtask other");
    package_put("gen/data", "@subtask samples\nmanual sample-1.in\n");
    package_is_refused("group 2^n: no test in it");
    package_put("gen/data",
                "@testset lonely\ngencode 1\n@subtask samples\ngencode 2\n@subtask 2^n\n"
                "gencode 2\n@subtask full\ngencode 4\n");
    package_is_refused("test lonely-01: in no group");
    package_drop("gen/data");
    package_is_refused("gen/data: missing, and there are no tests");
    package_put("gen/data.py", "");
    package_is_refused("gen/data: missing; run gen/data.py");
    source();
    package_put("gen/data", "@testset 0\ngencode 1\n@subtask samples\n@include 0\ngencode 2\n"
                            "@subtask 2^n\ngencode 2\n@subtask full\ngencode 4\n");
    package_is_refused("two tests are called 0-01");
    source();
    package_put("gen/gencode.cpp", "#include \"testlib.h\"\nint main() {}\n");
    package_is_refused("includes testlib.h");
    package_put("gen/testlib.h", "");
    ASSERT_OK(package_reads(&t, &e), e);
    package_put("gen/gencode.py", "");
    package_is_refused("gen/gencode.cpp and gen/gencode.py; leave one");
}

Test(task_tps, a_mapping_that_does_not_fit_is_refused)
{
    with_tests();
    package_put("tests/mapping", "samples 0-01\nother 1-01\n");
    package_is_refused("tests/mapping:2: subtasks.json has no subtask other");
    package_put("tests/mapping", "samples 0-01\nsamples 9-01\n");
    package_is_refused("tests/mapping:2: there is no tests/9-01.in");
    package_put("tests/mapping", "samples\n");
    package_is_refused("tests/mapping:1: must be a subtask and a test");
    with_tests();
    put_test("7-01");
    package_is_refused("test 7-01: in no group");
    with_tests();
    package_drop("tests/1-01.out");
    package_is_refused("tests/1-01.out: missing");
    with_tests();
    package_drop("tests/1-01.in");
    package_is_refused("tests/1-01.out: there is no .in beside it");
    with_tests();
    package_drop("tests/mapping"); /* then gen/data says it */
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(!t.can_generate);
    cr_assert_eq(package_group(&t, "2^n")->n_members, 2);
    put_test("7-01");
    package_is_refused("test 7-01: in no group");
}

Test(task_tps, settings_out_of_bounds_are_refused)
{
    static const struct {
        const char *file;
        const char *text;
        const char *part;
    } bad[] = {
        {"problem.json", "{", "problem.json: not valid JSON"},
        {"problem.json", "[]", "problem.json: must be an object"},
        {"problem.json",
         "{\"name\": \"a\", \"type\": \"Batch\", \"time_limit\": 1e300, \"memory_limit\": 1}",
         "time_limit must be"},
        {"problem.json",
         "{\"name\": \"a\", \"type\": \"Batch\", \"time_limit\": -1, \"memory_limit\": 1}",
         "time_limit must be"},
        {"problem.json",
         "{\"name\": \"a\", \"type\": \"Batch\", \"time_limit\": 1, \"memory_limit\": -1}",
         "memory_limit must be"},
        {"problem.json", "{\"name\": \"a\", \"type\": \"Batch\", \"time_limit\": 1}",
         "memory_limit is missing"},
        {"problem.json",
         "{\"name\": \"../a\", \"type\": \"Batch\", \"time_limit\": 1, \"memory_limit\": 1}",
         "name must be a short name"},
        {"problem.json",
         "{\"name\": \"a\", \"type\": \"Guess\", \"time_limit\": 1, \"memory_limit\": 1}",
         "type Guess"},
        {"problem.json", "{\"name\": \"a\", \"name\": \"b\"}", "name is there twice"},
        {"subtasks.json", "{\"subtasks\": {}}", "subtasks must be an object"},
        {"subtasks.json", "{\"subtasks\": {\"a\": {\"index\": 0, \"score\": -1}}}", "score of a"},
        {"subtasks.json", "{\"subtasks\": {\"a\": {\"score\": 1}}}", "index of a"},
        {"subtasks.json",
         "{\"subtasks\": {\"a\": {\"index\": 0, \"score\": 1}, \"b\": {\"index\": 0, \"score\": "
         "1}}}",
         "have one index"},
        {"subtasks.json",
         "{\"subtasks\": {\"a\": {\"index\": 0, \"score\": 1}, \"a\": {\"index\": 1, \"score\": "
         "1}}}",
         "a is there twice"},
        {"solutions.json", "{\"model.cpp\": {\"verdict\": \"good\"}}", "unknown verdict good"},
        {"solutions.json", "{\"model.cpp\": {}}", "unknown verdict"},
        {"solutions.json", "{\"gone.cpp\": {\"verdict\": \"correct\"}}",
         "solution/gone.cpp: missing"},
        {"solutions.json", "{\"../x\": {\"verdict\": \"correct\"}}", "not a name inside"},
        {"solutions.json",
         "{\"model.cpp\": {\"verdict\": \"correct\", \"except\": {\"x\": \"correct\"}}}",
         "no subtask x"},
        {"solutions.json",
         "{\"model.cpp\": {\"verdict\": \"model_solution\"}, \"greedy.py\": {\"verdict\": "
         "\"model_solution\"}}",
         "second model_solution"},
        {"solutions.json", "{\"model.cpp\": {\"verdict\": \"correct\"}}", "no model_solution"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        source();
        package_put(bad[i].file, bad[i].text);
        package_is_refused(bad[i].part);
    }
    source();
    package_drop("subtasks.json");
    package_is_refused("subtasks.json: missing");
}

Test(task_tps, points_that_do_not_add_up_are_noted)
{
    source();
    package_put("subtasks.json", "{\"subtasks\": {\"samples\": {\"index\": 0, \"score\": 0}, "
                                 "\"2^n\": {\"index\": 1, \"score\": 30}, "
                                 "\"full\": {\"index\": 2, \"score\": 60}}}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(package_notes(&t, "add up to 90"));
    cr_assert_eq(t.full_score, 90);
}

Test(task_tps, a_checker_tells_its_testlib)
{
    source();
    package_put("problem.json", "{\"name\": \"walls\", \"type\": \"Batch\", \"time_limit\": 1, "
                                "\"memory_limit\": 256}");
    package_is_refused("checker/checker.cpp: missing");
    package_put("checker/checker.cpp", "#include \"testlib.h\"\nint main() {}\n");
    package_is_refused("checker/checker.cpp: includes testlib.h");
    package_put("checker/testlib.h", "quit(_ok, \"Output is correct\")");
    package_put("checker/old_checker.cpp", "int main() {}\n"); /* another program: not taken */
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.protocol, CHECKER_CMS);
    cr_assert_eq(t.checker.n_files, 2);
    package_put("checker/testlib.h", "registerTestlibCmd");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.protocol, CHECKER_TESTLIB);
}

Test(task_tps, communication_needs_a_manager_and_may_have_a_checker)
{
    communication();
    package_drop("grader/manager.cpp");
    package_is_refused("grader/manager.cpp: missing");
    communication();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_COMMUNICATION);
    cr_assert_eq(t.n_processes, 2);
    cr_assert_eq(t.manager.n_files, 1);
    cr_assert_eq(t.protocol, CHECKER_NONE);
    cr_assert(!t.manager_then_checker && !t.is_fifo_io);
    cr_assert(str_eq(t.entry, STR("stub")));
    package_put("grader/cpp/stub.cpp", "FILE *f = fopen(argv[1], \"r\");\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.is_fifo_io);
    package_put("problem.json", "{\"name\": \"walls\", \"type\": \"Communication\", "
                                "\"time_limit\": 1, \"memory_limit\": 512, \"has_checker\": true}");
    package_put("checker/checker.cpp", "int main() {}\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.manager_then_checker);
    cr_assert_eq(t.protocol, CHECKER_CMS);
}

Test(task_tps, answers_of_a_manager_may_be_missing)
{
    communication();
    package_put("tests/0-01.in", "");
    package_put("tests/1-01.in", "");
    package_put("tests/2-01.in", "");
    package_put("tests/mapping", "samples 0-01\n2^n 1-01\nfull 2-01\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.tests[0].answer == NULL && t.tests[0].input != NULL);
}

Test(task_tps, output_only_submissions_are_folders_of_outputs)
{
    source();
    package_put("problem.json", "{\"name\": \"walls\", \"type\": \"OutputOnly\", "
                                "\"has_checker\": false}");
    package_put("solution/best/output_01.txt", "1");
    package_put("solutions.json", "{\"best\": {\"verdict\": \"model_solution\"}}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_OUTPUT_ONLY);
    const struct task_submission *s = package_submission(&t, "best");
    cr_assert(s->why_not.n == 0 && !s->has_language && s->n_files == 1);
    cr_assert_eq(t.n_graders, 0);
}

/* --- the export to CMS --- */

static void exported(void)
{
    (void)package_make("export");
    package_put("problem.json",
                "{\"protocol_version\": 1, \"code\": \"walls\", \"name\": \"Walls\", "
                "\"time_limit\": 2, \"memory_limit\": 536870912, \"score_precision\": 1, "
                "\"task_type\": \"Batch\", \"task_type_params\": "
                "\"{\\\"task_type_parameters_Batch_compilation\\\": \\\"grader\\\"}\"}");
    put_test("1-1");
    put_test("1-10");
    package_put("subtasks/00-samples.json", "{\"score\": 0, \"testcases\": [\"1-1\"]}");
    package_put("subtasks/01-all.json", "{\"score\": 100, \"testcases\": [\"1-1\", \"1-10\"]}");
    package_put("graders/grader.cpp", "int main() {}\n");
    package_put("graders/walls.h", "");
    package_put("solutions/correct/a.cpp", "");
    package_put("solutions/time_limit/b.cpp", "");
    package_put("solutions/partially_correct/c.cpp", "");
    package_put("solutions/odd/d.cpp", "");
}

Test(task_cms, an_export_is_read_by_whole_names)
{
    exported();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_eq(t.format, STR("cms")));
    cr_assert(str_eq(t.name, STR("walls")) && str_eq(t.title, STR("Walls")));
    cr_assert_eq(t.memory_kib, 512 * 1024);                   /* bytes in the file */
    cr_assert_eq(package_group(&t, "samples")->n_members, 1); /* "1-1" is not "1-10" */
    cr_assert_eq(package_group(&t, "all")->n_members, 2);
    cr_assert_eq(package_group(&t, "all")->verdict, GROUP_FIRST_ERROR);
    cr_assert_eq(t.n_graders, 1);
    cr_assert_eq(t.graders[0].n_files, 2);
    cr_assert_eq(package_submission(&t, "a.cpp")->expects[0].permitted, OUTCOMES_AC);
    const struct expectation *tle = package_submission(&t, "b.cpp")->expects;
    cr_assert(tle->is_per_test && tle->required == OUTCOMES_TLE && tle->permitted == OUTCOMES_ALL);
    cr_assert(package_submission(&t, "c.cpp")->expects[0].is_score_strict);
    cr_assert_eq(package_submission(&t, "d.cpp")->n_expects, 0);
}

Test(task_cms, without_subtasks_tests_are_worth_the_same)
{
    exported();
    package_drop("subtasks");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.n_groups == 1 && t.groups[0].score == GROUP_AVG && t.groups[0].points == 100);
    cr_assert_eq(t.full_score, 100);
}

Test(task_cms, a_wrong_export_is_refused)
{
    exported();
    package_put("subtasks/01-all.json", "{\"score\": 100, \"testcases\": [\"1-2\"]}");
    package_is_refused("subtasks/01-all.json: there is no tests/1-2.in");
    package_put("subtasks/01-all.json", "{\"score\": 1e9, \"testcases\": []}");
    package_is_refused("subtasks/01-all.json: score must be");
    package_put("subtasks/01-all.json", "{\"score\": 100, \"testcases\": []}");
    package_is_refused("group all: no test in it");
    package_put("subtasks/01-all.json", "{\"score\": 100}");
    package_is_refused("testcases must be a list");
    package_put("problem.json", "{\"protocol_version\": 2}");
    package_is_refused("protocol_version 2");
    exported();
    package_put("problem.json",
                "{\"protocol_version\": 1, \"code\": \"a\", \"task_type\": \"Batch\", "
                "\"time_limit\": 1, \"memory_limit\": 512}");
    package_is_refused("memory_limit must be"); /* MiB where bytes belong */
}

Test(task_cms, a_communication_export_calls_graders_stubs)
{
    exported();
    package_put("problem.json",
                "{\"protocol_version\": 1, \"code\": \"walls\", \"time_limit\": 2, "
                "\"memory_limit\": 536870912, \"task_type\": \"Communication\", "
                "\"task_type_params\": "
                "\"{\\\"task_type_parameters_Communication_num_processes\\\": 2}\"}");
    package_is_refused("graders/manager.cpp: missing");
    package_put("graders/manager.cpp", "#include \"testlib.h\"\nint main() {}\n");
    package_is_refused("includes testlib.h");
    package_put("graders/testlib.h", "");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.n_processes, 2);
    cr_assert(str_eq(t.entry, STR("stub")));
    cr_assert_eq(t.graders[0].n_files, 2); /* neither manager nor testlib.h */
    cr_assert(str_eq(t.graders[0].files[0].name, STR("stub.cpp")));
}

/* --- italy_yaml --- */

static void italy(void)
{
    (void)package_make("italy");
    package_put("task.yaml", "name: muri\ntitle: Muri\ntime_limit: 1.0\nmemory_limit: 256\n"
                             "n_input: 3\n");
    package_put("gen/GEN", "# comment\n#ST: 0\n#COPY: ex.txt\n#ST: 100\n1 2 # big\n3 4\n");
    for (int i = 0; i < 3; i++) {
        char rel[40];
        (void)snprintf(rel, sizeof rel, "input/input%d.txt", i);
        package_put(rel, "1\n");
        (void)snprintf(rel, sizeof rel, "output/output%d.txt", i);
        package_put(rel, "1\n");
    }
    package_put("sol/solution.cpp", "int main() {}\n");
    package_put("sol/slow.py", "");
}

Test(task_italy, gen_says_the_subtasks)
{
    italy();
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(str_eq(t.format, STR("italy_yaml")));
    cr_assert_eq(t.n_tests, 3);
    cr_assert(str_eq(t.tests[2].name, STR("002")));
    cr_assert(t.tests[0].is_sample && !t.tests[1].is_sample);
    cr_assert_eq(package_group(&t, "1")->n_members, 2);
    cr_assert_eq(package_group(&t, "1")->points, 100);
    cr_assert_eq(package_group(&t, "1")->verdict, GROUP_FIRST_ERROR);
    cr_assert(str_eq(t.input_file, STR("input.txt")));
    cr_assert_eq(package_submission(&t, "solution.cpp")->n_expects, 1);
    cr_assert_eq(package_submission(&t, "slow.py")->n_expects, 0);
    package_put("task.yaml", "name: muri\ntitle: Muri\ntime_limit: 1.0\nmemory_limit: 256\n"
                             "infile: ''\noutfile:\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.input_file.n == 0 && t.output_file.n == 0);
}

Test(task_italy, what_does_not_fit_is_refused)
{
    italy();
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nn_input: 4\n");
    package_is_refused("n_input is 4, but gen/GEN has 3 tests");
    italy();
    package_drop("output/output1.txt");
    package_is_refused("output/output1.txt: missing");
    italy();
    package_put("gen/GEN", "1\n#ST: 10\n2\n");
    package_is_refused("gen/GEN:2: tests before the first #ST:");
    package_put("gen/GEN", "#ST: many\n2\n");
    package_is_refused("gen/GEN:1: #ST: must be followed by points");
    package_put("gen/GEN", "#ST: 5\n1 2 #COPY: x\n");
    package_is_refused("gen/GEN:2: a test and #COPY");
    package_put("gen/GEN", "#ST: 5\n#ST: 5\n1\n2\n3\n");
    package_is_refused("group 0: no test in it");
    italy();
    package_put("task.yaml",
                "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMul\n");
    package_is_refused("task.yaml:4:13: score_type_parameters are missing");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: Best\n");
    package_is_refused("score_type must be Sum");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[100, '1']]\n");
    package_is_refused("no test's name begins with \"1\"");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[100, '(00']]\n");
    package_is_refused("task.yaml: pattern of a subtask");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[100, 000]]\n");
    package_is_refused("are a count, a pattern or a list of names");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[50, 1], [50, '00']]\n");
    package_is_refused("count their tests, or all of them name them");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[50, ['000', '003']]]\n");
    package_is_refused("there is no such test");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[50, ['000', '000']]]\n");
    package_is_refused("named twice");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[100, '00[01]']]\n");
    package_is_refused("test 002: in no group");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[100, 2]]\n");
    package_is_refused("the subtasks have 2 tests, but there are 3");
    package_put("task.yaml", "name: a/b\ntime_limit: 1\nmemory_limit: 256\n");
    package_is_refused("name must be");
    package_put("task.yaml", "name: a\ntime_limit: .inf\nmemory_limit: 256\n");
    package_is_refused("task.yaml:2:13: time_limit");
    italy();
    package_put("check/checker", "\x7f"
                                 "ELF");
    package_is_refused("check/checker: there without its source");
    package_put("check/checker.cpp", "int main() {}");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.protocol, CHECKER_CMS);
}

Test(task_italy, a_score_type_replaces_gen)
{
    italy();
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\n"
                             "score_type: GroupThreshold\n"
                             "score_type_parameters: [[30, 1, 5.5], [70, 2, 9]]\n");
    ASSERT_OK(package_reads(&t, &e), e);
    const struct task_group *one = package_group(&t, "1");
    cr_assert(one->score == GROUP_THRESHOLD && one->threshold == 9 && one->points == 70);
    cr_assert(one->n_members == 2 && t.full_score == 100);
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\n"
                             "score_type: Sum\nscore_type_parameters: 20\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(t.n_groups == 1 && t.groups[0].score == GROUP_SUM && t.groups[0].points == 20);
    cr_assert_eq(t.full_score, 60);
}

Test(task_italy, a_subtask_may_name_its_tests)
{
    italy();
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[0, '0*0$'], [40, '00[01]'], [60, 0]]\n");
    package_is_refused("must have a test");
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMin\n"
                             "score_type_parameters: [[0, '0*0$'], [40, '00[01]'], [60, '0']]\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(package_group(&t, "0")->n_members, 1);
    cr_assert_eq(package_group(&t, "1")->n_members, 2);
    cr_assert_eq(package_group(&t, "2")->n_members, 3); /* a beginning is enough */
    cr_assert(t.tests[0].is_sample && !t.tests[1].is_sample);
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nscore_type: GroupMul\n"
                             "score_type_parameters: [[40, ['002', '000']], [60, ['001']]]\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(package_group(&t, "0")->members[0].i, 2);
    cr_assert_eq(package_group(&t, "1")->members[0].i, 1);
}

Test(task_italy, a_manager_makes_it_communication)
{
    italy();
    package_put("check/manager.cpp", "int main() {}");
    package_put("sol/stub.cpp", "");
    package_put("sol/muri.h", "");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert_eq(t.kind, TASK_COMMUNICATION);
    cr_assert(t.is_fifo_io && str_eq(t.entry, STR("stub")));
    cr_assert_eq(t.graders[0].n_files, 2);
    package_put("task.yaml", "name: muri\ntime_limit: 1\nmemory_limit: 256\nuser_io: std_io\n");
    ASSERT_OK(package_reads(&t, &e), e);
    cr_assert(!t.is_fifo_io);
}
