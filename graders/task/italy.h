/* CMS's italy_yaml: task.yaml, gen/GEN, input/input%d.txt, output/output%d.txt, sol/, and check/ or
 * cor/. Programs are read as sources; a checker that is there only built is refused, since podium
 * runs nothing that it did not compile. Tests are called 000, 001, ..., as CMS does. */
#pragma once
#include "graders/task/maker.h"

/* gen/GEN: "#ST: points" begins a subtask; "#COPY: file" and any other line but comments is a test.
 */
struct italy_subtask {
    double points;
    int64_t n_tests;
    double threshold; /* of a score_type that has one; never in gen/GEN */
};
struct italy_gen {
    struct italy_subtask *subtasks; /* none: every test is worth the same */
    int64_t n_subtasks;
    int64_t n_tests;
};
MUST_CHECK bool italy_gen_parse(struct str text, struct italy_gen *out, struct arena *keep,
                                struct err *e);

MUST_CHECK bool italy_read(struct package *p, struct task *out, struct err *e);
