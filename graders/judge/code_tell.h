/* How the tests of a program went, and the evidence of it. */
#pragma once
#include "graders/judge/code_task.h"
#include "graders/judge/timed.h"

/* Only what the evidence shows is kept; outputs may be large. */
struct code_row {
    enum outcome outcome;
    double score; /* 1 for AC, a checker's for PC, else 0 */
    struct timed timed;
    struct sandbox_result r; /* numbers only, and isolation and accounting */
    struct str stderr_head;
    struct difference d; /* WA by comparison */
    struct str message;  /* a checker's, or why a call's result was not taken */
    struct str got;      /* a call's result, cut */
};

/* JSON object; rows NULL when the program did not compile. checker NULL: none. */
struct str code_tell(const struct grader_env *env, const struct bench *b, const struct code_task *t,
                     const struct program *p, const struct program *checker, struct str source,
                     const struct code_row *rows, struct arena *keep);
