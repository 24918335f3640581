/* What a run says, as numbers: read from the store, printed by table.c and json.c.
 *
 * Three things are kept apart all the way: a verdict (about the model), a reply that was cut off
 * by the token budget (about the budget), and an item that could not be graded (about us). The
 * headline therefore exists twice: with cut replies counted as wrong, and with them left out.
 * Ungraded replies count in neither, and are shown. */
#pragma once
#include "base/json.h"
#include "harness/stats.h"
#include "harness/store/store.h"

struct tally {
    int64_t n_replies;
    int64_t right, wrong, part, no_answer, undecided; /* verdicts */
    int64_t by_model;                                 /* of these, decided by a judge model */
    int64_t asked;                                    /* undecided although a model was asked */
    int64_t truncated;                                /* never judged */
    int64_t malformed;                                /* never judged, counted as wrong */
    int64_t ungraded;                                 /* our failure: counted nowhere */
    int64_t waiting;                                  /* stored, not judged yet */
};

struct scores {
    struct estimate truncated_wrong;
    struct estimate truncated_out;
};

struct kind_summary {
    struct str name;
    int64_t n_items;
    struct tally tally;
    struct scores scores;
};

enum { PASS_AT_MAX = 16 };

struct pass_at {
    int64_t k;
    struct estimate value; /* over items with at least k scored samples */
};

struct summary {
    struct run_row run;
    int64_t n_asked; /* items x samples */
    struct tally tally;
    struct scores scores;
    struct pass_at pass_at[PASS_AT_MAX]; /* k = 1, 2, 4, ... and the number of samples */
    int64_t n_pass_at;
    const struct kind_summary *kinds; /* in order of first appearance */
    int64_t n_kinds;
    struct str graders; /* "math 1", every version that has a say */
    int64_t n_prompt_tokens;
    int64_t n_thinking_tokens;
    int64_t n_answer_tokens;
    struct judgement_sum judgements; /* a judge model's replies; their tokens count only here */
    struct work_time time;           /* all sessions together */
    struct str trouble;              /* of the first ungraded reply, empty when there is none */
};

MUST_CHECK bool summary_read(struct store *s, struct summary *out, struct arena *keep,
                             struct arena tmp, struct err *e);

/* Output tokens a second over the time the model was at work; 0 when unknown. */
double summary_tokens_per_s(const struct summary *s);
bool summary_is_whole(const struct summary *s); /* every reply is there and was judged */
