/* How each language is built and run: one row of facts for each, and no decisions.
 *
 * Every command line is made so that no name in it can be read as an option or as a file of options
 * (names come with "./" in front), that nothing but the given files is looked at (no annotation
 * processors, no modules, no start-up files), and that nothing runs at build time. */
#pragma once
#include "graders/judge/compile.h"

enum { RECIPE_FLAGS = 12 };

/* Which files follow the flags on the tool's command line. */
enum recipe_sources {
    RECIPE_ALL,  /* the task's, then the submission's */
    RECIPE_MAIN, /* the main file: the tool, or the program when it runs, finds the others */
    RECIPE_ROOT, /* as RECIPE_ALL, without those in folders */
};

struct recipe {
    const char *name;
    const char *tool;   /* compiles, or checks the syntax */
    const char *runner; /* runs what was made; NULL: it runs itself */
    const char *ending; /* of a file that came without one */
    const char *made;   /* file that the tool leaves; NULL: the source is what runs */
    const char *shell;  /* not NULL: the tool is started by this line of sh, as "$0" "$@" */
    const char *flags[RECIPE_FLAGS];
    const char *style[COMPILE_TASK + 1][4]; /* more flags, by enum compile_style */
    enum recipe_sources sources;
    const char *after[4];           /* flags after the sources */
    const char *run[RECIPE_FLAGS];  /* flags of the runner, before what it runs */
    const char *trivial;            /* a program that any working tool accepts */
    const char *trivial_name;       /* its file */
    enum sandbox_profile compiling; /* profiles in the box */
    enum sandbox_profile running;
    int64_t n_processes;     /* that the runtime needs for itself; 0: none worth mention */
    int64_t memory_more_kib; /* of the runtime, beyond the limit told to it */
};

const struct recipe *recipe_of(enum language l);

/* Limits of a compiler's run. cpu_ms 0: the usual. */
struct sandbox_limits recipe_limits(enum compile_style style, int64_t cpu_ms);

/* Raised when flags, wrappers or the rules of files change: part of every key. */
enum { RECIPE_VERSION = 2 };
