/* Printing summaries: for people as a page, several side by side as a table, for programs as
 * JSON. Text goes to standard output through a buf, so tests can read it. */
#pragma once
#include "harness/report/summary.h"

void report_page(const struct summary *s, struct buf *out);

/* One row a run. */
void report_table(const struct summary *const *runs, int64_t n, struct buf *out);

void report_json(const struct summary *s, struct json_out *w);

/* On standard output: one run as a page, several as a table, or JSON. */
void report_print(const struct summary *const *runs, int64_t n, bool is_json);

/* The report of an open run on standard output: how `run` and `grade` end. */
MUST_CHECK bool report_print_run(struct store *s, bool is_json, bool *has_ungraded, struct err *e);
