/* One run of a prepared submission on one test: what evaluate.c drives. One file a kind of task:
 * trial_batch.c, trial_talk.c (interactive, communication, two steps); and trial_check.c
 * (checkers), trial_pass.c (problems of several passes, each a run of one of the two kinds before).
 */
#pragma once
#include "graders/judge/checker.h"
#include "graders/judge/evaluate.h"

/* What is carried from one pass to the next (trial_pass.c). */
struct trial_pass {
    bool is_first;
    struct buf input;    /* of every pass but the first: what the validator wrote */
    struct buf feedback; /* the validator's folder, as a tar archive; empty: none yet */
    bool has_next;       /* the validator has asked for another */
};

/* A submission ready to run. Borrowed for the call. */
struct trial {
    struct bench *bench;
    const struct grader_env *env;
    const struct task *task;
    struct program program;
    struct program checker;       /* with task.checker */
    const struct program *others; /* with task.other_checkers */
    struct program group_grader;  /* with task.group_grader */
    struct program manager;       /* with task.manager */
    struct trial_pass *pass;      /* NULL: the test's own input, and no other pass */
    const struct source *outputs; /* TASK_OUTPUT_ONLY: what was submitted */
    int64_t n_outputs;
    int64_t time_ms; /* the limit */
    int64_t wall_ms;
    int64_t kill_ms; /* CPU at which it is stopped: some way above, so that "near" can be told */
};

/* Runs test i and fills outcome, figures and message of *out, and score; texts from *keep. `tmp`
 * holds the outputs. */
MUST_CHECK bool trial_run(const struct trial *t, int64_t i, struct test_run *out,
                          struct test_score *score, struct arena *keep, struct arena tmp,
                          struct err *e);

/* --- parts ---------------------------------------------------------------------------------- */

/* These two leave out->outcome at AC when the run ended well, and then *c is what the checker said.
 */
MUST_CHECK bool trial_batch(const struct trial *t, int64_t i, struct test_run *out, struct check *c,
                            struct arena *keep, struct arena tmp, struct err *e);
MUST_CHECK bool trial_interactive(const struct trial *t, int64_t i, struct test_run *out,
                                  struct check *c, struct arena *keep, struct arena tmp,
                                  struct err *e);
/* One of them, by the task's kind, and as often as the validator asks for. */
MUST_CHECK bool trial_passes(const struct trial *t, int64_t i, struct test_run *out,
                             struct test_score *score, struct arena *keep, struct arena tmp,
                             struct err *e);
MUST_CHECK bool trial_communication(const struct trial *t, int64_t i, struct test_run *out,
                                    struct test_score *score, struct arena *keep, struct arena tmp,
                                    struct err *e);
MUST_CHECK bool trial_two_steps(const struct trial *t, int64_t i, struct test_run *out,
                                struct test_score *score, struct arena *keep, struct arena tmp,
                                struct err *e);
MUST_CHECK bool trial_output_only(const struct trial *t, int64_t i, struct test_run *out,
                                  struct test_score *score, struct arena *keep, struct arena tmp,
                                  struct err *e);

/* The submission as a job: argv and files of the program, limits, environment. input is the host
 * file for its standard input, NULL for none. `more` are argv's last words. */
void trial_job(const struct trial *t, const char *input, const struct str *more, int64_t n_more,
               struct sandbox_job *out, struct arena *keep);

/* A program of the task as a job, with the limits of checkers. */
void trial_task_job(const struct trial *t, const struct program *p, const struct str *args,
                    int64_t n_args, struct sandbox_job *out, struct arena *keep);

/* Adds what a run of the submission used, and how it ended, to *out. The first that did not end
 * well gives the outcome. */
void trial_note(const struct trial *t, const struct sandbox_result *r, struct test_run *out,
                struct arena *keep);

/* The input of this pass, for a job: as its standard input, or as a file for the checker. */
void trial_give_input(const struct trial *t, int64_t i, struct sandbox_job *job);
struct sandbox_file trial_input_file(const struct trial *t, int64_t i);

/* Makes a validator's job start with what it left in its folder in the pass before, and leave it
 * for the next. There is room in *files for one more. */
void trial_keep_feedback(const struct trial_pass *pass, struct sandbox_job *job,
                         struct sandbox_file *files, struct arena *tmp);
/* Takes it, and the next input, from how that job ended. */
MUST_CHECK bool trial_take_pass(struct trial_pass *pass, const struct sandbox_result *r,
                                const struct check *c, struct err *e);

/* Judges `output` of test i: by comparison or by the checkers. */
MUST_CHECK bool trial_check(const struct trial *t, int64_t i, struct str output, struct check *out,
                            struct arena *keep, struct arena tmp, struct err *e);
/* A checker as a job for test i: its own files, the test's, the folders of its protocol. There is
 * room in *files for one more, the output; an interactive validator gets none. */
void trial_place_checker(const struct trial *t, const struct program *checker, int64_t i,
                         struct checker_call *call, struct sandbox_job *job,
                         struct sandbox_file **files, struct arena *tmp);

/* What scores the task's checker may give. */
enum checker_scores trial_scores(const struct task *t);

/* What the task's checker said, of its protocol. */
MUST_CHECK bool trial_read_checker(const struct trial *t, const struct sandbox_result *r,
                                   struct check *out, struct arena *keep, struct err *e);
/* What the task's grader of groups makes of the results of group i (scoring.h). */
MUST_CHECK bool trial_grade(const struct trial *t, int64_t i, const struct group_result *members,
                            int64_t n, struct group_result *out, struct arena tmp, struct err *e);

/* Its answer, read without trust: a code and a finite number, and nothing else. */
MUST_CHECK bool trial_read_grade(struct str said, struct group_result *out, struct err *e);

void trial_take_check(const struct check *c, struct test_run *out, struct test_score *score);
