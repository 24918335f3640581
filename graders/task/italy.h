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
    /* a score_type may name its tests instead of counting them, and then n_tests is 0 */
    struct str pattern;      /* a regular expression that their names begin with */
    const struct yaml *list; /* of names */
};
struct italy_gen {
    struct italy_subtask *subtasks; /* none: every test is worth the same */
    int64_t n_subtasks;
    int64_t n_tests;
};
MUST_CHECK bool italy_gen_parse(struct str text, struct italy_gen *out, struct arena *keep,
                                struct err *e);

/* The tests of a subtask into *out: by pattern or by name, or else the next of *i_next. */
MUST_CHECK bool italy_members(struct maker *m, const struct italy_subtask *s, int64_t *i_next,
                              struct members *out, struct err *e);

MUST_CHECK bool italy_read(struct package *p, struct task *out, struct err *e);
