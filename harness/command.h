/* Every subcommand, one function each. `c` holds the words after the command's name; on true the
 * process ends with *rc, on false with one line made of *e. Their names, options and output are
 * relied on by other programs. */
#pragma once
#include "harness/cli.h"

#define PODIUM_VERSION "0.1.0"

MUST_CHECK bool command_encode(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_parse(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_tokenize(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_logits(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_trace(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_generate(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_chat(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_run(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_grade(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_report(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_answer(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_judge(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_verify(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_suites(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_box(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_bench(struct cli *c, int *rc, struct err *e);
MUST_CHECK bool command_checkup(struct cli *c, int *rc, struct err *e);
