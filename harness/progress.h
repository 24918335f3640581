/* The line on standard error that says how a run is going: redrawn on a terminal, one line a
 * minute elsewhere. Never on standard output, where the results go. */
#pragma once
#include <stdint.h>

#include "base/str.h"

struct progress {
    struct str name;
    int64_t n_total;
    int64_t n_before; /* were done when this session began */
    int64_t n_done;
    bool has_no_score; /* nothing that is done has one */
    int64_t n_scored;
    double score_sum;
    int64_t n_tokens; /* out, this session; none: no speed is shown */
    double model_s;   /* generating them */
    int64_t n_ungraded;
    /* kept here */
    bool is_quiet;
    bool is_terminal;
    int64_t started_ns;
    int64_t shown_ns;
};

/* is_quiet: nothing is ever shown. */
void progress_begin(struct progress *p, bool is_quiet);
void progress_show(struct progress *p); /* as often as one likes: it draws when it is time */
void progress_end(struct progress *p);

/* "2:05", "1:02:03"; for estimates and reports. Writes to out, returns it. */
const char *progress_time(double seconds, char out[32]);
