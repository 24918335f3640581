/* A grading worker without graders: this test program, started again with a marker, answers
 * requests by what is written in the reply. It lets the pool, the run loop and their failures be
 * tested apart from any grader.
 *
 *   contains the key's "answer"  right          "I do not know"  no answer
 *   CRASH  the worker kills itself   HANG  it never answers   NONSENSE  it answers garbage
 *   CRASHONCE  it kills itself unless the file named by the key's "once" exists, which it makes
 *   BROKEN  "could not grade"        anything else  wrong
 *   UNSURE  a question for a model, "Is ... right?" with the reply, when it may ask; "yes" makes it
 *           right, "no" wrong, anything else, or nobody to ask, undecided; TWICE asks twice
 *   ASKALWAYS  a question even where it may not ask
 *
 * The marker is the first argument; what follows is the grader's version (default 1). */
#pragma once

/* argv of a worker for struct grade_pool_config; static storage. */
const char *const *grade_script_argv(int version);
