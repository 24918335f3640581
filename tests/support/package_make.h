/* Small contest packages in the test's own folder. */
#pragma once
#include "graders/task/task.h"

/* A fresh folder NAME in support_temp(); static storage, good until the next. */
const char *package_make(const char *name);

/* A file below the folder that package_make gave last; its folders are made. */
void package_put(const char *rel, const char *text);
void package_put_bytes(const char *rel, struct str bytes);
void package_link(const char *rel, const char *target); /* symbolic */
void package_drop(const char *rel);                     /* file or folder */

/* Reads it. Outputs live until the next. */
bool package_reads(struct task *t, struct err *e);

/* Reads it and wants a failure whose text holds `part`. */
void package_is_refused(const char *part);

/* By name; fails the test when there is none. */
const struct task_test *package_test(const struct task *t, const char *name);
const struct task_group *package_group(const struct task *t, const char *name);
const struct task_submission *package_submission(const struct task *t, const char *name);
bool package_notes(const struct task *t, const char *part); /* a note holds it */
