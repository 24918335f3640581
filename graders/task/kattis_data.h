/* The two walks over data/, and what they share.
 *
 * Legacy (kattis_legacy.c): every folder is a group, to any depth, and what testdata.yaml leaves
 * out is the group's above it, key by key (as the reference tools do; the text could also be read
 * as "the whole file of the next folder above"). 2025-09 (kattis_later.c): groups are the folders
 * directly under secret, and folders in them only sort files.
 *
 * Tests and groups of a folder are judged in byte order of their names without ending, which the
 * format calls lexicographical order. */
#pragma once
#include "base/yaml.h"
#include "graders/task/kattis.h"

enum { KATTIS_SCORE_MAX = 1000000000 };

/* Settings of a group, from its yaml file. */
struct kattis_config {
    bool breaks;
    enum group_verdict verdict;
    enum group_score score;
    bool accepts_if_any;
    bool ignores_sample;
    bool is_custom;           /* graders/ has the program that says verdict and score */
    struct str *grader_flags; /* as written: the default grader's are in the four above */
    int64_t n_grader_flags;
    double accept_score, reject_score;
    double range_min, range_max;
    struct str *flags; /* of the output validator */
    int64_t n_flags;
    struct str *args; /* of the submission */
    int64_t n_args;
    /* 2025-09 */
    bool has_max; /* else unbounded */
    double max_score;
    const struct yaml *require_pass;
};

struct kattis_settings {
    struct kattis *k;
    struct arena *keep;
    const char *what; /* the file's name */
    struct str group; /* "secret/1" */
    struct kattis_config *c;
};

/* An entry of a folder that is judged. */
struct kattis_item {
    struct str name;        /* without ending */
    const struct entry *in; /* NULL: a group */
    const struct entry *ans;
    const struct entry *folder;
};

/* The settings file of a folder as a map; NULL when there is none. *what: its name, for messages.
 */
MUST_CHECK bool kattis_settings(struct kattis *k, struct str folder, const char *name,
                                const char **what, const struct yaml **out, struct err *e);

/* The one program in graders/, which custom groups need. */
MUST_CHECK bool kattis_need_grader(struct kattis *k, struct err *e);

/* output_validator_flags: a text is flags for whatever validator there is; a map names it too. */
MUST_CHECK bool kattis_validator_flags(const struct kattis_settings *s, const struct yaml *y,
                                       struct err *e);

/* Tests and folders in one folder, in order. An .in without .ans, or the reverse, is ERR_INPUT. */
MUST_CHECK bool kattis_items(struct kattis *k, struct str folder, struct kattis_item **out,
                             int64_t *n, struct err *e);
MUST_CHECK bool kattis_has_any(struct kattis *k, struct str folder, bool *out, struct err *e);
MUST_CHECK bool kattis_need_secret(bool has_secret, struct err *e);
MUST_CHECK bool kattis_check_depth(struct kattis *k, struct str folder, int depth, struct err *e);

/* "data/secret/1" and "a" is the test "secret/1/a". */
struct str kattis_name_of(struct kattis *k, struct str folder, struct str stem);

MUST_CHECK bool kattis_add_test(struct kattis *k, struct str folder, const struct kattis_item *item,
                                const struct kattis_config *c, int64_t *i_test, struct err *e);

MUST_CHECK bool kattis_legacy_data(struct kattis *k, struct err *e);
MUST_CHECK bool kattis_later_data(struct kattis *k, struct err *e);
