/* The drivers that call a submission's function, one per family of languages: their texts, what is
 * compiled with them, and how they are started. */
#pragma once
#include "graders/judge/compile.h"

enum driver { DRIVER_NONE, DRIVER_PYTHON, DRIVER_JAVASCRIPT, DRIVER_CPP, DRIVER_JAVA };
enum driver driver_of(enum language l);

/* What is compiled: an interpreter's submission as it is, a compiled one with its driver. */
void driver_compile_in(enum driver d, struct str class_name, struct str method, struct str source,
                       struct compile_in *in, struct arena *keep);

/* The file that is placed beside the program, for interpreters. Returns how many: 0 or 1. */
int64_t driver_file(enum driver d, struct sandbox_file *out);

/* How it is started, from how the program would be. */
void driver_argv(enum driver d, const struct program *p, struct sandbox_job *job,
                 struct arena *keep);
