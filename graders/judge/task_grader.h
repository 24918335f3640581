/* Grader "task": a submission against the task of a contest, in whatever format (task.h).
 *
 * Item      {"task": "folder of the task",
 *            "language": "cpp"            (when nothing else tells; optional)
 *            one of, or none:
 *            "submission": "solution/x.cpp"   an annotated submission of the package, by its name
 *            "path": "FILE or FOLDER"         a file of this machine
 *            "files": [{"name": "x.cpp", "text": "..."}],
 *            "all": true                  run every test, even where a score is settled
 *            "time_ms": 1000              in place of the task's limit
 *            "time_scale": 1.5}           of the limit
 *
 * With none of them the submission is the reply's last fenced block. RIGHT is full score, PART some
 * of it. The evidence holds every test, every group, and the hashes of all that took part. */
#pragma once
#include "graders/grader.h"

extern const struct grader grader_task;

/* Forgets the task read last: for tests, and for a worker that ends. */
void task_grader_close(void);
