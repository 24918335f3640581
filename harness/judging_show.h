/* What a judged submission looks like: for people, and as the JSON that other programs read. */
#pragma once
#include "base/json.h"
#include "harness/judging.h"

const char *judging_kind_name(enum task_kind kind); /* "batch", "interactive", ... */

/* Lines below a submission's row: its subtasks when it has some, the compiler's words on CE, and
 * the tests when asked. */
void judging_show_details(const struct judging_job *j, bool with_tests);

/* Members of an open object: verdict, score, subtasks, tests, and how it was judged. `a` (may be
 * NULL) gives what the package expects of each subtask. */
void judging_put_result(struct json_out *w, const struct judging_job *j,
                        const struct task_submission *a);

/* One line on the machine, and one more when it is not fit. */
void judging_show_machine(const struct judging_machine *m);

/* A member "machine" of an open object. */
void judging_put_machine(struct json_out *w, const struct judging_machine *m);

/* Members that say why it could not be judged. */
void judging_put_trouble(struct json_out *w, const struct judging_job *j);

/* A task whose tests are there. Otherwise ERR_INPUT says what to do. */
MUST_CHECK bool judging_is_ready(const struct task *t, struct err *e);

/* Nothing at all could be judged: says so on standard error, and that is exit code 3 when the
 * package is to blame. Returns what a command returns. */
MUST_CHECK bool judging_give_up(int *rc, struct err *e);

/* tps: makes the missing tests with the package's own generators and model solution, in the box,
 * and writes them beside it. */
MUST_CHECK bool judging_generate(const struct task *t, struct arena tmp, struct err *e);
