/* An item of the "code" grader, read and checked whole before anything runs: an item that says
 * nonsense is an error that names it, and never a verdict. */
#pragma once
#include "graders/grader.h"
#include "graders/judge/call.h"
#include "graders/judge/checker.h"
#include "graders/terms/compare.h"

struct code_test {
    struct str name;   /* may be empty */
    struct str input;  /* a call's: its arguments, JSON */
    struct str answer; /* a call's: its result, JSON */
};

struct code_task {
    enum language language;
    struct sandbox_limits limits; /* of the submission, as told to it */
    struct compare_rule compare;
    bool has_call;
    struct call call;
    enum checker_protocol protocol; /* CHECKER_NONE: compare decides */
    enum language checker_language;
    const struct source *checker_files; /* [0] is the program, headers follow */
    int64_t n_checker_files;
    const struct code_test *tests;
    int64_t n_tests;
    bool is_fraction; /* "score": "fraction" */
    char tests_sha256[65];
    char checker_sha256[65]; /* empty without a checker */
};

/* Texts are borrowed from the item, or from *keep. */
MUST_CHECK bool code_task_read(const struct json *key, const struct json *definition,
                               struct code_task *out, struct arena *keep, struct arena tmp,
                               struct err *e);
