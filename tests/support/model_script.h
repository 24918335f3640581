/* A model without weights: replies are a pure function of the ask, so that runs over it can be
 * stopped, resumed and compared. Requests finish out of order, as they do in an engine. */
#pragma once
#include "harness/model.h"

struct script_reply {
    enum reply_end end;
    char content[256];
    char reasoning[64];
};

struct model_script {
    int64_t n_slots;
    int64_t step_us; /* each step takes this long */
    /* NULL: script_mixed. Must depend on the ask's chat and seed alone. */
    void (*reply)(const struct ask *a, struct script_reply *out);
    int64_t fail_at_step; /* > 0: that step is an ERR_DEVICE */
    const char *identity; /* NULL: "script 1" */
};

/* Right, wrong, unanswered, cut and malformed replies, by seed. Right is "\boxed{42}". */
void script_mixed(const struct ask *a, struct script_reply *out);

/* Borrows s. */
void model_script_open(struct model **out, const struct model_script *s);
