/* The steps of bench_compile.c, apart from it: the driver and the judge both have a struct bench.
 */
#pragma once
#include "base/err.h"
#include "graders/terms/language.h"

/* Where a compile's result may come from. */
enum compile_from { COMPILE_COLD, COMPILE_HEADER, COMPILE_FOLDER, COMPILE_PROCESS };

struct compile_steps;

/* Opens a box, asks versions, proves the tool, fills the caches. ERR_UNSUPPORTED: no such tool. */
MUST_CHECK bool compile_steps_open(struct compile_steps **out, enum language l,
                                   enum compile_from from, struct err *e);
MUST_CHECK bool compile_steps_one(struct compile_steps *s, struct err *e);
void compile_steps_close(struct compile_steps *s);
