/* Kattis and ICPC problem packages, of both generations: "legacy" (and legacy-icpc, or nothing
 * said), and 2023-07-draft and 2025-09.
 *
 * kattis_problem.c reads problem.yaml and the time limits beside it, kattis_data.h the folders of
 * tests with testdata.yaml or test_group.yaml, kattis_submissions.c what submissions/ expects.
 * Where the two generations say different things, `version` decides, and each place says so.
 *
 * Not judged, and refused by name: static validators, submit-answer (the format does not say how
 * the answers are named), constants, and several output validators where the format does not say
 * which of them has the word (interactive, several passes, scores, flags for one of them). */
#pragma once
#include "graders/task/maker.h"

enum kattis_version { KATTIS_LEGACY, KATTIS_2023, KATTIS_2025 };

/* problem.yaml, with the format's defaults filled in. */
struct kattis_problem {
    enum kattis_version version;
    struct str title;
    bool is_scoring;
    bool is_interactive;
    bool is_multi_pass;
    bool has_custom_validator; /* legacy: said so; later: not said, the folder decides */
    bool validator_scores;     /* legacy: custom score */
    struct str *flags;         /* legacy validator_flags */
    int64_t n_flags;
    double time_limit; /* seconds; 0: not given */
    double time_multiplier;
    double safety_margin;
    double time_step;
    int64_t memory_mib;
    int64_t output_mib;
    int64_t code_kib;
    int64_t compile_s;
    int64_t validation_s;
    int64_t validation_memory_mib;
    int64_t validation_output_mib;
    int64_t n_passes;
    const struct yaml *grading; /* legacy: defaults for data/testdata.yaml; NULL: none */
    struct str *ignored;        /* legacy keys that nothing here reads, for a note */
    int64_t n_ignored;
};
MUST_CHECK bool kattis_problem_parse(struct str text, struct kattis_problem *out,
                                     struct arena *keep, struct err *e);

/* "timelimit = 3" of domjudge-problem.ini; 0 when it has none. */
MUST_CHECK bool kattis_ini_parse(struct str text, double *time_limit, struct err *e);

/* Words of a text, split at white space, appended. */
void kattis_words(struct str text, struct str **words, int64_t *n, struct arena *keep);

/* What a reader needs while it works. */
struct kattis {
    struct maker m;
    struct kattis_problem problem;
    bool has_validator;
    bool has_several_validators;
    struct str validator; /* its name, for testdata.yaml */
};

/* data/ into tests and groups. */
MUST_CHECK bool kattis_data(struct kattis *k, struct err *e);

/* submissions/ into submissions with expectations; groups and tests must be there. */
MUST_CHECK bool kattis_submissions(struct kattis *k, struct err *e);

/* A glob of submissions.yaml: "*" within a component, {a,b}; it matches a name or one of the
 * folders above it. Patterns with ** or [ are refused before (kattis_glob_check). */
bool kattis_glob(struct str pattern, struct str name);
bool kattis_glob_check(struct str pattern, const char **why);

/* Reads the package into *out, whole or not at all. */
MUST_CHECK bool kattis_read(struct package *p, struct task *out, struct err *e);
