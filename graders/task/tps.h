/* IOI tasks: the source layout of TPS (problem.json with a type), and its export to CMS
 * (problem.json with a protocol_version). They share graders, checkers and the words of verdicts.
 *
 * tps_script.c reads gen/data, tps_json.c the settings, tps.c puts a task together. Tests come from
 * tests/ when it holds any, with tests/mapping; else the script's lines become recipes and the task
 * has can_generate.
 *
 * Graders are the judge's: what stands between BEGIN SECRET and END SECRET is cut for contestants
 * only, and stays here.
 *
 * Verdicts of solutions.json bind every subtask, the samples too: `except` where it names the
 * subtask, else the default. */
#pragma once
#include "base/json.h"
#include "graders/task/maker.h"

/* --- gen/data --- */

struct script_test {
    struct str name; /* "2-03", "ABC-01" */
    int64_t line;
    const struct str *words; /* the command and its arguments */
    int64_t n_words;
};

/* A @subtask or @testset with the tests it holds, included ones too, each once, by name. */
struct script_set {
    struct str name;
    int64_t line;
    bool is_subtask;
    int64_t *tests;
    int64_t n_tests;
};

struct script {
    struct script_test *tests;
    int64_t n_tests;
    struct script_set *sets;
    int64_t n_sets;
};

/* `is_output_only`: tests are numbered through. Failures name gen/data and the line. */
MUST_CHECK bool tps_script_parse(struct str text, bool is_output_only, struct script *out,
                                 struct arena *keep, struct err *e);

/* --- settings --- */

enum tps_switch { SWITCH_DEFAULT, SWITCH_NO, SWITCH_YES };

struct tps_problem {
    struct str name;
    struct str title;
    enum task_kind kind;
    int64_t time_ms;
    int64_t memory_kib;
    int64_t n_processes;
    int64_t score_precision;
    struct str grader_name; /* empty: by kind */
    enum tps_switch has_checker, has_grader, has_manager;
    bool is_fifo_io;
    /* CMS export only */
    bool is_export;
    bool is_alone; /* compiled without grader */
    struct str input_file;
    struct str output_file;
};
MUST_CHECK bool tps_problem_parse(struct str text, struct tps_problem *out, struct arena *keep,
                                  struct err *e);

struct tps_subtask {
    struct str name;
    int64_t index;
    double score;
};
MUST_CHECK bool tps_subtasks_parse(struct str text, struct tps_subtask **out, int64_t *n,
                                   struct arena *keep, struct err *e);

struct tps_except {
    struct str subtask;
    struct str verdict;
};
struct tps_solution {
    struct str file;
    struct str verdict;
    struct tps_except *excepts;
    int64_t n_excepts;
};
MUST_CHECK bool tps_solutions_parse(struct str text, struct tps_solution **out, int64_t *n,
                                    struct arena *keep, struct err *e);

/* The outcomes that a verdict's word permits; false: no such word. */
bool tps_verdict(struct str word, uint32_t *permitted);

/* For other files of the same kind. */
void tps_json_free(struct json **j);
MUST_CHECK bool tps_check_keys(const struct json *object, const char *what, struct arena *keep,
                               struct err *e); /* none twice */

/* --- parts that the CMS export has too --- */

/* Folders of `folder` named after languages ("cpp", "py"), as what is compiled with submissions. */
MUST_CHECK bool tps_graders(struct maker *m, const char *folder, struct err *e);

/* checker/checker.*, and which testlib it was written for. */
MUST_CHECK bool tps_checker(struct maker *m, const char *folder, struct err *e);

/* A program that includes testlib.h needs one beside it. */
MUST_CHECK bool tps_need_testlib(const struct task_program *g, struct err *e);

/* True when a stub opens files that its arguments name. */
bool tps_opens_arguments(const struct maker *m);

/* A single source is judged under the task's name: headers and main classes rely on it. */
void tps_rename_source(struct maker *m, struct task_submission *s);

/* tests/NAME.in and .out into a new test. `needs_answer`: absence of the answer is a failure. */
MUST_CHECK bool tps_test(struct maker *m, struct str name, bool needs_answer, struct err *e);

/* Every tests/NAME.in, in byte order of names; an answer without input is ERR_INPUT. */
MUST_CHECK bool tps_all_tests(struct maker *m, bool needs_answer, struct err *e);

/* Among those: -1, no such test. */
int64_t tps_find_test(const struct maker *m, struct str name);

MUST_CHECK bool tps_read(struct package *p, struct task *out, struct err *e);

/* cms.c: the export, once problem.json said it is one. */
MUST_CHECK bool cms_read(struct maker *m, const struct tps_problem *problem, struct err *e);
