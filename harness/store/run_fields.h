/* struct run_row as named values: one table from which it is written, read and compared. */
#pragma once
#include "harness/store/sql.h"
#include "harness/store/store.h"

MUST_CHECK bool run_fields_write(const struct sql *s, const struct run_row *run, struct err *e);
MUST_CHECK bool run_fields_read(const struct sql *s, struct run_row *out, struct arena *keep,
                                struct err *e);

/* Appends "temperature is 1 there, 0.7 here; ..." for every field that makes a run this run and
 * differs. Appends nothing when they are the same run. */
void run_fields_differ(const struct run_row *there, const struct run_row *here, struct buf *out);
