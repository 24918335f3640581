/* Which files go into a compiler's box, under which names, and which of them the tool is told.
 *
 * Names in submissions are foreign text. A name that would leave the box's folder, or that cannot
 * be written in one line, is CE with a reason; so is a file that is already compiled, since what is
 * in it nobody has read. The same faults in the task's own files are an err: the task is broken.
 * Where both have a file of one name, the task's stands. */
#pragma once
#include "graders/judge/recipe.h"

enum { PLAN_FILES_MAX = 512 };

struct plan {
    const struct recipe *how;
    const struct sandbox_file *files; /* texts borrowed from compile_in, names from *keep */
    int64_t n_files;
    const struct str *sources; /* as the tool is told them, in order */
    int64_t n_sources;
    struct str main;    /* where the program begins, as the runner is told it; Java: a guess */
    struct str why_not; /* not empty: CE without asking the tool */
};

MUST_CHECK bool plan_files(const struct compile_in *in, struct plan *out, struct arena *keep,
                           struct err *e);

/* Whether the name can stand in the box: relative, without "." or ".." or empty parts, printable.
 */
bool plan_name_is_safe(struct str name);
